"""What people are told before they give their data, and which words a case's asker saw."""

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
    above = units.ancestors(unit_id=unit_id, on=clock.local_date(at))
    order: list[UUID | None] = [unit_id, *(u.id for u in reversed(above)), None]
    found = ConsentText.objects.filter(channel__in=[channel, ""])
    found = found.filter(unit_id__in=[u for u in order if u]) | found.filter(unit=None)
    best = sorted(found, key=lambda t: (order.index(t.unit_id), t.channel != channel, -t.version))
    return best[0] if best else None


def words_for(*, unit_id: UUID, channel: str, at: datetime) -> str:
    """Return the same as plain words, empty when nobody has written any."""
    text = text_for(unit_id=unit_id, channel=channel, at=at)
    return text.text if text else ""


def note_told(*, case: Case, channel: str, at: datetime) -> None:
    """Keep which words the asker of the case was shown or sent. Idempotent by case; part of the transaction that opened it."""
    text = text_for(unit_id=case.opened_unit_id, channel=channel, at=at)
    if text is not None:
        Told.objects.get_or_create(case=case, defaults={"text": text, "at": at})
