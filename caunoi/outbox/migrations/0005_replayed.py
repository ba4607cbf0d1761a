"""When a send was begun anew by a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_confidential")]
    operations = [
        migrations.AddField("outboundmessage", "replayed_at", models.DateTimeField(null=True)),
    ]
