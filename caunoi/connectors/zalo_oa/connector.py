"""The connector ``zalo_oa``."""

import base64
import hashlib
import hmac
import json
import secrets
import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from caunoi.channels.afterwards import Totals
from caunoi.channels.contract import (
    Account,
    AppSecrets,
    Capability,
    Health,
    Inbound,
    OutboundPost,
    Period,
    PostKind,
    Quota,
    RawDelivery,
    Refused,
    SendResult,
    Tokens,
    Window,
)
from caunoi.connectors.zalo_oa import articles, calls, errors, history, reader, uncertain
from caunoi.kit.cutting import split_text

LETTERS = string.ascii_letters + string.digits


class ZaloOA:
    """Messages of one Zalo Official Account."""

    key = "zalo_oa"
    capabilities = frozenset(
        {
            Capability.PRIVATE_MESSAGES,
            Capability.RECEIPTS,
            Capability.READ_BACK,
            Capability.TOKEN_REFRESH,
            Capability.WEBHOOK,
            Capability.CATCH_UP,
            Capability.PUBLISH,
            Capability.PUBLISH_PICTURES,
            Capability.PUBLISH_ARTICLE,
            Capability.BROADCAST,
            Capability.DELETE_POST,
            Capability.TOTALS,
        }
    )
    max_text: Mapping[PostKind, int] = {
        PostKind.PRIVATE_MESSAGE: uncertain.MAX_TEXT,
        PostKind.PUBLICATION: uncertain.MAX_ARTICLE,
    }
    max_plain: Mapping[PostKind, int] = {}
    per_minute = uncertain.CALLS_PER_MINUTE
    per_minute_all: int | None = uncertain.CALLS_PER_MINUTE_ALL
    quotas: Mapping[PostKind, Quota] = {
        PostKind.BROADCAST: Quota(uncertain.BROADCASTS_A_MONTH, Period.MONTH)
    }
    written_as = "zalo"
    uses_tokens_of = ""
    quiet_hours: tuple[int, int] | None = None

    def calls(self, post: OutboundPost) -> int:
        """An article is made, and then asked for until it has an id; removing one looks first."""
        if post.kind == PostKind.PUBLICATION:
            return 1 + len(uncertain.ARTICLE_LOOKS_SECONDS)
        return 2 if post.kind == PostKind.DELETE_POST else 1

    def verify(self, delivery: RawDelivery, app: AppSecrets) -> bool:
        """Compare ``X-ZEvent-Signature`` with SHA-256(app id ‖ raw body ‖ timestamp ‖ OA secret); old events are refused."""
        secret = app.secrets.get("oa_secret", "")
        given = delivery.headers.get("x-zevent-signature", "").removeprefix("mac=")
        stamp = _timestamp(delivery)
        right = hashlib.sha256(
            app.app_id.encode() + delivery.body + stamp.encode() + secret.encode()
        ).hexdigest()
        return (
            bool(secret)
            and hmac.compare_digest(given.encode(), right.encode())
            and _is_recent(delivery, stamp)
        )

    def challenge(self, query: Mapping[str, str], app: AppSecrets) -> str | None:
        return None

    def read(self, delivery: RawDelivery) -> list[Inbound]:
        return reader.read(delivery)

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        if post.kind == PostKind.PUBLICATION:
            return articles.publish(account, post)
        if post.kind == PostKind.DELETE_POST:
            return articles.take_away(account, post.target_ref)
        if post.kind == PostKind.BROADCAST:
            return articles.broadcast(account, post.target_ref)
        window = self.window(post, at=at)
        if not window.is_open:
            raise Refused(window.reason, "window")
        body = {"recipient": {"user_id": post.target_ref}, "message": {"text": post.text}}
        return SendResult(calls.send(account, "/v3.0/oa/message/cs", body))

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Look among our articles, or in the conversation, for our own text since then."""
        if post.kind == PostKind.PUBLICATION:
            return articles.find(account, post, since=since)
        if post.kind == PostKind.DELETE_POST:
            return articles.is_gone(account, post.target_ref)
        if post.kind == PostKind.BROADCAST:
            raise errors.NO_BROADCAST_LIST.error("")
        found = history.find_message(account, post, since=since)
        return SendResult(found) if found else None

    def totals(self, account: Account, post_ref: str) -> Totals:
        return articles.totals(account, post_ref)

    def catch_up(self, account: Account, *, since: datetime, at: datetime) -> list[Inbound]:
        """Read the chats touched since then."""
        return history.said_since(account, since=since)

    def check(self, account: Account, *, at: datetime) -> Health:
        """Ask for the account itself. Zalo does not say whether its webhook is switched on: see CATCH_UP."""
        try:
            calls.get(account, "/v2.0/oa/getoa")
        except Refused as error:
            return Health(ok=False, reason=error.reason)
        return Health(ok=True)

    def refresh(self, account: Account, *, at: datetime) -> Tokens:
        token = account.secrets.get("refresh_token", "")
        return calls.trade(account, at=at, grant_type="refresh_token", refresh_token=token)

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        """Free for 48 hours after the person's last message, paid until seven days, then closed; what goes to everybody has none."""
        if post.kind != PostKind.PRIVATE_MESSAGE or post.window_opened_at is None:
            return Window(is_open=True)
        free_until = post.window_opened_at + timedelta(hours=uncertain.FREE_HOURS)
        until = post.window_opened_at + timedelta(days=uncertain.WINDOW_DAYS)
        if at > until:
            return Window(is_open=False, open_until=until, reason=errors.WINDOW.sentence)
        return Window(
            is_open=True,
            open_until=free_until if at <= free_until else until,
            is_free=at <= free_until,
            automatic_until=free_until,
        )

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, self.max_text.get(kind, uncertain.MAX_TEXT))

    # Connecting an account: the page in channels asks these two through the connector.
    def consent(
        self, *, app: AppSecrets, settings: Mapping[str, str], return_to: str
    ) -> tuple[str, str, str]:
        """Return (address to open, state, verifier): the OA's administrator agrees there."""
        verifier = "".join(secrets.choice(LETTERS) for _ in range(43))
        state = secrets.token_urlsafe(24)
        query = urlencode(
            {
                "app_id": app.app_id,
                "redirect_uri": return_to,
                "code_challenge": challenge_of(verifier),
                "state": state,
            }
        )
        return f"{settings['oauth_base']}/v4/oa/permission?{query}", state, verifier

    def trade_code(
        self, account: Account, *, code: str, verifier: str, return_to: str, at: datetime
    ) -> Tokens:
        """Trade the code of the consent page for the first tokens; Zalo does not ask where it led back to. Raises as refresh()."""
        del return_to
        return calls.trade(
            account, at=at, grant_type="authorization_code", code=code, code_verifier=verifier
        )


def challenge_of(verifier: str) -> str:
    """Return the PKCE challenge (S256) of a verifier."""
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )


def _timestamp(delivery: RawDelivery) -> str:
    try:
        body = json.loads(delivery.body)
        return str(body["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return delivery.headers.get("x-zevent-timestamp", "")


def _is_recent(delivery: RawDelivery, stamp: str) -> bool:
    try:
        moment = datetime.fromtimestamp(int(stamp) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return False
    retried = "num_retry" in delivery.headers or "num-retry" in delivery.headers
    limit = (
        timedelta(hours=uncertain.STALE_RETRY_HOURS)
        if retried
        else timedelta(minutes=uncertain.STALE_MINUTES)
    )
    return abs(delivery.received_at - moment) <= limit
