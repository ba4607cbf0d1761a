"""Decisions about the lines of a statement: which one it is, what everybody may read of it, what becomes of it. Pure."""

import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from caunoi.funds import codes
from caunoi.kit import text as texts
from caunoi.kit.private_data import EMAIL
from caunoi.statements import names as names_in
from caunoi.statements.terms import Hint, LineState, Row, Why

SHORT_BITS, SHORT_LENGTH = 60, 12
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LARGEST_FEE = 2_000_000
SHORTEST_SEARCH = 3
SHORTEST_ACCOUNT = 6


def of_another(said: str, number: str) -> bool:
    """True when a file names another account than the one it was brought in for; banks add their own letters and zeros."""
    told, ours = re.sub(r"\D", "", said), re.sub(r"\D", "", number)
    if len(told) < SHORTEST_ACCOUNT or len(ours) < SHORTEST_ACCOUNT:
        return False
    return ours.lstrip("0") not in told and told.lstrip("0") not in ours


# -- which line it is ----------------------------------------------------------


class Identities:
    """Gives every line of an account its lasting key, so that the same line in another file is the same line.

    A bank's own reference, day and amount name a line; without one its balance or words do. Lines that are alike in all of it are
    counted within the file: the second transfer of the same day, amount and words is the second one in every file.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._seen: Counter[bytes] = Counter()

    def key_of(self, row: Row) -> UUID:
        """Return the key of the next line of the file. Without the account's salt nobody can guess words from it."""
        if row.reference:
            said = f"r\0{row.reference}\0{row.on}\0{row.amount}"
        else:
            words = texts.fold(row.memo)
            said = f"w\0{row.on}\0{row.amount}\0{'' if row.balance is None else row.balance}\0{words}"  # fmt: skip
        digest = hmac.digest(self._salt, said.encode(), "sha256")
        self._seen[digest] += 1
        times = self._seen[digest]
        if times > 1:
            digest = hmac.digest(self._salt, digest + times.to_bytes(4, "big"), "sha256")
        return UUID(bytes=digest[:16])


def short_of(key: UUID) -> str:
    """Return the short name of a line for its address."""
    value = key.int >> (128 - SHORT_BITS)
    letters = ""
    for _n in range(SHORT_LENGTH):
        value, rest = divmod(value, 32)
        letters = LETTERS[rest] + letters
    return letters


def keys_of(short: str) -> tuple[UUID, UUID] | None:
    """Return between which keys the line of a short name lies; None when it is no such name. O counts as 0, I and L as 1."""
    meant = short.lower().translate(str.maketrans("oil", "011"))
    if len(meant) != SHORT_LENGTH or not set(meant) <= set(LETTERS):
        return None
    value = 0
    for letter in meant:
        value = value * 32 + LETTERS.index(letter)
    low = value << (128 - SHORT_BITS)
    return UUID(int=low), UUID(int=low | ((1 << (128 - SHORT_BITS)) - 1))


def digest_of(body: bytes) -> bytes:
    """Return what two copies of one file have in common."""
    return hashlib.sha256(body).digest()


# -- what everybody may read ---------------------------------------------------

HIDDEN = "***"
_DIGITS = re.compile(r"(?<![A-Za-z0-9])\+?\d(?:[\s.\-]?\d){5,}(?![A-Za-z0-9])|\d{6,}")
_LONG_FIGURE = re.compile(r"\d(?:[\s.\-]?\d){5}")
LONGEST_WORD_NO_NAME = 3
_CODE = re.compile(r"u\s?h(?:\s?[0-9a-z]){7}", re.IGNORECASE)


def masked(words: str, *, names: Iterable[str] = (), initials: bool = False) -> str:
    """Return the words of a transfer for everybody: long figures hidden but their last three, names of givers shortened.

    names     of the one who transferred, as the bank tells it
    initials  the giver asked that her given name is shortened too
    The code of a campaign stays, for it is how a giver finds herself.
    """
    text = without_figures(words)
    for name in names:
        if len(name) > LONGEST_WORD_NO_NAME:
            text = _replaced(text, name, short_name(name, initials=initials))
    return _names_shortened(text, initials)


def without_figures(words: str) -> str:
    """Return the words with e-mail addresses and long figures hidden, codes of campaigns left."""
    text = EMAIL.sub(HIDDEN, words) if "@" in words else words
    if not _LONG_FIGURE.search(text):
        return text
    kept = [m.span() for m in _CODE.finditer(text) if codes.number_of(m[0]) is not None]
    return _DIGITS.sub(lambda m: _hide(m, kept), text)


