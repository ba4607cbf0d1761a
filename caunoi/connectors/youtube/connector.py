"""The connector ``youtube``: videos of notices on a channel."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from caunoi.channels.afterwards import Became, Outcome
from caunoi.channels.contract import (
    Account,
    AppSecrets,
    Capability,
    Health,
    OutboundPost,
    Period,
    PostKind,
    Publication,
    Quota,
    Refused,
    SendResult,
    Tokens,
    Window,
)
from caunoi.connectors.local import OneWayDoor
from caunoi.connectors.youtube import calls, errors, uncertain, upload
from caunoi.kit.cutting import split_text
from caunoi.kit.text import fold

CLOCKS_DIFFER = timedelta(minutes=2)
NOTHING_BESIDE = Publication(title="", link="")


class YouTube(OneWayDoor):
    """A video with title, description and link; what people comment there is not read."""

    key = "youtube"
    capabilities = frozenset(
        {
            Capability.PUBLISH,
            Capability.PUBLISH_VIDEO,
            Capability.VIDEO_ONLY,
            Capability.READ_BACK,
            Capability.DELETE_POST,
            Capability.OUTCOME,
        }
    )
    max_text: Mapping[PostKind, int] = {PostKind.PUBLICATION: uncertain.MAX_TEXT}
    per_minute = uncertain.CALLS_PER_MINUTE
    per_minute_all: int | None = uncertain.CALLS_PER_MINUTE_ALL
    quotas: Mapping[PostKind, Quota] = {
        PostKind.PUBLICATION: Quota(uncertain.UPLOADS_A_DAY, Period.DAY)
    }
    written_as = "facebook"

    def calls(self, post: OutboundPost) -> int:
        video = post.publication.video if post.publication else None
        return 3 + (-(-video.size // uncertain.PART_BYTES) if video else 0)

    def send(self, post: OutboundPost, account: Account, *, key: str, at: datetime) -> SendResult:
        if post.kind == PostKind.DELETE_POST:
            return _take_away(account, post.target_ref, at=at)
        if post.kind != PostKind.PUBLICATION:
            raise errors.ONLY_PUBLICATIONS.error("")
        if post.publication is None or post.publication.video is None:
            raise errors.NO_VIDEO.error("")
        if len(post.text) > uncertain.MAX_TEXT:
            raise errors.TOO_LONG.error("length")
        token = calls.access(account, at=at)
        number = upload.send(account, post.publication.video, _about(post), token=token, at=at)
        return SendResult(number, uncertain.WATCH + number)

    def find_sent(
        self, post: OutboundPost, account: Account, *, key: str, since: datetime
    ) -> SendResult | None:
        """Look among the newest videos of the channel for this title and description."""
        token = calls.access(account, at=since)
        if post.kind == PostKind.DELETE_POST:
            return _is_gone(account, post.target_ref, token=token, at=since)
        about = _about(post)["snippet"]
        for row in _newest(account, token=token, at=since):
            shown = row.get("snippet") or {}
            if _moment(shown) < since - CLOCKS_DIFFER:
                return None
            same_title = fold(str(shown.get("title", ""))) == fold(about["title"])
            if same_title and fold(str(shown.get("description", ""))) == fold(about["description"]):
                number = str((shown.get("resourceId") or {}).get("videoId", ""))
                return SendResult(number, uncertain.WATCH + number)
        return None

    def outcome(self, account: Account, post_ref: str, *, at: datetime) -> Outcome:
        """Ask whether the video was worked on to its end, and whether everybody sees it."""
        token = calls.access(account, at=at)
        told = calls.get(account, "videos", token=token, at=at, part="status", id=post_ref)
        items = told.get("items") or []
        if not items:
            return Outcome(Became.FAILED, errors.GONE.sentence)
        status = items[0].get("status") or {}
        state = str(status.get("uploadStatus", ""))
        if state in uncertain.LOST:
            why = str(status.get("rejectionReason") or status.get("failureReason") or state)
            return Outcome(Became.FAILED, errors.LOST.get(why, errors.NOT_SHOWN).sentence)
        if state != uncertain.PROCESSED:
            return Outcome(Became.WORKING)
        if status.get("privacyStatus") != uncertain.PRIVACY:
            return Outcome(Became.HIDDEN, errors.PRIVATE.sentence)
        return Outcome(Became.SEEN)

    def check(self, account: Account, *, at: datetime) -> Health:
        """Ask whether the consent holds and whose channel it is."""
        try:
            token = calls.access(account, at=at)
            mine = calls.own_channels(account, token=token, at=at)
        except Refused as error:
            return Health(ok=False, reason=error.reason)
        if account.external_id not in mine:
            return Health(ok=False, reason=errors.NO_CHANNEL.sentence)
        return Health(ok=True)

    def consent(
        self, *, app: AppSecrets, settings: Mapping[str, str], return_to: str
    ) -> tuple[str, str, str]:
        """Return (address to open, state, verifier): the channel's owner agrees there, for as long as she does not take it back."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        asked = {
            "client_id": app.app_id,
            "redirect_uri": return_to,
            "response_type": "code",
            "scope": uncertain.SCOPE,
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": calls.challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        address = f"{settings['consent_base']}{uncertain.PATHS['consent']}?{urlencode(asked)}"
        return address, state, verifier

    def trade_code(
        self, account: Account, *, code: str, verifier: str, return_to: str, at: datetime
    ) -> Tokens:
        """Trade the code of the consent page for the consent itself, once it is seen to be this channel's.

        Raises TryLater, Refused (another channel's, or one without end was not given), ReconnectNeeded
        """
        told = calls.trade(
            account, at=at, code=code, code_verifier=verifier, redirect_uri=return_to
        )
        kept = str(told.get("refresh_token") or "")
        if not kept:
            raise errors.NO_CONSENT.error("")
        token = {"Authorization": f"Bearer {told.get('access_token', '')}"}
        if account.external_id not in calls.own_channels(account, token=token, at=at):
            raise errors.OTHER_CHANNEL.error("")
        return Tokens(access_token="", refresh_token=kept, expires_at=None)

    def window(self, post: OutboundPost, *, at: datetime) -> Window:
        return Window(is_open=True)

    def split(self, text: str, kind: PostKind) -> list[str]:
        return split_text(text, uncertain.MAX_TEXT)


