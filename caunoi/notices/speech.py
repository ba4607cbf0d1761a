"""What the village loudspeaker reads: numbers in words, abbreviations spoken, nothing that cannot be said; and how long it takes. Pure."""

import re

from caunoi.notices.spelled import spell_out

SPOKEN = {
    "UBMTTQ": "Uỷ ban Mặt trận Tổ quốc",
    "MTTQ": "Mặt trận Tổ quốc",
    "UBND": "Uỷ ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "ĐBQH": "đại biểu Quốc hội",
    "BHYT": "bảo hiểm y tế",
    "BHXH": "bảo hiểm xã hội",
    "CCCD": "căn cước công dân",
    "THPT": "trung học phổ thông",
    "THCS": "trung học cơ sở",
    "HTX": "hợp tác xã",
    "NTM": "nông thôn mới",
    "PCTT": "phòng chống thiên tai",
    "NVH": "nhà văn hoá",
    "ATGT": "an toàn giao thông",
    "VSMT": "vệ sinh môi trường",
    "GPMB": "giải phóng mặt bằng",
    "CA": "công an",
    "TP": "thành phố",
    "STK": "số tài khoản",
    "SĐT": "số điện thoại",
    "ĐT": "điện thoại",
    "QĐ": "quyết định",
    "NĐ": "nghị định",
    "NQ": "nghị quyết",
    "CP": "chính phủ",
    "BTT": "ban thường trực",
    "TB": "thông báo",
    "KH": "kế hoạch",
}
_ABBREVIATION = re.compile(rf"(?<!\w)({'|'.join(SPOKEN)})(?!\w)\.?(?=[\s\-–/,;:.!?)]|$)")
_LINK = re.compile(
    r"(?:(?:\bxem|chi tiết)(?: thêm)?(?: tại| ở)?:?\s*)?(?:https?://|www\.)\S+?(?=[.,;)]?(?:\s|$))",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PICTOGRAMS = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_BULLET = re.compile(r"^\s*(?:[-–•*+]|\d{1,2}[.)])\s+", re.MULTILINE)
SYLLABLES_A_SECOND = 2.7
"""An announcer in the open reads about 160 syllables a minute; Vietnamese writes one syllable a word."""
PAUSE_SECONDS = 0.6


def loudspeaker_script(text: str) -> str:
    """Return the text as it is read out. Links are left out: nobody can tap a loudspeaker."""
    text = _PICTOGRAMS.sub("", _MAIL.sub("", _LINK.sub("", text)))
    text = _BULLET.sub("", text)
    text = re.sub(r"\bTP\.\s?", "TP ", text)
    text = re.sub(r"(?<=\w)\s*[-–/]\s*(?=(?:MTTQ|UBND|BTT|CP|UBMTTQ|HĐND)(?!\w))", " ", text)
    text = spell_out(text)
    text = _ABBREVIATION.sub(lambda m: SPOKEN[m[1]], text)
    text = text.replace("&", " và ").replace("/", " ").replace("(", ", ").replace(")", "")
    text = re.sub(r"[ \t]+([,.;:!?])", r"\1", text)
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"([.!?])\.+", r"\1", text)
    text = re.sub(r"([.!?:;,])[ ]*[.;,](?=\s|$)", r"\1", text)
    text = re.sub(r"(^|[\n.!?])\s*[.,;:](?=\s|$)", r"\1", text)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def parts_of(text: str) -> list[str]:
    """Return the parts of a long reading: a line of three dashes or more begins the next one."""
    return [p.strip() for p in re.split(r"^\s*-{3,}\s*$", text, flags=re.MULTILINE) if p.strip()]


def script_seconds(script: str) -> int:
    """Return about how many seconds it takes to read the script out."""
    syllables = len(re.findall(r"\w+", script))
    pauses = len(sentences(script))
    return round(syllables / SYLLABLES_A_SECOND + pauses * PAUSE_SECONDS)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line is one too."""
    return [s for s in re.split(r"(?<=[.!?…])\s+|\n+", text) if s.strip()]
