"""Names of people inside the words of a transfer: everything is taken for one that is no word transfers are made of. Pure.

A bank that has no column of names puts them among the words, mostly without marks and in any letters. Lists of family names miss those of
small peoples, so it is the other way round: known words and phrases stay, and two or more words in a row that are none are shortened. After a
family name that is nothing else, and after one that a middle word follows, the next word belongs to the name whatever it is.
"""

import re
from collections.abc import Callable, Iterator

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
BETWEEN = re.compile(r"[ \t._/-]{1,3}")
LONGEST_WORD = 9
"""No syllable is longer; banks' own marks and foreign words are."""

FAMILY = frozenset(
    [
        "hoang", "bui", "ly", "le", "giap", "nghiem", "khuat", "nguyen", "tran", "pham", "huynh", "phan", "vu", "vo", "dang", "ngo", "duong", "dinh",
        "doan", "vuong", "trinh", "truong", "phung", "giang", "thao", "sung", "moong", "trieu", "quach", "nong", "luong", "lo", "ho", "do", "dao",
        "ha", "ta", "to", "cao", "luu", "lam", "mai", "chu", "tang", "vi", "lu", "vang", "hau", "tho", "cu", "be", "hua", "la", "lau", "xeo", "ven",
        "thai", "vua", "va", "xong", "mua", "cut", "lang", "loc", "mac", "lai", "kieu", "nham", "nguy", "gia", "cha", "thach", "uong", "vien", "quan",
        "au", "on", "ong", "luc", "chich", "oc", "siu", "chang", "lung", "song", "ngan", "kha", "ban", "cam", "ca", "quang", "sam", "tong", "hang",
        "trang", "kim", "ma", "bach", "tu", "dam", "van", "phi", "tham", "lenh", "chao", "tan", "po", "ksor", "rvan", "hoa",
    ]
)  # fmt: skip
NOTHING_ELSE = frozenset(
    [
        "hoang",
        "bui",
        "ly",
        "le",
        "giap",
        "nghiem",
        "khuat",
        "nguyen",
        "tran",
        "pham",
        "huynh",
        "phan",
        "vu",
        "vo",
        "ngo",
        "duong",
        "doan",
        "vuong",
        "trinh",
        "phung",
        "giang",
        "thao",
        "sung",
        "moong",
        "trieu",
        "quach",
        "nong",
        "luong",
        "lau",
        "xeo",
        "trang",
    ]
)
MIDDLE = frozenset(
    [
        "thi",
        "van",
        "ba",
        "a",
        "seo",
        "mi",
        "duc",
        "huu",
        "dinh",
        "cong",
        "ngoc",
        "xuan",
        "quang",
        "thanh",
        "minh",
        "kim",
        "mui",
        "tai",
        "chin",
        "lao",
        "y",
    ]
)
SURE_MIDDLE = (["thi"], ["van"], ["ba"], ["a"], ["y"], ["lao"])
NEVER = frozenset(
    ["ung", "uh", "chuyen", "ck", "ct", "gui", "gop", "giup", "cho", "qua", "cua", "so"]
)

