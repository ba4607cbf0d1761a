"""A unit has a parent on each of its days, and its path is its parent's path and its own label: no orphans, no cycles."""

from django.db import migrations

TREE = r"""
CREATE FUNCTION units_check_version(v units_unitversion) RETURNS void LANGUAGE plpgsql AS $$
DECLARE own ltree := replace(v.unit_id::text, '-', '')::ltree; covered datemultirange;
BEGIN
    IF v.parent_id IS NULL THEN
        IF v.path <> own THEN
            RAISE EXCEPTION 'unit % stands alone but its path does not', v.unit_id
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'unit_path_fits';
        END IF;
        RETURN;
    END IF;
    SELECT range_agg(p.valid) INTO covered FROM units_unitversion p
        WHERE p.unit_id = v.parent_id AND p.valid && v.valid AND v.path = p.path || own;
    IF covered IS NULL OR NOT covered @> v.valid THEN
        RAISE EXCEPTION 'unit % has no fitting parent for all its days %', v.unit_id, v.valid
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'unit_never_an_orphan';
    END IF;
END $$;

CREATE FUNCTION units_check_tree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE child units_unitversion; now_there units_unitversion;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        -- the row may have changed again before commit; only what is left counts
        SELECT * INTO now_there FROM units_unitversion WHERE id = NEW.id;
        IF FOUND THEN PERFORM units_check_version(now_there); END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        FOR child IN SELECT * FROM units_unitversion c WHERE c.parent_id = OLD.unit_id AND c.valid && OLD.valid LOOP
            PERFORM units_check_version(child);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER unit_tree_holds_together AFTER INSERT OR UPDATE OR DELETE ON units_unitversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION units_check_tree();
"""
UNDO = """
DROP TRIGGER unit_tree_holds_together ON units_unitversion;
DROP FUNCTION units_check_tree(); DROP FUNCTION units_check_version(units_unitversion);
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunSQL(TREE, UNDO)]
