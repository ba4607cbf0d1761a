"""A text with its days, hours, amounts, measures and numbers in words, as it is read out. Pure.

spell_out("Họp lúc 7h30 ngày 23/11/2026, góp 20.000.000 đ")
    -> "Họp lúc bảy giờ ba mươi phút ngày hai mươi ba tháng mười một năm hai nghìn không trăm hai mươi sáu, góp hai mươi triệu đồng"
"""

import re
from collections.abc import Callable

from caunoi.kit.number_words import in_words, one_by_one

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_UNITS = {
    "km": "ki lô mét",
    "kg": "ki lô gam",
    "ha": "héc ta",
    "m2": "mét vuông",
    "m²": "mét vuông",
    "m3": "mét khối",
    "m³": "mét khối",
    "cm": "xăng ti mét",
    "mm": "mi li mét",
    "m": "mét",
    "l": "lít",
    "%": "phần trăm",
    "°C": "độ C",
    "đ": "đồng",
    "vnđ": "đồng",
    "vnd": "đồng",
    "đồng": "đồng",
}
_TIME = re.compile(
    r"(?<![\d.,])([01]?\d|2[0-4])(?:(?::|h)([0-5]\d)(?:\s?(?:phút|ph)\b|\b)|\s?(?:giờ|h)(?!\w)(?:\s([0-5]?\d)\s?(?:phút|ph)\b)?)(?![\d/])",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?<![\d.,])((?:[01]?\d|2[0-4])(?:h|:)(?:[0-5]\d)?)\s?[-–]\s?((?:[01]?\d|2[0-4])(?:h|:)(?:[0-5]\d)?)(?!\d)",
    re.I,
)
_DAY = re.compile(
    r"(ngày\s+|mồng\s+|mùng\s+)?(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)", re.I
)
_SHORT_DAY = re.compile(r"(ngày\s+)(\d{1,2})/(\d{1,2})(?![/\d])", re.I)
_MONTH = re.compile(r"(tháng\s+)(\d{1,2})/(\d{4})(?!\d)", re.I)
_PHONE = re.compile(r"(?<![\d.,])(?:\+84|0)(?:[\s.\-]?\d){8,10}(?!\d)")
_SHORT_PHONE = re.compile(r"\b(số|gọi|điện thoại)\s+(11[1-5]|1[89]00\d{4,6})\b", re.I)
_MEASURED = re.compile(
    rf"(?<![\d.,\w])({_NUMBER})\s?(km|kg|ha|m2|m²|m3|m³|cm|mm|%|°C|vnđ|vnd|đồng|đ|m|l)(?![\w²³])",
    re.I,
)
_SPAN = re.compile(rf"(?<![\d.,\w])({_NUMBER})\s?[-–]\s?({_NUMBER})(?![\d\w])")
_SIGN = re.compile(r"(?<!\w)(\d+)/(?=[A-ZĐ])")
_PLAIN = re.compile(rf"(?<![\d\w])({_NUMBER})(?![\d\w])")


def spell_out(text: str) -> str:
    """Return the text with its days, hours, amounts, measures, telephone numbers and numbers in words."""
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_PHONE, lambda m: one_by_one(m.group().replace("+84", "0"))),
        (_SHORT_PHONE, lambda m: f"{m[1]} {one_by_one(m[2])}"),
        (_DAY, _day),
        (_SHORT_DAY, lambda m: f"{m[1]}{in_words(int(m[2]))} tháng {_month(m[3])}"),
        (_MONTH, lambda m: f"{m[1]}{_month(m[2])} năm {in_words(int(m[3]))}"),
        (_TIMES, lambda m: f"{_clock(m[1])} đến {_clock(m[2])}"),
        (_TIME, lambda m: _hour(m[1], m[2] or m[3])),
        (_MEASURED, lambda m: f"{number_in_words(m[1])} {_UNITS[m[2].lower() if m[2] != '°C' else m[2]]}"),
        (_SPAN, lambda m: f"{number_in_words(m[1])} đến {number_in_words(m[2])}"),
        (_SIGN, lambda m: f"{in_words(int(m[1]))} "),
        (_PLAIN, lambda m: number_in_words(m[1])),
    )  # fmt: skip
    for pattern, said in steps:
        text = pattern.sub(said, text)
    return text


def _day(match: re.Match[str]) -> str:
    before = match[1] or "ngày "
    day, month, year = int(match[2]), match[3], int(match[4])
    return f"{before}{in_words(day)} tháng {_month(month)} năm {in_words(year)}"


def _month(text: str) -> str:
    return "tư" if int(text) == 4 else in_words(int(text))


def _clock(text: str) -> str:
    hour, _, minutes = re.sub(r"[hH:]", "|", text).partition("|")
    return _hour(hour, minutes)


def _hour(hour: str, minutes: str | None) -> str:
    said = f"{in_words(int(hour))} giờ"
    return f"{said} {in_words(int(minutes))} phút" if minutes and int(minutes) else said


def number_in_words(text: str) -> str:
    """Return a printed number in words: "1.234,5" is one thousand two hundred thirty-four point five."""
    whole, _, part = text.partition(",")
    said = _whole(whole.replace(".", ""))
    if not part:
        return said
    return f"{said} phẩy {one_by_one(part) if part.startswith('0') else in_words(int(part))}"


def _whole(digits: str) -> str:
    return in_words(int(digits)) if len(digits) < 16 else one_by_one(digits)
