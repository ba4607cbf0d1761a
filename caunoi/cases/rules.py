"""Decisions about cases: pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from caunoi.cases import signs
from caunoi.cases.terms import Kind, ReminderKind, Sensitive
from caunoi.cases.terms import State as S
from caunoi.kit.text import fold

NEXT: dict[S, frozenset[S]] = {
    S.OPEN: frozenset({S.REFERRED, S.DRAFTED, S.SUBMITTED, S.CLOSED}),
    S.REFERRED: frozenset({S.REFERRED, S.DRAFTED, S.SUBMITTED, S.CLOSED}),
    S.DRAFTED: frozenset({S.DRAFTED, S.REFERRED, S.SUBMITTED, S.CLOSED}),
    S.SUBMITTED: frozenset({S.DRAFTED, S.ANSWERED}),
    S.ANSWERED: frozenset({S.CLOSED, S.OPEN}),
    S.CLOSED: frozenset({S.OPEN}),
}
UNFINISHED = (S.OPEN, S.REFERRED, S.DRAFTED, S.SUBMITTED)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters of follow codes: none that look alike on a slip of paper."""

_NUMBER = re.compile(r"\b([A-ZĐ]{1,4})\s*[-–]\s*(20\d\d)\s*[-–]\s*(\d{6})\b")
SEALED_KINDS = frozenset({Kind.COMPLAINT, Kind.DENUNCIATION, Kind.TIP_OFF})
"""Read only with the permission for sealed cases; every opening is recorded."""
NEVER_PUBLIC = SEALED_KINDS | {Kind.EMERGENCY}
"""Never on a public page, in a feed, in search or among similar questions."""


def may_become(now: S, then: S) -> bool:
    """True when a case may go from one state to the other."""
    return then in NEXT[now]


def is_overdue(*, state: S, due_at: datetime, at: datetime) -> bool:
    """True when nobody has answered in time."""
    return state in UNFINISHED and at > due_at


def case_number(*, province: str, year: int, serial: int) -> str:
    """Return the number people copy from a slip: "NA-2026-000873"."""
    return f"{province}-{year}-{serial:06d}"


def province_letters(name: str) -> str:
    """Return the letters of a province's numbers: the first of each word ("Nghệ An" → "NA")."""
    words = fold(name).split()
    return "".join(w[0] for w in words).upper()[:4] or "X"


def kind_of(text: str) -> Kind:
    """Propose the kind of a case from its first words; a person may change it.

    In doubt about danger, crime or accusation the guarded kind is proposed: false alarms are acceptable, misses are not.
    """
    return signs.kind_in(text) or Kind.QUESTION


def sensitive_of(kind: Kind) -> Sensitive:
    """Return why cases of that kind are never public, or Sensitive.NO."""
    return Sensitive(kind.value) if kind in NEVER_PUBLIC else Sensitive.NO


def is_sealed(kind: str) -> bool:
    """True when only holders of the permission for sealed cases, in the owning unit itself, may open it."""
    return kind in SEALED_KINDS


class OfKind(Protocol):
    """A case, as far as its kind goes."""

    kind: str


C = TypeVar("C", bound=OfKind)


def running_for(kind: Kind, running: Sequence[C]) -> C | None:
    """Return the one of a conversation's unfinished cases (newest first) to which words of that kind belong; None: they begin one.

    Guarded words (a cry, a tip-off, a denunciation, a complaint) belong to a case of the same kind only; plain words to the
    newest plain case, else to the newest at all.
    """
    if kind in NEVER_PUBLIC:
        return next((case for case in running if case.kind == kind), None)
    plain = (case for case in running if case.kind not in NEVER_PUBLIC)
    return next(plain, running[0] if running else None)


def reminder_kind(working_days_left: int) -> ReminderKind | None:
    """Return why somebody is reminded today, or None: one working day before, on the day, 1, 3, 5 working days after and every fifth from then on."""
    if working_days_left == 1:
        return ReminderKind.SOON
    if working_days_left == 0:
        return ReminderKind.DUE
    late = -working_days_left
    return ReminderKind.LATE if late > 0 and (late in {1, 3} or late % 5 == 0) else None


def other_numbers(text: str, *, number: str) -> tuple[str, ...]:
    """Return the numbers of other cases that a text names: an agency may have answered the wrong one."""
    found = (f"{a}-{b}-{c}" for a, b, c in _NUMBER.findall(text.upper()))
    return tuple(dict.fromkeys(n for n in found if n != number))
