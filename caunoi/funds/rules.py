"""What holds for every posting, and how anybody proves that none was changed: leaves, chain and tree as in RFC 6962."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from caunoi.funds.terms import Address, Column, Line, Move, Place

ZERO = b"\x00" * 32
LARGEST = 10**15
"""A million milliards of đồng, more than ever lies in one account; adding up stays far below a 64-bit number."""
OUTSIDE = frozenset(
    {
        Place.PROMISERS,
        Place.GIVERS,
        Place.HANDED_OVER,
        Place.RETURNED,
        Place.FEES,
        Place.SPOILED,
    }
)
"""Places whose balance may be anything: amounts come from there, or stay there for good."""

WAYS: dict[Move, tuple[Place, Place]] = {
    Move.PLEDGE: (Place.PROMISERS, Place.PLEDGED),
    Move.LAPSE: (Place.PLEDGED, Place.PROMISERS),
    Move.FULFIL: (Place.PLEDGED, Place.PROMISERS),
    Move.RECEIVE: (Place.GIVERS, Place.ON_HAND),
    Move.RECEIVE_UNMATCHED: (Place.GIVERS, Place.UNMATCHED),
    Move.MATCH: (Place.UNMATCHED, Place.ON_HAND),
    Move.ALLOCATE: (Place.ON_HAND, Place.ALLOCATED),
    Move.RELEASE: (Place.ALLOCATED, Place.ON_HAND),
    Move.FORWARD: (Place.ON_HAND, Place.ON_HAND),
    Move.HAND_OVER: (Place.ALLOCATED, Place.HANDED_OVER),
    Move.GIVE_BACK: (Place.ON_HAND, Place.RETURNED),
    Move.GIVE_BACK_UNMATCHED: (Place.UNMATCHED, Place.RETURNED),
    Move.FEE: (Place.ON_HAND, Place.FEES),
    Move.SPOIL: (Place.ON_HAND, Place.SPOILED),
}
KEEPS_PURPOSE = frozenset(WAYS) - {Move.MATCH}
"""Moves along which a purpose stays what it was; a matched line takes that of the campaign it was given to."""

COLUMNS: dict[Column, tuple[frozenset[Move], frozenset[Move]]] = {
    Column.REGISTERED: (frozenset({Move.PLEDGE}), frozenset({Move.LAPSE})),
    Column.RECEIVED: (frozenset({Move.RECEIVE, Move.RECEIVE_UNMATCHED}), frozenset()),
    Column.ALLOCATED: (frozenset({Move.ALLOCATE}), frozenset({Move.RELEASE})),
    Column.DELIVERED: (frozenset({Move.HAND_OVER}), frozenset()),
}
"""Each public column: the moves that add to it and those that take from it; a reversal takes from where its original added."""


STANDS_FOR: dict[Place, tuple[tuple[Column, int], ...]] = {
    Place.GIVERS: ((Column.RECEIVED, -1),),
    Place.ALLOCATED: ((Column.ALLOCATED, 1),),
    Place.HANDED_OVER: ((Column.ALLOCATED, 1), (Column.DELIVERED, 1)),
}
"""What the balance of an account says of the columns: all that left the givers was received; what was handed over was allocated."""
PROMISING = (Move.PLEDGE, Move.LAPSE, Move.REVERSE)
SELDOM = (*PROMISING, Move.GIVE_BACK_UNMATCHED)
"""Moves that are few beside the lines of a bank, and are looked for by themselves."""


def goes_wrong(move: Move, source: Address, target: Address, amount: int) -> str:
    """Return what is wrong with a posting, in one English sentence, or nothing. A reversal is held against its original elsewhere."""
    wrong = {
        "an amount is a whole number above zero": not 0 < amount <= LARGEST,
        "it goes nowhere": source == target,
        "one thing does not become another": source.commodity != target.commodity,
        "a thing or purpose has no slash in its name": any(
            "/" in part for a in (source, target) for part in (a.commodity, a.purpose)
        ),
    }
    if move != Move.REVERSE:
        way = WAYS[move]
        wrong |= {
            f"{move} goes from {way[0]} to {way[1]}": (source.place, target.place) != way,
            "what was given for one purpose is not used for another": move in KEEPS_PURPOSE
            and source.purpose != target.purpose,
        }
    return next((words for words, true in wrong.items() if true), "")


# -- what is hashed ----------------------------------------------------------


def canonical(line: Line) -> bytes:
    """Return the bytes of a posting that are hashed: JSON with sorted names, no spaces, UTF-8; times in UTC to the microsecond."""
    at = line.at.astimezone(UTC)
    plain = {
        "amount": line.amount,
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "commitment": line.commitment.hex(),
        "from": str(line.source),
        "fund": str(line.fund),
        "id": str(line.id),
        "move": str(line.move),
        "on": line.on.isoformat(),
        "reverses": str(line.reverses) if line.reverses else None,
        "seq": line.seq,
        "to": str(line.target),
        "together": str(line.together) if line.together else None,
        "v": 1,
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_time(text: str) -> datetime:
    """Read a time of the published format. ValueError when it is none."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def commitment(salt: bytes, word: str) -> bytes:
    """Return what stands in the chain for a name or memo: who has salt and word can prove it, nobody can guess it."""
    return hashlib.sha256(b"caunoi-word\x00" + salt + word.encode()).digest()


