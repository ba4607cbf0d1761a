"""Who answers HUY, STOP or TU CHOI to a text message gets no more of them; a reseller tells what became of each message."""

import json

import pytest
from django.test import Client

from caunoi.channels import actions as channels
from caunoi.channels import numbers
from caunoi.channels.models import ListedNumber
from caunoi.connectors.sms.inbound import asks_to_stop
from caunoi.inbox.models import Follower
from caunoi.journeys import catch_up, work
from caunoi.kit import clock
from caunoi.kit.sentences import said
from caunoi.outbox.models import OutboundMessage
from tests.connectors.test_text_messages import carrier, listed, publish  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
SENDER = "MTTQ BHAO"
LIST = f"{SENDER}/xom-4"


@pytest.mark.parametrize("words", ["STOP", "huỷ", "Hủy", " TU CHOI.", "Từ chối", "ngừng tin", "HUY NHAN TIN"])  # fmt: skip
def test_these_words_end_it(words):
    assert asks_to_stop(words)


@pytest.mark.parametrize("words", ["Huy ơi, mấy giờ họp?", "", "không dừng xe ở đây", "STOP xe ở đâu", "HUYEN"])  # fmt: skip
def test_other_words_do_not(words):
    assert not asks_to_stop(words)


def endings():
    return sorted(ListedNumber.objects.values_list("channel__external_id", "ending"))


def test_stop_by_smpp_takes_the_number_off_every_list_of_the_sender_and_is_kept_nowhere(
    carrier,  # noqa: F811
    listed,  # noqa: F811
):
    at = clock.now()
    second = channels.register_channel(
        unit_id=listed.unit_id,
        connector_key="sms",
        external_id=f"{SENDER}/canh-bao",
        name="Cảnh báo",
        by=None,
        at=at,
    )
    numbers.add_numbers(channel=second, text="0912345678", by=None, at=at)
    carrier.outside.limits(
        sms_words=[
            {"phone": "84912345678", "sender": SENDER, "text": "Từ chối"},
            {"phone": "84987654321", "sender": SENDER, "text": "Mấy giờ họp?"},
            {"phone": "84356789012", "sender": "KHAC", "text": "STOP"},
        ]
    )

    catch_up.catch_up(channel=listed, at=at)

    assert endings() == [(LIST, "012"), (LIST, "321")]
    assert not Follower.objects.exists()


def tell(*rows, secret="agreed"):
    body = json.dumps([row | {"CallbackSecret": secret} for row in rows])
    return Client().post("/hooks/sms/reseller/", body, content_type="application/json").status_code


def test_a_reseller_tells_of_receipts_and_of_stop_and_a_stranger_tells_nothing(
    carrier,  # noqa: F811
    listed,  # noqa: F811
):
    at = clock.now()
    channels.register_app(
        connector_key="sms",
        app_id="reseller",
        secrets={"callback_secret": "agreed"},
        by=None,
        at=at,
    )
    publish(listed, at, at_any_hour=True)
    for message, ref in zip(OutboundMessage.objects.order_by("seq"), "abc", strict=True):
        OutboundMessage.objects.filter(pk=message.pk).update(state="sent", external_id=ref)
    good = {"SMSID": "a", "SendStatus": "5", "Brandname": SENDER}
    assert tell(good, secret="guessed") == 403

    bad = {"SMSID": "b", "SendStatus": "UNDELIV", "Brandname": SENDER}
    stop = {"Phone": "0356789012", "Content": "HUY", "Brandname": SENDER}
    assert tell(good, bad, stop) == 200
    while work.work_inbox_once(worker="w", at=at):
        pass

    rows = OutboundMessage.objects.order_by("seq")
    assert list(rows.values_list("state", flat=True)) == ["confirmed", "failed", "sent"]
    assert "không chuyển được" in said(rows[1].trouble)
    assert endings() == [(LIST, "321"), (LIST, "678")]
