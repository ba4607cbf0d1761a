"""Words of working together."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class Do(StrEnum):
    """What can be done to many cases at once."""

    ASSIGN = "assign"
    REFER = "refer"
    TOPIC = "topic"
    SNOOZE = "snooze"
    CLOSE = "close"
    ANSWER = "answer"


CAN_BE_UNDONE = frozenset({Do.ASSIGN, Do.TOPIC, Do.SNOOZE, Do.CLOSE})


class RunState(StrEnum):
    """Where a run stands: cases chosen, parameters given and looked at, running, done, taken back."""

    CHOSEN = "chosen"
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


class ItemState(StrEnum):
    """What became of one case of a run."""

    TODO = "todo"
    LEFT_OUT = "left_out"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    KEPT = "kept"


class LeftOut(StrEnum):
    """Why a case is not touched by a run."""

    NOT_YOURS = "not_yours"
    FINISHED = "finished"
    SUBMITTED = "submitted"
    SAME = "same"
    NOT_THEIRS = "not_theirs"
    BEGUN = "begun"
    CHANGED = "changed"


class Field(StrEnum):
    """What somebody types in."""

    ANSWER = "answer"
    NOTE = "note"


class Doing(StrEnum):
    """What a colleague does with a case just now."""

    READING = "reading"
    WRITING = "writing"


class Deed(StrEnum):
    """What can be taken back for a moment: an approval before it is carried out, a closing afterwards."""

    APPROVE = "approve"
    CLOSE = "close"


class RecallState(StrEnum):
    """Where it stands: waits to be carried out, carried out, taken back, or not possible any more when its moment came."""

    WAITING = "waiting"
    DONE = "done"
    UNDONE = "undone"
    FAILED = "failed"


RECALL_SECONDS = (10, 30, 60)
"""How long an approval waits before it is sent; the first holds for whoever chose nothing."""


class HandlingError(Foreseen):
    """Something about working together that cannot be done."""


class TooManyViews(HandlingError):
    """Twenty views are as many as one can look at; remove one first."""


class NotYourView(HandlingError):
    """Only whoever made a view, or who handles cases in its unit, may change it."""


class RunIsOver(HandlingError):
    """The run has begun or is over."""


class NothingChosen(HandlingError):
    """Choose cases first."""


class TooLate(HandlingError):
    """It was done too long ago to be undone here."""


class WaitsAlready(HandlingError):
    """The answer is approved already and leaves in a moment."""


class NotYourUnit(HandlingError):
    """You look after the canned answers of your own unit only."""


class ShortcutTaken(HandlingError):
    """The unit has another answer under this shortcut."""


class UnknownPlaceholder(HandlingError):
    """Something in braces means nothing."""

    def __init__(self, message: str, unknown: list[str]) -> None:
        super().__init__(message)
        self.unknown = unknown


class ScratchMoved(HandlingError):
    """The same text was changed in another window or on another device meanwhile."""


class DraftMoved(HandlingError):
    """A colleague kept another text of the answer meanwhile."""


class NotDecided(HandlingError):
    """Somebody must first look at what will be hidden from the public."""
