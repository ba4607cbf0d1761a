"""The part of YouTube's API that takes videos: announced, sent in parts, asked about, listed, deleted."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from simulator.calls import Answer, Call, inner_object
from simulator.store import Row, Store

UNIT = 256 * 1024
UPLOADS_A_DAY = 100
DAY_MS = 24 * 3600 * 1000
PLACE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class Refusal(Exception):
    """A no of Google, by its status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def refused(status: int, reason: str) -> Answer:
    row = {"domain": "youtube", "reason": reason, "message": reason}
    return Answer({"error": {"code": status, "message": reason, "errors": [row]}}, status)


def answer(store: Store, call: Call, body: bytes = b"") -> Answer:
    """Do what the call asks. -> Google's answer, refusals included."""
    try:
        with store.together():
            if call.path == "/token":
                return token(store, call)
            if call.path.startswith("/upload-session/"):
                return take_part(store, call, body)
            channel = channel_of(store, call)
            return on_path(store, call, channel)
    except Refusal as no:
        return refused(no.status, no.reason)


def on_path(store: Store, call: Call, channel: Row) -> Answer:
    paths = {
        "POST /upload/youtube/v3/videos": begin,
        "GET /youtube/v3/channels": describe,
        "GET /youtube/v3/playlistItems": list_uploads,
        "GET /youtube/v3/videos": look,
        "DELETE /youtube/v3/videos": remove,
    }
    act = paths.get(f"{call.method} {call.path}")
    if act is None:
        raise Refusal(404, "notFound")
    return act(store, call, channel)


