"""The connector ``zalo_group``: groups that an Official Account owns. It speaks with the account's tokens."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from caunoi.channels.contract import (
    Account,
    Capability,
    Health,
    OutboundPost,
    Period,
    PostKind,
    Publication,
    Quota,
    Refused,
    SendResult,
    Window,
)
from caunoi.connectors.local import OneWayDoor
from caunoi.connectors.zalo_group import errors, uncertain
from caunoi.connectors.zalo_oa import calls
from caunoi.connectors.zalo_oa.errors import number
from caunoi.kit.cutting import split_text
from caunoi.kit.text import fold

CLOCKS_DIFFER = timedelta(minutes=2)
NOTHING_BESIDE = Publication(title="", link="")
MAX_TEXT = uncertain.MAX_MESSAGE - uncertain.LINK_ROOM


class ZaloGroup(OneWayDoor):
    """Text with a link and one picture into a group of an account; what members say there is not read."""

    key = "zalo_group"
    capabilities = frozenset(
        {Capability.PUBLISH, Capability.PUBLISH_PICTURES, Capability.READ_BACK}
    )
    max_text: Mapping[PostKind, int] = {PostKind.PUBLICATION: MAX_TEXT}
    per_minute = uncertain.CALLS_PER_MINUTE
    per_minute_all: int | None = None
    quotas: Mapping[PostKind, Quota] = {
        PostKind.PUBLICATION: Quota(uncertain.MESSAGES_A_DAY, Period.DAY)
    }
    written_as = "zalo"
    uses_tokens_of = "zalo_oa"

    def calls(self, post: OutboundPost) -> int:
        return 1

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        """Write into the group: the words with the link, the first picture above them."""
        if post.kind != PostKind.PUBLICATION:
            raise errors.ONLY_PUBLICATIONS.error("")
        if len(post.text) > MAX_TEXT:
            raise errors.TOO_LONG.error("length")
        message: dict[str, Any] = {"text": _words(post)}
        shown = [p for p in (post.publication or NOTHING_BESIDE).pictures if p.url]
        if shown:
            payload = {
                "template_type": "media",
                "elements": [{"media_type": "image", "url": shown[0].url}],
            }
            message["attachment"] = {"type": "template", "payload": payload}
        body = {"recipient": {"group_id": _group(account)}, "message": message}
        return SendResult(calls.send(account, uncertain.PATHS["send"], body))

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Look for our own words in the group since then."""
        wanted = fold(_words(post))
        for row in _said(account):
            if _moment(row) < since - CLOCKS_DIFFER:
                return None
            if number(row.get("src") or 0) == 0 and fold(str(row.get("message", ""))) == wanted:
                return SendResult(str(row["message_id"]))
        return None

    def check(self, account: Account, *, at: datetime) -> Health:
        """Ask for the group itself."""
        try:
            calls.get(account, uncertain.PATHS["look"], plain={"group_id": _group(account)})
        except Refused as error:
            return Health(ok=False, reason=error.reason)
        return Health(ok=True)

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        return Window(is_open=True)

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, MAX_TEXT)


def _group(account: Account) -> str:
    """Return the group's own number, behind that of its account."""
    return account.external_id.partition("/")[2]


def _words(post: OutboundPost) -> str:
    link = (post.publication or NOTHING_BESIDE).link
    return post.text if not link or link in post.text else f"{post.text}\n\n{link}"


def _said(account: Account) -> Iterator[dict[str, Any]]:
    """Yield what was said in the group, newest first. Raises TryLater when there is too much of it."""
    count = uncertain.READ_COUNT
    for page in range(uncertain.READ_PAGES):
        asked = {"group_id": _group(account), "offset": page * count, "count": count}
        told = calls.get(account, uncertain.PATHS["read"], asked).get("data") or []
        rows = told.get("data") or [] if isinstance(told, dict) else told
        yield from (row for row in rows if isinstance(row, dict))
        if len(rows) < count:
            return
    raise errors.TOO_MUCH.error("")


def _moment(row: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(number(row.get("time") or 0) / 1000, UTC)
