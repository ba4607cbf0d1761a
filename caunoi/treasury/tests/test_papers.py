"""What is printed reads right: amounts in words, numbers, and codes an outside decoder opens."""

import io
import json

import pytest
import zxingcpp
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from caunoi.staff.tests.factories import client_for
from caunoi.treasury import papers, queries, reporting
from caunoi.treasury.tests.ground import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """Return a function that draws a paper as pictures, with the words that were printed."""

    def draw(make):
        kept = []
        real = papers.draw
        monkeypatch.setattr(papers, "draw", lambda *a: kept.append(a) or real(*a))
        assert make().startswith(b"%PDF")
        monkeypatch.setattr(papers, "draw", real)
        layout, data = kept[0]
        pictures = papers.pages(layout, data, kind="png")
        return json.dumps(data, ensure_ascii=False), [Image.open(io.BytesIO(p)) for p in pictures]

    return draw


def codes(picture):
    return sorted(c.text for c in zxingcpp.read_barcodes(picture.convert("L")))


def test_receipts_stand_two_on_a_sheet_with_words_and_codes(ground, drawn):
    gifts = [ground.voucher("take_in", n) for n in (1_250_000, 300_000, 45_000)]
    rows = queries.receipts_between(fund=ground.fund, since=DAY, until=DAY)
    text, sheets = drawn(lambda: papers.receipts_pdf(fund=ground.fund, receipts=rows))

    assert len(sheets) == 2
    assert "1.250.000 đồng" in text
    assert "Một triệu hai trăm năm mươi nghìn đồng" in text
    assert "Nguyễn Thị Lành" in text
    wanted = sorted(papers.address_of("treasury:receipt", g.pk) for g in gifts[:2])
    assert codes(sheets[0]) == wanted


def test_a_voucher_that_waits_says_so_on_paper(ground, drawn):
    ground.voucher("take_in", 30_000_000)
    waiting = ground.voucher("allocate", 25_000_000)

    text, _sheets = drawn(lambda: papers.voucher_pdf(voucher=waiting))
    assert "PHIẾU PHÂN BỔ" in text
    assert "CHƯA DUYỆT" in text
    assert "Hai mươi lăm triệu đồng" in text
    assert "Xã Bích Hào" in text


def test_the_boards_get_a_sheet_for_each_unit_whose_code_opens_the_books(ground, drawn):
    ground.voucher("take_in", 1_000)
    ground.voucher("allocate", 600)
    ground.voucher("allocate", 300, place_id=ground.tree["tri_le"].pk)
    ground.voucher("hand_over", 250)
    text, sheets = drawn(lambda: papers.board_pdf(fund=ground.fund, on=DAY))

    assert len(sheets) == 3
    assert '"900"' in text
    assert '"350"' in text
    assert text.index("Tổng hợp toàn quỹ") < text.index("Xã Bích Hào") < text.index("Xã Tri Lễ")
    assert codes(sheets[1]) == [papers.address_of("treasury:journal", ground.fund.pk)]


def test_the_report_adds_up_in_every_format(ground):
    ground.voucher("take_in", 1_000)
    ground.voucher("allocate", 600)
    ground.voucher("hand_over", 250)
    ground.voucher("fee", 11)
    giang = client_for(ground.giang)

    def got(ending):
        address = reverse("treasury:report", args=[ground.fund.pk, ending])
        return giang.get(f"{address}?since=2026-11-01&until=2026-11-30").content

    sheet = load_workbook(io.BytesIO(got("xlsx"))).active
    told = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if len(row) > 1}
    assert told["1. Số dư đầu kỳ"] == 0
    assert told["2. Tiếp nhận trong kỳ"] == 1_000
    assert told["6. Số dư cuối kỳ (1 + 2 − 3 − 4 − 5)"] == 1_000 - 250 - 11
    word = Document(io.BytesIO(got("docx")))
    assert any("Tiếp nhận trong kỳ" in c.text for t in word.tables for c in t.column_cells(0))
    assert got("pdf").startswith(b"%PDF")
    assert giang.get(reverse("treasury:report", args=[ground.fund.pk, "exe"])).status_code == 404


def test_a_reversal_takes_away_from_the_report_what_its_original_added(ground):
    from caunoi.treasury import actions
    from tests.cast import TUESDAY

    ground.voucher("take_in", 1_000)
    wrong = ground.voucher("allocate", 600)
    actions.reverse(voucher=wrong, because="Sai", on=DAY, by=ground.quy, at=TUESDAY)

    told = reporting.report_of(fund=ground.fund, since=DAY, until=DAY)
    assert ("Phân bổ trong kỳ, đã trừ thu hồi", 0) in told.tables[0].rows
    assert told.tables[2].rows == [("Xã Bích Hào: tiền", 0, 0, 0)]
