"""The connector ``loopback``: a provider inside this process, with everything a real one has, faults included."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from caunoi.channels.afterwards import Totals
from caunoi.channels.contract import (
    Account,
    AppSecrets,
    Capability,
    Health,
    Inbound,
    MessageEdited,
    MessageKind,
    MessageReceived,
    MessageRemoved,
    OutboundPost,
    Period,
    PostKind,
    Quota,
    RawDelivery,
    ReconnectNeeded,
    Refused,
    SendResult,
    Tokens,
    TryLater,
    Unclear,
    Unknown,
    Unreadable,
    Window,
)
from caunoi.kit.cutting import split_text

MAX_TEXT = 2000
WINDOW = timedelta(days=7)
NOT_OUTSIDE = {
    Capability.LOCAL,
    Capability.BY_HAND,
    Capability.SHOWN_HERE,
    Capability.OFFICIAL_LIST,
    Capability.LISTED_NUMBERS,
    Capability.VIDEO_ONLY,
}
WORDLESS = {PostKind.HIDE_COMMENT, PostKind.DELETE_POST, PostKind.BROADCAST}
SECRET = "loopback-secret"  # noqa: S105


@dataclass
class World:
    """What this provider has: everything sent, everything said to it, and the faults that strike next (oldest first)."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    readable: bool = True
    refreshes: int = 0
    spent: list[str] = field(default_factory=list)
    totals: dict[str, Totals] = field(default_factory=dict)
    hidden: dict[str, datetime] = field(default_factory=dict)
    deleted: dict[str, datetime] = field(default_factory=dict)

    def reset(self) -> None:
        self.sent.clear()
        self.said.clear()
        self.faults.clear()
        self.spent.clear()
        self.hidden.clear()
        self.deleted.clear()
        self.totals.clear()
        self.readable, self.refreshes = True, 0


WORLD = World()


