"""Decisions about sending: pure."""

from datetime import datetime, timedelta

from caunoi.outbox.terms import SendState as S

NEXT: dict[S, frozenset[S]] = {
    S.QUEUED: frozenset({S.QUEUED, S.SENDING, S.FAILED, S.CANCELLED}),
    S.SENDING: frozenset({S.SENT, S.QUEUED, S.FAILED, S.UNCERTAIN, S.DEAD}),
    S.SENT: frozenset({S.CONFIRMED, S.FAILED}),
    S.CONFIRMED: frozenset(),
    S.FAILED: frozenset({S.QUEUED, S.HANDED, S.CANCELLED}),
    S.UNCERTAIN: frozenset({S.SENT, S.CONFIRMED, S.QUEUED, S.DEAD, S.CANCELLED}),
    S.DEAD: frozenset({S.QUEUED, S.CANCELLED}),
    S.CANCELLED: frozenset(),
    S.HANDED: frozenset({S.CONFIRMED, S.FAILED, S.CANCELLED}),
}
GIVEN_UP = (S.FAILED, S.DEAD)
"""Dead letters: nothing happens to them by itself any more."""
FINISHED = frozenset({S.SENT, S.CONFIRMED, S.FAILED, S.DEAD, S.CANCELLED})
IN_THE_WAY = (S.QUEUED, S.SENDING, S.UNCERTAIN)
"""While an earlier message of a thread is in one of these, later ones of that thread wait: order is kept."""

RETRY_SECONDS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
"""Pauses between attempts; the schedule of Standard Webhooks 1.0 after the first try at once."""
JITTER_PCT = 10
AT_ONCE_OF_A_MINUTE = 0.25
"""Of the calls of a minute a quarter may come at once, the rest as time passes: so that no sixty seconds, wherever a provider lets them
begin, hold more than a minute's."""
LEASE = timedelta(seconds=60)
READ_BACK_SECONDS = (5, 15, 60, 300, 900)
"""When to look at the provider after an unclear outcome; then a person decides."""
SETTLED_AFTER = timedelta(seconds=60)
"""A provider that was slow may still carry a request out: only after this is "not there" believed."""
GIVE_UP_AFTER = timedelta(days=7)
"""How long a provider may ask us to wait again and again before a send counts as dead."""

QUEUED_TOO_LONG = timedelta(minutes=10)
CONFIRMED_WITHIN = timedelta(hours=1)
"""Sends without echo or receipt by then are looked up once."""
UNCONFIRMED_AFTER = timedelta(hours=72)
"""After this a send without echo or receipt is shown as one nobody can confirm."""

PUBLICATIONS_AT_ONCE = 500
"""Rows of one notice written in one statement."""

BREAKER_FAILURES = 5
BREAKER_WINDOW = 20
PROBE_AFTER = timedelta(seconds=30)
PROBE_AT_MOST = timedelta(minutes=15)
LAST_WORDS = "last-words:"
"""How the reference of what a channel says last begins; it goes out although the channel is retired."""


def quiet_until(*, hours: tuple[int, int] | None, now: datetime) -> datetime | None:
    """Return when the night is over in which nothing goes out that can wait; None by day.

    hours  from which hour to which, over midnight; None: nobody is woken
    now    in the clock of the people who are to be left in peace
    """
    if hours is None or hours[1] <= now.hour < hours[0]:
        return None
    morning = now.replace(hour=hours[1], minute=0, second=0, microsecond=0)
    return morning if now.hour < hours[1] else morning + timedelta(days=1)


def may_become(now: S, then: S) -> bool:
    """True when a send in state ``now`` may become ``then``."""
    return then in NEXT[now]


def first_state(*, by_hand: bool, shown_here: bool) -> S:
    """Return where a publication begins.

    by_hand     a person posts it
    shown_here  the house shows it itself, from the moment it is committed
    """
    if by_hand:
        return S.HANDED
    return S.CONFIRMED if shown_here else S.QUEUED


def is_final(state: S) -> bool:
    """True when nothing happens to a send by itself any more; one that waits at a person is not final."""
    return state in FINISHED


def counts_as_attempt(*, wanted_seconds: float | None) -> bool:
    """False when a provider that works asked us to wait: being patient uses up no attempt."""
    return wanted_seconds is None


def retry_pause(
    *,
    attempts: int,
    dice: float,
    wanted_seconds: float | None = None,
    tried_for: timedelta = timedelta(0),
) -> timedelta | None:
    """Return the pause after ``attempts`` failed ones; None when that was the last.

    dice            a number from 0 to 1; spreads the pause by up to ten per cent
    wanted_seconds  what the provider asked for (Retry-After); it wins over the schedule
    tried_for       since the first try; who was asked to wait for a week is given up too
    """
    if attempts > len(RETRY_SECONDS) or tried_for > GIVE_UP_AFTER:
        return None
    planned = RETRY_SECONDS[max(attempts, 1) - 1]
    seconds = planned if wanted_seconds is None else max(wanted_seconds, 1.0)
    return timedelta(seconds=seconds * (1 + JITTER_PCT / 100 * dice))


def read_back_pause(looks: int) -> timedelta | None:
    """Return when to look again after ``looks`` looks; None when a person must decide."""
    return timedelta(seconds=READ_BACK_SECONDS[looks]) if looks < len(READ_BACK_SECONDS) else None


def is_settled(*, unclear_at: datetime | None, at: datetime) -> bool:
    """True when a request whose answer was lost must have been carried out by now, if it ever is."""
    return unclear_at is None or at - unclear_at >= SETTLED_AFTER


def breaker_opens(*, in_a_row: int, last_outcomes: str) -> bool:
    """True after five failures in a row, or when more than half of the last twenty failed ("1" = worked, "0" = failed)."""
    recent = last_outcomes[-BREAKER_WINDOW:]
    return in_a_row >= BREAKER_FAILURES or (
        len(recent) == BREAKER_WINDOW and recent.count("0") > BREAKER_WINDOW // 2
    )


def probe_pause(openings: int) -> timedelta:
    """Return how long a channel is spared after opening for the n-th time in a row: 30 s, doubled up to 15 minutes."""
    pause: timedelta = PROBE_AFTER * 2 ** max(0, openings - 1)
    return min(pause, PROBE_AT_MOST)


def bucket(per_minute: int) -> tuple[float, float]:
    """Return how many calls may come at once, and how many come anew in a minute; together they are what a minute has."""
    most = max(1.0, per_minute * AT_ONCE_OF_A_MINUTE)
    return most, max(per_minute - most, per_minute / 2)
