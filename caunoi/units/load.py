"""Fill the tree from the data files, in bulk; loading twice changes nothing."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from python_calamine import CalamineError, CalamineWorkbook

from caunoi.kit import audit, clock
from caunoi.kit.text import slug
from caunoi.units import actions, queries, rules
from caunoi.units.models import Unit, UnitEvent
from caunoi.units.sources import Country, build
from caunoi.units.terms import Level
from caunoi.units.timeline import Happening, Period, Place, merged, paths

SCALES = ("small", "province", "national")
SMALL = {"40"}


@dataclass(slots=True)
class Loaded:
    """What a loading did."""

    units: int = 0
    versions: int = 0
    successions: int = 0
    errors: list[str] = field(default_factory=list)


def load_demo(*, scale: str = "province") -> Loaded:
    """Load the tree unless units are there already.

    scale  small: Nghệ An alone · province: the whole country since 2025 with all it came from, and the villages of
           Nghệ An · national: the same with invented villages everywhere (about 94,000 living units; for measuring)
    """
    if Unit.objects.exists():
        return Loaded()
    if scale not in SCALES:
        raise ValueError(f"unknown scale {scale!r}; one of {SCALES}")
    country = build(provinces=SMALL if scale == "small" else None)
    if scale == "national":
        _villages_everywhere(country)
    return save(country)


def load_national() -> Loaded:
    """Load the real tree of the whole country unless units are there already; the villages of Nghệ An are invented."""
    return load_demo(scale="province")


@transaction.atomic
def save(country: Country) -> Loaded:
    """Write a built country: units, versions, events, successions."""
    _save_units(country.places)
    versions = _save_versions(country.places)
    successions = _save_events(country.happenings)
    settle()
    return Loaded(len(country.places), versions, successions)


def settle() -> None:
    """Have the database check the tree now. Statistics come first: without them each check would read the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE units_unit, units_unitversion, units_succession")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _save_units(places: list[Place]) -> None:
    taken: set[str] = set()
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY units_unit (id, slug, is_synthetic) FROM STDIN") as copy,
    ):
        for place in sorted(places, key=_living_first):
            copy.write_row((place.id, _free_slug(place, taken), place.synthetic))


def _living_first(place: Place) -> tuple[bool, int, str]:
    order = {Level.PROVINCE: 0, Level.COMMUNE: 1, Level.DISTRICT: 2, Level.VILLAGE: 3}
    return place.last.end is not None, order[place.level], place.key


def _free_slug(place: Place, taken: set[str]) -> str:
    """Return the address: the full name, with the province when another unit has it, with the code at last."""
    plain = slug(place.last.full_name)
    if place.level == Level.VILLAGE:
        plain = f"{plain}-{place.last.code}"
    above = place.last.parent
    root = above.last.parent if above is not None and above.last.parent is not None else above
    for candidate in (
        plain,
        f"{plain}-{slug((root or place).last.name)}",
        f"{plain}-{place.last.code}",
    ):
        if candidate not in taken:
            taken.add(candidate)
            return candidate
    candidate = f"{plain}-{place.id.hex[:8]}"
    taken.add(candidate)
    return candidate


def _save_versions(places: list[Place]) -> int:
    columns = "unit_id, valid, level, type, code, name, full_name, parent_id, path"
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY units_unitversion ({columns}) FROM STDIN") as copy,
    ):
        for place in places:
            for start, end, period, above in merged(paths(place)):
                copy.write_row(_version_row(place, start, end, period, above))
                count += 1
    return count


def _version_row(
    place: Place, start: date, end: date | None, period: Period, above: Iterable[Place]
) -> tuple:
    path = ".".join(rules.label(p.id) for p in (*above, place))
    return (
        place.id,
        f"[{start},{end or ''})",
        place.level.value,
        period.type,
        period.code,
        period.name,
        period.full_name,
        period.parent.id if period.parent else None,
        path,
    )


