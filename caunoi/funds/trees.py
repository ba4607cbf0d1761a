"""The tree of a fund's postings, read from tiles: a proof among millions costs some hundred rows."""

from collections.abc import Iterable
from uuid import UUID

from caunoi.funds import rules
from caunoi.funds.models import Posting, Tile

HEIGHTS = (8, 16, 24)


def root_of(fund_id: UUID, size: int) -> bytes:
    """Return the root over the first ``size`` postings."""
    return span(fund_id, 0, size) if size else rules.root([])


def proof_of(fund_id: UUID, *, index: int, size: int) -> list[bytes]:
    """Return the way from the posting with that index (its ``seq`` - 1) to the root over the first ``size``."""
    return rules.path_by(index, size, lambda start, end: span(fund_id, start, end))


def span(fund_id: UUID, start: int, end: int) -> bytes:
    """Return the root over leaves start..end; ``start`` is a multiple of the power of two the span stands for."""
    wanted = list(rules.pieces(start, end, heights=HEIGHTS))
    known = _tiles(fund_id, [w for w in wanted if w[0]])
    stack: list[tuple[int, bytes]] = []
    for piece in wanted:
        if piece[0] and piece not in known:
            for of_leaf in leaves(fund_id, piece[1] << piece[0], (piece[1] + 1) << piece[0]):
                rules.grow(stack, of_leaf)
        elif piece[0]:
            rules.grow(stack, known[piece], height=piece[0])
    loose = [index for height, index in wanted if not height]
    if loose:
        for of_leaf in leaves(fund_id, loose[0], loose[-1] + 1):
            rules.grow(stack, of_leaf)
    return rules.fold(stack)


def _tiles(fund_id: UUID, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    found: dict[tuple[int, int], bytes] = {}
    by_height: dict[int, list[int]] = {}
    for height, index in wanted:
        by_height.setdefault(height, []).append(index)
    for height, indexes in by_height.items():
        rows = Tile.objects.filter(fund_id=fund_id, height=height, index__in=indexes)
        found |= {(height, i): bytes(h) for i, h in rows.values_list("index", "hash")}
    return found


def leaves(fund_id: UUID, start: int, end: int) -> Iterable[bytes]:
    """Yield the leaves start..end in order."""
    rows = Posting.objects.filter(fund_id=fund_id, seq__gt=start, seq__lte=end).order_by("seq")
    return (bytes(h) for h in rows.values_list("leaf", flat=True).iterator(chunk_size=5000))


def new_tiles(fund_id: UUID, size: int) -> list[Tile]:
    """Return the tiles that the first ``size`` postings complete and that are not stored yet, lower ones first."""
    made: list[Tile] = []
    known: dict[tuple[int, int], bytes] = {}
    for height in HEIGHTS:
        there = Tile.objects.filter(fund_id=fund_id, height=height).count()
        for index in range(there, size >> height):
            found = _tile(fund_id, height, index, known)
            known[height, index] = found
            made.append(Tile(fund_id=fund_id, height=height, index=index, hash=found))
    return made


def _tile(fund_id: UUID, height: int, index: int, known: dict[tuple[int, int], bytes]) -> bytes:
    below = height - rules.TILE
    if not below:
        return rules.root(list(leaves(fund_id, index << height, (index + 1) << height)))
    parts = range(index << rules.TILE, (index + 1) << rules.TILE)
    stored = _tiles(fund_id, [(below, i) for i in parts if (below, i) not in known])
    return rules.root([known.get((below, i)) or stored[below, i] for i in parts])
