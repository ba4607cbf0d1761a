"""The connector ``zalo_oa``."""

import base64
import hashlib
import hmac
import json
import secrets
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

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
from caunoi.connectors.zalo_oa import calls, reader, uncertain
from caunoi.kit.cutting import split_text
from caunoi.kit.text import fold

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
        }
    )
    max_text: Mapping[PostKind, int] = {PostKind.PRIVATE_MESSAGE: uncertain.MAX_TEXT}
    per_minute = uncertain.CALLS_PER_MINUTE

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
        window = self.window(post, at=at)
        if not window.is_open:
            raise Refused(window.reason, "window")
        body = {"recipient": {"user_id": post.target_ref}, "message": {"text": post.text}}
        answer = calls.post(account, "/v3.0/oa/message/cs", body)
        return SendResult(str(answer["data"]["message_id"]))

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Look in the conversation for our own text since then."""
        for message in self._conversation(account, post.target_ref):
            moment = datetime.fromtimestamp(int(message.get("time") or 0) / 1000, UTC)
            if moment < since - timedelta(minutes=2):
                return None
            if int(message.get("src", 1)) == 0 and fold(str(message.get("message", ""))) == fold(
                post.text
            ):
                return SendResult(str(message["message_id"]))
        return None

    def check(self, account: Account, *, at: datetime) -> Health:
        try:
            calls.get(account, "/v2.0/oa/getoa")
        except (ReconnectNeeded, Refused) as error:
            return Health(ok=False, reason=error.reason)
        return Health(ok=True)

    def refresh(self, account: Account, *, at: datetime) -> Tokens:
        token = account.secrets.get("refresh_token", "")
        return calls.trade(account, at=at, grant_type="refresh_token", refresh_token=token)

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        """Free for 48 hours after the person's last message, paid until seven days, then closed."""
        if post.window_opened_at is None:
            return Window(is_open=True)
        free_until = post.window_opened_at + timedelta(hours=uncertain.FREE_HOURS)
        until = post.window_opened_at + timedelta(days=uncertain.WINDOW_DAYS)
        if at > until:
            return Window(is_open=False, open_until=until, reason=uncertain.EXPLAINED[-230])
        return Window(
            is_open=True,
            open_until=free_until if at <= free_until else until,
            is_free=at <= free_until,
        )

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, uncertain.MAX_TEXT)

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

    def trade_code(self, account: Account, *, code: str, verifier: str, at: datetime) -> Tokens:
        """Trade the code of the consent page for the first tokens. Raises as refresh()."""
        return calls.trade(
            account, at=at, grant_type="authorization_code", code=code, code_verifier=verifier
        )

    def _conversation(self, account: Account, person: str) -> Iterator[dict[str, Any]]:
        for page in range(uncertain.READ_BACK_PAGES):
            asked = {
                "user_id": person,
                "offset": page * uncertain.READ_BACK_COUNT,
                "count": uncertain.READ_BACK_COUNT,
            }
            data = calls.get(account, "/v2.0/oa/conversation", asked).get("data") or []
            items = data.get("data", []) if isinstance(data, dict) else data
            yield from items
            if len(items) < uncertain.READ_BACK_COUNT:
                return


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
