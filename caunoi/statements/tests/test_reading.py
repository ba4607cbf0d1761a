"""Files of banks, well and badly made: each movement is read, or it is said what is wrong; nothing breaks the reader."""

import io
import time
import tracemalloc
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from caunoi.statements import figures, layouts, legacy, reading
from caunoi.statements.terms import Column, Found, Kind, UnreadableFile
from caunoi.statements.tests import ground

ANY = layouts.SHIPPED["970436"]
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt><Id>1</Id>
<Acct><Id><Othr><Id>0011000123456</Id></Othr></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">1000000</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">1489000</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="VND">500000</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>FT1</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties>{party}<DbtrAcct><Id><Othr><Id>9704</Id></Othr></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>ung ho</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="VND">11000.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2026-11-21</Dt></BookgDt><AddtlNtryInf>Phi</AddtlNtryInf></Ntry>
<Ntry><Amt Ccy="USD">10</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-21</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
MT940 = """{1:F01BFTVVNVXAXXX}{4:
:20:STMT
:25:0011000123456
:28C:1/1
:60F:C261119VND1000000,
:61:2611201120C500000,NTRFNONREF//FT1
:86:?00CHUYEN TIEN?20ung ho dong ?21bao?31190012345?32NGUYEN THI HOA
:61:2611211121D11000,00NCHGPHI1
:86:Phi quan ly tai khoan
:62F:C261121VND1489000,
-}"""


def rows(body, layout=ANY, **more):
    opened, found = reading.open_file(body), Found()
    columns, line = {}, 1
    if opened.kind in {Kind.XLSX, Kind.CSV}:
        table = reading.table_of(opened, layout)
        columns, line = layouts.guess(table.header, layout), table.line
    got = list(reading.rows_of(opened, columns, found, header_line=line, **more))
    return got, found


def test_a_sheet_is_found_below_the_letter_head_and_its_sums_are_no_movements():
    above = [["NGÂN HÀNG TMCP NGOẠI THƯƠNG"], ["Số dư đầu kỳ:", "1.000.000"], []]
    said = ground.moves((500_000, "ủng hộ"), (-11_000, "Phí"))
    below = [["", "", "", "", "", "Tổng cộng"], ["Số dư cuối kỳ", "", "", "", "1.489.000"]]
    for body in (
        ground.as_csv([*said, *below], above=above),
        ground.as_csv([*said, *below], above=above, sign=";"),
        ground.as_xlsx([*said, *below], above=above, merge=["A1:F1"]),
    ):
        got, found = rows(body)
        assert [(r.amount, r.memo, r.problem) for r in got] == [(500_000, "ủng hộ", ""), (-11_000, "Phí", "")]  # fmt: skip
        assert (found.opening, found.closing, got[0].on) == (1_000_000, 1_489_000, ground.DAY)


@pytest.mark.parametrize("bank", list(layouts.SHIPPED))
def test_the_sheets_of_the_big_banks_are_guessed(bank):
    headers = {
        "970436": ("Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"),
        "970418": ("STT", "Ngày hiệu lực", "Ghi nợ", "Ghi có", "Số dư", "Mô tả"),
        "970415": ("Ngày hạch toán", "Mô tả giao dịch", "Nợ", "Có", "Số dư", "Số CT"),
        "970405": ("Ngày giao dịch", "Số bút toán", "Nợ", "Có", "Số dư", "Diễn giải"),
        "970422": ("STT", "Ngày giao dịch", "Số bút toán", "PS nợ", "PS có", "Nội dung"),
        "970407": ("Ngày giao dịch", "Đối tác", "Diễn giải", "Nợ/Debit", "Có/Credit", "Số dư"),
        "": ("Date", "Description", "Debit", "Credit", "Balance"),
    }
    found = layouts.guess(headers[bank], layouts.SHIPPED[bank])
    assert {Column.ON, Column.CREDIT, Column.DEBIT, Column.MEMO} <= set(found)
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("old", ["tcvn3", "vni", "cp1258", "utf-16", "utf-8-sig", "utf-8"])
def test_text_of_before_unicode_is_read_and_said_from_what(old):
    text = ground.as_csv(ground.moves((500_000, "ủng hộ đồng bào bão lũ"))).decode()
    body = encoded(text, old)
    opened = reading.open_file(body)
    got, _found = rows(body)
    assert got[0].memo == "ủng hộ đồng bào bão lũ"
    assert opened.written_in == old.removesuffix("-sig")


