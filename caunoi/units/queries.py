"""Reads of the tree. It is a public register: nothing here depends on who looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from caunoi.kit.text import fold
from caunoi.kit.viewing import system
from caunoi.units import rules
from caunoi.units.models import Succession, Unit, UnitVersion
from caunoi.units.terms import Found, Level, Share, Successor, UnitNow

REGISTER = "public register"
SEARCH_CANDIDATES = 100
SHORTEST_PART = 3
CHAIN_LIMIT = 12


def _now(version: UnitVersion) -> UnitNow:
    return UnitNow(
        id=version.unit_id,
        slug=version.unit.slug,
        code=version.code,
        name=version.name,
        full_name=version.full_name,
        level=Level(version.level),
        type=version.type,
        path=str(version.path),
        parent_id=version.parent_id,
        valid_from=version.valid.lower,
        valid_to=version.valid.upper,
        is_synthetic=version.unit.is_synthetic,
    )


def _on(on: date) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.filter(valid__contains=on).select_related("unit")


@system(REGISTER)
def as_of(*, unit_id: UUID, on: date) -> UnitNow | None:
    """Return the unit as it was on that day, or None when it did not exist."""
    version = _on(on).filter(unit_id=unit_id).first()
    return _now(version) if version else None


@system(REGISTER)
def latest(*, unit_id: UUID, on: date) -> UnitNow | None:
    """Return the unit as on that day; when it is gone, as on its last day; None when it came later."""
    versions = UnitVersion.objects.filter(
        unit_id=unit_id, valid__startswith__lte=on
    ).select_related("unit")
    version = versions.order_by("-valid").first()
    return _now(version) if version else None


@system(REGISTER)
def name_of(*, unit_id: UUID, on: date) -> str:
    """Return the full name the unit bore on that day (its last one when it is gone, empty when unknown)."""
    found = latest(unit_id=unit_id, on=on)
    return found.full_name if found else ""


@system(REGISTER)
def names_of(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """Return the full names of many units in one query; a unit that is gone keeps its last name."""
    versions = (
        UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__startswith__lte=on)
        .order_by("unit_id", "-valid")
        .distinct("unit_id")
    )
    return dict(versions.values_list("unit_id", "full_name"))


@system(REGISTER)
def by_slug(*, slug: str, on: date) -> UnitNow | None:
    """Return the unit with that address, as on the day or as it last was."""
    unit = Unit.objects.filter(slug=slug).first()
    return latest(unit_id=unit.pk, on=on) if unit else None


@system(REGISTER)
def first_by_slug(*, slug: str) -> UnitNow | None:
    """Return the unit with that address as it was, or will be, on its first day."""
    versions = UnitVersion.objects.filter(unit__slug=slug).select_related("unit")
    version = versions.order_by("valid").first()
    return _now(version) if version else None


@system(REGISTER)
def by_code(*, code: str, level: Level, on: date) -> UnitNow | None:
    """Return who bore that official code on that day: codes are re-used, units are not."""
    version = _on(on).filter(level=level, code=code).first()
    return _now(version) if version else None


@system(REGISTER)
def children(*, unit_id: UUID, on: date) -> list[UnitNow]:
    """Return the units directly below, in Vietnamese order."""
    return [_now(v) for v in _on(on).filter(parent_id=unit_id).order_by("sort_key")]


@system(REGISTER)
def with_children(*, unit_ids: Iterable[UUID], on: date) -> list[UnitNow]:
    """Return these units and those directly below them, from the highest level down, in Vietnamese order."""
    ids = list(unit_ids)
    found = _on(on).filter(Q(unit_id__in=ids) | Q(parent_id__in=ids))
    order = [level.value for level in Level]
    return sorted(
        map(_now, found.order_by("sort_key")), key=lambda unit: order.index(unit.level.value)
    )


@system(REGISTER)
def ancestors(*, unit_id: UUID, on: date) -> list[UnitNow]:
    """Return the units above, root first, without the unit itself."""
    own = _on(on).filter(unit_id=unit_id).first()
    if own is None:
        return []
    labels = str(own.path).split(".")[:-1]
    versions = {v.unit_id: v for v in _on(on).filter(unit_id__in=[UUID(x) for x in labels])}
    return [_now(versions[UUID(x)]) for x in labels]


@system(REGISTER)
def lineages_of(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, list[UnitNow]]:
    """Return many units of that day, each with those above it, root first and itself last, in two queries.

    A unit that did not exist on the day is left out.
    """
    known = {v.unit_id: v for v in _on(on).filter(unit_id__in=set(unit_ids))}
    labels = {unit_id: [UUID(x) for x in str(v.path).split(".")] for unit_id, v in known.items()}
    above = {unit_id for line in labels.values() for unit_id in line} - known.keys()
    if above:
        known |= {v.unit_id: v for v in _on(on).filter(unit_id__in=above)}
    return {unit_id: [_now(known[x]) for x in line] for unit_id, line in labels.items()}


@system(REGISTER)
def subtree(*, unit_id: UUID, on: date, level: Level | None = None) -> QuerySet[UnitVersion]:
    """Return the versions of the unit and everything below it on that day, in Vietnamese order."""
    below = _on(on).filter(path__below=_path_of(unit_id=unit_id, on=on))
    return (below.filter(level=level) if level else below).order_by("sort_key")


@system(REGISTER)
def subtree_ids(*, unit_id: UUID, on: date) -> list[UUID]:
    """Return the ids of the unit and everything below it on that day."""
    path = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=on).values("path")[:1]
    inside = UnitVersion.objects.filter(valid__contains=on, path__below=path)
    return list(inside.values_list("unit_id", flat=True))


@system(REGISTER)
def within(*, unit_id: UUID, root_id: UUID, on: date) -> bool:
    """True when the unit is ``root_id`` or stood below it on that day."""
    path = (
        UnitVersion.objects.filter(unit_id=unit_id, valid__contains=on)
        .values_list("path", flat=True)
        .first()
    )
    return path is not None and rules.label(root_id) in str(path).split(".")


@system(REGISTER)
def paths_of(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """Return the path of each unit that exists on that day."""
    rows = UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__contains=on)
    return {unit_id: str(path) for unit_id, path in rows.values_list("unit_id", "path")}


@system(REGISTER)
def places_of(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, tuple[str, str]]:
    """Return the path and the full name of each unit that exists on that day, in one query."""
    rows = UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__contains=on)
    return {
        unit_id: (str(path), name)
        for unit_id, path, name in rows.values_list("unit_id", "path", "full_name")
    }


@system(REGISTER)
def known_places(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, tuple[str, str]]:
    """Return path and full name of many units in one query; a unit that is gone has no path and keeps its last name."""
    versions = (
        UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__startswith__lte=on)
        .order_by("unit_id", "-valid")
        .distinct("unit_id")
    )
    rows = versions.values_list("unit_id", "path", "full_name", "valid")
    return {
        unit_id: (str(path) if on in valid else "", name) for unit_id, path, name, valid in rows
    }


@system(REGISTER)
def subtree_filter(*, paths: Iterable[str], on: date) -> QuerySet:
    """Return the ids of all units below any of these paths on that day, to stand in ``unit_id__in=``."""
    return UnitVersion.objects.filter(valid__contains=on, path__below_any=list(paths)).values(
        "unit_id"
    )


@system(REGISTER)
def list_as_of(
    *, on: date, level: Level | None = None, under: UUID | None = None
) -> QuerySet[UnitVersion]:
    """Return the units of one level on that day in Vietnamese order, everywhere or below one unit (itself included)."""
    versions = subtree(unit_id=under, on=on) if under else _on(on).order_by("sort_key")
    # The page is cut first, and only its own units are fetched.
    versions = versions.select_related(None).prefetch_related("unit")
    return versions.filter(level=level) if level else versions


@system(REGISTER)
def counts(*, on: date, under: UUID | None = None) -> dict[Level, int]:
    """Return how many units of each level exist on that day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, count(*) FROM units_unitversion WHERE valid @> %s::date"
            " AND (%s::text IS NULL OR path <@ (SELECT path FROM units_unitversion"
            "      WHERE unit_id = %s AND valid @> %s::date)) GROUP BY 1",
            [on, str(under) if under else None, under, on],
        )
        return {Level(level): count for level, count in cursor.fetchall()}


