"""Names are looked up by their beginning first: a common name costs no more than a rare one."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0003_paths_as_ranges'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='unitversion',
            name='unit_folded',
        ),
        migrations.RemoveIndex(
            model_name='unitversion',
            name='unit_level_order',
        ),
        migrations.AddField(
            model_name='unitversion',
            name='folded_name',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('name'), function='vi_fold'), output_field=models.TextField(db_collation='C')),
        ),
        migrations.AddIndex(
            model_name='unitversion',
            index=models.Index(fields=['folded_name', 'level'], name='unit_by_name'),
        ),
        migrations.AddIndex(
            model_name='unitversion',
            index=django.contrib.postgres.indexes.GinIndex(models.F('level'), django.contrib.postgres.indexes.OpClass(models.F('folded_name'), name='gin_trgm_ops'), name='unit_name_parts'),
        ),
        migrations.AddIndex(
            model_name='unitversion',
            index=models.Index(fields=['level', 'sort_key'], include=('valid',), name='unit_level_order'),
        ),
    ]
