"""Finding what is neither frequent nor rare among millions of lines.

Triples of letters know only letters and figures: of "n. t. hoa" they see a word of one letter, another one, and "hoa", which stand in half of
all lines. So they are taken of the text without marks and with a letter in place of every gap, one that no folded text has ("y" is folded
into "i"): "nytyhoa", where the order of the initials counts. The walk through the newest lines goes on while its hits promise that it will be
short; and what the index finds too often to be sorted (a piece of a reference that all lines of a month share) is walked for after all.
"""

from importlib import import_module

from django.db import migrations

_OLD = import_module("caunoi.statements.migrations.0002_search_and_sums").MAKE
MARKS = r""".,;:-_*/\()[]{}+=&%#@!?''"<>|~`^$"""
MAKE = rf"""
CREATE FUNCTION statements_letters(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(words, ' {MARKS}', 'y');
CREATE INDEX bank_lines_letters ON statements_bankline USING gin (statements_letters(folded) gin_trgm_ops);
DROP INDEX bank_lines_words;
DROP FUNCTION statements_find(uuid, text, date, date, bigint, date, bigint, int, int);

CREATE FUNCTION statements_find(
    of_campaign uuid, fragment text, first_on date, last_on date, of_amount bigint, before_on date, before_id bigint, wanted int, walk int)
    RETURNS TABLE (line bigint) LANGUAGE plpgsql STABLE
    SET enable_seqscan TO off SET plan_cache_mode TO force_custom_plan SET jit TO off SET work_mem TO '32MB' AS $$
DECLARE
    pattern text := '%' || replace(replace(replace(fragment, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    letters text := '%' || statements_letters(fragment) || '%';
    many constant int := 20000; met int; hits bigint[];
    seen int := 0; more int; walked bigint := 0; step bigint := walk; end_on date := before_on; end_id bigint := before_id;
BEGIN
    -- The scan begins at one bound only: given two, it would begin at the newest line and pass by all up to the last day asked for.
    IF before_on > last_on THEN
        end_on := last_on; end_id := 9223372036854775807;
    END IF;
    LOOP
        RETURN QUERY SELECT n.id FROM (
            SELECT l.id, l.folded, l.amount FROM statements_bankline l
                WHERE l.campaign_id = of_campaign AND (l."on", l.id) < (end_on, end_id) AND l."on" >= first_on
                ORDER BY l."on" DESC, l.id DESC LIMIT step) n
            WHERE n.folded LIKE pattern AND (of_amount IS NULL OR n.amount = of_amount) LIMIT wanted - seen;
        GET DIAGNOSTICS more = ROW_COUNT;
        seen := seen + more;
        IF seen >= wanted THEN
            RETURN;
        END IF;
        SELECT l."on", l.id INTO end_on, end_id FROM statements_bankline l
            WHERE l.campaign_id = of_campaign AND (l."on", l.id) < (end_on, end_id) AND l."on" >= first_on
            ORDER BY l."on" DESC, l.id DESC OFFSET step - 1 LIMIT 1;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        walked := walked + step;
        EXIT WHEN seen < 3;
        step := (wanted - seen) * walked / seen * 5 / 4;
        EXIT WHEN walked + step > 12 * walk;
    END LOOP;
    IF length(letters) >= 5 THEN
        SELECT count(*), array_agg(h.id ORDER BY h."on" DESC, h.id DESC) FILTER (
                WHERE h.folded LIKE pattern AND h.campaign_id = of_campaign AND (h."on", h.id) < (end_on, end_id) AND h."on" >= first_on
                    AND (of_amount IS NULL OR h.amount = of_amount))
            INTO met, hits FROM (
            SELECT l.id, l."on", l.folded, l.campaign_id, l.amount FROM statements_bankline l
            WHERE statements_letters(l.folded) LIKE letters LIMIT many) h;
        IF met < many THEN
            RETURN QUERY SELECT h.id FROM unnest(hits) WITH ORDINALITY h (id, place) ORDER BY h.place LIMIT wanted - seen;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT l.id FROM statements_bankline l
        WHERE l.campaign_id = of_campaign AND (l."on", l.id) < (end_on, end_id) AND l."on" >= first_on
            AND l.folded || '' LIKE pattern AND (of_amount IS NULL OR l.amount = of_amount)
        ORDER BY l."on" DESC, l.id DESC LIMIT wanted - seen;
END $$;
"""
UNDO = f"""
DROP FUNCTION statements_find(uuid, text, date, date, bigint, date, bigint, int, int);
{_OLD[: _OLD.index("CREATE FUNCTION statements_add_up")]}
DROP INDEX bank_lines_letters;
DROP FUNCTION statements_letters(text);
"""


class Migration(migrations.Migration):
    dependencies = [("statements", "0004_lines_of_need")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
