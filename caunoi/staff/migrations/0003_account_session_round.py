"""A number every session carries, so that all sessions of a person can be ended at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_sealed_officer")]
    operations = [
        migrations.AddField(
            model_name="account",
            name="session_round",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
