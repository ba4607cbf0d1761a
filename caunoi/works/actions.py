"""Writes about public works: beginning one, what people give, land cleared. Amounts go through the books; a mistake is taken back, never edited."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from caunoi.funds import actions as funds
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.works import queries, rules
from caunoi.works.models import Book, Clearing, Contribution, Project
from caunoi.works.terms import (
    CodeTaken,
    Land,
    MoreThanAgreed,
    NoLandType,
    NotYourWork,
    OutsideDays,
    Row,
    TakenBack,
    Thing,
)

FUND_NAME = "Đóng góp công trình phúc lợi"
FIRST_DAY = date(2020, 1, 1)


def check(unit_id: UUID, by: Viewer, at: datetime) -> None:
    """Refuse whoever does not keep works of that unit. Raises NotYourWork."""
    place = heirs.places_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if place is None or not by.may(Permission.WORKS_KEEP, place[0]):
        raise NotYourWork(_("The project belongs to a unit you do not work for."))


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {k: clean(v).strip() if isinstance(v, str) else v for k, v in fields.items()}


@transaction.atomic
def begin(*, unit_id: UUID, fields: Mapping[str, Any], by: Viewer, at: datetime) -> Project:
    """Begin a public work of that unit; its books are opened with the first one. ``fields`` are those of the table.

    Raises NotYourWork, CodeTaken
    """
    check(unit_id, by, at)
    book = _book(unit_id, by, at)
    try:
        with transaction.atomic():
            project = Project.objects.create(
                unit_id=unit_id,
                book=book,
                begun_at=at,
                begun_by_id=by.account_id,
                **_cleaned(fields),
            )
    except IntegrityError as error:
        raise _explained(error) from error
    audit.record("works.project.begun", on=project, by=by, at=at, unit_id=unit_id)
    return project


def _explained(error: IntegrityError) -> Exception:
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if broken == "work_code_once":
        return CodeTaken(_("Another project of the unit has this code. Choose another one."))
    return error


def _book(of_unit: UUID, by: Viewer, at: datetime) -> Book:
    """Return the books of the commune in which the unit lies; opened when there are none."""
    unit_id = queries.commune_of(unit_id=of_unit, on=clock.local_date(at))
    there = Book.objects.filter(unit_id=unit_id).first()
    if there is not None:
        return there
    funds.know_common_commodities()
    fund = funds.open_fund(unit_id=unit_id, name=FUND_NAME, on=FIRST_DAY, at=at, by=by)
    return Book.objects.create(unit_id=unit_id, fund=fund)


@transaction.atomic
def change(*, project: Project, fields: Mapping[str, Any], by: Viewer, at: datetime) -> Project:
    """Correct what is said of a project; its code stays, since the books name it. Raises NotYourWork."""
    check(project.unit_id, by, at)
    held = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    words = _cleaned(fields)
    changed = {k: v for k, v in words.items() if getattr(held, k) != v}
    before = {k: getattr(held, k) for k in changed}
    for name, value in changed.items():
        setattr(held, name, value)
    held.save(update_fields=list(changed))
    audit.record(
        "works.project.changed", on=held, by=by, at=at, unit_id=held.unit_id, before=before, after=changed
    )  # fmt: skip
    return held


def _draft(project: Project, row: Row, on: date) -> Draft:
    givers = Address(Place.GIVERS, row.thing, project.code)
    hands = Address(Place.ON_HAND, row.thing, project.code, project.unit_id)
    return Draft(uuid4(), Move.RECEIVE, givers, hands, amount=row.amount, on=on)


@transaction.atomic
def give(
    *, project: Project, rows: Sequence[Row], by: Viewer, at: datetime, key: UUID | None = None
) -> list[Contribution]:
    """Write down what people gave, all or none. With a key one row alone is written once, however often it is asked.

    Raises NotYourWork, OutsideDays, NoLandType, funds.PeriodClosed
    """
    check(project.unit_id, by, at)
    there = Contribution.objects.filter(pk=key).first() if key else None
    if there is not None:
        return [there]
    on = clock.local_date(at)
    drafts = [_draft(project, row, _fitting(project, row, on)) for row in rows]
    postings = funds.post(drafts, fund_id=project.book.fund_id, at=at, by=by)
    made = Contribution.objects.bulk_create(
        [
            Contribution(
                id=key or uuid4(),
                project=project,
                giver=clean(row.giver).strip()[:120],
                initials=row.initials,
                thing=row.thing,
                land=row.land,
                amount=row.amount,
                on=posting.on,
                note=clean(row.note).strip()[:200],
                posting=posting,
                written_at=at,
                written_by_id=by.account_id,
            )
            for row, posting in zip(rows, postings, strict=True)
        ]
    )
    told = {"rows": len(made)}
    audit.record("works.given", on=project, by=by, at=at, unit_id=project.unit_id, after=told)
    return made


def _fitting(project: Project, row: Row, today: date) -> date:
    on = row.on or today
    if on > today or not rules.takes(starts_on=project.starts_on, ends_on=project.ends_on, on=on):
        raise OutsideDays(
            _(
                "The project takes contributions from %(since)s until %(until)s, and none of a day to come."
            )
            % {
                "since": f"{project.starts_on:%d/%m/%Y}",
                "until": f"{project.ends_on:%d/%m/%Y}" if project.ends_on else "…",
            }
        )
    if not rules.fits(thing=Thing(row.thing), land=row.land):
        raise NoLandType(
            _("Choose the sort of land for land, and none for money or days of labour.")
        )
    return on


@transaction.atomic
def take_back(
    *, contribution: Contribution, because: str, by: Viewer, at: datetime
) -> Contribution:
    """Take a contribution back that was written by mistake: its posting is reversed, both stay. Raises NotYourWork, TakenBack, funds.PeriodClosed."""
    check(contribution.project.unit_id, by, at)
    held = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("posting", "project")
        .get(pk=contribution.pk)
    )
    if held.reversal_id:
        raise TakenBack(_("It was taken back before."))
    held.reversal = funds.reverse(
        posting=held.posting, key=uuid4(), on=clock.local_date(at), at=at, by=by
    )
    held.because = clean(because).strip()[:200]
    held.save(update_fields=["reversal", "because"])
    unit_id = held.project.unit_id
    audit.record("works.taken_back", on=held, by=by, at=at, unit_id=unit_id)
    return held


@transaction.atomic
def clear(
    *,
    project: Project,
    land: Land,
    agreed: int,
    cleared: int,
    on: date,
    by: Viewer,
    at: datetime,
    note: str = "",
) -> Clearing:
    """Write down an area that was agreed to or handed over; no more is handed over than was agreed. Raises NotYourWork, MoreThanAgreed."""
    check(project.unit_id, by, at)
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    sums = Clearing.objects.filter(project=project, land=land.value).aggregate(
        a=Sum("agreed", default=0), c=Sum("cleared", default=0)
    )
    if rules.over(agreed=sums["a"] + agreed, cleared=sums["c"], more=cleared):
        raise MoreThanAgreed(
            _(
                "Only %(n)s m² of this sort of land are agreed and not handed over. Write what was agreed first."
            )
            % {"n": f"{sums['a'] + agreed - sums['c']:,}".replace(",", ".")}
        )
    row = Clearing.objects.create(
        project=project,
        land=land.value,
        agreed=agreed,
        cleared=cleared,
        on=on,
        note=clean(note).strip()[:200],
        written_at=at,
        written_by_id=by.account_id,
    )
    audit.record("works.land.cleared", on=row, by=by, at=at, unit_id=project.unit_id)
    return row


@transaction.atomic
def take_clearing_back(*, row: Clearing, by: Viewer, at: datetime) -> Clearing:
    """Take a row about cleared land back by its contrary. Raises NotYourWork, TakenBack, MoreThanAgreed."""
    project = row.project
    check(project.unit_id, by, at)
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if row.reverses_id or Clearing.objects.filter(reverses=row).exists():
        raise TakenBack(_("It was taken back before."))
    sums = Clearing.objects.filter(project=project, land=row.land).aggregate(
        a=Sum("agreed"), c=Sum("cleared")
    )
    if sums["c"] - row.cleared > sums["a"] - row.agreed:
        raise MoreThanAgreed(
            _("More was handed over than would stay agreed. Take the handing over back first.")
        )
    contrary = Clearing.objects.create(
        project=project,
        land=row.land,
        agreed=-row.agreed,
        cleared=-row.cleared,
        on=max(row.on, clock.local_date(at)),
        reverses=row,
        written_at=at,
        written_by_id=by.account_id,
    )
    audit.record("works.land.taken_back", on=contrary, by=by, at=at, unit_id=project.unit_id)
    return contrary
