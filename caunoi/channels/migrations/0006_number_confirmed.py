from django.db import migrations, models
from django.db.models import F


def say_yes(apps, schema_editor):
    """Whoever stands on a list was written down by an officer who said that she had asked."""
    apps.get_model("channels", "ListedNumber").objects.update(confirmed_at=F("asked_at"))


class Migration(migrations.Migration):
    dependencies = [("channels", "0005_listed_number")]

    operations = [
        migrations.AddField("listednumber", "confirmed_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "listednumber", "code_hash", models.BinaryField(max_length=32, null=True)
        ),
        migrations.AddField("listednumber", "wrong_codes", models.SmallIntegerField(default=0)),
        migrations.RunPython(say_yes, migrations.RunPython.noop),
    ]
