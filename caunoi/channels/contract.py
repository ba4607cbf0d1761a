"""The contract between the house and its connectors: plain values and one protocol, no Django.

A connector turns provider bytes into the values below and sends ours out. It keeps no state of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Capability(StrEnum):
    """What a kind of channel can do. The house asks for a capability, never for a brand."""

    COMMENTS = "comments"
    REPLY_IN_THREAD = "reply_in_thread"
    PRIVATE_REPLY = "private_reply"
    PRIVATE_MESSAGES = "private_messages"
    RECEIPTS = "receipts"
    READ_BACK = "read_back"
    TOKEN_REFRESH = "token_refresh"  # noqa: S105
    WEBHOOK = "webhook"
    OWN_POSTS = "own_posts"
    CATCH_UP = "catch_up"
    """What was said while nobody listened can be fetched afterwards."""
    IDEMPOTENT_KEY = "idempotent_key"
    """The provider never carries out two sends with the same key of ours."""
    HIDE_COMMENT = "hide_comment"
    """A comment under our own post can be hidden from everybody but its author."""
    LOCAL = "local"
    """No outside world: what is sent is only kept (web form, walk-in)."""
    PUBLISH = "publish"
    """The channel takes a publication of its unit, for everybody who follows it."""
    PUBLISH_PICTURES = "publish_pictures"
    PUBLISH_FILES = "publish_files"
    PUBLISH_VIDEO = "publish_video"
    VIDEO_ONLY = "video_only"
    """It takes nothing without a video."""
    PUBLISH_ARTICLE = "publish_article"
    """A publication becomes an article with a title of its own; it can be sent to all followers afterwards."""
    BROADCAST = "broadcast"
    DELETE_POST = "delete_post"
    """A publication of ours can be taken away again."""
    SHOWN_HERE = "shown_here"
    """A publication stands here from the moment the house has committed it; nothing is called."""
    OFFICIAL_LIST = "official_list"
    """It reaches a list of the unit itself, not everybody: what is internal may go there too."""
    LISTED_NUMBERS = "listed_numbers"
    """It goes to each telephone number of the channel's own list: one send a number, which stands in ``target_ref``."""
    TOTALS = "totals"
    """The provider says how many saw a publication of ours: numbers only (``afterwards.Counting``)."""
    OUTCOME = "outcome"
    """A video that was taken is still worked on: what became of it is asked afterwards (``afterwards.Judged``)."""
    BY_HAND = "by_hand"
    """A person posts it and says so; nothing is called, and nothing more is ever known."""


class MessageKind(StrEnum):
    """Where a message was said."""

    COMMENT = "comment"
    PRIVATE_MESSAGE = "private_message"
    FORM = "form"
    WALK_IN = "walk_in"


class PostKind(StrEnum):
    """How we answer or publish; ``HIDE_COMMENT`` and ``DELETE_POST`` say nothing: their text is for our own record only."""

    COMMENT_REPLY = "comment_reply"
    PRIVATE_MESSAGE = "private_message"
    PRIVATE_REPLY = "private_reply"
    HIDE_COMMENT = "hide_comment"
    PUBLICATION = "publication"
    BROADCAST = "broadcast"
    """``target_ref`` is the article that goes to everybody who follows the account."""
    DELETE_POST = "delete_post"


