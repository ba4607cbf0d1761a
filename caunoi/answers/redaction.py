"""What should be hidden in a text before everybody reads it, as proposals a person decides about: pure, no database.

``rules.redact`` masks by itself where nobody can be asked; here each find is a mark that can be confirmed or taken away. Names are
found with care: after a form of address, or a Vietnamese family name followed by given names; never places and never office holders.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caunoi.answers.terms import MASKS, Hidden
from caunoi.kit.private_data import ACCOUNT as _ACCOUNT
from caunoi.kit.private_data import ADDRESS as _ADDRESS
from caunoi.kit.private_data import EMAIL as _EMAIL
from caunoi.kit.private_data import ID_NUMBER as _ID
from caunoi.kit.private_data import PHONE as _PHONE
from caunoi.kit.private_data import TWELVE as _TWELVE
from caunoi.kit.text import fold

FAMILIES = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "đinh",
        "trịnh",
        "đoàn",
        "lâm",
        "mai",
        "tô",
        "tạ",
        "chu",
        "trương",
        "cao",
        "thái",
        "lương",
        "quách",
        "triệu",
        "tống",
        "hà",
        "vương",
        "đàm",
        "phùng",
        "kiều",
        "nghiêm",
        "thân",
        "giàng",
        "tráng",
        "lù",
        "vàng",
        "sùng",
        "thào",
        "vừ",
        "vi",
        "lô",
        "lò",
        "quàng",
        "moong",
        "kha",
        "lầu",
        "hờ",
        "cứ",
        "chảo",
        "tẩn",
        "phàn",
        "lồ",
        "lữ",
        "lang",
        "hạng",
        "ly",
        "sần",
        "lèng",
        "cư",
        "và",
    ]
)
"""Family names of the Kinh and of the peoples of the north-west."""
_ADDRESSED = r"(?:ông|bà|anh|chị|em|cô|chú|bác|cháu|dì|cậu|mợ|thím|cụ|thầy|mệ|o|gia đình|vợ chồng|con ông|con bà)"
_LETTERS = [chr(c) for c in (*range(0x41, 0x7B), *range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))]
_CAPITALS, _SMALL = (
    "".join(c for c in _LETTERS if c.isupper()),
    "".join(c for c in _LETTERS if c.islower()),
)
_WORD = f"[{_CAPITALS}][{_SMALL}]*"
_NAME = rf"{_WORD}(?:[ ]{_WORD}){{0,4}}"
_TITLED = re.compile(rf"(?i:(?<!\w){_ADDRESSED})[ ]({_NAME})")
_FULL = re.compile(rf"(?<!\w)({_WORD}(?:[ ]{_WORD}){{1,4}})")
_PLACES = re.compile(
    r"(?:đường|phố|ngõ|trường|xã|phường|thị trấn|huyện|tỉnh|thành phố|thôn|bản|xóm|khối|tổ|chợ|cầu|sông|suối|núi|quốc lộ|"
    r"bệnh viện|trạm|công ty|nhà máy|đại lộ|hồ|đập|giải|quỹ|luật|nghị định|nghị quyết|phong trào|thư viện|quảng trường|"
    r"ubnd|mttq|uỷ ban|ủy ban)\s$",
    re.IGNORECASE,
)
_OFFICES = re.compile(
    r"(?:chủ tịch|phó chủ tịch|bí thư|phó bí thư|giám đốc|phó giám đốc|trưởng ban|phó ban|trưởng phòng|phó phòng|"
    r"cán bộ|công chức|đại biểu|hiệu trưởng|trưởng công an|chánh văn phòng|bộ trưởng|chuyên viên)"
    r"(?:[ ](?:xã|huyện|tỉnh|ubnd|mttq|mặt trận|uỷ ban|ủy ban|tư pháp|địa chính|quốc hội))*[ ,:]*(?:ông|bà|đồng chí|anh|chị)?[ ]*$",
    re.IGNORECASE,
)
_NOT_PEOPLE = frozenset(
    fold(name)
    for name in (
        "Hồ Chí Minh", "Bác Hồ", "Hà Nội", "Hà Tĩnh", "Lê Lợi", "Lý Thường Kiệt", "Trần Hưng Đạo", "Lào Cai",
        "Cao Bằng", "Cao Sơn", "Thái Nguyên", "Thái Bình", "Hà Giang", "Hoàng Mai", "Mai Sơn", "Đinh Hợi", "Lâm Đồng",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One piece of a text that is, or may be, hidden: from ``start`` up to ``end``."""

    start: int
    end: int
    kind: Hidden

    @property
    def key(self) -> str:
        """The mark as a form sends it."""
        return f"{self.start}:{self.end}:{self.kind.value}"


