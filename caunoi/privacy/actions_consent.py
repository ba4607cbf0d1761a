"""What people are told before they give their data, and which words a case's asker saw."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from caunoi.cases.models import Case
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.privacy.models import ConsentText, Told
from caunoi.privacy.terms import NeedsReason, NotYours
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@transaction.atomic
def publish(*, unit_id: UUID, channel: str, text: str, by: Viewer, at: datetime) -> ConsentText:
    """Let these words be told from now on in the unit and below, on that kind of channel (empty: on all). Raises NotYours, NeedsReason."""
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.PRIVACY_MANAGE, path):
        raise NotYours("You may not write what this unit tells people.")
    if not text.strip():
        raise NeedsReason("The text is empty.")
    known = ConsentText.objects.filter(unit_id=unit_id, channel=channel)
    last = known.aggregate(n=Max("version"))["n"] or 0
    written = ConsentText.objects.create(
        unit_id=unit_id,
        channel=channel,
        version=last + 1,
        text=clean(text).strip(),
        at=at,
        by_id=by.account_id,
    )
    told = {"channel": channel, "version": last + 1}
    audit.record("privacy.text.published", on=written, by=by, at=at, unit_id=unit_id, after=told)
    return written


def text_for(*, unit_id: UUID, channel: str, at: datetime) -> ConsentText | None:
    """Return what is told now: the unit's own words for that channel, else for all; else those of the units above; else everybody's.

    None when nobody has written any: a question is taken in all the same.
    """
    return texts_for({(unit_id, channel)}, at=at)[unit_id, channel]


def texts_for(
    asked: Collection[tuple[UUID, str]], *, at: datetime
) -> dict[tuple[UUID, str], ConsentText | None]:
    """Return the same for many pairs of unit and channel, in three queries."""
    lineages = units.lineages_of(unit_ids={u for u, _ in asked}, on=clock.local_date(at))
    nearest_first: dict[UUID, list[UUID | None]] = {
        u: [*(x.id for x in reversed(lineages.get(u, ()))), None] for u, _ in asked
    }
    for unit_id, order in nearest_first.items():
        if unit_id not in order:
            order.insert(0, unit_id)
    around = {u for order in nearest_first.values() for u in order if u}
    told = ConsentText.objects.filter(channel__in={"", *(c for _, c in asked)})
    found = list(told.filter(unit_id__in=around) | told.filter(unit=None))
    return {(u, c): _nearest(found, nearest_first[u], c) for u, c in asked}


def _nearest(
    found: Sequence[ConsentText], order: Sequence[UUID | None], channel: str
) -> ConsentText | None:
    fitting = [t for t in found if t.unit_id in order and t.channel in {channel, ""}]
    return min(
        fitting,
        key=lambda t: (order.index(t.unit_id), t.channel != channel, -t.version),
        default=None,
    )


def words_for(*, unit_id: UUID, channel: str, at: datetime) -> str:
    """Return the same as plain words, empty when nobody has written any."""
    text = text_for(unit_id=unit_id, channel=channel, at=at)
    return text.text if text else ""


def note_told(*, case: Case, channel: str, at: datetime) -> None:
    """Keep which words the asker of the case was shown or sent. Idempotent by case; part of the transaction that opened it."""
    note_all_told([(case, channel)], at=at)


def note_all_told(told: Sequence[tuple[Case, str]], *, at: datetime) -> None:
    """Keep the same for many cases, each with the kind of channel its asker used."""
    texts = texts_for({(case.opened_unit_id, channel) for case, channel in told}, at=at)
    rows = [
        Told(case=case, text=text, at=at)
        for case, channel in told
        if (text := texts[case.opened_unit_id, channel]) is not None
    ]
    if rows:
        Told.objects.bulk_create(rows, ignore_conflicts=True)
