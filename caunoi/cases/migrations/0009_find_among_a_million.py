"""Lists, counts and search over a million cases: folded words instead of trigrams, and indexes that fit each view."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_clock_backfill'),
        ('kit', '0005_words_of_a_text'),
        ('units', '0003_paths_as_ranges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='cases_unfinished_of_unit',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_unfinished',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_of_unit_by_state',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_by_opened_unit',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_assigned',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_search',
        ),
        migrations.RemoveField(
            model_name='case',
            name='folded',
        ),
        migrations.AddField(
            model_name='case',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=models.Func(django.db.models.functions.text.Concat(models.F('number'), models.Value(' '), models.F('title'), models.Value(' '), models.F('text'), output_field=models.TextField()), function='vi_words'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AlterField(
            model_name='case',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='units.unit'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['open', 'referred', 'drafted', 'submitted'])), fields=['due_at', 'id'], include=('owner', 'state', 'assignee', 'snoozed_until', 'kind'), name='cases_unfinished'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['open', 'referred', 'drafted', 'submitted'])), fields=['owner', 'due_at', 'id'], include=('state', 'assignee', 'snoozed_until', 'kind'), name='cases_unfinished_of_unit'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['open', 'referred', 'drafted', 'submitted'])), fields=['opened_at', 'id'], name='cases_unfinished_by_age'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('opened_at'), descending=True), models.F('id'), include=('owner',), name='cases_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.F('owner'), models.OrderBy(models.F('opened_at'), descending=True), models.F('id'), name='cases_of_unit_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['due_at', 'id'], include=('owner',), name='cases_by_deadline'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('answered_at'), descending=True), models.F('id'), condition=models.Q(('state__in', ['answered', 'closed'])), include=('owner', 'kind'), name='cases_answered'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['open', 'referred', 'drafted', 'submitted'])), fields=['assignee', 'due_at', 'id'], name='cases_assigned'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words', 'topic', 'origin', 'kind'], name='cases_find'),
        ),
    ]
