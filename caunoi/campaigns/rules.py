"""Decisions about campaigns: pure."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from caunoi.campaigns.terms import Duty, GiftState, State

CONFIRMED_FOR = timedelta(days=14)
"""So long a need is believed without being asked after again."""
MOST_IN_PUBLIC = {"VND": 10_000_000_000, "m2": 1_000_000}
MOST_OF_A_THING = 100_000
"""A larger promise is taken in by telephone, so that nobody inflates the public columns with a key press."""
MOST_OF_ALL = 10**13
_AMOUNT = re.compile(r"[0-9]{1,14}")
_WORDS = ((re.compile(r"tỷ|tỉ|ty\b"), 10**9), (re.compile(r"triệu|trieu|tr\b"), 10**6), (re.compile(r"nghìn|ngàn|nghin|ngan|k\b"), 10**3))  # fmt: skip


def accepts(*, state: str, starts_on: date, ends_on: date | None, on: date) -> bool:
    """True when something may still be promised or given on that day."""
    return state == State.OPEN and starts_on <= on and (ends_on is None or on <= ends_on)


def state_after(*, amount: int, came: int) -> GiftState:
    """Return how far a promise has come when so much of it came."""
    if came >= amount:
        return GiftState.FULFILLED
    return GiftState.PARTLY if came else GiftState.PROMISED


def most_in_public(commodity: str) -> int:
    """Return how much of one thing somebody unknown may promise at once."""
    return MOST_IN_PUBLIC.get(commodity, MOST_OF_A_THING)


def read_amount(text: str) -> int | None:
    """Read an amount as people write it: 1.250.000, 2 triệu, 500k, 60. None when it is none."""
    bare = text.lower().strip().removesuffix("đồng").removesuffix("vnđ").removesuffix("vnd")
    bare = bare.strip().removesuffix("đ").strip()
    for word, value in _WORDS:
        shorter = word.sub("", bare).strip()
        if shorter != bare:
            return _with_fraction(shorter, value)
    grouped = re.fullmatch(r"[0-9]{1,3}(?:[., ][0-9]{3})+", bare)
    digits = re.sub(r"[., ]", "", bare) if grouped else bare
    return int(digits) if _AMOUNT.fullmatch(digits) else None


def _with_fraction(text: str, value: int) -> int | None:
    found = re.fullmatch(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?", text)
    if found is None:
        return None
    whole, part = found[1], found[2] or ""
    return int(whole) * value + (int(part) * value // 10 ** len(part) if part else 0)


def wrong_days(
    *, starts_on: date, ends_on: date | None, hand_out_by: date | None, longest: int, hand_out: int
) -> str:
    """Return what is wrong with the days of a campaign, as the name of the rule that is broken, or nothing."""
    if ends_on is None:
        return ""
    if ends_on < starts_on:
        return "order"
    if ends_on > starts_on + timedelta(days=longest):
        return "too_long"
    if hand_out_by and hand_out_by < ends_on:
        return "order"
    if hand_out_by and hand_out_by > ends_on + timedelta(days=hand_out):
        return "hand_out_late"
    return ""


def duties(
    *, starts_on: date, ends_on: date | None, hand_out_by: date | None, days: Mapping[Duty, int]
) -> dict[Duty, date]:
    """Return what must be published and until when; a standing fund has no end, so only its appeal."""
    due = {Duty.APPEAL: starts_on + timedelta(days=days.get(Duty.APPEAL, 0))}
    if ends_on is None:
        return due
    handed = hand_out_by or ends_on
    due[Duty.RECEIVED] = ends_on + timedelta(days=days[Duty.RECEIVED])
    for duty in (Duty.HANDED_OUT, Duty.POSTED, Duty.REPORTED):
        due[duty] = handed + timedelta(days=days[Duty.HANDED_OUT])
    return due


def state_of_more(*, was: str, amount: int, came: int) -> GiftState:
    """Return how far a promise is when something more came: what lapsed stays lapsed until all of it is there."""
    state = state_after(amount=amount, came=came)
    if was == GiftState.LAPSED and state != GiftState.FULFILLED:
        return GiftState.LAPSED
    return state


def shown_name(*, giver: str, initials: bool) -> str:
    """Return how a giver is named where others read it."""
    if not giver:
        return ""
    if not initials:
        return giver
    return "".join(word[0].upper() + "." for word in giver.split())
