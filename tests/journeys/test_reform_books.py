"""What a closing commune keeps of money: its books, its numbered papers and its appeal go on with the successor, whole."""

import uuid
from datetime import timedelta

import pytest

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns import queries as campaign_queries
from caunoi.campaigns.tests.ground import FIELDS
from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.funds import verifying
from caunoi.funds.models import Fund, Receipt
from caunoi.reform import running
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.treasury import actions as treasury
from caunoi.treasury import auditing, queries
from caunoi.treasury.models import Voucher
from caunoi.treasury.terms import Kind
from caunoi.treasury.tests.ground import WORDS
from tests.cast import MONDAY
from tests.journeys import test_reform as story
from tests.journeys.test_reform import DAY, ON_THE_DAY, chi, dao, ground, now  # noqa: F401

pytestmark = pytest.mark.django_db
NAME = "Quỹ Vì người nghèo"


def prepared(fund, kind, amount, *, by, at=MONDAY, **more):
    return treasury.prepare(
        key=uuid.uuid4(), fund=fund, kind=Kind(kind), amount=amount, on=at.date(), by=by, at=at, words=WORDS[kind], **more
    )  # fmt: skip


def kept_by(unit, *, amount):
    """Books called like everybody's, with a voucher that is posted and one that waits for a second person."""
    fund = funds.open_fund(unit_id=unit.pk, name=NAME, on=MONDAY.date(), at=MONDAY)
    quy = make_staff(name="Đặng Thị Quý", unit_id=unit.pk, role=Role.TREASURER)
    prepared(fund, "take_in", amount, by=quy)
    waits = prepared(fund, "in_kind", 25_000_000, by=quy, place_id=unit.pk)
    assert waits.state == "waiting"
    return fund, waits


def test_books_and_appeals_of_closing_communes_go_on_with_their_numbers(ground, chi, dao, now):  # noqa: F811
    funds.know_common_commodities()
    old, other, new = (ground[n] for n in ("bich_hao", "tri_le", "new"))
    fund, waits = kept_by(old, amount=30_000_000)
    beside, _waits = kept_by(other, amount=40_000_000)
    ha = make_staff(name="Lê Thị Hà", unit_id=old.pk, role=Role.EDITOR)
    fields = FIELDS | {"area_id": old.pk}
    appeal = campaigns.write(unit_id=old.pk, fields=fields, by=ha, at=MONDAY)
    plan = story.drawn_up(ground, chi)
    story.decided(plan, chi)
    listed = plan.steps.filter(holder__in=["books", "campaigns"])
    assert sorted(listed.values_list("holder", "outcome")) == [
        ("books", "kept"), ("books", "kept"), ("campaigns", "kept"),
    ]  # fmt: skip
    page = client_for(chi).get(f"/quan-tri/sap-xep/{plan.pk}/").content.decode()
    assert "Chứng từ giữ số cũ, chứng từ mới đánh số của đơn vị kế thừa" in page
    running.rehearse(plan=plan, at=MONDAY)
    fund.refresh_from_db()
    assert (fund.unit_id, fund.name) == (old.pk, NAME)

    story.signed(plan, chi, dao)
    now.at = ON_THE_DAY
    for _twice in range(2):
        while running.run_due(at=ON_THE_DAY, limit=2):
            pass

    assert not plan.steps.exclude(state="done").exists()
    named = set(Fund.objects.values_list("unit_id", "name"))
    old_names = {"Xã Bích Hào", "Xã Tri Lễ"}
    assert any(named == {(new.pk, NAME), (new.pk, f"{NAME} ({o})")} for o in old_names)
    appeal.refresh_from_db()
    assert appeal.unit_id == new.pk
    later = ON_THE_DAY + timedelta(days=1)
    the_books_are_worked_on_by_the_successor(new, fund, waits, later)
    hoa = make_staff(name="Cao Thị Hoa", unit_id=new.pk, role=Role.EDITOR, on=later.date())
    assert campaign_queries.campaign(hoa, pk=appeal.pk, on=later.date()) == appeal
    assert not Fund.objects.filter(pk=beside.pk, unit_id=other.pk).exists()


def the_books_are_worked_on_by_the_successor(new, fund, waits, at):
    """All vouchers are read, the waiting one is approved, a new one bears the successor's number; nothing is missing."""
    fund.refresh_from_db()
    khanh = make_staff(name="Vi Văn Khánh", unit_id=new.pk, role=Role.APPROVER, on=at.date())
    quy = make_staff(name="Hồ Thị Quý", unit_id=new.pk, role=Role.TREASURER, on=at.date())
    assert queries.vouchers(quy, on=at.date()).count() == 4
    assert waits in queries.to_approve(khanh, on=at.date())
    treasury.approve(voucher=Voucher.objects.get(pk=waits.pk), by=khanh, at=at)
    fresh = prepared(fund, "take_in", 5_000_000, by=quy, at=at)
    assert (fresh.unit_id, fresh.number) == (new.pk, 1)
    given = Receipt.objects.filter(posting__fund=fund).values_list("unit_id", "number")
    assert (new.pk, 1) in given
    assert [a for a in auditing.anomalies(fund=fund) if a.check == "gap"] == []
    assert verifying.verify(books.journal(fund_id=fund.pk)).holds
