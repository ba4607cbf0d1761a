"""Reads about public works. What was given and to what is public; a giver who wished so stands there with initials."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from caunoi.funds import queries as books
from caunoi.funds.terms import Address, Place
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow
from caunoi.works.models import Clearing, Contribution, Project
from caunoi.works.terms import Sums, Thing

PUBLIC = "what people give to public works is public"
COLUMN = {Thing.MONEY: "money", Thing.LAND: "land", Thing.LABOUR: "labour"}


@system("the register of units is public")
def commune_of(*, unit_id: UUID, on: date) -> UUID:
    """Return the commune in which a unit lies, or the unit itself where there is none above it."""
    line = units.lineages_of(unit_ids=[unit_id], on=on).get(unit_id, [])
    return next((u.id for u in reversed(line) if u.level == Level.COMMUNE), unit_id)


def _below(path: str, roots: Collection[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)


def _units_below(roots: Collection[str], on: date) -> list[UUID]:
    ids = Project.objects.order_by().values_list("unit_id", flat=True).distinct()
    return [
        u for u, (path, _n) in heirs.places_of(unit_ids=ids, on=on).items() if _below(path, roots)
    ]


def projects(viewer: Viewer, *, on: date, text: str = "", kind: str = "") -> QuerySet[Project]:
    """Return the projects of the viewer's units, the newest first, with what was given (``money``, ``land``, ``labour``)."""
    ids = _units_below(viewer.scope(Permission.WORKS_VIEW), on)
    return _narrowed(_with_sums(Project.objects.filter(unit_id__in=ids), on), text, kind)


def _narrowed(found: QuerySet[Project], text: str, kind: str) -> QuerySet[Project]:
    if text:
        ids = [
            pk
            for pk, name, code in found.values_list("pk", "name", "code")
            if _hit(text, name, code)
        ]
        found = found.filter(pk__in=ids)
    return found.filter(kind=kind) if kind else found


def _hit(text: str, *words: str) -> bool:
    return fold(text) in fold(" ".join(words))


def _with_sums(found: QuerySet[Project], on: date) -> QuerySet[Project]:
    counts = Q(contributions__reversal=None, contributions__on__lte=on)
    sums = {
        name: Sum("contributions__amount", filter=counts & Q(contributions__thing=thing.value))
        for thing, name in COLUMN.items()
    }
    return found.annotate(**sums).order_by("-starts_on", "name", "pk")


def project(viewer: Viewer, *, pk: UUID, on: date) -> Project | None:
    """Return one project of the viewer's units, or None."""
    found = Project.objects.filter(pk=pk).select_related("book__fund").first()
    if found is None:
        return None
    place = heirs.places_of(unit_ids=[found.unit_id], on=on).get(found.unit_id)
    return found if place and viewer.may(Permission.WORKS_VIEW, place[0]) else None


@system("the project was loaded for its viewer, or is public")
def contributions_of(*, project: Project, text: str = "") -> QuerySet[Contribution]:
    """Return what was given to a project, the newest first, also what was taken back."""
    found = Contribution.objects.filter(project=project).select_related("posting", "reversal")
    if text:
        rows = found.values_list("pk", "giver")
        found = found.filter(pk__in=[pk for pk, giver in rows if _hit(text, giver)])
    return found.order_by("-on", "-written_at", "pk")


@system(PUBLIC)
def clearings_of(*, project: Project) -> list[Clearing]:
    """Return the rows about cleared land in the order of their days."""
    rows = Clearing.objects.filter(project=project).select_related("reversed_by")
    return list(rows.order_by("on", "written_at", "pk"))


def units_to_keep(viewer: Viewer, *, on: date, under: str = "") -> list[UnitNow]:
    """Return the communes and villages in which the viewer keeps public works, in Vietnamese order."""
    roots = viewer.scope(Permission.WORKS_KEEP)
    paths = [under] if under and _below(under, roots) else roots
    return units.below_paths(paths=paths, levels=[Level.COMMUNE, Level.VILLAGE], on=on)


