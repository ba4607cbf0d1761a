"""A file of the bank becomes lines and postings, each once; what it adds up to is what the bank says."""

import pytest

from caunoi.campaigns import actions as campaigns
from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.funds.models import Posting
from caunoi.funds.terms import Address, PeriodClosed, Place
from caunoi.statements import actions, running
from caunoi.statements.models import BankLine, FileBody, Total
from caunoi.statements.terms import Column, FileState, LineState, SameFile, Why
from caunoi.statements.tests import ground
from caunoi.statements.tests.test_reading import CAMT, MT940
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


@pytest.fixture
def account(campaign, quy):
    return ground.account_of(campaign, quy)


def free(campaign):
    return books.balances(fund_id=campaign.fund_id).get(Address(Place.ON_HAND, "VND"), 0)


def test_lines_find_their_campaign_and_the_sums_are_those_of_the_bank(campaign, account, quy):
    code = campaigns.give_code(campaign=campaign).text
    rows = ground.moves(
        (500_000, f"{code} ung ho dong bao", "NGUYEN THI HOA"),
        (50_000, "ung ho dong bao vung lu", "TRAN VAN NAM"),
        (-11_000, "Thu phi quan ly tai khoan"),
        (200_000, f"{code.lower().replace('0', 'o')[:4]} {code.lower().replace('0', 'o')[4:]} em gop chut"),
    )  # fmt: skip
    made = ground.bring(account, ground.as_csv(rows), quy)
    assert (made.state, made.good, made.bad, made.done) == (FileState.DONE, 4, 0, 4)
    assert (made.opening, made.closing) == (1_000_000, 1_739_000)
    assert made.opening + made.credits - made.debits == made.closing
    states = list(BankLine.objects.order_by("id").values_list("state", "why"))
    assert states == [("matched", "code"), ("unmatched", "no_code"), ("fee", "bank_fee"), ("matched", "code")]  # fmt: skip
    assert free(campaign) == 689_000
    balances = books.balances(fund_id=campaign.fund_id)
    assert balances[Address(Place.UNMATCHED, "VND")] == 50_000
    total = Total.objects.get(account=account)
    assert (total.lines, total.credits, total.debits) == (4, 750_000, 11_000)
    assert not FileBody.objects.exists()
    assert Posting.objects.filter(pk=BankLine.objects.first().key).exists()


def test_the_same_file_twice_changes_nothing_and_overlapping_files_merge(campaign, account, quy):
    rows = ground.moves(*[(10_000 + n, f"gop {n}") for n in range(6)])
    ground.bring(account, ground.as_csv(rows[:4]), quy)
    with pytest.raises(SameFile):
        ground.take_in(account, ground.as_csv(rows[:4]), quy)
    second = ground.look(account, ground.as_csv(rows[2:]), quy)
    assert (second.good, second.known) == (4, 2)
    running.run(file=actions.start(file=second, by=quy, at=MONDAY), at=MONDAY)
    assert BankLine.objects.count() == 6
    assert books.balances(fund_id=campaign.fund_id)[Address(Place.UNMATCHED, "VND")] == 60_015


def test_lines_that_are_alike_without_a_reference_are_counted(account, quy):
    rows = [["20/11/2026", "", "", "50.000", "", "ung ho", "", ""]] * 3
    ground.bring(account, ground.as_csv(rows), quy)
    assert BankLine.objects.count() == 3
    again = ground.bring(account, ground.as_csv([*rows, rows[0]]), quy)
    assert (again.known, BankLine.objects.count()) == (3, 4)


def test_the_same_days_in_another_format_are_refused_or_known(campaign, account, quy):
    said = [(500_000, "ung ho dong bao", "", 0), (-11_000, "Phi quan ly tai khoan", "", 1)]
    ground.bring(account, ground.as_xlsx(ground.moves(*said)), quy, name="t11.xlsx")
    made = ground.look(account, MT940.encode(), quy, name="t11.sta")
    assert made.state == FileState.FAILED
    assert "2 dòng đã có" in made.trouble
    assert "t11.xlsx" in made.trouble
    assert BankLine.objects.count() == 2
    same = [(*move, number) for move, number in zip(said, ("FT1", "PHI1"), strict=True)]
    other = ground.account_of(campaign, quy, number="11000123456")
    ground.bring(other, ground.as_xlsx(ground.moves(*same)), quy)
    made = ground.bring(other, MT940.encode(), quy)  # the bank's own numbers are the same: known
    assert (made.state, made.known, other.lines.count()) == (FileState.DONE, 2, 2)


