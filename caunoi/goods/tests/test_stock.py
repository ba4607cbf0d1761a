"""What lies where: in is out and stock at every unit, whatever arrives spoiled, short or too much."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from caunoi.campaigns import actions as campaigns
from caunoi.files.tests.samples import photo_of_a_phone
from caunoi.funds import queries as books
from caunoi.funds import verifying
from caunoi.funds.models import Posting, Word
from caunoi.funds.terms import Column, NotEnough, OutsideCampaign
from caunoi.goods import (
    actions,
    actions_after,
    actions_giving,
    actions_teams,
    queries,
    queries_kept,
    successions,
)
from caunoi.goods.models import Movement, Volunteer
from caunoi.goods.terms import (
    Detail,
    GoodsError,
    MovementKind,
    NobodyNamed,
    NoConsent,
    NotYourStock,
    ReservationState,
    Side,
    WrongCount,
)
from caunoi.goods.tests import ground
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units import actions as units
from tests.cast import MONDAY

DAY = ground.DAY


def whole(*units):
    """In is out and stock at each of these units; returns the stock of goats."""
    found = {f.unit_id: f for f in queries.flows(unit_ids=[u.pk for u in units])}
    assert all(f.is_whole for f in found.values()), found
    return tuple(found[u.pk].stock if u.pk in found else 0 for u in units)


def columns(campaign, thing="goat"):
    found = books.columns(fund_id=campaign.fund_id)
    return tuple(found[c].get(thing, 0) for c in Column)


def test_from_the_giver_to_the_households(place, staff, campaign):
    province, commune, village = place["nghe_an"], place["bich_hao"], place["village"]
    gift, one = ground.promise(campaign), ground.need(campaign, commune)
    kept = ground.agreed(gift, one, 30, staff)
    ground.receive(campaign, province, 60, staff["hanh"], gift=gift)
    sent = ground.send(
        ground.heap(campaign, province), commune, 30, staff["hanh"], reservation=kept
    )
    kept.refresh_from_db()
    assert kept.state == ReservationState.ON_WAY
    stock = ground.heap(campaign, commune, "allocated")
    with pytest.raises(NotEnough, match="đang trên đường"):
        ground.hand_over(stock, 1, staff["binh"])
    ground.arrive(sent, 30, staff["binh"])
    on = ground.send(stock, village, 10, staff["binh"])
    ground.arrive(on, 10, staff["duc"])
    ground.hand_over(ground.heap(campaign, village, "allocated"), 10, staff["duc"])
    done = ground.hand_over(ground.heap(campaign, commune, "allocated"), 20, staff["binh"])

    kept.refresh_from_db()
    assert (kept.state, kept.delivered) == (ReservationState.HANDED_OVER, 30)
    assert done.gift == gift
    assert whole(province, commune, village) == (30, 0, 0)
    assert columns(campaign) == (60, 60, 30, 30)
    assert Word.objects.get(posting=done.posting).word == "10 hộ nghèo Xóm 4"
    assert verifying.verify(books.journal(fund_id=campaign.fund_id)).wrong == ""


def test_what_two_gave_is_handed_over_at_once_and_each_follows_her_own_part(place, staff, campaign):
    """Twenty goats of one and thirty of another lie in one heap; fifty reach people, and a need of sixty is not met."""
    commune, province = place["bich_hao"], place["nghe_an"]
    wanted = ground.need(campaign, commune, 60)
    gifts = [ground.promise(campaign, n, giver=f"Trại {n}") for n in (20, 30)]
    kept = [ground.agreed(g, wanted, g.amount, staff) for g in gifts]
    for gift, one in zip(gifts, kept, strict=True):
        ground.receive(campaign, province, gift.amount, staff["hanh"], gift=gift)
        stock = ground.heap(campaign, province)
        sent = ground.send(stock, commune, gift.amount, staff["hanh"], reservation=one)
        ground.arrive(sent, gift.amount, staff["binh"])

    ground.hand_over(ground.heap(campaign, commune, "allocated"), 50, staff["binh"])

    for gift, one in zip(gifts, kept, strict=True):
        one.refresh_from_db()
        assert (one.state, one.delivered) == (ReservationState.HANDED_OVER, gift.amount)
        told = [m.amount for m in queries.story(gift=gift) if m.kind == "handed_over"]
        assert told == [gift.amount]
        assert [m.whole for m in queries.story(gift=gift) if m.kind == "handed_over"] == [50]
    wanted.refresh_from_db()
    assert (queries_kept.reached(need=wanted, on=ground.DAY), wanted.state) == (50, "open")


def test_what_is_kept_for_one_is_not_sent_to_another(place, staff, campaign):
    province, commune = place["nghe_an"], place["bich_hao"]
    gift = ground.promise(campaign, 60)
    kept = ground.agreed(gift, ground.need(campaign, commune, 40), 40, staff)
    ground.receive(campaign, province, 70, staff["hanh"], gift=gift)
    stock = ground.heap(campaign, province)
    with pytest.raises(WrongCount, match="40"):
        ground.send(stock, place["tri_le"], 31, staff["hanh"])
    with pytest.raises(WrongCount, match="40"):
        ground.send(stock, commune, 41, staff["hanh"], reservation=kept)
    ground.send(stock, place["tri_le"], 20, staff["hanh"])
    ground.send(stock, commune, 15, staff["hanh"], reservation=kept)
    with pytest.raises(WrongCount, match="25"):
        ground.send(stock, commune, 26, staff["hanh"], reservation=kept)
    ground.send(stock, commune, 25, staff["hanh"], reservation=kept)


def test_what_is_kept_for_one_is_not_handed_out_where_it_lies(place, staff, campaign):
    province = place["nghe_an"]
    gift = ground.promise(campaign, 60)
    ground.agreed(gift, ground.need(campaign, place["bich_hao"], 40), 40, staff)
    ground.receive(campaign, province, 60, staff["hanh"], gift=gift)
    with pytest.raises(WrongCount, match="40"):
        ground.hand_over(ground.heap(campaign, province), 21, staff["hanh"])
    ground.hand_over(ground.heap(campaign, province), 20, staff["hanh"])


def test_no_more_counts_as_kept_at_a_store_than_lies_there_of_that_gift(place, staff, campaign):
    """Of sixty goats ten lie in Bích Hào, which has twenty others of its own: those may go where they are needed."""
    province, store = place["nghe_an"], place["bich_hao"]
    gift = ground.promise(campaign, 60)
    ground.agreed(gift, ground.need(campaign, place["village"], 40), 40, staff)
    ground.receive(campaign, province, 50, staff["hanh"], gift=gift)
    ground.receive(campaign, store, 10, staff["binh"], gift=gift)
    ground.receive(campaign, store, 20, staff["binh"])
    with pytest.raises(WrongCount, match="10"):
        ground.send(ground.heap(campaign, store), place["tri_le"], 21, staff["binh"])
    ground.send(ground.heap(campaign, store), place["tri_le"], 20, staff["binh"])


def test_what_dies_in_store_is_told_to_whom_it_belonged(place, staff, campaign):
    commune, province = place["bich_hao"], place["nghe_an"]
    gift = ground.promise(campaign, 20)
    one = ground.agreed(gift, ground.need(campaign, commune, 20), 20, staff)
    ground.receive(campaign, province, 20, staff["hanh"], gift=gift)
    sent = ground.send(ground.heap(campaign, province), commune, 20, staff["hanh"], reservation=one)
    ground.arrive(sent, 20, staff["binh"])

    ground.spoil(ground.heap(campaign, commune, "allocated"), 3, staff["binh"])

    assert [(m.kind, m.amount) for m in queries.story(gift=gift)][-1] == ("spoiled", 3)


def test_pressed_twice_it_happens_once(place, staff, campaign):
    key = uuid.uuid4()
    for _twice in range(2):
        ground.receive(campaign, place["bich_hao"], 5, staff["binh"], key=key)
    stock = ground.heap(campaign, place["bich_hao"])
    key = uuid.uuid4()
    for _twice in range(2):
        ground.hand_over(stock, 5, staff["binh"], key=key)
    assert Movement.objects.count() == 2
    assert whole(place["bich_hao"]) == (0,)


def test_what_arrives_spoiled_short_or_beyond_the_way_bill_still_adds_up(place, staff, campaign):
    province, commune = place["nghe_an"], place["bich_hao"]
    ground.receive(campaign, province, 50, staff["hanh"])
    start = ground.heap(campaign, province)
    short = ground.send(start, commune, 20, staff["hanh"])
    ground.arrive(short, 17, staff["binh"], spoiled=1, note="Một con chết dọc đường")
    short.refresh_from_db()
    assert (short.good, short.spoiled, short.missing) == (17, 1, 2)
    assert whole(province, commune) == (32, 17)
    more = ground.send(start, commune, 10, staff["hanh"])
    ground.arrive(more, 12, staff["binh"])
    assert whole(province, commune) == (20, 29)
    rest = ground.send(start, commune, 20, staff["hanh"])
    with pytest.raises(NotEnough, match="Nhiều hơn"):
        ground.arrive(rest, 21, staff["binh"])
    with pytest.raises(WrongCount):
        ground.arrive(rest, -1, staff["binh"])
    rest.refresh_from_db()
    assert rest.arrived_at is None
    ground.arrive(rest, 20, staff["binh"])
    ground.arrive(rest, 1, staff["binh"])
    assert whole(province, commune) == (0, 49)


def test_meant_for_a_need_it_comes_short_and_the_rest_is_free_again_at_the_sender(place, staff, campaign):  # fmt: skip
    province, commune = place["nghe_an"], place["bich_hao"]
    gift, one = ground.promise(campaign), ground.need(campaign, commune)
    kept = ground.agreed(gift, one, 30, staff)
    ground.receive(campaign, province, 60, staff["hanh"], gift=gift)
    sent = ground.send(
        ground.heap(campaign, province), commune, 30, staff["hanh"], reservation=kept
    )
    ground.arrive(sent, 25, staff["binh"], spoiled=3)
    assert whole(province, commune) == (32, 25)
    assert columns(campaign) == (60, 60, 25, 0)
    ground.hand_over(ground.heap(campaign, commune, "allocated"), 25, staff["binh"])
    kept.refresh_from_db()
    assert (kept.state, kept.delivered, kept.lost) == (ReservationState.HANDED_OVER, 25, 3)
    assert queries.offers(staff["hanh"], on=DAY).get().left == 32
    assert [n.missing for n in queries.needs(staff["hanh"], on=DAY)] == [5]


def test_goods_come_spoiled_or_in_another_number_than_promised(place, staff, campaign):
    gift = ground.promise(campaign, 60)
    came = ground.receive(campaign, place["bich_hao"], 50, staff["binh"], gift=gift, spoiled=4)
    gift.refresh_from_db()
    assert (came.promised, came.good, came.spoiled) == (60, 50, 4)
    assert (gift.came, gift.state) == (54, "partly")
    assert whole(place["bich_hao"]) == (50,)
    stock = ground.heap(campaign, place["bich_hao"])
    with pytest.raises(GoodsError):
        _write_off(stock, 2, staff["binh"], "")
    _write_off(stock, 2, staff["binh"], "Chết rét")
    _write_off(stock, 8, staff["binh"], "Trại xin lại dê mẹ", back=True)
    assert whole(place["bich_hao"]) == (40,)
    assert columns(campaign) == (60, 54, 0, 0)


def _write_off(stock, amount, by, note, back=False):
    return actions_giving.spoil(
        key=uuid.uuid4(),
        stock=stock,
        amount=amount,
        on=DAY,
        by=by,
        at=MONDAY,
        detail=Detail(note=note),
        back=back,
    )


def test_nobody_takes_what_is_not_there_or_not_hers(place, staff, campaign):
    ground.receive(campaign, place["bich_hao"], 5, staff["binh"])
    stock = ground.heap(campaign, place["bich_hao"])
    with pytest.raises(NotEnough):
        ground.hand_over(stock, 6, staff["binh"])
    with pytest.raises(NotYourStock):
        ground.hand_over(stock, 1, staff["khanh"])
    with pytest.raises(NotYourStock):
        ground.receive(campaign, place["tri_le"], 1, staff["binh"])
    assert whole(place["bich_hao"]) == (5,)


def test_nothing_is_taken_in_after_the_end_of_the_campaign(place, staff, campaign):
    with pytest.raises(OutsideCampaign):
        ground.receive(campaign, place["bich_hao"], 1, staff["binh"], on=date(2027, 7, 1))
    assert Posting.objects.count() == 0


def test_a_hand_over_names_who_got_it_and_who_saw_it(place, staff, campaign):
    ground.receive(campaign, place["bich_hao"], 5, staff["binh"])
    stock = ground.heap(campaign, place["bich_hao"])
    for missing in ("recipient", "witness"):
        with pytest.raises(NobodyNamed):
            ground.hand_over(stock, 1, staff["binh"], **{missing: "  "})
    done = ground.hand_over(stock, 1, staff["binh"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.filter(pk=done.pk).update(witness="")
    received = Movement.objects.get(kind=MovementKind.RECEIVED)
    with pytest.raises(IntegrityError, match="who got it"), transaction.atomic():
        Movement.objects.filter(pk=received.pk).update(kind="handed_over", witness="x")


def test_a_picture_loses_its_metadata_and_is_shown_only_when_released(place, staff, campaign):
    ground.receive(campaign, place["bich_hao"], 5, staff["binh"])
    done = ground.hand_over(
        ground.heap(campaign, place["bich_hao"]),
        5,
        staff["binh"],
        detail=Detail(place="Nhà văn hoá", picture=photo_of_a_phone()),
    )
    assert b"MayAnhBiMat" not in bytes(done.picture.body)
    with pytest.raises(GoodsError):
        actions_after.release_picture(movement=done, looked=False, by=staff["binh"], at=MONDAY)
    shown = actions_after.release_picture(movement=done, looked=True, by=staff["binh"], at=MONDAY)
    assert shown.released_at == MONDAY
    back = actions_after.take_back_picture(movement=done, by=staff["binh"], at=MONDAY)
    assert back.released_at is None


def test_how_the_goats_are_is_a_count_that_fits(place, staff, campaign):
    ground.receive(campaign, place["bich_hao"], 20, staff["binh"])
    done = ground.hand_over(ground.heap(campaign, place["bich_hao"]), 20, staff["binh"])
    later, at = DAY + timedelta(days=90), MONDAY + timedelta(days=90)
    counts = {"on": later, "by": staff["binh"], "at": at, "movement": done}
    with pytest.raises(WrongCount, match="20"):
        actions_after.follow_up(alive=18, sold=2, died=1, born=0, **counts)
    for alive in (17, 18):
        told = actions_after.follow_up(alive=alive, sold=1, died=1, born=9, **counts)
    assert queries.follow_ups(movement=done) == [told]


def test_names_are_forgotten_after_two_years_and_the_chain_stays_whole(place, staff, campaign):
    ground.receive(campaign, place["bich_hao"], 5, staff["binh"])
    done = ground.hand_over(ground.heap(campaign, place["bich_hao"]), 5, staff["binh"])
    assert actions_after.forget_names(at=MONDAY + timedelta(days=700)) == 0
    assert actions_after.forget_names(at=MONDAY + timedelta(days=732)) == 1
    done.refresh_from_db()
    assert "Chò" not in done.witness
    assert not Word.objects.filter(posting=done.posting).exists()
    assert verifying.verify(books.journal(fund_id=campaign.fund_id)).wrong == ""


def test_days_of_builders_are_given_and_used_at_once(place, staff, campaign):
    team = actions_teams.begin_team(
        unit_id=place["village"].pk,
        name="Đội thợ Xóm 4",
        commodity="builder-day",
        by=staff["duc"],
        at=MONDAY,
    )
    gift = campaigns.promise(
        campaign=campaign, commodity="builder-day", amount=20, at=MONDAY, fields={}
    )
    words = {"recipient": "Nhà bà Lầu Y Mỷ", "witness": "Vừ Bá Xồng"}
    actions_giving.work(
        key=uuid.uuid4(), team=team, campaign=campaign, days=12, on=DAY, by=staff["duc"], at=MONDAY, gift=gift, **words
    )  # fmt: skip
    assert columns(campaign, "builder-day") == (20, 12, 12, 12)
    gift.refresh_from_db()
    assert gift.came == 12
    found = queries.flows(unit_ids=[place["village"].pk])
    assert [(f.received, f.handed_over, f.stock, f.is_whole) for f in found] == [(12, 12, 0, True)]


def test_on_the_roster_by_her_own_yes_and_off_it_in_time(place, staff, campaign):
    team = actions_teams.begin_team(
        unit_id=place["village"].pk,
        name="Thợ Xóm 4",
        commodity="builder-day",
        by=staff["duc"],
        at=MONDAY,
    )
    words = {
        "team": team,
        "phone": "0912 345 678",
        "skills": "xây",
        "by": staff["duc"],
        "at": MONDAY,
    }
    with pytest.raises(NoConsent):
        actions_teams.add_volunteer(name="Vi Văn Khăm", agreed=False, **words)
    gone = actions_teams.add_volunteer(name="Vi Văn Khăm", agreed=True, **words)
    actions_teams.add_volunteer(name="Lô Văn Hải", agreed=True, days=9999, **words)
    actions_teams.forget_volunteer(volunteer=gone, by=staff["duc"], at=MONDAY)
    assert [v.name for v in queries.volunteers(team=team)] == ["Lô Văn Hải"]
    assert list(queries.teams(staff["khanh"], on=DAY)) == []
    assert actions_teams.forget_due(at=MONDAY + timedelta(days=180)) == 0
    assert actions_teams.forget_due(at=MONDAY + timedelta(days=181)) == 1
    assert Volunteer.objects.count() == 0


def test_a_commune_that_ends_passes_its_stock_to_the_successor(place, staff, campaign):
    province, old, new = place["nghe_an"], place["bich_hao"], place["tri_le"]
    gift, one = ground.promise(campaign), ground.need(campaign, old)
    kept = ground.agreed(gift, one, 30, staff)
    ground.receive(campaign, province, 60, staff["hanh"], gift=gift)
    start = ground.heap(campaign, province)
    ground.arrive(ground.send(start, old, 20, staff["hanh"], reservation=kept), 20, staff["binh"])
    ground.arrive(ground.send(start, old, 5, staff["hanh"]), 5, staff["binh"])
    coming = ground.send(start, old, 5, staff["hanh"])
    assert successions.counts(unit_ids=[old.pk]) == {old.pk: 2}
    for times in (2, 0):
        assert successions.pass_stock({old.pk: new.pk}, on=DAY, at=MONDAY) == times
    assert whole(province, old, new) == (30, 0, 30)
    assert ground.heap(campaign, new, "allocated").balance == 20
    ground.arrive(coming, 5, staff["khanh"])
    ground.hand_over(ground.heap(campaign, new, "allocated"), 20, staff["khanh"])
    ground.hand_over(ground.heap(campaign, new), 10, staff["khanh"])
    assert whole(province, old, new) == (30, 0, 0)
    assert columns(campaign) == (60, 60, 30, 30)


def test_what_was_agreed_with_a_commune_that_is_merged_reaches_people_and_its_giver_reads_it(
    place, staff, campaign
):
    """Twenty goats lie in Bích Hào, meant for its need; it becomes Bích Lễ, whose officer hands them over and sees what is still missing."""
    province, old = place["nghe_an"], place["bich_hao"]
    gift, wanted = ground.promise(campaign), ground.need(campaign, old, 50)
    kept = ground.agreed(gift, wanted, 20, staff)
    waits = ground.reserve(gift, wanted, 5, staff["hanh"])
    ground.receive(campaign, province, 60, staff["hanh"], gift=gift)
    sent = ground.send(ground.heap(campaign, province), old, 20, staff["hanh"], reservation=kept)
    ground.arrive(sent, 20, staff["binh"])
    day = DAY + timedelta(days=8)
    at = MONDAY + timedelta(days=9)
    new = units.merge_units(
        unit_ids=[old.pk, place["tri_le"].pk], full_name="Xã Bích Lễ", code="17000",
        on=day, legal_reference="Nghị quyết thử", by=None, at=MONDAY,
    )  # fmt: skip
    successions.pass_stock({old.pk: new.pk}, on=day, at=at)
    later = make_staff(name="Lương Thị Xoan", unit_id=new.pk, role=Role.APPROVER, on=day)
    when = {"on": day + timedelta(days=1), "at": at}

    assert [n.missing for n in queries.needs(later, on=when["on"])] == [25]
    agreed = actions.agree(reservation=waits, side=Side.UNIT, by=later, at=at)
    assert agreed.state == ReservationState.CONFIRMED
    for part in (15, 5):
        ground.hand_over(ground.heap(campaign, new, "allocated"), part, later, **when)
        kept.refresh_from_db()
        assert (kept.state == ReservationState.HANDED_OVER) is (part == 5)
    told = [(m.kind, m.amount) for m in queries.story(gift=gift)]
    assert told[-2:] == [("handed_over", 15), ("handed_over", 5)]
