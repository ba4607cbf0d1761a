"""How many sends of a kind a channel has used in a day or month."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_upkeep")]
    operations = [
        migrations.CreateModel(
            name="QuotaUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("period_start", models.DateField()),
                ("used", models.IntegerField(default=0)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quota_uses",
                        to="channels.channel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "kind", "period_start"), name="channel_quota_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used__gte", 0)), name="channel_quota_not_negative"
                    ),
                ],
            },
        ),
    ]
