"""Official papers: numbers without gaps, the layout, and files that can be opened."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Mm
from PIL import Image

from caunoi.documents import actions, drawing, queries, rules, word
from caunoi.documents.models import Paper, PaperFile
from caunoi.documents.terms import (
    AlreadyCancelled,
    Format,
    NeedsReason,
    NotYourPaper,
    PaperType,
    Sheet,
)
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

EVERY_LETTER = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


@pytest.fixture
def place(db):
    return small_tree()


@pytest.fixture
def an(place):
    return make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)


def issue(unit, by, *, at=MONDAY, paper_type=PaperType.FORWARDING_SLIP, **more):
    return actions.issue_paper(
        unit_id=unit.pk,
        paper_type=paper_type,
        subject="Về câu hỏi số NA-2026-000001",
        addressee="Sở Y tế tỉnh Nghệ An",
        paragraphs=["Nội dung câu hỏi.", "Trân trọng./."],
        reference="case:1",
        by=by,
        at=at,
        **more,
    )


def sheet(**changes):
    head = rules.default_head(full_name="Xã Bích Hào", name="Bích Hào")
    plain = Sheet(
        head=replace(head, signer_name="Trần Văn Bình"),
        number="05/PC-MTTQ-BTT",
        date_line="Bích Hào, ngày 05 tháng 01 năm 2027",
        title="PHIẾU CHUYỂN",
        subject="Về câu hỏi số NA-2026-000123",
        addressee="Sở Y tế tỉnh Nghệ An",
        paragraphs=("Nội dung #let x = $1$ *đậm* \\ < @ [ẩn].", EVERY_LETTER),
        recipients=("- Như trên;", "- Lưu: VT."),
    )
    return replace(plain, **changes)


@pytest.mark.parametrize(
    ("number", "paper_type", "said"),
    [
        (5, PaperType.FORWARDING_SLIP, "05/PC-MTTQ-BTT"),
        (112, PaperType.FORWARDING_SLIP, "112/PC-MTTQ-BTT"),
        (7, PaperType.REMINDER, "07/MTTQ-BTT"),
    ],
)
def test_numbers_below_ten_have_a_zero_and_letters_have_no_type(number, paper_type, said):
    assert rules.number_and_symbol(number=number, paper_type=paper_type, symbol="MTTQ-BTT") == said


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2027, 1, 5), "Bích Hào, ngày 05 tháng 01 năm 2027"),
        (date(2026, 11, 23), "Bích Hào, ngày 23 tháng 11 năm 2026"),
        (date(2026, 3, 9), "Bích Hào, ngày 09 tháng 3 năm 2026"),
    ],
)
def test_the_date_is_written_as_the_decree_wants(on, said):
    assert rules.date_line(place="Bích Hào", on=on) == said


def test_the_issuer_reads_well_inside_a_sentence():
    head = rules.default_head(full_name="Tỉnh Nghệ An", name="Nghệ An")

    assert rules.issuer_words(head) == "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Nghệ An"


def test_recipients_get_their_dashes_and_marks():
    assert rules.recipients_of("Như trên\n- Người hỏi;\n\nLưu: VT") == (
        "- Như trên;",
        "- Người hỏi;",
        "- Lưu: VT.",
    )


def test_numbers_have_no_gap_and_begin_again_each_year_and_in_each_unit(place, an):
    other = make_staff(name="Vi Văn Em", unit_id=place["tri_le"].pk, role=Role.APPROVER)
    first, second = issue(place["bich_hao"], an), issue(place["bich_hao"], an)
    with pytest.raises(NotYourPaper):
        issue(place["tri_le"], an)
    third = issue(place["bich_hao"], an, paper_type=PaperType.REMINDER)
    elsewhere = issue(place["tri_le"], other)
    next_year = issue(place["bich_hao"], an, at=datetime(2027, 1, 4, 2, tzinfo=UTC))

    assert [p.symbol for p in (first, second, third)] == [
        "01/PC-MTTQ-BTT",
        "02/PC-MTTQ-BTT",
        "03/MTTQ-BTT",
    ]
    assert elsewhere.number == next_year.number == 1


def test_a_cancelled_number_keeps_its_reason_and_is_not_given_again(place, an):
    paper = issue(place["bich_hao"], an)
    with pytest.raises(NeedsReason):
        actions.cancel_paper(paper=paper, because=" ", by=an, at=TUESDAY)

    actions.cancel_paper(paper=paper, because="Ghi nhầm nơi nhận", by=an, at=TUESDAY)
    following = issue(place["bich_hao"], an, at=TUESDAY)

    assert following.number == 2
    assert Paper.objects.get(number=1).cancelled_because == "Ghi nhầm nơi nhận"
    with pytest.raises(AlreadyCancelled):
        actions.cancel_paper(paper=paper, because="Lần nữa", by=an, at=TUESDAY)


def test_a_paper_drawn_once_reads_the_same_after_the_signer_changed(place, an):
    chi = make_staff(name="Lê Chi", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)
    old_head = queries.head_of(unit_id=place["bich_hao"].pk, on=MONDAY.date())
    paper = issue(place["bich_hao"], an)
    drawn = actions.file_for(paper=paper, file_format=Format.PDF, at=MONDAY)

    new = replace(old_head, signer_name="Hoàng Văn Mới", symbol="MT-BTT")
    actions.save_letterhead(
        unit_id=place["bich_hao"].pk, head=new, recipients="Như trên", by=chi, at=TUESDAY
    )

    paper.refresh_from_db()
    assert actions.file_for(paper=paper, file_format=Format.PDF, at=TUESDAY) == drawn
    assert PaperFile.objects.count() == 1
    assert Sheet.from_json(paper.sheet).head.signer_name == ""
    assert issue(place["bich_hao"], an, at=TUESDAY).symbol == "02/PC-MT-BTT"


def test_the_pdf_is_one_a4_page_and_holds_what_was_written_letter_by_letter():
    drawn = drawing.pdf_of(sheet())

    assert drawn.startswith(b"%PDF-")
    picture = Image.open(BytesIO(drawing.draw("official", _data(sheet()), kind="png", ppi=72)))
    assert (picture.width, picture.height) == (595, 842)
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=drawn, capture_output=True, check=True
        ).stdout.decode()
        for words in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Số: 05/PC-MTTQ-BTT",
            "#let x = $1$ *đậm*",
            "TM. BAN THƯỜNG TRỰC",
            "- Lưu: VT.",
        ):
            assert words in text


def _data(drawn):
    return drawn.as_json() | {"motto": rules.MOTTO}


def test_every_vietnamese_letter_is_drawn_and_none_as_an_empty_box():
    """A letter the font lacks is drawn as the same empty box as any other: no two letters may look alike."""
    pictures = set()
    for letter in EVERY_LETTER:
        big = drawing.draw(
            "receipt",
            {"title": letter * 3, "number": "", "issuer": "", "facts": [], "notes": [], "address": "", "qr": QR},
            kind="png",
            ppi=50,
        )  # fmt: skip
        pictures.add(Image.open(BytesIO(big)).tobytes())

    assert len(pictures) == len(EVERY_LETTER)


QR = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'


def test_a_long_paper_goes_on_over_pages():
    long = sheet(paragraphs=("Một đoạn dài. " * 60,) * 6)

    drawn = drawing.pdf_of(long)

    assert b"/Type/Pages/Count 3" in drawn
    assert b"/Type/Pages/Count 1" in drawing.pdf_of(sheet())


def test_the_word_file_opens_again_with_layout_and_text():
    opened = Document(BytesIO(word.docx_of(sheet())))

    section = opened.sections[0]
    assert [round(m / Mm(1)) for m in (section.left_margin, section.right_margin)] == [30, 20]
    assert section.different_first_page_header_footer
    texts = [p.text for p in opened.paragraphs]
    cells = [c.text for t in opened.tables for r in t.rows for c in r.cells]
    assert "PHIẾU CHUYỂN" in texts
    assert EVERY_LETTER in texts
    assert any("Độc lập - Tự do - Hạnh phúc" in c for c in cells)
    assert any("Trần Văn Bình" in c for c in cells)
    assert {r.font.name for p in opened.paragraphs for r in p.runs} == {"Times New Roman"}


def test_a_letter_has_its_subject_under_the_number_and_no_title():
    opened = Document(BytesIO(word.docx_of(sheet(title="", subject="đôn đốc trả lời"))))

    assert "V/v đôn đốc trả lời" in opened.tables[0].rows[1].cells[0].text
    assert "PHIẾU CHUYỂN" not in [p.text for p in opened.paragraphs]


def test_the_register_is_read_searched_and_taken_away(place, an, django_assert_max_num_queries):
    for _ in range(30):
        issue(place["bich_hao"], an)
    client = client_for(an)

    with django_assert_max_num_queries(20):
        page = client.get("/van-ban/?q=so+y+te").content.decode()
    assert "30/PC-MTTQ-BTT" in page
    assert "30/PC-MTTQ-BTT" not in client.get("/van-ban/?q=khong+co").content.decode()
    assert client.get("/van-ban/?xlsx=1").headers["Content-Disposition"].endswith('.xlsx"')


def test_files_are_served_with_their_number_as_name(place, an):
    paper = issue(place["bich_hao"], an)
    client = client_for(an)

    pdf = client.get(f"/van-ban/{paper.pk}/pdf/")
    docx = client.get(f"/van-ban/{paper.pk}/docx/")

    assert pdf.headers["Content-Disposition"] == 'inline; filename="01-PC-MTTQ-BTT.pdf"'
    assert docx.content.startswith(b"PK")
    assert client.get(f"/van-ban/{paper.pk}/exe/").status_code == 404


def test_a_paper_of_a_sealed_case_is_seen_by_sealed_officers_only(place, an):
    paper = issue(place["bich_hao"], an, is_sealed=True)
    sealed = make_staff(name="Đinh Kín", unit_id=place["bich_hao"].pk, role=Role.SEALED_OFFICER)

    assert client_for(an).get(f"/van-ban/{paper.pk}/").status_code == 404
    assert paper not in queries.visible_papers(an, on=MONDAY.date())
    assert client_for(sealed).get(f"/van-ban/{paper.pk}/").status_code == 200


def test_the_administrator_writes_the_letterhead(place):
    chi = make_staff(name="Lê Chi", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)
    fields = {
        "upper_lines": "ỦY BAN MTTQ VIỆT NAM\nXÃ BÍCH HÀO",
        "body_line": "BAN THƯỜNG TRỰC",
        "symbol": "MTTQ",
        "place": "Bích Hào",
        "signer_title": "PHÓ CHỦ TỊCH",
        "authority": "KT. CHỦ TỊCH",
        "signer_name": "Trần Văn Bình",
        "recipients": "Như trên",
    }

    kept = client_for(chi).post("/quan-tri/mau-van-ban/xa-bich-hao/", fields)

    head = queries.head_of(unit_id=place["bich_hao"].pk, on=MONDAY.date())
    assert kept.status_code == 302
    assert (head.symbol, head.authority, head.signer_title) == (
        "MTTQ",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    )
