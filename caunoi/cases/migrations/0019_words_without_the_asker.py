"""Search finds what a case is about, never whose it is: the asker's name and phone numbers are no words of it."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

FUNCTION = r"""
CREATE FUNCTION cases_words(number text, title text, body text, asker text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN public.vi_words(number || ' ' || CASE
        WHEN public.vi_fold(asker) LIKE '% %' THEN replace(
            ' ' || regexp_replace(
                regexp_replace(
                    public.vi_fold(regexp_replace(title || ' ' || body, '(\+?84|0)([\s._/()-]{0,2}[0-9oO]){8,11}', ' ', 'g')),
                    '[^[:alnum:]]+', ' ', 'g'),
                ' ', '  ', 'g') || ' ',
            ' ' || replace(public.vi_fold(asker), ' ', '  ') || ' ', ' ')
        ELSE regexp_replace(title || ' ' || body, '(\+?84|0)([\s._/()-]{0,2}[0-9oO]){8,11}', ' ', 'g')
    END)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_stars_and_moved_replies"),
        ("kit", "0005_words_of_a_text"),
    ]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION cases_words(text, text, text, text)"),
        migrations.RemoveIndex(model_name="case", name="cases_find"),
        migrations.RemoveField(model_name="case", name="words"),
        migrations.AddField(
            model_name="case",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("number"),
                    models.F("title"),
                    models.F("text"),
                    models.F("asker_name"),
                    function="cases_words",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words", "topic", "origin", "kind"], name="cases_find"
            ),
        ),
    ]
