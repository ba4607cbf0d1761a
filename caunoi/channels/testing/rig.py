"""What the contract suite needs of a connector's own tests, and the words in which the tests speak."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import pytest
from django.utils import translation

from caunoi.channels.contract import (
    Account,
    AppSecrets,
    Capability,
    Connector,
    Inbound,
    MessageKind,
    MessageReceived,
    OutboundPost,
    PostKind,
    RawDelivery,
    Refused,
    SendResult,
    TryLater,
    Unreadable,
)
from caunoi.kit.sentences import said

NEEDED_FOR = {
    PostKind.COMMENT_REPLY: Capability.REPLY_IN_THREAD,
    PostKind.PRIVATE_MESSAGE: Capability.PRIVATE_MESSAGES,
    PostKind.PRIVATE_REPLY: Capability.PRIVATE_REPLY,
    PostKind.PUBLICATION: Capability.PUBLISH,
}
HEARD_AS = {
    MessageKind.COMMENT: Capability.COMMENTS,
    MessageKind.PRIVATE_MESSAGE: Capability.PRIVATE_MESSAGES,
}
BODIES = {
    "nothing": b"",
    "a NUL": b"\x00",
    "half an object": b'{"entry": [',
    "a list": b"[]",
    "null": b"null",
    "a number": b"1e999",
    "a foreign object": b'{"hello": "world"}',
    "no UTF-8": b"\xff\xfe\xfa",
    "deep": b"[" * 20_000 + b"]" * 20_000,
    "wrong types": b'{"entry": 7, "events": {"a": 1}, "event_name": [], "message": "x"}',
    "nulls": b'{"entry": [null], "events": [null], "event_name": null, "sender": null}',
    "256 KB": b'{"x": "' + b"a" * (256 * 1024) + b'"}',
}
TEXTS = {
    "Vietnamese": "Bao giờ xã tôi có nước sạch?",
    "decomposed": "Bao gio\u031b\u0300 co\u0301 \u0111ie\u0323\u0302n?",
    "a NUL inside": "Bao giờ\x00 có điện?",
    "10,000 marks": "Điện" + "\u0323\u0301" * 5_000,
    "right to left": "\u202etxt.exe",
    "emoji": "Cảm ơn 👩🏽‍🌾🙏",
    "half a character": "Bao giờ \ud83d có điện?",
    "very long": "Đường hỏng. " * 3_000,
    "nothing": "",
}


class Trouble(StrEnum):
    """What a rig can let happen to the connector's next call."""

    BUSY = "busy"
    """The provider limits us and says: seven seconds. Nothing is carried out."""
    UNREACHABLE = "unreachable"
    """No connection. Nothing is carried out."""
    DROPPED = "dropped"
    """Carried out, and the answer is lost."""
    GARBLED = "garbled"
    """Perhaps carried out; the answer cannot be read."""
    TOKEN_GONE = "token_gone"  # noqa: S105
    """The token was taken back."""
    REFUSED = "refused"
    """The provider does not want this message, ever."""
    TOKENS_LOST = "tokens_lost"
    """A refresh is carried out, and its answer is lost."""


class Rig(Protocol):
    """A connector, a provider to go with it, and ways to look at that provider from outside."""

    connector: Connector
    app: AppSecrets
    says_how_long: bool
    """The provider says how long to wait when it is busy."""

    def account(self) -> Account:
        """A channel that works now."""
        ...

    def now(self) -> datetime:
        """The provider's time."""
        ...

    def signed(self, body: bytes, at: datetime) -> RawDelivery:
        """A delivery of these bytes with the right signature."""
        ...

    def heard(self, kind: MessageKind, text: str, *, external_id: str) -> bytes:
        """The body in which the provider tells that a person said this."""
        ...

    def several(self, *bodies: bytes) -> bytes | None:
        """One body with all that these tell and something unreadable between; None when the provider never does so."""
        ...

    def unknown_event(self) -> bytes:
        """A body of the provider that tells something we do not read."""
        ...

    def target(self, kind: PostKind) -> OutboundPost:
        """Something that may be answered now; a new comment or person each time."""
        ...

    def say(self, kind: MessageKind, text: str) -> str:
        """A person really says this at the provider, and no delivery comes. -> the provider's id of it."""
        ...

    def strike(self, trouble: Trouble, account: Account) -> Account:
        """Let trouble happen to the next call. -> the account to make it with."""
        ...

    def arrived(self, text: str) -> int:
        """How often the provider holds this text from us."""
        ...

    def hidden(self, comment: str) -> bool:
        """Whether the provider hides this comment from everybody but its author."""
        ...


