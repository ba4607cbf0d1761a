"""Whether a line's names and words were erased when their time was over; a constant, so a table of millions takes it at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("statements", "0002_search_and_sums")]
    operations = [
        migrations.AddField(
            model_name="bankline",
            name="forgotten",
            field=models.BooleanField(default=False, db_default=False),
        )
    ]
