"""Sample data of bank statements: one small file for the flood campaign, brought in as the treasurer does. Givers are invented."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

HEADER = ("Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Số dư", "Mô tả", "Tên tài khoản đối ứng")  # fmt: skip
OPENING = 2_000_000
MOVES = [
    (9, 500_000, "{code} ung ho dong bao vung lu", "NGUYEN THI HOA"),
    (9, 200_000, "LE VAN TAM gop chut tam long, dt 0912345678", "LE VAN TAM"),
    (8, 1_000_000, "Lớp 5A trường Tiểu học Thanh Xuân ủng hộ {code}", "TRAN THI LAN"),
    (8, 50_000, "ung ho mien Bac", "PHAM VAN NAM"),
    (7, 100_000_000, "Cong ty TNHH Ban Mai ung ho {code}", "CONG TY TNHH BAN MAI"),
    (7, -11_000, "Phi quan ly tai khoan thang", ""),
    (6, 300_000, "chuc ba con binh an {code}", "VI VAN KHAM"),
    (6, 2_000_000, "GIANG THI MY gui tang ba con {code}", "GIANG THI MY"),
    (5, 150_000, "chuyen nham, xin hoan lai", "HOANG VAN BINH"),
    (4, -150_000, "Hoan tien chuyen nham", "HOANG VAN BINH"),
    (3, 5_000_000, "Chi bo xom 4 ung ho {code}", "PHAN VAN DUC"),
    (2, 20_000, "em gop tien an sang {code}", "LO THI MAI"),
    (2, 100_000, "ung ho", "BUI VAN SON"),
    (1, 700_000, "{code} nhom tho xay xa Bich Hao", "NGO VAN HUNG"),
]
"""How many days ago, đồng, words, the other side."""


CAMPAIGN = {
    "slug": "ung-ho-vung-bao",
    "kind": "relief",
    "title": "Ủng hộ đồng bào vùng bão (mẫu)",
    "purpose": "Dựng lại nhà, chuồng trại và đường vào bản.",
    "legal_basis": "Nghị định 93/2021/NĐ-CP",
    "launched_by": "Ban Thường trực Ủy ban MTTQ tỉnh Nghệ An",
    "bank": "970436",
    "bank_name": "Vietcombank",
    "account_number": "0011004560456",
    "account_holder": "QUY CUU TRO TINH NGHE AN (MAU)",
}


def load_statements(people: dict[str, Any], unit_id: Any, at: datetime) -> Any:
    """Begin a campaign after a storm and bring the file of its bank in. -> the file."""
    return load_statement(campaign=_flood(people, unit_id, at), by=people["quy"], at=at)


def _flood(people: dict[str, Any], unit_id: Any, at: datetime) -> Any:
    from caunoi.campaigns import actions as campaigns
    from caunoi.kit import clock

    on = clock.local_date(at)
    days = {"starts_on": on - timedelta(days=20), "ends_on": on + timedelta(days=60)}
    fields = CAMPAIGN | days | {"area_id": unit_id}
    draft = campaigns.write(unit_id=unit_id, fields=fields, by=people["hanh"], at=at)
    campaigns.submit(campaign=draft, by=people["hanh"], at=at)
    return campaigns.approve(campaign=draft, by=people["phuc"], at=at)


def load_statement(*, campaign: Any, by: Any, at: datetime) -> Any:
    """Bring the file of a campaign's account in, to the last line, and seal the books of the day. -> the file."""
    from caunoi.campaigns import actions as campaigns
    from caunoi.funds import actions as funds
    from caunoi.kit import clock
    from caunoi.statements import actions, actions_lines, running
    from caunoi.statements.models import BankLine

    code = campaigns.give_code(campaign=campaign).text
    account = actions.open_account(
        campaign=campaign,
        bank=campaign.bank,
        number=campaign.account_number or "0011004560456",
        sole=False,
        by=by,
        at=at,
    )
    on = clock.local_date(at)
    first = max(on - timedelta(days=9), campaign.starts_on)
    body = _file(code, lambda ago: max(on - timedelta(days=ago), first))
    file = actions.take_in(account=account, name="sao-ke-mau.csv", body=body, by=by, at=at)
    columns = actions.propose(file).columns
    file = actions.choose(file=file, columns=columns, month_first=False, by=by, at=at)
    file = actions.start(file=file, by=by, at=at)
    running.run(file=file, at=at)
    file.refresh_from_db()
    lines = BankLine.objects.filter(file=file)
    out, came = lines.get(amount=-150_000), lines.get(amount=150_000)
    actions_lines.give_back(line=out, of=came, by=by, at=at)
    funds.publish_root(fund_id=campaign.fund_id, day=on - timedelta(days=1), at=at)
    return file


def _file(code: str, day_of: Any) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["NGÂN HÀNG MẪU: SAO KÊ TÀI KHOẢN (DỮ LIỆU MẪU)"])
    writer.writerow(HEADER)
    balance = OPENING
    for n, (ago, amount, words, name) in enumerate(MOVES):
        balance += amount
        out_, in_ = (-amount, "") if amount < 0 else ("", amount)
        writer.writerow([f"{day_of(ago):%d/%m/%Y}", f"FTMAU{n:05}", out_, in_, balance, words.format(code=code), name])  # fmt: skip
    return out.getvalue().encode()
