"""Beginning a notice from another one: repeated, taken up by an upper unit, or put right."""

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.notices import actions, queries
from caunoi.notices.models import Notice
from caunoi.notices.terms import Audience, Fields, Line, NoticeKind, NoticeState, OutOfReach, Reach
from caunoi.units import heirs
from caunoi.units import queries as units

S = NoticeState


@transaction.atomic
def duplicate_notice(*, notice: Notice, unit_id: UUID, by: Viewer, at: datetime) -> Notice:
    """Begin a new draft with the same words, pictures, files and audience; as one of the same series. Raises NotYourNotice."""
    if notice.series_id is None:
        Notice.objects.filter(pk=notice.pk, series_id=None).update(series_id=uuid.uuid4())
        notice.refresh_from_db(fields=["series_id"])
    same = unit_id == speaker_of(notice, at)
    made = _copy(notice, unit_id, by, at, same_audience=same)
    made.series_id = notice.series_id
    made.save(update_fields=["series_id"])
    return made


@transaction.atomic
def adopt_notice(*, notice: Notice, unit_id: UUID, by: Viewer, at: datetime) -> Notice:
    """Begin a draft of an upper unit from what a lower one published; the page credits it. Raises NotYourNotice, WrongState, OutOfReach."""
    actions.must_be(notice, S.SENDING, S.DONE, S.EXPIRED)
    speaks = speaker_of(notice, at)
    below = units.within(unit_id=speaks, root_id=unit_id, on=clock.local_date(at))
    if notice.audience != Audience.PUBLIC or speaks == unit_id or not below:
        raise OutOfReach("Only what a unit below yours told everybody can be taken up.")
    made = _copy(notice, unit_id, by, at, same_audience=False)
    made.adopted_from = notice
    made.save(update_fields=["adopted_from"])
    return made


@transaction.atomic
def correct_notice(*, notice: Notice, by: Viewer, at: datetime) -> Notice:
    """Begin a draft that puts right what this notice said; once it is out the old page leads to it. Raises NotYourNotice, WrongState."""
    actions.must_be(notice, S.SENDING, S.DONE, S.EXPIRED, S.RECALLED)
    made = _copy(notice, speaker_of(notice, at), by, at, same_audience=True)
    made.corrects = notice
    made.save(update_fields=["corrects"])
    return made


def speaker_of(notice: Notice, at: datetime) -> UUID:
    """Return the unit that speaks for the notice's on that day: itself while it lives, else whoever looks after what it said."""
    path = heirs.desk_of(unit_id=notice.unit_id, on=clock.local_date(at))
    return UUID(path.split(".")[-1]) if path else notice.unit_id


def _lines_of(notice: Notice, unit_id: UUID, at: datetime) -> list[Line] | None:
    """Return for whom the notice was, as of today: a unit that ended is named by whoever took it over; None when nobody is left."""
    on = clock.local_date(at)
    found: dict[UUID, Line] = {}
    for x in queries.lines_of(notice=notice):
        today = queries.speaker_of(unit_id=x.unit_id, on=on)
        if today:
            found.setdefault(
                today, Line(today, Reach(x.reach), tuple(x.levels), tuple(x.connector_keys))
            )
    paths = units.paths_of(unit_ids=[*found, unit_id], on=on)
    root = paths.get(unit_id, "none")
    inside = [x for pk, x in found.items() if f"{paths[pk]}.".startswith(f"{root}.")]
    return inside or None


def _copy(
    notice: Notice, unit_id: UUID, by: Viewer, at: datetime, *, same_audience: bool
) -> Notice:
    fields = Fields(
        kind=NoticeKind(notice.kind),
        title=notice.title,
        short_text=notice.short_text,
        long_text=notice.long_text,
        link=notice.link,
        details=notice.details,
        wordings=queries.wordings_of(notice=notice),
    )
    made = actions.create_notice(
        unit_id=unit_id,
        fields=fields,
        audience=Audience(notice.audience),
        lines=_lines_of(notice, unit_id, at) if same_audience else None,
        by=by,
        at=at,
    )
    carried: list[Any] = [*notice.pictures.all(), *notice.attachments.all()]
    for thing in carried:
        thing.pk, thing.notice = uuid.uuid4(), made
        thing._state.adding = True
        thing.save(force_insert=True)
    return made