WORDS = frozenset(
    [
        "acb", "agribank", "and", "ao", "app", "ba", "bac", "banh", "banking", "bi", "bidv", "boi", "bon", "cac", "can", "chau", "chi", "cho", "chuc",
        "chut", "chuyen", "ck", "clb", "co", "coi", "con", "ct", "cty", "cua", "cuu", "d", "dc", "de", "den", "dong", "dt", "duoc", "em", "for",
        "from", "ft", "gd", "ghi", "gioi", "giup", "gop", "gui", "hoan", "htx", "huyen", "ibft", "internet", "k", "khac", "khong", "khuyet", "kinh",
        "lieu", "lop", "lut", "mb", "mbvcb", "mo", "momo", "mot", "mttq", "mttqvn", "mua", "muoi", "napas", "neu", "ngay", "ngheo", "nghiep", "nghin",
        "ngoai", "nguoi", "nha", "nham", "nhe", "nhom", "nhung", "no", "nop", "nua", "nuoc", "o", "of", "online", "payment", "phong", "qua", "quyen",
        "ref", "roi", "ruong", "rut", "sacombank", "sdt", "se", "sms", "so", "stk", "sua", "suc", "tai", "tang", "tap", "techcombank", "ten", "tham",
        "thay", "thcs", "theo", "thon", "thpt", "thu", "thue", "thuoc", "tien", "tk", "tnhh", "toan", "toi", "tpbank", "tr", "trace", "tram",
        "transfer", "tu", "ty", "ubnd", "uh", "ung", "uong", "va", "vao", "vcb", "ve", "vietcombank", "vietinbank", "vnd", "voi", "vpbank", "vung",
        "xa", "xay", "xin", "xom", "zalopay",
    ]
)  # fmt: skip
"""Words of transfers that are hardly ever names. What is both (Nam, Mai, Bảo) is known in a phrase only, or when it stands alone."""
PHRASES = (
    "ban pha lai", "em ut",
    "anh huong", "som on", "dong gop", "mot it", "quyen gop", "mua gao", "mua con", "duy tri", "co phan", "da khoa", "chi doan", "cau treo",
    "giao duc", "truong mam", "cao tuoi", "nguoi cao tuoi", "nan nhan", "lu quet", "chau khe", "do luong", "quy hop", "quy chau", "que phong",
    "tuong duong", "con cuong", "nghia dan", "tan ky", "thanh chuong", "nam dan", "hung nguyen", "dien chau", "yen thanh", "hoang mai", "cua lo",
    "anh son", "nghi loc", "thanh pho", "thi tran", "thi xa", "tinh nghe", "cap nuoc", "nuoc sach", "dien luc", "buu dien", "ngan sach",
    "kho bac", "ke toan", "thu quy", "phong giao", "so giao", "giao vien", "hieu truong", "nhan vien", "giam doc", "doanh nghiep", "cong nhan",
    "lao dong", "to chuc", "ca nhan", "co quan", "don vi", "nha may", "cua hang", "nha hang", "sieu thi", "thuc pham", "rau cu", "hat giong",
    "cay giong", "con giong", "vat nuoi", "chuong trai", "trai nghiem", "nha van hoa", "nha o", "do dung", "sach giao khoa", "hoc bong", "but vo",
    "xe dap", "ao am", "chan am", "ao phao", "may loc", "lop mai", "mai ton", "mai ngoi", "ngoi lop", "san nha", "be nuoc", "gieng khoan",
    "duong dien", "cot dien", "cot co", "cau dan sinh", "tien si", "sinh vien", "hoc vien", "cuu sinh vien", "hoi dong huong", "hoi cuu",
    "hoi chu thap do", "chu thap do", "nguoi mu", "hoi nong dan", "doan vien", "doi vien", "thieu nhi", "thieu nien", "nhi dong", "phat giao",
    "cong giao", "tin do", "duc cha", "linh muc", "thuong binh", "liet si", "gia dinh chinh sach", "chinh sach", "me viet nam", "anh hung",
    "mung tho", "chuc mung", "hy vong", "mong muon", "thanh cong", "suc khoe", "hanh phuc", "may man", "an lanh", "sang tao", "nam moi", "cuoi nam",
    "dau nam", "thang truoc", "hom nay", "hom qua", "buoi sang", "toi nay", "lan dau", "lan thu", "ung cuu", "cuu tro", "cuu ho", "cuu nan",
    "khan cap", "hoa hoan", "chay nha", "han han", "dong dat", "bao yagi", "sau bao", "mua lu", "song lam", "ngap lut", "mat mat", "nuoi duong",
    "do dau", "nhan nuoi", "dai bieu", "phien cho", "cho phien", "quang cao", "ban hang", "tien cong", "tien luong", "ngay cong", "phu cap",
    "trich quy", "quy lop", "quy chi hoi", "chi tieu", "chi tien", "tam ung", "quyet toan", "thua tien", "tien thua", "nop lai", "dat coc", "mua sam",
    "lap dat", "thi cong", "thiet bi", "y nghia", "tham gia", "cung nhau", "moi nguoi", "tat ca", "nhieu hon", "it nhieu", "cua it", "long nhieu",
    "la rach", "nhuong com", "se ao", "it nhat", "nhu cau", "xin chao", "chao ban", "than gui", "tran quy", "dot hai", "dot mot", "ky nay",
    "theo danh sach", "danh sach", "kem theo", "hop dong", "bien lai", "phieu thu", "phieu chi", "uy nhiem", "uy nhiem chi", "so tai khoan", "ma so",
    "noi nhan", "nguoi nhan", "nguoi gui", "chu tai khoan", "tai khoan", "ung ho", "dong bao", "mien bac", "mien trung", "mien nam", "mien nui",
    "vung bao", "vung lu", "bao lu", "lu lut", "bi lu", "tam long", "chut long", "binh an", "ba con", "gia dinh", "ho tro", "ho ngheo", "can ngheo",
    "to dan pho", "khu dan cu", "chi bo", "chi hoi", "chi phi", "kinh phi", "le phi", "quan ly", "quy phong chong", "phong chong", "thien tai",
    "tieu hoc", "mam non", "trung hoc", "dai hoc", "cao dang", "vi nguoi", "xoa nha tam", "nha tam", "giong cho", "de giong", "tien mat", "thu phi",
    "tap the", "can bo", "hoc sinh", "phu huynh", "nguoi dan", "bao so", "kho khan", "xay nha", "xay cau", "lam duong", "lam nha", "mai nha",
    "mai am", "cac chau", "cac em", "chung tay", "van chuyen", "tien gui", "tien lai", "tien an", "phu nu", "hoi phu", "thanh nien", "cuu chien binh",
    "nong dan", "cong doan", "cong ty", "doan thanh", "giup do", "chia se", "ky son", "nghe an", "bich hao", "ha noi", "viet nam", "quang binh",
    "ha tinh", "thanh hoa", "hai phong", "lao cai", "yen bai", "quang nam", "quang ngai", "da nang", "ho chi minh", "mat tran", "to quoc", "uy ban",
    "nhan dan", "ban ghi no", "ghi no", "ghi co", "thanh toan", "hoa don", "vo so", "quan ao", "sach vo", "banh mi", "nuoc uong", "nhu yeu pham",
    "luong thuc", "mi tom", "thuoc men", "vat lieu", "xi mang", "ngoi nha", "con duong", "nghia tinh", "nghia trang", "tinh nghia", "yeu thuong",
    "cam on", "tran trong", "kinh gui", "kinh chuc", "than ai", "la lanh", "dum la", "tuong than", "tuong ai", "nhan ai", "thien nguyen", "tu thien",
    "hao tam", "nha hao tam", "chuc ba con", "vuot qua", "on dinh", "cuoc song", "khac phuc", "hau qua", "thiet hai", "sat lo", "mat nha",
    "ngay luong", "mot ngay", "thang luong", "xin gui", "xin gop", "xin hoan", "gop suc", "gop da", "nho be", "tang qua", "trao qua", "qua tet",
    "tet nguyen", "don tet", "trung thu", "khai giang", "nam hoc", "em nho", "tre em", "mo coi", "nguoi gia", "neo don", "khuyet tat", "dan toc",
    "thieu so", "vung cao", "bien gioi", "hai dao", "cong an", "bo doi", "quan doi", "benh vien", "bac si", "y te", "phong kham", "truong hoc",
    "lop hoc", "nha tre", "chua chien", "nha tho", "giao xu", "phat tu", "dong huong", "dong nghiep", "dong nien", "cuu hoc", "hoi khoa", "ban be",
    "anh em", "anh chi", "chi em", "co giao", "thay giao", "thay co", "ong ba", "bo me", "me con", "vo chong", "hai vo", "co chu", "co bac",
    "cac ban", "cac bac", "cac co", "mot chut", "chut it", "it tien", "so tien", "tong so", "dot 1", "hoan tien", "hoan lai", "hoan tra", "tra lai",
    "chuyen nham", "chuyen tien", "chuyen khoan", "nop tien", "rut tien", "nhan tien", "gui tien", "lai suat", "ngan hang", "giao dich", "so du",
    "dau ky", "cuoi ky", "vui long", "lien he", "noi dung", "mua giong", "con de", "bo giong", "cho ban", "vao ban", "ve ban", "xa ban", "ve xa",
    "thong bao", "di cu", "tai dinh", "dinh cu", "tho xay", "tham hoi", "nhac hoi", "the thao", "ban nhac", "phong trao", "la phieu", "nong thon",
    "nong thon moi", "xay dung", "chuong trinh", "hoc duong", "nhap goc", "lai nhap", "dang uy", "be gai", "be trai",
)  # fmt: skip
PLACES = frozenset(
    [
        "hoc",
        "thpt",
        "thcs",
        "non",
        "xa",
        "huyen",
        "xom",
        "thon",
        "lop",
        "phuong",
        "tinh",
        "ty",
        "tnhh",
        "doan",
        "chua",
        "htx",
        "ubnd",
        "clb",
        "hang",
        "dai",
        "bo",
        "hoi",
        "quan",
    ]
)
"""After these a name of a place, school or firm may follow; it stays unless it begins like a person's."""

