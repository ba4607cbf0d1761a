"""The counting in SQL. Every statement is given the calendar of working days as two arrays, so no day is counted one by one.

Kinds that are never public (complaint, denunciation, tip-off, cry for help) are in no figure; a question joined with another of
the same asker counts once.
"""

from caunoi.cases.rules import NEVER_PUBLIC, UNFINISHED

GUARDED = sorted(k.value for k in NEVER_PUBLIC)
WAITING = sorted(s.value for s in UNFINISHED)
NOT_A_DEED = ["more", "edited", "removed", "reminded", "note"]
"""Steps that do not show that somebody of the unit took the question in hand."""
BY_NOBODY = ["answered", "replied", "closed"]
"""Deeds that may come from an agency without an account."""

DAYS = """
DELETE FROM figures_day WHERE day >= %(first)s;
WITH cal AS (SELECT * FROM unnest(%(days)s::date[], %(numbers)s::int[]) AS c (day, n)),
own AS (
    SELECT c.id, c.owner_id, (c.opened_at AT TIME ZONE %(zone)s)::date AS opened_day, (c.due_at AT TIME ZONE %(zone)s)::date AS due_day,
        (c.answered_at AT TIME ZONE %(zone)s)::date AS answered_day, (c.reopened_at AT TIME ZONE %(zone)s)::date AS reopened_day,
        c.answered_at, c.due_at, c.closed_at
    FROM cases_case c
    WHERE c.kind <> ALL(%(guarded)s)
      AND (c.opened_at >= %(since)s OR c.due_at >= %(since)s OR c.answered_at >= %(since)s OR c.reopened_at >= %(since)s)
      AND NOT EXISTS (SELECT 1 FROM cases_merge m WHERE m.case_id = c.id)
),
deed AS (
    SELECT s.case_id, (min(s.at) AT TIME ZONE %(zone)s)::date AS day FROM cases_step s
    WHERE s.at >= %(since)s AND s.kind <> ALL(%(not_a_deed)s) AND (s.by_id IS NOT NULL OR s.kind = ANY(%(by_nobody)s))
    GROUP BY s.case_id
),
fact AS (
    SELECT own.owner_id, own.opened_day AS day, 1 AS asked, (o.n + %(soon)s <= %(last_n)s)::int AS looked_at_due,
        (o.n + %(soon)s <= %(last_n)s AND coalesce(d.n - o.n <= %(soon)s, false))::int AS acknowledged,
        0 AS due, 0 AS in_time, 0 AS reopened, NULL::int AS took
    FROM own JOIN cal o ON o.day = own.opened_day LEFT JOIN deed ON deed.case_id = own.id LEFT JOIN cal d ON d.day = deed.day
    UNION ALL
    SELECT owner_id, due_day, 0, 0, 0, 1, (answered_at <= due_at)::int, 0, NULL FROM own
    WHERE answered_at IS NOT NULL OR closed_at IS NULL
    UNION ALL
    SELECT own.owner_id, own.answered_day, 0, 0, 0, 0, 0, 0, a.n - o.n
    FROM own JOIN cal a ON a.day = own.answered_day LEFT JOIN cal o ON o.day = own.opened_day
    UNION ALL
    SELECT owner_id, reopened_day, 0, 0, 0, 0, 0, 1, NULL FROM own WHERE reopened_day IS NOT NULL
)
INSERT INTO figures_day (unit_id, day, asked, looked_at_due, acknowledged, due, in_time, reopened, answer_days)
SELECT owner_id, day, sum(asked), sum(looked_at_due), sum(acknowledged), sum(due), coalesce(sum(in_time), 0), sum(reopened),
    coalesce(array_agg(least(took, 32000)) FILTER (WHERE took IS NOT NULL), '{}')
FROM fact WHERE day BETWEEN %(first)s AND %(last)s GROUP BY owner_id, day
"""

OWNERS = """
SELECT unit_id FROM figures_day WHERE day >= %(first)s UNION SELECT owner_id FROM cases_case WHERE state = ANY(%(waiting)s)
UNION SELECT unit_id FROM cases_satisfaction WHERE first_on >= %(first)s
"""

LINEAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS figures_lineage (owner_id uuid, unit_id uuid) ON COMMIT DELETE ROWS;
TRUNCATE figures_lineage;
INSERT INTO figures_lineage SELECT * FROM unnest(%(owners)s::uuid[], %(units)s::uuid[]);
ANALYZE figures_lineage;
DELETE FROM figures_period
"""

PERIOD = """
WITH summed AS (
    SELECT l.unit_id, sum(asked) AS asked, sum(looked_at_due) AS looked_at_due, sum(acknowledged) AS acknowledged, sum(due) AS due,
        sum(in_time) AS in_time, sum(reopened) AS reopened
    FROM figures_day d JOIN figures_lineage l ON l.owner_id = d.unit_id WHERE d.day >= %(begins)s GROUP BY l.unit_id
),
took AS (
    SELECT l.unit_id, count(*) AS answered, percentile_cont(0.5) WITHIN GROUP (ORDER BY t.took) AS middle
    FROM figures_day d JOIN figures_lineage l ON l.owner_id = d.unit_id CROSS JOIN unnest(d.answer_days) AS t (took)
    WHERE d.day >= %(begins)s GROUP BY l.unit_id
),
open_now AS (
    SELECT l.unit_id, sum(w.waiting) AS waiting, sum(w.overdue) AS overdue
    FROM (SELECT owner_id, count(*) AS waiting, count(*) FILTER (WHERE due_at < %(at)s) AS overdue FROM cases_case
          WHERE state = ANY(%(waiting)s) AND kind <> ALL(%(guarded)s) GROUP BY owner_id) w
    JOIN figures_lineage l ON l.owner_id = w.owner_id GROUP BY l.unit_id
),
faces AS (
    SELECT l.unit_id, count(*) FILTER (WHERE face = 'good') AS good, count(*) FILTER (WHERE face = 'soso') AS soso,
        count(*) FILTER (WHERE face = 'bad') AS bad
    FROM cases_satisfaction s JOIN figures_lineage l ON l.owner_id = s.unit_id WHERE s.first_on >= %(begins)s GROUP BY l.unit_id
)
INSERT INTO figures_period (unit_id, period, counted_on, asked, looked_at_due, acknowledged, due, in_time, reopened, answered,
    median_working_days, waiting, overdue, good, soso, bad)
SELECT u.unit_id, %(period)s, %(on)s, coalesce(s.asked, 0), coalesce(s.looked_at_due, 0), coalesce(s.acknowledged, 0),
    coalesce(s.due, 0), coalesce(s.in_time, 0), coalesce(s.reopened, 0), coalesce(t.answered, 0), t.middle,
    coalesce(w.waiting, 0), coalesce(w.overdue, 0), coalesce(f.good, 0), coalesce(f.soso, 0), coalesce(f.bad, 0)
FROM (SELECT DISTINCT unit_id FROM figures_lineage) u
LEFT JOIN summed s USING (unit_id) LEFT JOIN took t USING (unit_id) LEFT JOIN open_now w USING (unit_id) LEFT JOIN faces f USING (unit_id)
"""
