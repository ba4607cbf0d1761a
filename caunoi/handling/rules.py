"""Decisions about working together: pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from caunoi.handling.terms import CAN_BE_UNDONE, Do, LeftOut

UNDO_WITHIN = timedelta(minutes=10)
AT_ONCE = 100
"""Up to so many cases are done while the officer waits; more are done in the background."""
AT_MOST = 5000
FINISHED = frozenset({"answered", "closed"})


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a run must know of a case."""

    state: str
    owner_id: str
    topic: str
    assignee_id: int | None
    snoozed_until: datetime | None
    has_draft: bool
    allowed: bool
    """Whoever runs it may do this in the case's unit."""
    theirs: bool = True
    """The colleague it goes to works in the case's unit or above it."""


def left_out(do: Do, params: Mapping[str, Any], case: CaseFacts) -> LeftOut | None:
    """Return why the run leaves this case alone; None when it will be done."""
    if not case.allowed:
        return LeftOut.NOT_YOURS
    if case.state in FINISHED:
        return LeftOut.FINISHED
    return _CHECKS[do](params, case)


def _assign(params: Mapping[str, Any], case: CaseFacts) -> LeftOut | None:
    if case.assignee_id == params.get("account"):
        return LeftOut.SAME
    return None if case.theirs else LeftOut.NOT_THEIRS


def _refer(params: Mapping[str, Any], case: CaseFacts) -> LeftOut | None:
    if case.owner_id == params.get("unit"):
        return LeftOut.SAME
    return LeftOut.SUBMITTED if case.state == "submitted" else None


def _topic(params: Mapping[str, Any], case: CaseFacts) -> LeftOut | None:
    return LeftOut.SAME if case.topic == params.get("topic") else None


def _snooze(params: Mapping[str, Any], case: CaseFacts) -> LeftOut | None:
    until = case.snoozed_until.isoformat() if case.snoozed_until else ""
    return LeftOut.SAME if until == params.get("until", "") else None


def _close(params: Mapping[str, Any], case: CaseFacts) -> LeftOut | None:
    return LeftOut.SUBMITTED if case.state == "submitted" else None


def _answer(params: Mapping[str, Any], case: CaseFacts) -> LeftOut | None:
    if case.state == "submitted":
        return LeftOut.SUBMITTED
    return LeftOut.BEGUN if case.has_draft else None


_CHECKS = {
    Do.ASSIGN: _assign,
    Do.REFER: _refer,
    Do.TOPIC: _topic,
    Do.SNOOZE: _snooze,
    Do.CLOSE: _close,
    Do.ANSWER: _answer,
}


def may_undo(*, do: Do, finished_at: datetime | None, at: datetime) -> bool:
    """True while a run can still be taken back."""
    return do in CAN_BE_UNDONE and finished_at is not None and at - finished_at <= UNDO_WITHIN


PLACEHOLDERS = {
    "number": "number",
    "số": "number",
    "name": "name",
    "tên": "name",
    "unit": "unit",
    "đơn vị": "unit",
    "deadline": "deadline",
    "hạn": "deadline",
}
"""What may stand in braces in a canned answer, in English or Vietnamese, and what it means."""
_BRACES = re.compile(r"\{([^{}\n]{1,20})\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the canned answer with its placeholders replaced; what is not known stays as it stands, to be seen."""

    def one(match: re.Match[str]) -> str:
        meant = PLACEHOLDERS.get(match.group(1).strip().lower(), "")
        return values.get(meant) or match.group(0)

    return _BRACES.sub(one, text)


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands in braces and means nothing."""
    return [w for w in _BRACES.findall(text) if w.strip().lower() not in PLACEHOLDERS]


def named_in(text: str, people: Mapping[int, str]) -> set[int]:
    """Return whom the text names by @ and the full name; a longer name is not taken for the shorter one in it.

    people  number → full name; two people of one name are both meant
    """
    rest = text.casefold()
    named: set[int] = set()
    for name in sorted(set(people.values()), key=len, reverse=True):
        word = f"@{name.casefold()}"
        if word in rest:
            named |= {number for number, full in people.items() if full == name}
            rest = rest.replace(word, "@")
    return named
