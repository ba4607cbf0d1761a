"""Who may call: user and Page tokens, the app's own token, and the proof of the secret."""

import hmac
from dataclasses import dataclass

from simulator.calls import Call
from simulator.facebook.errors import GraphError
from simulator.signing import appsecret_proof
from simulator.store import Row, Store

SCOPES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_messaging",
    "pages_manage_metadata",
    "read_insights",
)
LONG_LIVED_MS = 60 * 24 * 3600 * 1000
CODE_LIVES_MS = 10 * 60 * 1000


@dataclass(frozen=True)
class Caller:
    """Whose token came with the call: a Page's, or a person's who runs all Pages."""

    token: str
    holder: str
    page: str


def app_secret(store: Store) -> str:
    return str(store.setting("facebook_app").get("secret", ""))


def sent_token(call: Call) -> str:
    """-> the token from the arguments or the Authorization header."""
    header = call.headers.get("authorization", "")
    kind, _, token = header.partition(" ")
    from_header = token.strip() if kind.lower() in {"bearer", "oauth"} else ""
    return call.text("access_token") or from_header


def recognise(store: Store, call: Call) -> Caller:
    """-> the caller. Raises GraphError 190, 200 or 100 as the token or the proof deserves."""
    token = sent_token(call)
    if not token:
        raise GraphError(190, "An access token is required to request this resource.")
    known = store.row("SELECT * FROM facebook_token WHERE token = ?", token)
    if known is None:
        raise GraphError(190, "Invalid OAuth access token.", subcode=467)
    refuse_dead(known, now_ms=store.now_ms())
    proof = call.text("appsecret_proof")
    if proof and not hmac.compare_digest(proof, appsecret_proof(app_secret(store), token)):
        raise GraphError(100, "Invalid appsecret_proof provided in the API argument")
    return Caller(token=token, holder=known["holder"], page=known["page"])


def refuse_dead(known: Row, *, now_ms: int) -> None:
    """Raise what the Graph API raises for a token that no longer works."""
    if known["kind"] == "expired" or 0 < known["expires_ms"] <= now_ms:
        raise GraphError(190, "Error validating access token: Session has expired.", subcode=463)
    if known["kind"] == "revoked":
        words = "Error validating access token: The user has not authorized application."
        raise GraphError(190, words, subcode=458)
    if known["kind"] == "no_permission":
        raise GraphError(200, "Requires pages_manage_engagement and pages_messaging permission")


def may_act_for(caller: Caller, page: str) -> bool:
    """A Page's token acts for that Page only; a person's token for none but to read."""
    return caller.page == page


def require_page(caller: Caller, page: str) -> None:
    """Raises GraphError 200 when the token is not this Page's."""
    if not may_act_for(caller, page):
        raise GraphError(200, "A page access token of this Page is required")


def add_token(store: Store, *, token: str, page: str, kind: str = "valid") -> None:
    """Make the token known for this Page; a token known before takes the new kind."""
    store.change(
        "INSERT INTO facebook_token (token, holder, page, kind) VALUES (?, 'page', ?, ?) "
        "ON CONFLICT (token) DO UPDATE SET page = excluded.page, kind = excluded.kind",
        token,
        page,
        kind,
    )


def page_token(store: Store, page: str) -> str:
    """-> a token of the Page that works now, made when there is none."""
    found = store.row(
        "SELECT token FROM facebook_token WHERE page = ? AND kind = 'valid' ORDER BY rowid DESC",
        page,
    )
    if found is not None:
        return str(found["token"])
    token = "EAAP" + store.next_secret("facebook_token")
    add_token(store, token=token, page=page)
    return token


def check_token(store: Store, call: Call) -> Row:
    """-> the answer of debug_token about `input_token`; the caller must be the app."""
    app = store.setting("facebook_app")
    if sent_token(call) != f"{app.get('id')}|{app.get('secret')}":
        raise GraphError(100, "You must provide an app access token")
    known = store.row("SELECT * FROM facebook_token WHERE token = ?", call.text("input_token"))
    if known is None:
        return dead_token("Invalid OAuth access token.", subcode=467)
    report: Row = {
        "app_id": app.get("id"),
        "type": known["holder"].upper(),
        "is_valid": True,
        "expires_at": known["expires_ms"] // 1000,
        "data_access_expires_at": 0,
        "scopes": [] if known["kind"] == "no_permission" else list(SCOPES),
    }
    if known["page"]:
        report["profile_id"] = known["page"]
    try:
        refuse_dead(known, now_ms=store.now_ms())
    except GraphError as refusal:
        if refusal.code == 190:
            report |= dead_token(refusal.message, subcode=refusal.subcode)
    return report


def dead_token(message: str, *, subcode: int | None) -> Row:
    error = {"code": 190, "message": message, "subcode": subcode}
    return {"is_valid": False, "error": error, "scopes": []}


def give_user_token(store: Store, call: Call) -> Row:
    """-> a person's token for a one-time code, or a long-lived one for a short one."""
    app = store.setting("facebook_app")
    if (call.text("client_id"), call.text("client_secret")) != (app.get("id"), app.get("secret")):
        raise GraphError(101, "Error validating application. Invalid client id or secret.")
    if call.text("grant_type") == "fb_exchange_token":
        old = store.row(
            "SELECT * FROM facebook_token WHERE token = ?", call.text("fb_exchange_token")
        )
        if old is None:
            raise GraphError(190, "Invalid OAuth access token.", subcode=467)
        refuse_dead(old, now_ms=store.now_ms())
    else:
        use_code(store, call.text("code"))
    token = "EAAU" + store.next_secret("facebook_token")
    store.change(
        "INSERT INTO facebook_token (token, holder, expires_ms) VALUES (?, 'user', ?)",
        token,
        store.now_ms() + LONG_LIVED_MS,
    )
    return {"access_token": token, "token_type": "bearer", "expires_in": LONG_LIVED_MS // 1000}


def give_code(store: Store) -> str:
    """-> a code that can be turned into a person's token once, within ten minutes."""
    code = store.next_secret("facebook_code")
    store.change(
        "INSERT INTO facebook_code (code, expires_ms) VALUES (?, ?)",
        code,
        store.now_ms() + CODE_LIVES_MS,
    )
    return code


def use_code(store: Store, code: str) -> None:
    """Spend the code. Raises GraphError 100 when it is unknown, used or too old."""
    spent = store.change(
        "UPDATE facebook_code SET used = 1 WHERE code = ? AND used = 0 AND expires_ms > ?",
        code,
        store.now_ms(),
    )
    if not spent:
        raise GraphError(100, "This authorization code has been used or has expired.")
