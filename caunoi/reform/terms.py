"""Words about carrying over what closing units hold."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen


class PlanState(StrEnum):
    """A plan is decided, signed by one person, signed by another, carried out on its day. Until then it can go back."""

    DRAFT = "draft"
    SIGNED_ONCE = "signed_once"
    SIGNED = "signed"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


class Way(StrEnum):
    """What is known of who takes over from a closing unit."""

    ONE = "one"
    SPLIT = "split"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What becomes of one thing a closing unit holds."""

    KEPT = "kept"
    """It goes on, under the successor and its name."""
    MERGED = "merged"
    """What the successor has takes it in."""
    ARCHIVED = "archived"
    """It stays to be read; nothing new comes in."""
    CLOSED = "closed"
    """It ends, and says where to go."""


class StepState(StrEnum):
    """Whether one thing was carried over."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a unit holds, as its holder lists it; ``ref`` names it to the holder for good.

    kind   a word by which rules choose ("facebook_page"), empty where there is one kind only
    count  how many things stand behind it, when it is a bundle
    """

    unit_id: UUID
    ref: str
    label: str
    kind: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to become of one item, as its holder carries it out. ``plan_id`` names the plan it belongs to.

    into  which of the successor's things takes it in, when somebody chose; empty lets the holder find one
    """

    plan_id: UUID
    unit_id: UUID
    ref: str
    outcome: Outcome
    to_unit_id: UUID
    new_name: str
    on: date
    at: datetime
    legal_reference: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class LastWords:
    """What a thing that does not go on says of where to go.

    text     Vietnamese, to be pinned there
    address  where it is pinned; empty when it has none
    posts    True when the provider takes it from us, False when a person pastes it
    sent     how the post stands: a word of the outbox, empty before the day
    link     where the post stands
    """

    text: str
    address: str
    posts: bool
    sent: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """One sort of thing units hold, told by the room that keeps it.

    title     an English sentence with a Vietnamese
    outcomes  what may become of it; where there is only one, nobody is asked
    fallback  what becomes of an item that turns up after the plan was signed
    survey    what these units hold on that day, in a few queries whatever their number; what was carried over is not held
              any more (else it would be taken up again for ever)
    carry     does many deeds of one plan at once, in as many statements whatever their number, inside the caller's
              transaction; doing it again changes nothing. Raises Foreseen when one cannot be done: then they are tried
              apart, and the plan shows which one and why
    last_words  by item what is to be pinned where it does not go on; None where nobody would read it
    rule      what becomes of them where nobody is asked, an English sentence with a Vietnamese
    """

    name: str
    title: str
    outcomes: tuple[Outcome, ...]
    fallback: Outcome
    survey: Callable[[Collection[UUID], date], list[Item]]
    carry: Callable[[Sequence[Deed]], None]
    last_words: Callable[[Sequence[Deed]], dict[str, LastWords]] | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """One step of a plan as it waits for its turn: how many things stand behind it."""

    pk: int
    holder: str
    count: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which steps a bulk decision means, and what is decided; empty words mean all."""

    holder: str
    outcome: Outcome
    kind: str = ""
    level: str = ""
    only_open: bool = True


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a plan cannot be signed yet, and how often. ``code`` is one of the words below."""

    code: str
    count: int


NO_UNITS, NO_SUCCESSOR, NOT_DECIDED = "no_units", "no_successor", "not_decided"
Counts = Mapping[str, int]


class ReformError(Foreseen):
    """Something about a plan that cannot be done."""


class NotYourPlan(ReformError):
    """The plan is about units outside those you manage."""


class NotInDraft(ReformError):
    """The plan is signed or carried out; take the signatures back to change it."""


class NotReady(ReformError):
    """Some unit or thing is not decided yet."""


class SamePerson(ReformError):
    """The second signature must come from another person."""


class TooLate(ReformError):
    """The day has come: what was carried out is not taken back."""


class NotAnOutcome(ReformError):
    """This cannot become of such a thing."""


class NotAnHeir(ReformError):
    """This unit did not take over from the closing one."""


class NothingCloses(ReformError):
    """No unit closes on that day."""


class NothingTakesItIn(ReformError):
    """This is not held by the successor on that day, or is of another kind."""


class PlanExists(ReformError):
    """There is a plan for these units and this day already."""
