"""Read the data files and build the tree of the whole country through both reforms."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from caunoi.kit.text import clean
from caunoi.units.rules import kind_and_name
from caunoi.units.terms import EventKind, Level, Share
from caunoi.units.timeline import Happening, Period, Place

DATA = Path(__file__).resolve().parent / "data"
EARLIEST = date(2020, 1, 1)
"""The sources say nothing of earlier days."""
WAVE_1 = date(2024, 12, 1)
WAVE_2 = date(2025, 7, 1)
LAW = {
    WAVE_1: "Nghị quyết 1243/NQ-UBTVQH15",
    WAVE_2: "Luật Tổ chức chính quyền địa phương 72/2025/QH15; Quyết định 19/2025/QĐ-TTg",
}
LAW_NGHE_AN = "Nghị quyết 1678/NQ-UBTVQH15"
UNKNOWN_LAW = "Chưa rõ văn bản"
# Communes that are in the first snapshot and gone later, with the first day on which a source no longer lists them.
LOST = {"10": date(2024, 11, 1), "15": date(2025, 3, 1)}
CORRECTED_CODES = {"06970": "06978"}
"""Xã Ba Chẽ (Quảng Ninh): the merger list prints another code than the list of communes."""


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one data file, text cleaned."""
    raw = (DATA / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")
    return [
        {k: clean(v).strip() for k, v in row.items()} for row in csv.DictReader(text.splitlines())
    ]


class Country:
    """The tree under construction: living places by (level, code), and what happened."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.happenings: list[Happening] = []
        self.living: dict[tuple[Level, str], Place] = {}

    def open(
        self,
        level: Level,
        *,
        code: str,
        full_name: str,
        parent: Place | None,
        on: date,
        key: str = "",
    ) -> Place:
        """Add a new place that lives from that day on."""
        kind, name = kind_and_name(full_name)
        place = Place(level, key or f"{code}@{on}")
        place.periods.append(Period(on, None, code, name, full_name, kind, parent))
        self.places.append(place)
        self.living[level, code] = place
        return place

    def close(self, place: Place, on: date) -> None:
        """End a place's life."""
        place.ends(on)
        if self.living.get((place.level, place.last.code)) is place:
            del self.living[place.level, place.last.code]


def build(*, provinces: Iterable[str] | None = None, villages: bool = True) -> Country:
    """Return the tree. ``provinces`` limits the whole to these codes since 2025 (and what went into them)."""
    country = Country()
    wanted = set(provinces) if provinces is not None else None
    mergers = [
        m for m in rows("mergers.csv.gz") if wanted is None or m["new_province_code"] in wanted
    ]
    for m in mergers:
        m["new_code"] = CORRECTED_CODES.get(m["new_code"], m["new_code"])
    _before(country, mergers)
    _first_wave(country, [m for m in mergers if m["effective"] == WAVE_1.isoformat()])
    _lost_communes(country)
    _second_wave(country, [m for m in mergers if m["effective"] == WAVE_2.isoformat()], wanted)
    if villages:
        _villages(country)
    return country


def _before(country: Country, mergers: list[dict[str, str]]) -> None:
    """The three provinces we know from snapshots, then all others as the merger list names them."""
    covered = {m["old_province_code"] for m in mergers}
    snapshot = [r for r in rows("units_3tier_nghean_laocai.csv") if r["as_of"] == "2024-09-01"]
    for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
        above = {Level.DISTRICT: Level.PROVINCE, Level.COMMUNE: Level.DISTRICT}.get(level)
        for row in (r for r in snapshot if r["level"] == level and r["province_code"] in covered):
            parent = country.living[above, row["parent_code"]] if above else None
            country.open(
                level, code=row["code"], full_name=row["full_name"], parent=parent, on=EARLIEST
            )
    for m in mergers:
        if m["effective"] != WAVE_2.isoformat():
            continue
        province = country.living.get((Level.PROVINCE, m["old_province_code"])) or country.open(
            Level.PROVINCE,
            code=m["old_province_code"],
            full_name=m["old_province"],
            parent=None,
            on=EARLIEST,
        )
        if m["old_province_code"] in {"40", "10", "15"}:
            continue
        district = country.living.get((Level.DISTRICT, m["old_district_code"])) or country.open(
            Level.DISTRICT,
            code=m["old_district_code"],
            full_name=m["old_district"],
            parent=province,
            on=EARLIEST,
        )
        if m["old_code"] and (Level.COMMUNE, m["old_code"]) not in country.living:
            country.open(
                Level.COMMUNE,
                code=m["old_code"],
                full_name=m["old_name"],
                parent=district,
                on=EARLIEST,
            )


def _first_wave(country: Country, mergers: list[dict[str, str]]) -> None:  # noqa: C901  one story, told in order
    """Nghệ An on 2024-12-01: 460 communes become 412, 21 districts become 20."""
    if not mergers:
        return
    after = [
        r
        for r in rows("units_3tier_nghean_laocai.csv")
        if r["as_of"] == "2025-03-01" and r["province_code"] == "40"
    ]
    districts = {r["code"] for r in after if r["level"] == Level.DISTRICT}
    old_of = defaultdict(list)
    for m in mergers:
        old_of[m["new_code"]].append(country.living[Level.COMMUNE, m["old_code"]])
    parents_before = {
        c: p.last.parent for (lv, c), p in country.living.items() if lv == Level.COMMUNE
    }
    communes = [r for r in after if r["level"] == Level.COMMUNE]
    stays = {r["code"]: country.living.get((Level.COMMUNE, r["code"])) for r in communes}
    fresh = [r for r in communes if _is_new(r, old_of.get(r["code"], []), stays[r["code"]])]
    for row in communes:
        for old in old_of.get(row["code"], []):
            if row in fresh or old is not stays[row["code"]]:
                country.close(old, WAVE_1)
    for row in communes:
        parent = country.living[Level.DISTRICT, row["parent_code"]]
        place = stays[row["code"]]
        if row in fresh or place is None:
            place = country.open(
                Level.COMMUNE,
                code=row["code"],
                full_name=row["full_name"],
                parent=parent,
                on=WAVE_1,
            )
        else:
            kind, name = kind_and_name(row["full_name"])
            place.goes_on(WAVE_1, full_name=row["full_name"], name=name, type=kind, parent=parent)
        links = [
            (old, place, Share.WHOLE, True)
            for old in old_of.get(row["code"], [])
            if old is not place
        ]
        if links:
            country.happenings.append(Happening(EventKind.MERGE, WAVE_1, LAW[WAVE_1], links))
    gone = [
        p for (lv, c), p in list(country.living.items()) if _is_lost_district(lv, c, p, districts)
    ]
    for district in gone:
        heirs = {
            country.living[Level.COMMUNE, c].last.parent
            for c, p in parents_before.items()
            if p is district and (Level.COMMUNE, c) in country.living
        } - {district, None}
        _end_district(country, district, heirs, WAVE_1, LAW[WAVE_1])


def _is_lost_district(level: Level, code: str, place: Place, kept: set[str]) -> bool:
    root = place.last.parent
    return (
        level == Level.DISTRICT and root is not None and root.last.code == "40" and code not in kept
    )


def _is_new(row: dict[str, str], olds: list[Place], stays: Place | None) -> bool:
    """True when the row is a unit of its own: it took over from several, or under another code or name.

    A unit that is not among those it took over from has only taken in its neighbours, and goes on.
    """
    if not olds or (stays is not None and stays not in olds):
        return False
    return (
        len(olds) > 1
        or olds[0].last.code != row["code"]
        or olds[0].last.full_name != row["full_name"]
    )


def _end_district(
    country: Country, district: Place, heirs: Iterable[Place | None], on: date, law: str
) -> None:
    known = sorted((h for h in heirs if h), key=lambda h: h.last.code)
    share = Share.WHOLE if len(known) == 1 else Share.PART
    country.close(district, on)
    links = [(district, heir, share, len(known) == 1) for heir in known]
    country.happenings.append(
        Happening(EventKind.DISSOLVE, on, law, links or [(district, None, Share.WHOLE, True)])
    )


def _lost_communes(country: Country) -> None:
    """Six communes the sources drop without saying who took over: dissolved, successor unknown, never guessed."""
    table = rows("units_3tier_nghean_laocai.csv")
    after = {r["code"] for r in table if r["as_of"] == "2025-03-01"}
    for row in table:
        lost = (
            row["as_of"] == "2024-09-01"
            and row["code"] not in after
            and row["province_code"] in LOST
        )
        place = (
            country.living.get((Level.COMMUNE, row["code"]))
            if lost and row["level"] == Level.COMMUNE
            else None
        )
        if place:
            on = LOST[row["province_code"]]
            country.close(place, on)
            link = (place, None, Share.WHOLE, True)
            country.happenings.append(Happening(EventKind.DISSOLVE, on, UNKNOWN_LAW, [link]))


def _second_wave(country: Country, mergers: list[dict[str, str]], wanted: set[str] | None) -> None:
    """The whole country on 2025-07-01: 63 → 34 provinces, districts end, 10,035 → 3,321 communes."""
    after = [
        r for r in rows("units_2tier_all.csv") if wanted is None or r["province_code"] in wanted
    ]
    olds: dict[str, list[tuple[Place, dict[str, str]]]] = defaultdict(list)
    heirs_of_district: dict[Place, set[str]] = defaultdict(set)
    provinces_into: dict[str, set[Place]] = defaultdict(set)
    for m in mergers:
        district = country.living[Level.DISTRICT, m["old_district_code"]]
        place = country.living[Level.COMMUNE, m["old_code"]] if m["old_code"] else district
        olds[m["new_code"]].append((place, m))
        heirs_of_district[district].add(m["new_code"])
        provinces_into[m["new_province_code"]].add(
            country.living[Level.PROVINCE, m["old_province_code"]]
        )
    roots = _new_provinces(
        country, [r for r in after if r["level"] == Level.PROVINCE], provinces_into
    )
    kept = _close_communes(country, olds)
    new: dict[str, Place] = {}
    for row in (r for r in after if r["level"] == Level.COMMUNE):
        new[row["code"]] = _new_commune(
            country, row, olds[row["code"]], kept, roots[row["province_code"]]
        )
    for district, codes in heirs_of_district.items():
        if district.last.end is None:
            _end_district(country, district, {new[c] for c in codes}, WAVE_2, LAW[WAVE_2])


def _new_provinces(
    country: Country, after: list[dict[str, str]], came_from: dict[str, set[Place]]
) -> dict[str, Place]:
    roots: dict[str, Place] = {}
    fresh = []
    for row in after:
        before = came_from[row["code"]]
        same = next(
            (
                p
                for p in before
                if p.last.full_name == row["full_name"] and p.last.code == row["code"]
            ),
            None,
        )
        if same and len(before) == 1:
            roots[row["code"]] = same
        else:
            fresh.append((row, before))
    for _, before in fresh:
        for place in before:
            country.close(place, WAVE_2)
    for row, before in fresh:
        place = country.open(
            Level.PROVINCE, code=row["code"], full_name=row["full_name"], parent=None, on=WAVE_2
        )
        links = [
            (old, place, Share.WHOLE, True) for old in sorted(before, key=lambda p: p.last.code)
        ]
        country.happenings.append(
            Happening(EventKind.MERGE, WAVE_2, "Nghị quyết 202/2025/QH15", links)
        )
        roots[row["code"]] = place
    return roots


def _close_communes(
    country: Country, olds: dict[str, list[tuple[Place, dict[str, str]]]]
) -> set[Place]:
    """End every old commune but those that go on alone under the same code and name; returns these."""
    targets: dict[Place, int] = defaultdict(int)
    for sources in olds.values():
        for place, _ in sources:
            targets[place] += 1
    kept = {
        sources[0][0]
        for code, sources in olds.items()
        if len(sources) == 1
        and targets[sources[0][0]] == 1
        and sources[0][0].level == Level.COMMUNE
        and sources[0][0].last.code == code
        and sources[0][0].last.full_name == sources[0][1]["new_name"]
    }
    for place in targets:
        if place not in kept and place.level == Level.COMMUNE:
            country.close(place, WAVE_2)
    return kept


def _new_commune(
    country: Country,
    row: dict[str, str],
    sources: list[tuple[Place, dict[str, str]]],
    kept: set[Place],
    root: Place,
) -> Place:
    if len(sources) == 1 and sources[0][0] in kept:
        sources[0][0].goes_on(
            WAVE_2, parent=root, full_name=row["full_name"], name=row["name"], type=row["type"]
        )
        return sources[0][0]
    place = country.open(
        Level.COMMUNE, code=row["code"], full_name=row["full_name"], parent=root, on=WAVE_2
    )
    links = [
        (old, place, Share(m["share"]), m["default_target"] == "1")
        for old, m in sources
        if old.level == Level.COMMUNE
    ]
    law = LAW_NGHE_AN if row["province_code"] == "40" else LAW[WAVE_2]
    if links:
        country.happenings.append(Happening(EventKind.MERGE, WAVE_2, law, links))
    return place


def _villages(country: Country) -> None:
    """The invented villages of Nghệ An follow their commune through both waves."""
    first = {
        p.periods[0].code: p
        for p in country.places
        if p.level == Level.COMMUNE and p.periods[0].start == EARLIEST
    }
    next_of = {
        old: new
        for happening in country.happenings
        for old, new, _, is_default in happening.links
        if is_default and new is not None
    }
    for row in rows("villages_synthetic_nghean.csv"):
        commune = first.get(row["commune_code"])
        if commune is None:
            continue
        village = Place(Level.VILLAGE, row["code"], synthetic=True)
        start: date | None = EARLIEST
        while commune is not None and start is not None:
            end = commune.last.end
            village.periods.append(
                Period(start, end, row["code"], row["name"], row["name"], row["type"], commune)
            )
            start, commune = end, next_of.get(commune)
        country.places.append(village)
