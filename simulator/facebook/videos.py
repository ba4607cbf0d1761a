"""Videos of a Page, sent in parts: start, transfer, finish."""

from simulator.calls import Call
from simulator.facebook import posts
from simulator.facebook.errors import GraphError
from simulator.facebook.fields import asked_fields, only_fields
from simulator.facebook.tokens import Caller, require_page
from simulator.store import Row, Store

PART = 1024 * 1024


def upload(store: Store, call: Call, caller: Caller, page: str) -> Row:
    """POST /{page}/videos with `upload_phase`. Raises GraphError 100 for anything else."""
    require_page(caller, page)
    phase = call.text("upload_phase")
    if phase == "start":
        return start(store, call, page)
    session = store.row(
        "SELECT * FROM fb_upload WHERE id = ? AND page = ?", call.text("upload_session_id"), page
    )
    if session is None or phase not in {"transfer", "finish"}:
        raise GraphError(100, "Invalid upload phase or session")
    return transfer(store, call, session) if phase == "transfer" else finish(store, call, session)


def start(store: Store, call: Call, page: str) -> Row:
    size = int(call.text("file_size") or 0)
    if size <= 0:
        raise GraphError(100, "file_size is required")
    session = store.next_secret("fb_upload", length=20)
    video = str(store.next_number("facebook_object", first=posts.FIRST_POST_NUMBER))
    store.change(
        "INSERT INTO fb_upload (id, page, video, size, body) VALUES (?, ?, ?, ?, x'')",
        *(session, page, video, size),
    )
    return {"upload_session_id": session, "video_id": video} | wanted(0, size)


def wanted(begin: int, size: int) -> Row:
    """-> which part comes next; nothing more when both are equal."""
    return {"start_offset": str(begin), "end_offset": str(min(begin + PART, size))}


def transfer(store: Store, call: Call, session: Row) -> Row:
    there, sent = bytes(session["body"]), call.files.get("video_file_chunk")
    begin = int(call.text("start_offset") or -1)
    if sent is None or begin != len(there):
        misplaced = GraphError(1363037, "Start offset is wrong", subcode=1363037)
        misplaced.data = wanted(len(there), session["size"])
        raise misplaced
    there += sent.content
    store.change("UPDATE fb_upload SET body = ? WHERE id = ?", there, session["id"])
    return wanted(len(there), session["size"])


def finish(store: Store, call: Call, session: Row) -> Row:
    if len(session["body"]) != session["size"]:
        raise GraphError(100, "The video is not whole")
    post = posts.write_post(store, page=session["page"], message=call.text("description"))
    store.change(
        "UPDATE fb_upload SET post = ?, title = ? WHERE id = ?",
        *(post["id"], call.text("title"), session["id"]),
    )
    return {"success": True}


def find(store: Store, video: str) -> Row | None:
    """-> the finished video with this number."""
    return store.row("SELECT * FROM fb_upload WHERE video = ? AND post <> ''", video)


def view(video: Row) -> Row:
    return {"id": video["video"], "permalink_url": f"/{video['page']}/videos/{video['video']}/"}


def show(store: Store, call: Call, caller: Caller, video: Row) -> Row:
    """-> the video by its number; DELETE takes it away."""
    if call.method == "DELETE":
        return remove(store, caller, video)
    state = store.setting("limits").get("facebook_video_status", "ready")
    shown = view(video) | {"status": {"video_status": state}}
    return only_fields(shown, asked_fields(call, default="id"))


def remove(store: Store, caller: Caller, video: Row) -> Row:
    """DELETE /{video}: its post goes with it."""
    require_page(caller, video["page"])
    post = posts.find_post(store, video["post"])
    store.change("UPDATE post SET removed = 1 WHERE id = ?", post["id"])
    store.change("DELETE FROM fb_upload WHERE id = ?", video["id"])
    return {"success": True}


def all_videos(store: Store) -> list[Row]:
    """-> finished videos: page, title, size, post."""
    sql = "SELECT page, video, title, size, post FROM fb_upload WHERE post <> '' ORDER BY video"
    return store.rows(sql)
