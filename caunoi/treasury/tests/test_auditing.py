"""What looks wrong is found, an auditor writes what it is, and books are closed when nothing stands against it."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from caunoi.funds import actions as funds
from caunoi.funds.models import Fund, Root
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.goods.tests import ground as goods
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.treasury import actions, auditing, queries, tasks
from caunoi.treasury.models import Voucher
from caunoi.treasury.terms import Check, NotReady, NotYourBooks
from caunoi.treasury.tests.ground import DAY
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


def found(ground):
    return {a.check.value for a in auditing.anomalies(fund=ground.fund) if not a.explained}


def test_quiet_books_show_nothing(ground):
    ground.voucher("take_in", 100)
    ground.voucher("allocate", 60)

    assert auditing.anomalies(fund=ground.fund) == []


def test_each_sort_of_trouble_is_found(ground):
    ground.voucher("take_in", 500)
    ground.voucher("allocate", 100)
    ground.voucher("hand_over", 40)
    assert found(ground) == {"no_photo"}
    ground.voucher("hand_over", 40)
    assert found(ground) == {"no_photo", "twice"}
    ground.voucher("take_in", 7, words={"reference": "FT26327001"})
    ground.voucher("take_in", 8, words={"reference": "ft26327001"})
    assert found(ground) == {"no_photo", "twice", "same_line"}
    ground.voucher("allocate", 33)
    ground.voucher("release", 33, on=DAY + timedelta(days=2))
    assert found(ground) == {"no_photo", "twice", "same_line", "round_trip"}
    actions.declare(fund=ground.fund, on=DAY, cash=1, bank=2, note="", by=ground.quy, at=MONDAY)
    assert found(ground) == {"no_photo", "twice", "same_line", "round_trip", "bank_differs"}
    gone = ground.voucher("fee", 1)
    Voucher.objects.filter(pk=gone.pk).delete()
    assert found(ground) == {"no_photo", "twice", "same_line", "round_trip", "bank_differs", "gap"}


def test_goods_that_reached_people_without_a_photo_are_found():
    tree = small_tree()
    staff = goods.people(tree)
    campaign = goods.open_campaign(tree, staff)
    goods.receive(campaign, tree["bich_hao"], 5, staff["binh"])
    goods.hand_over(goods.heap(campaign, tree["bich_hao"]), 5, staff["binh"])

    (one,) = auditing.anomalies(fund=campaign.fund)

    assert (one.check, one.words) == (Check.NO_PHOTO, "5 con, Dê giống")
    page = client_for(
        make_staff(name="Võ Thị Giang", unit_id=tree["nghe_an"].pk, role=Role.AUDITOR)
    )
    told = page.get(f"/quan-tri/quy/{campaign.fund_id}/kiem-toan/").content.decode()
    assert f'href="{reverse("goods:movement", args=[one.movement])}"' in told


def test_each_late_transfer_is_found_until_it_went_back_itself():
    tree = small_tree()
    staff = goods.people(tree)
    campaign = goods.open_campaign(tree, staff)
    late = campaign.ends_on + timedelta(days=3)

    def post(move, source, target):
        ends = (Address(source, "VND"), Address(target, "VND"))
        funds.post([Draft(uuid.uuid4(), move, *ends, 500_000, late)], fund_id=campaign.fund_id, at=MONDAY)  # fmt: skip

    for _twice in range(2):
        post(Move.RECEIVE_UNMATCHED, Place.GIVERS, Place.UNMATCHED)
    post(Move.GIVE_BACK_UNMATCHED, Place.UNMATCHED, Place.RETURNED)

    assert [a.check for a in auditing.anomalies(fund=campaign.fund)] == [Check.LATE]


def test_an_auditor_explains_and_it_stays_with_the_thing(ground):
    ground.voucher("take_in", 500)
    ground.voucher("allocate", 100)
    ground.voucher("hand_over", 40)
    one = auditing.anomalies(fund=ground.fund)[0]
    words = {"fund": ground.fund, "check": one.check, "key": one.key, "note": "Ảnh ở hồ sơ giấy"}
    with pytest.raises(NotYourBooks):
        actions.explain(**words, by=ground.quy, at=MONDAY)
    actions.explain(**words, by=ground.giang, at=MONDAY)

    told = auditing.anomalies(fund=ground.fund)
    assert [(a.check, a.explained, a.explained_by) for a in told] == [
        (Check.NO_PHOTO, "Ảnh ở hồ sơ giấy", "Võ Thị Giang")
    ]


def test_books_are_closed_only_when_account_and_box_agree_and_nothing_waits(ground):
    ground.voucher("take_in", 30_000_000)
    waiting = ground.voucher("allocate", 25_000_000)
    with pytest.raises(NotReady):
        actions.close_period(fund=ground.fund, through=DAY, by=ground.phuc, at=TUESDAY)
    assert len(queries.against_closing(fund=ground.fund, through=DAY, on=DAY)) == 3
    actions.approve(voucher=waiting, by=ground.phuc, at=TUESDAY)
    actions.declare(
        fund=ground.fund, on=DAY, cash=5_000_000, bank=25_000_000, note="", by=ground.quy, at=MONDAY
    )
    with pytest.raises(NotYourBooks):
        actions.close_period(fund=ground.fund, through=DAY, by=ground.quy, at=TUESDAY)
    actions.close_period(fund=ground.fund, through=DAY, by=ground.phuc, at=TUESDAY)

    assert Fund.objects.get(pk=ground.fund.pk).closed_through == DAY


def test_every_night_the_root_of_the_day_is_published_once(ground):
    ground.voucher("take_in", 100)

    assert tasks.publish_roots(TUESDAY) == 1
    assert tasks.publish_roots(TUESDAY) == 0
    assert tasks.publish_roots(TUESDAY + timedelta(days=1)) == 0
    ground.voucher("take_in", 100, key=uuid.uuid4())
    assert tasks.publish_roots(TUESDAY + timedelta(days=2)) == 1
    assert list(Root.objects.order_by("day").values_list("day", "size")) == [
        (date(2026, 11, 23), 1),
        (date(2026, 11, 25), 2),
    ]
