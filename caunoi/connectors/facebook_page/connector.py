"""The connector ``facebook_page``."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from caunoi.channels.contract import (
    Account,
    AppSecrets,
    Capability,
    Health,
    Inbound,
    OutboundPost,
    PostKind,
    RawDelivery,
    ReconnectNeeded,
    Refused,
    SendResult,
    Tokens,
    Window,
)
from caunoi.connectors.facebook_page import graph, reader, uncertain
from caunoi.kit.cutting import split_text
from caunoi.kit.text import fold

CLOSED = "The time in which Facebook lets us answer this person is over. The answer stands on the public page."
SUBSCRIBED = "feed,messages,message_echoes,message_deliveries,message_reads"


class FacebookPage:
    """Comments and messages of one Facebook Page."""

    key = "facebook_page"
    capabilities = frozenset(
        {
            Capability.COMMENTS,
            Capability.REPLY_IN_THREAD,
            Capability.PRIVATE_REPLY,
            Capability.PRIVATE_MESSAGES,
            Capability.RECEIPTS,
            Capability.READ_BACK,
            Capability.WEBHOOK,
            Capability.OWN_POSTS,
        }
    )
    max_text: Mapping[PostKind, int] = {
        PostKind.COMMENT_REPLY: uncertain.MAX_COMMENT,
        PostKind.PRIVATE_MESSAGE: uncertain.MAX_MESSAGE,
        PostKind.PRIVATE_REPLY: uncertain.MAX_MESSAGE,
    }
    per_minute = uncertain.CALLS_PER_MINUTE

    def verify(self, delivery: RawDelivery, app: AppSecrets) -> bool:
        """Compare ``X-Hub-Signature-256`` with the HMAC of the raw bytes."""
        given = delivery.headers.get("x-hub-signature-256", "")
        secret = app.secrets.get("app_secret", "")
        right = "sha256=" + hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        return bool(secret) and hmac.compare_digest(given.encode(), right.encode())

    def challenge(self, query: Mapping[str, str], app: AppSecrets) -> str | None:
        expected = app.secrets.get("verify_token", "")
        given = query.get("hub.verify_token", "")
        if query.get("hub.mode") != "subscribe" or not expected:
            return None
        if not hmac.compare_digest(given.encode(), expected.encode()):
            return None
        return query.get("hub.challenge", "")

    def read(self, delivery: RawDelivery) -> list[Inbound]:
        return reader.read(delivery)

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        if post.kind == PostKind.COMMENT_REPLY:
            answer = graph.post(account, f"{post.target_ref}/comments", {"message": post.text})
            return SendResult(str(answer["id"]))
        window = self.window(post, at=at)
        if not window.is_open:
            raise Refused(window.reason, "window")
        answer = graph.post(account, f"{account.external_id}/messages", _message(post, key, at))
        return SendResult(str(answer["message_id"]))

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Look among the replies under the comment, or in the conversation, for our own text since then."""
        if post.kind == PostKind.COMMENT_REPLY:
            return self._find_reply(post, account, since)
        return self._find_message(post, account, since)

    def check(self, account: Account, *, at: datetime) -> Health:
        """Ask who the token is and whether the Page still sends us its events; subscribe again where it does not."""
        try:
            graph.get(account, account.external_id, fields="id,name")
            subscribed = graph.get(account, f"{account.external_id}/subscribed_apps")
            if not subscribed.get("data"):
                graph.post(
                    account,
                    f"{account.external_id}/subscribed_apps",
                    {"subscribed_fields": SUBSCRIBED},
                )
        except ReconnectNeeded as error:
            return Health(ok=False, reason=error.reason)
        except Refused as error:
            return Health(ok=False, reason=error.reason)
        return Health(ok=True)

    def refresh(self, account: Account, *, at: datetime) -> Tokens:
        raise ReconnectNeeded("A Page token cannot be refreshed; connect the Page again.")

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        """Comments have no window; messages 24 hours, with a person answering 7 days; one private reply within 7 days."""
        if post.kind == PostKind.COMMENT_REPLY or post.window_opened_at is None:
            return Window(is_open=True)
        days = (
            uncertain.PRIVATE_REPLY_DAYS
            if post.kind == PostKind.PRIVATE_REPLY
            else uncertain.HUMAN_AGENT_DAYS
        )
        until = post.window_opened_at + timedelta(days=days)
        return Window(is_open=at <= until, open_until=until, reason="" if at <= until else CLOSED)

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, self.max_text[kind])

    def _find_reply(
        self, post: OutboundPost, account: Account, since: datetime
    ) -> SendResult | None:
        after = ""
        for _ in range(20):
            page = graph.get(
                account,
                f"{post.target_ref}/comments",
                fields="id,message,from,created_time",
                order="reverse_chronological",
                limit="100",
                **({"after": after} if after else {}),
            )
            for reply in page.get("data", []):
                if str((reply.get("from") or {}).get("id")) == account.external_id and _same(
                    reply, post, since
                ):
                    return SendResult(str(reply["id"]))
            cursors = (page.get("paging") or {}).get("cursors") or {}
            following = str(cursors.get("after") or "")
            if not page.get("data") or not following or following == after:
                return None
            after = following
        return None

    def _find_message(
        self, post: OutboundPost, account: Account, since: datetime
    ) -> SendResult | None:
        query = {"platform": "messenger", "fields": "id,participants"}
        if post.kind == PostKind.PRIVATE_MESSAGE:
            query["user_id"] = post.target_ref
        for talk in graph.get(account, f"{account.external_id}/conversations", **query).get(
            "data", []
        ):
            people = {str(p.get("id")) for p in (talk.get("participants") or {}).get("data", [])}
            if post.kind == PostKind.PRIVATE_MESSAGE and people and post.target_ref not in people:
                continue
            messages = graph.get(
                account, f"{talk['id']}/messages", fields="id,message,from,created_time", limit="50"
            )
            for message in messages.get("data", []):
                if str((message.get("from") or {}).get("id")) == account.external_id and _same(
                    message, post, since
                ):
                    return SendResult(str(message["id"]))
        return None


def _message(post: OutboundPost, key: str, at: datetime) -> dict[str, Any]:
    if post.kind == PostKind.PRIVATE_REPLY:
        return {
            "recipient": {"comment_id": post.target_ref},
            "message": {"text": post.text, "metadata": key},
        }
    body: dict[str, Any] = {
        "recipient": {"id": post.target_ref},
        "messaging_type": "RESPONSE",
        "message": {"text": post.text, "metadata": key},
    }
    opened = post.window_opened_at
    if opened is not None and at - opened > timedelta(hours=uncertain.STANDARD_WINDOW_HOURS):
        body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return body


def _same(found: dict[str, Any], post: OutboundPost, since: datetime) -> bool:
    """True when it is our text, written since then (clocks may differ by two minutes)."""
    if fold(str(found.get("message", ""))) != fold(post.text):
        return False
    created = found.get("created_time", 0)
    moment = (
        datetime.fromisoformat(created.replace("+0000", "+00:00"))
        if isinstance(created, str) and not created.isdigit()
        else datetime.fromtimestamp(int(created), UTC)
    )
    return moment >= since - timedelta(minutes=2)
