"""One table a connector: code → our exception → a sentence in Vietnamese. The provider's own words reach nobody."""

import httpx
import pytest
from django.utils import translation

from caunoi.channels.contract import (
    Account,
    AppSecrets,
    Meaning,
    OutboundPost,
    PostKind,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)
from caunoi.connectors.facebook_page import errors as facebook_errors
from caunoi.connectors.facebook_page.connector import FacebookPage
from caunoi.connectors.zalo_oa import errors as zalo_errors
from caunoi.connectors.zalo_oa.connector import ZaloOA
from caunoi.kit import http
from caunoi.kit.sentences import said
from tests.cast import MONDAY

WORDS = "(#100) Provider words nobody shall read"
BASE = dict.fromkeys(("graph_base", "api_base", "oauth_base"), "http://127.0.0.1:9")
ACCOUNT = Account("1", {"access_token": "t", "refresh_token": "r"}, BASE, AppSecrets("1", {}))
COMMENT = OutboundPost(PostKind.COMMENT_REPLY, "1_2", "1_2", "Vâng")
MESSAGE = OutboundPost(PostKind.PRIVATE_MESSAGE, "7", "7", "Vâng")


def meanings(module):
    tables = [*module.TABLE.values(), *getattr(module, "OAUTH", {}).values()]
    return tables + [m for m in vars(module).values() if isinstance(m, Meaning)]


@pytest.mark.parametrize("module", [facebook_errors, zalo_errors], ids=["facebook", "zalo"])
def test_every_sentence_of_the_table_has_its_vietnamese(module):
    with translation.override("vi"):
        english = {m.sentence for m in meanings(module) if said(m.sentence) == m.sentence}

    assert english == set()


def from_facebook(status=400, **error):
    def answer(_request):
        return httpx.Response(status, json={"error": {"message": WORDS} | error})

    with http.stand_in(answer):
        FacebookPage().send(COMMENT, ACCOUNT, key="k", at=MONDAY)


@pytest.mark.parametrize(
    ("error", "wanted", "shown"),
    [
        ({"code": 4}, TryLater, "4"),
        ({"code": 80001}, TryLater, "80001"),
        ({"code": 368, "error_subcode": 1390008}, TryLater, "368/1390008"),
        ({"code": 190, "error_subcode": 463}, ReconnectNeeded, "190/463"),
        ({"code": 190, "error_subcode": 999}, ReconnectNeeded, "190/999"),
        ({"code": 102}, ReconnectNeeded, "102"),
        ({"code": 0, "message": "must be granted before impersonating"}, ReconnectNeeded, "0"),
        ({"code": 10, "error_subcode": 2018278}, Refused, "10/2018278"),
        ({"code": 200}, Refused, "200"),
        ({"code": 10900}, Refused, "10900"),
        ({"code": 100, "error_subcode": 33}, Refused, "100/33"),
        ({"code": 424242}, Refused, "424242"),
        ({"code": 424242, "is_transient": True}, TryLater, "424242"),
        ({"code": "strange"}, Refused, "0"),
        ({"code": 1}, Unclear, "1"),
        ({"code": 2, "is_transient": True}, Unclear, "2"),
    ],
    ids=str,
)
def test_facebook_says_what_to_do_and_nothing_of_its_own(error, wanted, shown):
    with pytest.raises(wanted) as caught:
        from_facebook(**error)

    assert caught.value.reason.endswith(f" [{shown}]")
    assert "Provider words" not in caught.value.reason


def test_after_a_write_a_broken_facebook_is_never_taken_for_not_sent():
    with pytest.raises(Unclear):
        from_facebook(status=500, code=4)


def test_facebook_is_waited_for_as_long_as_its_usage_header_says():
    usage = '{"1": [{"estimated_time_to_regain_access": 12}]}'

    def answer(_request):
        headers = {"x-business-use-case-usage": usage}
        return httpx.Response(400, json={"error": {"code": 32}}, headers=headers)

    with http.stand_in(answer), pytest.raises(TryLater) as caught:
        FacebookPage().send(COMMENT, ACCOUNT, key="k", at=MONDAY)

    assert caught.value.after_seconds == 720


@pytest.mark.parametrize("body", [{}, {"id": None}, {"data": 3}, {"id": ""}], ids=str)
def test_a_yes_without_an_id_is_unclear(body):
    def answer(_request):
        return httpx.Response(200, json=body)

    with http.stand_in(answer), pytest.raises(Unclear):
        FacebookPage().send(COMMENT, ACCOUNT, key="k", at=MONDAY)
    with http.stand_in(answer), pytest.raises(Unclear):
        ZaloOA().send(MESSAGE, ACCOUNT, key="k", at=MONDAY)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (-32, TryLater),
        (-211, TryLater),
        (-234, TryLater),
        (-216, ReconnectNeeded),
        (-220, ReconnectNeeded),
        (-204, ReconnectNeeded),
        (-213, Refused),
        (-230, Refused),
        (-242, Refused),
        (-98765, Refused),
        ("strange", Refused),
    ],
)
def test_zalo_says_what_to_do_and_nothing_of_its_own(code, wanted):
    def answer(_request):
        return httpx.Response(200, json={"error": code, "message": WORDS})

    with http.stand_in(answer), pytest.raises(wanted) as caught:
        ZaloOA().send(MESSAGE, ACCOUNT, key="k", at=MONDAY)

    assert "Provider words" not in caught.value.reason
    with translation.override("vi"):
        assert said(caught.value.reason).split(" (")[0] != caught.value.reason.split(" [")[0]


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ({"error": -14014, "error_name": WORDS}, ReconnectNeeded),
        ({"error": -14999, "error_name": WORDS}, ReconnectNeeded),
        ({"error": -32}, TryLater),
        ({"access_token": "a"}, ReconnectNeeded),
        ([], Unclear),
    ],
    ids=str,
)
def test_any_other_word_of_the_token_endpoint_means_connect_again(answer, wanted):
    with http.stand_in(lambda _r: httpx.Response(200, json=answer)), pytest.raises(wanted):
        ZaloOA().refresh(ACCOUNT, at=MONDAY)


def test_a_code_stays_readable_behind_the_translated_sentence():
    with translation.override("vi"):
        assert said("Zalo cannot be reached. [ConnectError]") == (
            "Không kết nối được Zalo. (ConnectError)"
        )
        assert said("") == ""
        assert said("Never heard of [this] kind.") == "Never heard of [this] kind."
