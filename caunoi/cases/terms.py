"""Words about cases."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class State(StrEnum):
    """Where a case stands; the arrows between are rules.NEXT."""

    OPEN = "open"
    REFERRED = "referred"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    ANSWERED = "answered"
    CLOSED = "closed"


class Origin(StrEnum):
    """How the question reached us."""

    COMMENT = "comment"
    PRIVATE_MESSAGE = "private_message"
    WEB_FORM = "web_form"
    WALK_IN = "walk_in"
    VOTER_MEETING = "voter_meeting"


class Kind(StrEnum):
    """What a case is; the kind decides its route, its deadline and who may read it."""

    QUESTION = "question"
    REPORT = "report"
    PETITION = "petition"
    VOTER_PETITION = "voter_petition"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    TIP_OFF = "tip_off"
    EMERGENCY = "emergency"


class StepKind(StrEnum):
    """What happened to a case; public steps stand on the asker's page."""

    OPENED = "opened"
    MORE = "more"
    REFERRED = "referred"
    ASSIGNED = "assigned"
    NOTE = "note"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    KIND_CHANGED = "kind_changed"
    ACCEPTED = "accepted"
    ASKED = "asked"
    RESUMED = "resumed"
    EXTENDED = "extended"
    DEADLINE = "deadline"
    HANDED_OVER = "handed_over"
    MOVED = "moved"
    EDITED = "edited"
    REMOVED = "removed"
    TOPIC = "topic"
    SNOOZED = "snoozed"
    MERGED = "merged"
    SPLIT = "split"
    RECEIVED = "received"
    SENT_OUT = "sent_out"
    CO_ASKED = "co_asked"
    OPINION = "opinion"
    SENT_BACK = "sent_back"
    RECALLED = "recalled"
    REPLIED = "replied"
    REMINDED = "reminded"
    ROUTED = "routed"
    JOINED = "joined"
    JOINED_HERE = "joined_here"
    PARTED = "parted"
    REPLY_MOVED = "reply_moved"
    REPLY_CAME = "reply_came"


PUBLIC_STEPS = frozenset(
    {
        StepKind.OPENED,
        StepKind.REFERRED,
        StepKind.ANSWERED,
        StepKind.CLOSED,
        StepKind.REOPENED,
        StepKind.ACCEPTED,
        StepKind.ASKED,
        StepKind.RESUMED,
        StepKind.EXTENDED,
        StepKind.HANDED_OVER,
        StepKind.MOVED,
        StepKind.MERGED,
        StepKind.SPLIT,
        StepKind.RECEIVED,
        StepKind.SENT_OUT,
        StepKind.CO_ASKED,
        StepKind.SENT_BACK,
        StepKind.RECALLED,
        StepKind.REPLIED,
        StepKind.REMINDED,
        StepKind.JOINED,
        StepKind.PARTED,
    }
)


class Part(StrEnum):
    """What a unit or agency is asked for: to take the case over, or to give its opinion to who leads."""

    LEAD = "lead"
    CO = "co"


class Way(StrEnum):
    """Where a hop goes, seen from who hands the case on."""

    UP = "up"
    DOWN = "down"
    ACROSS = "across"
    OUT = "out"
    BACK = "back"


class Outcome(StrEnum):
    """How a hop ended."""

    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    RETURNED = "returned"
    RECALLED = "recalled"
    CONTRIBUTED = "contributed"
    CLOSED = "closed"


class CameBy(StrEnum):
    """How an agency's words reached the officer who typed them in; empty when the agency typed them itself."""

    EMAIL = "email"
    PAPER = "paper"


class ReplyKind(StrEnum):
    """What an agency's words are."""

    ANSWER = "answer"
    RETURN = "return"
    OPINION = "opinion"
    LATE = "late"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    AUTOMATIC = "automatic"
    DECLINED = "declined"


class ReminderKind(StrEnum):
    """Why somebody is reminded."""

    SOON = "soon"
    DUE = "due"
    LATE = "late"
    URGED = "urged"
    REPLIED = "replied"


class Face(StrEnum):
    """How content the asker is with the answer."""

    GOOD = "good"
    SOSO = "soso"
    BAD = "bad"


class DraftState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class Sensitive(StrEnum):
    """Why a case is never published, whatever was ticked; follows from its kind (``rules.sensitive_of``)."""

    NO = ""
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    TIP_OFF = "tip_off"
    EMERGENCY = "emergency"


class CaseError(Foreseen):
    """Something about a case that cannot be done."""


class NotYourCase(CaseError):
    """The case belongs to a unit in which you do not hold this right."""


class NotNow(CaseError):
    """The case is in a state in which this cannot be done."""


class AlreadyAnswered(CaseError):
    """Somebody else answered this case meanwhile."""


class TwoPersons(CaseError):
    """Who wrote the answer cannot approve it; a second person does."""


class NothingToApprove(CaseError):
    """There is no answer waiting for approval."""


class CannotJoin(CaseError):
    """These two questions cannot be answered together."""


class CannotMerge(CaseError):
    """These two cases cannot be joined."""


class SameKind(CaseError):
    """The case is of that kind already."""


class NoAcceptance(CaseError):
    """The law knows no formal acceptance for this kind, or the case is accepted already."""


class NoExtension(CaseError):
    """The table of deadlines allows no (further) extension."""


class TooLong(CaseError):
    """Longer than the table of deadlines allows."""


class NeedsReason(CaseError):
    """Say why; the reason stands on the case."""


class EmptyAnswer(CaseError):
    """An answer needs words."""


class LinkSpent(CaseError):
    """The link was used, withdrawn or is too old; what was written with it is kept for the officer."""


class NotWaiting(CaseError):
    """Nobody outside is asked about this case now."""


class AlreadyAsked(CaseError):
    """This unit or agency is asked about this case already."""


class RemindedToday(CaseError):
    """This case was reminded of today already."""
