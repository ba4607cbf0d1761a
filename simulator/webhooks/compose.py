"""The exact bytes and headers of a webhook, for each provider."""

import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from simulator.signing import facebook_body, facebook_signature, zalo_body, zalo_signature
from simulator.store import Row, Store


@dataclass(frozen=True)
class Parcel:
    """One HTTP request to the receiver, and the deliveries it carries."""

    url: str
    body: bytes
    headers: dict[str, str]
    deliveries: list[Row]


def is_loopback(url: str) -> bool:
    """True when the address names this machine and nothing else."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def facebook_content(deliveries: list[Row]) -> dict[str, Any]:
    """-> the page object: changes of one Page side by side, each message its own entry."""
    entries: list[dict[str, Any]] = []
    for one in deliveries:
        payload, created = json.loads(one["payload"]), one["created_ms"]
        if one["kind"] != "feed":
            entries.append({"id": one["account"], "time": created, "messaging": [payload]})
            continue
        last = entries[-1] if entries else {}
        if last.get("id") == one["account"] and "changes" in last:
            last["changes"].append(payload)
        else:
            entries.append({"id": one["account"], "time": created // 1000, "changes": [payload]})
    return {"object": "page", "entry": entries}


def facebook_parcel(store: Store, deliveries: list[Row], *, signature: str = "good") -> Parcel:
    """-> the signed batch. *signature*: good, bad, wrong_secret or none."""
    return facebook_raw(store, facebook_body(facebook_content(deliveries)), signature, deliveries)


def facebook_raw(
    store: Store, body: bytes, signature: str, deliveries: list[Row] | None = None
) -> Parcel:
    app = store.setting("facebook_app")
    secret = str(app.get("secret", "")) + ("-other" if signature == "wrong_secret" else "")
    signed = facebook_signature(secret, body)
    headers = {"content-type": "application/json", "user-agent": "facebookexternalua"}
    headers |= chosen_signature("X-Hub-Signature-256", signed, signature)
    return Parcel(str(app.get("webhook_url", "")), body, headers, deliveries or [])


def zalo_parcel(store: Store, delivery: Row, *, signature: str = "good") -> Parcel:
    """-> the signed event; a retry says so in the header num_retry."""
    body = zalo_body(json.loads(delivery["payload"]))
    parcel = zalo_raw(store, body, signature, [delivery])
    if delivery["tries"]:
        parcel.headers["num_retry"] = str(delivery["tries"])
    return parcel


def zalo_raw(
    store: Store, body: bytes, signature: str, deliveries: list[Row] | None = None
) -> Parcel:
    app = store.setting("zalo_app")
    timestamp = timestamp_in(body) or str(store.now_ms())
    oa_secret = str(app.get("oa_secret", ""))
    signed = zalo_signature(
        app_id=str(app.get("id", "")),
        body=body,
        timestamp=timestamp,
        oa_secret=str(app.get("secret", "")) if signature == "wrong_secret" else oa_secret,
    )
    headers = {"content-type": "application/json", "X-ZEvent-Timestamp": timestamp}
    headers |= chosen_signature("X-ZEvent-Signature", signed, signature)
    return Parcel(str(app.get("webhook_url", "")), body, headers, deliveries or [])


def timestamp_in(body: bytes) -> str:
    """-> the timestamp written in the body, empty when there is none to be read."""
    try:
        content = json.loads(body)
    except ValueError:
        return ""
    return str(content.get("timestamp", "")) if isinstance(content, dict) else ""


def chosen_signature(header: str, signed: str, signature: str) -> dict[str, str]:
    if signature == "none":
        return {}
    if signature == "bad":
        flipped = "0" if signed[-1] != "0" else "1"
        return {header: signed[:-1] + flipped}
    return {header: signed}
