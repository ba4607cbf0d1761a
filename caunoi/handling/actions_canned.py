"""Writes about canned answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.handling import rules
from caunoi.handling.models import CannedAnswer
from caunoi.handling.terms import NotYourUnit, ShortcutTaken, UnknownPlaceholder
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@transaction.atomic
def save_canned(
    *,
    unit_id: UUID,
    title: str,
    shortcut: str,
    text: str,
    by: Viewer,
    at: datetime,
    topic: str = "",
    is_active: bool = True,
    canned: CannedAnswer | None = None,
) -> CannedAnswer:
    """Add a canned answer of a unit, or change one; the units below may use it too.

    Raises NotYourUnit, ShortcutTaken, UnknownPlaceholder
    """
    _check(unit_id, by, at)
    if canned is not None and canned.unit_id != unit_id:
        _check(canned.unit_id, by, at)
    if unknown := rules.unknown_placeholders(text):
        raise UnknownPlaceholder("In braces only: {số} {tên} {đơn vị} {hạn}.", unknown)
    same = CannedAnswer.objects.filter(unit_id=unit_id, shortcut=shortcut)
    if (same.exclude(pk=canned.pk) if canned else same).exists():
        raise ShortcutTaken("The unit has another answer under this shortcut.")
    canned = canned or CannedAnswer()
    canned.unit_id, canned.shortcut, canned.topic = unit_id, shortcut, topic
    canned.title, canned.text = clean(title).strip()[:80], clean(text).strip()
    canned.is_active, canned.changed_at, canned.changed_by_id = is_active, at, by.account_id
    canned.save()
    audit.record("handling.canned.saved", on=canned, by=by, at=at, unit_id=unit_id)
    return canned


def _check(unit_id: UUID, by: Viewer, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.CANNED_MANAGE, path):
        raise NotYourUnit("You look after the canned answers of your own units only.")
