"""The first list of topics; afterwards the province edits it."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "topics.csv"


def load(apps, schema_editor):
    topic = apps.get_model("routing", "Topic")
    with DATA.open(encoding="utf-8") as lines:
        rows = [
            topic(
                code=row["code"],
                name=row["name"],
                position=int(row["position"]),
                keywords=row["keywords"].replace("|", "\n"),
            )
            for row in csv.DictReader(lines)
        ]
    topic.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
