"""The connector ``sms``: text messages to the people who asked a unit for them, by SMPP or through a gateway."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import ModuleType

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
    SendResult,
    Window,
)
from caunoi.connectors.local import OneWayDoor
from caunoi.connectors.sms import errors, gateway, inbound, smpp, uncertain
from caunoi.kit import texting
from caunoi.kit.cutting import split_text

DRIVERS: Mapping[str, ModuleType] = {"smpp": smpp, "http": gateway}
MOBILE = re.compile(r"84[35789]\d{8}")


class Sms(OneWayDoor):
    """One message to one number a send; which number is opened by the house only for that send."""

    key = "sms"
    capabilities = frozenset(
        {
            Capability.PUBLISH,
            Capability.OFFICIAL_LIST,
            Capability.LISTED_NUMBERS,
            Capability.RECEIPTS,
            Capability.CATCH_UP,
        }
    )
    max_text: Mapping[PostKind, int] = {PostKind.PUBLICATION: uncertain.MAX_UCS2}
    max_plain: Mapping[PostKind, int] = {PostKind.PUBLICATION: uncertain.MAX_PLAIN}
    per_minute = uncertain.MESSAGES_A_MINUTE
    per_minute_all: int | None = None
    quotas: Mapping[PostKind, Quota] = {
        PostKind.PUBLICATION: Quota(uncertain.MESSAGES_A_DAY, Period.DAY)
    }
    written_as = "sms"
    quiet_hours: tuple[int, int] | None = (uncertain.QUIET_FROM, uncertain.QUIET_UNTIL)

    def verify(self, delivery: RawDelivery, app: AppSecrets) -> bool:
        return inbound.verify(delivery, app)

    def read(self, delivery: RawDelivery) -> list[Inbound]:
        return inbound.read(delivery)

    def calls(self, post: OutboundPost) -> int:
        """A carrier counts parts, not messages."""
        return texting.sms_segments(_words(post))[2]

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        if post.kind != PostKind.PUBLICATION:
            raise errors.ONLY_PUBLICATIONS.error("")
        plain = texting.encoding_of(post.text) == texting.GSM7
        if len(post.text) > (uncertain.MAX_PLAIN if plain else uncertain.MAX_UCS2):
            raise errors.TOO_LONG.error("length")
        if not MOBILE.fullmatch(post.target_ref):
            raise errors.NO_NUMBER.error("")
        return SendResult(_driver(account).send(_words(post), post.target_ref, account, key=key))

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Say that nobody can look: a carrier shows nothing it has no id for."""
        raise errors.NO_LOOKING.error("")

    def catch_up(self, account: Account, *, since: datetime, at: datetime) -> list[Inbound]:
        """Fetch the receipts that wait at the carrier, and who wants no more; a gateway tells by itself (``inbound``)."""
        if _driver(account) is not smpp:
            return []
        return list(smpp.heard(account, at=at))

    def check(self, account: Account, *, at: datetime) -> Health:
        found: Health = _driver(account).check(account)
        return found

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        return Window(is_open=True)

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, uncertain.MAX_UCS2)


def _driver(account: Account) -> ModuleType:
    return DRIVERS[account.settings.get("driver", "smpp")]


def _words(post: OutboundPost) -> str:
    """Return the text with the link behind it."""
    link = post.publication.link if post.publication else ""
    return post.text if not link or link in post.text else f"{post.text} {link}"
