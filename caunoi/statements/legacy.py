"""Vietnamese text of before Unicode: which of the old encodings a text is in, and the same text in Unicode. Pure.

TCVN 5712:1993 ("ABC", fonts .VnTime) has one sign a letter, VNI-Windows a letter and a sign behind it, Windows-1258 a letter and a
combining mark. A bank's clerk who pastes from an old program brings them into sheets too, so text is looked at, not only bytes.
"""

import re
import unicodedata
from collections.abc import Iterable

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_A_MARKS = {
    "ê": "ă", "è": "ằ", "é": "ắ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ",
    "â": "â", "à": "ầ", "á": "ấ", "å": "ẩ", "ã": "ẫ", "ä": "ậ",
}  # fmt: skip
_E_MARKS = {"â": "ê", "à": "ề", "á": "ế", "å": "ể", "ã": "ễ", "ä": "ệ"}
_O_MARKS = {"â": "ô", "à": "ồ", "á": "ố", "å": "ổ", "ã": "ỗ", "ä": "ộ"}
_HORNED = {"ô": "ơ", "ö": "ư"}
_ALONE = {"æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư"}


def _vni() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for letter, marks in (("a", _A_MARKS), ("e", _E_MARKS), ("o", _O_MARKS)):
        pairs |= {letter + sign: meant for sign, meant in marks.items()}
    for letter in "aeouy":
        pairs |= {letter + s: unicodedata.normalize("NFC", letter + t) for s, t in _TONES.items()}
    for letter, meant in _HORNED.items():
        pairs |= {letter + s: unicodedata.normalize("NFC", meant + t) for s, t in _TONES.items()}
    pairs |= _ALONE
    large = {k.upper(): v.upper() for k, v in pairs.items()}
    mixed = {k[0].upper() + k[1:]: v.upper() for k, v in pairs.items() if len(k) == 2}
    return large | mixed | pairs


_VNI = _vni()
_VNI_SIGNS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_WORDS = frozenset(
    {
        "ủng", "hộ", "chuyển", "tiền", "số", "dư", "ngày", "dịch", "nội", "đồng", "bào", "có", "nợ", "bão", "lũ", "lụt", "miền",
        "bắc", "phí", "tài", "khoản", "của", "và", "gửi", "người", "nghèo", "diễn", "giải", "đầu", "cuối", "kỳ", "chiếu", "mô",
        "tả", "quỹ", "vì", "đình", "giúp", "đỡ", "tỉnh", "xã", "nhà", "chúc", "bình", "được", "đến", "từ", "ký", "quốc", "phát",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_PIECE = re.compile(r"[^,;\t\n|]+")


def from_tcvn3(text: str) -> str:
    """Return text of TCVN3, read as Latin-1, in Unicode."""
    return "".join(_TCVN3.get(c, c) for c in text)


def from_vni(text: str) -> str:
    """Return text of VNI-Windows, read as Windows-1252, in Unicode."""
    return _VNI_SIGNS.sub(lambda m: _VNI[m[0]], text)


def score(text: str) -> int:
    """Return how many everyday Vietnamese words with marks the text has."""
    return sum(
        w in _WORDS for w in _WORD.findall(unicodedata.normalize("NFC", text).lower()) if not w.isascii()
    )  # fmt: skip


WAYS = {"": lambda text: text, "tcvn3": from_tcvn3, "vni": from_vni}


def way_of(pieces: Iterable[str]) -> str:
    """Return in which way the words must be turned into Unicode: "" as they are, "tcvn3" or "vni"."""
    old = "\n".join(p for p in pieces if _could_be_old(p))
    return max(WAYS, key=lambda way: (score(WAYS[way](old)), way == "")) if old else ""


def turn(piece: str, way: str) -> str:
    """Return one cell in Unicode. A cell with letters no old encoding has is Unicode already."""
    return WAYS[way](piece) if way and _could_be_old(piece) else piece


def _could_be_old(piece: str) -> bool:
    return not piece.isascii() and all(c < "\u0100" for c in piece)


def decode(body: bytes) -> tuple[str, str]:
    """Return the text of a file and what it was written in: utf-8, utf-16, cp1258, tcvn3 or vni."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):  # fmt: skip
        if body.startswith(mark):
            return body.decode(name, errors="replace"), name.removesuffix("-sig")
    head = body[:4000]
    if head.count(0) > len(head) // 4:
        little = head[1::2].count(0) >= head[::2].count(0)
        return body.decode("utf-16-le" if little else "utf-16-be", errors="replace"), "utf-16"
    try:
        return _turned(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3:
            return _turned(body[: error.start].decode("utf-8"), "utf-8")
    return _old(body)


def _old(body: bytes) -> tuple[str, str]:
    head = body[:200_000]
    read = {
        "cp1258": unicodedata.normalize("NFC", head.decode("cp1258", errors="replace")),
        "tcvn3": from_tcvn3(head.decode("latin-1")),
        "vni": from_vni(head.decode("cp1252", errors="replace")),
    }
    best = max(read, key=lambda name: (score(read[name]), name == "cp1258"))
    if best == "cp1258":
        whole = unicodedata.normalize("NFC", body.decode("cp1258", errors="replace"))
    elif best == "tcvn3":
        whole = from_tcvn3(body.decode("latin-1"))
    else:
        whole = from_vni(body.decode("cp1252", errors="replace"))
    return whole, best


def _turned(text: str, name: str) -> tuple[str, str]:
    way = way_of(_PIECE.findall(text[:200_000])) if not text.isascii() else ""
    return (_PIECE.sub(lambda m: turn(m[0], way), text), way) if way else (text, name)
