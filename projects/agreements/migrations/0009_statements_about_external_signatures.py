from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0008_challenge_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="externalsignature",
            name="statements",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
