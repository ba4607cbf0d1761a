"""Reads about houses. A unit that was dissolved counts under whoever took it over; names are for those who handle the houses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from caunoi.funds import queries as books
from caunoi.funds.models import Commodity, Fund
from caunoi.funds.terms import Address, Place, Sort
from caunoi.houses import rules
from caunoi.houses.models import (
    Consent,
    Household,
    HouseMoney,
    News,
    Objection,
    Programme,
    Review,
    ReviewLine,
    Stage,
)
from caunoi.houses.terms import HouseState, MoneyStands, ReviewState, StageKind, Tally
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.treasury import queries as treasury
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.terms import Level

PUBLIC = "how many houses are needed and done is public"
VND = "VND"
POSTED_SHOWN = 50


def _below(path: str, roots: Collection[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)


def _villages(programme: Programme | None, on: date) -> dict[UUID, tuple[str, str]]:
    """Return the units in which households of the programme stand, each with its place of that day."""
    rows = Household.objects.filter(programme=programme) if programme else Household.objects.all()
    ids = rows.order_by().values_list("village_id", flat=True).distinct()
    return heirs.places_of(unit_ids=ids, on=on)


def programmes(viewer: Viewer, *, on: date) -> QuerySet[Programme]:
    """Return the programmes that hold for units of the viewer: of her own units, of those below and of those above."""
    paths = viewer.scope(Permission.HOUSES_VIEW)
    above = {UUID(label) for path in paths for label in path.split(".")}
    below = units.subtree_filter(paths=paths, on=on)
    found = Programme.objects.filter(Q(unit_id__in=above) | Q(unit_id__in=below))
    return found.select_related("fund").order_by("-year", "name", "pk")


def programme(viewer: Viewer, *, pk: UUID, on: date) -> Programme | None:
    """Return one programme that holds for a unit of the viewer, or None."""
    return programmes(viewer, on=on).filter(pk=pk).first()


def _reached(viewer: Viewer, of: Programme | None, on: date) -> list[UUID]:
    roots = viewer.scope(Permission.HOUSES_VIEW)
    return [u for u, (path, _n) in _villages(of, on).items() if _below(path, roots)]


@dataclass(frozen=True, slots=True)
class Filters:
    """How a list of households is narrowed; empty words narrow nothing."""

    text: str = ""
    state: str = ""
    stage: str = ""
    grade: str = ""
    work: str = ""
    late: bool = False
    under: UUID | None = None


def households(
    viewer: Viewer, *, programme: Programme, on: date, filters: Filters | None = None
) -> QuerySet[Household]:
    """Return the households of the programme in the viewer's units, by given name, narrowed."""
    chosen = filters or Filters()
    ids = _reached(viewer, programme, on)
    if chosen.under:
        root = heirs.places_of(unit_ids=[chosen.under], on=on).get(chosen.under, ("none", ""))[0]
        ids = [
            u
            for u, (path, _n) in heirs.places_of(unit_ids=ids, on=on).items()
            if _below(path, [root])
        ]
    found = Household.objects.filter(programme=programme, village_id__in=ids)
    if chosen.text:
        found = found.filter(folded__contains=fold(chosen.text))
    for name in ("state", "stage", "grade", "work"):
        if word := getattr(chosen, name):
            found = found.filter(**{name: word})
    if chosen.late:
        found = found.filter(_is_late(programme, on))
    return found.order_by("sort_key", "code")


def _is_late(programme: Programme, on: date) -> Q:
    """As ``rules.late``, for the database."""
    silent = on - timedelta(days=programme.silent_days)
    late = Q(due_on__lt=on) | Q(news_on__lt=silent)
    return Q(state=HouseState.APPROVED.value) & late


def household(viewer: Viewer, *, pk: UUID, on: date) -> Household | None:
    """Return one household of the viewer's units with its programme, or None. Not done here: recording that it was opened."""
    found = (
        Household.objects.filter(pk=pk)
        .select_related("programme__fund", "review", "minutes")
        .first()
    )
    if found is None:
        return None
    place = heirs.places_of(unit_ids=[found.village_id], on=on).get(found.village_id)
    if place is None or not viewer.may(Permission.HOUSES_VIEW, place[0]):
        return None
    return found


def to_visit(viewer: Viewer, *, on: date) -> QuerySet[Household]:
    """Return the houses being built in the units where the viewer keeps them, those longest without news first."""
    roots = viewer.scope(Permission.HOUSES_KEEP)
    ids = [u for u, (path, _n) in _villages(None, on).items() if _below(path, roots)]
    found = Household.objects.filter(village_id__in=ids, state=HouseState.APPROVED.value)
    return found.select_related("programme").order_by("news_on", "sort_key", "code")


