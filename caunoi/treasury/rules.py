"""What a voucher posts, when a second person must approve, and what looks wrong. Plain Python."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.treasury.terms import Kind, Means

MONEY = "VND"
UNLESS_SAID = 20_000_000
"""Four eyes above this amount where a unit has set none: đồng."""
ROUND_TRIP_DAYS = 7
STEPS: dict[Kind, tuple[Move, ...]] = {
    Kind.TAKE_IN: (Move.RECEIVE,),
    Kind.ALLOCATE: (Move.ALLOCATE,),
    Kind.HAND_OVER: (Move.HAND_OVER,),
    Kind.IN_KIND: (Move.RECEIVE, Move.ALLOCATE, Move.HAND_OVER),
    Kind.RELEASE: (Move.RELEASE,),
    Kind.GIVE_BACK: (Move.GIVE_BACK,),
    Kind.FEE: (Move.FEE,),
}
FOR_A_UNIT = frozenset({Kind.ALLOCATE, Kind.HAND_OVER, Kind.IN_KIND, Kind.RELEASE})
"""Vouchers that name a commune or village."""
COMING_IN = frozenset({Kind.TAKE_IN, Kind.IN_KIND})
"""Vouchers by which something comes into the books."""
WITNESSED = frozenset({Kind.HAND_OVER, Kind.IN_KIND})
"""Vouchers that name who got it and who saw it."""
AT_UNIT = frozenset({Place.ALLOCATED, Place.HANDED_OVER})
PLACES: dict[Move, tuple[Place, Place]] = {
    Move.RECEIVE: (Place.GIVERS, Place.ON_HAND),
    Move.ALLOCATE: (Place.ON_HAND, Place.ALLOCATED),
    Move.HAND_OVER: (Place.ALLOCATED, Place.HANDED_OVER),
    Move.RELEASE: (Place.ALLOCATED, Place.ON_HAND),
    Move.GIVE_BACK: (Place.ON_HAND, Place.RETURNED),
    Move.FEE: (Place.ON_HAND, Place.FEES),
}


def drafts_of(
    *,
    voucher: UUID,
    kind: Kind,
    amount: int,
    purpose: str,
    place_id: UUID | None,
    on: date,
    word: str,
    lies_at: UUID | None = None,
) -> list[Draft]:
    """Return the postings of a voucher; their ids follow from its own, so that they are made once.

    lies_at  the unit at which the money on hand lies; None when it lies with the fund itself
    """
    steps = STEPS[kind]

    def address(place: Place) -> Address:
        unit_id = place_id if place in AT_UNIT else lies_at if place == Place.ON_HAND else None
        return Address(place, MONEY, purpose, unit_id)

    made: list[Draft] = []
    for number, move in enumerate(steps):
        source, target = PLACES[move]
        made.append(
            Draft(
                id=voucher if number == 0 else uuid.uuid5(voucher, move),
                move=move,
                source=address(source),
                target=address(target),
                amount=amount,
                on=on,
                together=voucher if len(steps) > 1 else None,
                word=word if number == 0 else "",
            )
        )
    return made


def needs_second(*, kind: Kind, amount: int, limit: int) -> bool:
    """True when another person approves it before it is posted. What comes in is counted by who takes it, with a receipt at once."""
    return kind != Kind.TAKE_IN and amount > limit


def needs_photo(kind: Kind) -> bool:
    """True for what an auditor expects a photo of."""
    return kind in WITNESSED


def by_default(kind: Kind) -> Means:
    """Return how money usually moves with such a voucher."""
    return Means.NONE if kind in {Kind.ALLOCATE, Kind.RELEASE, Kind.IN_KIND} else Means.CASH


def gaps(numbers: Sequence[int], *, last: int) -> list[int]:
    """Return the numbers of a register that no row bears."""
    return sorted(set(range(1, last + 1)) - set(numbers))


def doubles(rows: Iterable[tuple[int, tuple]]) -> list[list[int]]:
    """Return the groups of numbers whose second part is the same, when more than one bears it."""
    groups: dict[tuple, list[int]] = {}
    for number, same in rows:
        groups.setdefault(same, []).append(number)
    return [g for g in groups.values() if len(g) > 1]
