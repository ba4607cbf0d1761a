"""Reads for city apps: only what everybody may read on our own pages, personal data masked."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from caunoi.answers import queries as answers
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.rules import redact
from caunoi.answers.terms import AnswerState
from caunoi.cases.models import Case, Step
from caunoi.cases.rules import NEVER_PUBLIC, UNFINISHED
from caunoi.cases.terms import PUBLIC_STEPS, StepKind
from caunoi.files import queries as files
from caunoi.journeys import case_words
from caunoi.kit.viewing import system
from caunoi.open311.terms import GUARDED, MAX_ROWS, NO_TOPIC, Status, Window
from caunoi.routing import queries as routing
from caunoi.units import queries as units

PUBLIC = "public service requests"
Row = dict[str, Any]
FINISHING = frozenset({StepKind.ANSWERED, StepKind.CLOSED, StepKind.HANDED_OVER})


def _public() -> QuerySet[Case]:
    return Case.objects.filter(is_public=True).exclude(kind__in=[k.value for k in NEVER_PUBLIC])


@system(PUBLIC)
def service_requests(
    *,
    window: Window,
    on: date,
    unit_id: UUID | None = None,
    codes: Collection[str] = (),
    status: Status | None = None,
) -> list[Row]:
    """Return what was asked in that time, newest first, at most 1,000 rows."""
    found = _public().filter(opened_at__gte=window.start, opened_at__lte=window.end)
    if unit_id is not None:
        paths = units.paths_of(unit_ids=[unit_id], on=on).values()
        found = found.filter(owner_id__in=units.subtree_filter(paths=paths, on=on))
    if codes:
        found = found.filter(topic__in=["" if c == NO_TOPIC else c for c in codes])
    if status is not None:
        waits = Q(state__in=[s.value for s in UNFINISHED])
        found = found.filter(waits) if status == Status.OPEN else found.exclude(waits)
    return _rows(list(found.order_by("-opened_at", "pk").defer("words")[:MAX_ROWS]), on)


@system(PUBLIC)
def requests_by_number(*, numbers: Collection[str], on: date) -> list[Row]:
    """Return those of these that are public, newest first."""
    found = _public().filter(number__in=list(numbers)[:MAX_ROWS])
    return _rows(list(found.order_by("-opened_at", "pk").defer("words")), on)


def _rows(found: list[Case], on: date) -> list[Row]:
    """Write the cases down, in five queries however many there are."""
    published = _published(c.number for c in found)
    names = units.names_of(unit_ids={c.owner_id for c in found}, on=on)
    topics = {t.code: t.name for t in routing.topics(all_of_them=True)}
    public = [k.value for k in PUBLIC_STEPS]
    steps = Step.objects.filter(case__in=[c.pk for c in found], kind__in=public)
    photos: dict[UUID | None, str] = {}
    for photo in files.released_of(case_ids=[c.pk for c in found]):
        photos.setdefault(photo.case_id, str(photo.pk))
    changed = dict(steps.order_by().values_list("case_id").annotate(at=Max("at")))
    return [
        _row(
            c,
            answer=published.get(c.number),
            unit=names.get(c.owner_id, ""),
            topic=topics.get(c.topic, ""),
            changed_at=changed.get(c.pk, c.opened_at),
            photo=photos.get(c.pk, ""),
        )
        for c in found
    ]


def _published(numbers: Iterable[str]) -> dict[str, PublishedAnswer]:
    return {a.number: a for a in answers.by_numbers(numbers=list(numbers))}


def _row(
    case: Case,
    *,
    answer: PublishedAnswer | None,
    unit: str,
    topic: str,
    changed_at: datetime,
    photo: str,
) -> Row:
    """Only fields the standard names. Where exactly somebody lives or stood is told nobody; of photos the first an officer released."""
    question = answer.question if answer else redact(case.text, names=(case.asker_name,)).text
    return {
        "service_request_id": case.number,
        "status": (Status.OPEN if case.state in UNFINISHED else Status.CLOSED).value,
        "status_notes": answer.answer if answer else "",
        "service_name": topic or _("Topic not known yet"),
        "service_code": case.topic or NO_TOPIC,
        "description": question,
        "agency_responsible": answer.agency if answer else unit,
        "service_notice": "",
        "requested_datetime": case.opened_at,
        "updated_datetime": changed_at,
        "expected_datetime": case.due_at,
        "address": unit,
        "address_id": "",
        "zipcode": "",
        "lat": "",
        "long": "",
        "media_url": f"{settings.PUBLIC_URL}/hoi/{case.number}/tep/{photo}/" if photo else "",
    }


@system(PUBLIC)
def updates(*, window: Window, on: date, unit_id: UUID | None = None) -> list[Row]:
    """Return what happened to public questions in that time, newest first, at most 1,000 rows."""
    found = Step.objects.filter(
        at__gte=window.start,
        at__lte=window.end,
        kind__in=[k.value for k in PUBLIC_STEPS],
        case__is_public=True,
    ).exclude(case__kind__in=[k.value for k in NEVER_PUBLIC])
    if unit_id is not None:
        paths = units.paths_of(unit_ids=[unit_id], on=on).values()
        found = found.filter(case__owner_id__in=units.subtree_filter(paths=paths, on=on))
    steps = list(found.select_related("case").order_by("-at", "-pk")[:MAX_ROWS])
    names = units.names_of(unit_ids={s.to_unit_id for s in steps if s.to_unit_id}, on=on)
    published = _published({s.case.number for s in steps if s.kind == StepKind.ANSWERED})
    return [_update(s, names, published) for s in steps]


def _update(step: Step, names: dict[UUID, str], published: dict[str, PublishedAnswer]) -> Row:
    to = step.to_name or (names.get(step.to_unit_id, "") if step.to_unit_id else "")
    titles = {
        StepKind.OPENED: _("Received"),
        StepKind.REFERRED: _("Referred to %(unit)s") % {"unit": to},
        StepKind.ANSWERED: _("Answered"),
        StepKind.CLOSED: _("Closed"),
        StepKind.REOPENED: _("Taken up again"),
    } | case_words.more_titles(step, to)
    kind = StepKind(step.kind)
    answer = published.get(step.case.number) if kind == StepKind.ANSWERED else None
    shown = answer is not None and answer.state != AnswerState.WITHDRAWN
    return {
        "update_id": str(step.pk),
        "service_request_id": step.case.number,
        "status": (Status.CLOSED if kind in FINISHING else Status.OPEN).value,
        "updated_datetime": step.at,
        "description": answer.answer if shown and answer else titles[kind],
        "media_url": "",
    }


@system(PUBLIC)
def services() -> list[Row]:
    """Return the services: one for each topic in use, and one for what has no topic yet."""
    offered = [t for t in routing.topics() if t.code not in GUARDED]
    known = [(t.code, t.name, t.keywords) for t in offered]
    rows = [_service(code, name, keywords) for code, name, keywords in known]
    return [*rows, _service(NO_TOPIC, _("Topic not known yet"), "")]


def _service(code: str, name: str, keywords: str) -> Row:
    return {
        "service_code": code,
        "service_name": name,
        "description": _("Questions and reports about: %(topic)s") % {"topic": name.lower()},
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(w.strip() for w in keywords.replace("|", ",").split(",") if w.strip()),
        "group": _("People ask, the Front answers"),
    }
