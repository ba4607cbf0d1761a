"""The first deadline table was loaded here; it moved to the room deadlines (0006)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = []
