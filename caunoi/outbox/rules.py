"""Decisions about sending: pure."""

from datetime import timedelta

from caunoi.outbox.terms import SendState as S

NEXT: dict[S, frozenset[S]] = {
    S.QUEUED: frozenset({S.SENDING, S.CANCELLED}),
    S.SENDING: frozenset({S.SENT, S.QUEUED, S.FAILED, S.UNCERTAIN, S.DEAD}),
    S.SENT: frozenset({S.CONFIRMED}),
    S.CONFIRMED: frozenset(),
    S.FAILED: frozenset({S.QUEUED}),
    S.UNCERTAIN: frozenset({S.SENT, S.CONFIRMED, S.QUEUED, S.CANCELLED}),
    S.DEAD: frozenset({S.QUEUED, S.CANCELLED}),
    S.CANCELLED: frozenset(),
}
FINISHED = frozenset({S.SENT, S.CONFIRMED, S.FAILED, S.DEAD, S.CANCELLED})
IN_THE_WAY = (S.QUEUED, S.SENDING, S.UNCERTAIN)
"""While an earlier message of a thread is in one of these, later ones of that thread wait: order is kept."""

RETRY_SECONDS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
"""Pauses between attempts; the schedule of Standard Webhooks 1.0 after the first try at once."""
JITTER_PCT = 10
LEASE = timedelta(seconds=60)
READ_BACK_SECONDS = (5, 15, 60, 300, 900)
"""When to look at the provider after an unclear outcome; then a person decides."""

BREAKER_FAILURES = 5
BREAKER_WINDOW = 20
PROBE_AFTER = timedelta(seconds=30)
PROBE_AT_MOST = timedelta(minutes=15)


def may_become(now: S, then: S) -> bool:
    """True when a send in state ``now`` may become ``then``."""
    return then in NEXT[now]


def retry_pause(
    *, attempts: int, dice: float, wanted_seconds: float | None = None
) -> timedelta | None:
    """Return the pause after ``attempts`` failed ones; None when that was the last.

    dice            a number from 0 to 1; spreads the pause by up to ten per cent
    wanted_seconds  what the provider asked for (Retry-After); it wins over the schedule
    """
    if attempts > len(RETRY_SECONDS):
        return None
    seconds = RETRY_SECONDS[attempts - 1] if wanted_seconds is None else max(wanted_seconds, 1.0)
    return timedelta(seconds=seconds * (1 + JITTER_PCT / 100 * dice))


def read_back_pause(looks: int) -> timedelta | None:
    """Return when to look again after ``looks`` looks; None when a person must decide."""
    return timedelta(seconds=READ_BACK_SECONDS[looks]) if looks < len(READ_BACK_SECONDS) else None


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
