"""The steps a desk adds to the timeline of a case."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_extension_code'),
        ('units', '0003_paths_as_ranges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='step',
            name='case_step_known',
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'more', 'referred', 'assigned', 'note', 'submitted', 'returned', 'answered', 'closed', 'reopened', 'kind_changed', 'accepted', 'asked', 'resumed', 'extended', 'deadline', 'handed_over', 'moved', 'edited', 'removed', 'topic', 'snoozed', 'merged', 'split'])), name='case_step_known'),
        ),
    ]