_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in PHRASES:
    _parts = tuple(_phrase.split())
    _FIRST.setdefault(_parts[0], []).append(_parts)


def found_in(text: str, plain: str) -> Iterator[tuple[int, int]]:
    """Yield where names stand. ``plain`` is the text in small letters without marks, each letter in its place."""
    tokens = [(m.start(), m.end(), m[0]) for m in WORD.finditer(plain)]
    known = _known(text, tokens)
    place = 0
    while place < len(tokens):
        stop = _name_from(plain, tokens, known, place)
        if stop:
            yield tokens[place][0], tokens[stop - 1][1]
        place = stop or place + 1


def _known(text: str, tokens: list[tuple[int, int, str]]) -> list[bool]:
    words = [word for _start, _end, word in tokens]
    known = [_is_word(text, token) for token in tokens]
    place = 0
    while place < len(words):
        fits = [
            p for p in _FIRST.get(words[place], ()) if tuple(words[place : place + len(p)]) == p
        ]
        size = max(map(len, fits), default=0)
        known[place : place + size] = [True] * size
        place += size or 1
    _keep_places(words, known)
    return known


def _is_word(text: str, token: tuple[int, int, str]) -> bool:
    start, end, word = token
    initial = end - start == 1 and text[end : end + 1] == "."
    return word in WORDS or initial or len(word) > LONGEST_WORD


