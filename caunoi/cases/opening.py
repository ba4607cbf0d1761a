"""Cases are opened, one or many at once: what they have in common (the tree, the table of deadlines, the rules) is read once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from caunoi.answers.rules import title_of
from caunoi.cases import clockwork, ground, proposals, rules
from caunoi.cases.models import Case, Step
from caunoi.cases.routes import ROUTES
from caunoi.cases.terms import Kind, Origin, Sensitive, StepKind
from caunoi.kit import audit, clock, keyring
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

MAX_TEXT = 10_000
NEXT_NUMBERS = """
INSERT INTO cases_serial (province, year, last) VALUES (%s, %s, %s)
ON CONFLICT (province, year) DO UPDATE SET last = cases_serial.last + excluded.last
RETURNING last
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a case is opened from; the words are those of ``actions.open_case``."""

    unit_id: UUID
    text: str
    origin: Origin
    origin_ref: str
    channel_id: UUID | None = None
    thread_id: UUID | None = None
    asker_name: str = ""
    contact: str = ""
    place: str = ""
    topic: str = ""
    is_public: bool = True
    kind: Kind | None = None


@transaction.atomic
def open_cases(
    asked: Sequence[NewCase], *, at: datetime, by: Viewer | None = None
) -> list[tuple[Case, bool]]:
    """Open each of these once per ``origin_ref``, with numbers in their order. -> each case, and whether it is new.

    Takes about fifteen statements, however many there are. Numbers are taken last before the cases are stored: until the
    transaction ends nobody else gets one of that province.
    """
    known = {
        case.origin_ref: case
        for case in Case.objects.filter(origin_ref__in={a.origin_ref for a in asked})
    }
    fresh: dict[str, Case] = {}
    for one in asked:
        if one.origin_ref not in known and one.origin_ref not in fresh:
            fresh[one.origin_ref] = _case(one, at)
    if fresh:
        _store(list(fresh.values()), by=by, at=at)
    new = set(fresh)
    found = []
    for one in asked:
        found.append(({**known, **fresh}[one.origin_ref], one.origin_ref in new))
        new.discard(one.origin_ref)
    return found


def _case(asked: NewCase, at: datetime) -> Case:
    """Return the case without what is read for all of them together: number, deadline."""
    text = clean(asked.text)[:MAX_TEXT]
    kind = asked.kind or rules.kind_of(text)
    sensitive = rules.sensitive_of(kind)
    case = Case(
        follow_code="".join(secrets.choice(rules.ALPHABET) for _ in range(8)),
        origin=asked.origin.value,
        origin_ref=asked.origin_ref,
        channel_id=asked.channel_id,
        thread_id=asked.thread_id,
        owner_id=ground.home_of(unit_id=asked.unit_id, kind=kind, at=at),
        opened_unit_id=asked.unit_id,
        kind=kind.value,
        sensitive=sensitive.value,
        is_public=asked.is_public and sensitive == Sensitive.NO,
        title=title_of(text)[:160],
        text=text,
        topic=asked.topic,
        place=clean(asked.place)[:160],
        asker_name=clean(asked.asker_name)[:120],
        opened_at=at,
    )
    if asked.contact:
        case.sealed_contact = keyring.load().seal(clean(asked.contact), context=f"case:{case.pk}")
    return case


def _store(cases: Sequence[Case], *, by: Viewer | None, at: datetime) -> None:
    """Keep the cases with their openings on record, ring where lives may be at stake, and propose who is competent."""
    on = clock.local_date(at)
    dues = {k: clockwork.first_due(kind=Kind(k), at=at) for k in {c.kind for c in cases}}
    for case in cases:
        case.deadline_code, case.due_at = dues[case.kind]
    lineages = units.lineages_of(
        unit_ids={u for c in cases for u in (c.owner_id, c.opened_unit_id)}, on=on
    )
    plain = [c for c in cases if not rules.is_sealed(c.kind)]
    book = routing.rulebook(lineages=lineages, on=on, with_topics=any(not c.topic for c in plain))
    _number(cases, lineages, on)
    Case.objects.bulk_create(cases)
    _note(cases, by=by, at=at)
    for case in cases:
        if ROUTES[Kind(case.kind)].pages:
            ground.ring_for(case, at=at)
    proposals.propose_for_new(plain, book=book, at=at)


def _number(cases: Sequence[Case], lineages: Mapping[UUID, Sequence[UnitNow]], on: date) -> None:
    """Give each case the next number of its unit's province and this year; the counter row is the lock."""
    of_province: dict[str, list[Case]] = {}
    for case in cases:
        letters = _letters(case.opened_unit_id, lineages, on)
        of_province.setdefault(letters, []).append(case)
    for letters in sorted(of_province):
        group = of_province[letters]
        with connection.cursor() as cursor:
            cursor.execute(NEXT_NUMBERS, [letters, on.year, len(group)])
            first = cursor.fetchone()[0] - len(group) + 1
        for serial, case in enumerate(group, start=first):
            case.number = rules.case_number(province=letters, year=on.year, serial=serial)


def _letters(unit_id: UUID, lineages: Mapping[UUID, Sequence[UnitNow]], on: date) -> str:
    root = lineages[unit_id][0] if unit_id in lineages else units.latest(unit_id=unit_id, on=on)
    return rules.province_letters(root.name) if root and root.level == Level.PROVINCE else "X"


def _note(cases: Sequence[Case], *, by: Viewer | None, at: datetime) -> None:
    """Write the opening on each timeline and in the audit trail, and tell other systems."""
    ground.tell(cases, StepKind.OPENED, at=at)
    account = by.account_id if by else None
    Step.objects.bulk_create(
        [
            Step(case=c, kind=StepKind.OPENED.value, at=at, by_id=account, unit_id=c.owner_id)
            for c in cases
        ]
    )
    audit.record_all(
        [
            audit.entry(
                "cases.case.opened",
                on=c,
                by=by,
                at=at,
                unit_id=c.owner_id,
                after={"number": c.number, "origin": c.origin, "kind": c.kind},
            )
            for c in cases
        ]
    )