# -- the board -----------------------------------------------------------------


@system(PUBLIC)
def board(*, programme: Programme, root_id: UUID, on: date) -> list[Tally]:
    """Return the numbers of the units directly below one, by name, and of the unit itself where houses stand at it; in a constant number of queries."""
    places = _villages(programme, on)
    root = units.paths_of(unit_ids=[root_id], on=on).get(root_id, "none")
    found: dict[UUID, Tally] = {}
    for village_id, numbers in _counted(programme, on).items():
        path = places.get(village_id, ("", ""))[0]
        if _below(path, [root]):
            label = (path.split(".")[len(root.split(".")) :] or [str(root_id)])[0]
            found.setdefault(UUID(label), Tally(UUID(label))).add(numbers)
    names = units.names_of(unit_ids=found, on=on)
    for unit_id, tally in found.items():
        tally.name = names.get(unit_id, "")
    return sorted(found.values(), key=lambda t: (t.unit_id == root_id, fold(t.name)))


def _counted(programme: Programme, on: date) -> dict[UUID, Tally]:
    state = {s: Q(state=s.value) for s in HouseState}
    columns = {
        "waiting": state[HouseState.PROPOSED],
        "registered": state[HouseState.APPROVED] & Q(stage=""),
        "building": state[HouseState.APPROVED] & ~Q(stage=""),
        "done": state[HouseState.DONE],
        "late": _is_late(programme, on),
        "new": Q(work="new", state__in=["proposed", "approved", "done"]),
    }
    rows = Household.objects.filter(programme=programme).order_by().values("village_id")
    counted: Any = rows.annotate(**{n: Count("pk", filter=q) for n, q in columns.items()})
    return {r["village_id"]: Tally(**{n: r[n] for n in columns}) for r in counted}