def test_old_letters_inside_a_sheet_are_turned_too():
    inverse = {v: k for k, v in legacy._TCVN3.items()}
    memo = "".join(inverse.get(c, c) for c in "ủng hộ đồng bào bão lũ")
    got, _found = rows(ground.as_xlsx(ground.moves((500_000, memo))))
    assert got[0].memo == "ủng hộ đồng bào bão lũ"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (["20/11/2026", "1", "", "=1+1", "", "x"], "a formula stands where an amount belongs"),
        (["20/11/2026", "1", "", "50", "", "=HYPERLINK()"], "a formula stands where words belong"),
        (["20/11/2026", "1", "", "50 USD", "", "x"], "the amount is in another currency"),
        (["20/11/2026", "1", "", "-50", "", "x"], "what came in is less than nothing"),
        (["20/11/2026", "1", "5", "50", "", "x"], "both in and out stand in one line"),
        (["20/11/2026", "1", "", "50,5", "", "x"], "the amount is no whole number of đồng"),
        (["32/11/2026", "1", "", "50", "", "x"], "the day is missing or no day"),
        (["20/11/2026", "1", "", "", "", "x"], "the amount is missing"),
        (["20/11/2026", "1", "", "9" * 18, "", "x"], "the amount is beyond all measure"),
    ],
)
def test_a_bad_line_says_what_is_wrong(cells, problem):
    for body in (ground.as_csv([cells]), ground.as_xlsx([cells])):
        ((row,), _found) = rows(body)
        assert row.problem == problem
        assert problem in reading.PROBLEMS


@pytest.mark.parametrize("version", ["02", "08"])
def test_camt_is_read(version):
    party = "<Dbtr><Nm>NGUYEN THI HOA</Nm></Dbtr>"
    if version == "08":
        party = "<Dbtr><Pty><Nm>NGUYEN THI HOA</Nm></Pty></Dbtr>"
    got, found = rows(CAMT.format(version=version, party=party).encode())
    assert [(r.amount, r.reference, r.problem) for r in got] == [
        (500_000, "FT1", ""), (-11_000, "", ""), (0, "", "the amount is in another currency"),
    ]  # fmt: skip
    assert (got[0].other_name, got[0].other_account, got[0].memo) == ("NGUYEN THI HOA", "9704", "ung ho")  # fmt: skip
    assert (found.opening, found.closing, found.account) == (1_000_000, 1_489_000, "0011000123456")


def test_the_transfers_of_one_entry_are_lines_of_their_own_and_add_up_to_it():
    money = '<AmtDtls><TxAmt><Amt Ccy="VND">{n}</Amt></TxAmt></AmtDtls>'
    words = "<RmtInf><Ustrd>gop {n}</Ustrd></RmtInf>"
    part = f"<TxDtls><Refs><AcctSvcrRef>{{ref}}</AcctSvcrRef></Refs>{money}{words}</TxDtls>"
    whole = CAMT.format(version="02", party="")
    start, end = whole.index("<TxDtls>"), whole.index("</TxDtls>") + len("</TxDtls>")
    for amounts, told in (((200_000, 300_000), [200_000, 300_000]), ((200_000, 1), [500_000])):
        parts = "".join(part.format(ref=f"B{n}", n=n) for n in amounts)
        got, _found = rows((whole[:start] + parts + whole[end:]).encode())
        assert [r.amount for r in got[: len(told)]] == told
        assert bool(got[0].problem) is (len(told) == 1)
    parts = part.format(ref="NOTPROVIDED", n=1) + part.format(ref="", n=499_999)
    got, _found = rows((whole[:start] + parts + whole[end:]).encode())
    assert [(r.reference, r.memo) for r in got[:2]] == [("FT1/1", "gop 1"), ("FT1/2", "gop 499999")]


