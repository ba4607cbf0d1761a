"""The board of workload and the topic filter read the indexes of what waits alone; what was asked again is found by its day."""

from django.db import migrations, models

UNFINISHED = models.Q(state__in=["open", "referred", "drafted", "submitted"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_on_behalf")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="cases_unfinished"),
        migrations.RemoveIndex(model_name="case", name="cases_unfinished_of_unit"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=UNFINISHED,
                fields=["due_at", "id"],
                include=(
                    "owner",
                    "state",
                    "assignee",
                    "snoozed_until",
                    "kind",
                    "topic",
                    "opened_at",
                ),
                name="cases_unfinished",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=UNFINISHED,
                fields=["owner", "due_at", "id"],
                include=("state", "assignee", "snoozed_until", "kind", "topic", "opened_at"),
                name="cases_unfinished_of_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(reopened_at__isnull=False),
                fields=["reopened_at"],
                include=("owner", "kind", "topic"),
                name="cases_reopened",
            ),
        ),
    ]
