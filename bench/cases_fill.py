"""A million cases of one province, made in the database: words of real questions, skewed over units, topics and time.

A second, thin province gets a twentieth of that, so that somebody who may see little is measured beside the many.
"""

import csv
import os
import threading
from datetime import date, datetime
from typing import Any

from bench.measuring import ROOT

WORKERS = 2
SETUP = """
CREATE TABLE bench_words AS SELECT %(words)s::text[] AS words, %(texts)s::text[] AS texts, %(topics)s::text[] AS topics;
CREATE TABLE bench_owners AS
WITH today AS (SELECT * FROM units_unitversion WHERE valid @> %(on)s::date),
     home AS (SELECT path FROM today WHERE level = 'province' AND code = %(home)s),
     other AS (SELECT path FROM today WHERE level = 'province' AND code = %(other)s)
SELECT array_agg(unit_id ORDER BY sort_key, unit_id) FILTER (WHERE t.level IN ('commune', 'district') AND t.path <@ home.path) AS offices,
       array_agg(unit_id ORDER BY sort_key, unit_id) FILTER (WHERE t.level = 'village' AND t.path <@ home.path) AS villages,
       array_agg(unit_id ORDER BY sort_key, unit_id) FILTER (WHERE t.level = 'commune' AND t.path <@ other.path) AS elsewhere,
       (array_agg(unit_id) FILTER (WHERE t.path = home.path))[1] AS province
FROM today t, home, other;
"""
DRAWN = """
SELECT d.*, CASE WHEN s > %(home)s THEN elsewhere[1 + floor(r4 * cardinality(elsewhere))]
    WHEN r1 < 0.03 OR cardinality(offices) IS NULL THEN province
    WHEN r1 < 0.08 AND cardinality(villages) > 0 THEN villages[1 + floor(r4 * cardinality(villages))]
    ELSE offices[1 + floor(power(r4, 1.3) * cardinality(offices))] END AS unit,
  CASE WHEN r2 < 0.02 THEN 'open' WHEN r2 < 0.03 THEN 'referred' WHEN r2 < 0.04 THEN 'drafted' WHEN r2 < 0.05 THEN 'submitted'
    WHEN r2 < 0.5 THEN 'answered' ELSE 'closed' END AS st,
  1 + floor(cardinality(texts) * power(r3, 1.5))::int AS pick, words, texts, topics
FROM (SELECT g AS s, random() r1, random() r2, random() r3, random() r4, random() r5, random() r6
      FROM generate_series(%(first)s::int, %(last)s::int) g OFFSET 0) d, bench_owners, bench_words
"""
VALUES = {
    "id": "gen_random_uuid()",
    "number": "CASE WHEN s > %(home)s THEN 'VN' ELSE 'NA' END || '-2026-' || to_char(s, 'FM0000000')",
    "follow_code": "'ABCDEFGH'",
    "origin": "(ARRAY['comment', 'private_message', 'web_form', 'walk_in'])[1 + floor(power(r6, 2) * 4)]",
    "origin_ref": "'bench:' || s",
    "owner_id": "unit",
    "opened_unit_id": "unit",
    "state": "st",
    "kind": "CASE WHEN r6 < 0.7 THEN 'question' WHEN r6 < 0.95 THEN 'report' WHEN r6 < 0.999 THEN 'petition' ELSE 'voter_petition' END",
    "sensitive": "''",
    "is_public": "true",
    "title": "left(texts[pick], 150)",
    "text": "concat_ws(' ', texts[pick], 'Nhà tôi ở xóm', s %% 28 || ', tổ', s %% 997, "
    + ", ".join("words[1 + floor(random() * cardinality(words))]" for _ in range(8))
    + ")",
    "topic": "topics[pick]",
    "assignee_id": "CASE WHEN s %% 3 = 0 THEN (%(assignees)s)[1 + s %% cardinality(%(assignees)s)] END",
    "opened_at": "opened",
    "due_at": "opened + interval '15 days'",
    "snoozed_until": "CASE WHEN s %% 50 = 0 AND st IN ('open', 'drafted') THEN %(at)s + interval '2 days' END",
    "answered_at": "CASE WHEN st IN ('answered', 'closed') THEN opened + interval '3 days' END",
}
OPENED = "%(at)s - make_interval(mins => (60 + r5 * CASE WHEN st IN ('answered', 'closed') THEN 1440 * 730 ELSE 1440 * 25 END)::int)"


def fill(*, cases: int, on: date, at: datetime, assignees: list[int]) -> None:
    """Write ``cases`` cases of Nghệ An and a twentieth of that of Điện Biên, then build the secondary indexes."""
    import psycopg
    from django.db import connection

    from caunoi.cases.models import Case

    owner = os.environ["BENCH_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True, cursor_factory=psycopg.ClientCursor) as admin:
        admin.execute(SETUP, {**_questions(), "on": on, "home": "40", "other": "11"})
    indexes = list(Case._meta.indexes)
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.remove_index(Case, index)
    values = {"home": cases, "at": at, "assignees": assignees}
    _in_parallel(owner, values, cases + cases // 20)
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.add_index(Case, index)
    with psycopg.connect(owner, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE cases_case")


def _in_parallel(owner: str, values: dict[str, Any], rows: int) -> None:
    import psycopg

    share = rows // WORKERS + 1
    wrong: list[BaseException] = []

    def work(number: int) -> None:
        first, last = number * share + 1, min(rows, (number + 1) * share)
        try:
            with psycopg.connect(owner, cursor_factory=psycopg.ClientCursor) as session:
                # the server's owner need not check each row's keys again
                session.execute("SET session_replication_role = replica")
                session.execute("SELECT setseed(%s)", [0.1 * (number + 1)])
                session.execute(_insert(), {**values, "first": first, "last": last})
        except psycopg.Error as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def _insert() -> str:
    """Return the statement for today's columns: those not named above get their default."""
    from caunoi.cases.models import Case

    values = dict(VALUES)
    for field in Case._meta.concrete_fields:
        if field.column not in values and not field.generated and not field.null:
            values[field.column] = "''" if not field.has_default() else f"'{field.get_default()}'"
    return (
        f"INSERT INTO cases_case ({', '.join(values)}) SELECT {', '.join(values.values())}"
        f" FROM (SELECT x.*, {OPENED} AS opened FROM ({DRAWN}) x) y"
    )


def _questions() -> dict[str, list[str]]:
    with (ROOT / "tests" / "chaos" / "questions.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    words = {w.strip("?,.!“”()") for row in rows for w in row["text"].split()}
    return {
        "texts": [row["text"] for row in rows],
        "topics": [row["topic"] for row in rows],
        "words": sorted(w for w in words if w),
    }
