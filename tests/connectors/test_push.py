"""The contract of every way out, asked of web push: what surely was not taken is said, a lost answer is tried again under one topic, limits hold."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from caunoi.kit import keyring
from caunoi.subscriptions import push
from tests.test_push_vectors import PUSH

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
SUNDAY = datetime(2026, 11, 22, 8, tzinfo=UTC)
KEYS = {"p256dh": PUSH["ua_public_p256dh"], "auth": PUSH["auth_secret"]}
SAID = {"title": "Cảnh báo: Xã Bích Hào", "body": "Lũ quét", "url": "https://x.vn/", "tag": "n7"}


@pytest.fixture
def told(outside, settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)

    def tell(said=SAID, *, name="hoa", base=outside.url, keys=KEYS):
        push._post({"endpoint": f"{base}/wpush/{name}"} | keys, said, SUNDAY, urgency="high")

    return tell


def taken(outside):
    return [c for c in outside.record("POST /wpush/*") if c["status"] == 201]


@pytest.mark.parametrize("trouble", ["500", "503", "429", "reset", "drop"])
def test_a_push_that_failed_is_tried_again_and_replaces_the_first_in_the_browser(
    outside, told, trouble
):
    outside.fault("POST /wpush/", trouble)
    with pytest.raises(push.NotNow):
        told()
    told()

    topics = {c["headers"]["topic"] for c in outside.record("POST /wpush/*")}
    assert topics == {"n7"}
    assert taken(outside)[-1]["headers"]["urgency"] == "high"


def test_a_service_that_cannot_be_reached_is_asked_later(told):
    with pytest.raises(push.NotNow):
        told(base="http://127.0.0.1:9")


@pytest.mark.parametrize("keys", [{"p256dh": "kein", "auth": "x"}, {"p256dh": "", "auth": ""}])
def test_a_browser_that_gave_up_or_never_had_good_keys_is_forgotten(outside, told, keys):
    for wrong in ({"name": "gone-1"}, {"keys": keys}, {"base": "https://example.com"}):
        with pytest.raises(push.Gone):
            told(**wrong)
    assert taken(outside) == []


def test_the_longest_words_fit_into_what_a_push_service_takes(outside, told):
    found = SimpleNamespace(pk=UUID(int=7), about="notices")
    row = {
        "kind": "warning",
        "unit": "Ủy ban Mặt trận Tổ quốc Việt Nam " * 6,
        "title": "Những điều bà con cần biết " * 20,
        "address": "https://x.vn/" + "thong-bao/" * 30,
    }
    said = push._notices(found, [row, row]) | {"tag": "n7"}

    told(said)

    assert len(taken(outside)) == 1
