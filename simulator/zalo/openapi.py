"""The Official Account API: who calls, how often, and what each path does."""

import hmac
from typing import Any

from simulator.calls import Answer, Call, inner_object, json_object
from simulator.signing import appsecret_proof
from simulator.store import Row, Store
from simulator.zalo import articles, chats, groups
from simulator.zalo.errors import (
    BAD_PROOF,
    INVALID_PARAMETER,
    INVALID_TOKEN,
    NOT_FOLLOWER,
    OUTSIDE_WINDOW,
    OVER_LIMIT,
    OVER_RATE,
    REPLACED,
    UNSUPPORTED,
    ZaloError,
    refusal,
    success,
)
from simulator.zalo.history import conversation, recent_chats

CALLS_A_MINUTE = 4000
LONGEST_TEXT = 2000
LARGEST_IMAGE = 1024 * 1024


def answer(store: Store, call: Call) -> Answer:
    """Do what the call asks. -> HTTP 200 with `error`, and the rate headers."""
    limit = int(store.setting("limits").get("zalo_calls_a_minute", CALLS_A_MINUTE))
    used = store.count(
        "SELECT COUNT(*) FROM call WHERE provider = 'zalo' AND at_ms > ?", store.now_ms() - 60_000
    )
    headers = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remain": str(max(limit - used, 0))}
    try:
        if used > limit:
            raise ZaloError(OVER_RATE, "Your application reached limit call api")
        with store.together():
            found = on_path(store, call, oa_of(store, call))
        return Answer(found.content, found.status, headers)
    except ZaloError as error:
        return Answer(refusal(error).content, 200, headers)


def on_path(store: Store, call: Call, oa: str) -> Answer:
    """-> the answer of one path; 404 for a path the API does not have. Raises ZaloError."""
    paths = {
        "POST /v3.0/oa/message/cs": send_consultation,
        "GET /v2.0/oa/getoa": describe_oa,
        "GET /v3.0/oa/user/detail": describe_user,
        "GET /v2.0/oa/conversation": show_conversation,
        "GET /v2.0/oa/listrecentchat": show_recent,
        "POST /v2.0/oa/upload/image": keep_image,
        "POST /v2.0/oa/message": articles.broadcast,
        "POST /v2.0/article/create": articles.create,
        "POST /v2.0/article/verify": articles.verify,
        "POST /v2.0/article/remove": articles.remove,
        "GET /v2.0/article/getdetail": articles.detail,
        "GET /v2.0/article/getslice": articles.get_slice,
        "POST /v3.0/oa/group/message": groups.send,
        "GET /v3.0/oa/group/getgroup": groups.describe,
        "GET /v3.0/oa/group/conversation": groups.conversation,
    }
    act = paths.get(f"{call.method} {call.path}")
    if act is None:
        return Answer({"error": 404, "message": "empty api"}, status=404)
    return success(act(store, call, oa))


def oa_of(store: Store, call: Call) -> str:
    """-> the OA whose token is in the header access_token. Raises ZaloError."""
    token = call.headers.get("access_token", "")
    known = store.row("SELECT * FROM zalo_token WHERE token = ? AND role = 'access'", token)
    if known is None:
        raise ZaloError(INVALID_TOKEN, "Access token is invalid")
    if known["kind"] != "valid" or known["expires_ms"] <= store.now_ms():
        raise ZaloError(REPLACED, "Access token has expired or been removed")
    proof = call.headers.get("appsecret_proof")
    secret = str(store.setting("zalo_app").get("secret", ""))
    if proof is not None and not hmac.compare_digest(proof, appsecret_proof(secret, token)):
        raise ZaloError(BAD_PROOF, "appsecret_proof provided in the API argument is invalid")
    return str(known["oa"])


def send_consultation(store: Store, call: Call, oa: str) -> Row:
    """POST message/cs. -> the message's ids. Raises ZaloError -201, -210, -213, -230 or -233."""
    if not call.sent_json:
        raise ZaloError(UNSUPPORTED, "Message type is invalid or not support")
    person = inner_object(call.args, "recipient").get("user_id")
    if not isinstance(person, str) or not person.isdigit():
        raise ZaloError(INVALID_PARAMETER, "user_id is invalid")
    text, image = read_message(store, call)
    known = chats.acquaintance(store, oa=oa, person=person)
    if known is None:
        raise ZaloError(NOT_FOLLOWER, "User has not followed OA")
    if not chats.is_open(store, known):
        raise ZaloError(OUTSIDE_WINDOW, "User has not interacted with the OA in the past 7 days")
    sent = chats.oa_writes(store, oa=oa, person=person, text=text, image=image)
    return {
        "message_id": sent["id"],
        "user_id": person,
        "sent_time": str(sent["created_ms"]),
    }


