"""How much money came for a need is read from an index of the few lines that name one."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_account_whole"), ("statements", "0003_forgotten")]
    operations = [
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(
                condition=Q(need__isnull=False),
                fields=["need"],
                include=("amount", "state", "gift"),
                name="bank_lines_of_need",
            ),
        )
    ]
