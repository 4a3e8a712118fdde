import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("agreements", "0009_statements_about_external_signatures"),
        ("files", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("event", models.UUIDField(unique=True)),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PdfToSign",
            fields=[
                (
                    "text",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="pdf_to_sign",
                        serialize=False,
                        to="agreements.textversion",
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="addressee",
            name="ended_why",
            field=models.CharField(blank=True, max_length=500, verbose_name="why no longer"),
        ),
        migrations.AddField(
            model_name="confirmation",
            name="approval",
            field=models.CharField(blank=True, max_length=500, verbose_name="approval, and where it is written"),
        ),
        migrations.AlterField(
            model_name="confirmation",
            name="mandate",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.mandate"
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mandate__isnull", False), models.Q(("approval", ""), _negated=True), _connector="OR"
                ),
                name="confirmation_rests_on_something",
            ),
        ),
        migrations.AddField(
            model_name="orderchange",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="orderchange",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="orderchange",
            name="text",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="order_changes", to="agreements.textversion"
            ),
        ),
        migrations.AddField(
            model_name="pdftosign",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderchange",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'evidence is final: % on %', TG_OP, TG_TABLE_NAME;",
                    hash="21f3cc2d6a567579809d54971d35c7788bc0e313",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_written_once_49e4f",
                    table="agreements_orderchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderchange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'evidence is final: % on %', TG_OP, TG_TABLE_NAME;",
                    hash="d21a3f4b0e529aca1687a225aa9816c96c59aded",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_1b507",
                    table="agreements_orderchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pdftosign",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'evidence is final: % on %', TG_OP, TG_TABLE_NAME;",
                    hash="6e699053bed14a3314f79366ed0c550c75280cfa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_written_once_54254",
                    table="agreements_pdftosign",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pdftosign",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'evidence is final: % on %', TG_OP, TG_TABLE_NAME;",
                    hash="cc969fea3916e21e8e003a7d3ffd31743540ef86",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_9e7dc",
                    table="agreements_pdftosign",
                    when="BEFORE",
                ),
            ),
        ),
    ]
