"""Writes about voter meetings: entering one, keeping its petitions."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from caunoi.cases import actions as cases
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.cases.terms import Kind, Origin
from caunoi.kit import audit, clock
from caunoi.kit.text import clean, fold
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.voters.models import VoterMeeting, VoterPetition
from caunoi.voters.terms import Delegates, NothingToKeep, NotYourMeeting, Row

SEALED_HERE = frozenset({Kind.DENUNCIATION, Kind.TIP_OFF})
"""A petition that accuses somebody or tips off is not read out on a public list."""


@transaction.atomic
def hold_meeting(
    *,
    unit_id: UUID,
    held_on: date,
    place: str,
    level: Delegates,
    delegates: str,
    by: Viewer,
    at: datetime,
    minutes_number: str = "",
    record: str = "",
) -> VoterMeeting:
    """Enter one meeting of that unit. Raises NotYourMeeting."""
    held_by = _check(unit_id, by, at)
    meeting = VoterMeeting.objects.create(
        unit_id=held_by,
        held_on=held_on,
        place=clean(place).strip()[:160],
        level=level.value,
        delegates=clean(delegates).strip()[:400],
        minutes_number=clean(minutes_number).strip()[:80],
        record=clean(record).strip(),
        entered_at=at,
        entered_by_id=by.account_id,
    )
    audit.record("voters.meeting.entered", on=meeting, by=by, at=at, unit_id=held_by)
    return meeting


@transaction.atomic
def keep_petitions(
    *, meeting: VoterMeeting, rows: Sequence[Row], by: Viewer, at: datetime
) -> list[Case]:
    """Open one case for each petition that has no problem, all or none; the same words at the same meeting are one case.

    -> the cases that are new. Raises NotYourMeeting, NothingToKeep
    """
    takes_in = _check(meeting.unit_id, by, at)
    good = [row for row in rows if not row.problem]
    if not good:
        raise NothingToKeep("There is no petition to keep.")
    VoterMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    last = meeting.petitions.aggregate(n=Max("place_in_list"))["n"] or 0
    opened: list[Case] = []
    for row in good:
        case, new = _open(meeting, row, takes_in, by, at)
        if new:
            last += 1
            VoterPetition.objects.create(meeting=meeting, case=case, place_in_list=last)
            opened.append(case)
    audit.record(
        "voters.petitions.kept",
        on=meeting,
        by=by,
        at=at,
        unit_id=meeting.unit_id,
        after={"new": len(opened), "lines": len(good)},
    )
    return opened


def _open(
    meeting: VoterMeeting, row: Row, unit_id: UUID, by: Viewer, at: datetime
) -> tuple[Case, bool]:
    words = hashlib.sha256(fold(row.text).encode()).hexdigest()[:40]
    return cases.open_case(
        unit_id=unit_id,
        text=row.text,
        origin=Origin.VOTER_MEETING,
        origin_ref=f"voter:{meeting.pk}:{words}",
        asker_name=row.name,
        place=row.place or meeting.place,
        kind=kind_of(row.text),
        by=by,
        at=at,
    )


def kind_of(text: str) -> Kind:
    """Return voters' petition, or the sealed kind of which the words show a sign."""
    proposed = case_rules.kind_of(text)
    return proposed if proposed in SEALED_HERE else Kind.VOTER_PETITION


def _check(unit_id: UUID, by: Viewer, at: datetime) -> UUID:
    """Return the unit that takes in what is said there: itself, or once it has ended whoever took over. Raises NotYourMeeting."""
    path = heirs.desk_of(unit_id=unit_id, on=clock.local_date(at))
    if path is None or not by.may(Permission.CASES_TAKE_IN, path):
        raise NotYourMeeting(
            "The meeting belongs to a unit in which you may not take in questions."
        )
    return UUID(path.split(".")[-1])
