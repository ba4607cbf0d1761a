"""Nothing is promised to a campaign or received by it outside its days. Money that arrives all the same stands as unmatched and goes back."""

from django.db import migrations

MAKE = """
CREATE FUNCTION campaigns_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM made m JOIN campaigns_campaign c ON c.fund_id = m.fund_id
        WHERE m.move IN ('pledge', 'receive', 'match') AND (m."on" < c.starts_on OR m."on" > c.ends_on) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the campaign accepts nothing on that day' USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_within_campaign';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER campaigns_days AFTER INSERT ON funds_posting
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION campaigns_days();
"""
UNDO = "DROP TRIGGER campaigns_days ON funds_posting; DROP FUNCTION campaigns_days();"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("funds", "0003_sorts_of_things")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
