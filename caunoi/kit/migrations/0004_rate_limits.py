"""Buckets of tries (kit.limits). Unlogged: a crash may forget them, a backup need not keep them."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE kit_bucket (key bytea PRIMARY KEY, full_at timestamptz NOT NULL);
CREATE INDEX kit_bucket_full ON kit_bucket (full_at);
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0003_cache")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE kit_bucket")]