def _replaced(text: str, name: str, short: str) -> str:
    """Put the short name wherever the whole one stands, in small letters or large ones, with or without its marks."""
    low, wanted = _plain(text), _plain(name)
    if len(low) != len(text):
        return text.replace(name, short)
    parts, end = [], 0
    while (start := low.find(wanted, end)) >= 0:
        parts += [text[end:start], short]
        end = start + len(wanted)
    return "".join([*parts, text[end:]]) if parts else text


def _hide(match: re.Match[str], kept: Sequence[tuple[int, int]]) -> str:
    if any(start < match.end() and match.start() < end for start, end in kept):
        return match[0]
    return HIDDEN + match[0][-3:]


def _names_shortened(text: str, initials: bool) -> str:
    """Shorten what looks like a full name. Folding keeps every letter in its place, so places found there hold here."""
    plain = text.lower() if text.isascii() else _plain(text)
    if len(plain) != len(text):
        return text
    return names_in.shortened(text, plain, lambda name: short_name(name, initials=initials))


def _plain(text: str) -> str:
    low = text.lower().replace("đ", "d")
    return "".join(unicodedata.normalize("NFD", c)[0] for c in low)


def short_name(name: str, *, initials: bool = False) -> str:
    """Return "N. T. HOA" for NGUYEN THI HOA; "N. T. H." when initials are asked for. A firm or body keeps its name."""
    words = name.split()
    if not words or _is_body(name):
        return name.strip()
    first = [f"{w[0]}." for w in words[:-1]]
    return " ".join([*first, f"{words[-1][0]}." if initials else words[-1]])


_BODIES = tuple(
    texts.fold(b)
    for b in (
        "cong ty", "cty", "tnhh", "co phan", "ngan hang", "uy ban", "ubnd", "truong thpt", "truong thcs", "truong tieu hoc", "truong mam non",
        "truong dai hoc", "hoi", "doan thanh nien", "quy", "chi bo", "dang bo", "mttq", "mat tran", "benh vien", "tap doan",
        "doanh nghiep", "hop tac xa", "htx", "chua", "giao xu", "cong doan", "so", "phong", "bank",
    )
)  # fmt: skip
_STANDS = re.compile(rf"\b(?:{'|'.join(_BODIES)})\b")


def _is_body(name: str) -> bool:
    return bool(_STANDS.match(folded(name))) or any(
        f" {b} " in f" {folded(name)} " for b in ("cong ti", "tnhh", "co phan", "bank")
    )


def folded(*said: str) -> str:
    """Return what is searched: the public words without marks, small."""
    text = " ".join(s for s in said if s)
    if text.isascii():
        return " ".join(text.lower().replace("y", "i").split())
    return texts.fold(text)


# -- what becomes of it --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meant:
    """What a transfer code in the words stands for; ``initials``: whoever promised it asked to be shown by them only."""

    number: int
    campaign_id: UUID
    purpose: str = ""
    need_id: UUID | None = None
    gift_id: UUID | None = None
    initials: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """When the campaign accepts something, and since when and up to when its books are kept."""

    campaign_id: UUID
    starts_on: date
    ends_on: date | None
    opened_on: date
    closed_through: date | None = None

    def counts_for(self, on: date) -> date:
        """Return the day a line counts for in the books: its own, or the first on which they are open."""
        first = self.opened_on
        if self.closed_through is not None:
            first = max(first, self.closed_through + timedelta(days=1))
        return max(on, first)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a line and why; ``meant`` is the code that decided."""

    state: LineState
    why: Why
    meant: Meant | None = None


_FEE = re.compile(r"(?<!chi )(?<!kinh )\b(?:phi|fee|charge)\b")
"""A bank's own word for what it takes; "chi phí" and "kinh phí" are what a commune pays for something."""


def judge(row: Row, *, meant: Sequence[Meant], days: Days, sole: bool) -> Verdict:
    """Return what becomes of a line.

    meant  the codes in its words that exist
    sole   the account takes money for this campaign only, so that words without a code are meant for it too
    """
    if row.amount < 0:
        fee = -row.amount <= LARGEST_FEE and bool(_FEE.search(folded(row.memo)))
        return Verdict(LineState.FEE, Why.BANK_FEE) if fee else _waits(Why.MONEY_OUT)
    if row.on is not None and row.on < days.starts_on:
        return _waits(Why.TOO_EARLY)
    if row.on is not None and days.ends_on is not None and row.on > days.ends_on:
        return _waits(Why.TOO_LATE)
    own = next((m for m in meant if m.campaign_id == days.campaign_id), None)
    if own is not None:
        return Verdict(LineState.MATCHED, Why.CODE, own)
    if meant:
        return _waits(Why.OTHER_CAMPAIGN)
    return Verdict(LineState.MATCHED, Why.ACCOUNT) if sole else _waits(Why.NO_CODE)


