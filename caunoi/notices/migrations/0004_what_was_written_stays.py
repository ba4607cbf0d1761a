"""What a version said and what was decided about it is never changed."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION notices_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions and decisions of notices are never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER notices_versions_stay BEFORE UPDATE OR DELETE ON notices_noticeversion
    FOR EACH ROW EXECUTE FUNCTION notices_stay();
CREATE TRIGGER notices_decisions_stay BEFORE UPDATE OR DELETE ON notices_decision
    FOR EACH ROW EXECUTE FUNCTION notices_stay();
"""
UNDO = """
DROP TRIGGER notices_decisions_stay ON notices_decision;
DROP TRIGGER notices_versions_stay ON notices_noticeversion;
DROP FUNCTION notices_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_sent_again")]
    operations = [migrations.RunSQL(REFUSE, UNDO)]