@system(REGISTER)
def search(
    *,
    text: str,
    on: date,
    limit: int = 20,
    level: Level | None = None,
    under: UUID | None = None,
    old: bool = True,
) -> list[Found]:
    """Find units by any name or code they ever bore, with or without diacritics, i/y and đ.

    Same spelling comes first, then the same name without marks, then names that begin with or contain the text; living
    units before those that are gone. One hit a unit.
    """
    asked = fold(text)
    if len(asked) < 2:
        return []
    versions = UnitVersion.objects.select_related("unit")
    if level:
        versions = versions.filter(level=level)
    if not old:
        versions = versions.filter(valid__contains=on)
    if under:
        versions = versions.filter(path__below=_path_of(unit_id=under, on=on))
    candidates = _named(versions, asked, limit)
    alive = _alive(candidates, on)
    candidates.sort(
        key=lambda v: (
            rules.rank(asked=text, full_name=v.full_name, alive=v.unit_id in alive),
            v.sort_key,
        )
    )
    best: dict[UUID, UnitVersion] = {}
    for version in candidates:
        best.setdefault(version.unit_id, version)
    return _with_surroundings(list(best.values())[:limit], alive)


@system(REGISTER)
def ids_named(*, text: str) -> QuerySet:
    """Return the ids of units that ever bore a name with these words in it, to stand in ``unit_id__in=``."""
    named = UnitVersion.objects.filter(folded__contains=fold(text))
    return named.order_by().values("unit_id")


