"""A whole file taken back: its postings, its sums and its lines, by two persons, and the right file can be brought in after it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns import queries as campaign_queries
from caunoi.campaigns.models import Need
from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.funds import verifying
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.kit import audit, clock
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.statements import actions, actions_lines, actions_undoing, queries, running
from caunoi.statements.models import BankLine, StatementFile, Total
from caunoi.statements.terms import NotYourStatement, WrongTurn
from caunoi.statements.tests import ground
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
WHY = "nhập nhầm số tài khoản"


@pytest.fixture
def campaign(db):
    return ground.campaign_in(small_tree())


@pytest.fixture
def quy(campaign):
    return ground.treasurer_of({"nghe_an": campaign.unit})


@pytest.fixture
def phuc(campaign):
    return make_staff(name="Nguyễn Văn Phúc", unit_id=campaign.unit_id, role=Role.APPROVER)


def undo(file, quy, phuc):
    actions_undoing.ask(file=file, reason=WHY, by=quy, at=MONDAY)
    actions_undoing.decide(file=file, agree=True, by=phuc, at=MONDAY)
    file.refresh_from_db()


def money(campaign):
    found = books.balances(fund_id=campaign.fund_id)
    return {a.place: n for a, n in found.items() if n}


def test_a_file_under_a_wrong_number_is_taken_back_and_the_right_one_adds_up(campaign, quy, phuc):
    gift = campaigns.promise(
        campaign=campaign, commodity="VND", amount=90_000, at=MONDAY, fields={}
    )
    code = campaigns.give_code(campaign=campaign).text
    said = [
        (500_000, f"{code} ung ho"),
        (90_000, gift.code.text),
        (40_000, "gop"),
        (-11_000, "Phi SMS"),
        (30_000, "nham"),
        (-10_000, "hoan mot phan"),
    ]
    body = ground.as_csv(ground.moves(*said))
    before = money(campaign)
    for number in ("0099", "0099", "0011000123456"):  # mistyped, once more, then the right one
        file = ground.bring(ground.account_of(campaign, quy, number=number), body, quy)
        *_some, hand, fee, came, out = file.lines.order_by("id")
        actions_lines.match(line=hand, by=quy, at=MONDAY)
        actions_lines.give_back(line=out, of=came, by=quy, at=MONDAY)
        assert fee.state == "fee"
        gift.refresh_from_db()
        assert gift.state == "fulfilled"
        if number == "0099":
            undo(file, quy, phuc)
            assert (file.state, money(campaign)) == ("undone", before)
            total = Total.objects.get(account=file.account)
            assert (total.lines, total.credits, total.debits) == (0, 0, 0)
            gift.refresh_from_db()
            assert (gift.came, gift.state) == (0, "promised")
    (reckoned,) = queries.reckonings(campaign_id=campaign.pk)
    assert (reckoned.account.number, reckoned.lines, reckoned.agrees) == ("0011000123456", 6, True)
    assert books.balances(fund_id=campaign.fund_id)[Address(Place.GIVERS, "VND")] == -660_000
    assert BankLine.objects.filter(state="undone").count() == 12  # the history stays
    assert len(list(queries.all_lines(campaign_id=campaign.pk))) == 6
    assert verifying.verify(list(books.journal(fund_id=campaign.fund_id))).wrong == ""
    assert audit.verify().whole
    public = Client()
    page = public.get(reverse("statements:statement", args=[campaign.slug])).content.decode()
    assert page.count("/sao-ke/dong/") == 6
    gone = BankLine.objects.filter(state="undone").first()
    told = public.get(reverse("statements:line", args=[gone.short])).content.decode()
    assert "đã được gỡ toàn bộ" in told
    with pytest.raises(IntegrityError), transaction.atomic():
        BankLine.objects.filter(pk=gone.pk).update(state="unmatched")


def test_it_takes_two_persons_and_a_reason_where_money_was_posted(campaign, quy, phuc):
    file = ground.bring(
        ground.account_of(campaign, quy), ground.as_csv(ground.moves((5_000, "x"))), quy
    )
    with pytest.raises(WrongTurn):
        actions_undoing.ask(file=file, reason="nhầm", by=quy, at=MONDAY)
    asked = actions_undoing.ask(file=file, reason=WHY, by=quy, at=MONDAY)
    with pytest.raises(NotYourStatement):
        actions_undoing.decide(file=file, agree=True, by=quy, at=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.done_by_id = quy.account_id
        asked.save()
    actions_undoing.decide(file=file, agree=False, by=phuc, at=MONDAY)
    file.refresh_from_db()
    assert file.state == "done"
    only_out = ground.as_csv(ground.moves((-5_000, "rut tien")))
    second = ground.bring(ground.account_of(campaign, quy, number="77"), only_out, quy)
    asked = actions_undoing.ask(file=second, reason=WHY, by=quy, at=MONDAY)
    second.refresh_from_db()
    assert (asked.posted, second.state) == (0, "undone")  # nothing was posted: at once


def test_what_stands_against_it_is_said_and_then_nothing_is_changed(campaign, quy, phuc):
    account, rows = (
        ground.account_of(campaign, quy),
        ground.moves((5_000, "a"), (6_000, "b"), (7_000, "c")),
    )
    file = ground.bring(account, ground.as_csv(rows[:2]), quy)
    later = ground.bring(account, ground.as_csv(rows), quy, at=MONDAY + timedelta(minutes=1))
    with pytest.raises(WrongTurn, match="gỡ tệp đó trước"):
        actions_undoing.ask(file=file, reason=WHY, by=quy, at=MONDAY)
    undo(later, quy, phuc)
    first = file.lines.first()
    actions_lines.match(line=first, by=quy, at=MONDAY)
    used = Draft(
        id=first.file_id,
        move=Move.ALLOCATE,
        source=Address(Place.ON_HAND, "VND"),
        target=Address(Place.ALLOCATED, "VND", unit_id=campaign.unit_id),
        amount=5_000,
        on=MONDAY.date(),
    )
    (used,) = funds.post([used], fund_id=campaign.fund_id, at=MONDAY)
    actions_undoing.ask(file=file, reason=WHY, by=quy, at=MONDAY)
    before = money(campaign)
    with pytest.raises(WrongTurn, match="đã phân bổ hoặc chi"):
        actions_undoing.decide(file=file, agree=True, by=phuc, at=MONDAY)
    funds.close_books(fund_id=campaign.fund_id, through=date(2026, 11, 30), at=MONDAY)
    with pytest.raises(WrongTurn, match="đã khoá đến hết ngày 30/11/2026"):
        actions_undoing.decide(file=file, agree=True, by=phuc, at=MONDAY)
    assert money(campaign) == before
    assert file.lines.filter(state="undone").count() == 0


def test_a_large_file_is_taken_back_by_the_worker(campaign, quy, phuc, monkeypatch):
    monkeypatch.setattr(actions_undoing, "AT_ONCE", 1)
    body = ground.as_csv(ground.moves((5_000, "a"), (6_000, "b")))
    file = ground.bring(ground.account_of(campaign, quy), body, quy)
    undo(file, quy, phuc)
    assert file.state == "undoing"
    actions_undoing.undo(file=file, at=MONDAY)
    file.refresh_from_db()
    assert (file.state, money(campaign)) == ("undone", {})


def test_on_the_pages_the_treasurer_asks_and_the_approver_agrees(campaign, quy, phuc, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    file = ground.bring(
        ground.account_of(campaign, quy), ground.as_csv(ground.moves((5_000, "x"))), quy
    )
    desk, other, address = (
        client_for(quy),
        client_for(phuc),
        reverse("statements:file", args=[file.pk]),
    )
    short = desk.post(reverse("statements:undo", args=[file.pk]), {"reason": "nhầm"})
    assert short.status_code == 422
    assert "nhầm" in short.content.decode()
    desk.post(reverse("statements:undo", args=[file.pk]), {"reason": WHY})
    assert WHY in other.get(address).content.decode()
    other.post(reverse("statements:decide_undo", args=[file.pk]), {"agree": "1"})
    assert "đã gỡ toàn bộ" in desk.get(address).content.decode()
    assert StatementFile.objects.get().state == "undone"


def test_for_one_campaign_only_holds_from_a_day_on(campaign, quy, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    account, desk = ground.account_of(campaign, quy), client_for(quy)
    change = {"sole": "1", "since": "2026-11-21", "reason": "Ngân hàng mở tài khoản riêng"}
    address = reverse("statements:sole", args=[account.pk])
    assert desk.post(address, change | {"reason": ""}).status_code == 422
    assert desk.post(address, change).status_code == 302
    with pytest.raises(WrongTurn):
        actions.change_sole(
            account=account, sole=True, since=date(2026, 11, 25), reason="x", by=quy, at=MONDAY
        )
    page = desk.get(reverse("statements:accounts")).content.decode()
    assert "Ngân hàng mở tài khoản riêng" in page
    rows = ground.moves((5_000, "truoc"), (6_000, "sau", "", 1))
    ground.bring(account, ground.as_csv(rows), quy)
    assert list(account.lines.order_by("on").values_list("why", flat=True)) == [
        "no_code",
        "account",
    ]


def test_money_goes_back_in_parts_that_add_up(campaign, quy):
    need = Need.objects.create(
        campaign=campaign,
        unit=campaign.unit,
        commodity_id="VND",
        amount=500_000,
        said_by_id=quy.account_id,
        said_at=MONDAY,
        confirmed_until=MONDAY.date(),
    )
    code = campaigns.give_code(campaign=campaign, need=need).text
    said = [
        (100_000, code, "VI VAN NAM"),
        *[(-n, "hoan", "VI VAN NAM") for n in (30_000, 80_000, 70_000)],
    ]
    file = ground.bring(ground.account_of(campaign, quy), ground.as_csv(ground.moves(*said)), quy)
    came, part, much, rest = file.lines.order_by("id")
    assert queries.could_be_given_back(line=part) == [came]
    part = actions_lines.give_back(line=part, of=came, by=quy, at=MONDAY)
    came.refresh_from_db()
    assert (came.state, queries.left_of(line=came)) == ("matched", 70_000)
    assert campaigns_met(need) == 70_000
    assert queries.could_be_given_back(line=much) == []
    for wrong in (
        lambda: actions_lines.give_back(line=much, of=came, by=quy, at=MONDAY),
        lambda: actions_lines.take_back(line=came, by=quy, at=MONDAY),
    ):
        with pytest.raises(WrongTurn):
            wrong()
    actions_lines.give_back(line=rest, of=came, by=quy, at=MONDAY)
    came.refresh_from_db()
    assert (came.state, money(campaign)[Place.RETURNED]) == ("refund", 100_000)
    part.refresh_from_db()
    part = actions_lines.take_back(line=part, by=quy, at=MONDAY)
    came.refresh_from_db()
    assert (part.state, came.state, campaigns_met(need)) == ("unmatched", "matched", 30_000)


def campaigns_met(need):
    return campaign_queries.met_of(need_ids=[need.pk]).get(need.pk, 0)


def test_who_got_a_part_back_owes_it_no_more_and_a_fee_is_taken_back(campaign, quy):
    gift = campaigns.promise(
        campaign=campaign, commodity="VND", amount=70_000, at=MONDAY, fields={}
    )
    said = [(70_000, gift.code.text), (-20_000, "hoan"), (-9_000, "tru tien")]
    file = ground.bring(ground.account_of(campaign, quy), ground.as_csv(ground.moves(*said)), quy)
    came, out, fee = file.lines.order_by("id")
    actions_lines.give_back(line=out, of=came, by=quy, at=MONDAY)
    gift.refresh_from_db()
    assert (gift.came, gift.state) == (50_000, "lapsed")
    for _again in range(2):
        fee = actions_lines.book_fee(line=fee, by=quy, at=MONDAY)
        assert money(campaign)[Place.FEES] == 9_000
        fee = actions_lines.take_back(line=fee, by=quy, at=MONDAY)
    assert (fee.state, fee.posting_id) == ("unmatched", None)
    assert money(campaign)[Place.ON_HAND] == 50_000
    assert running.run(file=file, at=MONDAY) == 0
