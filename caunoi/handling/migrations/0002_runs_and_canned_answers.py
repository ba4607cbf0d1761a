"""Things done to many cases at once, and canned answers."""

import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0011_desk_steps'),
        ('handling', '0001_saved_views'),
        ('units', '0003_paths_as_ranges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('do', models.CharField(max_length=8)),
                ('params', models.JSONField(default=dict)),
                ('query', models.CharField(blank=True, max_length=500)),
                ('state', models.CharField(default='chosen', max_length=8)),
                ('made_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='todo', max_length=8)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('before', models.JSONField(default=dict)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='handling.bulkrun')),
            ],
        ),
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('shortcut', models.SlugField(max_length=30)),
                ('text', models.TextField()),
                ('topic', models.CharField(blank=True, max_length=40)),
                ('is_active', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
                ('folded', models.GeneratedField(db_persist=True, expression=models.Func(django.db.models.functions.text.Concat(models.F('shortcut'), models.Value(' '), models.F('title'), output_field=models.TextField()), function='vi_fold'), output_field=models.TextField())),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
        ),
        migrations.AddIndex(
            model_name='bulkrun',
            index=models.Index(fields=['account', '-made_at'], name='handling_runs_of_person'),
        ),
        migrations.AddConstraint(
            model_name='bulkrun',
            constraint=models.CheckConstraint(condition=models.Q(('do__in', ['assign', 'refer', 'topic', 'snooze', 'close', 'answer'])), name='handling_run_do_known'),
        ),
        migrations.AddConstraint(
            model_name='bulkrun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['chosen', 'planned', 'running', 'done', 'undone'])), name='handling_run_state_known'),
        ),
        migrations.AddIndex(
            model_name='bulkitem',
            index=models.Index(fields=['run', 'state'], name='handling_items_of_run'),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.UniqueConstraint(fields=('run', 'case'), name='handling_item_once'),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['todo', 'left_out', 'done', 'failed', 'undone', 'kept'])), name='handling_item_state_known'),
        ),
        migrations.AddConstraint(
            model_name='cannedanswer',
            constraint=models.UniqueConstraint(fields=('unit', 'shortcut'), name='handling_shortcut_once'),
        ),
    ]
