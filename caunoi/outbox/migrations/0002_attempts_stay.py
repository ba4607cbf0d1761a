"""What a try brought is never changed."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION outbox_attempts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'attempts are never changed' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER outbox_attempts_stay BEFORE UPDATE OR DELETE ON outbox_attempt
    FOR EACH ROW EXECUTE FUNCTION outbox_attempts_stay();
"""
UNDO = "DROP TRIGGER outbox_attempts_stay ON outbox_attempt; DROP FUNCTION outbox_attempts_stay();"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, UNDO)]
