"""Finding a line among millions, sums that are always there, and lines that nobody changes.

A fragment of text is looked for twice. First the newest lines are walked through: what many givers write stands among them. What does
not is rare, and the index of letter triples finds it. So no plan depends on what the statistics believe.
"""

from django.db import migrations

MAKE = r"""
CREATE INDEX bank_lines_words ON statements_bankline USING gin (folded gin_trgm_ops);

CREATE FUNCTION statements_find(
    of_campaign uuid, pattern text, first_on date, last_on date, of_amount bigint, before_on date, before_id bigint, wanted int, walk int)
    RETURNS TABLE (line bigint) LANGUAGE plpgsql STABLE
    SET enable_seqscan TO off SET plan_cache_mode TO force_custom_plan SET jit TO off AS $$
DECLARE seen int; end_on date; end_id bigint;
BEGIN
    RETURN QUERY SELECT n.id FROM (
        SELECT l.id, l.folded, l.amount FROM statements_bankline l
            WHERE l.campaign_id = of_campaign AND (l."on", l.id) < (before_on, before_id) AND l."on" BETWEEN first_on AND last_on
            ORDER BY l."on" DESC, l.id DESC LIMIT walk) n
        WHERE n.folded LIKE pattern AND (of_amount IS NULL OR n.amount = of_amount) LIMIT wanted;
    GET DIAGNOSTICS seen = ROW_COUNT;
    IF seen >= wanted THEN
        RETURN;
    END IF;
    SELECT l."on", l.id INTO end_on, end_id FROM statements_bankline l
        WHERE l.campaign_id = of_campaign AND (l."on", l.id) < (before_on, before_id) AND l."on" BETWEEN first_on AND last_on
        ORDER BY l."on" DESC, l.id DESC OFFSET walk - 1 LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY WITH hits AS MATERIALIZED (
            SELECT l.id, l."on", l.campaign_id, l.amount FROM statements_bankline l WHERE l.folded LIKE pattern)
        SELECT h.id FROM hits h
        WHERE h.campaign_id = of_campaign AND (h."on", h.id) < (end_on, end_id) AND h."on" >= first_on
            AND (of_amount IS NULL OR h.amount = of_amount)
        ORDER BY h."on" DESC, h.id DESC LIMIT wanted - seen;
END $$;

CREATE FUNCTION statements_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO statements_total AS t (account_id, lines, credits, debits)
        SELECT account_id, count(*), coalesce(sum(amount) FILTER (WHERE amount > 0), 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)
        FROM made GROUP BY account_id ORDER BY account_id
        ON CONFLICT (account_id) DO UPDATE SET
            lines = t.lines + excluded.lines, credits = t.credits + excluded.credits, debits = t.debits + excluded.debits;
    RETURN NULL;
END $$;
CREATE TRIGGER statements_add_up AFTER INSERT ON statements_bankline
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION statements_add_up();

CREATE FUNCTION statements_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the bank told is not changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER statements_lines_stay BEFORE UPDATE OF key, account_id, campaign_id, "on", amount, balance, reference ON statements_bankline
    FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
CREATE TRIGGER statements_lines_never_go BEFORE DELETE ON statements_bankline
    FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
CREATE TRIGGER statements_lines_never_emptied BEFORE TRUNCATE ON statements_bankline
    FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();
"""
UNDO = """
DROP TRIGGER statements_lines_never_emptied ON statements_bankline; DROP TRIGGER statements_lines_never_go ON statements_bankline;
DROP TRIGGER statements_lines_stay ON statements_bankline; DROP FUNCTION statements_refuse_change();
DROP TRIGGER statements_add_up ON statements_bankline; DROP FUNCTION statements_add_up();
DROP FUNCTION statements_find(uuid, text, date, date, bigint, date, bigint, int, int);
DROP INDEX bank_lines_words;
"""


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