def propose(text: str, *, names: Iterable[str] = ()) -> tuple[Mark, ...]:
    """Return what should be hidden in the text, in its order, no two overlapping.

    names  full names of private persons that are known (the asker); their given names after a form of address are found too
    """
    marks: list[Mark] = []
    for kind, pattern, group in (
        (Hidden.EMAIL, _EMAIL, 0),
        (Hidden.ID_NUMBER, _ID, 1),
        (Hidden.BANK_ACCOUNT, _ACCOUNT, 1),
        (Hidden.ID_NUMBER, _TWELVE, 0),
        (Hidden.PHONE, _PHONE, 0),
        (Hidden.ADDRESS, _ADDRESS, 0),
    ):
        for match in pattern.finditer(text):
            _put(marks, text, match.start(group), match.end(group), kind)
    for name in sorted({n.strip() for n in names if len(n.strip()) > 3}, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            _put(marks, text, match.start(), match.end(), Hidden.NAME)
    for pattern in (_FULL, _TITLED):
        for match in pattern.finditer(text):
            if pattern is _TITLED or _is_full_name(match.group(1)):
                _put_name(marks, text, match)
    return tuple(sorted(marks))


def _put_name(marks: list[Mark], text: str, match: re.Match[str]) -> None:
    before = text[: match.start(1)]
    if _PLACES.search(before[-20:]) or _OFFICES.search(before[-60:]):
        return
    if fold(match.group(1)) in _NOT_PEOPLE:
        return
    _put(marks, text, match.start(1), match.end(1), Hidden.NAME)


def _is_full_name(words: str) -> bool:
    return words.split()[0].lower() in FAMILIES


def _put(marks: list[Mark], text: str, start: int, end: int, kind: Hidden) -> None:
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
    if start < end and all(end <= m.start or start >= m.end for m in marks):
        marks.append(Mark(start, end, kind))


def find_words(text: str, words: Iterable[str]) -> tuple[Mark, ...]:
    """Return where these words stand in the text, whole and whatever the case: what an officer wants hidden beside."""
    marks: list[Mark] = []
    for word in sorted({w.strip() for w in words if len(w.strip()) > 1}, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
            _put(marks, text, match.start(), match.end(), Hidden.OTHER)
    return tuple(sorted(marks))


def join(*many: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the marks of several finds; where two overlap the earlier given one stays."""
    kept: list[Mark] = []
    for mark in (m for marks in many for m in marks):
        if all(mark.end <= k.start or mark.start >= k.end for k in kept):
            kept.append(mark)
    return tuple(sorted(kept))


def hide(text: str, marks: Iterable[Mark]) -> str:
    """Return the text with the marked pieces replaced by the words that stand for them."""
    out, at = [], 0
    for mark in sorted(marks):
        out += [text[at : mark.start], MASKS[mark.kind]]
        at = mark.end
    return "".join([*out, text[at:]])


def pieces(text: str, marks: Iterable[Mark]) -> list[tuple[str, Mark | None]]:
    """Return the text cut at its marks, for showing each beside its neighbours."""
    out: list[tuple[str, Mark | None]] = []
    at = 0
    for mark in sorted(marks):
        if text[at : mark.start]:
            out.append((text[at : mark.start], None))
        out.append((text[mark.start : mark.end], mark))
        at = mark.end
    return [*out, (text[at:], None)] if text[at:] else out


def counts(marks: Iterable[Mark]) -> dict[str, int]:
    """Return how many marks of each kind there are: all that is kept on record of what was hidden."""
    found: dict[str, int] = {}
    for mark in marks:
        found[mark.kind.value] = found.get(mark.kind.value, 0) + 1
    return found


def fingerprint(text: str) -> str:
    """Return by which a decision knows the text it was made about; the text itself is not kept."""
    return hashlib.sha256(text.encode()).hexdigest()
