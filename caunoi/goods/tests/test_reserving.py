"""What is kept back for whom: never more than there is, agreed by two people, given free in time; suggested for reasons one can read."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns import queries as campaign_queries
from caunoi.goods import actions, queries, rules
from caunoi.goods.models import Reservation
from caunoi.goods.terms import (
    AlreadyTaken,
    NotNow,
    NotWanted,
    NotYourStock,
    Offer,
    OtherPerson,
    ReservationState,
    Side,
    Wanted,
    WrongThing,
)
from caunoi.goods.tests import ground
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

S, DAY = ReservationState, ground.DAY
A = uuid.UUID(int=1)


def wanted(n, **changes):
    fields = {
        "id": uuid.UUID(int=n), "campaign_id": A, "commodity": "goat", "missing": 30, "purpose": "", "path": "a.b.c",
        "priority": "soon", "households": 5, "needed_by": None, "confirmed_until": DAY,
    } | changes  # fmt: skip
    return Wanted(**fields)


def order(offer, *needs):
    return [s.need_id.int for s in rules.suggest(offer, needs, on=DAY)]


def test_urgent_comes_before_due_before_near_and_what_nobody_confirmed_comes_last():
    offer = Offer(A, "goat", 60, path="a.b.d")
    stale = wanted(1, priority="urgent", confirmed_until=DAY - timedelta(days=1))
    far, near = wanted(2, path="a.x.y"), wanted(3)
    due = wanted(4, needed_by=DAY + timedelta(days=3), path="z")
    urgent = wanted(5, priority="urgent", path="z")
    assert order(offer, stale, far, near, due, urgent) == [5, 4, 3, 2, 1]


def test_a_gift_bound_to_a_purpose_or_a_need_fits_no_other():
    bound = Offer(A, "goat", 60, purpose="ban-moi")
    assert order(bound, wanted(1), wanted(2, purpose="ban-moi")) == [2]
    chosen = Offer(A, "goat", 60, need_id=uuid.UUID(int=3))
    assert order(chosen, wanted(1), wanted(3)) == [3]
    assert order(Offer(A, "cow", 60), wanted(1)) == []


def test_what_a_giver_chose_a_need_for_is_left_for_her_gift():
    free, bound = Offer(A, "goat", 20), Offer(A, "goat", 20, need_id=uuid.UUID(int=1))
    asked = wanted(1, missing=30, chosen=20)
    (one,), (own,) = (rules.suggest(o, [asked], on=DAY) for o in (free, bound))
    assert (one.amount, own.amount) == (10, 20)
    assert order(free, wanted(1, missing=30, chosen=30)) == []


def test_what_was_taken_in_lies_where_it_was_taken_in(place, staff, campaign):
    gift = ground.promise(campaign, 20)
    ground.need(campaign, place["bich_hao"], 20)
    ground.receive(campaign, place["bich_hao"], 20, staff["binh"], gift=gift)
    (offered,) = queries.offers(staff["hanh"], on=DAY)
    found = queries.wanted_of(found=queries.needs(staff["hanh"], on=DAY), on=DAY)
    (one,) = rules.suggest(queries.offer_of(gift=offered, on=DAY), found, on=DAY)
    assert "here" in {r.kind.value for r in one.reasons}


def test_the_board_counts_what_givers_chose(place, staff, campaign):
    here = ground.need(campaign, place["bich_hao"], 40)
    gift = ground.promise(campaign, 25, need=here)
    (asked,) = queries.needs(staff["hanh"], on=DAY)
    assert (asked.missing, asked.chosen) == (40, 25)
    ground.reserve(gift, here, 15, staff["hanh"])
    (asked,) = queries.needs(staff["hanh"], on=DAY)
    assert (asked.missing, asked.chosen) == (25, 10)


def test_each_suggestion_says_why():
    offer = Offer(A, "goat", 20, path="a.b.c", spoils_on=DAY + timedelta(days=2))
    (one,) = rules.suggest(offer, [wanted(1, needed_by=DAY - timedelta(days=2))], on=DAY)
    said = {r.kind.value: r.n for r in one.reasons}
    assert said == {
        "past_due": -2, "here": 0, "households": 5, "free": 0, "fresh": 0, "part": 20, "spoils": 2,
    }  # fmt: skip
    assert one.amount == 20


def test_no_more_is_kept_back_than_there_is_or_than_is_asked_for(place, staff, campaign):
    gift, here = ground.promise(campaign, 60), ground.need(campaign, place["bich_hao"], 40)
    there = ground.need(campaign, place["tri_le"], 30)
    ground.reserve(gift, here, 40, staff["hanh"])
    with pytest.raises(NotWanted):
        ground.reserve(gift, here, 1, staff["hanh"])
    with pytest.raises(AlreadyTaken):
        ground.reserve(gift, there, 21, staff["hanh"])
    ground.reserve(gift, there, 20, staff["hanh"])
    assert list(queries.offers(staff["hanh"], on=DAY)) == []
    (open_need,) = queries.needs(staff["hanh"], on=DAY)
    assert (open_need, open_need.missing) == (there, 10)
    more = ground.promise(campaign, 5)
    ground.reserve(more, here, 5, staff["hanh"], may_exceed=True)


def test_the_database_refuses_by_itself(place, staff, campaign):
    gift, one = ground.promise(campaign, 10), ground.need(campaign, place["bich_hao"], 40)
    made = ground.reserve(gift, one, 10, staff["hanh"])
    with pytest.raises(IntegrityError, match="more would be kept back"), transaction.atomic():
        Reservation.objects.filter(pk=made.pk).update(amount=11)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=made.pk).update(state="confirmed")


def test_both_sides_are_two_people(place, staff, campaign):
    gift, one = ground.promise(campaign), ground.need(campaign, place["bich_hao"])
    key = uuid.uuid4()
    for _twice in range(2):
        made = ground.reserve(gift, one, 30, staff["hanh"], key=key)
    assert (made.state, made.giver_by_id) == (S.OFFERED, staff["hanh"].account_id)
    with pytest.raises(OtherPerson):
        actions.agree(reservation=made, side=Side.UNIT, by=staff["hanh"], at=MONDAY)
    with pytest.raises(NotYourStock):
        actions.agree(reservation=made, side=Side.UNIT, by=staff["khanh"], at=MONDAY)
    agreed = actions.agree(reservation=made, side=Side.UNIT, by=staff["binh"], at=MONDAY)
    assert agreed.state == S.CONFIRMED


def test_a_commune_asks_for_itself_and_the_province_says_yes_for_the_giver(place, staff, campaign):
    gift, one = ground.promise(campaign), ground.need(campaign, place["bich_hao"])
    assert list(queries.offers(staff["binh"], on=DAY)) == [gift]
    made = ground.reserve(gift, one, 30, staff["binh"])
    assert made.unit_by_id == staff["binh"].account_id
    with pytest.raises(NotYourStock):
        actions.agree(reservation=made, side=Side.GIVER, by=staff["binh"], at=MONDAY)
    agreed = actions.agree(reservation=made, side=Side.GIVER, by=staff["quy"], at=MONDAY)
    assert agreed.state == S.CONFIRMED
    other = ground.need(campaign, place["tri_le"])
    with pytest.raises(NotYourStock):
        ground.reserve(gift, other, 1, staff["binh"])


def test_another_thing_or_a_closed_need_is_refused(place, staff, campaign):
    gift = ground.promise(campaign)
    rice = ground.need(campaign, place["bich_hao"], commodity="rice-10kg")
    with pytest.raises(WrongThing):
        ground.reserve(gift, rice, 1, staff["hanh"])
    met = ground.need(campaign, place["bich_hao"], state="met")
    with pytest.raises(NotNow):
        ground.reserve(gift, met, 1, staff["hanh"])


def test_given_free_or_never_agreed_to_it_can_be_kept_back_again(place, staff, campaign):
    gift, one = ground.promise(campaign), ground.need(campaign, place["bich_hao"])
    made = ground.reserve(gift, one, 30, staff["hanh"])
    actions.release(reservation=made, because="Xã đã có đủ", by=staff["hanh"], at=MONDAY)
    again = ground.reserve(gift, one, 30, staff["hanh"])
    assert actions.expire(at=MONDAY + timedelta(days=7)) == 0
    assert actions.expire(at=MONDAY + timedelta(days=8)) == 1
    again.refresh_from_db()
    assert (again.state, again.ended_because) == (S.EXPIRED, actions.NOBODY_AGREED)
    ground.reserve(gift, one, 30, staff["hanh"])


def test_a_promise_never_kept_gives_its_need_free(place, staff, campaign):
    gift, one = ground.promise(campaign), ground.need(campaign, place["bich_hao"])
    made = ground.agreed(gift, one, 30, staff)
    assert actions.expire(at=MONDAY + timedelta(days=31)) == 1
    made.refresh_from_db()
    assert (made.state, made.ended_because) == (S.EXPIRED, actions.NOTHING_CAME)
    assert [n.missing for n in queries.needs(staff["hanh"], on=DAY)] == [30]


@pytest.mark.django_db(transaction=True)
def test_fifty_reserve_the_last_goat_and_exactly_one_wins():
    place = small_tree()
    staff = ground.people(place)
    campaign = ground.open_campaign(place, staff)
    gift, one = ground.promise(campaign, 1), ground.need(campaign, place["bich_hao"], 100)
    at_once = threading.Semaphore(20)  # connections that the server has for us
    start, told = threading.Barrier(50), []

    def take():
        start.wait()
        with at_once:
            try:
                ground.reserve(gift, one, 1, staff["hanh"])
                told.append("won")
            except AlreadyTaken as error:
                told.append(str(error))
            finally:
                connection.close()

    threads = [threading.Thread(target=take) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert told.count("won") == 1
    assert len(told) == 50
    assert all(t == "won" or t.startswith("Có người đã nhanh hơn") for t in told)
    assert Reservation.objects.count() == 1


def test_names_of_givers_are_not_on_the_board(place, staff, campaign):
    ground.promise(campaign)
    assert campaigns  # the giver's words stay in the room of campaigns
    offer = queries.offers(staff["binh"], on=DAY).get()
    assert queries.offer_of(gift=offer, on=DAY).left == 60


def test_what_is_kept_back_for_a_need_meets_it_and_not_the_one_it_was_promised_for(
    campaign, place, staff
):
    first = ground.need(campaign, place["bich_hao"], 30)
    other = ground.need(campaign, place["tri_le"], 30)
    free, bound = ground.promise(campaign, 10), ground.promise(campaign, 20, need_id=first.pk)

    ground.reserve(free, first, 4, staff["hanh"])
    ground.reserve(bound, other, 6, staff["hanh"])

    met = campaign_queries.met_of(need_ids=[first.pk, other.pk])
    assert met == {first.pk: 4 + 20 - 6, other.pk: 6}