def _waits(why: Why) -> Verdict:
    return Verdict(LineState.UNMATCHED, why)


def sole_on(first: bool, changes: Iterable[tuple[date, bool]], on: date | None) -> bool:
    """True when on that day the account takes money for its campaign only. ``first`` holds before the first change."""
    past = [change for change in changes if on is not None and change[0] <= on]
    return max(past)[1] if past else first


def adds_up(*, opening: int | None, credits: int, debits: int, closing: int | None) -> bool | None:
    """True when the bank's balances and the lines agree to the đồng; None when the bank says no balances."""
    if opening is None or closing is None:
        return None
    return opening + credits - debits == closing


class Running:
    """Follows the bank's running balance line by line, upwards or downwards in time, and tells where it breaks."""

    def __init__(self) -> None:
        self._last: Row | None = None
        self._upwards: bool | None = None
        self.breaks = 0
        self.first: Row | None = None
        self.last: Row | None = None

    def follows(self, row: Row) -> bool:
        """True when the line's balance follows from the one before, or nothing can be said."""
        if row.balance is None:
            return True
        before, self._last = self._last, row
        self.first = self.first or row
        self.last = row
        if before is None or before.balance is None:
            return True
        up = before.balance + row.amount == row.balance
        down = row.balance + before.amount == before.balance
        if self._upwards is None:
            if up == down:
                return up
            self._upwards = up
            return True
        good = up if self._upwards else down
        self.breaks += not good
        return good

    def ends(self) -> tuple[int, int] | None:
        """Return what stood there before the first movement and after the last, by the balances of the lines."""
        if self.first is None or self.last is None or self.breaks:
            return None
        oldest, newest = (self.last, self.first) if self._upwards is False else (self.first, self.last)  # fmt: skip
        if oldest.balance is None or newest.balance is None:
            return None
        return oldest.balance - oldest.amount, newest.balance


# -- what is proposed ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """A promise that money could belong to."""

    gift_id: UUID
    number: int
    left: int
    giver: str
    purpose: str = ""
    promised_on: date | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line without a code could belong to, and why that is thought."""

    gift_id: UUID
    number: int
    hints: tuple[Hint, ...]


SOON = timedelta(days=7)


def proposals(
    *, memo: str, other: str, amount: int, promises: Iterable[Open], on: date | None = None
) -> list[Proposal]:
    """Return the promises a line could belong to, the likeliest first: a code with one wrong sign, the same amount, a name.

    on  the day of the line: money of the same amount soon after a promise is likelier to be its
    """
    words = set(texts.words(f"{memo} {other}"))
    bare = re.sub(r"[^A-Z0-9]", "", memo.upper())
    found = []
    for one in promises:
        hints = []
        if _nearly(codes.code_of(one.number), bare):
            hints.append(Hint.NEAR_CODE)
        if one.left == amount:
            hints.append(Hint.SAME_AMOUNT)
            if on and one.promised_on and timedelta() <= on - one.promised_on <= SOON:
                hints.append(Hint.SOON)
        name = [w for w in texts.words(one.giver) if len(w) > 1]
        if len(name) > 1 and set(name) <= words:
            hints.append(Hint.NAME)
        if hints:
            hints += [Hint.LAPSED] if one.lapsed else []
            found.append(Proposal(one.gift_id, one.number, tuple(hints)))
    order = {Hint.NEAR_CODE: 8, Hint.NAME: 4, Hint.SAME_AMOUNT: 2, Hint.SOON: 1, Hint.LAPSED: -1}
    return sorted(found, key=lambda p: (-sum(order[h] for h in p.hints), p.number))[:5]


def need_hints(*, memo: str, amount: int, missing: int, place: str, purpose: str) -> list[Hint]:
    """Return why money could be meant for a need: its place or purpose stands in the words, or it is just what is missing."""
    said = f" {' '.join(texts.words(memo))} "
    stands = {Hint.PLACE: place, Hint.PURPOSE: purpose}
    hints = [
        h for h, words in stands.items() if words and f" {' '.join(texts.words(words))} " in said
    ]
    return [*hints, Hint.SAME_AMOUNT] if missing > 0 and amount == missing else hints


def _nearly(code: str, bare: str) -> bool:
    """True when the code stands in the words with one sign wrong."""
    starts = range(len(bare) - len(code) + 1)
    return any(sum(a != b for a, b in zip(code, bare[n:], strict=False)) <= 1 for n in starts)
