"""A period that was closed stays closed, and the register of receipts is never emptied, whoever asks the database."""

from django.db import migrations

MAKE = """
CREATE FUNCTION funds_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_through IS NOT NULL AND (NEW.closed_through IS NULL OR NEW.closed_through < OLD.closed_through) THEN
        RAISE EXCEPTION 'a closed period stays closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funds_fund_stays_closed BEFORE UPDATE OF closed_through ON funds_fund
    FOR EACH ROW EXECUTE FUNCTION funds_stays_closed();
CREATE TRIGGER funds_receipt_never_emptied BEFORE TRUNCATE ON funds_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION funds_refuse_change();
"""
UNDO = """
DROP TRIGGER funds_receipt_never_emptied ON funds_receipt;
DROP TRIGGER funds_fund_stays_closed ON funds_fund; DROP FUNCTION funds_stays_closed();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0005_few_found_quickly")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