@dataclass(frozen=True, slots=True)
class RawDelivery:
    """One webhook request as it came. ``headers`` have lower-case names."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class AppSecrets:
    """What the provider gave our application (not one channel): signing secrets, verify token."""

    app_id: str
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """One channel as its connector needs it, secrets opened. Never stored, never logged. ``name``: as the public knows it."""

    external_id: str
    secrets: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    app: AppSecrets | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A reference to something that came along; its content stays with the provider."""

    kind: str
    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Somebody wrote to an official channel. ``sender_ref`` is the provider's opaque id, never a phone number."""

    account_ref: str
    external_id: str
    kind: MessageKind
    thread_ref: str
    sender_ref: str
    text: str
    sent_at: datetime
    sender_name: str = ""
    parent_ref: str | None = None
    post_ref: str | None = None
    attachments: tuple[Attachment, ...] = ()
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """Somebody changed what they had written."""

    account_ref: str
    external_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageRemoved:
    """Somebody took back what they had written."""

    account_ref: str
    external_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """The echo of what we sent, or of what a colleague wrote in the provider's own app. ``key`` is ours when it came back."""

    account_ref: str
    external_id: str
    text: str
    sent_at: datetime
    thread_ref: str
    kind: MessageKind
    key: str | None = None
    parent_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider says that these reached the person's phone, were seen, or did not arrive. ``watermark``: all up to that moment.

    state    delivered, seen or failed
    reason   why it failed, an English sentence for the catalogue
    """

    account_ref: str
    external_ids: tuple[str, ...]
    state: str
    at: datetime
    thread_ref: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """Somebody began or ceased to follow the channel."""

    account_ref: str
    sender_ref: str
    following: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnPost:
    """The page itself posted something people can comment on."""

    account_ref: str
    external_id: str
    text: str
    permalink: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """Part of a delivery we cannot read; kept raw, its neighbours are unharmed."""

    account_ref: str | None
    name: str
    reason: str


Inbound = (
    MessageReceived
    | MessageEdited
    | MessageRemoved
    | OwnMessage
    | Receipt
    | Follow
    | OwnPost
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to publish, its bytes in hand. ``alt`` says what is on it; ``name`` has an extension.

    url  where it stands in public, for providers that fetch pictures themselves; empty when nowhere
    """

    media_type: str
    alt: str
    name: str
    body: bytes = field(repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Video:
    """A video to publish, never whole in memory. ``seconds`` it lasts.

    read  gives the bytes from an offset, so many at most
    """

    media_type: str
    name: str
    size: int
    seconds: int
    read: Callable[[int, int], bytes] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Publication:
    """What comes beside the text a unit says to everybody. ``link`` is the permanent page it stands on; ``files`` are papers to read."""

    title: str
    link: str
    pictures: tuple[Picture, ...] = ()
    language: str = "vi"
    video: Video | None = None
    files: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboundPost:
    """What we want to say. ``target_ref``: the comment, the person or our own post; ``window_opened_at``: the person's last message.

    publication  what comes beside the text of a PUBLICATION
    """

    kind: PostKind
    target_ref: str
    thread_ref: str
    text: str
    window_opened_at: datetime | None = None
    publication: Publication | None = None


class Period(StrEnum):
    """In which stretch of Việt Nam's calendar a quota is counted."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many sends of a kind one channel has in a period."""

    at_most: int
    period: Period


@dataclass(frozen=True, slots=True)
class SendResult:
    """The provider took it, under this id."""

    external_id: str
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found; ``reason`` is an English sentence for the catalogue.

    subscribed_anew   the provider no longer told us of events and was asked to again: something may have been missed
    """

    ok: bool
    reason: str = ""
    token_expires_at: datetime | None = None
    subscribed_anew: bool = False


@dataclass(frozen=True, slots=True)
class Tokens:
    """Fresh tokens of one channel."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime | None
    """None where what is kept has no known end: each send trades it for a token of its own."""


@dataclass(frozen=True, slots=True)
class Window:
    """May we still answer, and until when (None: no limit).

    automatic_until  until when a message that no person wrote for this one may go (None: as long as the window is open)
    """

    is_open: bool
    open_until: datetime | None = None
    is_free: bool = True
    automatic_until: datetime | None = None
    reason: str = ""


def with_code(sentence: str, code: object) -> str:
    """Return the sentence with the provider's code behind it, as ``kit.sentences.said`` takes it apart again."""
    return f"{sentence} [{code}]" if code not in (None, "") else sentence


class Unreadable(Exception):
    """The whole body is no JSON of this provider."""


class TryLater(Exception):
    """Not now; the provider is busy, limits us, or is down. Nothing was sent."""

    def __init__(self, reason: str, after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.after_seconds = reason, after_seconds


class Refused(Exception):
    """Never: the provider refuses this message; sending it again would be refused again."""

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code


class Unclear(Exception):
    """The request left and no usable answer came: sent or not, nobody knows yet."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ReconnectNeeded(Exception):
    """The channel's token does not work any more; a person must connect it again. Nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one error of a provider means: which of our exceptions it is, and what a person reads about it.

    sentence        English, in the catalogue; the provider's own words never reach a person
    after_seconds   how long to wait where the provider does not say (TryLater)
    """

    raises: type[TryLater] | type[Refused] | type[ReconnectNeeded] | type[Unclear]
    sentence: str
    after_seconds: float | None = None

    def error(
        self, code: object, *, after_seconds: float | None = None
    ) -> TryLater | Refused | ReconnectNeeded | Unclear:
        """Return the exception to raise, the provider's code behind its sentence."""
        reason = with_code(self.sentence, code)
        if issubclass(self.raises, TryLater):
            wait = self.after_seconds if after_seconds is None else after_seconds
            return TryLater(reason, wait)
        if issubclass(self.raises, Refused):
            return Refused(reason, str(code))
        return self.raises(reason)


class Connector(Protocol):
    """One kind of channel. Stateless: everything it needs is passed in."""

    key: str
    capabilities: frozenset[Capability]
    max_text: Mapping[PostKind, int]
    max_plain: Mapping[PostKind, int]
    """Letters a text has at most, the link beside it not counted; ``max_plain`` for one without Vietnamese marks, where more fit."""
    per_minute: int
    per_minute_all: int | None
    """Calls a minute of all channels of this kind together; None when each has its own."""
    quotas: Mapping[PostKind, Quota]
    written_as: str
    """For what a publication is written where it goes this way: facebook, zalo, sms, email, group, loudspeaker, web."""
    uses_tokens_of: str
    """The kind of account whose tokens these channels use, as a group of an account does; empty: each has its own.

    Such a channel's number is the account's, a slash, and its own.
    """
    quiet_hours: tuple[int, int] | None
    """From which hour to which nothing goes out that can wait; None where nobody is woken."""

    def calls(self, post: OutboundPost) -> int:
        """Say how many calls sending this takes at most."""
        ...

    def verify(self, delivery: RawDelivery, app: AppSecrets) -> bool:
        """True when the signature over the raw bytes is right. Never raises, whatever the bytes."""
        ...

    def challenge(self, query: Mapping[str, str], app: AppSecrets) -> str | None:
        """Return what the provider wants to hear when it checks our address, or None when it is not the provider."""
        ...

    def read(self, delivery: RawDelivery) -> list[Inbound]:
        """Return what the delivery says, in its order; one bad part becomes Unknown. Raises Unreadable."""
        ...

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        """Send once. Raises TryLater, Refused, Unclear, ReconnectNeeded. ``key`` is ours; it travels along where it can."""
        ...

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Look at the provider whether the post is there already; None = surely not. Raises TryLater, ReconnectNeeded."""
        ...

    def catch_up(self, account: Account, *, since: datetime, at: datetime) -> list[Inbound]:
        """Return what was said since then, oldest first (CATCH_UP only; others return nothing).

        What came by webhook already may be among it: the same ids, so that it is kept once.
        Raises TryLater, Refused, ReconnectNeeded.
        """
        ...

    def check(self, account: Account, *, at: datetime) -> Health:
        """Say whether the channel works. Raises TryLater, and ReconnectNeeded for the token: a refreshed one may help."""
        ...

    def refresh(self, account: Account, *, at: datetime) -> Tokens:
        """Trade the refresh token for fresh ones (TOKEN_REFRESH only). Raises TryLater, Unclear, ReconnectNeeded."""
        ...

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        """Say whether this may still be sent, and until when."""
        ...

    def split(self, text: str, kind: PostKind) -> list[str]:
        """Cut a long text at paragraphs, sentences or spaces into parts the channel takes."""
        ...
