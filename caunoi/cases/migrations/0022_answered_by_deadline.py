"""What was answered lately is put in the order of deadline or age without reading the table."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_workload_reads_indexes_alone")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="cases_answered"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("answered_at").desc(),
                F("id"),
                condition=Q(state__in=["answered", "closed"]),
                include=("owner", "kind", "due_at", "opened_at"),
                name="cases_answered",
            ),
        ),
    ]
