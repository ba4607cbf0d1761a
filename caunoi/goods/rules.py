"""Which need a gift fits, and why; what counts fit together: pure. Needs are put in order, people never are."""

from collections.abc import Iterable, Sequence
from datetime import date

from caunoi.goods.terms import Offer, Reason, ReasonKind, Suggestion, Wanted

K = ReasonKind
PRIORITY = {"urgent": 0, "soon": 1, "later": 2}
FAR = 99
ALIVE_FOR = 90
"""After so many days somebody asks how the animals are."""


def steps_between(one: str, other: str) -> int | None:
    """Return how many steps lie between two units in the tree: 0 the same, 1 a child, 2 two of one parent. None when one is unknown."""
    if not one or not other:
        return None
    a, b = one.split("."), other.split(".")
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    return len(a) + len(b) - 2 * common


def shares(amount: int, left: Sequence[int]) -> list[int]:
    """Return how much of an amount each of them takes, in order, none more than is left of it; what is beyond all belongs to none."""
    taken = []
    for room in left:
        part = max(0, min(amount, room))
        taken.append(part)
        amount -= part
    return taken


def room(offer: Offer, need: Wanted) -> int:
    """Return how much of the need is left for this gift: what others chose to give for it is theirs."""
    return need.missing if offer.need_id == need.id else need.missing - need.chosen


def fits(offer: Offer, need: Wanted) -> bool:
    """True when the gift may go to the need at all: the same campaign and thing, and nothing the giver said forbids it."""
    if offer.need_id not in {None, need.id}:
        return False
    same = offer.campaign_id == need.campaign_id and offer.commodity == need.commodity
    return same and offer.purpose in {"", need.purpose} and room(offer, need) > 0 and offer.left > 0


def suggest(offer: Offer, needs: Iterable[Wanted], *, on: date) -> list[Suggestion]:
    """Return the needs that the gift fits, in the order in which to look at them, each with its reasons.

    Needs somebody confirmed lately come before stale ones; then what is urgent, what is due first, what is near, what helps
    more households.
    """
    fitting = sorted((n for n in needs if fits(offer, n)), key=lambda n: _order(offer, n, on))
    return [
        Suggestion(n.id, min(offer.left, room(offer, n)), _reasons(offer, n, on)) for n in fitting
    ]


def _order(offer: Offer, need: Wanted, on: date) -> tuple[bool, int, date, int, int, str]:
    steps = steps_between(offer.path, need.path)
    return (
        need.confirmed_until < on,
        PRIORITY.get(need.priority, 1),
        need.needed_by or date.max,
        FAR if steps is None else steps,
        -need.households,
        str(need.id),
    )


def _reasons(offer: Offer, need: Wanted, on: date) -> tuple[Reason, ...]:
    found = [Reason(K.CHOSEN)] if offer.need_id else []
    if need.priority == "urgent":
        found.append(Reason(K.URGENT))
    if need.needed_by:
        left = (need.needed_by - on).days
        found.append(Reason(K.DUE if left >= 0 else K.PAST_DUE, n=left, on=need.needed_by))
    found.append(_distance(offer, need))
    if need.households:
        found.append(Reason(K.HOUSEHOLDS, n=need.households))
    found.append(Reason(K.BOUND, word=offer.purpose) if offer.purpose else Reason(K.FREE))
    fresh = need.confirmed_until >= on
    found.append(Reason(K.FRESH if fresh else K.STALE, on=need.confirmed_until))
    whole = offer.left >= room(offer, need)
    found.append(Reason(K.WHOLE if whole else K.PART, n=min(offer.left, room(offer, need))))
    if offer.spoils_on:
        found.append(Reason(K.SPOILS, n=(offer.spoils_on - on).days, on=offer.spoils_on))
    return tuple(found)


def _distance(offer: Offer, need: Wanted) -> Reason:
    steps = steps_between(offer.path, need.path)
    if steps is None:
        return Reason(K.PLACE_UNKNOWN)
    return Reason(K.NEAR, n=steps) if steps else Reason(K.HERE)


def missing_of(*, sent: int, good: int, spoiled: int) -> int:
    """Return how many did not come; less than nothing when more came than the way-bill says."""
    return sent - good - spoiled


def wrong_follow_up(*, handed_over: int, alive: int, sold: int, died: int) -> bool:
    """True when more are told of than were handed over."""
    return min(alive, sold, died) < 0 or alive + sold + died > handed_over


def is_given(*, amount: int, delivered: int, lost: int, sent: int, left: int) -> bool:
    """True when nothing of a reservation is left to hand over: it all reached people or was lost, or it all went out and none lies there."""
    return delivered + lost >= amount or (sent >= amount and left == 0)
