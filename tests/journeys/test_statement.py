"""The treasurer brings the bank's file in, everybody finds her own transfer in it, and it adds up to the bank's balance to the đồng.

In September 2024 a whole country looked for its transfers in a PDF of twelve thousand pages.
"""

import json

import pytest
from django.test import Client
from django.urls import reverse

from caunoi.campaigns import actions as campaigns
from caunoi.cli import sample_statements
from caunoi.funds import actions as funds
from caunoi.funds import queries as books
from caunoi.funds.terms import Place
from caunoi.kit import clock
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.statements import running
from caunoi.statements.models import BankLine, Total
from caunoi.statements.tests import ground
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
SAID = ("ung ho dong bao", "gop chut tam long", "chuc ba con binh an", "ủng hộ bà con vùng lũ")
SURNAMES = ("NGUYEN VAN", "TRAN THI", "LE DUC", "PHAM THI", "GIANG THI", "VI VAN")
GIVEN = ("An", "Bình", "Hoa", "Lan", "Mỷ", "Nam", "Khăm", "Sơn", "Tâm", "Yến")


@pytest.mark.parametrize("lines", [2_000, pytest.param(200_000, marks=pytest.mark.slow)])
def test_the_flash_flood_in_one_file(lines, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    tree = small_tree()
    campaign, quy = ground.campaign_in(tree), ground.treasurer_of(tree)
    code = campaigns.give_code(campaign=campaign).text
    account = ground.account_of(campaign, quy)

    made = ground.bring(account, ground.as_csv(_transfers(lines, code)), quy)

    assert (made.state, made.good, made.bad) == ("done", lines, 0)
    total = Total.objects.get(account=account)
    assert 1_000_000 + total.credits - total.debits == made.closing
    balances = books.balances(fund_id=campaign.fund_id)
    money = {p: sum(n for a, n in balances.items() if a.place == p) for p in Place}
    assert money[Place.ON_HAND] + money[Place.UNMATCHED] == total.credits - total.debits
    assert -money[Place.GIVERS] == total.credits

    public, address = Client(), reverse("statements:statement", args=[campaign.slug])
    page = public.get(f"{address}?q=EM+UT+SỐ+777")
    (mine,) = page.context["page"].lines
    assert mine.amount == 777_777
    assert "cộng lại khớp số dư của ngân hàng" in page.content.decode()
    typed = code.lower().replace("0", "o")
    assert len(public.get(f"{address}?q={typed}").context["page"].lines) == 50

    funds.publish_root(fund_id=campaign.fund_id, day=MONDAY.date(), at=MONDAY)
    proof = json.loads(public.get(reverse("statements:proof", args=[mine.short])).content)
    assert proof["posting"]["amount"] == 777_777

    again = ground.look(account, ground.as_csv(_transfers(lines, code)[lines // 2 :]), quy)
    assert again.known == again.good == lines - lines // 2
    assert running.run(file=again, at=MONDAY) == 0
    assert BankLine.objects.count() == lines


def _transfers(n, code):
    said = []
    for i in range(n):
        name = f"{SURNAMES[i % 6]} {GIVEN[i % 10]}"
        memo = f"{name} {SAID[i % 4]}" + (f" {code}" if i % 3 else "")
        if i == 777:
            said.append((777_777, f"em út số 777 gửi bà con {code}", name))
        elif i % 500 == 499:
            said.append((-5_500, "Phi dich vu", ""))
        else:
            said.append((10_000 + i % 90 * 1_000, memo, name))
    return ground.moves(*said)


def test_the_sample_statement_adds_up():
    tree = small_tree()
    province = tree["nghe_an"].pk
    people = {
        "quy": ground.treasurer_of(tree),
        "hanh": make_staff(name="Hồ Thị Hạnh", unit_id=province, role=Role.EDITOR),
        "phuc": make_staff(name="Lê Văn Phúc", unit_id=province, role=Role.APPROVER),
    }
    file = sample_statements.load_statements(people, province, MONDAY)
    assert (file.state, file.good, file.bad) == ("done", len(sample_statements.MOVES), 0)
    assert file.opening + file.credits - file.debits == file.closing