def _save_events(happenings: list[Happening]) -> int:
    events = UnitEvent.objects.bulk_create(
        [
            UnitEvent(kind=h.kind, on_date=h.on, legal_reference=h.legal_reference)
            for h in happenings
        ],
        batch_size=2000,
    )
    seen: set[tuple[UUID, UUID | None]] = set()
    columns = "event_id, old_unit_id, new_unit_id, share, is_default"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY units_succession ({columns}) FROM STDIN") as copy,
    ):
        for event, happening in zip(events, happenings, strict=True):
            for old, new, share, is_default in happening.links:
                pair = (old.id, new.id if new else None)
                if pair not in seen:
                    seen.add(pair)
                    copy.write_row((event.pk, *pair, share.value, is_default))
    return len(seen)


def _villages_everywhere(country: Country) -> None:
    """Invented villages for every living commune without any, about 28 each, so that the tree has national size."""
    have = {p.last.parent for p in country.places if p.level == Level.VILLAGE}
    communes = [
        p
        for p in country.places
        if p.level == Level.COMMUNE and p.last.end is None and p not in have
    ]
    for commune in communes:
        for number in range(1, 29):
            code = f"{commune.last.code}-{number:02d}"
            village = Place(Level.VILLAGE, f"national:{code}", synthetic=True)
            name = f"Thôn {number}"
            village.periods.append(
                Period(commune.last.start, None, code, name, name, "thon", commune)
            )
            country.places.append(village)


COLUMNS = ("level", "code", "full_name", "parent_code")
PARENT_LEVELS = {
    Level.DISTRICT: [Level.PROVINCE],
    Level.COMMUNE: [Level.DISTRICT, Level.PROVINCE],
    Level.VILLAGE: [Level.COMMUNE],
}


@dataclass(slots=True)
class Import:
    """What an operator's file brought: how many units, or what is wrong in which row."""

    loaded: int = 0
    errors: list[str] = field(default_factory=list)


def import_units(*, path: Path, by: audit.Actor | None, at: datetime) -> Import:
    """Create the units of a CSV or XLSX with the columns level, code, full_name, parent_code; all of them or none.

    A unit that bears this code at this level today is left alone. Errors name the row and say what to correct.
    """
    outcome = Import()
    rows = _table(path, outcome)
    on = clock.local_date(at)
    with transaction.atomic():
        for number, row in enumerate(rows, start=2):
            problem = _import_row(row, on=on, by=by, at=at, outcome=outcome)
            if problem:
                outcome.errors.append(f"Dòng {number}: {problem}")
        if outcome.errors:
            outcome.loaded = 0
            transaction.set_rollback(True)
    return outcome


def _table(path: Path, outcome: Import) -> list[dict[str, str]]:
    if path.suffix.lower() == ".xlsx":
        try:
            table = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        except CalamineError:
            outcome.errors.append("Không đọc được tệp XLSX.")
            return []
        header = [str(c).strip() for c in table[0]] if table else []
        rows = [
            dict(zip(header, (str(c).strip() for c in line), strict=False)) for line in table[1:]
        ]
    else:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [
                {k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(lines)
            ]
    missing = [c for c in COLUMNS if rows and c not in rows[0]]
    if missing or not rows:
        outcome.errors.append(f"Thiếu cột: {', '.join(missing) or ', '.join(COLUMNS)}.")
        return []
    return rows


def _import_row(
    row: dict[str, str], *, on: date, by: audit.Actor | None, at: datetime, outcome: Import
) -> str:
    if row["level"] not in list(Level):
        return f"cột level ghi “{row['level']}”; phải là province, district, commune hoặc village."
    level = Level(row["level"])
    if not row["code"] or not row["full_name"]:
        return "thiếu code hoặc full_name."
    if queries.by_code(code=row["code"], level=level, on=on):
        return ""
    parents = [
        queries.by_code(code=row["parent_code"], level=lv, on=on)
        for lv in PARENT_LEVELS.get(level, [])
    ]
    parent = next((p for p in parents if p), None)
    if parent is None and level != Level.PROVINCE:
        return f"không có đơn vị cấp trên mang mã “{row['parent_code']}”."
    actions.create_unit(
        full_name=row["full_name"],
        code=row["code"],
        level=level,
        parent_id=parent.id if parent else None,
        on=on,
        legal_reference=row.get("legal_reference") or "Nhập từ tệp",
        by=by,
        at=at,
    )
    outcome.loaded += 1
    return ""
