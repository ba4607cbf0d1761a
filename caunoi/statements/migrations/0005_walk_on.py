"""Finding what is neither frequent nor rare: the walk goes on as far as its hits promise, and only then is the index asked.

The index of letter triples reads every row that shares the triples of the words, tens of thousands of them for a masked name; a row walked
over costs a fifth of a microsecond. So sixteen walks at most are cheaper than the index, and what had no hit in the first one is rare.
"""

from django.db import migrations

MAKE = r"""
CREATE OR REPLACE FUNCTION statements_find(
    of_campaign uuid, pattern text, first_on date, last_on date, of_amount bigint, before_on date, before_id bigint, wanted int, walk int)
    RETURNS TABLE (line bigint) LANGUAGE plpgsql STABLE
    SET enable_seqscan TO off SET plan_cache_mode TO force_custom_plan SET jit TO off SET work_mem TO '32MB' AS $$
DECLARE seen int := 0; more int; walked bigint := 0; step bigint := walk; end_on date := before_on; end_id bigint := before_id;
BEGIN
    LOOP
        RETURN QUERY SELECT n.id FROM (
            SELECT l.id, l.folded, l.amount FROM statements_bankline l
                WHERE l.campaign_id = of_campaign AND (l."on", l.id) < (end_on, end_id) AND l."on" BETWEEN first_on AND last_on
                ORDER BY l."on" DESC, l.id DESC LIMIT step) n
            WHERE n.folded LIKE pattern AND (of_amount IS NULL OR n.amount = of_amount) LIMIT wanted - seen;
        GET DIAGNOSTICS more = ROW_COUNT;
        seen := seen + more;
        IF seen >= wanted THEN
            RETURN;
        END IF;
        SELECT l."on", l.id INTO end_on, end_id FROM statements_bankline l
            WHERE l.campaign_id = of_campaign AND (l."on", l.id) < (end_on, end_id) AND l."on" BETWEEN first_on AND last_on
            ORDER BY l."on" DESC, l.id DESC OFFSET step - 1 LIMIT 1;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        walked := walked + step;
        EXIT WHEN seen < 3;
        step := (wanted - seen) * walked / seen * 5 / 4;
        EXIT WHEN walked + step > 16 * walk;
    END LOOP;
    RETURN QUERY WITH hits AS MATERIALIZED (
            SELECT l.id, l."on", l.campaign_id, l.amount FROM statements_bankline l WHERE l.folded LIKE pattern)
        SELECT h.id FROM hits h
        WHERE h.campaign_id = of_campaign AND (h."on", h.id) < (end_on, end_id) AND h."on" >= first_on
            AND (of_amount IS NULL OR h.amount = of_amount)
        ORDER BY h."on" DESC, h.id DESC LIMIT wanted - seen;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("statements", "0004_lines_of_need")]
    # Going back leaves the quicker function: it answers the same, and goes with the table's own (0002).
    operations = [migrations.RunSQL(MAKE, migrations.RunSQL.noop)]
