"""Somebody asks for text messages herself: a code goes to her phone, and nothing else until it comes back."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from caunoi.channels import numbers_asking
from caunoi.channels.models import ListedNumber
from caunoi.kit import clock
from caunoi.outbox.models import OutboundMessage
from tests.connectors.test_text_messages import carrier, listed, publish, work  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
DOOR = "/nhan-tin/tin-nhan/?don-vi=xa-bich-hao"
HERS, WRITTEN = "0977 123 456", "84977123456"


@pytest.fixture
def morning(carrier, listed, monkeypatch):  # noqa: F811
    """Nine in the morning, for pages too."""
    at = clock.start_of(clock.local_date(carrier.now())) + timedelta(hours=9)
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


def post(**fields):
    answer = Client().post(DOOR, fields)
    return answer.status_code, answer.content.decode()


def code_at(carrier):  # noqa: F811
    (sent,) = [m for m in carrier.outside.text_messages() if m["phone"] == WRITTEN]
    return re.search(r"\d{6}", sent["text"])[0]


def test_a_code_goes_to_the_phone_and_only_who_sends_it_back_stands_on_the_list(
    carrier,  # noqa: F811
    listed,  # noqa: F811
    morning,
):
    follow = Client().get("/nhan-tin/?don-vi=xa-bich-hao&tin=thong-bao").content.decode()
    assert "/nhan-tin/tin-nhan/?don-vi=xa-bich-hao" in follow
    status, page = post(phone="12")
    assert (status, "số di động" in page) == (422, True)
    status, page = post(phone=HERS)
    assert (status, "mã đang được gửi" in page) == (200, True)
    assert publish(listed, morning) == 3
    work(morning)

    code = code_at(carrier)
    assert post(phone=WRITTEN, code="000000" if code != "000000" else "1")[0] == 422
    assert "Xong" in post(phone=WRITTEN, code=code)[1]

    assert publish(listed, morning, name="n:2") == 4
    assert WRITTEN not in str(list(OutboundMessage.objects.values()))
    hidden = OutboundMessage.objects.get(reference__startswith="code:")
    assert hidden.is_confidential
    assert post(phone=WRITTEN, code=code)[0] == 422


def test_the_door_says_the_same_of_every_number_and_sends_few_codes(
    carrier,  # noqa: F811
    listed,  # noqa: F811
    morning,
):
    def page_of(phone):
        page = post(phone=phone)[1]
        return re.sub(r'value="[^"]*"', "", page)

    assert page_of("0912345678") == page_of(HERS)
    for _again in range(6):
        post(phone=HERS)
    work(morning)

    sent = [m["phone"] for m in carrier.outside.text_messages()]
    assert 1 <= sent.count(WRITTEN) <= 3
    assert set(sent) == {WRITTEN}
    assert Client().get("/nhan-tin/tin-nhan/?don-vi=xa-tri-le").status_code == 404


def test_five_wrong_codes_end_it_and_a_number_without_its_code_is_forgotten(
    carrier,  # noqa: F811
    listed,  # noqa: F811
    morning,
):
    _ref, code = numbers_asking.ask(channel=listed, number=WRITTEN, at=morning)
    wrong = "111111" if code != "111111" else "222222"
    for _try in range(5):
        assert not numbers_asking.confirm(channel=listed, number=WRITTEN, code=wrong, at=morning)
    assert not numbers_asking.confirm(channel=listed, number=WRITTEN, code=code, at=morning)

    _ref, code = numbers_asking.ask(channel=listed, number=WRITTEN, at=morning)
    tomorrow = morning + timedelta(days=1, minutes=1)
    assert not numbers_asking.confirm(channel=listed, number=WRITTEN, code=code, at=tomorrow)
    assert numbers_asking.forget_unconfirmed(at=tomorrow) == 1
    assert ListedNumber.objects.count() == 3
