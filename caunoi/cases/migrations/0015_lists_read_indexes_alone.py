"""Pages look through the nearest cases in the indexes alone: unit and kind stand in them too."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_merges'),
        ('units', '0003_paths_as_ranges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='cases_unfinished_by_age',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_newest',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_of_unit_newest',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_by_deadline',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['open', 'referred', 'drafted', 'submitted'])), fields=['opened_at', 'id'], include=('owner', 'kind'), name='cases_unfinished_by_age'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('opened_at'), descending=True), models.F('id'), include=('owner', 'kind'), name='cases_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.F('owner'), models.OrderBy(models.F('opened_at'), descending=True), models.F('id'), include=('due_at', 'kind'), name='cases_of_unit_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['due_at', 'id'], include=('owner', 'kind'), name='cases_by_deadline'),
        ),
    ]
