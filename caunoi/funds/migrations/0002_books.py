"""What the books refuse: changes, gaps, ways that do not exist, amounts that are not there, days that are closed.

All of it is checked once a statement, over every row it wrote, so that a million lines of a bank cost little more than one.
"""

from django.db import migrations

WAYS = [
    ("pledge", "promisers", "pledged", True),
    ("lapse", "pledged", "promisers", True),
    ("fulfil", "pledged", "promisers", True),
    ("receive", "givers", "on_hand", True),
    ("receive_unmatched", "givers", "unmatched", True),
    ("match", "unmatched", "on_hand", False),
    ("allocate", "on_hand", "allocated", True),
    ("release", "allocated", "on_hand", True),
    ("forward", "on_hand", "on_hand", True),
    ("hand_over", "allocated", "handed_over", True),
    ("give_back", "on_hand", "returned", True),
    ("give_back_unmatched", "unmatched", "returned", True),
    ("fee", "on_hand", "fees", True),
    ("spoil", "on_hand", "spoiled", True),
]
VALUES = ", ".join(
    f"('{move}', '{source}', '{target}', {'true' if keeps else 'false'})"
    for move, source, target, keeps in WAYS
)

MAKE = f"""
ALTER TABLE funds_posting
    ADD CONSTRAINT posting_source_of_fund FOREIGN KEY (source_id, fund_id, commodity_id)
        REFERENCES funds_account (id, fund_id, commodity_id),
    ADD CONSTRAINT posting_target_of_fund FOREIGN KEY (target_id, fund_id, commodity_id)
        REFERENCES funds_account (id, fund_id, commodity_id),
    ADD CONSTRAINT posting_hashes_whole CHECK (length(commitment) = 32 AND length(leaf) = 32 AND length(link) = 32);

CREATE TABLE funds_way (
    move varchar(20) PRIMARY KEY, source varchar(12) NOT NULL, target varchar(12) NOT NULL, keeps_purpose boolean NOT NULL);
INSERT INTO funds_way VALUES {VALUES};

CREATE FUNCTION funds_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the books are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER funds_posting_append_only BEFORE UPDATE OR DELETE ON funds_posting
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_change();
CREATE TRIGGER funds_posting_never_emptied BEFORE TRUNCATE ON funds_posting
    FOR EACH STATEMENT EXECUTE FUNCTION funds_refuse_change();
CREATE TRIGGER funds_root_append_only BEFORE UPDATE OR DELETE ON funds_root
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_change();
CREATE TRIGGER funds_root_never_emptied BEFORE TRUNCATE ON funds_root
    FOR EACH STATEMENT EXECUTE FUNCTION funds_refuse_change();
CREATE TRIGGER funds_receipt_append_only BEFORE UPDATE OR DELETE ON funds_receipt
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_change();

CREATE FUNCTION funds_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    -- one writer a fund at a time; accounts in the order of their ids, so that nobody waits in a circle
    PERFORM 1 FROM funds_fund WHERE id IN (SELECT fund_id FROM made) ORDER BY id FOR UPDATE;

    SELECT f.id INTO wrong FROM made m JOIN funds_fund f ON f.id = m.fund_id
        WHERE m."on" < f.opened_on OR m."on" <= f.closed_through LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the books of that day are closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_period_open';
    END IF;

    SELECT f.id INTO wrong FROM funds_fund f
        JOIN (SELECT fund_id, min(seq) AS first, max(seq) AS last, count(*) AS n FROM made GROUP BY fund_id) m ON m.fund_id = f.id
        WHERE m.first <> f.seq + 1 OR m.last <> f.seq + m.n LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'postings leave a gap' USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_without_gap';
    END IF;

    SELECT c.id INTO wrong FROM (
        SELECT m.id, m.link, m.leaf, coalesce(lag(m.link) OVER (PARTITION BY m.fund_id ORDER BY m.seq), f.head) AS before
        FROM made m JOIN funds_fund f ON f.id = m.fund_id) c
        WHERE c.link <> sha256(c.before || c.leaf) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a link does not follow from the one before' USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_linked';
    END IF;

    SELECT m.id INTO wrong FROM made m JOIN funds_account s ON s.id = m.source_id JOIN funds_account t ON t.id = m.target_id
        LEFT JOIN funds_way w ON w.move = m.move
        WHERE m.move <> 'reverse' AND (w.move IS NULL OR s.place <> w.source OR t.place <> w.target
            OR (w.keeps_purpose AND s.purpose <> t.purpose)) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no such way' USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_goes_a_way';
    END IF;

    SELECT m.id INTO wrong FROM made m JOIN funds_posting o ON o.id = m.reverses_id
        WHERE o.move = 'reverse' OR o.source_id <> m.target_id OR o.target_id <> m.source_id OR o.amount <> m.amount LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a reversal is the original the other way round' USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_reverses_whole';
    END IF;

    UPDATE funds_fund f SET seq = l.seq, head = l.link
        FROM (SELECT DISTINCT ON (fund_id) fund_id, seq, link FROM made ORDER BY fund_id, seq DESC) l WHERE f.id = l.fund_id;

    PERFORM 1 FROM funds_account WHERE id IN (SELECT source_id FROM made UNION SELECT target_id FROM made) ORDER BY id FOR UPDATE;
    UPDATE funds_account a SET came_in = a.came_in + d.came_in, went_out = a.went_out + d.went_out
        FROM (SELECT account, sum(came_in) AS came_in, sum(went_out) AS went_out FROM (
                SELECT target_id AS account, amount AS came_in, 0 AS went_out FROM made
                UNION ALL SELECT source_id, 0, amount FROM made) e GROUP BY account) d
        WHERE a.id = d.account;
    RETURN NULL;
END $$;
CREATE TRIGGER funds_post AFTER INSERT ON funds_posting
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION funds_post();

-- balances and heads move with postings only
CREATE FUNCTION funds_refuse_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'balances move with postings only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funds_account_by_postings BEFORE UPDATE OF came_in, went_out ON funds_account
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_hand();
CREATE TRIGGER funds_fund_by_postings BEFORE UPDATE OF seq, head ON funds_fund
    FOR EACH ROW EXECUTE FUNCTION funds_refuse_hand();

CREATE FUNCTION funds_number_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO funds_series (unit_id, year, last) VALUES (NEW.unit_id, NEW.year, 0) ON CONFLICT DO NOTHING;
    UPDATE funds_series SET last = last + 1 WHERE unit_id = NEW.unit_id AND year = NEW.year RETURNING last INTO NEW.number;
    RETURN NEW;
END $$;
CREATE TRIGGER funds_number_receipt BEFORE INSERT ON funds_receipt FOR EACH ROW EXECUTE FUNCTION funds_number_receipt();
"""
UNDO = """
DROP TRIGGER funds_number_receipt ON funds_receipt; DROP FUNCTION funds_number_receipt();
DROP TRIGGER funds_fund_by_postings ON funds_fund; DROP TRIGGER funds_account_by_postings ON funds_account;
DROP FUNCTION funds_refuse_hand();
DROP TRIGGER funds_post ON funds_posting; DROP FUNCTION funds_post();
DROP TRIGGER funds_receipt_append_only ON funds_receipt;
DROP TRIGGER funds_root_never_emptied ON funds_root; DROP TRIGGER funds_root_append_only ON funds_root;
DROP TRIGGER funds_posting_never_emptied ON funds_posting; DROP TRIGGER funds_posting_append_only ON funds_posting;
DROP FUNCTION funds_refuse_change(); DROP TABLE funds_way;
ALTER TABLE funds_posting DROP CONSTRAINT posting_hashes_whole, DROP CONSTRAINT posting_target_of_fund,
    DROP CONSTRAINT posting_source_of_fund;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
