"""What the database holds by itself: never more kept back than was promised or is asked for; no hand-over without somebody who got it."""

from django.db import migrations

MAKE = """
CREATE FUNCTION goods_keep_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE there bigint; held bigint;
BEGIN
    IF NEW.state IN ('released', 'expired') THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND OLD.state NOT IN ('released', 'expired') AND NEW.amount <= OLD.amount
        AND NEW.gift_id = OLD.gift_id AND NEW.need_id = OLD.need_id AND (OLD.may_exceed = NEW.may_exceed OR NEW.may_exceed) THEN
        RETURN NEW;
    END IF;
    -- the gift first, then the need: nobody waits in a circle
    SELECT CASE WHEN state = 'lapsed' THEN came ELSE greatest(amount, came) END INTO there
        FROM campaigns_gift WHERE id = NEW.gift_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(CASE WHEN state = 'handed_over' THEN delivered + lost ELSE amount END), 0) INTO held FROM goods_reservation
        WHERE gift_id = NEW.gift_id AND state NOT IN ('released', 'expired') AND id <> NEW.id;
    IF held + NEW.amount > there THEN
        RAISE EXCEPTION 'more would be kept back than there is' USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_within_gift';
    END IF;
    SELECT amount INTO there FROM campaigns_need WHERE id = NEW.need_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(CASE WHEN state = 'handed_over' THEN delivered ELSE amount END), 0) INTO held FROM goods_reservation
        WHERE need_id = NEW.need_id AND state NOT IN ('released', 'expired') AND id <> NEW.id;
    IF NOT NEW.may_exceed AND held + NEW.amount > there THEN
        RAISE EXCEPTION 'more would be kept back than is asked for' USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_within_need';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goods_keep_back BEFORE INSERT OR UPDATE ON goods_reservation FOR EACH ROW EXECUTE FUNCTION goods_keep_back();

CREATE FUNCTION goods_hand_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_posting WHERE id = NEW.posting_id AND commodity_id = NEW.commodity_id AND amount = NEW.amount
        AND (NEW.kind NOT IN ('handed_over', 'worked') OR (move = 'hand_over' AND commitment <> decode(repeat('00', 32), 'hex')));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the books do not say who got it' USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_has_recipient';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goods_hand_over BEFORE INSERT OR UPDATE OF posting_id, amount, kind, commodity_id ON goods_movement
    FOR EACH ROW EXECUTE FUNCTION goods_hand_over();
"""
UNDO = """
DROP TRIGGER goods_hand_over ON goods_movement; DROP FUNCTION goods_hand_over();
DROP TRIGGER goods_keep_back ON goods_reservation; DROP FUNCTION goods_keep_back();
"""


class Migration(migrations.Migration):
    dependencies = [("goods", "0001_tables"), ("funds", "0002_books")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