# -- sums ------------------------------------------------------------------------


@system(PUBLIC)
def sums_of(*, projects: Collection[UUID], on: date) -> dict[UUID, Sums]:
    """Return what was given to and cleared for each project until that day, in two queries."""
    found = {pk: Sums(projects=1) for pk in projects}
    # A reversal counts from its own day: before it, the sums read as they did then.
    given = Contribution.objects.filter(project_id__in=projects, on__lte=on)
    stands = Q(reversal=None) | Q(reversal__on__gt=on)
    rows: Any = given.filter(stands).order_by().values("project_id", "thing")
    for row in rows.annotate(n=Sum("amount")):
        setattr(found[row["project_id"]], COLUMN[Thing(row["thing"])], row["n"])
    areas: Any = Clearing.objects.filter(project_id__in=projects, on__lte=on)
    for row in (
        areas.order_by().values("project_id", "land").annotate(a=Sum("agreed"), c=Sum("cleared"))
    ):
        sums = found[row["project_id"]]
        sums.by_land[row["land"]] = (row["a"], row["c"])
        sums.agreed, sums.cleared = sums.agreed + row["a"], sums.cleared + row["c"]
    return found


@system(PUBLIC)
def roll_up(*, root_id: UUID, on: date) -> list[Sums]:
    """Return the sums of the units directly below one (and of itself) as the tree and the books stood on that day, in a constant number of queries.

    A unit that was dissolved counts under whoever took it over.
    """
    root = units.paths_of(unit_ids=[root_id], on=on).get(root_id, "none")
    of_unit = dict(Project.objects.filter(starts_on__lte=on).values_list("pk", "unit_id"))
    places = heirs.places_of(unit_ids=set(of_unit.values()), on=on)
    inside = {
        pk: places[u][0]
        for pk, u in of_unit.items()
        if u in places and _below(places[u][0], [root])
    }
    found: dict[UUID, Sums] = {}
    for pk, sums in sums_of(projects=inside, on=on).items():
        label = (inside[pk].split(".")[len(root.split(".")) :] or [str(root_id)])[0]
        found.setdefault(UUID(label), Sums(UUID(label))).add(sums)
    names = units.names_of(unit_ids=found, on=on)
    for unit_id, sums in found.items():
        sums.name = names.get(unit_id, "")
    return sorted(found.values(), key=lambda s: (s.unit_id == root_id, fold(s.name)))


@system(PUBLIC)
def in_total(rows: Iterable[Sums]) -> Sums:
    """Return the sum of many rows."""
    whole = Sums()
    for row in rows:
        whole.add(row)
    return whole


@system("the totals of a fund are public")
def in_books(*, project: Project) -> dict[Thing, int]:
    """Return what stands in the books for a project, added up from its postings: what the page shows must be the same."""
    stands = books.balances(fund_id=project.book.fund_id)
    given = {a: -n for a, n in stands.items() if a.place == Place.GIVERS}
    return {t: given.get(Address(Place.GIVERS, t.value, project.code), 0) for t in Thing}


# -- what everybody sees ---------------------------------------------------------


@system(PUBLIC)
def public_projects(
    *, under: UUID | None, on: date, text: str = "", kind: str = ""
) -> QuerySet[Project]:
    """Return the projects of a unit and those below it, or all, the newest first, with what was given."""
    found = Project.objects.all()
    if under:
        path = units.paths_of(unit_ids=[under], on=on).get(under, "none")
        found = found.filter(unit_id__in=_units_below([path], on))
    return _narrowed(_with_sums(found, on), text, kind)


@system(PUBLIC)
def of_area(*, unit_id: UUID, on: date, most: int = 3) -> list[Project]:
    """Return the newest works of a unit, for its home page."""
    return list(public_projects(under=unit_id, on=on)[:most])


@system(PUBLIC)
def public_project(*, pk: UUID) -> Project | None:
    """Return one project, or None."""
    return Project.objects.filter(pk=pk).select_related("book__fund").first()