def _in_phrase(words: list[str], place: int) -> bool:
    for back in range(3):
        for parts in _FIRST.get(words[place - back], ()) if place >= back else ():
            if (
                len(parts) > back
                and tuple(words[place - back : place - back + len(parts)]) == parts
            ):
                return True
    return False


def _keep_places(words: list[str], known: list[bool]) -> None:
    for n, word in enumerate(words[:-1]):
        if word in PLACES and known[n] and words[n + 1] not in FAMILY:
            for k in range(n + 1, min(n + 3, len(words))):
                if words[k] in MIDDLE and k > n + 1:
                    break
                known[k] = True


def _name_from(
    plain: str, tokens: list[tuple[int, int, str]], known: list[bool], place: int
) -> int:
    """Return after which word a name ends that begins here; 0 when none does."""
    words = [word for _start, _end, word in tokens]
    joined = lambda n: bool(BETWEEN.fullmatch(plain, tokens[n - 1][1], tokens[n][0]))  # noqa: E731
    least = _least(words, known, place)
    if known[place] and least == place:
        return 0
    stop = place + 1
    while stop < len(words) and joined(stop) and (stop < least or not known[stop]):
        least = max(least, _least(words, known, stop))
        stop += 1
    return stop if stop - place > 1 else 0


def _middle_after(words: list[str], place: int) -> bool:
    return words[place + 1 : place + 2] in SURE_MIDDLE and not _in_phrase(words, place + 1)


def _least(words: list[str], known: list[bool], place: int) -> int:
    """Return up to where words belong to the name whatever they are."""
    after = words[place + 1 : place + 3]
    sure = words[place] in NOTHING_ELSE or _middle_after(words, place)
    if words[place] not in FAMILY or (known[place] and not sure):
        return place
    if not after or after[0] in NEVER or _in_phrase(words, place):
        return place
    if after[0] in MIDDLE and not _in_phrase(words, place + 1):
        return place + (3 if len(after) > 1 and after[1] not in NEVER else 2)
    return place + 2 if words[place] in NOTHING_ELSE and not _in_phrase(words, place + 1) else place


def shortened(text: str, plain: str, short: Callable[[str], str]) -> str:
    """Return the text with every name in it put short."""
    parts, end = [], 0
    for start, stop in found_in(text, plain):
        parts += [text[end:start], short(" ".join(WORD.findall(text[start:stop])))]
        end = stop
    return "".join([*parts, text[end:]]) if parts else text
