"""From now on the database keeps kind and secrecy together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_kind_backfill")]
    operations = [
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['question', 'report', 'petition', 'voter_petition', 'complaint', 'denunciation', 'tip_off', 'emergency'])), name='case_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['question', 'report', 'petition', 'voter_petition']), ('sensitive', '')), models.Q(('kind__in', ['complaint', 'denunciation', 'tip_off', 'emergency']), ('sensitive', models.F('kind'))), _connector='OR'), name='case_sensitive_follows_kind'),
        ),
    ]
