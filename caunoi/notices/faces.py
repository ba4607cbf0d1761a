"""How a notice is shown in a list, here and on other rooms' pages."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.notices import queries, repetitions, rhythm, rules, words
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeKind
from caunoi.units import queries as units


def row_of(notice: Notice, unit_name: str) -> dict[str, Any]:
    """Return one notice as a list shows it."""
    tone, icon = words.TONES[notice.state]
    return {
        "notice": notice,
        "unit_name": unit_name,
        "kind": words.KINDS[notice.kind],
        "icon": words.ICONS[notice.kind],
        "state": words.STATES[notice.state],
        "tone": tone,
        "state_icon": icon,
        "waits": notice.state in rules.WAITING,
    }


def newest(*, unit_id: UUID, at: datetime, limit: int) -> list[dict[str, Any]]:
    """Return what a unit's home page shows: its newest notices and those of the units above it, warnings first."""
    found = list(queries.public_notices(unit=unit_id, at=at, with_above=True)[: limit * 2])
    found.sort(key=lambda n: n.kind != NoticeKind.WARNING)
    shown = found[:limit]
    names = units.names_of(unit_ids=[n.unit_id for n in shown], on=clock.local_date(at))
    return [row_of(n, names.get(n.unit_id, "")) for n in shown]


def again_in(
    viewer: Viewer, *, first: date, last: date, at: datetime
) -> list[tuple[date, Notice, list[time]]]:
    """Return by day what goes out again between two days and later than ``at``, each notice once a day with its times."""
    on, until = clock.local_date(at), clock.start_of(last + timedelta(days=1))
    found = []
    for notice in queries.repeating(viewer, since=first, until=last, on=on):
        # what it sends the first time stands there already, under its own moment
        own = at if notice.published_at else notice.publish_at or at
        after = max(clock.start_of(first) - timedelta(seconds=1), at, own)
        coming = rhythm.moments(
            repetitions.rhythm_of(notice.repetition),
            after=after,
            until=until - timedelta(seconds=1),
        )
        found += [
            (day, notice, [clock.local(m).time() for m in some])
            for day, some in groupby(coming, key=clock.local_date)
        ]
    return found
