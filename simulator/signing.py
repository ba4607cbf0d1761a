"""How each provider writes and signs what it sends, and proves who is calling it."""

import base64
import hashlib
import hmac
import json
from typing import Any


def facebook_body(content: Any) -> bytes:
    """-> JSON as Meta sends it: non-ASCII as lower-case \\uXXXX, and `/` as `\\/`."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def zalo_body(content: Any) -> bytes:
    """-> JSON as Zalo sends it: compact UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def facebook_signature(app_secret: str, body: bytes) -> str:
    """-> the value of X-Hub-Signature-256 for these exact bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def zalo_signature(*, app_id: str, body: bytes, timestamp: str, oa_secret: str) -> str:
    """-> the value of X-ZEvent-Signature: a plain hash of the joined parts, not an HMAC."""
    joined = app_id.encode() + body + timestamp.encode() + oa_secret.encode()
    return "mac=" + hashlib.sha256(joined).hexdigest()


def appsecret_proof(app_secret: str, access_token: str) -> str:
    """-> the proof both providers accept that the caller holds the app secret."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def pkce_challenge(code_verifier: str) -> str:
    """-> the S256 challenge of a verifier, without padding."""
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