@system(PUBLIC)
def in_total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of the rows of a board."""
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole


# -- one household ---------------------------------------------------------------


@system("the household was loaded for its viewer")
def money_of(*, household: Household) -> list[Any]:
    """Return what each source gives, in the order of the days, each with where it ``stands`` (MoneyStands)."""
    rows = HouseMoney.objects.filter(household=household).select_related("commodity")
    return list(rows.annotate(stands=_stands()).order_by("on", "written_at", "pk"))


@system("the household was loaded for its viewer")
def stages_of(*, household: Household) -> list[Stage]:
    """Return the five stages in their order, those that nobody planned too."""
    there = {s.kind: s for s in Stage.objects.filter(household=household)}
    return [there.get(k.value) or Stage(household=household, kind=k.value) for k in rules.ORDER]


@system("the household was loaded for its viewer")
def news_of(*, household: Household) -> list[News]:
    """Return what was seen at the house, newest first."""
    rows = News.objects.filter(household=household).select_related("by")
    return list(rows.defer("picture__body", "picture__preview").order_by("-on", "-at"))


@system("the household was loaded for its viewer")
def consents_of(*, household: Household) -> list[Consent]:
    """Return what the household agreed to, running ones first."""
    rows = Consent.objects.filter(household=household).select_related("taken_by")
    return sorted(rows, key=lambda c: (c.withdrawn_at is not None, c.topic, c.pk))


@system("the household was loaded for its viewer")
def picture_of(*, household: Household, pk: UUID) -> News | None:
    """Return a photo of the house by its row."""
    rows = News.objects.filter(household=household, pk=pk, picture__isnull=False)
    return rows.select_related("picture").first()


@system("amounts that nobody took back")
def counted_money(way: str = "") -> Q:
    """What of ``HouseMoney`` counts, reached by ``way``: not taken back here, and not reversed in the books. A release that was reversed is none."""
    there = Q(**{f"{way}withdrawn_at": None, f"{way}allocation__reversed_by": None})
    unreleased = Q(**{f"{way}release": None}) | Q(**{f"{way}release__reversed_by__isnull": False})
    return there & unreleased


@system("amounts that lie in the books for a house")
def set_aside_money() -> Q:
    """What of ``HouseMoney`` lies set aside and was not handed over; a hand-over that was reversed is none."""
    kept = Q(hand_over=None) | Q(hand_over__reversed_by__isnull=False)
    return counted_money() & Q(allocation__isnull=False) & kept


@system("asked for money of a household that was loaded for its viewer")
def waits_for_second(*, money: HouseMoney, on: date) -> bool:
    """True when the amount is one about which two persons decide in that unit, and only one has."""
    if money.allocation is None or money.agreed_by_id is not None:
        return False
    return money.amount > treasury.limit_of(unit_id=money.allocation.fund.unit_id, on=on)


def _stands() -> Case:
    """The books say it, also when a posting was reversed in the treasury."""
    return Case(
        When(~counted_money(), then=Value(MoneyStands.BACK.value)),
        When(allocation=None, then=Value(MoneyStands.SAID.value)),
        When(set_aside_money(), then=Value(MoneyStands.ASIDE.value)),
        default=Value(MoneyStands.HANDED.value),
    )


@system("things are no secret")
def things() -> list[Commodity]:
    """Return what may go into a house: money, goods, labour."""
    found = Commodity.objects.filter(sort__in=[Sort.MONEY, Sort.GOODS, Sort.LABOUR])
    return sorted(found, key=lambda c: (c.code != VND, c.name))


@system("the books are public")
def free_money(*, fund: Fund) -> int:
    """Return what lies in the books for any purpose and is not set aside."""
    return books.balances(fund_id=fund.pk).get(Address(Place.ON_HAND, VND), 0)


@system("the books of a unit are public")
def funds_of(*, unit_id: UUID) -> list[Fund]:
    """Return the books of a unit, by name."""
    return list(Fund.objects.filter(unit_id=unit_id).order_by("name"))


# -- reviews -----------------------------------------------------------------------


def reviews(viewer: Viewer, *, programme: Programme, on: date) -> QuerySet[Review]:
    """Return the reviews of villages of the viewer, newest first, with how many households each has."""
    roots = viewer.scope(Permission.HOUSES_VIEW)
    ids = Review.objects.filter(programme=programme).values_list("village_id", flat=True).distinct()
    mine = [
        u for u, (path, _n) in heirs.places_of(unit_ids=ids, on=on).items() if _below(path, roots)
    ]
    found = Review.objects.filter(programme=programme, village_id__in=mine)
    return found.annotate(listed=Count("lines")).order_by("-met_on", "-written_at")


def review(viewer: Viewer, *, pk: UUID, on: date) -> Review | None:
    """Return one review of a village of the viewer, or None."""
    found = Review.objects.filter(pk=pk).select_related("programme").first()
    if found is None:
        return None
    place = heirs.places_of(unit_ids=[found.village_id], on=on).get(found.village_id)
    return found if place and viewer.may(Permission.HOUSES_VIEW, place[0]) else None


@system("the review was loaded for its viewer, or its list is posted")
def lines_of(*, review: Review) -> list[ReviewLine]:
    """Return the households of a review by given name."""
    rows = ReviewLine.objects.filter(review=review).select_related("household")
    return list(rows.order_by("household__sort_key", "household__code"))


@system("the review was loaded for its viewer")
def objections_of(*, review: Review) -> list[Objection]:
    """Return what was said against the list, the oldest first."""
    rows = Objection.objects.filter(review=review).select_related("household")
    return list(rows.order_by("said_on", "pk"))


def to_review(
    viewer: Viewer, *, programme: Programme, village_id: UUID, on: date
) -> list[Household]:
    """Return the named households of a village that stand in no running review."""
    running = ReviewLine.objects.filter(household=OuterRef("pk")).exclude(
        review__state=ReviewState.APPROVED.value
    )
    found = households(viewer, programme=programme, on=on)
    return list(
        found.filter(village_id=village_id, state=HouseState.PROPOSED.value).exclude(
            Exists(running)
        )
    )


def villages_to_review(
    viewer: Viewer, *, programme: Programme, on: date
) -> list[tuple[UUID, str, int]]:
    """Return the villages with named households that wait for a review, as (unit, name, how many)."""
    running = ReviewLine.objects.filter(household=OuterRef("pk")).exclude(
        review__state=ReviewState.APPROVED.value
    )
    found = households(viewer, programme=programme, on=on).exclude(Exists(running))
    rows = found.filter(state=HouseState.PROPOSED.value).order_by().values("village_id")
    counts = {r["village_id"]: r["n"] for r in rows.annotate(n=Count("pk"))}
    names = units.names_of(unit_ids=counts, on=on)
    return sorted(((u, names.get(u, ""), n) for u, n in counts.items()), key=lambda v: fold(v[1]))


# -- what everybody sees -------------------------------------------------------------


@system(PUBLIC)
def public_programmes() -> QuerySet[Programme]:
    """Return all programmes, newest first."""
    return Programme.objects.order_by("-year", "name", "pk")


@system(PUBLIC)
def of_area(*, unit_id: UUID, on: date, most: int = 3) -> list[Programme]:
    """Return the newest programmes that build houses in a unit, for its home page; in a constant number of queries."""
    path = units.paths_of(unit_ids=[unit_id], on=on).get(unit_id, "none")
    stand = set(Household.objects.order_by().values_list("programme_id", "village_id").distinct())
    places = heirs.places_of(unit_ids={village for _p, village in stand}, on=on)
    here = {u for u, (where, _n) in places.items() if _below(where, [path])}
    return list(public_programmes().filter(pk__in={p for p, u in stand if u in here})[:most])


@system(PUBLIC)
def by_slug(*, slug: str) -> Programme | None:
    """Return the programme with that address."""
    return Programme.objects.filter(slug=slug).first()


@system("the household agreed that its name stands on the public list")
def named(*, programme: Programme) -> QuerySet[Household]:
    """Return the households that agreed to be named, by given name, with what came together for each (``money``)."""
    counts = counted_money("money__") & Q(money__commodity_id=VND)
    found = Household.objects.filter(
        programme=programme,
        name_public=True,
        state__in=[HouseState.APPROVED.value, HouseState.DONE.value],
    )
    return found.annotate(sum=Sum("money__amount", filter=counts)).order_by("sort_key", "code")


@system("a reviewed list is posted for everybody in the village")
def posted(*, programme: Programme, on: date) -> list[Review]:
    """Return the lists that are posted on that day, the first to end first."""
    found = Review.objects.filter(
        programme=programme, state=ReviewState.POSTED.value, posted_from__lte=on, posted_to__gte=on
    )
    return list(found.annotate(listed=Count("lines")).order_by("posted_to", "pk")[:POSTED_SHOWN])


@system("a reviewed list is posted for everybody in the village")
def posted_review(*, programme: Programme, pk: UUID) -> Review | None:
    """Return a list that was posted once."""
    found = Review.objects.filter(programme=programme, pk=pk)
    return found.exclude(state=ReviewState.MET.value).first()


@system("the household agreed that photos of its house are shown")
def public_pictures(*, programme: Programme, limit: int = 12) -> list[News]:
    """Return photos of finished stages that may be shown, newest first."""
    return list(
        _shown(programme).defer("picture__body", "picture__preview").order_by("-on", "-at")[:limit]
    )


def _shown(programme: Programme) -> QuerySet[News]:
    return News.objects.filter(
        household__programme=programme, household__photo_public=True, picture__isnull=False
    ).select_related("household")


@system("the household agreed that photos of its house are shown")
def public_picture(*, programme: Programme, pk: UUID) -> News | None:
    """Return one photo that may be shown, or None."""
    return _shown(programme).filter(pk=pk).select_related("picture").first()


@system("the list was loaded for its viewer, or is public")
def late_of(
    households: Iterable[Household], *, programme: Programme, on: date
) -> Mapping[UUID, list[Any]]:
    """Return why each of these houses is late."""
    return {
        h.pk: rules.late(
            state=h.state,
            stage=h.stage,
            due_on=h.due_on,
            news_on=h.news_on,
            on=on,
            silent_days=programme.silent_days,
        )
        for h in households
    }


@system("the stage after the last one")
def next_of(households: Iterable[Household]) -> dict[UUID, StageKind | None]:
    """Return which stage comes next at each house."""
    return {h.pk: rules.next_stage(h.stage) for h in households}


@system("the register of units is public; where somebody keeps houses is her own business")
def villages_for(viewer: Viewer, *, on: date, under: str = "") -> list[tuple[UUID, str, str]]:
    """Return the villages (and communes) in which the viewer keeps houses, as (unit, name with its commune, code), in Vietnamese order."""
    roots = viewer.scope(Permission.HOUSES_KEEP)
    paths = [under] if under and _below(under, roots) else roots
    found = units.below_paths(paths=paths, levels=[Level.COMMUNE, Level.VILLAGE], on=on)
    names = {u.id: u.full_name for u in found}
    return [
        (u.id, f"{u.full_name}, {names[p]}" if (p := u.parent_id) in names else u.full_name, u.code)
        for u in found
    ]


@system("places of a sheet are looked up by whoever brings it")
def places_by_word(viewer: Viewer, *, on: date) -> dict[str, UUID]:
    """Return the units in which the viewer keeps houses by folded name, by name with commune and by code; a name that two bear is left out."""
    by_word: dict[str, set[UUID]] = {}
    for unit_id, name, code in villages_for(viewer, on=on):
        for word in (name, name.partition(",")[0], code):
            if word:
                by_word.setdefault(fold(word), set()).add(unit_id)
    return {word: next(iter(ids)) for word, ids in by_word.items() if len(ids) == 1}


@system("codes of a programme, to see doubles")
def codes_of(*, programme: Programme) -> list[str]:
    """Return the household codes of a programme."""
    return list(Household.objects.filter(programme=programme).values_list("code", flat=True))