def token(store: Store, call: Call) -> Answer:
    """POST /token: the consent is traded for a token of an hour, and stays the same."""
    if call.text("grant_type") == "authorization_code":
        return first_token(store, call)
    sql = "SELECT * FROM yt_channel WHERE refresh_token = ? AND revoked = 0"
    found = store.row(sql, call.text("refresh_token"))
    if call.text("grant_type") != "refresh_token" or found is None:
        return Answer({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
    given = store.next_secret("yt_token")
    store.change("UPDATE yt_channel SET token = ? WHERE id = ?", given, found["id"])
    return Answer({"access_token": given, "expires_in": 3599, "token_type": "Bearer"})


def wrong_consent(asked: dict[str, str]) -> str:
    """-> why Google would not show its page, empty when it would."""
    if asked.get("response_type") != "code" or "youtube.upload" not in asked.get("scope", ""):
        return "response_type, scope"
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        return "code_challenge"
    return ""


def give_code(store: Store, *, channel: str, asked: dict[str, str]) -> str:
    """The owner agreed. -> a code that works once; without offline and prompt it gives no lasting consent."""
    lasting = asked.get("access_type") == "offline" and asked.get("prompt") == "consent"
    code = store.next_secret("yt_code")
    kept = {
        "channel": channel,
        "challenge": asked["code_challenge"],
        "to": asked["redirect_uri"],
        "lasting": lasting,
    }
    store.set_setting(f"yt_code:{code}", kept)
    return code


def first_token(store: Store, call: Call) -> Answer:
    """POST /token with a code: once, with its verifier and the address it led back to."""
    name = f"yt_code:{call.text('code')}"
    found = store.setting(name)
    digest = hashlib.sha256(call.text("code_verifier").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    right = found and (found["challenge"], found["to"]) == (challenge, call.text("redirect_uri"))
    if not right:
        return Answer({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
    store.set_setting(name, {})
    given, kept = store.next_secret("yt_token"), store.next_secret("yt_consent")
    store.change(
        "UPDATE yt_channel SET token = ?, refresh_token = ?, revoked = 0 WHERE id = ?",
        *(given, kept, found["channel"]),
    )
    said = {"access_token": given, "expires_in": 3599, "token_type": "Bearer"}
    return Answer(said | ({"refresh_token": kept} if found["lasting"] else {}))


def channel_of(store: Store, call: Call) -> Row:
    given = call.headers.get("authorization", "").removeprefix("Bearer ")
    found = store.row("SELECT * FROM yt_channel WHERE token = ? AND revoked = 0", given)
    if not given or found is None:
        raise Refusal(401, "authError")
    return found


def begin(store: Store, call: Call, channel: Row) -> Answer:
    """POST /upload/youtube/v3/videos?uploadType=resumable. -> where the parts go."""
    allowed = int(store.setting("limits").get("youtube_uploads_a_day", UPLOADS_A_DAY))
    since = store.now_ms() - DAY_MS
    if store.count("SELECT COUNT(*) FROM yt_session WHERE created_ms > ?", since) >= allowed:
        raise Refusal(403, "quotaExceeded")
    about = inner_object(call.args, "snippet")
    title, text = str(about.get("title", "")), str(about.get("description", ""))
    if not title or len(title) > 100 or "<" in title or ">" in title:
        raise Refusal(400, "invalidTitle")
    if len(text.encode()) > 5000 or "<" in text or ">" in text:
        raise Refusal(400, "invalidDescription")
    size = int(call.headers.get("x-upload-content-length", "0"))
    session = store.next_secret("yt_session")
    store.change(
        "INSERT INTO yt_session (id, channel, size, body, about, created_ms) "
        "VALUES (?, ?, ?, x'', ?, ?)",
        *(session, channel["id"], size, json.dumps(about), store.now_ms()),
    )
    address = f"http://{call.headers.get('host', '127.0.0.1')}/upload-session/{session}"
    return Answer({}, 200, {"Location": address})


def take_part(store: Store, call: Call, body: bytes) -> Answer:
    """PUT a part, or ask with `bytes */N` how much is there. -> 308, or the video when it is whole."""
    number = call.path.rpartition("/")[2]
    session = store.row("SELECT * FROM yt_session WHERE id = ?", number)
    if session is None or call.method != "PUT":
        raise Refusal(404, "notFound")
    if session["video"]:
        return Answer(resource(store, session["video"]), 201)
    there = bytes(session["body"])
    place = PLACE.fullmatch(call.headers.get("content-range", ""))
    if place is not None:
        first, last, size = (int(word) for word in place.groups())
        whole = last + 1 == size
        if first > len(there) or last - first + 1 != len(body) or size != session["size"]:
            raise Refusal(400, "invalidValue")
        if not whole and len(body) % UNIT:
            raise Refusal(400, "invalidChunkSize")
        there = there[:first] + body
        store.change("UPDATE yt_session SET body = ? WHERE id = ?", there, number)
        if whole:
            return Answer(keep(store, session, there), 201)
    ranged = {"Range": f"bytes=0-{len(there) - 1}"} if there else {}
    return Answer("", 308, ranged)


def keep(store: Store, session: Row, body: bytes) -> Row:
    """The video stands on the channel. -> its resource"""
    about = json.loads(session["about"])
    video = store.next_secret("yt_video", length=11)
    store.change(
        "INSERT INTO yt_video (number, id, channel, title, description, size, sha256, created_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(store.next_number("yt_video_number"), video, session["channel"], about["title"]),
        *(about.get("description", ""), len(body), hashlib.sha256(body).hexdigest()),
        store.now_ms(),
    )
    sql = "UPDATE yt_session SET video = ?, body = x'' WHERE id = ?"
    store.change(sql, video, session["id"])
    return resource(store, video)


def resource(store: Store, video: str) -> Row:
    found = store.row("SELECT * FROM yt_video WHERE id = ?", video) or {}
    status = {"uploadStatus": "processed", "privacyStatus": "public"}
    status |= store.setting("limits").get("youtube_status") or {}
    snippet = {"title": found.get("title"), "channelId": found.get("channel")}
    return {"kind": "youtube#video", "id": video, "status": status, "snippet": snippet}


def describe(store: Store, call: Call, channel: Row) -> Answer:
    """GET channels?mine=true."""
    lists = {"relatedPlaylists": {"uploads": "UU" + channel["id"][2:]}}
    return Answer({"items": [{"id": channel["id"], "contentDetails": lists}]})


def list_uploads(store: Store, call: Call, channel: Row) -> Answer:
    """GET playlistItems?playlistId=UU…. -> newest first."""
    if call.text("playlistId") != "UU" + channel["id"][2:]:
        raise Refusal(404, "playlistNotFound")
    rows = [v for v in all_videos(store, channel["id"]) if not v["removed"]][::-1]
    return Answer({"items": [view(row) for row in rows[:50]]})


def view(row: Row) -> dict[str, Any]:
    at = datetime.fromtimestamp(row["created_ms"] / 1000, UTC)
    return {
        "snippet": {
            "title": row["title"],
            "description": row["description"],
            "publishedAt": at.isoformat().replace("+00:00", "Z"),
            "resourceId": {"kind": "youtube#video", "videoId": row["id"]},
        }
    }


def look(store: Store, call: Call, channel: Row) -> Answer:
    """GET videos?id=."""
    sql = "SELECT id FROM yt_video WHERE id = ? AND removed = 0"
    found = store.row(sql, call.text("id"))
    return Answer({"items": [resource(store, found["id"])] if found else []})


def remove(store: Store, call: Call, channel: Row) -> Answer:
    """DELETE videos?id=."""
    sql = "UPDATE yt_video SET removed = 1 WHERE id = ? AND channel = ? AND removed = 0"
    if not store.change(sql, call.text("id"), channel["id"]):
        raise Refusal(404, "videoNotFound")
    return Answer("", 204)


def all_videos(store: Store, channel: str = "") -> list[Row]:
    """-> every video ever, oldest first, removed ones marked."""
    sql = "SELECT * FROM yt_video WHERE ? = '' OR channel = ? ORDER BY number"
    return store.rows(sql, channel, channel)
