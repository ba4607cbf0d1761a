"""Cases opened before kinds were told apart: the kind is what made them not public, else a question."""

from django.db import migrations

BATCH = 5_000


def fill(apps, schema_editor):
    case = apps.get_model("cases", "Case")
    for word in ("complaint", "denunciation", "tip_off", "emergency"):
        wrong = case.objects.filter(sensitive=word).exclude(kind=word)
        while ids := list(wrong.values_list("pk", flat=True)[:BATCH]):
            case.objects.filter(pk__in=ids).update(kind=word)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_kind")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
