"""The first deadline table; afterwards the province edits it."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "deadlines.csv"


def load(apps, schema_editor):
    deadline = apps.get_model("cases", "Deadline")
    with DATA.open(encoding="utf-8") as lines:
        rows = [deadline(**row) for row in csv.DictReader(lines)]
    deadline.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
