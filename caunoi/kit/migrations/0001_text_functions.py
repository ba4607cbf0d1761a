"""Extensions and the two text functions the whole house sorts and searches with."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

FUNCTIONS = r"""
-- Bodies are parsed when made (RETURN …), so that a dump knows which function needs which.
CREATE FUNCTION vi_unaccent(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN public.unaccent('public.unaccent'::regdictionary, $1);

CREATE FUNCTION vi_fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(
        translate(lower(public.vi_unaccent(translate(normalize($1, NFC), 'Ðð', 'Đđ'))), 'y', 'i'),
        '\s+', ' ', 'g'));

-- Letters first (a ă â b … d đ …), tones only as tie-break behind a separator lower than a space.
-- Compare its result under COLLATE "C".
CREATE FUNCTION vi_sort(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN
        translate(
            normalize(translate(normalize(lower($1), NFD), E'\u0300\u0309\u0303\u0301\u0323', ''), NFC),
            E'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz',
            E'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`a')
        || E'\x01' ||
        translate(
            regexp_replace(normalize(lower($1), NFD), E'[^a-zđ \u0300\u0309\u0303\u0301\u0323]', '', 'g'),
            E'\u0300\u0309\u0303\u0301\u0323abcdefghijklmnopqrstuvwxyzđ ',
            '12345000000000000000000000000000');
"""
DROP = "DROP FUNCTION vi_sort(text); DROP FUNCTION vi_fold(text); DROP FUNCTION vi_unaccent(text);"


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [
        CreateExtension("unaccent"),
        CreateExtension("pg_trgm"),
        CreateExtension("ltree"),
        CreateExtension("btree_gist"),
        CreateExtension("btree_gin"),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
