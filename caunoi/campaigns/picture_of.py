"""What a campaign asked, got and handed over, as it is shown: totals by thing, by commune, and as a schematic map."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from caunoi.campaigns import areas, queries
from caunoi.campaigns.models import Campaign
from caunoi.funds import queries as books
from caunoi.funds.models import Commodity
from caunoi.funds.terms import Column
from caunoi.kit.text import sort_key
from caunoi.kit.viewing import system

FEW, TILES_A_ROW = 12, 4
"""A few communes stand three in a row: their names are read on a phone too."""
TILE_WIDTH, TILE_HEIGHT, GAP = 100, 64, 6
SORTS = ("money", "goods", "labour", "transport", "land")


@dataclass(slots=True)
class Amounts:
    """How much of one thing: needed, and the four columns of the books."""

    commodity: Commodity
    needed: int = 0
    columns: dict[Column, int] = field(default_factory=lambda: dict.fromkeys(Column, 0))

    @property
    def registered(self) -> int:
        return self.columns[Column.REGISTERED]

    @property
    def received(self) -> int:
        return self.columns[Column.RECEIVED]

    @property
    def allocated(self) -> int:
        return self.columns[Column.ALLOCATED]

    @property
    def delivered(self) -> int:
        return self.columns[Column.DELIVERED]

    @property
    def most(self) -> int:
        """The whole of the bar."""
        return max(self.needed, self.registered, self.received, self.allocated, self.delivered, 1)


@dataclass(slots=True)
class Place:
    """One commune: what it needs and what went there, by thing."""

    area: areas.Area
    lines: list[Amounts]

    @property
    def share(self) -> int:
        """How much of what is needed was handed over, in percent: each thing counts alike, none more than whole."""
        asked = [a for a in self.lines if a.needed]
        if not asked:
            return 100 if any(a.delivered for a in self.lines) else 0
        return round(100 * sum(min(1.0, a.delivered / a.needed) for a in asked) / len(asked))


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the schematic map. ``level`` (0 to 4) is its shade, ``full`` how high it is filled."""

    name: str
    share: int
    level: int
    x: int
    y: int
    full: int
    top: int


@dataclass(slots=True)
class Shown:
    """Everything that the page shows as numbers."""

    totals: list[Amounts]
    places: list[Place]
    nowhere: int
    purposes: list[tuple[str, list[Amounts]]] = field(default_factory=list)
    """By what a gift may be bound to; the last one without a name is what givers left free. Empty where nothing is bound."""

    @property
    def tiles(self) -> list[Tile]:
        return [_tile(n, place, self.a_row) for n, place in enumerate(self.places)]

    @property
    def a_row(self) -> int:
        return 3 if len(self.places) <= FEW else TILES_A_ROW

    @property
    def map_height(self) -> int:
        rows = -(-len(self.places) // self.a_row)
        return rows * (TILE_HEIGHT + GAP)

    @property
    def map_width(self) -> int:
        return self.a_row * (TILE_WIDTH + GAP)


@system("what was asked for, given and handed over is public")
def of_campaign(*, campaign: Campaign, on: date) -> Shown:
    """Return the numbers of a campaign, in a fixed number of queries however many needs and gifts there are.

    ``nowhere`` is how many needs belong to units of which nobody knows who took over; they count in the totals.
    """
    things = {c.pk: c for c in Commodity.objects.all()}
    asked = queries.needed(campaign_id=campaign.pk)
    stands = books.columns_by_unit(fund_id=campaign.fund_id) if campaign.fund_id else {}
    where = areas.of_units(
        unit_ids={u for u, _p, _c in asked} | {u for u, _p, _c in stands if u}, on=on
    )
    totals: dict[str, Amounts] = {}
    by_place: dict[UUID, dict[str, Amounts]] = {}
    by_purpose: dict[str, dict[str, Amounts]] = {}
    nowhere = 0

    def lines_at(unit_id: UUID | None, purpose: str, commodity: str) -> Iterable[Amounts]:
        thing = things[commodity]
        yield totals.setdefault(commodity, Amounts(thing))
        yield by_purpose.setdefault(purpose, {}).setdefault(commodity, Amounts(thing))
        area = where.get(unit_id) if unit_id else None
        if area:
            here = by_place.setdefault(area.unit.id, {})
            yield here.setdefault(commodity, Amounts(thing))

    for (unit_id, purpose, commodity), n in asked.items():
        nowhere += unit_id not in where
        for line in lines_at(unit_id, purpose, commodity):
            line.needed += n
    for (at, purpose, commodity), columns in stands.items():
        for line in lines_at(at, purpose, commodity):
            for column, n in columns.items():
                line.columns[column] += n
    found = {area.unit.id: area for area in where.values()}
    places = [Place(found[i], _in_order(lines)) for i, lines in by_place.items()]
    places.sort(key=lambda p: sort_key(p.area.unit.name))
    return Shown(_in_order(totals), places, nowhere, _purposes(campaign, by_purpose))


def _purposes(
    campaign: Campaign, found: Mapping[str, Mapping[str, Amounts]]
) -> list[tuple[str, list[Amounts]]]:
    named = dict(campaign.purposes.order_by("pk").values_list("code", "name"))
    if not named:
        return []
    there = [(name, _in_order(found[code])) for code, name in named.items() if code in found]
    return [*there, ("", _in_order(found[""]))] if "" in found else there


def _in_order(lines: Mapping[str, Amounts]) -> list[Amounts]:
    return sorted(
        lines.values(), key=lambda a: (SORTS.index(a.commodity.sort), sort_key(a.commodity.name))
    )


def _tile(n: int, place: Place, a_row: int) -> Tile:
    row, column = divmod(n, a_row)
    x, y = column * (TILE_WIDTH + GAP), row * (TILE_HEIGHT + GAP)
    full = round(TILE_HEIGHT * place.share / 100)
    return Tile(
        name=place.area.unit.name,
        share=place.share,
        level=min(4, place.share // 25),
        x=x,
        y=y,
        full=full,
        top=y + TILE_HEIGHT - full,
    )
