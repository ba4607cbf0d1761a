"""A need that got all it asked for is asked for no longer; the giver says yes by her code alone."""

import uuid

import pytest
from django.test import Client

from caunoi.goods import queries_kept
from caunoi.goods.terms import ReservationState
from caunoi.goods.tests import ground
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from tests.cast import MONDAY


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def state(need):
    need.refresh_from_db()
    return need.state


def sent(campaign, place, staff, need, amount):
    """All of it lies at the province, is agreed and sent to the commune."""
    gift = ground.promise(campaign, amount, from_unit_id=place["nghe_an"].pk)
    held = ground.agreed(gift, need, amount, staff)
    ground.receive(campaign, place["nghe_an"], amount, staff["hanh"], gift=gift)
    heap = ground.heap(campaign, place["nghe_an"])
    return ground.send(heap, place["bich_hao"], amount, staff["hanh"], reservation=held)


def test_a_need_is_met_when_all_of_it_arrived(place, staff, campaign):
    need = ground.need(campaign, place["bich_hao"], 30)
    ground.arrive(sent(campaign, place, staff, need, 10), 10, staff["binh"])
    assert state(need) == "open"
    ground.arrive(sent(campaign, place, staff, need, 20), 20, staff["binh"])
    assert state(need) == "met"
    assert queries_kept.reached(need=need, on=ground.DAY) == 30
    # handing it on and over afterwards counts nothing twice
    heap = ground.heap(campaign, place["bich_hao"], "allocated")
    ground.hand_over(heap, 5, staff["binh"])
    on = ground.send(heap, place["village"], 25, staff["binh"])
    ground.arrive(on, 25, staff["duc"])
    assert queries_kept.reached(need=need, on=ground.DAY) == 30
    turned = AuditEntry.objects.filter(event="campaigns.need.turned", object_id=str(need.pk))
    assert [e.after for e in turned] == [{"state": "met"}]


def test_what_died_on_the_way_is_still_missing(place, staff, campaign):
    need = ground.need(campaign, place["bich_hao"], 10)
    ground.arrive(sent(campaign, place, staff, need, 10), 9, staff["binh"], spoiled=1)
    ground.hand_over(ground.heap(campaign, place["bich_hao"], "allocated"), 9, staff["binh"])
    assert state(need) == "open"
    assert queries_kept.reached(need=need, on=ground.DAY) == 9


def test_what_its_giver_chose_the_need_for_meets_it_when_taken_in_there(place, staff, campaign):
    need = ground.need(campaign, place["bich_hao"], 10)
    gift = ground.promise(campaign, 10)
    gift.need = need
    gift.save(update_fields=["need"])
    ground.receive(campaign, place["nghe_an"], 4, staff["hanh"], gift=gift)
    assert queries_kept.reached(need=need, on=ground.DAY) == 0
    ground.receive(campaign, place["bich_hao"], 6, staff["binh"], gift=gift)
    assert (state(need), queries_kept.reached(need=need, on=ground.DAY)) == ("open", 6)
    ground.receive(campaign, place["bich_hao"], 4, staff["binh"], gift=gift)
    assert state(need) == "met"


@pytest.fixture
def wished(place, staff, campaign):
    """The commune wishes twenty of sixty goats; nobody spoke for the giver yet."""
    gift = ground.promise(campaign, 60)
    need = ground.need(campaign, place["bich_hao"], 20)
    return ground.reserve(gift, need, 20, staff["binh"])


def test_the_giver_says_yes_with_one_tap(wished):
    address = f"/qua/{wished.gift.code.text}/"
    page = Client().get(address).content.decode()
    assert "Xã Bích Hào xin nhận từ món quà của bạn" in page
    assert f'value="{wished.pk}"' in page
    for _twice in range(2):
        answer = Client().post(f"{address}dong-y/", {"reservation": str(wished.pk)}, follow=True)
        assert "Đơn vị đã thấy bạn đồng ý" in answer.content.decode()
    wished.refresh_from_db()
    assert (wished.state, wished.giver_by_id) == (ReservationState.CONFIRMED, None)
    assert AuditEntry.objects.filter(event="goods.giver.agreed").count() == 1
    assert "xin nhận từ món quà" not in Client().get(address).content.decode()


def test_a_code_says_yes_for_its_own_gift_only(wished, campaign):
    other = ground.promise(campaign, 5)
    for code, word in (
        (other.code.text, str(wished.pk)),
        (wished.gift.code.text, "không phải mã"),
        (wished.gift.code.text, str(uuid.uuid4())),
    ):
        answer = Client().post(f"/qua/{code}/dong-y/", {"reservation": word})
        assert answer.status_code == 422
        assert "Không còn gì chờ bạn đồng ý" in answer.content.decode()
    wrong = Client().post("/qua/UH0000000/dong-y/", {"reservation": str(wished.pk)})
    assert wrong.status_code == 404
    wished.refresh_from_db()
    assert (wished.state, wished.giver_at) == (ReservationState.OFFERED, None)


def test_what_was_given_free_again_is_agreed_to_no_more(wished):
    wished.state = ReservationState.RELEASED
    wished.save(update_fields=["state"])
    address = f"/qua/{wished.gift.code.text}/dong-y/"
    assert Client().post(address, {"reservation": str(wished.pk)}).status_code == 422


def test_yeses_from_one_network_are_counted(wished, settings):
    settings.LIMITS_FACTOR = 0.02
    address = f"/qua/{wished.gift.code.text}/dong-y/"
    told = [Client().post(address, {"reservation": str(wished.pk)}).status_code for _n in range(4)]
    assert told == [302, 302, 429, 429]


def test_two_takings_in_of_the_same_number_are_two(place, staff, campaign):
    need = ground.need(campaign, place["bich_hao"], 10)
    gift = ground.promise(campaign, 10, need=need)
    for _twice in range(2):
        ground.receive(campaign, place["bich_hao"], 5, staff["binh"], gift=gift)
    assert queries_kept.reached(need=need, on=ground.DAY) == 10
