from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0007_slots_leave_the_plan"),
    ]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="challenge_sha256",
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
    ]
