"""The treasurer's papers: receipts, vouchers, the report, sheets for notice boards. Drawn by typst from plain data, as all papers are."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.conf import settings
from django.urls import reverse

from caunoi.documents import queries as documents
from caunoi.documents.rules import MOTTO, date_line, issuer_words
from caunoi.funds.models import Fund, Receipt
from caunoi.kit.number_words import amount_in_words
from caunoi.kit.templatetags.kit import vi_date, vi_number
from caunoi.treasury import queries
from caunoi.treasury.models import Voucher
from caunoi.treasury.reporting import Report
from caunoi.treasury.terms import MEANS_SAID, TITLES, Kind, Means, State
from caunoi.units import queries as units

LAYOUTS = Path(__file__).resolve().parent / "data"
DEEDS_AT_MOST = 14
MARKS = {State.WAITING: "CHƯA DUYỆT", State.VOIDED: "ĐÃ HUỶ", State.REVERSED: "ĐÃ ĐẢO"}
UNNAMED = "Người ủng hộ không ghi tên"
CHECKED = (
    "Quét mã để kiểm tra: số, ngày, số tiền và bằng chứng khoản này nằm trong sổ cái công khai."
)


def draw(layout: str, data: dict[str, Any]) -> bytes:
    """Return the layout filled with the data as PDF."""
    return pages(layout, data, kind="pdf")[0]


def pages(layout: str, data: dict[str, Any], *, kind: Literal["pdf", "png"]) -> list[bytes]:
    """Return the layout filled with the data: one PDF, or a PNG a page for looking at."""
    inputs = {"paper": json.dumps(data, ensure_ascii=False)}
    source = (LAYOUTS / f"{layout}.typ").read_bytes()
    drawn = typst.compile(source, format=kind, sys_inputs=inputs, ppi=150)
    return [bytes(d) for d in (drawn if isinstance(drawn, list) else [drawn])]


def qr(address: str) -> str:
    """Return the code of an address as SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False)
    return out.getvalue().decode()


def address_of(name: str, pk: Any) -> str:
    """Return the public address of a page of ours."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=[pk])}"


def _money(amount: int) -> str:
    return f"{vi_number(amount)} đồng"


def receipts_pdf(*, fund: Fund, receipts: Iterable[Receipt]) -> bytes:
    """Return receipts, two on a sheet; the giver's name stands on her own paper only."""
    found = list(receipts)
    vouchers = {v.pk: v for v in Voucher.objects.filter(pk__in=[r.posting_id for r in found])}
    head = documents.head_of(unit_id=fund.unit_id, on=fund.opened_on)
    shown = [_receipt(r, fund, vouchers.get(r.posting_id), issuer_words(head)) for r in found]
    return draw(
        "receipts",
        {
            "title": "Biên nhận",
            "heading": "BIÊN NHẬN TIỀN ỦNG HỘ",
            "note": CHECKED,
            "receipts": shown,
        },
    )


def _receipt(receipt: Receipt, fund: Fund, voucher: Voucher | None, issuer: str) -> dict[str, Any]:
    posting = receipt.posting
    word = getattr(posting, "sealed_word", None)
    giver = (word.word if word else "") or UNNAMED
    facts = [
        ("Người ủng hộ:", giver),
        ("Số tiền:", _money(posting.amount)),
        ("Bằng chữ:", amount_in_words(posting.amount)),
        ("Nội dung:", (voucher.reason if voucher else "") or fund.name),
        ("Ngày:", vi_date(posting.on)),
    ]
    address = address_of("treasury:receipt", posting.pk)
    return {
        "issuer": issuer,
        "fund": fund.name,
        "number": f"{receipt.number}/{receipt.year}",
        "facts": facts,
        "address": address,
        "qr": qr(address),
        "day": f"Ngày {vi_date(receipt.issued_at)}",
        "by": receipt.by.full_name,
    }


