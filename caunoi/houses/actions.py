"""Writes about programmes and households: beginning, naming, bringing in a list, consent, leaving."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.houses import queries, rules
from caunoi.houses.models import Consent, Household, HouseMoney, Programme
from caunoi.houses.terms import (
    CodeTaken,
    HouseState,
    NameTaken,
    NoConsent,
    NotYourHouse,
    Row,
    Topic,
    Way,
    WrongStep,
)
from caunoi.kit import audit, clock
from caunoi.kit.text import clean, slug
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import heirs

NOT_HELPED = (HouseState.REFUSED.value, HouseState.WITHDRAWN.value)


def check(permission: Permission, unit_id: UUID, by: Viewer, at: datetime) -> str:
    """Return the path of the unit (or of whoever took it over) when this person may do that there. Raises NotYourHouse."""
    place = heirs.places_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if place is None or not by.may(permission, place[0]):
        raise NotYourHouse(_("The household belongs to a unit you do not work for."))
    return place[0]


@transaction.atomic
def begin(*, unit_id: UUID, fields: Mapping[str, Any], by: Viewer, at: datetime) -> Programme:
    """Begin a programme of that unit; without books named it gets books of its own. ``fields`` are those of the table.

    Raises NotYourHouse, NameTaken
    """
    check(Permission.HOUSES_APPROVE, unit_id, by, at)
    words = _cleaned(fields)
    funds.know_common_commodities()
    if words.get("fund_id") is None:
        name = f"{words['name']} {words['year']}"
        if books.is_named(unit_id=unit_id, name=name):
            raise NameTaken(
                _("The unit has books of this name already. Choose them, or give another name.")
            )
        fund = funds.open_fund(
            unit_id=unit_id,
            name=name,
            on=date(words["year"], 1, 1),
            at=at,
            by=by,
        )
        words["fund_id"] = fund.pk
    programme = Programme.objects.create(
        unit_id=unit_id,
        slug=_free_slug(f"{words['name']} {words['year']}"),
        begun_at=at,
        begun_by_id=by.account_id,
        **words,
    )
    audit.record("houses.programme.begun", on=programme, by=by, at=at, unit_id=unit_id)
    return programme


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {k: clean(v).strip() if isinstance(v, str) else v for k, v in fields.items()}


def _free_slug(text: str) -> str:
    base = slug(text)[:70]
    taken = set(Programme.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    names = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


@transaction.atomic
def change_programme(
    *, programme: Programme, fields: Mapping[str, Any], by: Viewer, at: datetime
) -> Programme:
    """Set amounts, days, source and books anew; houses already paid keep what they have. Raises NotYourHouse."""
    check(Permission.HOUSES_APPROVE, programme.unit_id, by, at)
    held = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    words = _cleaned(fields)
    changed = {k: v for k, v in words.items() if getattr(held, k) != v}
    before = {k: getattr(held, k) for k in changed}
    for name, value in changed.items():
        setattr(held, name, value)
    held.save(update_fields=[n.removesuffix("_id") for n in changed] or None)
    audit.record(
        "houses.programme.changed",
        on=held,
        by=by,
        at=at,
        unit_id=held.unit_id,
        before=before,
        after=changed,
    )
    return held


@transaction.atomic
def name_household(
    *, programme: Programme, village_id: UUID, fields: Mapping[str, Any], by: Viewer, at: datetime
) -> Household:
    """Write down a household of that village. ``fields`` are those of the table. Raises NotYourHouse, CodeTaken."""
    _check_village(programme, village_id, by, at)
    try:
        with transaction.atomic():
            household = Household.objects.create(
                programme=programme,
                village_id=village_id,
                entered_at=at,
                entered_by_id=by.account_id,
                **_cleaned(fields),
            )
    except IntegrityError as error:
        raise _explained(error) from error
    audit.record("houses.household.named", on=household, by=by, at=at, unit_id=village_id)
    return household


def _check_village(programme: Programme, village_id: UUID, by: Viewer, at: datetime) -> None:
    path = check(Permission.HOUSES_KEEP, village_id, by, at)
    place = heirs.places_of(unit_ids=[programme.unit_id], on=clock.local_date(at))
    root = place.get(programme.unit_id, ("none", ""))[0]
    if path != root and not path.startswith(f"{root}."):
        raise NotYourHouse(_("The programme does not hold for this unit."))


def _explained(error: IntegrityError) -> Exception:
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if broken == "house_code_once":
        return CodeTaken(_("Another household of the programme has this code. Choose another one."))
    return error


@transaction.atomic
def bring_in(
    *, programme: Programme, rows: Sequence[Row], by: Viewer, at: datetime
) -> list[Household]:
    """Write down the households of a sheet, all or none. Raises NotYourHouse, CodeTaken."""
    for village_id in {row.unit_id for row in rows if row.unit_id}:
        _check_village(programme, village_id, by, at)
    made = [
        Household(
            programme=programme,
            village_id=row.unit_id,  # type: ignore[misc]
            code=row.code,
            head=row.head,
            people=row.people,
            hardship=row.hardship,
            address=row.address,
            grade=row.grade,
            work=row.work,
            estimate=row.estimate,
            finished_before=row.finished,
            entered_at=at,
            entered_by_id=by.account_id,
        )
        for row in rows
    ]
    try:
        with transaction.atomic():
            Household.objects.bulk_create(made, batch_size=1000)
    except IntegrityError as error:
        raise _explained(error) from error
    audit.record(
        "houses.list.brought_in",
        on=programme,
        by=by,
        at=at,
        unit_id=programme.unit_id,
        after={"households": len(made)},
    )
    return made


@transaction.atomic
def change_household(
    *, household: Household, fields: Mapping[str, Any], by: Viewer, at: datetime
) -> Household:
    """Correct what is written of a household; the record says which fields, not what stood there. Raises NotYourHouse, CodeTaken."""
    held = locked(household, by, at)
    words = _cleaned(fields)
    changed = [k for k, v in words.items() if getattr(held, k) != v]
    for name in changed:
        setattr(held, name, words[name])
    try:
        with transaction.atomic():
            held.save(update_fields=changed)
    except IntegrityError as error:
        raise _explained(error) from error
    told = {"fields": sorted(changed)}
    audit.record(
        "houses.household.changed", on=held, by=by, at=at, unit_id=held.village_id, after=told
    )
    return held


def locked(
    household: Household,
    by: Viewer,
    at: datetime,
    permission: Permission = Permission.HOUSES_KEEP,
) -> Household:
    """Return the household held for this transaction. Raises NotYourHouse."""
    held = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    check(permission, held.village_id, by, at)
    return held


@transaction.atomic
def note_opened(*, household: Household, by: Viewer, at: datetime) -> None:
    """Record that this person reads what is held of the household now."""
    check(Permission.HOUSES_VIEW, household.village_id, by, at)
    audit.record(
        "houses.household.opened", on=household, by=by, at=at, unit_id=household.village_id
    )


@transaction.atomic
def note_list_opened(
    *, programme: Programme, names: int, by: Viewer, at: datetime, how: str = "page"
) -> None:
    """Record that this person reads a list with so many names."""
    if names:
        told = {"names": names, "how": how}
        audit.record(
            "houses.list.opened", on=programme, by=by, at=at, unit_id=programme.unit_id, after=told
        )


@transaction.atomic
def withdraw(*, household: Household, because: str, by: Viewer, at: datetime) -> Household:
    """Let a household leave the programme; its name and photos leave every public page. Raises NotYourHouse, WrongStep."""
    held = locked(household, by, at)
    if held.state == HouseState.DONE or held.state in NOT_HELPED:
        raise WrongStep(_("The household stands elsewhere already; open its page again."))
    if HouseMoney.objects.filter(queries.set_aside_money(), household=held).exists():
        raise WrongStep(
            _(
                "Money is set aside for this house. The treasurer takes it back first; then let it leave."
            )
        )
    held.state, held.stage, held.due_on = HouseState.WITHDRAWN.value, "", None
    held.ended_because = clean(because).strip()[:300]
    held.name_public = held.photo_public = False
    held.save(
        update_fields=["state", "stage", "due_on", "ended_because", "name_public", "photo_public"]
    )
    audit.record("houses.household.withdrawn", on=held, by=by, at=at, unit_id=held.village_id)
    return held


@transaction.atomic
def agree(
    *,
    household: Household,
    topic: Topic,
    way: Way,
    given_on: date,
    given_by: str,
    by: Viewer,
    at: datetime,
) -> Consent:
    """Keep that the household agreed to be named or shown: how, on which day, who said it. Idempotent while it runs.

    Raises NotYourHouse
    """
    held = locked(household, by, at)
    consent, new = Consent.objects.get_or_create(
        household=held,
        topic=topic.value,
        withdrawn_at=None,
        defaults={
            "way": way.value,
            "given_on": given_on,
            "given_by": clean(given_by).strip()[:120],
            "taken_by_id": by.account_id,
            "taken_at": at,
        },
    )
    if new:
        _show(held, topic, True)
        _record_consent("houses.consent.given", held, topic, by, at)
    return consent


@transaction.atomic
def disagree(*, household: Household, topic: Topic, by: Viewer, at: datetime) -> Household:
    """Take a consent back: name or photos leave every public page at once. Raises NotYourHouse, NoConsent."""
    held = locked(household, by, at)
    running = Consent.objects.filter(household=held, topic=topic.value, withdrawn_at=None)
    if not running.update(withdrawn_at=at):
        raise NoConsent(_("There is no consent to take back."))
    _show(held, topic, False)
    _record_consent("houses.consent.withdrawn", held, topic, by, at)
    return held


def _show(held: Household, topic: Topic, shown: bool) -> None:
    field = f"{topic.value}_public"
    setattr(held, field, shown)
    held.save(update_fields=[field])


def _record_consent(event: str, held: Household, topic: Topic, by: Viewer, at: datetime) -> None:
    told = {"topic": topic.value}
    audit.record(event, on=held, by=by, at=at, unit_id=held.village_id, after=told)


def within_support(household: Household) -> int:
    """Return what the programme gives to that house at most."""
    programme = household.programme
    return rules.support(
        work=household.work, new=programme.new_support, repair=programme.repair_support
    )