def each_way_out(test: Callable[..., None]) -> Callable[..., None]:
    """Run the test for every way of answering; a connector without that way must refuse it in the words of the contract."""

    @pytest.mark.parametrize("kind", NEEDED_FOR)
    @functools.wraps(test)
    def run(self: object, rig: Rig, kind: PostKind, **more: Any) -> None:
        if kind in ways_out(rig):
            test(self, rig, kind, **more)
        else:
            sends_nothing(rig, kind)

    return run


def if_it_listens(test: Callable[..., None]) -> Callable[..., None]:
    """Run the test for a connector with a webhook; one without reads nothing out of anything."""

    @functools.wraps(test)
    def run(self: object, rig: Rig, **more: Any) -> None:
        if can(rig, Capability.WEBHOOK):
            test(self, rig, **more)
        else:
            reads_nothing(rig)

    return run


def can(rig: Rig, capability: Capability) -> bool:
    return capability in rig.connector.capabilities


def ways_out(rig: Rig) -> list[PostKind]:
    return [kind for kind, needed in NEEDED_FOR.items() if can(rig, needed)]


def any_body(rig: Rig) -> bytes:
    kind = next(k for k, needed in HEARD_AS.items() if can(rig, needed))
    return rig.heard(kind, TEXTS["Vietnamese"], external_id="900_1")


def read(rig: Rig, body: bytes) -> list[Inbound]:
    """Return what the body says; a body that says nothing at all is Unreadable and gives nothing."""
    try:
        return rig.connector.read(RawDelivery({}, body, rig.now()))
    except Unreadable:
        return []


def reads_nothing(rig: Rig) -> None:
    """A kind that hears nothing this way has nothing to say about any body."""
    body = b'{"message": "x"}'
    assert not rig.connector.verify(RawDelivery({}, body, rig.now()), rig.app)
    assert not any(isinstance(t, MessageReceived) for t in read(rig, body))


def sends_nothing(rig: Rig, kind: PostKind) -> None:
    """A kind without this way out never begins to send; asked whether it did, it knows that it did not."""
    assert kind not in rig.connector.max_text
    if can(rig, Capability.LOCAL):
        post = OutboundPost(kind, "x", "x", "Không gửi được")
        with pytest.raises(Refused) as caught:
            send(rig, post)
        in_vietnamese(caught.value.reason)
        assert not rig.connector.window(post, at=rig.now()).is_open
        assert find(rig, post) is None


def send(
    rig: Rig, post: OutboundPost, *, account: Account | None = None, key: str = "k-1"
) -> SendResult:
    return rig.connector.send(post, account or rig.account(), key=key, at=rig.now())


def find(
    rig: Rig,
    post: OutboundPost,
    *,
    account: Account | None = None,
    key: str = "k-1",
    since: datetime | None = None,
) -> SendResult | None:
    since = since or rig.now() - timedelta(minutes=5)
    return rig.connector.find_sent(post, account or rig.account(), key=key, since=since)


def can_look(rig: Rig) -> bool:
    """True when the provider shows what it has from us; where not, looking must say so and never "surely not there"."""
    if {Capability.READ_BACK, Capability.LOCAL} & rig.connector.capabilities:
        return True
    post = OutboundPost(PostKind.PUBLICATION, "", "x", "Ở đâu rồi")
    raises(rig, TryLater, lambda account: find(rig, post, account=account), None)
    return False


def raises(
    rig: Rig, wanted: type[Exception], act: Callable[[Account], object], trouble: Trouble | None
) -> Exception:
    """The act meets the trouble and raises exactly what the contract says, with a reason a person can read."""
    account = rig.strike(trouble, rig.account()) if trouble else rig.account()
    with pytest.raises(wanted) as caught:
        act(account)
    in_vietnamese(caught.value.reason)  # type: ignore[attr-defined]
    return caught.value


def in_vietnamese(reason: str) -> None:
    """The reason has its Vietnamese in the catalogue; the provider's own words are not in it."""
    with translation.override("vi"):
        shown = said(reason)
    assert reason
    assert shown.split(" (")[0] != reason.split(" [")[0], f"no Vietnamese for {reason!r}"
