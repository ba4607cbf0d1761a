"""The providers' published or computed vectors, byte for byte."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caunoi.channels import registry
from caunoi.channels.contract import (
    AppSecrets,
    MessageKind,
    MessageReceived,
    OutboundPost,
    OwnMessage,
    PostKind,
    RawDelivery,
    Unknown,
    Unreadable,
)

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
FACEBOOK, ZALO = VECTORS["facebook_x_hub_signature_256"], VECTORS["zalo_oa_webhook_mac"]
SENT = datetime.fromtimestamp(int(ZALO["timestamp"]) / 1000, UTC)
facebook, zalo = (registry.connector_for(key) for key in ("facebook_page", "zalo_oa"))


@pytest.mark.parametrize("case", FACEBOOK["cases"], ids=lambda c: c["name"])
def test_facebook_signatures(case):
    app = AppSecrets("1", {"app_secret": FACEBOOK["app_secret"]})
    raw = RawDelivery(
        {"x-hub-signature-256": case["sha256_header"]}, case["body_utf8"].encode(), SENT
    )

    assert facebook.verify(raw, app)


def test_a_facebook_body_written_anew_does_not_pass_under_the_old_signature():
    cases = {c["name"]: c for c in FACEBOOK["cases"]}
    sent, anew = cases["vi_escaped_as_sent"], cases["vi_reserialised_NEGATIVE"]
    raw = RawDelivery(
        {"x-hub-signature-256": sent["sha256_header"]}, anew["body_utf8"].encode(), SENT
    )

    assert json.loads(sent["body_utf8"]) == json.loads(anew["body_utf8"])
    assert not facebook.verify(raw, AppSecrets("1", {"app_secret": FACEBOOK["app_secret"]}))


def test_facebook_appsecret_proof():
    from caunoi.connectors.facebook_page import graph

    v = VECTORS["facebook_appsecret_proof"]

    assert graph.proof(app_secret=v["app_secret"], token=v["access_token"]) == v["appsecret_proof"]


def test_facebook_asks_who_we_are():
    app = AppSecrets("1", {"verify_token": "meatyhamhock"})
    asked = {
        "hub.mode": "subscribe",
        "hub.challenge": "1158201444",
        "hub.verify_token": "meatyhamhock",
    }

    assert facebook.challenge(asked, app) == "1158201444"
    assert facebook.challenge(asked | {"hub.verify_token": "wrong"}, app) is None


@pytest.mark.parametrize(
    "case", [c for c in ZALO["cases"] if "expect" not in c], ids=lambda c: c["name"]
)
def test_zalo_signatures(case):
    app = AppSecrets(ZALO["app_id"], {"oa_secret": ZALO["oa_secret_key"]})
    body, at = (
        case["raw_body_utf8"].encode(),
        datetime.fromtimestamp(int(case["timestamp"]) / 1000, UTC),
    )

    right = RawDelivery({"x-zevent-signature": case["header"]}, body, at)
    hmac_instead = RawDelivery(
        {"x-zevent-signature": "mac=" + case["NEGATIVE_hmac_variant"]}, body, at
    )
    stale = RawDelivery({"x-zevent-signature": case["header"]}, body, at + timedelta(minutes=16))

    assert zalo.verify(right, app)
    assert not zalo.verify(hmac_instead, app)
    assert not zalo.verify(stale, app)


def test_zalo_appsecret_proof():
    from caunoi.connectors.zalo_oa import calls

    v = VECTORS["zalo_appsecret_proof"]

    assert calls.proof(app_secret=v["secret_key"], token=v["access_token"]) == v["appsecret_proof"]


@pytest.mark.parametrize("case", VECTORS["pkce_s256"]["cases"], ids=lambda c: c["source"])
def test_pkce_challenge(case):
    from caunoi.connectors.zalo_oa.connector import challenge_of

    assert challenge_of(case["code_verifier"]) == case["code_challenge"]


def page(*changes):
    return json.dumps({"object": "page", "entry": [{"id": "1", "changes": list(changes)}]}).encode()


def comment(**more):
    value = {
        "item": "comment",
        "verb": "add",
        "post_id": "1_9",
        "comment_id": "9_1",
        "parent_id": "1_9",
        "from": {"id": "7", "name": "Dung"},
        "message": "Bao giờ có điện?",
        "created_time": 1764000000,
    }
    return {"field": "feed", "value": value | more}


def test_a_comment_is_read_with_its_thread():
    (said,) = facebook.read(RawDelivery({}, page(comment()), SENT))

    assert isinstance(said, MessageReceived)
    assert (said.kind, said.thread_ref, said.parent_ref) == (MessageKind.COMMENT, "9_1", None)


def test_the_pages_own_comment_is_an_echo_not_a_question():
    (said,) = facebook.read(RawDelivery({}, page(comment(**{"from": {"id": "1"}})), SENT))

    assert isinstance(said, OwnMessage)


def test_one_bad_change_keeps_its_neighbours():
    good = comment(comment_id="9_2")
    said = facebook.read(
        RawDelivery({}, page({"field": "feed", "value": {"item": "comment"}}, None, good), SENT)
    )

    assert [type(s) for s in said] == [Unknown, Unknown, MessageReceived]


@pytest.mark.parametrize("key", ["facebook_page", "zalo_oa", "loopback"])
@settings(max_examples=60, deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "entry",
                            "changes",
                            "messaging",
                            "value",
                            "item",
                            "message",
                            "event_name",
                            "sender",
                            "timestamp",
                            "events",
                            "at",
                        ]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        ).map(lambda v: json.dumps(v).encode()),
    )
)
def test_no_bytes_make_a_reader_crash(key, body):
    connector = registry.connector_for(key)
    raw = RawDelivery({}, body, SENT)

    assert (
        connector.verify(raw, AppSecrets("1", {"app_secret": "a", "oa_secret": "b", "secret": "c"}))
        is False
    )
    with contextlib.suppress(Unreadable):
        connector.read(raw)


def test_windows():
    post = OutboundPost(PostKind.PRIVATE_MESSAGE, "7", "7", "x", window_opened_at=SENT)

    assert zalo.window(post, at=SENT + timedelta(hours=47)).is_free
    assert not zalo.window(post, at=SENT + timedelta(hours=49)).is_free
    assert not zalo.window(post, at=SENT + timedelta(days=8)).is_open
    assert not facebook.window(post, at=SENT + timedelta(days=8)).is_open


def test_a_long_answer_is_cut_where_a_reader_would_pause():
    text = "Câu một. " * 400
    parts = zalo.split(text, PostKind.PRIVATE_MESSAGE)

    assert all(len(p) <= 2000 for p in parts)
    assert " ".join(parts).split() == text.split()
    assert all(p.endswith(".") for p in parts)


def test_a_tampered_zalo_body_is_refused():
    case = next(c for c in ZALO["cases"] if "expect" in c)
    raw = RawDelivery({"x-zevent-signature": case["header"]}, case["raw_body_utf8"].encode(), SENT)

    assert not zalo.verify(raw, AppSecrets(ZALO["app_id"], {"oa_secret": ZALO["oa_secret_key"]}))
