"""The connector ``facebook_page``."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from caunoi.channels.afterwards import Outcome, Totals
from caunoi.channels.contract import (
    Account,
    AppSecrets,
    Capability,
    Health,
    Inbound,
    OutboundPost,
    PostKind,
    Quota,
    RawDelivery,
    ReconnectNeeded,
    Refused,
    SendResult,
    Tokens,
    TryLater,
    Unclear,
    Window,
)
from caunoi.connectors.facebook_page import (
    errors,
    graph,
    history,
    publishing,
    reader,
    uncertain,
    videos,
)
from caunoi.kit.cutting import split_text

SUBSCRIBED = ("feed", "messages", "message_echoes", "message_deliveries", "message_reads")


WITHOUT_WINDOW = frozenset(
    {
        PostKind.COMMENT_REPLY,
        PostKind.HIDE_COMMENT,
        PostKind.PUBLICATION,
        PostKind.DELETE_POST,
    }
)


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
            Capability.CATCH_UP,
            Capability.HIDE_COMMENT,
            Capability.PUBLISH,
            Capability.PUBLISH_PICTURES,
            Capability.PUBLISH_VIDEO,
            Capability.DELETE_POST,
            Capability.TOTALS,
            Capability.OUTCOME,
        }
    )
    max_text: Mapping[PostKind, int] = {
        PostKind.COMMENT_REPLY: uncertain.MAX_COMMENT,
        PostKind.PRIVATE_MESSAGE: uncertain.MAX_MESSAGE,
        PostKind.PRIVATE_REPLY: uncertain.MAX_MESSAGE,
        PostKind.PUBLICATION: uncertain.MAX_POST,
    }
    max_plain: Mapping[PostKind, int] = {}
    per_minute = uncertain.CALLS_PER_MINUTE
    per_minute_all: int | None = None
    quotas: Mapping[PostKind, Quota] = {}
    written_as = "facebook"
    uses_tokens_of = ""
    quiet_hours: tuple[int, int] | None = None

    def calls(self, post: OutboundPost) -> int:
        """A publication asks first whether the Page can be seen, and uploads each picture by itself."""
        if post.kind != PostKind.PUBLICATION:
            return 1
        if post.publication and post.publication.video:
            return 4 + -(-post.publication.video.size // uncertain.VIDEO_PART_BYTES)
        pictures = len(post.publication.pictures) if post.publication else 0
        return 2 + (pictures if pictures > 1 else bool(pictures))

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
        if post.kind == PostKind.PUBLICATION:
            return publishing.publish(account, post)
        if post.kind == PostKind.DELETE_POST:
            return publishing.take_away(account, post.target_ref)
        if post.kind == PostKind.HIDE_COMMENT:
            graph.post(account, post.target_ref, {"is_hidden": True}, wanted="success")
            return SendResult(f"hidden:{post.target_ref}")
        if post.kind == PostKind.COMMENT_REPLY:
            body = {"message": post.text}
            return SendResult(graph.post(account, f"{post.target_ref}/comments", body, wanted="id"))
        window = self.window(post, at=at)
        if not window.is_open:
            raise Refused(window.reason, "window")
        body = _message(post, key, at)
        path = f"{account.external_id}/messages"
        return SendResult(graph.post(account, path, body, wanted="message_id"))

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Look among our posts, the replies under the comment, or in the conversation, for our own text since then."""
        if post.kind == PostKind.PUBLICATION:
            return publishing.find(account, post, since=since)
        if post.kind == PostKind.DELETE_POST:
            return publishing.is_gone(account, post.target_ref)
        if post.kind == PostKind.HIDE_COMMENT:
            asked = graph.get(account, post.target_ref, fields="is_hidden")
            return SendResult(f"hidden:{post.target_ref}") if asked.get("is_hidden") else None
        if post.kind == PostKind.COMMENT_REPLY:
            found = history.find_reply(account, post, since=since)
        else:
            found = history.find_message(account, post, since=since)
        return SendResult(found) if found else None

    def totals(self, account: Account, post_ref: str) -> Totals:
        """Ask for the post's own numbers; Facebook retires such metrics now and then, so one that is gone spoils no other."""
        return publishing.totals(account, post_ref)

    def outcome(self, account: Account, post_ref: str, *, at: datetime) -> Outcome:
        """Ask whether Facebook has made the video ready."""
        return videos.outcome(account, post_ref)

    def catch_up(self, account: Account, *, since: datetime, at: datetime) -> list[Inbound]:
        """Read the newest posts, the comments under them and the chats touched since then."""
        return history.said_since(account, since=since, at=at)

    def check(self, account: Account, *, at: datetime) -> Health:
        """Ask whether the token works, when it ends, and whether the Page still sends us its events; subscribe anew where not."""
        try:
            publishing.require_seen(account)
            anew = _subscribe(account)
            ends = _token_ends(account)
        except (Refused, ReconnectNeeded) as error:
            return Health(ok=False, reason=error.reason)
        except Unclear as error:
            raise TryLater(error.reason) from error
        return Health(ok=True, token_expires_at=ends, subscribed_anew=anew)

    def refresh(self, account: Account, *, at: datetime) -> Tokens:
        raise errors.CANNOT_REFRESH.error("")

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        """Comments have no window; messages 24 hours, with a person answering 7 days; one private reply within 7 days."""
        if post.kind in WITHOUT_WINDOW or post.window_opened_at is None:
            return Window(is_open=True)
        days = (
            uncertain.PRIVATE_REPLY_DAYS
            if post.kind == PostKind.PRIVATE_REPLY
            else uncertain.HUMAN_AGENT_DAYS
        )
        until = post.window_opened_at + timedelta(days=days)
        return Window(
            is_open=at <= until,
            open_until=until,
            automatic_until=post.window_opened_at
            + timedelta(hours=uncertain.STANDARD_WINDOW_HOURS),
            reason="" if at <= until else errors.WINDOW.sentence,
        )

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, self.max_text.get(kind, uncertain.MAX_COMMENT))


def _subscribe(account: Account) -> bool:
    """Ask for the events we read where the Page does not send them all. -> True when it had to be asked."""
    path = f"{account.external_id}/subscribed_apps"
    told: set[str] = set()
    for app in graph.get(account, path).get("data") or []:
        told.update(str(field) for field in app.get("subscribed_fields") or [])
    if told >= set(SUBSCRIBED):
        return False
    graph.post(
        account,
        path,
        {"subscribed_fields": ",".join(sorted({*told, *SUBSCRIBED}))},
        wanted="success",
    )
    return True


def _token_ends(account: Account) -> datetime | None:
    """Return when the Page's token ends; None when it does not, or when Facebook will not say."""
    secret = account.app.secrets.get("app_secret") if account.app else None
    if account.app is None or not secret:
        return None
    told = graph.debug_token(account, app_token=f"{account.app.app_id}|{secret}")
    ends = [errors.number(told.get(k)) for k in ("expires_at", "data_access_expires_at")]
    soonest = min((e for e in ends if e > 0), default=0)
    return datetime.fromtimestamp(soonest, UTC) if soonest else None


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
