"""The audit trail: tables, the link made at commit, and the refusal to change or delete."""

from django.db import migrations, models

TRIGGERS = r"""
INSERT INTO kit_audithead (id, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION kit_audit_canonical(a kit_auditentry) RETURNS text
    LANGUAGE sql STABLE
    AS $$ SELECT jsonb_build_array(
        a.id, a.event, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor_id, a.actor_name, a.unit_id,
        a.object_type, a.object_id, a.before, a.after)::text $$;

CREATE FUNCTION kit_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE link record; row_now kit_auditentry;
BEGIN
    SELECT * INTO row_now FROM kit_auditentry WHERE id = NEW.id;
    UPDATE kit_audithead SET seq = seq + 1,
        hash = sha256(hash || convert_to(kit_audit_canonical(row_now), 'UTF8'))
        WHERE id = 1 RETURNING seq, hash INTO link;
    UPDATE kit_auditentry SET seq = link.seq, hash = link.hash WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER kit_audit_link_at_commit AFTER INSERT ON kit_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kit_audit_link();

CREATE FUNCTION kit_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.hash IS NULL AND NEW.hash IS NOT NULL
           AND to_jsonb(OLD) - 'seq' - 'hash' = to_jsonb(NEW) - 'seq' - 'hash' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER kit_audit_append_only BEFORE UPDATE OR DELETE ON kit_auditentry
    FOR EACH ROW EXECUTE FUNCTION kit_audit_refuse();
CREATE TRIGGER kit_audit_never_emptied BEFORE TRUNCATE ON kit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION kit_audit_refuse();
"""
UNDO = """
DROP TRIGGER kit_audit_never_emptied ON kit_auditentry;
DROP TRIGGER kit_audit_append_only ON kit_auditentry;
DROP TRIGGER kit_audit_link_at_commit ON kit_auditentry;
DROP FUNCTION kit_audit_refuse(); DROP FUNCTION kit_audit_link(); DROP FUNCTION kit_audit_canonical(kit_auditentry);
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_text_functions")]
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("unit_id", models.UUIDField(null=True)),
                ("object_type", models.CharField(blank=True, max_length=60)),
                ("object_id", models.CharField(blank=True, max_length=60)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("seq", models.BigIntegerField(editable=False, null=True, unique=True)),
                ("hash", models.BinaryField(editable=False, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "id"], name="audit_by_object"),
                    models.Index(fields=["unit_id", "-id"], name="audit_by_unit"),
                ]
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_one_head")
                ]
            },
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