@pytest.mark.parametrize(
    ("cut", "problems", "warned"),
    [(0, [""] * 3, False), (2, [""] * 3, False), (4, ["", "", "the line is cut off"], False), (11, ["", "", "the line is cut off"], False)],
)  # fmt: skip
def test_a_file_cut_off_in_its_last_line_is_noticed(cut, problems, warned):
    header = ("Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư")
    said = [["20/11/2026", "", f"{n}00.000", f"{b}00.000"] for n, b in ((1, 1), (2, 3), (4, 7))]
    body = ground.as_csv(said, header=header)
    got, found = rows(body[: len(body) - cut])
    assert [r.problem for r in got] == problems
    assert found.cut is warned
    body = ground.as_csv([row[:3] for row in said], header=header[:3])
    got, found = rows(body[:-4])  # inside the last amount, and no balance to hold it against
    assert found.cut or got[-1].problem


def test_a_head_of_two_rows_is_read_as_one():
    above = [["SAO KÊ"], ["Ngày giao dịch", "Số tham chiếu", "Số tiền", "", "Số dư", "Nội dung"]]
    said = [["20/11/2026", "FT1", "", "500.000", "500.000", "a"], ["20/11/2026", "FT2", "11.000", "", "489.000", "b"]]  # fmt: skip
    under = ("", "", "Nợ", "Có", "", "")
    for body in (ground.as_csv(said, header=under, above=above), ground.as_xlsx(said, header=under, above=above, merge=["C2:D2", "A2:A3"])):  # fmt: skip
        got, _found = rows(body)
        assert [(r.amount, r.balance, r.memo, r.problem) for r in got] == [(500_000, 500_000, "a", ""), (-11_000, 489_000, "b", "")]  # fmt: skip


def test_an_account_in_another_currency_is_refused():
    for above in (["Loại tiền: USD"], ["Loại tiền", "USD"], ["Currency:", "", "EUR"]):
        with pytest.raises(UnreadableFile, match=r"USD|EUR"):
            rows(ground.as_csv(ground.moves((5, "x")), above=[above]))
    got, _found = rows(ground.as_csv(ground.moves((5, "x")), above=[["Loại tiền: VND"]]))
    assert len(got) == 1


def test_formulas_over_several_cells_are_formulas():
    array = ArrayFormula("D2:D2", "=SUM(A1:A9)")
    table = DataTableFormula(ref="D2", r1="A1", dt2D=False)
    for cell in (array, table):
        ((row,), _found) = rows(ground.as_xlsx([["20/11/2026", "1", "", cell, "", "x"]]))
        assert row.problem == "a formula stands where an amount belongs"
    ((row,), _found) = rows(ground.as_xlsx([["20/11/2026", "1", "", "5", "", ArrayFormula("F2:F2", "=A1")]]))  # fmt: skip
    assert row.problem == "a formula stands where words belong"


def test_mt940_is_read():
    got, found = rows(MT940.encode())
    assert [(r.on, r.amount, r.reference, r.problem) for r in got] == [
        (date(2026, 11, 20), 500_000, "FT1", ""), (date(2026, 11, 21), -11_000, "PHI1", ""),
    ]  # fmt: skip
    assert (got[0].memo, got[0].other_name) == ("ung ho dong bao", "NGUYEN THI HOA")
    assert (found.opening, found.closing) == (1_000_000, 1_489_000)