def test_columns_that_were_confirmed_are_kept_for_the_bank_and_used_again(campaign, account, quy):
    header = ("Khi nào", "Bao nhiêu", "Còn lại", "Lời nhắn")
    columns = {Column.ON: 0, Column.CREDIT: 1, Column.BALANCE: 2, Column.MEMO: 3}
    body = ground.as_csv([["20/11/2026", "5.000", "5.000", "x"]], header=header)
    first = ground.take_in(account, body, quy)
    assert Column.CREDIT not in actions.propose(first).columns
    actions.choose(file=first, columns=columns, month_first=False, by=quy, at=MONDAY)

    moved = ("Lời nhắn", "Còn lại", "Bao nhiêu", "Khi nào")
    other = actions.open_account(campaign=campaign, bank=account.bank, number="77", sole=False, by=quy, at=MONDAY)  # fmt: skip
    again = ground.take_in(other, ground.as_csv([["y", "9.000", "4.000", "21/11/2026"]], header=moved), quy)  # fmt: skip
    proposed = actions.propose(again)
    assert proposed.columns == {Column.ON: 3, Column.CREDIT: 2, Column.BALANCE: 1, Column.MEMO: 0}
    assert not proposed.changed
    changed = ground.take_in(other, ground.as_csv([["20/11/2026", "1", "2", "z"]], header=ground.HEADER[:4]), quy)  # fmt: skip
    assert actions.propose(changed).changed
    elsewhere = actions.open_account(campaign=campaign, bank="970418", number="78", sole=False, by=quy, at=MONDAY)  # fmt: skip
    theirs = ground.take_in(elsewhere, body, quy)
    assert Column.CREDIT not in actions.propose(theirs).columns  # of another bank it knows nothing


def test_a_last_line_without_an_end_is_warned_of_in_the_preview(account, quy):
    rows = [row[:4] for row in ground.moves((5_000, "x"), (500_000, "y"))]
    made = ground.look(account, ground.as_csv(rows, header=ground.HEADER[:4])[:-6], quy)
    assert "có thể bị cắt" in made.trouble
    assert made.state == FileState.CHECKED


def test_a_run_that_was_killed_goes_on_where_it_stopped(campaign, account, quy, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 3)
    code = campaigns.give_code(campaign=campaign).text
    rows = ground.moves(*[(1_000 + n, f"{code} lan {n}") for n in range(8)])
    made = ground.look(account, ground.as_csv(rows), quy)
    actions.start(file=made, by=quy, at=MONDAY)
    made.refresh_from_db()
    assert running.run(file=made, at=MONDAY, most=2) == 6
    made.refresh_from_db()
    assert (made.state, made.done, BankLine.objects.count()) == (FileState.RUNNING, 6, 6)
    assert running.run(file=made, at=MONDAY) == 2
    assert BankLine.objects.count() == 8
    assert free(campaign) == sum(1_000 + n for n in range(8))


def test_money_outside_the_days_waits_to_go_back_and_says_why(campaign, account, quy):
    code = campaigns.give_code(campaign=campaign).text
    rows = ground.moves((5_000, f"{code} som", "", -30), (7_000, f"{code} kip", "", 0))
    ground.bring(account, ground.as_csv(rows), quy)
    early, good = BankLine.objects.order_by("on")
    assert (early.state, early.why) == (LineState.UNMATCHED, Why.TOO_EARLY)
    waits = books.balances(fund_id=campaign.fund_id)[Address(Place.UNMATCHED, "VND")]
    assert waits == 5_000  # in the books all the same, on their first day
    assert good.state == LineState.MATCHED


def test_a_promise_learns_that_its_money_came(campaign, account, quy):
    gift = campaigns.promise(campaign=campaign, commodity="VND", amount=300_000, at=MONDAY, fields={"giver": "Nguyễn Thị Hoa"})  # fmt: skip
    rows = ground.moves((300_000, f"chuyen tien {gift.code.text}"))
    ground.bring(account, ground.as_csv(rows), quy)
    gift.refresh_from_db()
    assert (gift.came, gift.state) == (300_000, "fulfilled")
    assert BankLine.objects.get().gift_id == gift.pk