@system(REGISTER)
def bearing(*, folded: Iterable[str], paths: Iterable[str], on: date) -> dict[str, list[UUID]]:
    """Return the units below any of these paths that bear each of the folded full names on that day."""
    wanted = _on(on).filter(folded__in=set(folded), unit_id__in=subtree_filter(paths=paths, on=on))
    found: dict[str, list[UUID]] = {}
    for name, unit_id in wanted.values_list("folded", "unit_id"):
        found.setdefault(name, []).append(unit_id)
    return found


def _alive(versions: list[UnitVersion], on: date) -> set[UUID]:
    """Return which of these units exist on that day."""
    then = {v.unit_id for v in versions if on in v.valid}
    others = {v.unit_id for v in versions} - then
    still = UnitVersion.objects.filter(unit_id__in=others, valid__contains=on)
    return then | (set(still.values_list("unit_id", flat=True)) if others else set())


def _named(versions: QuerySet[UnitVersion], asked: str, limit: int) -> list[UnitVersion]:
    """Return versions that bear the code, the name, a name that begins so, or, when these are too few, contains it."""
    if asked.isdigit():
        return list(versions.filter(code=asked)[:SEARCH_CANDIDATES])
    bare = rules.bare_name(asked)
    same = versions.filter(folded_name__in={asked, bare})
    begins = versions.filter(folded_name__startswith=bare)
    parts = [q.order_by("folded_name", "level")[:SEARCH_CANDIDATES] for q in (same, begins)]
    found = [version for part in parts for version in part]
    if len({v.unit_id for v in found}) < limit and len(bare) >= SHORTEST_PART:
        # Shortest names first: the nearest to what was typed, and an order that no index gives, so that the planner looks
        # for the parts of the name instead of walking through everything in the hope of a hundred early hits.
        parts_of = versions.filter(folded_name__contains=bare)
        found += parts_of.order_by(Length("folded_name"), "folded_name")[:SEARCH_CANDIDATES]
    return found


def _path_of(*, unit_id: UUID, on: date) -> str:
    """Return the path of one unit on that day, or a path that nothing stands below."""
    return paths_of(unit_ids=[unit_id], on=on).get(unit_id, "none")


def _with_surroundings(versions: list[UnitVersion], alive: set[UUID]) -> list[Found]:
    above = {UUID(x) for v in versions for x in str(v.path).split(".")[:-1]}
    names: dict[UUID, list[UnitVersion]] = {}
    for version in UnitVersion.objects.filter(unit_id__in=above):
        names.setdefault(version.unit_id, []).append(version)

    def name_then(unit_id: UUID, on: date) -> str:
        return next((v.full_name for v in names.get(unit_id, []) if on in v.valid), "")

    return [
        Found(
            unit=_now(v),
            within=", ".join(
                filter(
                    None,
                    (
                        name_then(UUID(x), v.valid.lower)
                        for x in reversed(str(v.path).split(".")[:-1])
                    ),
                )
            ),
            alive=v.unit_id in alive,
        )
        for v in versions
    ]


@system(REGISTER)
def successors(*, unit_id: UUID, on: date) -> list[Successor]:
    """Follow the unit through every reform up to that day: itself when it lives, else whoever took over, whole or in part.

    A unit whose successor is not known gives one entry with ``unit=None``. Default targets come first.
    """
    return successors_of_many(unit_ids=[unit_id], on=on)[unit_id]


@system(REGISTER)
def successors_of_many(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, list[Successor]]:
    """Return the ``successors`` of many units, in as many queries as the longest chain has steps."""
    chains = _chains(unit_ids=list(unit_ids), on=on)
    ends = {c.end for c in chains if c.end}
    living = {v.unit_id: _now(v) for v in _on(on).filter(unit_id__in=ends)}
    found: dict[UUID, dict[UUID | None, Successor]] = {i: {} for i in unit_ids}
    for chain in chains:
        if chain.end and chain.end not in living:
            continue
        of_this = found[chain.start]
        previous = of_this.get(chain.end)
        of_this[chain.end] = Successor(
            unit=living[chain.end] if chain.end else None,
            share=rules.share_of_chain(chain.shares),
            is_default=chain.is_default or bool(previous and previous.is_default),
            on=chain.on,
            via=chain.via,
        )
    return {start: sorted(heirs.values(), key=_default_first) for start, heirs in found.items()}


