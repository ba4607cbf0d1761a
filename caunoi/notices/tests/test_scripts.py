"""Letters that are not Latin: on paper as glyphs and not as boxes, on pages as a font fetched only when it is met."""

import io
import re
import zlib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from caunoi.kit import scripts
from caunoi.notices import sheet
from caunoi.notices.tests.factories import write
from caunoi.staff.tests.factories import client_for

KHMER = "សូមប្រយ័ត្នទឹកជំនន់"
FACTS = {"unit": "Xã Bích Hào", "day": "23/11/2026", "kind": "Tiếng Khmer", "facts": [], "scan": "Quét mã", "until": ""}  # fmt: skip
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)", re.S)
_ESCAPED = re.compile(rb"\\(\d{3}|.)", re.S)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def parts_of(pdf):
    """The streams of a PDF, unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    for part in found:
        try:
            yield zlib.decompress(part)
        except zlib.error:
            yield part


def glyphs_of(pdf):
    """The numbers of all glyphs that are drawn; 0 is the box for a letter no font has."""

    def plain(match):
        word = match[1]
        return bytes([int(word, 8) & 255]) if len(word) == 3 else _SIGNS.get(word, word)

    drawn = []
    for part in parts_of(pdf):
        for text in re.findall(rb"BT (.*?)\nET\n", part, re.S):
            for string in _STRING.findall(text):
                body = _ESCAPED.sub(plain, string[1:-1])
                drawn += [int.from_bytes(body[i : i + 2], "big") for i in range(0, len(body), 2)]
    return drawn


def sheet_in(text, **more):
    facts = FACTS | {"title": text, "paragraphs": [text]} | more
    return sheet.sheet_of(facts, address="https://caunoi.example/thong-bao/abc/tieng/km/")


def test_a_sheet_in_khmer_has_its_letters_and_no_boxes():
    pdf = sheet_in(KHMER, lang="km")

    named = pdf + b"".join(parts_of(pdf))
    assert b"NotoSansKhmer" in named
    assert len(glyphs_of(pdf)) > 40
    assert 0 not in glyphs_of(pdf)
    # the same look finds a letter that no font has
    assert 0 in glyphs_of(sheet_in("\U000f1234"))


def test_latin_sheets_ask_for_no_other_font():
    assert scripts.printing_folders("Hmôngz, Dao, Tày, Ê Đê") == []


def test_the_font_for_pages_is_cut_to_khmer_and_light_enough_for_a_slow_line():
    paths = scripts.make_all()

    made = {p: scripts.made_folder() / "static" / p for p in paths}
    font_file = made["kit/noto-sans-khmer.woff2"]
    assert font_file.stat().st_size < 45_000
    font = TTFont(io.BytesIO(font_file.read_bytes()))
    letters = set(font.getBestCmap())
    assert {ord(c) for c in KHMER} <= letters
    assert ord("a") not in letters
    css = made["kit/scripts.css"].read_text()
    assert "unicode-range:U+1780-17FF" in css
    assert ':lang(blt),:lang(twh){font-family:"Noto Sans", "Noto Sans Tai Viet"' in css


def test_a_font_for_tai_viet_is_taken_from_the_file_the_settings_name(settings, tmp_path):
    settings.MADE_FOLDER, settings.SYSTEM_FONT_FOLDERS = tmp_path, []
    # any font will do to show the way; ours for Khmer is at hand
    khmer = scripts.font_of(scripts.SCRIPTS[0])
    settings.SCRIPT_FONTS = {"Khmr": str(tmp_path / "none.ttf"), "Tavt": str(khmer)}

    assert scripts.make_all() == ["kit/scripts.css", "kit/noto-sans-tai-viet.woff2"]
    assert (
        'src:url("noto-sans-tai-viet.woff2")'
        in Path(tmp_path, "static/kit/scripts.css").read_text()
    )


@pytest.mark.parametrize(
    ("tag", "script", "text"),
    [("blt", "Tavt", "ꪼꪕꪒꪾ ꪁꪫꪱꪣ ꪼꪕ"), ("cjm", "Cham", "ꨌꩌ ꨆꨯꨱꩃ")],
)
def test_a_sheet_in_letters_of_the_systems_fonts_has_no_boxes(tag, script, text):
    if scripts.without_font(script):
        pytest.skip("no Noto fonts on this machine: apt install fonts-noto-core")

    glyphs = glyphs_of(sheet_in(text, lang=tag))

    assert len(glyphs) > 40
    assert 0 not in glyphs


@pytest.mark.django_db
def test_whoever_writes_letters_that_cannot_be_printed_here_is_told(settings, place, ha):
    settings.SYSTEM_FONT_FOLDERS = []
    draft = write(by=ha, unit=place["bich_hao"])

    def page_of(tag):
        return client_for(ha).get(f"/quan-tri/thong-bao/{draft.pk}/tieng/{tag}/text/")

    assert "chưa có phông chữ" in page_of("blt").content.decode()
    assert "chưa có phông chữ" not in page_of("km").content.decode()
