"""Zalo OAuth v4 for Official Accounts: codes used once, refresh tokens used once."""

from simulator.calls import Answer, Call
from simulator.signing import pkce_challenge
from simulator.store import Row, Store

ACCESS_SECONDS = 90_000
REFRESH_MS = 90 * 24 * 3600 * 1000
CODE_LIVES_MS = 10 * 60 * 1000
BAD_SECRET, BAD_CODE, BAD_VERIFIER, BAD_REFRESH, BAD_REQUEST = (
    -14004,
    -14003,
    -14012,
    -14014,
    -14002,
)


class OAuthRefused(Exception):
    """A refusal of the token endpoint, by its number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def give_code(store: Store, *, oa: str, challenge: str) -> str:
    """The OA's admin agreed. -> a code that works once within ten minutes."""
    code = store.next_secret("zalo_code")
    store.change(
        "INSERT INTO zalo_code (code, oa, challenge, expires_ms) VALUES (?, ?, ?, ?)",
        *(code, oa, challenge, store.now_ms() + CODE_LIVES_MS),
    )
    return code


def access_token(store: Store, call: Call) -> Answer:
    """POST /v4/oa/access_token. -> new tokens, or a refusal with HTTP 200."""
    try:
        with store.together():
            require_app(store, call)
            if call.text("grant_type") == "authorization_code":
                oa = use_code(store, call)
            elif call.text("grant_type") == "refresh_token":
                oa = use_refresh_token(store, call.text("refresh_token"))
            else:
                raise OAuthRefused(BAD_REQUEST, "Invalid grant type")
            return Answer(new_tokens(store, oa))
    except OAuthRefused as refusal:
        note_failed_refresh(store, call)
        return refusal_answer(refusal)


def refusal_answer(refusal: OAuthRefused) -> Answer:
    return Answer(
        {
            "error_name": refusal.message,
            "error_reason": refusal.message,
            "ref_doc": "https://developers.zalo.me/docs/",
            "error_description": refusal.message,
            "error": refusal.code,
        }
    )


def require_app(store: Store, call: Call) -> None:
    """Raises OAuthRefused unless app_id and the secret_key header are the app's."""
    app = store.setting("zalo_app")
    if call.text("app_id") != app.get("id"):
        raise OAuthRefused(BAD_REQUEST, "Invalid app id")
    if call.headers.get("secret_key") != app.get("secret"):
        raise OAuthRefused(BAD_SECRET, "Invalid secret key")


def use_code(store: Store, call: Call) -> str:
    """Spend the code. -> its OA. Raises OAuthRefused for a used code or a wrong verifier."""
    found = store.row("SELECT * FROM zalo_code WHERE code = ?", call.text("code"))
    if found is None or found["used"] or found["expires_ms"] <= store.now_ms():
        raise OAuthRefused(BAD_CODE, "Invalid authorization code")
    if pkce_challenge(call.text("code_verifier")) != found["challenge"]:
        raise OAuthRefused(BAD_VERIFIER, "Invalid code verifier")
    store.change("UPDATE zalo_code SET used = 1 WHERE code = ?", found["code"])
    return str(found["oa"])


def use_refresh_token(store: Store, token: str) -> str:
    """Spend the refresh token. -> its OA. Raises OAuthRefused when it is unknown or spent."""
    found = store.row("SELECT * FROM zalo_token WHERE token = ? AND role = 'refresh'", token)
    if found is None or found["kind"] != "valid" or found["expires_ms"] <= store.now_ms():
        raise OAuthRefused(BAD_REFRESH, "Invalid refresh token")
    note_refresh(store, oa=found["oa"], outcome="rotated")
    return str(found["oa"])


def new_tokens(store: Store, oa: str) -> Row:
    """Kill the OA's old tokens and make new ones. -> them; expires_in is a string."""
    store.change("UPDATE zalo_token SET kind = 'replaced' WHERE oa = ? AND kind = 'valid'", oa)
    access = "ZA" + store.next_secret("zalo_access", length=60)
    refresh = "ZR" + store.next_secret("zalo_refresh", length=60)
    add_tokens(store, oa=oa, access_token=access, refresh_token=refresh)
    return {
        "access_token": access,
        "refresh_token": refresh,
        "expires_in": str(ACCESS_SECONDS),
    }


def add_tokens(store: Store, *, oa: str, access_token: str, refresh_token: str) -> None:
    """Make the given tokens the OA's; an empty one is left out."""
    lifetimes = (
        (access_token, "access", ACCESS_SECONDS * 1000),
        (refresh_token, "refresh", REFRESH_MS),
    )
    for token, role, lives_ms in lifetimes:
        if token:
            store.change(
                "INSERT OR REPLACE INTO zalo_token (token, oa, role, expires_ms) "
                "VALUES (?, ?, ?, ?)",
                *(token, oa, role, store.now_ms() + lives_ms),
            )


def note_refresh(store: Store, *, oa: str, outcome: str) -> None:
    store.change(
        "INSERT INTO zalo_refresh (oa, at_ms, outcome) VALUES (?, ?, ?)",
        *(oa, store.now_ms(), outcome),
    )


def note_failed_refresh(store: Store, call: Call) -> None:
    """Keep that somebody tried a refresh token that no longer works."""
    token = call.text("refresh_token")
    found = store.row("SELECT oa FROM zalo_token WHERE token = ?", token) if token else None
    if found is not None:
        note_refresh(store, oa=found["oa"], outcome="refused")


def token_report(store: Store, oa: str) -> Row:
    """-> the tokens that work now, and how often they were refreshed or refused."""
    report: Row = {"oa": oa, "access_token": None, "refresh_token": None}
    for found in store.rows("SELECT * FROM zalo_token WHERE oa = ? AND kind = 'valid'", oa):
        report[f"{found['role']}_token"] = found["token"]
    for outcome in ("rotated", "refused"):
        report[outcome] = store.count(
            "SELECT COUNT(*) FROM zalo_refresh WHERE oa = ? AND outcome = ?", oa, outcome
        )
    return report
