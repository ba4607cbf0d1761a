"""The proof board's statements: where every unit below one stands with a notice, in one grouped statement however many there are.

Units are those of the audience and every other one from which something was heard, in the tree of the day on which the notice went out, and
a send counts for the unit that held its channel then, so that the numbers read as they were after any reform.
``rules.group_of`` and ``rules.standing`` say the same in Python; a test holds both together.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection

from caunoi.channels import registry
from caunoi.channels.contract import Capability, PostKind
from caunoi.kit import clock
from caunoi.notices import queries as notices
from caunoi.notices.models import Notice
from caunoi.receipts import rules
from caunoi.receipts.terms import Group, Standing, Tally
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

NOBODY = "SELECT NULL::uuid AS id WHERE false"
_SAID = "".join(f" WHEN '{state}' THEN '{group}'" for state, group in rules.GROUPS.items())

_STANDS = """
WITH below AS MATERIALIZED (
    SELECT unit_id, path, split_part(path::text, '.', %(part)s) AS child, full_name, sort_key, parent_id FROM ({below}) b),
held AS NOT MATERIALIZED (
    SELECT c.id, c.connector_key, coalesce(
        (SELECT h.unit_id FROM channels_pastholder h WHERE h.channel_id = c.id AND h.until > %(out_at)s ORDER BY h.until LIMIT 1),
        c.unit_id) AS unit_id
    FROM channels_channel c),
audience AS MATERIALIZED (SELECT id FROM ({audience}) a (id)),
sends AS MATERIALIZED (
    SELECT DISTINCT ON (m.channel_id, m.target_ref) c.unit_id, c.connector_key, m.sent_at,
        CASE WHEN m.declared_by_id IS NOT NULL AND m.state IN ('sent', 'confirmed') THEN 'declared'
            ELSE CASE m.state{said} END END AS said
    FROM outbox_outboundmessage m JOIN held c ON c.id = m.channel_id
    WHERE m.reference = %(reference)s AND m.kind = %(publication)s
    ORDER BY m.channel_id, m.target_ref, m.seq DESC),
posts AS (
    SELECT unit_id, bool_or(said IN ('posted', 'declared')) AS is_out, bool_or(said = 'declared') AS by_hand,
        bool_or(said = 'uncertain') AS uncertain, bool_or(said = 'handed') AS handed,
        bool_or(said = 'waiting') AS waiting, bool_or(said = 'failed') AS failed
    FROM sends WHERE connector_key <> ALL(%(kept)s) GROUP BY unit_id),
words AS (
    SELECT unit_id, bool_or(acknowledged_at IS NOT NULL) AS acknowledged FROM receipts_acknowledgement
    WHERE notice_id = %(notice)s GROUP BY unit_id),
readings AS (SELECT DISTINCT unit_id FROM receipts_reading WHERE notice_id = %(notice)s),
links AS (
    SELECT c.unit_id, sum(l.opened_total) AS opened FROM receipts_shortlink l JOIN held c ON c.id = l.channel_id
    WHERE l.notice_id = %(notice)s GROUP BY c.unit_id),
taken AS (SELECT DISTINCT unit_id FROM notices_notice WHERE adopted_from_id = %(notice)s AND published_at IS NOT NULL),
stands AS MATERIALIZED (
    SELECT b.unit_id, b.child, b.full_name, b.sort_key, b.parent_id, CASE
            WHEN w.acknowledged THEN 'acknowledged' WHEN p.is_out OR r.unit_id IS NOT NULL THEN 'delivered'
            WHEN p.uncertain THEN 'uncertain' WHEN p.handed THEN 'handed' WHEN p.waiting THEN 'waiting'
            WHEN p.failed THEN 'failed' ELSE 'nothing' END AS standing,
        coalesce(l.opened, 0) AS opened, coalesce(p.by_hand, false) OR t.unit_id IS NOT NULL AS reposted
    FROM below b
    LEFT JOIN audience a ON a.id = b.unit_id LEFT JOIN posts p ON p.unit_id = b.unit_id
    LEFT JOIN words w ON w.unit_id = b.unit_id LEFT JOIN readings r ON r.unit_id = b.unit_id
    LEFT JOIN links l ON l.unit_id = b.unit_id LEFT JOIN taken t ON t.unit_id = b.unit_id
    WHERE coalesce(a.id, p.unit_id, w.unit_id, r.unit_id) IS NOT NULL)
"""
_TALLIES = (
    _STANDS
    + """
SELECT child, '', standing, count(*), sum(opened), count(*) FILTER (WHERE reposted) FROM stands GROUP BY child, standing
UNION ALL
SELECT b.child, s.connector_key, s.said, count(*), 0, 0 FROM sends s JOIN below b ON b.unit_id = s.unit_id
GROUP BY b.child, s.connector_key, s.said
"""
)
_SILENT = (
    _STANDS
    + """
