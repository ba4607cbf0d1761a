"""A unit ends while agencies are attached to it and rules name it: agencies go on or end, rules go on from the day."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Model, Q, QuerySet, Value
from django.db.models.functions import Greatest

from caunoi.kit import audit
from caunoi.kit.viewing import system
from caunoi.routing.models import Body, Rule
from caunoi.units.models import Unit


@dataclass(frozen=True, slots=True)
class Passing:
    """One agency that goes to a successor under a name, or (None) ends."""

    body_id: UUID
    to_unit_id: UUID | None
    name: str = ""


@system("a reform is prepared by whoever manages the units")
def bodies_of(*, unit_ids: Collection[UUID], on: date) -> list[Body]:
    """Return the agencies attached to these units that work on that day or later, by name."""
    running = Q(valid_until=None) | Q(valid_until__gt=on)
    return list(Body.objects.filter(running, unit_id__in=unit_ids).order_by("sort_key", "pk"))


@transaction.atomic
def pass_bodies(passings: Collection[Passing], *, on: date, at: datetime) -> int:
    """Let agencies be attached to the successors, or end on the day. -> how many changed, in as many statements. Idempotent.

    Where the successor has an agency for the same office, that one answers for the office and this one keeps its name only.
    """
    wanted = {p.body_id: p for p in passings}
    held = Body.objects.select_for_update(of=("self",), no_key=True)
    rows = list(held.filter(pk__in=list(wanted)).order_by("pk"))
    there = Body.objects.filter(
        unit_id__in={p.to_unit_id for p in passings if p.to_unit_id}, valid_until=None
    )
    taken = set(there.exclude(office="").values_list("unit_id", "office"))
    changed, told = [], []
    for body in rows:
        passing = wanted[body.pk]
        before = {"unit": body.unit_id, "until": body.valid_until}
        if passing.to_unit_id is None:
            body.valid_until = body.valid_until or max(on, body.valid_from)
            if body.valid_until <= body.valid_from:
                continue
        elif passing.to_unit_id != body.unit_id:
            body.unit_id, body.name = passing.to_unit_id, passing.name[:160] or body.name
            if body.office and (body.unit_id, body.office) in taken:
                body.office = ""
            taken.add((body.unit_id, body.office))
        after = {"unit": body.unit_id, "until": body.valid_until}
        if after != before:
            changed.append(body)
            event = "routing.body.passed"
            told.append(_told(event, body, at, body.unit_id, before=before, after=after))
    Body.objects.bulk_update(changed, ["unit", "name", "office", "valid_until"])
    audit.record_all(told)
    return len(changed)


@system("a reform is prepared by whoever manages the units: only how many")
def rule_counts(*, unit_ids: Collection[UUID], on: date) -> dict[UUID, int]:
    """Return how many rules hold from that day on for each of these places or send there; units without are left out."""
    found: Counter[UUID] = Counter()
    for field in ("place", "to_unit"):
        rows = _running(on).filter(**{f"{field}__in": list(unit_ids)}).order_by()
        found.update(dict(rows.values_list(field).annotate(n=Count("pk"))))
    return dict(found)


def _running(on: date) -> QuerySet[Rule]:
    return Rule.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on))


@transaction.atomic
def pass_rules(heirs: Mapping[UUID, UUID], *, on: date, at: datetime) -> int:
    """Let rules for these places, and rules that send to these units, hold for the successors from the day. Idempotent.

    heirs  by unit that ends, the one that takes over. The old rules end on the day and read as they were; one that says
           for the successor what another says there already is not doubled
    -> how many are new, in as many statements whatever their number
    """
    old_units = list(heirs)
    named = Q(place__in=old_units) | Q(to_unit__in=old_units)
    rows = list(_running(on).filter(named).select_for_update(of=("self",)).order_by("pk"))
    there = _running(on).filter(place__in=set(heirs.values())).exclude(pk__in=[r.pk for r in rows])
    known = {_says(rule) for rule in there}
    fresh, passed = [], Counter[UUID]()
    for rule in rows:
        after = Rule(
            topic_id=rule.topic_id,
            kind=rule.kind,
            place_id=heirs.get(rule.place_id, rule.place_id),
            to_unit_id=heirs.get(rule.to_unit_id, rule.to_unit_id) if rule.to_unit_id else None,
            to_body_id=rule.to_body_id,
            to_office=rule.to_office,
            mode=rule.mode,
            priority=rule.priority,
            legal_source=rule.legal_source,
            valid_from=max(on, rule.valid_from),
            valid_until=rule.valid_until,
        )
        if _says(after) in known:
            continue
        known.add(_says(after))
        fresh.append(after)
        named_by = rule.place_id if rule.place_id in heirs else rule.to_unit_id
        passed[named_by] += 1  # type: ignore[index]
    # What would have begun later never begins.
    Rule.objects.filter(pk__in=[rule.pk for rule in rows]).update(
        valid_until=Greatest(F("valid_from"), Value(on))
    )
    Rule.objects.bulk_create(fresh)
    audit.record_all(
        [
            _told("routing.rules.passed", Unit(pk=old), at, heirs[old], after={"count": count})
            for old, count in passed.items()
        ]
    )
    return len(fresh)


def _says(rule: Rule) -> tuple[object, ...]:
    target = (rule.to_unit_id, rule.to_body_id, rule.to_office)
    return (rule.topic_id, rule.kind, rule.place_id, *target, rule.mode)


def _told(
    event: str,
    on: Model,
    at: datetime,
    unit_id: UUID,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
) -> Any:
    return audit.entry(event, on=on, at=at, unit_id=unit_id, before=before, after=after)
