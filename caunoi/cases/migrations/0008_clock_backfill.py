"""Cases opened before each kind had its own deadline follow their kind's row from now on; what was promised stays."""

from django.db import migrations

ROWS = {
    "voter_petition": "voter.answer",
    "complaint": "complaint.accept",
    "denunciation": "denunciation.accept",
    "tip_off": "tip_off.handover",
    "emergency": "emergency.first",
}


def fill(apps, schema_editor):
    case = apps.get_model("cases", "Case")
    for kind, code in ROWS.items():
        case.objects.filter(kind=kind).update(deadline_code=code)


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_clock"), ("deadlines", "0002_first_table")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
