"""What was handed in beside the words is kept, so that an approver is shown what changed since."""

import django.db.models.deletion
from django.db import migrations, models

REFUSE = """
CREATE TRIGGER notices_handings_stay BEFORE UPDATE OR DELETE ON notices_handedin
    FOR EACH ROW EXECUTE FUNCTION notices_stay();
"""
UNDO = "DROP TRIGGER notices_handings_stay ON notices_handedin;"


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_video")]
    operations = [
        migrations.CreateModel(
            name="HandedIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("around", models.JSONField()),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handings",
                        to="notices.notice",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["notice", "-at"], name="notice_handings")]},
        ),
        migrations.RunSQL(REFUSE, UNDO),
    ]
