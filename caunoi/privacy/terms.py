"""Words about personal data: what people may ask for, and what becomes of it."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class Wish(StrEnum):
    """What the asker wants done with what we hold."""

    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    """Where a request stands; a decision has a person and a reason."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a case was erased."""

    REQUEST = "request"
    RETENTION = "retention"


class IncidentState(StrEnum):
    """Where an incident stands: found, told to the authority, dealt with."""

    OPEN = "open"
    NOTIFIED = "notified"
    CLOSED = "closed"


BREACH = "pdp.breach"
"""The row of the table of deadlines: 72 hours from the finding."""
RESPOND = "pdp.respond"
"""The row of the table of deadlines: two working days from the day it came (Decree 356/2025)."""


class PrivacyError(Foreseen):
    """Something about personal data that cannot be done."""


class AskedAlready(PrivacyError):
    """The same was asked before and is not decided yet."""


class Decided(PrivacyError):
    """Somebody decided it meanwhile."""


class NeedsReason(PrivacyError):
    """A decision needs its reason; the asker reads it."""


class NotYours(PrivacyError):
    """The case lies in a unit in which you may not decide about personal data."""


class NothingHeld(PrivacyError):
    """The case was erased before."""


class NoWayBack(PrivacyError):
    """The question did not come by a private chat, so no link can be sent there."""


class Kept(StrEnum):
    """What the table of retention speaks of; each case belongs to one row by its kind."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    EMERGENCY = "emergency"
    DELIVERY = "delivery"


class Does(StrEnum):
    """What happens when the time is over."""

    ERASE = "erase"
    KEEP = "keep"


CASE_KINDS = {
    Kept.QUESTION: ("question", "report", "petition", "voter_petition"),
    Kept.COMPLAINT: ("complaint",),
    Kept.DENUNCIATION: ("denunciation", "tip_off"),
    Kept.EMERGENCY: ("emergency",),
}


class OnHold(PrivacyError):
    """Somebody wrote that this case must be kept for now."""


class NotTheProvince(PrivacyError):
    """The table holds for everybody, so only an administrator of the whole province changes it."""


class UnknownCase(PrivacyError):
    """There is no such case in your units."""


class IncidentOver(PrivacyError):
    """The incident is closed; nothing is changed in it any more."""