def _about(post: OutboundPost) -> dict[str, Any]:
    """Return title, description and state as YouTube wants them; it takes no angle brackets."""
    beside = post.publication or NOTHING_BESIDE
    title = " ".join((beside.title or post.text.split("\n")[0]).split())[: uncertain.MAX_TITLE]
    text = post.text if not beside.link or beside.link in post.text else f"{post.text}\n\n{beside.link}"  # fmt: skip
    snippet = {
        "title": _plain(title) or "Thông báo",
        "description": _plain(text),
        "categoryId": uncertain.CATEGORY,
        "defaultLanguage": beside.language,
    }
    status = {"privacyStatus": uncertain.PRIVACY, "selfDeclaredMadeForKids": False}
    return {"snippet": snippet, "status": status}


def _plain(text: str) -> str:
    return text.replace("<", "‹").replace(">", "›").replace("\x00", "")


def _newest(account: Account, *, token: dict[str, str], at: datetime) -> Iterator[dict[str, Any]]:
    """Yield the channel's videos, newest first. Raises TryLater when there are too many of them."""
    told = calls.get(account, "channels", token=token, at=at, part="contentDetails", mine="true")
    items = told.get("items") or [{}]
    lists = (items[0].get("contentDetails") or {}).get("relatedPlaylists") or {}
    asked = {"playlistId": str(lists.get("uploads", "")), "part": "snippet"}
    asked["maxResults"] = str(uncertain.LIST_COUNT)
    for _page in range(uncertain.LIST_PAGES):
        page = calls.get(account, "uploads", token=token, at=at, **asked)
        yield from (row for row in page.get("items") or [] if isinstance(row, dict))
        if not page.get("nextPageToken"):
            return
        asked["pageToken"] = str(page["nextPageToken"])
    raise errors.TOO_MUCH.error("")


def _take_away(account: Account, number: str, *, at: datetime) -> SendResult:
    """Delete our video; one that is gone already is as good."""
    token = calls.access(account, at=at)
    if _is_gone(account, number, token=token, at=at) is None:
        calls.delete(account, number, token=token, at=at)
    return SendResult(f"deleted:{number}")


def _is_gone(
    account: Account, number: str, *, token: dict[str, str], at: datetime
) -> SendResult | None:
    told = calls.get(account, "videos", token=token, at=at, part="id", id=number)
    return None if told.get("items") else SendResult(f"deleted:{number}")


def _moment(shown: dict[str, Any]) -> datetime:
    try:
        found = datetime.fromisoformat(str(shown.get("publishedAt", "")).replace("Z", "+00:00"))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
