"""A campaign with an account, and files as banks write them. Everything in them is invented."""

import csv
import io
from datetime import date, timedelta

from openpyxl import Workbook

from caunoi.campaigns import actions as campaigns
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.statements import actions, running
from caunoi.statements.terms import Column
from tests.cast import MONDAY

FIELDS = {
    "slug": "lu-quet-ky-son",
    "kind": "relief",
    "title": "Chung tay sau lũ quét Kỳ Sơn",
    "purpose": "Dựng lại nhà, chuồng trại và đường vào bản.",
    "legal_basis": "Nghị định 93/2021/NĐ-CP",
    "launched_by": "Ban Thường trực Ủy ban MTTQ tỉnh Nghệ An",
    "starts_on": date(2026, 11, 1),
    "ends_on": date(2027, 1, 29),
}
HEADER = ("Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Mô tả", "Tên tài khoản đối ứng", "Tài khoản đối ứng")  # fmt: skip
DAY = date(2026, 11, 20)


def campaign_in(tree, word="nghe_an", **fields):
    unit = tree[word].pk
    writer = make_staff(name="Hồ Thị Hạnh", unit_id=unit, role=Role.EDITOR)
    approver = make_staff(name="Lê Văn Phúc", unit_id=unit, role=Role.APPROVER)
    draft = campaigns.write(
        unit_id=unit, fields=FIELDS | {"area_id": unit} | fields, by=writer, at=MONDAY
    )
    campaigns.submit(campaign=draft, by=writer, at=MONDAY)
    return campaigns.approve(campaign=draft, by=approver, at=MONDAY)


def treasurer_of(tree, word="nghe_an"):
    return make_staff(name="Đặng Thị Quý", unit_id=tree[word].pk, role=Role.TREASURER)


def account_of(campaign, by, *, sole=False, number="0011000123456"):
    return actions.open_account(
        campaign=campaign, bank="970436", number=number, sole=sole, by=by, at=MONDAY
    )


def moves(*said, opening=1_000_000, on=DAY):
    """(amount, memo[, name[, days later[, reference]]]) as lines of a sheet with a running balance."""
    balance, rows = opening, []
    for n, (amount, memo, *more) in enumerate(said):
        name, later, reference = (*more, "", 0, f"FT{n:06}")[:3] if len(more) < 3 else more
        if len(more) == 1:
            later, reference = 0, f"FT{n:06}"
        elif len(more) == 2:
            reference = f"FT{n:06}"
        balance += amount
        rows.append(
            [
                f"{on + timedelta(days=later):%d/%m/%Y}",
                reference,
                f"{-amount:,}".replace(",", ".") if amount < 0 else "",
                f"{amount:,}".replace(",", ".") if amount > 0 else "",
                f"{balance:,}".replace(",", "."),
                memo,
                name,
                "",
            ]
        )
    return rows


def as_csv(rows, *, header=HEADER, above=(), below=(), sign=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign)
    for row in (*above, header, *rows, *below):
        writer.writerow(row)
    return out.getvalue().encode()


def as_xlsx(rows, *, header=HEADER, above=(), merge=()):
    book = Workbook()
    sheet = book.active
    for row in (*above, header, *rows):
        sheet.append(list(row))
    for cells in merge:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take_in(account, body, by, *, name="sao-ke.csv", at=MONDAY):
    return actions.take_in(account=account, name=name, body=body, by=by, at=at)


def look(account, body, by, *, at=MONDAY, name="sao-ke.csv"):
    made = take_in(account, body, by, at=at, name=name)
    columns = actions.propose(made).columns if made.kind in {"xlsx", "csv"} else {}
    made = actions.choose(file=made, columns=columns, month_first=False, by=by, at=at)
    # a large one is looked at by the worker
    return actions.check(file=made, at=at) if made.state == "checking" else made


def bring(account, body, by, *, at=MONDAY, name="sao-ke.csv"):
    """From the file to the last line written. -> the file."""
    made = look(account, body, by, at=at, name=name)
    made = actions.start(file=made, by=by, at=at)
    running.run(file=made, at=at)
    made.refresh_from_db()
    return made


ALL = tuple(Column)
