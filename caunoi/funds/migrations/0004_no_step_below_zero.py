"""Many postings in one statement are held one after the other: none may take what only a later one brings.

Whoever adds the journal up does so posting by posting. The balances have moved when this runs (after ``funds_post``, by name).
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION funds_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    SELECT r.account INTO wrong FROM (
        SELECT e.account, a.came_in - a.went_out - sum(e.moved) OVER (PARTITION BY e.account)
                + sum(e.moved) OVER (PARTITION BY e.account ORDER BY e.seq) AS stands
        FROM (SELECT target_id AS account, amount AS moved, seq FROM made
              UNION ALL SELECT source_id, -amount, seq FROM made) e
        JOIN funds_account a ON a.id = e.account AND a.place IN ('pledged', 'unmatched', 'on_hand', 'allocated')
        WHERE e.account IN (SELECT source_id FROM made)) r
        WHERE r.stands < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'more is taken than there is' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_nothing_below_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER funds_steps AFTER INSERT ON funds_posting
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION funds_steps();
"""
UNDO = "DROP TRIGGER funds_steps ON funds_posting; DROP FUNCTION funds_steps();"


class Migration(migrations.Migration):
    dependencies = [("funds", "0003_sorts_of_things")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