SELECT s.unit_id, s.full_name, s.standing, p.full_name, u.slug, count(*) OVER ()
FROM stands s JOIN units_unit u ON u.id = s.unit_id
LEFT JOIN units_unitversion p ON p.unit_id = s.parent_id AND p.valid @> %(on)s::date
WHERE s.standing = ANY(%(standings)s)
ORDER BY p.sort_key, p.unit_id, s.sort_key, s.unit_id LIMIT %(limit)s OFFSET %(offset)s
"""
)


@dataclass(frozen=True, slots=True)
class Silent:
    """One unit from which nothing was heard in time, and the unit above it."""

    unit_id: UUID
    name: str
    standing: Standing
    above: str
    slug: str
    former: str = ""


def day_of(notice: Notice, *, at: datetime) -> date:
    """Return the day whose tree the board is read in: when the notice went out, today while it did not."""
    return clock.local_date(notice.published_at or at)


def reference_of(notice: Notice) -> str:
    """Return the reference that the sends of a notice bear."""
    return f"notice:{notice.pk}"


def silent_standings(notice: Notice, *, at: datetime) -> list[Standing]:
    """Return where a unit may stand and count as silent now; nothing in the first 48 hours."""
    return [
        there
        for there in Standing
        if rules.is_silent(
            there,
            sent_at=notice.published_at,
            at=at,
            must_acknowledge=notice.must_acknowledge,
        )
    ]


def tallies(*, notice: Notice, root: UnitNow, at: datetime) -> dict[UUID | None, Tally]:
    """Return the sums of each branch right below ``root`` by the unit it begins with, and under None the root's very own; one statement."""
    silent = set(silent_standings(notice, at=at))
    found: dict[UUID | None, Tally] = {}
    for child, key, word, count, opened, reposted in _ask(_TALLIES, notice, root, at):
        of_this = found.setdefault(UUID(child) if child else None, Tally())
        if key:
            part = Tally(sends={(key, Group(word)): count})
        else:
            there = Standing(word)
            part = Tally({there: count}, count if there in silent else 0, reposted, int(opened))
        found[UUID(child) if child else None] = of_this + part
    return found


def silent(
    *, notice: Notice, root: UnitNow, at: datetime, limit: int | None = None, offset: int = 0
) -> tuple[list[Silent], int]:
    """Return one page of the units from which nothing was heard, by the unit above and their name, and how many there are in all."""
    standings = [s.value for s in silent_standings(notice, at=at)]
    if not standings:
        return [], 0
    more = {"standings": standings, "limit": limit, "offset": offset}
    rows = _ask(_SILENT, notice, root, at, **more)
    found = [Silent(row[0], row[1], Standing(row[2]), row[3] or "", row[4]) for row in rows]
    alike = Counter((s.name, s.above) for s in found)
    twice = [s.unit_id for s in found if alike[s.name, s.above] > 1]
    former = heirs.former_parents(unit_ids=twice, on=day_of(notice, at=at)) if twice else {}
    found = [replace(s, former=former.get(s.unit_id, "")) for s in found]
    return found, rows[0][5] if rows else 0


def _ask(statement: str, notice: Notice, root: UnitNow, at: datetime, **more: Any) -> list[tuple]:
    on = day_of(notice, at=at)
    columns = ("unit_id", "path", "full_name", "sort_key", "parent_id")
    below = units.subtree_filter(paths=[root.path], on=on).values_list(*columns)
    below_sql, named = _named(below.query, "b")
    audience_sql, of_audience = _audience(notice, on)
    given = named | of_audience | more
    given |= {
        "part": root.path.count(".") + 2,
        "reference": reference_of(notice),
        "publication": PostKind.PUBLICATION.value,
        "kept": _shown_here(),
        "notice": notice.pk,
        "on": on,
        "out_at": notice.published_at or at,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(below=below_sql, audience=audience_sql, said=_SAID), given)
        return list(cursor.fetchall())


def _shown_here() -> list[str]:
    """Kinds of channels that the house shows itself: whoever does not come by sees nothing of them."""
    return list(registry.kinds_that(Capability.SHOWN_HERE))


def _audience(notice: Notice, on: date) -> tuple[str, dict[str, Any]]:
    try:
        return _named(
            notices.audience_units(notice=notice, on=on).order_by().values("pk").query, "a"
        )
    except EmptyResultSet:
        return NOBODY, {}


def _named(query: Any, prefix: str) -> tuple[str, dict[str, Any]]:
    """Return a query's statement with its values by name, to stand inside another one."""
    statement, values = query.sql_with_params()
    named = {f"{prefix}{n}": value for n, value in enumerate(values)}
    return statement % tuple(f"%({name})s" for name in named), named
