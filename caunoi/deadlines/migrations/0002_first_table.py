"""The first table of deadlines; afterwards the province edits it."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "deadlines.csv"
EVER = date(2000, 1, 1)
NUMBERS = ("amount", "extensions", "extension_amount", "soon_days")


def load(apps, schema_editor):
    deadline = apps.get_model("deadlines", "Deadline")
    version = apps.get_model("deadlines", "DeadlineVersion")
    with DATA.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            made, _ = deadline.objects.get_or_create(
                code=row["code"],
                defaults={"label_vi": row["label_vi"], "counted_from": row["counted_from"]},
            )
            version.objects.get_or_create(
                deadline=made,
                valid_from=EVER,
                defaults={n: int(row[n]) for n in NUMBERS}
                | {n: row[n] for n in ("unit", "source", "status")},
            )


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