def _default_first(heir: Successor) -> tuple[bool, str]:
    return (not heir.is_default, heir.unit.full_name if heir.unit else "~")


@dataclass(frozen=True, slots=True)
class _Chain:
    """One way from an old unit to where it ends on the day asked for."""

    start: UUID
    end: UUID | None
    shares: tuple[Share, ...] = ()
    is_default: bool = True
    on: date = date.min
    via: tuple = ()

    def step(self, link: Succession) -> "_Chain":
        return _Chain(
            self.start,
            link.new_unit_id,
            (*self.shares, Share(link.share)),
            self.is_default and link.is_default,
            link.event.on_date,
            (*self.via, self.end),
        )


def _chains(*, unit_ids: list[UUID], on: date) -> list[_Chain]:
    open_ends = [_Chain(i, i) for i in unit_ids]
    done: list[_Chain] = []
    for _ in range(CHAIN_LIMIT):
        if not open_ends:
            break
        links: dict[UUID, list[Succession]] = {}
        ends = {c.end for c in open_ends if c.end}
        for link in Succession.objects.filter(
            old_unit_id__in=ends, event__on_date__lte=on
        ).select_related("event"):
            links.setdefault(link.old_unit_id, []).append(link)
        following = []
        for chain in open_ends:
            nexts = links.get(chain.end, []) if chain.end else []
            if not nexts:
                done.append(chain)
            following += [chain.step(link) for link in nexts]
        open_ends = following
    return done + open_ends


@system(REGISTER)
def predecessors(*, unit_id: UUID) -> list[Succession]:
    """Return the links from the units this one took over from, newest first."""
    links = Succession.objects.filter(new_unit_id=unit_id).select_related("event", "old_unit")
    return list(links.order_by("-event__on_date", "old_unit__slug"))


@system(REGISTER)
def versions_of(*, unit_id: UUID) -> list[UnitVersion]:
    """Return everything that was true of the unit, oldest first."""
    return list(
        UnitVersion.objects.filter(unit_id=unit_id)
        .select_related("unit", "parent")
        .order_by("valid")
    )


@system(REGISTER)
def unknown_successors() -> list[UnitNow]:
    """Return the units that are gone and of which nobody knows who took over."""
    gone = Succession.objects.filter(new_unit__isnull=True).values("old_unit_id")
    versions = (
        UnitVersion.objects.filter(unit_id__in=gone)
        .select_related("unit")
        .order_by("unit_id", "-valid")
    )
    return sorted((_now(v) for v in versions.distinct("unit_id")), key=lambda u: u.code)


@system(REGISTER)
def below_paths(*, paths: Iterable[str], levels: Iterable[Level], on: date) -> list[UnitNow]:
    """Return the units of these levels at or below any of these paths on that day, in Vietnamese order."""
    inside = _on(on).filter(path__below_any=list(paths), level__in=[lv.value for lv in levels])
    return [_now(v) for v in inside.order_by("sort_key", "code")]


@system(REGISTER)
def slugs_of(*, unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the address words of units, whenever they exist."""
    return dict(Unit.objects.filter(pk__in=set(unit_ids)).values_list("pk", "slug"))


@system(REGISTER)
def many_as_of(*, unit_ids: Iterable[UUID], on: date) -> dict[UUID, UnitNow]:
    """Return those of the units that exist on that day, in Vietnamese order."""
    versions = _on(on).filter(unit_id__in=set(unit_ids)).order_by("sort_key", "code")
    return {v.unit_id: _now(v) for v in versions}


@system(REGISTER)
def named(*, text: str, on: date, limit: int = 20) -> list[Found]:
    """Return the living units that somebody may mean by a full name, a bare name, a code or an address word.

    -> one entry when it is clear; an address word and a full name with its kind go before a bare name
    """
    text = " ".join(text.split())
    own = by_slug(slug=text.lower(), on=on)
    if own is not None and (own.valid_to is None or own.valid_to > on):
        return [Found(own, "", alive=True)]
    hits = search(text=text, on=on, limit=limit, old=False)
    if text.isdigit():
        return hits
    asked = fold(text)
    whole = [f for f in hits if fold(f.unit.full_name) == asked]
    same_marks = [f for f in whole if f.unit.full_name.lower() == text.lower()]
    bare = [f for f in hits if rules.bare_name(fold(f.unit.full_name)) == asked]
    return same_marks or whole or bare
