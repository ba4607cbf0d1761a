"""Decisions about campaigns: pure."""

from datetime import date

from caunoi.campaigns.terms import GiftState, State


def accepts(*, state: str, starts_on: date, ends_on: date | None, on: date) -> bool:
    """True when something may still be promised or given on that day."""
    return state == State.OPEN and starts_on <= on and (ends_on is None or on <= ends_on)


def state_after(*, amount: int, came: int) -> GiftState:
    """Return how far a promise has come when so much of it came."""
    if came >= amount:
        return GiftState.FULFILLED
    return GiftState.PARTLY if came else GiftState.PROMISED
