"""The table of Django's database cache."""

from django.db import migrations

TABLE = """
CREATE TABLE kit_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX kit_cache_expires ON kit_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_audit")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE kit_cache")]