def test_a_fee_without_free_money_waits(campaign, account, quy):
    ground.bring(account, ground.as_csv(ground.moves((-11_000, "Phi SMS"))), quy)
    line = BankLine.objects.get()
    assert (line.state, line.why, line.posting_id) == (LineState.UNMATCHED, Why.NO_MONEY, None)


def test_a_fee_that_stands_before_the_money_it_is_taken_from_is_booked_after_it(
    campaign, account, quy
):
    code = campaigns.give_code(campaign=campaign).text
    rows = ground.moves((-11_000, "Thu phi quan ly tai khoan"), (500_000, f"{code} ung ho"))

    made = ground.bring(account, ground.as_csv(rows), quy)

    assert made.state == FileState.DONE
    assert list(BankLine.objects.order_by("id").values_list("state", flat=True)) == ["fee", "matched"]  # fmt: skip
    assert free(campaign) == 489_000


def test_a_promise_whose_money_came_on_a_day_of_closed_books_is_kept_on_the_first_open_one(
    campaign, account, quy
):
    gift = campaigns.promise(
        campaign=campaign, commodity="VND", amount=100_000, at=MONDAY, fields={}
    )
    rows = ground.moves((100_000, f"{gift.code.text} ung ho"))
    day = running.days_of(campaign).counts_for(MONDAY.date())
    funds.close_books(fund_id=campaign.fund_id, through=day, at=MONDAY)

    made = ground.bring(account, ground.as_csv(rows), quy)

    assert made.state == FileState.DONE
    gift.refresh_from_db()
    assert gift.came == 100_000
    assert books.balances(fund_id=campaign.fund_id)[Address(Place.PLEDGED, "VND")] == 0


def test_what_a_commune_pays_for_is_no_bank_fee(campaign, account, quy):
    code = campaigns.give_code(campaign=campaign).text
    rows = ground.moves((500_000, code), (-11_000, "Phi SMS"), (-50_000, "Chi phí vận chuyển gạo"))
    ground.bring(account, ground.as_csv(rows), quy)
    _came, fee, paid = BankLine.objects.order_by("id")
    assert fee.state == LineState.FEE
    assert (paid.state, paid.why) == (LineState.UNMATCHED, Why.MONEY_OUT)


def test_who_promised_under_initials_is_shown_by_them_in_the_statement(campaign, account, quy):
    fields = {"giver": "Nguyễn Thị Hoa", "contact": "", "initials": True}
    gift = campaigns.promise(
        campaign=campaign, commodity="VND", amount=90_000, at=MONDAY, fields=fields
    )
    code = campaigns.give_code(campaign=campaign, gift=gift).text
    ground.bring(
        account,
        ground.as_csv(ground.moves((90_000, f"NGUYEN THI HOA {code}", "NGUYEN THI HOA"))),
        quy,
    )
    (line,) = BankLine.objects.all()
    assert (line.initials, line.giver) == (True, "N. T. H.")
    assert "HOA" not in line.text


def test_a_file_of_another_account_is_refused(campaign, quy):
    account = ground.account_of(campaign, quy, number="0099888777666")
    body = CAMT.format(version="02", party="<Dbtr><Nm>NGUYEN THI HOA</Nm></Dbtr>").encode()
    made = ground.look(account, body, quy)
    assert made.state == FileState.FAILED
    assert "của tài khoản khác (***456)" in made.trouble


def test_books_closed_in_the_middle_of_a_run_are_told_and_it_goes_on_later(
    campaign, account, quy, monkeypatch
):
    rows = ground.moves(*[(1_000 + n, f"lan {n}") for n in range(4)])
    made = ground.look(account, ground.as_csv(rows), quy)
    actions.start(file=made, by=quy, at=MONDAY)
    made.refresh_from_db()
    with monkeypatch.context() as closed:

        def refuse(*_args, **_more):
            raise PeriodClosed("Sổ của ngày đó đã khoá.")

        closed.setattr(running.funds, "post_many", refuse)
        assert running.run(file=made, at=MONDAY) == 0
    made.refresh_from_db()
    assert (made.state, made.trouble) == (FileState.CHECKED, "Sổ của ngày đó đã khoá.")
    actions.start(file=made, by=quy, at=MONDAY)
    made.refresh_from_db()
    assert running.run(file=made, at=MONDAY) == 4
    made.refresh_from_db()
    assert (made.state, made.trouble) == (FileState.DONE, "")
