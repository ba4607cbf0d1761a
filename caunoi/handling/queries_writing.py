"""Reads while somebody is writing: her own words, who else is here, whom a note may name."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet

from caunoi.cases import queries as cases
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.handling.models import Mention, Presence, Scratch
from caunoi.handling.terms import Doing, Field
from caunoi.kit.viewing import Viewer
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@dataclass(frozen=True, slots=True)
class Here:
    """A colleague who has the case open now."""

    name: str
    writes: bool


def scratches_of(viewer: Viewer, *, case: Case) -> dict[Field, Scratch]:
    """Return what the viewer was typing in this case."""
    found = Scratch.objects.filter(case=case, account_id=viewer.account_id)
    return {Field(s.field): s for s in found}


def others_here(viewer: Viewer, *, case: Case, at: datetime) -> list[Here]:
    """Return the colleagues who have the case open, those who write first."""
    found = Presence.objects.filter(case=case, until__gt=at).exclude(account_id=viewer.account_id)
    named = found.values_list("account__full_name", "doing")
    here = [Here(name, doing == Doing.WRITING) for name, doing in named]
    return sorted(here, key=lambda h: (not h.writes, h.name))


def may_be_mentioned(viewer: Viewer, *, case: Case, on: date) -> list[Account]:
    """Return the colleagues a note in this case may name: those who may see it, without the viewer, by given name."""
    sealed = case_rules.is_sealed(case.kind)
    path = units.paths_of(unit_ids=[case.owner_id], on=on).get(case.owner_id, "")
    above = [case.owner_id] if sealed else [UUID(label) for label in path.split(".") if label]
    needed = Permission.CASES_SEALED if sealed else Permission.CASES_VIEW
    found = staff.colleagues(viewer, unit_path_ids=above, on=on, permission=needed)
    return [a for a in found if a.pk != viewer.account_id]


def people_of(
    viewer: Viewer, *, case: Case, path: str, on: date
) -> tuple[list[Account], list[Account]]:
    """Return whom a note in this case may name, and to whom it may be given, by given name; in one query.

    path  of the case's unit on that day, empty when it is gone
    """
    sealed = case_rules.is_sealed(case.kind)
    above = [case.owner_id] if sealed else [UUID(label) for label in path.split(".") if label]
    named, given = (
        (Permission.CASES_SEALED, Permission.CASES_SEALED)
        if sealed
        else (Permission.CASES_VIEW, Permission.CASES_DRAFT)
    )
    found = staff.colleagues_by(viewer, unit_path_ids=above, on=on, permissions={named, given})
    return [a for a in found[named] if a.pk != viewer.account_id], found[given]


def may_work_on(viewer: Viewer, *, case: Case, on: date) -> list[Account]:
    """Return to whom the case may be given: colleagues who may draft in its unit, by given name."""
    if case_rules.is_sealed(case.kind):
        return staff.colleagues(
            viewer, unit_path_ids=[case.owner_id], on=on, permission=Permission.CASES_SEALED
        )
    path = units.paths_of(unit_ids=[case.owner_id], on=on).get(case.owner_id, "")
    above = [UUID(label) for label in path.split(".") if label]
    return staff.colleagues(viewer, unit_path_ids=above, on=on, permission=Permission.CASES_DRAFT)


def mentions(viewer: Viewer, *, on: date) -> QuerySet[Mention]:
    """Return where the viewer was named, in cases she may see: what waits for her first, then the newest."""
    visible = cases.visible_cases(viewer, on=on).values("pk")
    found = Mention.objects.filter(account_id=viewer.account_id, case__in=visible)
    waiting_first = F("seen_at").desc(nulls_first=True)
    return found.select_related("case", "step", "step__by").order_by(waiting_first, "-at", "-pk")


def mentions_waiting(viewer: Viewer, *, on: date, limit: int = 5) -> list[Mention]:
    """Return the newest mentions the viewer has not seen yet."""
    return list(mentions(viewer, on=on).filter(seen_at=None)[:limit])
