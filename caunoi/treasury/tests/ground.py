"""Books of a commune, a treasurer, an approver, an auditor, and short words for vouchers."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from caunoi.files.models import Picture
from caunoi.funds import actions as funds
from caunoi.funds.models import Fund
from caunoi.staff.rules import Staff
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.treasury import actions, rules
from caunoi.treasury.models import Voucher
from caunoi.treasury.terms import Kind
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

DAY = date(2026, 11, 23)
WORDS = {
    "take_in": {"partner": "Nguyễn Thị Lành", "reason": "Ủng hộ bà con vùng lũ"},
    "hand_over": {
        "partner": "Mặt trận xã Bích Hào",
        "recipient": "Ông Vi Văn Khăm",
        "witness": "Bà Lô Thị Hoa",
        "reason": "Hỗ trợ dựng lại nhà",
    },
    "in_kind": {
        "partner": "Công ty Ví Dụ",
        "recipient": "Ông Vi Văn Khăm",
        "witness": "Bà Lô Thị Hoa",
        "reason": "Chi thẳng tiền dời bản",
    },
}


@dataclass
class Ground:
    tree: dict[str, Any]
    fund: Fund
    quy: Staff
    phuc: Staff
    giang: Staff

    def voucher(self, kind, amount, *, by=None, key=None, **more):
        """Prepare a voucher as the treasurer does."""
        words = WORDS.get(kind, {"partner": "Ngân hàng", "reason": "Theo sao kê"})
        words = words | more.pop("words", {})
        if kind not in ("take_in", "give_back", "fee"):
            more.setdefault("place_id", self.tree["bich_hao"].pk)
        return actions.prepare(
            key=key or uuid.uuid4(),
            fund=self.fund,
            kind=Kind(kind),
            amount=amount,
            on=more.pop("on", DAY),
            by=by or self.quy,
            at=more.pop("at", MONDAY),
            words=words,
            **more,
        )


def make_ground() -> Ground:
    """Return the province with books of its own and everybody who looks after them."""
    tree = small_tree()
    unit = tree["nghe_an"]
    funds.know_common_commodities()
    fund = funds.open_fund(unit_id=unit.pk, name="Quỹ lũ quét", on=date(2026, 1, 1), at=MONDAY)
    return Ground(
        tree=tree,
        fund=fund,
        quy=make_staff(name="Đặng Thị Quý", unit_id=unit.pk, role=Role.TREASURER),
        phuc=make_staff(name="Lê Văn Phúc", unit_id=unit.pk, role=Role.APPROVER),
        giang=make_staff(name="Võ Thị Giang", unit_id=unit.pk, role=Role.AUDITOR),
    )


def doors_of(unit, account_id):
    """Return one of everything in that unit, and how its URL is called."""
    funds.know_common_commodities()
    fund = funds.open_fund(unit_id=unit.pk, name="Quỹ thử", on=date(2026, 1, 1), at=MONDAY)
    key = uuid.uuid4()
    drafts = rules.drafts_of(
        voucher=key, kind=Kind.TAKE_IN, amount=5, purpose="", place_id=None, on=DAY, word=""
    )
    posting = funds.post(drafts, fund_id=fund.pk, at=MONDAY)[0]
    by = type("By", (), {"account_id": account_id, "name": "Quý"})()
    funds.issue_receipt(posting=posting, unit_id=unit.pk, year=2026, at=MONDAY, by=by)
    funds.publish_root(fund_id=fund.pk, day=DAY, at=MONDAY)
    picture = Picture.objects.create(
        sha256=b"x", body=b"x", preview=b"x", width=1, height=1, kept_at=MONDAY
    )
    Voucher.objects.create(
        pk=key,
        fund=fund,
        unit=unit,
        year=2026,
        series="PT",
        number=1,
        kind="take_in",
        means="cash",
        amount=5,
        on=DAY,
        reason="t",
        state="posted",
        picture=picture,
        prepared_by_id=account_id,
        prepared_at=MONDAY,
    )
    return {
        "books": {"pk": fund.pk},
        "books_kind": {"pk": fund.pk, "kind": "take_in"},
        "books_report": {"pk": fund.pk, "ending": "xlsx"},
        "money_receipt": {"pk": key},
        "voucher": {"pk": key},
        "voucher_deed": {"pk": key, "deed": "duyet"},
    }
