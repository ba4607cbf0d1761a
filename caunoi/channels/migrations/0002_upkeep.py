"""When a page last posted and up to when everything said on it is known; words to those in charge."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = ["reconnect", "token_ends", "silent", "deaf", "dead", "stuck", "uncertain"]


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]
    operations = [
        migrations.AddField("channel", "last_posted_at", models.DateTimeField(null=True)),
        migrations.AddField("channel", "caught_up_until", models.DateTimeField(null=True)),
        migrations.AddField("channel", "catch_up_due_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("slot", models.DateTimeField()),
                ("count", models.IntegerField(default=1)),
                ("raised_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="channels.channel"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["raised_at"],
                        name="channel_alerts_to_mail",
                        condition=models.Q(("mailed_at", None)),
                    ),
                    models.Index(fields=["channel", "-raised_at"], name="channel_alerts"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "kind", "slot"), name="channel_alert_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", KINDS)), name="channel_alert_known"
                    ),
                ],
            },
        ),
    ]
