"""What is being typed, who is here, who is named in a note."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_merges'),
        ('handling', '0002_runs_and_canned_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.step')),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-at'], name='handling_mentions_of_person'), models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['account', 'case'], name='handling_mentions_waiting')],
                'constraints': [models.UniqueConstraint(fields=('step', 'account'), name='handling_mention_once')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('doing', models.CharField(max_length=7)),
                ('until', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['until'], name='handling_presence_over')],
                'constraints': [models.UniqueConstraint(fields=('case', 'account'), name='handling_presence_once'), models.CheckConstraint(condition=models.Q(('doing__in', ['reading', 'writing'])), name='handling_doing_known')],
            },
        ),
        migrations.CreateModel(
            name='Scratch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=6)),
                ('text', models.TextField()),
                ('agency', models.CharField(blank=True, max_length=160)),
                ('version', models.IntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-saved_at'], name='handling_scratches_mine')],
                'constraints': [models.UniqueConstraint(fields=('case', 'account', 'field'), name='handling_scratch_once'), models.CheckConstraint(condition=models.Q(('field__in', ['answer', 'note'])), name='handling_field_known')],
            },
        ),
    ]
