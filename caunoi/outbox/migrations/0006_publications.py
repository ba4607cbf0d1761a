"""One content for many channels, sends that wait at a person, and who declared them."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0003_quota_use'),
        ('outbox', '0005_replayed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Content',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('text', models.TextField(blank=True)),
                ('link', models.CharField(blank=True, max_length=400)),
                ('language', models.CharField(default='vi', max_length=10)),
                ('picture_refs', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Pace',
            fields=[
                ('connector_key', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('tokens', models.FloatField(default=0)),
                ('filled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='outboundmessage',
            name='outbox_state_known',
        ),
        migrations.AddField(
            model_name='outboundmessage',
            name='declared_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='outboundmessage',
            name='declared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='outboundmessage',
            name='text',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='outboundmessage',
            name='content',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sends', to='outbox.content'),
        ),
        migrations.AddIndex(
            model_name='outboundmessage',
            index=models.Index(condition=models.Q(('state', 'handed')), fields=['channel', 'created_at'], name='outbox_handed'),
        ),
        migrations.AddConstraint(
            model_name='outboundmessage',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'confirmed', 'failed', 'uncertain', 'dead', 'cancelled', 'handed'])), name='outbox_state_known'),
        ),
        migrations.AddConstraint(
            model_name='outboundmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declared_at', None), ('declared_by', None)), models.Q(('declared_at__isnull', False), ('declared_by__isnull', False)), _connector='OR'), name='outbox_declared_by_somebody'),
        ),
    ]