def leaf(body: bytes) -> bytes:
    """Return the hash of a posting's bytes as a leaf."""
    return hashlib.sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def link(previous: bytes, of_leaf: bytes) -> bytes:
    """Return the next link of the chain."""
    return hashlib.sha256(previous + of_leaf).digest()


# -- the tree ----------------------------------------------------------------


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the leaves in their order; of none the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    stack: list[tuple[int, bytes]] = []
    for one in leaves:
        grow(stack, one)
    return fold(stack)


def grow(stack: list[tuple[int, bytes]], of_leaf: bytes, *, height: int = 0) -> None:
    """Put one leaf (or a whole subtree of that height) behind those on the stack of (height, hash)."""
    while stack and stack[-1][0] == height:
        of_leaf = node(stack.pop()[1], of_leaf)
        height += 1
    stack.append((height, of_leaf))


def fold(stack: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the root of what is on the stack, which is left as it is."""
    folded = stack[-1][1]
    for _height, left in reversed(stack[:-1]):
        folded = node(left, folded)
    return folded


def _split(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the proof that the leaf at the index is under the root: its neighbours from the bottom up."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*path(leaves[:half], index), root(leaves[half:])]
    return [*path(leaves[half:], index - half), root(leaves[:half])]


def under(*, of_leaf: bytes, index: int, size: int, proof: Iterable[bytes], found: bytes) -> bool:
    """True when the proof leads from the leaf at the index of a tree of that size to the root ``found``."""
    if not 0 <= index < size:
        return False
    here, last = index, size - 1
    for neighbour in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            of_leaf = node(neighbour, of_leaf)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            of_leaf = node(of_leaf, neighbour)
        here, last = here >> 1, last >> 1
    return last == 0 and of_leaf == found


def path_by(index: int, size: int, span: Callable[[int, int], bytes]) -> list[bytes]:
    """As ``path``, of a tree too large to be held: ``span(start, end)`` gives the root over those leaves."""
    found: list[bytes] = []
    start = 0
    while size > 1:
        half = _split(size)
        if index < half:
            found.append(span(start + half, start + size))
            size = half
        else:
            found.append(span(start, start + half))
            start, index, size = start + half, index - half, size - half
    return found[::-1]


TILE = 8
"""A tile is the root over 2^8 leaves, a tile above it over 2^16, and so on."""


def pieces(start: int, end: int, *, heights: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Cut leaves start..end into the largest whole tiles and single leaves, in order, as (height, index).

    heights  of the tiles there are, e.g. (8, 16)
    """
    while start < end:
        for height in sorted(heights, reverse=True):
            if start % (1 << height) == 0 and start + (1 << height) <= end:
                yield height, start >> height
                start += 1 << height
                break
        else:
            yield 0, start
            start += 1
