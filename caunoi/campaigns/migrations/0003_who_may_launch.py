"""Who may launch a campaign, why one was sent back or ended early, and finding one by its title."""

from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

EVER = date(2021, 12, 11)
DECREE = "Nghị định 93/2021/NĐ-CP Đ6 (hiệu lực 11/12/2021)"
POOR = "Quyết định 1198/QĐ-MTTW-ĐCT ngày 29/12/2016, quy chế của tỉnh"
OWN = "Quy định của tỉnh; sửa cho đúng văn bản của địa phương"
FIRST = [
    ("relief", "province", "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh", DECREE, "verified"),
    ("relief", "commune", "", DECREE + ": cấp xã chia sẻ lời kêu gọi của tỉnh", "verified"),
    ("poor", "province", "Ban Vận động Quỹ “Vì người nghèo” tỉnh", POOR, "verified"),
    ("poor", "commune", "Ban Vận động Quỹ “Vì người nghèo” xã", POOR, "verified"),
    ("houses", "province", "Ban Chỉ đạo xóa nhà tạm, nhà dột nát tỉnh", OWN, "remembered-uncertain"),
    ("houses", "commune", "Ban Chỉ đạo xóa nhà tạm, nhà dột nát xã", OWN, "remembered-uncertain"),
    ("other", "province", "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh", OWN, "remembered-uncertain"),
    ("other", "commune", "Ban Thường trực Ủy ban MTTQ Việt Nam xã", OWN, "remembered-uncertain"),
]


def load(apps, schema_editor):
    rule = apps.get_model("campaigns", "LaunchRule")
    for kind, level, body, source, status in FIRST:
        rule.objects.get_or_create(
            kind=kind, level=level, valid_from=EVER, defaults={"body": body, "source": source, "status": status}
        )


class Migration(migrations.Migration):
    dependencies = [
        ('campaigns', '0002_nothing_after_the_end'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name='campaign',
            name='ended_because',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='campaign',
            name='folded',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('title'), function='vi_fold'), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='campaign',
            name='sent_back_because',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.CreateModel(
            name='LaunchRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('level', models.CharField(max_length=10)),
                ('valid_from', models.DateField()),
                ('body', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(max_length=200)),
                ('status', models.CharField(blank=True, max_length=30)),
                ('entered_at', models.DateTimeField(null=True)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'level', 'valid_from'), name='launch_rule_once_a_day'), models.CheckConstraint(condition=models.Q(('kind__in', ['relief', 'poor', 'houses', 'other'])), name='launch_rule_kind_known'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='launch_rule_has_a_source')],
            },
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
