"""The order in which sends were queued."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [migrations.RunSQL("CREATE SEQUENCE outbox_seq", "DROP SEQUENCE outbox_seq")]
