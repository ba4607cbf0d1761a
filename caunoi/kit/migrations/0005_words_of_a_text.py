"""The folded words of a text, for full-text search: what ``vi_fold`` gives, cut at blanks and punctuation."""

from django.db import migrations

FUNCTION = r"""
CREATE FUNCTION vi_words(text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.simple'::regconfig, translate(
        regexp_replace(
            lower(public.vi_unaccent(translate(
                CASE WHEN $1 IS NFC NORMALIZED THEN $1 ELSE normalize($1, NFC) END, 'Ðð', 'Đđ'))),
            '[^[:alnum:]\s]+', ' ', 'g'),
        'y', 'i'));
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0004_rate_limits")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION vi_words(text)")]
