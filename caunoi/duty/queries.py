"""Reads about duty: who is called, what rings."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from caunoi.duty import rules
from caunoi.duty.models import Alarm, CallList, Page, Shift
from caunoi.duty.terms import Post
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import Permission, Role
from caunoi.units import queries as units

FALL_BACK = (Role.CASE_OFFICER, Role.SEALED_OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
"""Who is called in a unit that keeps neither roster nor call list."""
SHOWN_DAYS = 14


@system("an alarm rings; nobody asks for it")
def posts_for(*, unit_id: UUID, at: datetime) -> list[Post]:
    """Return the unit and those above it, nearest first, each with the people to call in order."""
    on = clock.local_date(at)
    above = [u.id for u in reversed(units.ancestors(unit_id=unit_id, on=on))]
    return [Post(i, people_of(unit_id=i, at=at)) for i in (unit_id, *above)]


@system("an alarm rings; nobody asks for it")
def people_of(*, unit_id: UUID, at: datetime) -> tuple[int, ...]:
    """Return who is called in that unit: running shifts, then the call list; without either its officers."""
    active = {"account__is_active": True}
    shifts = Shift.objects.filter(unit_id=unit_id, begins_at__lte=at, ends_at__gt=at, **active)
    listed = CallList.objects.filter(unit_id=unit_id, **active)
    wanted = [*shifts.order_by("begins_at", "pk").values_list("account_id", flat=True)]
    wanted += listed.order_by("place", "pk").values_list("account_id", flat=True)
    if not wanted:
        wanted = _officers_of(unit_id, clock.local_date(at))
    return tuple(dict.fromkeys(wanted))


def _officers_of(unit_id: UUID, on: date) -> list[int]:
    grants = RoleGrant.objects.filter(
        unit_id=unit_id,
        role__in=[r.value for r in FALL_BACK],
        valid__contains=on,
        account__is_active=True,
    )
    order = {r.value: n for n, r in enumerate(FALL_BACK)}
    return [g.account_id for g in sorted(grants, key=lambda g: (order[g.role], g.pk))]


def visible_alarms(viewer: Viewer, *, on: date) -> QuerySet[Alarm]:
    """Return the alarms of the units below the viewer, and those she was called for."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.DUTY_TAKE), on=on)
    called = Page.objects.filter(alarm_id=OuterRef("pk"), account_id=viewer.account_id)
    return Alarm.objects.filter(Q(unit_id__in=reach) | Exists(called))


def ringing(viewer: Viewer, *, at: datetime) -> list[Alarm]:
    """Return what rings on the viewer's desk now: in her own units at once, further below when nobody took it in time."""
    own = list(viewer.unit_ids(Permission.DUTY_TAKE))
    called = Page.objects.filter(alarm_id=OuterRef("pk"), account_id=viewer.account_id)
    late = Q(raised_at__lte=at - rules.UNIT_ABOVE)
    found = visible_alarms(viewer, on=clock.local_date(at)).filter(taken_at=None)
    return list(found.filter(Q(unit_id__in=own) | Exists(called) | late).order_by("raised_at")[:20])


def recent_alarms(viewer: Viewer, *, at: datetime) -> list[Alarm]:
    """Return the alarms of the last two weeks, newest first."""
    since = at - timedelta(days=SHOWN_DAYS)
    found = visible_alarms(viewer, on=clock.local_date(at)).filter(raised_at__gte=since)
    return list(found.select_related("taken_by").order_by("-raised_at")[:100])


@system("shown on a page whose case or alarm was loaded for the viewer")
def alarms_of(*, case_id: UUID) -> list[Alarm]:
    """Return every alarm of a case, oldest first, with who was called."""
    found = Alarm.objects.filter(case_id=case_id).select_related("taken_by")
    return list(found.prefetch_related("pages__account").order_by("raised_at"))


@system("shown on a page whose alarm was loaded for the viewer")
def pages_of(*, alarm: Alarm) -> list[Page]:
    """Return who was called for an alarm, in order."""
    return list(alarm.pages.select_related("account").order_by("made_at", "pk"))


def kept_units(viewer: Viewer, *, on: date) -> list:
    """Return the units whose roster the viewer keeps, her own first: at most 50."""
    own = [units.as_of(unit_id=i, on=on) for i in viewer.unit_ids(Permission.DUTY_MANAGE)]
    return [u for u in own if u is not None][:50]


@system("shown on the roster page after the viewer was let in")
def call_list(*, unit_id: UUID) -> list[CallList]:
    """Return the unit's call list in order."""
    found = CallList.objects.filter(unit_id=unit_id).select_related("account")
    return list(found.order_by("place", "pk"))


@system("shown on the roster page after the viewer was let in")
def coming_shifts(*, unit_id: UUID, at: datetime) -> list[Shift]:
    """Return the running and coming shifts of four weeks."""
    found = Shift.objects.filter(
        unit_id=unit_id, ends_at__gt=at, begins_at__lt=at + timedelta(days=28)
    )
    return list(found.select_related("account").order_by("begins_at", "pk"))


@system("shown on the roster page after the viewer was let in")
def candidates(*, unit_id: UUID, on: date) -> list[Account]:
    """Return the people who hold a role in the unit today and may be put on duty, by name."""
    held = RoleGrant.objects.filter(unit_id=unit_id, valid__contains=on).values("account_id")
    found = Account.objects.filter(pk__in=held, is_active=True)
    return list(found.order_by("full_name", "pk"))


@system("names on a page whose people were chosen before")
def accounts(*, account_ids: Sequence[int]) -> dict[int, Account]:
    """Return accounts by id."""
    return Account.objects.in_bulk(list(account_ids))
