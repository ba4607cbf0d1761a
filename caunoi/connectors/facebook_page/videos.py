"""A video on the Page, sent in parts: begun, carried on from where Facebook has it, and finished. Nobody sees it before the end."""

from dataclasses import replace
from typing import Any

from caunoi.channels.afterwards import Became, Outcome
from caunoi.channels.contract import Account, Refused, SendResult, TryLater, Unclear, Video
from caunoi.connectors.facebook_page import errors, graph, uncertain


def publish(account: Account, video: Video, *, title: str, text: str) -> SendResult:
    """Send the video and let it stand. Raises TryLater and Refused while nobody sees it; Unclear when the last answer is lost."""
    there = _host(account)
    path = f"{account.external_id}/videos"
    begun = _before_the_end(
        there, path, {"upload_phase": "start", "file_size": str(video.size)}, "upload_session_id"
    )
    session, number = str(begun["upload_session_id"]), str(begun.get("video_id") or "")
    _send_parts(there, path, session, video, begun)
    words = {"upload_phase": "finish", "upload_session_id": session, "title": title[:254]}
    graph.form(there, path, words | {"description": text}, wanted="success")
    return SendResult(number, _address(account, number))


def _send_parts(
    account: Account, path: str, session: str, video: Video, told: dict[str, Any]
) -> None:
    """Send what Facebook asks for next until it asks for nothing more."""
    tries = 0
    while (start := errors.number(told.get("start_offset"))) < errors.number(
        told.get("end_offset")
    ):
        size = min(errors.number(told["end_offset"]) - start, uncertain.VIDEO_PART_BYTES)
        words = {
            "upload_phase": "transfer",
            "upload_session_id": session,
            "start_offset": str(start),
        }
        part = (video.name, video.read(start, size), video.media_type)
        try:
            told = graph.form(account, path, words, wanted="start_offset", part=part)
        except (TryLater, Unclear) as error:
            tries += 1
            if tries >= uncertain.VIDEO_TRIES:
                raise errors.VIDEO_CUT.error("") from error
        except graph.Misplaced as error:
            tries += 1
            if tries >= uncertain.VIDEO_TRIES:
                raise errors.VIDEO_CUT.error("") from error
            told = {"start_offset": error.start, "end_offset": error.end or told["end_offset"]}


def _before_the_end(
    account: Account, path: str, words: dict[str, str], wanted: str
) -> dict[str, Any]:
    """Ask for something that leaves nothing to see; a lost answer only costs time."""
    try:
        return graph.form(account, path, words, wanted=wanted)
    except Unclear as error:
        raise errors.NO_READING.error("video") from error


def _host(account: Account) -> Account:
    """Videos have a host of their own."""
    base = account.settings.get("video_base") or account.settings["graph_base"]
    return replace(account, settings={**account.settings, "graph_base": base})


def _address(account: Account, number: str) -> str:
    """Return where the video can be seen; empty while Facebook prepares it."""
    try:
        told = graph.get(account, number, fields="permalink_url")
    except (TryLater, Refused):
        return ""
    address = str(told.get("permalink_url") or "")
    return f"https://www.facebook.com{address}" if address.startswith("/") else address


def outcome(account: Account, number: str) -> Outcome:
    """Return what became of the video. Raises TryLater, Refused, ReconnectNeeded as ``graph.get``."""
    try:
        told = graph.get(account, number, fields="status")
    except Refused as error:
        if error.code != errors.GONE_CODE:
            raise
        return Outcome(Became.FAILED, errors.VIDEO_GONE.sentence)
    state = str((told.get("status") or {}).get("video_status", ""))
    if state in uncertain.VIDEO_LOST:
        return Outcome(Became.FAILED, errors.VIDEO_LOST.sentence)
    return Outcome(Became.SEEN if state in uncertain.VIDEO_READY else Became.WORKING)
