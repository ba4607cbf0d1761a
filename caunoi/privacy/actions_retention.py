"""How long it is kept: the table, what must be kept longer, and the night that erases what is over."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.inbox import personal as inbox
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.privacy import actions
from caunoi.privacy.models import DoorLink, Hold, RetentionRule, Sweep
from caunoi.privacy.terms import (
    CASE_KINDS,
    Does,
    Kept,
    NeedsReason,
    NotTheProvince,
    RequestState,
    Why,
)
from caunoi.staff.terms import Permission

AT_MOST = 2_000
"""Cases a night: a table made shorter is worked off over several nights, and the desk never feels it."""
ENDED = Greatest(F("closed_at"), F("answered_at"))
LINKS_KEPT = timedelta(days=30)


def may_change(by: Viewer) -> bool:
    """True for an administrator of a whole province: one table holds for everybody below."""
    return any("." not in path for path in by.scope(Permission.PRIVACY_MANAGE))


@transaction.atomic
def change_rule(
    *, code: str, days: int, source: str, does: str, by: Viewer, at: datetime
) -> RetentionRule:
    """Keep data of that sort so many days from now on, with its legal source. Raises NotTheProvince."""
    if not may_change(by):
        raise NotTheProvince(
            "The table holds for everybody; an administrator of the province changes it."
        )
    rule = RetentionRule.objects.select_for_update(of=("self",)).get(pk=code)
    before = {"days": rule.days, "source": rule.source, "does": rule.does}
    rule.days, rule.source, rule.does = days, clean(source).strip()[:300], Does(does).value
    rule.changed_at, rule.changed_by_id = at, by.account_id
    rule.save(update_fields=["days", "source", "does", "changed_at", "changed_by"])
    after = {"days": rule.days, "source": rule.source, "does": rule.does}
    audit.record("privacy.rule.changed", on=rule, by=by, at=at, before=before, after=after)
    return rule


@transaction.atomic
def hold_case(*, case: Case, reason: str, by: Viewer, at: datetime) -> Hold:
    """Keep the case whatever the table says. Raises NotYours, NeedsReason."""
    actions.check_may_decide(case, by, at)
    if not reason.strip():
        raise NeedsReason("Write why it must be kept.")
    held, _new = Hold.objects.update_or_create(
        case=case, defaults={"reason": clean(reason)[:300], "at": at, "by_id": by.account_id}
    )
    audit.record("privacy.case.held", on=case, by=by, at=at, unit_id=case.owner_id)
    return held


@transaction.atomic
def lift_hold(*, case: Case, by: Viewer, at: datetime) -> None:
    """Let the table hold for the case again. Raises NotYours."""
    actions.check_may_decide(case, by, at)
    Hold.objects.filter(case=case).delete()
    audit.record("privacy.case.released", on=case, by=by, at=at, unit_id=case.owner_id)


def over(*, at: datetime) -> Iterator[tuple[Kept, QuerySet[Case]]]:
    """Yield each sort with the finished cases whose time is over: nobody holds them, nothing about them waits to be decided."""
    for rule in RetentionRule.objects.filter(does=Does.ERASE.value).exclude(code=Kept.DELIVERY):
        kept = Kept(rule.code)
        limit = at - timedelta(days=rule.days)
        done = Q(closed_at__isnull=False) | Q(answered_at__isnull=False)
        found = (
            Case.objects.filter(done, kind__in=CASE_KINDS[kept], erasure=None, hold=None)
            .exclude(state__in=[s.value for s in case_rules.UNFINISHED])
            .exclude(data_requests__state=RequestState.OPEN)
            .annotate(ended=ENDED)
            .filter(ended__lt=limit)
        )
        yield kept, found


def sweep(*, at: datetime, at_most: int = AT_MOST) -> int:
    """Erase what is over, one case a transaction, at most so many a night, and note numbers by unit. -> how many cases.

    Idempotent by  case: one that was erased is not over any more. What is left over comes the next night.
    """
    counted: Counter[tuple[UUID | None, str]] = Counter()
    left = at_most
    for kept, found in over(at=at):
        ids = list(found.order_by(ENDED).values_list("pk", flat=True)[:left])
        for pk in ids:
            unit_id = _erase_one(pk, at)
            if unit_id is not None:
                counted[unit_id, kept.value] += 1
        left -= len(ids)
    deliveries = _sweep_deliveries(at, at_most)
    if deliveries:
        counted[None, Kept.DELIVERY.value] += deliveries
    DoorLink.objects.filter(expires_at__lt=at - LINKS_KEPT).delete()
    day = clock.local_date(at)
    for (unit_id, kind), n in counted.items():
        row, _new = Sweep.objects.get_or_create(day=day, unit_id=unit_id, kind=kind)  # type: ignore[misc]
        Sweep.objects.filter(pk=row.pk).update(erased=F("erased") + n)
    return sum(n for (unit_id, _kind), n in counted.items() if unit_id is not None)


@transaction.atomic
def _erase_one(pk: UUID, at: datetime) -> UUID | None:
    """Erase one case when it is still finished and not held; returns its unit, or None when it was left."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if case is None or case.state in case_rules.UNFINISHED or Hold.objects.filter(case=pk).exists():
        return None
    actions.erase(case, why=Why.RETENTION, by=None, at=at)
    return case.owner_id


def _sweep_deliveries(at: datetime, at_most: int) -> int:
    rule = RetentionRule.objects.filter(pk=Kept.DELIVERY, does=Does.ERASE.value).first()
    if rule is None:
        return 0
    return inbox.forget_deliveries(before=at - timedelta(days=rule.days), limit=at_most * 5)
