"""What channels without a way in have in common, and what the house's own doors (form, walk-in) do besides: nothing leaves
the house, the answer stands on the public page."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_noop as _

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
    Refused,
    SendResult,
    Tokens,
    Unreadable,
    Window,
)

NO_WAY_OUT = _("Nothing can be sent through this channel; the answer stands on the public page.")


class OneWayDoor:
    """A channel nobody can write to: no webhook, no token, nothing to catch up. Subclasses say what goes out."""

    quotas: Mapping[PostKind, Quota] = {}
    max_plain: Mapping[PostKind, int] = {}
    uses_tokens_of = ""
    quiet_hours: tuple[int, int] | None = None

    def verify(self, delivery: RawDelivery, app: AppSecrets) -> bool:
        return False

    def challenge(self, query: Mapping[str, str], app: AppSecrets) -> str | None:
        return None

    def read(self, delivery: RawDelivery) -> list[Inbound]:
        raise Unreadable("this channel has no webhook")

    def catch_up(self, account: Account, *, since: datetime, at: datetime) -> list[Inbound]:
        return []

    def refresh(self, account: Account, *, at: datetime) -> Tokens:
        raise Refused("This channel has no token.", "no_token")


class LocalDoor(OneWayDoor):
    """A channel without a provider. Subclasses give it its key."""

    key = ""
    capabilities = frozenset({Capability.LOCAL})
    max_text: Mapping[PostKind, int] = {}
    per_minute = 600
    per_minute_all: int | None = None
    written_as = "web"

    def calls(self, post: OutboundPost) -> int:
        return 0

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        raise Refused(NO_WAY_OUT, "local")

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        return None

    def check(self, account: Account, *, at: datetime) -> Health:
        return Health(ok=True)

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        return Window(is_open=False, reason=NO_WAY_OUT)

    def split(self, text: str, kind: PostKind) -> list[str]:
        return [text]
