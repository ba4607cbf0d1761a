"""Whom to call, and when: pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from caunoi.duty.terms import Call, Post

NEXT_PERSON = timedelta(minutes=2)
UNIT_ABOVE = timedelta(minutes=5)
AGAIN = timedelta(minutes=15)
MOST_TURNS = 96
"""Everybody is called again every quarter of an hour, for a day."""
LOOK_EVERY = timedelta(seconds=5)
"""How often the worker looks whether an alarm that rings needs another call."""
LEASE = timedelta(seconds=30)
RETRY = timedelta(seconds=10)
MOST_TRIES = 5
LONGEST_SHIFT = timedelta(days=7)


def calls_due(*, posts: Sequence[Post], waited: timedelta) -> list[Call]:
    """Return everybody who must have been called when nobody has taken the alarm for ``waited``, first ones first.

    posts  the unit and the ones above it, nearest first; one without people is passed over at once
    The first person at once, the next after two minutes each, the unit above from five minutes on, and so on upwards;
    after a quarter of an hour everybody again.
    """
    plan: list[tuple[timedelta, Call]] = []
    known: set[int] = set()
    manned = [p for p in posts if p.account_ids]
    for height, post in enumerate(manned):
        fresh = [a for a in dict.fromkeys(post.account_ids) if a not in known]
        known |= set(fresh)
        plan += [
            (height * UNIT_ABOVE + place * NEXT_PERSON, Call(post.unit_id, account, 1))
            for place, account in enumerate(fresh)
        ]
    due = [call for offset, call in sorted(plan, key=lambda p: p[0]) if offset <= waited]
    turns = min(int(waited / AGAIN), MOST_TURNS - 1)
    everybody = [call for _offset, call in plan]
    return due + [
        Call(call.unit_id, call.account_id, turn)
        for turn in range(2, turns + 2)
        for call in everybody
    ]


def shows_above(*, raised_at: datetime, at: datetime) -> bool:
    """True when the units above see the alarm on their desk: nobody below took it in time."""
    return at - raised_at >= UNIT_ABOVE