def read_message(store: Store, call: Call) -> tuple[str, str]:
    """-> words and picture of a message. Raises ZaloError when it has neither, or too much."""
    message = inner_object(call.args, "message")
    text = message.get("text") or ""
    if not isinstance(text, str):
        raise ZaloError(INVALID_PARAMETER, "text is invalid")
    if len(text) > LONGEST_TEXT:
        raise ZaloError(OVER_LIMIT, "text is over limit")
    attachment = inner_object(message, "attachment")
    if not text and not attachment:
        raise ZaloError(INVALID_PARAMETER, "message is invalid")
    return text, read_image(store, call, attachment) if attachment else ""


def read_image(store: Store, call: Call, attachment: Row) -> str:
    """-> where the picture of a media template is. Raises ZaloError -233 or -201."""
    payload = inner_object(attachment, "payload")
    if attachment.get("type") != "template" or payload.get("template_type") != "media":
        raise ZaloError(UNSUPPORTED, "Message type is invalid or not support")
    elements = payload.get("elements")
    first = elements[0] if isinstance(elements, list) and elements else {}
    if first.get("url"):
        return str(first["url"])
    identifier = str(first.get("attachment_id", ""))
    if store.row("SELECT id FROM attachment WHERE id = ?", identifier) is None:
        raise ZaloError(INVALID_PARAMETER, "attachment_id is invalid")
    return f"http://{call.headers.get('host', '127.0.0.1')}/media/{identifier}"


def describe_oa(store: Store, _call: Call, oa: str) -> Row:
    """GET getoa. -> the OA under the name oaid, not oa_id."""
    found = store.row("SELECT name FROM oa WHERE id = ?", oa) or {"name": ""}
    followers = store.count("SELECT COUNT(*) FROM follower WHERE oa = ? AND following = 1", oa)
    return {
        "oaid": oa,
        "name": found["name"],
        "description": "Tài khoản mẫu của bộ mô phỏng",
        "oa_alias": "",
        "is_verified": True,
        "oa_type": 4,
        "num_follower": followers,
        "package_name": "Gói mẫu",
    }


def describe_user(store: Store, call: Call, oa: str) -> Row:
    """GET user/detail. -> the follower. Raises ZaloError -213 for anybody else."""
    person = str(query_object(call).get("user_id", ""))
    known = chats.acquaintance(store, oa=oa, person=person)
    if known is None or not known["following"]:
        raise ZaloError(NOT_FOLLOWER, "User has not followed OA")
    return {
        "user_id": person,
        "display_name": store.person_name(person),
        "user_alias": "",
        "is_sensitive": False,
        "user_is_follower": True,
        "avatar": "",
        "avatars": {"120": "", "240": ""},
        "tags_and_notes_info": {"notes": [], "tag_names": []},
        "shared_info": {},
    }


def query_object(call: Call) -> Row:
    """-> the JSON written in the query argument `data`."""
    return json_object(call.text("data"))


def stretch(asked: Row) -> tuple[int, int]:
    """-> offset and count. Raises ZaloError -210 for more than ten at a time."""
    offset, count = asked.get("offset", 0), asked.get("count", 10)
    if not (isinstance(offset, int) and isinstance(count, int)) or offset < 0 or count < 1:
        raise ZaloError(INVALID_PARAMETER, "offset or count is invalid")
    if count > 10:
        raise ZaloError(OVER_LIMIT, "count is over limit")
    return offset, count


def show_conversation(store: Store, call: Call, oa: str) -> list[dict[str, Any]]:
    """GET conversation. -> newest first."""
    asked = query_object(call)
    offset, count = stretch(asked)
    person = str(asked.get("user_id", ""))
    return conversation(store, oa=oa, person=person, offset=offset, count=count)


def show_recent(store: Store, call: Call, oa: str) -> list[dict[str, Any]]:
    """GET listrecentchat. -> the last message of every chat, newest first."""
    offset, count = stretch(query_object(call))
    return recent_chats(store, oa=oa, offset=offset, count=count)


def keep_image(store: Store, call: Call, oa: str) -> Row:
    """POST upload/image. -> attachment_id; nothing at all for a filename without extension."""
    sent = call.files.get("file")
    if sent is None or not sent.content:
        raise ZaloError(INVALID_PARAMETER, "file is invalid")
    if "." not in sent.filename:
        return {}
    if len(sent.content) > LARGEST_IMAGE:
        raise ZaloError(OVER_LIMIT, "file size is over limit")
    if sent.filename.rpartition(".")[2].lower() not in {"jpg", "jpeg", "png"}:
        raise ZaloError(INVALID_PARAMETER, "file type is invalid")
    identifier = store.next_secret("attachment", length=48)
    store.change(
        "INSERT INTO attachment (id, oa, content_type, content) VALUES (?, ?, ?, ?)",
        *(identifier, oa, sent.content_type, sent.content),
    )
    return {"attachment_id": identifier}
