"""Writes about working together."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.cases.models import Case
from caunoi.handling.models import Reading, SavedView
from caunoi.handling.terms import NotYourView, TooManyViews
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

VIEWS_AT_MOST = 20


@transaction.atomic
def save_view(
    *, name: str, query: str, by: Viewer, at: datetime, unit_id: UUID | None = None
) -> SavedView:
    """Keep a view under a name; with ``unit_id`` colleagues of that unit see it too.

    Raises TooManyViews, NotYourView (the unit is none in which ``by`` handles cases)
    """
    if unit_id is not None and unit_id not in by.unit_ids(Permission.CASES_REFER):
        raise NotYourView("You can share a view only in a unit in which you handle cases.")
    if SavedView.objects.filter(account_id=by.account_id).count() >= VIEWS_AT_MOST:
        raise TooManyViews("Twenty views are as many as one can look at; remove one first.")
    view = SavedView.objects.create(
        account_id=by.account_id,
        unit_id=unit_id,
        name=clean(name).strip()[:60],
        query=query[:500],
        created_at=at,
    )
    audit.record("handling.view.saved", on=view, by=by, at=at, unit_id=unit_id)
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: Viewer, at: datetime) -> SavedView:
    """Give a view another name. Raises NotYourView."""
    _check_own(view, by)
    view.name = clean(name).strip()[:60]
    view.save(update_fields=["name"])
    audit.record("handling.view.renamed", on=view, by=by, at=at, unit_id=view.unit_id)
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: Viewer, at: datetime) -> None:
    """Forget a view. Raises NotYourView."""
    _check_own(view, by)
    audit.record("handling.view.removed", on=view, by=by, at=at, unit_id=view.unit_id)
    view.delete()


def _check_own(view: SavedView, by: Viewer) -> None:
    if view.account_id == by.account_id:
        return
    if view.unit_id is None or view.unit_id not in by.unit_ids(Permission.CASES_REFER):
        raise NotYourView(
            "Only whoever made a view, or who handles cases in its unit, may do this."
        )


def mark_read(*, case: Case, by: Viewer, at: datetime) -> None:
    """Note that the colleague has read the case until now; shown to nobody else, so not on record."""
    Reading.objects.bulk_create(
        [Reading(case=case, account_id=by.account_id, read_at=at)],
        update_conflicts=True,
        unique_fields=["case", "account"],
        update_fields=["read_at"],
    )
