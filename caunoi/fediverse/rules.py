"""Signing strings, addresses, and what is said, as values: pure."""

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from caunoi.fediverse.terms import (
    CONTEXT,
    EVERYBODY,
    FRESH,
    LONGEST_ADDRESS,
    SECURITY,
    SIGNED,
    Kind,
    NotSigned,
    Remote,
    Signature,
)

_PART = re.compile(r'(\w+)="([^"]*)"')
POST_NAMES = ("(request-target)", "host", "date", "digest", "content-type")
GET_NAMES = ("(request-target)", "host", "date")


def digest_of(body: bytes) -> str:
    """Return the ``Digest`` header of a body (RFC 3230, SHA-256)."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def signing_string(
    method: str, target: str, headers: Mapping[str, str], names: Sequence[str]
) -> str:
    """Return what is signed, line by line. Raises NotSigned when a named header is missing.

    headers  lower-case names
    """
    lines = []
    for name in names:
        if name == "(request-target)":
            lines.append(f"(request-target): {method.lower()} {target}")
        elif name in headers:
            lines.append(f"{name}: {headers[name].strip()}")
        else:
            raise NotSigned("The signature names a header that did not come.")
    return "\n".join(lines)


def signature_of(header: str) -> Signature:
    """Take a ``Signature`` header apart. Raises NotSigned."""
    parts = dict(_PART.findall(header))
    try:
        raw = base64.b64decode(parts["signature"], validate=True)
        names = tuple(parts.get("headers", "date").lower().split())
        found = Signature(parts["keyId"], names, raw)
    except (KeyError, binascii.Error) as error:
        raise NotSigned("The signature cannot be read.") from error
    if parts.get("algorithm", "hs2019") not in {"rsa-sha256", "hs2019"}:
        raise NotSigned("The signature is of a kind we do not know.")
    return found


def check_covers(
    signature: Signature, headers: Mapping[str, str], body: bytes, *, at: datetime
) -> None:
    """Raise NotSigned unless the signature covers what it must, the body is what was signed, and the date is near ``at``."""
    if not set(SIGNED) <= set(signature.names):
        raise NotSigned("The signature does not cover enough.")
    # a sender may give several digests; ours is among them or it is not believed
    if digest_of(body) not in [d.strip() for d in headers.get("digest", "").split(",")]:
        raise NotSigned("The body is not what was signed.")
    try:
        sent = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError) as error:
        raise NotSigned("The date cannot be read.") from error
    aware = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    if abs(aware - at) > FRESH:
        raise NotSigned("The date is too far away.")


def http_date(at: datetime) -> str:
    """Return the moment as HTTP writes it."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def signature_header(*, key_id: str, names: Sequence[str], raw: bytes) -> str:
    """Return a ``Signature`` header."""
    covered, word = " ".join(names), base64.b64encode(raw).decode()
    return f'keyId="{key_id}",algorithm="rsa-sha256",headers="{covered}",signature="{word}"'


def is_callable(address: str, *, loopback: bool) -> bool:
    """True when we would call the address: https at its usual port; ``loopback`` also lets this machine be one (demo, tests)."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not host or len(address) > LONGEST_ADDRESS:
        return False
    if loopback and host == "127.0.0.1" and parts.scheme == "http":
        return True
    return parts.scheme == "https" and port in (None, 443)


def same_house(one: str, other: str) -> bool:
    """True when two addresses are of one server."""
    return urlsplit(one).netloc.lower() == urlsplit(other).netloc.lower()


def without_fragment(address: str) -> str:
    """Return the address of the document a key stands in."""
    return address.partition("#")[0]


def id_of(thing: object) -> str:
    """Return the id of what is given as an id or as a whole object; empty when it is neither."""
    found = thing.get("id") if isinstance(thing, dict) else thing
    return found if isinstance(found, str) and len(found) <= LONGEST_ADDRESS else ""


def remote_of(document: Mapping[str, Any]) -> Remote | None:
    """Return the actor a document describes, or None when it does not say what we need."""
    key, ends = document.get("publicKey"), document.get("endpoints")
    if not isinstance(key, dict):
        return None
    actor, pem = id_of(document), key.get("publicKeyPem")
    shared = id_of(ends.get("sharedInbox", "")) if isinstance(ends, dict) else ""
    inbox = id_of(document.get("inbox", ""))
    if not actor or not inbox or not isinstance(pem, str) or key.get("owner") != actor:
        return None
    inboxes = [a for a in (inbox, shared) if a]
    if not all(same_house(actor, a) for a in inboxes):
        return None
    return Remote(actor, inbox, shared, id_of(key), pem)


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after the failed attempt number so-and-so: 2, 4, 8 … minutes, half a day at most; in all over two days."""
    return min(timedelta(minutes=2**attempt), timedelta(hours=12))


def actor_document(
    *, actor: str, name: str, slug: str, url: str, pem: str, also: Sequence[str], moved_to: str
) -> dict[str, Any]:
    """Return a unit as other servers read it."""
    found: dict[str, Any] = {
        "@context": [CONTEXT, SECURITY],
        "id": actor,
        "type": "Organization",
        "preferredUsername": slug,
        "name": name,
        "summary": f"<p>Thông báo chính thức của {html.escape(name)}. Trang này chỉ phát tin, không nhận tin nhắn.</p>",
        "url": url,
        "inbox": f"{actor}/inbox",
        "outbox": f"{actor}/outbox",
        "followers": f"{actor}/followers",
        "manuallyApprovesFollowers": False,
        "discoverable": True,
        "publicKey": {"id": f"{actor}#main-key", "owner": actor, "publicKeyPem": pem},
    }
    if also:
        found["alsoKnownAs"] = list(also)
    return found | ({"movedTo": moved_to} if moved_to else {})


def note(
    *,
    note_id: str,
    actor: str,
    title: str,
    text: str,
    url: str,
    published: datetime,
    pictures: Sequence[Mapping[str, str]] = (),
    put_right_by: str = "",
) -> dict[str, Any]:
    """Return a notice as a Note; ``put_right_by`` is the address of the notice that corrects it."""
    paragraphs = [p for p in text.split("\n") if p.strip() and p.strip() != title]
    content = f"<p><strong>{html.escape(title)}</strong></p>"
    if put_right_by:
        content = f"<p>Đã đính chính: {_link(put_right_by)}</p>" + content
    content += "".join(f"<p>{html.escape(p.strip())}</p>" for p in paragraphs)
    content += f"<p>{_link(url)}</p>"
    return {
        "id": note_id,
        "type": "Note",
        "attributedTo": actor,
        "published": published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "to": [EVERYBODY],
        "cc": [f"{actor}/followers"],
        "content": content,
        "contentMap": {"vi": content},
        "url": url,
        "attachment": [
            {"type": "Document", "mediaType": p["media_type"], "url": p["url"], "name": p["alt"]}
            for p in pictures
        ],
    }


def _link(address: str) -> str:
    shown = html.escape(address)
    return f'<a href="{shown}" rel="nofollow noopener">{shown}</a>'


def activity(
    kind: Kind, *, activity_id: str, actor: str, thing: object, **more: object
) -> dict[str, Any]:
    """Return something an actor does with a thing."""
    found = {"id": activity_id, "type": kind.value, "actor": actor, "object": thing} | more
    if kind in {Kind.CREATE, Kind.UPDATE, Kind.DELETE, Kind.MOVE}:
        found |= {"to": [EVERYBODY], "cc": [f"{actor}/followers"]}
    return found


def tombstone(note_id: str) -> dict[str, str]:
    """Return what stands where a note was."""
    return {"id": note_id, "type": "Tombstone"}
