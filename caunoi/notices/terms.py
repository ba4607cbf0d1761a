"""Words about notices: what is written once and told on many channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen

LONGEST_TITLE, LONGEST_SHORT, LONGEST_LONG, LONGEST_REASON = 160, 1_000, 20_000, 1_000
MOST_PICTURES, MOST_ATTACHMENTS = 10, 5
HEAVIEST_ATTACHMENT = 10 * 1024 * 1024
NUMBER_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters of a notice's number: none is mistaken for another when it is read out."""


class NoticeKind(StrEnum):
    """What a notice is."""

    NOTICE = "notice"
    CALL = "call"
    CALENDAR = "calendar"
    WARNING = "warning"
    CORRECTION = "correction"
    GOOD_DEED = "good_deed"
    MODEL_STORY = "model_story"


class NoticeState(StrEnum):
    """Where a notice stands; what may follow is in ``rules.NEXT``."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"
    RECALLED = "recalled"
    EXPIRED = "expired"


class Audience(StrEnum):
    """Who may read it: everybody, or officers of the units it is for."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Form(StrEnum):
    """In what form a text reaches people."""

    TEXT = "text"
    AUDIO = "audio"
    PICTURE = "picture"


class Surface(StrEnum):
    """For what a text is written."""

    WEB = "web"
    FACEBOOK = "facebook"
    ZALO = "zalo"
    SMS = "sms"
    EMAIL = "email"
    LOUDSPEAKER = "loudspeaker"
    A4 = "a4"
    GROUP = "group"


class Reach(StrEnum):
    """How far below a unit a line of the audience reaches; the unit itself is always meant."""

    SELF = "self"
    CHILDREN = "children"
    SUBTREE = "subtree"


class Verdict(StrEnum):
    """What an approver decided."""

    APPROVE = "approve"
    RETURN = "return"


class Weight(StrEnum):
    """How much a finding matters: it stops the sending, or somebody should look."""

    STOP = "stop"
    LOOK = "look"


class Code(StrEnum):
    """What the look before sending may find."""

    NO_TITLE = "no_title"
    NO_TEXT = "no_text"
    NO_ALT = "no_alt"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ACCOUNT = "account"
    EMAIL = "email"
    ADDRESS = "address"
    TOO_LONG = "too_long"
    LONG_SENTENCE = "long_sentence"
    LINK_NOT_SAFE = "link_not_safe"
    NIGHT = "night"
    SIMILAR = "similar"
    PAST = "past"
    ENDS_BEFORE = "ends_before"
    NO_AUDIENCE = "no_audience"
    NO_CLAIM = "no_claim"
    NO_SOURCE = "no_source"
    NO_SENDER_AGENCY = "no_sender_agency"
    NO_START = "no_start"
    NO_DAY = "no_day"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the look before sending found. ``values`` fill the sentence that ``words.said`` gives for the code."""

    weight: Weight
    code: Code
    surface: Surface | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Room:
    """What one kind of channel takes of a notice, as its connector declares it.

    article  it has a title of its own above the text
    by_hand  a person copies the whole, its address too; else the connector puts the link where the channel wants it
    cut      what is longer is cut by us: the link leads to the whole
    limit    letters it takes at most, the link not counted; None where nobody says
    plain    the same for a text without Vietnamese marks, where that is another number
    """

    kind: str
    surface: Surface
    article: bool = False
    by_hand: bool = False
    cut: bool = False
    limit: int | None = None
    plain: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is looked at before a notice is sent: plain values, no tables. ``alts`` has one text a picture, in order.

    times     of the day at which it goes out again and again
    rooms     of the channels it would go to
    variants  its words in other languages
    """

    kind: NoticeKind
    title: str
    short_text: str = ""
    long_text: str = ""
    link: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    alts: tuple[str, ...] = ()
    publish_at: datetime | None = None
    valid_until: datetime | None = None
    units: int = 1
    similar: tuple[str, ...] = ()
    times: tuple[time, ...] = ()
    rooms: tuple[Room, ...] = ()
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an audience as it is chosen: a unit, how far below, which levels, which kinds of channel (empty = all)."""

    unit_id: UUID
    reach: Reach = Reach.SUBTREE
    levels: tuple[str, ...] = ()
    connector_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """What an editor writes: the words of one version. ``details`` are the kind's own fields, ``wordings`` a text for one surface each."""

    kind: NoticeKind
    title: str
    short_text: str = ""
    long_text: str = ""
    link: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)


class NoticeError(Foreseen):
    """Something about a notice that cannot be done."""


class NotYourNotice(NoticeError):
    """The notice belongs to a unit in which the person may not do that."""


class WrongState(NoticeError):
    """The notice stands where this cannot follow."""


class EditedMeanwhile(NoticeError):
    """Somebody kept another version since this one was opened; both are shown, none is lost."""


class OwnNotice(NoticeError):
    """Whoever wrote a notice does not approve it."""


class DecidedAlready(NoticeError):
    """The same person has approved this version."""


class OutOfReach(NoticeError):
    """An audience lies within the unit that speaks."""


class MustBeCorrected(NoticeError):
    """The look before sending found what stops it."""


class TooMany(NoticeError):
    """More pictures or files than a notice carries."""


class BadFile(NoticeError):
    """The file is none that a notice carries."""
