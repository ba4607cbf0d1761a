"""What finds a published answer by the words of its question."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("answers", "0001_initial")]

    operations = [
        CreateExtension("intarray"),
        migrations.CreateModel(
            name="IndexMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lists", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="TermCount",
            fields=[
                ("term", models.IntegerField(primary_key=True, serialize=False)),
                ("texts", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="IndexedQuestion",
            fields=[
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="indexed",
                        serialize=False,
                        to="answers.publishedanswer",
                    ),
                ),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            models.F("terms"), name="gin__int_ops"
                        ),
                        name="answers_by_terms",
                    )
                ],
            },
        ),
    ]