def voucher_pdf(*, voucher: Voucher) -> bytes:
    """Return one voucher to sign."""
    head = documents.head_of(unit_id=voucher.unit_id, on=voucher.on)
    place = units.name_of(unit_id=voucher.place_id, on=voucher.on) if voucher.place_id else ""
    comes = voucher.kind in (Kind.TAKE_IN, Kind.IN_KIND)
    who = "Họ và tên người nộp:" if comes else "Họ và tên người nhận tiền:"
    facts = [
        (who, voucher.partner),
        ("Địa chỉ:", voucher.address),
        ("Đơn vị được phân bổ:", place),
        ("Lý do:", voucher.reason),
        ("Số tiền:", _money(voucher.amount)),
        ("Bằng chữ:", amount_in_words(voucher.amount)),
        ("Hình thức:", MEANS_SAID[Means(voucher.means)]),
        ("Người nhận:", voucher.recipient),
        ("Người chứng kiến:", voucher.witness),
        ("Kèm theo:", voucher.reference),
    ]
    address = address_of("treasury:journal", voucher.fund_id)
    approver = voucher.approved_by.full_name if voucher.approved_by else ""
    return draw(
        "voucher",
        {
            "title": TITLES[Kind(voucher.kind)],
            "number": voucher.symbol,
            "issuer": [*head.upper_lines, head.body_line],
            "fund": voucher.fund.name,
            "day": f"Ngày {voucher.on.day:02d} tháng {voucher.on.month:02d} năm {voucher.on.year}",
            "mark": MARKS.get(State(voucher.state), ""),
            "facts": [f for f in facts if f[1]],
            "signs": [
                ("Người duyệt", approver),
                ("Thủ quỹ", voucher.prepared_by.full_name),
                ("Người nộp" if comes else "Người nhận", ""),
            ],
            "address": address,
            "qr": qr(address),
        },
    )


def report_pdf(*, fund: Fund, report: Report, by: str, on: date) -> bytes:
    """Return the fund's report as PDF."""
    head = documents.head_of(unit_id=fund.unit_id, on=on)
    tables = [
        {
            "title": t.title,
            "widths": list(t.widths),
            "head": list(t.head),
            "rows": [_said(r) for r in t.rows],
        }
        for t in report.tables
    ]
    return draw(
        "report",
        {
            "upper": list(head.upper_lines),
            "body": head.body_line,
            "motto": MOTTO,
            "dateline": date_line(place=head.place, on=on),
            "title": report.title,
            "paragraphs": list(report.paragraphs),
            "tables": tables,
            "by": by,
            "authority": head.authority,
            "signer": head.signer_title,
            "name": head.signer_name,
        },
    )


def _said(row: Sequence[Any]) -> list[str]:
    return [vi_number(v) if isinstance(v, int) else str(v) for v in row]


def board_pdf(*, fund: Fund, on: date) -> bytes:
    """Return one sheet for the whole fund and one a unit that was allocated anything, for their notice boards."""
    told = queries.by_unit(fund=fund)
    names = units.names_of(unit_ids=[*told, fund.unit_id], on=on)
    things = queries.things()
    totals: dict[str, dict[str, int]] = {}
    for by_thing in told.values():
        for code, counts in by_thing.items():
            total = totals.setdefault(code, {"allocated": 0, "delivered": 0})
            for name, n in counts.items():
                total[name] += n
    sheets = [_sheet("Tổng hợp toàn quỹ", totals, things, [])]
    for unit_id in sorted(told, key=lambda u: names.get(u, "")):
        deeds = queries.handed_over_at(fund=fund, unit_id=unit_id)
        sheets.append(_sheet(names.get(unit_id, ""), told[unit_id], things, deeds))
    head = documents.head_of(unit_id=fund.unit_id, on=on)
    address = address_of("treasury:journal", fund.pk)
    return draw(
        "board",
        {
            "title": f"Niêm yết {fund.name}",
            "issuer": issuer_words(head),
            "fund": fund.name,
            "day": f"Tính đến ngày {vi_date(on)}",
            "head": ["Khoản", "Phân bổ", "Đã trao", "Chưa trao"],
            "deeds": "Các lần trao gần nhất",
            "sheets": sheets,
            "notes": [
                "Bà con có thể tự kiểm tra toàn bộ sổ bằng điện thoại: quét mã bên cạnh.",
                "Thấy sai, báo Mặt trận xã hoặc hỏi ngay trên trang này.",
            ],
            "address": address,
            "qr": qr(address),
        },
    )


def _sheet(
    name: str, counts: dict[str, dict[str, int]], things: dict[str, tuple[str, str]], deeds: list
) -> dict[str, Any]:
    rows = []
    for code in sorted(counts):
        thing, word = things.get(code, (code, ""))
        allocated, delivered = counts[code]["allocated"], counts[code]["delivered"]
        rows.append(
            [
                f"{thing} ({word})",
                vi_number(allocated),
                vi_number(delivered),
                vi_number(allocated - delivered),
            ]
        )
    told = [
        [
            vi_date(p.on),
            f"{vi_number(p.amount)} {things.get(p.commodity_id, ('', ''))[1]}",
            f"bút toán số {p.seq}",
        ]
        for p in deeds[:DEEDS_AT_MOST]
    ]
    more = (
        f"và {len(deeds) - DEEDS_AT_MOST} lần trao khác trong sổ cái"
        if len(deeds) > DEEDS_AT_MOST
        else ""
    )
    return {
        "name": name,
        "rows": rows or [["Chưa phân bổ khoản nào", "", "", ""]],
        "deeds": told,
        "more": more,
    }
