"""What a person decided to hide from the public."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_merges'),
        ('handling', '0003_writing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='redaction', serialize=False, to='cases.case')),
                ('question_print', models.CharField(max_length=64)),
                ('question_marks', models.JSONField(default=list)),
                ('answer_print', models.CharField(max_length=64)),
                ('answer_marks', models.JSONField(default=list)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
