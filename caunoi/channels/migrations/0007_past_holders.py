"""Which unit held a channel before it was passed on: proof of what was sent before stays with it."""

from django.db import migrations, models
from django.db.models import CASCADE, PROTECT


class Migration(migrations.Migration):
    dependencies = [("channels", "0006_number_confirmed"), ("units", "0005_ended_versions")]
    operations = [
        migrations.CreateModel(
            name="PastHolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="past_holders", to="channels.channel"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "until"), name="channel_held_by_one"
                    )
                ]
            },
        )
    ]
