"""How an official paper is numbered, dated and headed: pure. Source: Decree 30/2020/NĐ-CP, and HD 91/HD-MTTW-BTT for the Front."""

from datetime import date

from caunoi.documents.terms import TYPE_LETTERS, Head, PaperType

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DEFAULT_SYMBOL = "MTTQ-BTT"


def number_and_symbol(*, number: int, paper_type: PaperType, symbol: str) -> str:
    """Return "05/PC-MTTQ-BTT" for a named type, "05/MTTQ-BTT" for a letter; numbers below ten have a leading zero."""
    letters = TYPE_LETTERS[paper_type]
    return f"{number:02d}/{letters}-{symbol}" if letters else f"{number:02d}/{symbol}"


def date_line(*, place: str, on: date) -> str:
    """Return "Bích Hào, ngày 05 tháng 01 năm 2027": days below ten and the months 1 and 2 have a leading zero."""
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"{place}, ngày {on.day:02d} tháng {month} năm {on.year}"


def default_head(*, full_name: str, name: str) -> Head:
    """Return the heading of the Front of a unit that has not written its own."""
    return Head(
        upper_lines=("ỦY BAN MTTQ VIỆT NAM", full_name.upper()),
        body_line="BAN THƯỜNG TRỰC",
        symbol=DEFAULT_SYMBOL,
        place=name,
        authority="TM. BAN THƯỜNG TRỰC",
        signer_title="CHỦ TỊCH",
        signer_name="",
    )


def issuer_words(head: Head) -> str:
    """Return the issuer inside a sentence: "Ban Thường trực Ủy ban MTTQ Việt Nam xã Bích Hào"."""
    upper = " ".join(head.upper_lines)
    return f"{_sentence_case(head.body_line)} {_sentence_case(upper)}".strip()


_WORDS = {
    "ỦY": "Ủy",
    "BAN": "ban",
    "THƯỜNG": "Thường",
    "TRỰC": "trực",
    "MTTQ": "MTTQ",
    "VIỆT": "Việt",
    "NAM": "Nam",
    "TỈNH": "tỉnh",
    "XÃ": "xã",
    "PHƯỜNG": "phường",
    "THÀNH": "thành",
    "PHỐ": "phố",
    "MẶT": "Mặt",
    "TRẬN": "trận",
    "TỔ": "Tổ",
    "QUỐC": "quốc",
    "ĐẶC": "đặc",
    "KHU": "khu",
}


def _sentence_case(line: str) -> str:
    words = [_WORDS.get(w, w.capitalize()) if w.isupper() else w for w in line.split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


SIGNED_COPIES = "Các bên ký tên\nLưu: VT"
"""Who gets a paper that several sign: minutes and bills are sent to nobody."""


def recipients_of(lines: str) -> tuple[str, ...]:
    """Return the lines of "Nơi nhận", one each, with the dash and the mark at the end that the layout asks for."""
    clean = [line.strip().lstrip("-").strip().rstrip(";.") for line in lines.splitlines()]
    kept = [line for line in clean if line]
    return tuple(f"- {line}{'.' if n == len(kept) else ';'}" for n, line in enumerate(kept, 1))
