"""A whole file can be taken back; an account's being for one campaign only changes by day; a transfer goes back in parts.

What an undone line added to the sums the database takes off again, once; an undone line stays so.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

MAKE = """
CREATE FUNCTION statements_take_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE statements_total t SET lines = t.lines - u.n, credits = t.credits - u.credits, debits = t.debits - u.debits
        FROM (SELECT a.account_id, count(*) AS n, coalesce(sum(a.amount) FILTER (WHERE a.amount > 0), 0) AS credits,
                coalesce(-sum(a.amount) FILTER (WHERE a.amount < 0), 0) AS debits
            FROM after_it a JOIN before_it b ON b.id = a.id
            WHERE a.state = 'undone' AND b.state <> 'undone' GROUP BY a.account_id) u
        WHERE t.account_id = u.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER statements_take_off AFTER UPDATE ON statements_bankline
    REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION statements_take_off();
CREATE TRIGGER statements_undone_stays BEFORE UPDATE OF state ON statements_bankline
    FOR EACH ROW WHEN (OLD.state = 'undone' AND NEW.state <> 'undone') EXECUTE FUNCTION statements_refuse_change();
"""
UNDO = """
DROP TRIGGER statements_undone_stays ON statements_bankline; DROP TRIGGER statements_take_off ON statements_bankline;
DROP FUNCTION statements_take_off();
"""
FILE_STATES = ["uploaded", "checking", "checked", "running", "done", "failed", "undoing", "undone"]
LINE_STATES = ["matched", "unmatched", "fee", "refund", "ignored", "undone"]
PERSON = {"on_delete": django.db.models.deletion.PROTECT, "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("statements", "0005_letters"),
    ]
    operations = [
        migrations.CreateModel(
            name="SoleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sole", models.BooleanField()),
                ("since", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sole_changes", to="statements.bankaccount")),
                ("by", models.ForeignKey(related_name="+", **PERSON)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["account", "since"], name="sole_change_once_a_day")]},
        ),
        migrations.CreateModel(
            name="Undoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("posted", models.IntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("refused", models.BooleanField(default=False)),
                ("asked_by", models.ForeignKey(related_name="+", **PERSON)),
                ("done_by", models.ForeignKey(null=True, related_name="+", **PERSON)),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="undoings", to="statements.statementfile")),
            ],
            options={"constraints": [
                models.UniqueConstraint(condition=Q(done_at=None), fields=["file"], name="undoing_waits_once"),
                models.CheckConstraint(condition=Q(posted=0) | Q(done_by=None) | ~Q(done_by=F("asked_by")), name="undoing_by_two"),
            ]},
        ),
        migrations.RemoveConstraint("statementfile", "statement_file_once"),
        migrations.RemoveConstraint("statementfile", "statement_state_known"),
        migrations.RemoveConstraint("bankline", "bank_line_state_known"),
        migrations.AddConstraint(
            "statementfile",
            models.UniqueConstraint(condition=~Q(state="undone"), fields=["account", "sha256"], name="statement_file_once"),
        ),
        migrations.AddConstraint(
            "statementfile", models.CheckConstraint(condition=Q(state__in=FILE_STATES), name="statement_state_known")
        ),
        migrations.AddConstraint(
            "bankline", models.CheckConstraint(condition=Q(state__in=LINE_STATES), name="bank_line_state_known")
        ),
        migrations.AlterField(
            "bankline",
            "of",
            models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="given_back_by", to="statements.bankline"),
        ),
        migrations.AddIndex(
            "bankline", models.Index(condition=Q(of__isnull=False), fields=["of"], name="bank_lines_of_line")
        ),
        migrations.RunSQL(MAKE, UNDO),
    ]  # fmt: skip