class Loopback:
    """Comments and private messages that go nowhere."""

    key = "loopback"
    capabilities = frozenset(set(Capability) - NOT_OUTSIDE)
    max_text: Mapping[PostKind, int] = dict.fromkeys(set(PostKind) - WORDLESS, MAX_TEXT)
    max_plain: Mapping[PostKind, int] = {}
    per_minute = 6000
    per_minute_all: int | None = None
    quotas: Mapping[PostKind, Quota] = {PostKind.BROADCAST: Quota(2, Period.MONTH)}
    written_as = "facebook"
    uses_tokens_of = ""
    quiet_hours: tuple[int, int] | None = None
    world = WORLD

    def calls(self, post: OutboundPost) -> int:
        return 1

    def delivery(self, *events: dict[str, Any], at: datetime, secret: str = SECRET) -> RawDelivery:
        """Return a signed delivery of these events (see ``comment`` and ``message``)."""
        body = json.dumps({"events": events}, ensure_ascii=False).encode()
        return RawDelivery({"x-loopback": _sign(body, secret)}, body, at)

    @staticmethod
    def comment(
        account: str, external_id: str, text: str, *, at: datetime, **more: Any
    ) -> dict[str, Any]:
        """Return one comment event; ``parent`` makes it a reply, ``sender`` and ``name`` say who."""
        return _event(
            "message",
            account,
            external_id,
            text,
            at,
            kind="comment",
            thread=more.pop("parent", None) or external_id,
            **more,
        )

    @staticmethod
    def message(
        account: str, external_id: str, text: str, *, at: datetime, sender: str = "p1", **more: Any
    ) -> dict[str, Any]:
        """Return one private message event."""
        return _event(
            "message",
            account,
            external_id,
            text,
            at,
            kind="private_message",
            thread=sender,
            sender=sender,
            **more,
        )

    def verify(self, delivery: RawDelivery, app: AppSecrets) -> bool:
        right = _sign(delivery.body, app.secrets.get("secret", SECRET))
        return hmac.compare_digest(delivery.headers.get("x-loopback", "").encode(), right.encode())

    def challenge(self, query: Mapping[str, str], app: AppSecrets) -> str | None:
        return query.get("challenge")

    def read(self, delivery: RawDelivery) -> list[Inbound]:
        try:
            events = json.loads(delivery.body)["events"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable("no JSON") from error
        return [_read_one(event) for event in events] if isinstance(events, list) else []

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        fault = self._strike()
        if (done := self._done(post.kind)) is not None:
            done[post.target_ref] = at
            if fault == "drop":
                raise Unclear(_("The answer got lost."))
            return SendResult(f"{post.kind}:{post.target_ref}")
        if len(post.text) > MAX_TEXT:
            raise Refused(_("The text is too long."), "too_long")
        window = self.window(post, at=at)
        if not window.is_open:
            raise Refused(window.reason, "window")
        known = next((s for s in self.world.sent if s["key"] == key), None)
        external_id = known["external_id"] if known else f"lo-{len(self.world.sent) + 1}"
        if known is None:
            self.world.sent.append(
                asdict(post)
                | {"account": account.external_id, "key": key, "external_id": external_id, "at": at}
            )
        if fault == "drop":
            raise Unclear(_("The answer got lost."))
        return SendResult(external_id, f"https://loopback.invalid/{external_id}")

    def totals(self, account: Account, post_ref: str) -> Totals:
        self._strike()
        return self.world.totals.get(post_ref, Totals())

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        self._strike()
        if not self.world.readable:
            raise TryLater(_("Reading back does not work now."))
        if (done := self._done(post.kind)) is not None:
            is_done = post.target_ref in done
            return SendResult(f"{post.kind}:{post.target_ref}") if is_done else None
        found = next((s for s in self.world.sent if s["key"] == key and s["at"] >= since), None)
        return SendResult(found["external_id"]) if found else None

    def catch_up(self, account: Account, *, since: datetime, at: datetime) -> list[Inbound]:
        """Return what people said since then, whether a delivery told of it or not."""
        self._strike()
        mine = [e for e in self.world.said if e["account"] == account.external_id]
        return [_read_one(e) for e in mine if datetime.fromisoformat(e["at"]) >= since]

    def check(self, account: Account, *, at: datetime) -> Health:
        self._strike()
        return Health(ok=True, token_expires_at=at + timedelta(days=60))

    def refresh(self, account: Account, *, at: datetime) -> Tokens:
        fault = self._strike()
        if account.secrets.get("refresh_token") in self.world.spent:
            raise ReconnectNeeded(_("The token is gone."))
        self.world.spent.append(account.secrets.get("refresh_token", ""))
        self.world.refreshes += 1
        if fault == "drop":
            raise Unclear(_("The answer got lost."))
        return Tokens(
            f"access-{self.world.refreshes}",
            f"refresh-{self.world.refreshes}",
            at + timedelta(hours=25),
        )

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        to_a_person = {PostKind.PRIVATE_MESSAGE, PostKind.PRIVATE_REPLY}
        if post.kind not in to_a_person or post.window_opened_at is None:
            return Window(is_open=True)
        until = post.window_opened_at + WINDOW
        return Window(
            is_open=at <= until,
            open_until=until,
            reason="" if at <= until else _("The time to answer is over."),
        )

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, MAX_TEXT)

    def _done(self, kind: PostKind) -> dict[str, datetime] | None:
        """Return where this provider notes a deed without words; None for what is said."""
        places = {
            PostKind.HIDE_COMMENT: self.world.hidden,
            PostKind.DELETE_POST: self.world.deleted,
        }
        return places.get(kind)

    def _strike(self) -> str:
        """Let the next ordered fault happen. -> its name when it strikes after the deed only."""
        fault = self.world.faults.pop(0) if self.world.faults else ""
        if fault == "later":
            raise TryLater(_("Busy."), 7)
        if fault == "refuse":
            raise Refused(_("Never."), "never")
        if fault == "reconnect":
            raise ReconnectNeeded(_("The token is gone."))
        if fault == "unclear":
            raise Unclear(_("Nothing came back."))
        return fault


def _sign(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _event(
    what: str, account: str, external_id: str, text: str, at: datetime, **more: Any
) -> dict[str, Any]:
    return {
        "what": what,
        "account": account,
        "id": external_id,
        "text": text,
        "at": at.isoformat(),
        **more,
    }


def _read_one(event: Any) -> Inbound:
    try:
        at = datetime.fromisoformat(event["at"]).astimezone(UTC)
        account, external_id, text = event["account"], event["id"], event.get("text", "")
        if event["what"] == "edited":
            return MessageEdited(account, external_id, text, at)
        if event["what"] == "removed":
            return MessageRemoved(account, external_id, at)
        if event["what"] != "message":
            return Unknown(account, event["what"], "event not read")
        thread = str(event["thread"])
        return MessageReceived(
            account_ref=account,
            external_id=external_id,
            kind=MessageKind(event["kind"]),
            thread_ref=thread,
            parent_ref=None if thread == external_id or event["kind"] != "comment" else thread,
            post_ref=event.get("post"),
            sender_ref=str(event.get("sender", "p1")),
            sender_name=str(event.get("name", "")),
            text=text,
            sent_at=at,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Unknown(None, "event", f"{type(error).__name__}: {error}"[:200])
