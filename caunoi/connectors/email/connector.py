"""The connector ``email``: the unit's own list of addresses, as one address at a mail server."""

from collections.abc import Mapping
from datetime import datetime

from caunoi.channels.contract import (
    Account,
    Capability,
    Health,
    OutboundPost,
    PostKind,
    Refused,
    SendResult,
    Window,
)
from caunoi.connectors.email import errors, mailing, uncertain
from caunoi.connectors.local import OneWayDoor
from caunoi.kit.cutting import split_text


class Email(OneWayDoor):
    """Publications by e-mail; nothing is read."""

    key = "email"
    capabilities = frozenset(
        {
            Capability.PUBLISH,
            Capability.PUBLISH_PICTURES,
            Capability.PUBLISH_FILES,
            Capability.OFFICIAL_LIST,
        }
    )
    max_text: Mapping[PostKind, int] = {PostKind.PUBLICATION: uncertain.MAX_TEXT}
    per_minute = uncertain.LETTERS_PER_MINUTE
    per_minute_all: int | None = uncertain.LETTERS_PER_MINUTE_ALL
    written_as = "email"

    def calls(self, post: OutboundPost) -> int:
        return 1

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        if post.kind != PostKind.PUBLICATION:
            raise errors.ONLY_PUBLICATIONS.error("")
        if len(post.text) > uncertain.MAX_TEXT:
            raise errors.TOO_LONG.error("length")
        return SendResult(mailing.send(post, account, key=key))

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Say that nobody can look: what a mail server took is out of sight."""
        raise errors.NO_LOOKING.error("")

    def check(self, account: Account, *, at: datetime) -> Health:
        """Ask the mail server whether it lets us in."""
        try:
            mailing.knock()
        except Refused as error:
            return Health(ok=False, reason=error.reason)
        return Health(ok=True)

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        return Window(is_open=True)

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, uncertain.MAX_TEXT)
