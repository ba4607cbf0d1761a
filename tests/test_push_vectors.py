"""Web push and HTTP signatures against the published vectors, byte for byte. Sources: RFC 8291 App. A, RFC 8292 §2.4, draft-cavage-12 App. C."""

import json
from base64 import b64decode, urlsafe_b64decode
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pywebpush import WebPusher

from caunoi.fediverse import rules, sealing
from caunoi.fediverse.terms import NotSigned
from caunoi.kit import keyring
from caunoi.subscriptions import push
from simulator.testing import RunningSimulator

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
PUSH, VAPID = VECTORS["webpush_rfc8291"], VECTORS["vapid_rfc8292"]
SIGNED = VECTORS["http_signature_cavage12"]
POST = SIGNED["activitypub_post"]
SUNDAY = datetime(2026, 11, 22, 8, tzinfo=UTC)
NAMES = {"host": "caunoi.example", "date": "Sun, 22 Nov 2026 08:00:00 GMT"}


def raw(word):
    return urlsafe_b64decode(word + "=" * (-len(word) % 4))


def private(word):
    return ec.derive_private_key(int.from_bytes(raw(word)), ec.SECP256R1())


def test_a_message_sealed_as_the_standard_says_opens_and_is_sealed_byte_for_byte():
    auth, body = raw(PUSH["auth_secret"]), raw(PUSH["body_b64url"])
    browser = private(PUSH["ua_private_d"])

    opened = http_ece.decrypt(body, private_key=browser, auth_secret=auth, version="aes128gcm")
    sealed = http_ece.encrypt(
        PUSH["plaintext"].encode(), private_key=private(PUSH["as_private_d"]), salt=raw(PUSH["salt"]),
        dh=raw(PUSH["ua_public_p256dh"]), auth_secret=auth, version="aes128gcm", rs=PUSH["rs"],
    )  # fmt: skip

    assert opened.decode() == PUSH["plaintext"]
    assert sealed == body


def test_what_we_seal_for_the_browser_of_the_standard_opens_there():
    keys = {"p256dh": PUSH["ua_public_p256dh"], "auth": PUSH["auth_secret"]}
    pusher = WebPusher({"endpoint": "https://push.example.net/x", "keys": keys})

    sealed = pusher.encode("Nước lên".encode())["body"]

    browser, auth = private(PUSH["ua_private_d"]), raw(PUSH["auth_secret"])
    opened = http_ece.decrypt(sealed, private_key=browser, auth_secret=auth, version="aes128gcm")
    assert opened.decode() == "Nước lên"


def test_the_signature_of_a_push_request():
    token, key = VAPID["authorization_header"].removeprefix("vapid t=").split(", k=")
    signed, _, signature = token.rpartition(".")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(key))
    r, s = raw(signature)[:32], raw(signature)[32:]

    point.verify(encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), signed.encode(), ec.ECDSA(SHA256()))  # fmt: skip

    assert json.loads(raw(signed.split(".")[1])) == VAPID["jwt_claims"]


def test_the_signature_of_a_follow_is_made_and_checked_as_published():
    body = POST["body_utf8"].encode()
    headers = NAMES | {"digest": rules.digest_of(body), "content-type": "application/activity+json"}
    target = "/ap/actors/lao-cai/inbox"
    text = rules.signing_string("post", target, headers, rules.POST_NAMES)
    taken = rules.signature_of(POST["signature_header"])

    assert headers["digest"] == POST["digest_header"]
    assert text == POST["signing_string"]
    made = rules.signature_header(
        key_id=taken.key_id, names=rules.POST_NAMES, raw=sealing.signed(text, SIGNED["private_key_pem"])
    )  # fmt: skip
    assert made == POST["signature_header"]
    rules.check_covers(taken, headers, body, at=SUNDAY)
    assert sealing.is_signed(text, taken.raw, SIGNED["public_key_pem"])
    assert not sealing.is_signed(text + " ", taken.raw, SIGNED["public_key_pem"])


def test_the_published_get_and_default_signatures():
    get = SIGNED["get_request"]
    text = rules.signing_string("get", "/ap/actors/lao-cai", NAMES, rules.GET_NAMES)

    assert text == get["signing_string"]
    default = SIGNED["default_test"]
    pairs = [(get["signature_b64"], text), (default["signature_b64"], default["signing_string"])]
    for one, signed in pairs:
        header = f'keyId="k",headers="date",signature="{one}"'
        assert sealing.is_signed(signed, rules.signature_of(header).raw, SIGNED["public_key_pem"])


@pytest.mark.parametrize(
    ("changed", "at", "names"),
    [
        (b"{}", SUNDAY, rules.POST_NAMES),
        (None, SUNDAY + timedelta(hours=13), rules.POST_NAMES),
        (None, SUNDAY, ("date", "host")),
    ],
)
def test_another_body_an_old_date_and_a_thin_signature_are_not_believed(changed, at, names):
    body = POST["body_utf8"].encode()
    headers = NAMES | {"digest": rules.digest_of(body)}
    signature = rules.signature_of(f'keyId="k",headers="{" ".join(names)}",signature="QQ=="')

    with pytest.raises(NotSigned):
        rules.check_covers(signature, headers, body if changed is None else changed, at=at)


@pytest.mark.django_db
def test_the_simulated_push_service_takes_refuses_and_cannot_read(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    keys = {"p256dh": PUSH["ua_public_p256dh"], "auth": PUSH["auth_secret"]}
    said = {"title": "Nước lên", "tag": "t"}

    with RunningSimulator() as outside:
        for name, refusal in (("hoa", None), ("gone-1", push.Gone), ("busy-1", push.NotNow)):
            with pytest.raises(refusal) if refusal else nullcontext():
                push._post({"endpoint": f"{outside.url}/wpush/{name}"} | keys, said, SUNDAY, urgency="high")  # fmt: skip
        (taken, *_refused) = outside.record("POST /wpush/*")

    opened = http_ece.decrypt(
        b64decode(taken["body"]), private_key=private(PUSH["ua_private_d"]), auth_secret=raw(PUSH["auth_secret"]), version="aes128gcm"
    )  # fmt: skip
    assert json.loads(opened) == said
    assert [c["status"] for c in (taken, *_refused)] == [201, 410, 429]