def test_files_that_are_cut_off_or_something_else_are_refused_whole():
    whole = ground.as_xlsx(ground.moves(*[(1000 + n, f"x{n}") for n in range(50)]))
    camt = CAMT.format(version="08", party="").encode()
    bomb = camt.replace(b'encoding="UTF-8"?>', b'encoding="UTF-8"?><!DOCTYPE a [<!ENTITY b "c">]>')
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x"
    two = packed("a.csv", b"x", "b.csv")
    half = whole[: len(whole) // 2]
    for body in (half, camt[:900], bomb, MT940.encode()[:200], b"", b"%PDF-1.7", old, two):
        with pytest.raises(UnreadableFile):
            rows(body)


def test_a_zip_with_one_statement_is_opened():
    got, _found = rows(packed("a.csv", ground.as_csv(ground.moves((5_000, "x")))))
    assert got[0].amount == 5_000


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [(b'ref="A1:H2"', b'ref="A1:H16000000"', True), (b'<row r="2"', b'<row r="16000000"', False)],
)
def test_a_sheet_that_claims_sixteen_million_rows_costs_next_to_nothing(old, new, refused):
    """Sixteen million empty rows of a list each would take a gigabyte and minutes; neither claim is believed."""
    body = rewritten(ground.as_xlsx(ground.moves((5_000, "x"))), old, new)
    tracemalloc.start()
    began = time.process_time()
    try:
        if refused:
            with pytest.raises(UnreadableFile, match="nhiều hàng hơn"):
                rows(body)
        else:
            got, _found = rows(body)
            assert (
                got == []
            )  # after 500 empty rows nothing is looked for: the file has no line, and says so
        took, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < 5
    assert most < 8 * 1024 * 1024


def test_a_balance_column_and_amounts_in_one_column():
    header = ("Date", "Amount", "Description", "Balance")
    body = ground.as_csv([["11/20/2026", "-1,250,000.00", "out", "0"]], header=header)
    ((row,), _found) = rows(body, layouts.SHIPPED[""], month_first=True)
    assert (row.on, row.amount) == (ground.DAY, -1_250_000)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1.250.000", 1_250_000), ("1,250,000.00", 1_250_000), ("(50,000)", -50_000), ("50.000 VND", 50_000), ("50000,00", 50_000),
        (50000.0, 50_000), ("", None), ("50.000-", -50_000),
    ],
)  # fmt: skip
def test_amounts_as_banks_write_them(said, meant):
    assert figures.amount_of(said) == meant


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_no_bytes_break_the_reader(body):
    for piece in (body, b"PK\x03\x04" + body, b":20:x\n:60F:C261119VND1,\n:61:" + body, b'<?xml version="1.0"?><D xmlns="camt.053">' + body):  # fmt: skip
        try:
            rows(piece)
        except UnreadableFile:
            continue


@given(st.lists(st.lists(st.text(max_size=30), max_size=9), max_size=8))
@settings(max_examples=100)
def test_no_cells_break_the_reader(cells):
    header = ",".join(ground.HEADER)
    lines = [",".join(c.replace(",", " ").replace("\n", " ") for c in row) for row in cells]
    try:
        got, _found = rows("\n".join([header, *lines]).encode(errors="replace"))
    except UnreadableFile:
        return
    assert all(r.problem or (r.on and r.amount) for r in got)


def encoded(text, name):
    if name == "tcvn3":
        inverse = {v: k for k, v in legacy._TCVN3.items()}
        return "".join(inverse.get(c, c) for c in text.replace("Ố", "ố")).encode("latin-1")
    if name == "vni":
        inverse: dict[str, str] = {}
        for k, v in legacy._VNI.items():
            inverse.setdefault(v, k)
        return "".join(inverse.get(c, c) for c in text).encode("cp1252")
    if name == "cp1258":
        return b"".join(_cp1258(c) for c in text)
    return text.encode(name)


def _cp1258(letter):
    import unicodedata

    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = [c for c in parts if c in "\u0300\u0309\u0303\u0301\u0323"]
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        return base.encode("cp1258") + "".join(tones).encode("cp1258")


def packed(name, body, *others):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, body)
        for other in others:
            file.writestr(other, body)
    return out.getvalue()


def rewritten(body, old, new):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                assert old in content, content[:300]
                content = content.replace(old, new)
            target.writestr(part.filename, content)
    return out.getvalue()


def test_commas_inside_words_do_not_hide_the_columns():
    said = ground.moves((5_000, "chuyen nham, xin hoan lai"), (6_000, "x, y"), (7_000, "z"))
    got, _found = rows(ground.as_csv(said, above=[["SAO KÊ"]]))
    assert [r.memo for r in got] == ["chuyen nham, xin hoan lai", "x, y", "z"]
