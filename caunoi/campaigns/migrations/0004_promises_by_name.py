"""A part of a giver's name is found by an index."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models import F, Func


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_who_may_launch")]
    operations = [
        migrations.AddIndex(
            model_name="gift",
            index=GinIndex(
                OpClass(Func(F("giver"), function="vi_fold"), name="gin_trgm_ops"),
                name="gifts_by_name",
            ),
        ),
    ]
