"""What the treasurer does with lines by hand: matched, taken back, given back, each with its posting and never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns import actions_forgetting as campaigns_forgetting
from caunoi.campaigns import queries as campaign_queries
from caunoi.campaigns.models import Need, Purpose
from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.funds import verifying
from caunoi.funds.models import Word
from caunoi.funds.terms import Address, Column, OutsideCampaign, Place
from caunoi.kit import audit
from caunoi.kit.text import fold
from caunoi.statements import actions_forgetting, actions_lines, queries
from caunoi.statements.models import BankLine
from caunoi.statements.terms import Hint, LineState, NotYourStatement, Why, WrongTurn
from caunoi.statements.tests import ground
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(db):
    return small_tree()


@pytest.fixture
def campaign(tree):
    return ground.campaign_in(tree)


@pytest.fixture
def quy(tree):
    return ground.treasurer_of(tree)


def stands(campaign, place="on_hand", purpose=""):
    return books.balances(fund_id=campaign.fund_id).get(Address(Place(place), "VND", purpose), 0)


def lines_of(campaign, quy, *said, **more):
    account = ground.account_of(campaign, quy, **more)
    ground.bring(account, ground.as_csv(ground.moves(*said)), quy)
    return list(BankLine.objects.order_by("id"))


def test_a_line_without_a_code_is_matched_to_a_promise_for_reasons_and_then_it_is_known(
    campaign, quy
):
    gift = campaigns.promise(campaign=campaign, commodity="VND", amount=300_000, at=MONDAY, fields={"giver": "Vi Văn Khăm"})  # fmt: skip
    wrong = gift.code.text[:-2] + ("X" if gift.code.text[-2] != "X" else "Y") + gift.code.text[-1]
    (line,) = lines_of(campaign, quy, (300_000, f"{wrong} vi van kham gop"))
    assert line.why == Why.NO_CODE
    ((proposal, offered),) = queries.proposals_for(line=line)
    assert offered == gift
    assert set(proposal.hints) == {Hint.NEAR_CODE, Hint.SAME_AMOUNT, Hint.NAME}
    line = actions_lines.match(line=line, gift=gift, by=quy, at=MONDAY)
    gift.refresh_from_db()
    assert (line.state, line.why, gift.came) == (LineState.MATCHED, Why.HAND, 300_000)
    assert (stands(campaign), stands(campaign, "unmatched")) == (300_000, 0)
    with pytest.raises(WrongTurn):
        actions_lines.match(line=line, by=quy, at=MONDAY)


def test_needs_lapsed_promises_and_promises_of_the_same_week_are_proposed(campaign, quy, tree):
    Purpose.objects.create(campaign=campaign, code="mai-nha", name="Mái nhà")
    need = Need.objects.create(
        campaign=campaign, unit=tree["bich_hao"], commodity_id="VND", amount=400_000, purpose="mai-nha", said_by_id=quy.account_id,
        said_at=MONDAY, confirmed_until=MONDAY.date(),
    )  # fmt: skip
    campaigns.give_code(campaign=campaign, need=need)
    made = [MONDAY - timedelta(days=n) for n in (20, 5)]
    old, late = (campaigns.promise(campaign=campaign, commodity="VND", amount=70_000, at=at, fields={}) for at in made)  # fmt: skip
    campaigns.lapse(gift=old, at=MONDAY)
    said = [(400_000, "gop mai nha ba con Bich Hao"), (70_000, "ung ho"), (1_000, "ung ho")]
    whole, same, none = lines_of(campaign, quy, *said)
    assert queries.needs_for(line=whole) == [([Hint.PLACE, Hint.PURPOSE, Hint.SAME_AMOUNT], need)]
    assert queries.needs_for(line=none) == []
    (first, soon), (second, lapsed) = queries.proposals_for(line=same)
    assert (soon, first.hints) == (late, (Hint.SAME_AMOUNT, Hint.SOON))
    assert (lapsed, second.hints) == (old, (Hint.SAME_AMOUNT, Hint.LAPSED))
    actions_lines.match(line=same, gift=lapsed, by=quy, at=MONDAY)
    lapsed.refresh_from_db()
    assert (lapsed.came, stands(campaign)) == (70_000, 70_000)


def test_a_match_is_taken_back_and_made_again_with_a_purpose(campaign, quy):
    Purpose.objects.create(campaign=campaign, code="mai-nha", name="Mái nhà")
    (line,) = lines_of(campaign, quy, (80_000, "lop mai nha"))
    line = actions_lines.match(line=line, by=quy, at=MONDAY)
    line = actions_lines.take_back(line=line, by=quy, at=MONDAY)
    assert (line.state, stands(campaign), stands(campaign, "unmatched")) == ("unmatched", 0, 80_000)
    line = actions_lines.match(line=line, purpose="mai-nha", by=quy, at=MONDAY)
    assert stands(campaign, purpose="mai-nha") == 80_000
    with pytest.raises(WrongTurn):
        actions_lines.match(line=line, purpose="khong-co", by=quy, at=MONDAY)


def test_a_match_by_code_is_taken_back_too(campaign, quy):
    code = campaigns.give_code(campaign=campaign).text
    (line,) = lines_of(campaign, quy, (90_000, code))
    line = actions_lines.take_back(line=line, by=quy, at=MONDAY)
    assert (stands(campaign), stands(campaign, "unmatched")) == (0, 90_000)
    actions_lines.match(line=line, by=quy, at=MONDAY)
    assert (stands(campaign), stands(campaign, "unmatched")) == (90_000, 0)


def test_money_of_a_promise_is_taken_back_and_matched_to_the_right_one(campaign, quy):
    hers, his = (
        campaigns.promise(campaign=campaign, commodity="VND", amount=90_000, at=MONDAY, fields={})
        for _ in range(2)
    )
    (line,) = lines_of(campaign, quy, (90_000, hers.code.text))
    assert stands(campaign, "pledged") == 90_000

    line = actions_lines.take_back(line=line, by=quy, at=MONDAY)
    hers.refresh_from_db()
    assert (line.gift, hers.came, hers.state) == (None, 0, "promised")
    assert (stands(campaign), stands(campaign, "pledged")) == (0, 180_000)

    line = actions_lines.match(line=line, gift=his, by=quy, at=MONDAY)
    line = actions_lines.take_back(line=line, by=quy, at=MONDAY)
    line = actions_lines.match(line=line, gift=his, by=quy, at=MONDAY)
    his.refresh_from_db()
    assert (his.came, his.state) == (90_000, "fulfilled")
    assert (stands(campaign), stands(campaign, "pledged")) == (90_000, 90_000)
    assert books.columns(fund_id=campaign.fund_id)[Column.REGISTERED] == {"VND": 180_000}


def test_who_got_her_money_back_owes_her_promise_no_more(campaign, quy):
    gift = campaigns.promise(
        campaign=campaign, commodity="VND", amount=70_000, at=MONDAY, fields={}
    )
    came, out = lines_of(campaign, quy, (70_000, gift.code.text), (-70_000, "hoan tien"))

    actions_lines.give_back(line=out, of=came, by=quy, at=MONDAY)

    gift.refresh_from_db()
    assert (gift.came, gift.state) == (0, "lapsed")
    assert (stands(campaign), stands(campaign, "pledged"), stands(campaign, "returned")) == (0, 0, 70_000)  # fmt: skip


def test_money_is_given_back_once_and_both_lines_say_so(campaign, quy):
    came, out, again = lines_of(campaign, quy, (70_000, "nham"), (-70_000, "hoan tien"), (-70_000, "hoan tien nua"))  # fmt: skip
    assert queries.could_be_given_back(line=out) == [came]
    out = actions_lines.give_back(line=out, of=came, by=quy, at=MONDAY)
    came.refresh_from_db()
    assert (out.state, came.state) == (LineState.REFUND, LineState.REFUND)
    assert (stands(campaign, "unmatched"), stands(campaign, "returned")) == (0, 70_000)
    with pytest.raises(WrongTurn):
        actions_lines.give_back(line=again, of=came, by=quy, at=MONDAY)
    again = actions_lines.set_aside(line=again, note="Phiếu chi 12/2026", by=quy, at=MONDAY)
    assert again.state == LineState.IGNORED
    assert actions_lines.take_back(line=again, by=quy, at=MONDAY).state == LineState.UNMATCHED


def test_late_money_is_not_matched_but_given_back(campaign, quy):
    code = campaigns.give_code(campaign=campaign).text
    campaign.ends_on = date(2026, 11, 19)
    campaign.save()
    (line,) = lines_of(campaign, quy, (60_000, code))
    assert line.why == Why.TOO_LATE
    with pytest.raises(OutsideCampaign):
        actions_lines.match(line=line, by=quy, at=MONDAY)
    assert stands(campaign, "unmatched") == 60_000


def test_a_line_of_closed_books_counts_for_the_first_open_day(campaign, quy):
    funds.close_books(fund_id=campaign.fund_id, through=date(2026, 11, 22), at=MONDAY)
    code = campaigns.give_code(campaign=campaign).text
    (line,) = lines_of(campaign, quy, (60_000, code))
    assert (line.state, stands(campaign)) == (LineState.MATCHED, 60_000)


def test_the_treasurer_of_another_unit_does_nothing(tree, campaign, quy):
    (line,) = lines_of(campaign, quy, (60_000, "x"))
    other = ground.treasurer_of(tree, "cao_son")
    with pytest.raises(NotYourStatement):
        actions_lines.match(line=line, by=other, at=MONDAY)
    assert queries.line(other, short=line.short, on=MONDAY.date()) is None
    assert queries.line(quy, short=line.short, on=MONDAY.date()) == line


def test_a_giver_who_asks_is_shown_by_initials(campaign, quy):
    (line,) = lines_of(
        campaign, quy, (60_000, "NGUYEN THI HOA 0912345678 ung ho", "NGUYEN THI HOA")
    )
    assert line.text == "N. T. HOA ***678 ung ho"
    line = actions_lines.show_initials(line=line, initials=True, by=quy, at=MONDAY)
    assert (line.text, line.giver) == ("N. T. H. ***678 ung ho", "N. T. H.")
    assert "hoa" not in line.folded


def test_two_years_after_a_campaign_its_givers_are_forgotten_and_its_proofs_still_hold(
    campaign, quy
):
    code = campaigns.give_code(campaign=campaign).text
    gift = campaigns.promise(
        campaign=campaign, commodity="VND", amount=1_000, at=MONDAY, fields={"giver": "Lò Thị Hoa", "contact": "0912345678"}
    )  # fmt: skip
    said = [
        (90_000, f"LO THI HOA ung ho {code}", "LO THI HOA"),
        (50_000, "gui ba con", "VI VAN NAM"),
    ]
    kept, waits = lines_of(campaign, quy, *said)
    actions_lines.match(line=waits, by=quy, at=MONDAY)
    funds.publish_root(fund_id=campaign.fund_id, day=MONDAY.date(), at=MONDAY)
    before = list(books.journal(fund_id=campaign.fund_id))
    campaigns.lapse(gift=gift, at=MONDAY)
    end = campaign.ends_on + timedelta(days=731)
    at = datetime(end.year, end.month, end.day, 12, tzinfo=UTC)

    early = actions_forgetting.forget_givers(at=at - timedelta(days=3))
    lines, gifts = (
        actions_forgetting.forget_givers(at=at),
        campaigns_forgetting.forget_givers(at=at),
    )

    assert (early, lines, gifts) == (0, 2, 1)
    assert (actions_forgetting.forget_givers(at=at), campaigns_forgetting.forget_givers(at=at)) == (
        0,
        0,
    )
    row = BankLine.objects.get(pk=kept.pk)
    assert (row.memo, row.other_name, row.text, row.giver) == ("", "", "", "")
    assert (row.amount, row.on, row.code) == (kept.amount, kept.on, kept.code)
    assert fold(code) in row.folded
    assert not Word.objects.exists()
    gift.refresh_from_db()
    assert (gift.giver, gift.contact, gift.amount) == ("", "", 1_000)
    assert verifying.verify(before).wrong == ""
    assert verifying.verify(list(books.journal(fund_id=campaign.fund_id))).wrong == ""
    assert audit.verify().whole


def test_money_that_came_for_a_need_meets_it_until_it_goes_back(campaign, quy, tree):
    need = Need.objects.create(
        campaign=campaign, unit=tree["bich_hao"], commodity_id="VND", amount=500_000, said_by_id=quy.account_id,
        said_at=MONDAY, confirmed_until=MONDAY.date(),
    )  # fmt: skip
    code = campaigns.give_code(campaign=campaign, need=need).text
    by_code, by_hand = lines_of(campaign, quy, (200_000, code), (50_000, "cho ban Pha Lai"))
    by_hand = actions_lines.match(line=by_hand, need=need, by=quy, at=MONDAY)

    assert campaign_queries.met_of(need_ids=[need.pk]) == {need.pk: 250_000}

    actions_lines.take_back(line=by_hand, by=quy, at=MONDAY)
    assert campaign_queries.met_of(need_ids=[need.pk]) == {need.pk: 200_000}
    assert by_code.need == need
