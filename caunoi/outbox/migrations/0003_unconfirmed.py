"""Sends that no echo and no receipt confirmed within three days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_attempts_stay")]
    operations = [
        migrations.AddField("outboundmessage", "unconfirmed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "outboundmessage",
            models.Index(
                fields=["sent_at"],
                name="outbox_unconfirmed",
                condition=models.Q(("state", "sent"), ("unconfirmed_at", None)),
            ),
        ),
    ]
