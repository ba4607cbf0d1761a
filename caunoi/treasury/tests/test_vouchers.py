"""What a treasurer may do alone, what takes two, and what stays in the register whatever happens."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caunoi.funds import queries as funds
from caunoi.funds import rules as books
from caunoi.funds.models import Receipt
from caunoi.funds.terms import NotEnough
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.treasury import actions, queries
from caunoi.treasury.models import Voucher
from caunoi.treasury.terms import (
    AnotherVoucher,
    NeedsPeople,
    NeedsReason,
    NotYourBooks,
    OnePerson,
    WrongState,
)
from caunoi.treasury.tests.ground import DAY
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
LARGE = 20_000_001


def stands(fund):
    found = funds.balances(fund_id=fund.pk)
    return {a.place.value: n for a, n in found.items() if n and a.place not in books.OUTSIDE}


def test_cash_that_comes_in_is_counted_at_once_with_a_receipt(ground):
    voucher = ground.voucher("take_in", LARGE)

    assert (voucher.state, voucher.symbol) == ("posted", "PT 1/2026")
    assert Receipt.objects.get().posting_id == voucher.pk
    assert stands(ground.fund) == {"on_hand": LARGE}


def test_a_form_sent_twice_is_one_voucher(ground):
    key = uuid.uuid4()
    first, again = ground.voucher("take_in", 5, key=key), ground.voucher("take_in", 5, key=key)

    assert first.pk == again.pk
    assert Voucher.objects.count() == Receipt.objects.count() == 1
    with pytest.raises(AnotherVoucher):
        ground.voucher("take_in", 6, key=key)


def test_a_small_amount_is_posted_and_a_large_one_waits_for_another_person(ground):
    ground.voucher("take_in", 3 * LARGE)
    small, large = ground.voucher("allocate", 20_000_000), ground.voucher("allocate", LARGE)

    assert (small.state, large.state) == ("posted", "waiting")
    assert stands(ground.fund)["allocated"] == 20_000_000
    assert list(queries.to_approve(ground.phuc, on=DAY)) == [large]
    approved = actions.approve(voucher=large, by=ground.phuc, at=TUESDAY)
    assert (approved.state, approved.approved_by_id) == ("posted", ground.phuc.account_id)
    assert stands(ground.fund)["allocated"] == 20_000_000 + LARGE
    with pytest.raises(WrongState):
        actions.approve(voucher=large, by=ground.phuc, at=TUESDAY)


def test_whoever_prepared_does_not_approve_and_a_treasurer_cannot(ground):
    ground.voucher("take_in", LARGE)
    both = make_staff(name="Hai Vai", unit_id=ground.tree["nghe_an"].pk, role=Role.TREASURER)
    from django.db.backends.postgresql.psycopg_any import DateRange

    from caunoi.staff import queries as staff
    from caunoi.staff.models import Account, RoleGrant

    RoleGrant.objects.create(
        account_id=both.account_id,
        unit=ground.tree["nghe_an"],
        role=Role.APPROVER,
        valid=DateRange(DAY - timedelta(days=9), None),
    )
    account = Account.objects.get(pk=both.account_id)
    both = staff.viewer_for(account=account, on=DAY, has_second_factor=True)
    waiting = ground.voucher("allocate", LARGE, by=both)

    with pytest.raises(NotYourBooks):
        actions.approve(voucher=waiting, by=ground.quy, at=MONDAY)
    with pytest.raises(OnePerson):
        actions.approve(voucher=waiting, by=both, at=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.filter(pk=waiting.pk).update(
            approved_by_id=both.account_id, approved_at=MONDAY
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.filter(pk=waiting.pk).update(state="posted")


def test_the_limit_of_the_nearest_unit_counts_from_its_day(ground):
    unit_id = ground.tree["nghe_an"].pk
    source = "Quyết định 12/QĐ-MTTQ"
    for amount, days in ((1_000, 5), (7, 1), (9, -1)):
        actions.set_limit(
            unit_id=unit_id,
            amount=amount,
            valid_from=DAY - timedelta(days=days),
            source=source,
            by=ground.phuc,
            at=MONDAY,
        )

    assert queries.limit_of(unit_id=unit_id, on=DAY) == 7
    assert queries.limit_of(unit_id=ground.tree["village"].pk, on=DAY - timedelta(days=2)) == 1_000
    assert queries.limit_of(unit_id=ground.tree["cao_son"].pk, on=DAY) == 20_000_000
    with pytest.raises(NotYourBooks):
        actions.set_limit(
            unit_id=unit_id, amount=1, valid_from=DAY, source=source, by=ground.quy, at=MONDAY
        )


def test_a_voucher_given_up_keeps_its_number_and_reason(ground):
    ground.voucher("take_in", LARGE)
    waiting = ground.voucher("allocate", LARGE)
    with pytest.raises(NeedsReason):
        actions.void(voucher=waiting, because=" ", by=ground.quy, at=MONDAY)
    actions.void(voucher=waiting, because="Nhập nhầm xã", by=ground.quy, at=MONDAY)

    assert ground.voucher("allocate", 5).number == 2
    assert stands(ground.fund) == {"on_hand": LARGE - 5, "allocated": 5}
    with pytest.raises(WrongState):
        actions.approve(voucher=waiting, by=ground.phuc, at=TUESDAY)


def test_a_posted_voucher_is_taken_back_by_its_contrary(ground):
    ground.voucher("take_in", LARGE)
    wrong = ground.voucher("allocate", 500)
    back = actions.reverse(voucher=wrong, because="Sai xã", on=DAY, by=ground.quy, at=TUESDAY)

    assert back.state == "reversed"
    assert stands(ground.fund) == {"on_hand": LARGE}
    with pytest.raises(WrongState):
        actions.reverse(voucher=wrong, because="Sai xã", on=DAY, by=ground.quy, at=TUESDAY)


def test_what_a_firm_paid_itself_is_received_and_handed_over_together(ground):
    paid = ground.voucher("in_kind", 300_000_000)
    assert paid.state == "waiting"
    actions.approve(voucher=paid, by=ground.phuc, at=MONDAY)

    assert stands(ground.fund) == {}
    told = funds.columns(fund_id=ground.fund.pk)
    assert {c.value: n.get("VND") for c, n in told.items()} == {
        "registered": None,
        "received": 300_000_000,
        "allocated": 300_000_000,
        "delivered": 300_000_000,
    }
    assert Receipt.objects.count() == 1
    actions.reverse(voucher=paid, because="Hoá đơn sai", on=DAY, by=ground.phuc, at=TUESDAY)
    assert funds.columns(fund_id=ground.fund.pk)["received"] == {"VND": 0}


def test_what_is_not_there_is_not_handed_over_and_takes_no_number(ground):
    ground.voucher("take_in", 100)
    with pytest.raises(NotEnough):
        ground.voucher("allocate", 101)

    assert ground.voucher("allocate", 100).number == 1


def test_a_hand_over_names_who_got_it_and_who_saw_it(ground):
    ground.voucher("take_in", 100)
    ground.voucher("allocate", 100)
    with pytest.raises(NeedsPeople):
        ground.voucher("hand_over", 100, words={"witness": ""})
    with pytest.raises(NeedsPeople):
        ground.voucher("allocate", 1, place_id=None)

    assert ground.voucher("hand_over", 100).symbol == "PC 1/2026"


def test_books_of_another_province_are_closed(ground):
    other = make_staff(name="Lào Cai", unit_id=ground.tree["lao_cai"].pk, role=Role.TREASURER)

    with pytest.raises(NotYourBooks):
        ground.voucher("take_in", 100, by=other)
    assert not queries.visible_funds(other, on=DAY)
    assert list(queries.visible_funds(ground.giang, on=DAY)) == [ground.fund]
