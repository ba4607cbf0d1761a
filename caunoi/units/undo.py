"""Take back an event whose day has not come: afterwards the tree is as if it had never been entered."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, Q

from caunoi.kit import audit
from caunoi.units import history
from caunoi.units.models import Succession, Unit, UnitEvent, UnitVersion
from caunoi.units.terms import AlreadyHappened, EventKind, HoldsSomething, OthersRestOnIt

MOVING = (EventKind.MOVE, EventKind.MERGE, EventKind.SPLIT, EventKind.DISSOLVE)


@transaction.atomic
def undo_event(*, event_id: int, today: date, by: audit.Actor | None, at: datetime) -> date:
    """Take the event back and return the day it was meant for.

    Raises AlreadyHappened, OthersRestOnIt, HoldsSomething (a channel, a role or a case was given to the new unit)
    """
    event = UnitEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
    if event.on_date <= today:
        raise AlreadyHappened(
            "The day of this event has come; history is not taken back. Enter a new event instead."
        )
    named = set(event.units.values_list("pk", flat=True))
    touched = history.touched_by(event=event)
    _refuse_when_others_rest_on_it(event, touched)
    anchor = _anchor(named, event.on_date)
    _turn_back(touched, event.on_date)
    _forget(event, named)
    audit.record(
        "units.event.undone",
        on=event,
        by=by,
        at=at,
        unit_id=anchor,
        before={
            "kind": event.kind,
            "on": event.on_date,
            "legal_reference": event.legal_reference,
            "units": sorted(str(n) for n in named),
        },
    )
    UnitEvent.objects.filter(pk=event_id).delete()
    return event.on_date


def _anchor(named: Collection[UUID], on: date) -> UUID | None:
    """Return the unit under which this is recorded: one that was there before, else the parent of the new one."""
    before = UnitVersion.objects.filter(unit_id__in=named, valid__startswith__lt=on)
    begun = UnitVersion.objects.filter(unit_id__in=named, valid__startswith=on)
    return (
        before.order_by("pk").values_list("unit_id", flat=True).first()
        or begun.values_list("parent_id", flat=True).first()
    )


def _refuse_when_others_rest_on_it(event: UnitEvent, touched: Collection[UUID]) -> None:
    above = history.units_above(unit_ids=touched, on=event.on_date)
    others = UnitEvent.objects.filter(on_date__gte=event.on_date).exclude(pk=event.pk)
    if others.filter(
        Q(units__in=touched) | Q(units__in=above, kind__in=[k.value for k in MOVING])
    ).exists():
        raise OthersRestOnIt(
            "Another event on that day or later rests on this one. Take that one back first."
        )


def _turn_back(touched: Collection[UUID], on: date) -> None:
    """Drop what would have begun on that day and let what would have ended go on."""
    UnitVersion.objects.filter(unit_id__in=touched, valid__startswith=on).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE units_unitversion SET valid = daterange(lower(valid), NULL)"
            " WHERE unit_id = ANY(%s) AND upper(valid) = %s",
            [list(touched), on],
        )


def _forget(event: UnitEvent, named: Collection[UUID]) -> None:
    Succession.objects.filter(event=event).delete()
    event.units.clear()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            Unit.objects.filter(pk__in=named, versions__isnull=True).delete()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except ProtectedError as error:
        raise HoldsSomething(
            "Something was already registered for the new unit (a channel, a role); remove it first."
        ) from error
    except IntegrityError as error:
        raise OthersRestOnIt(
            "Another event on that day or later rests on this one. Take that one back first."
        ) from error
