"""Words of the treasurer's and the auditor's desk."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from caunoi.funds.terms import Move, Place
from caunoi.kit.terms import Foreseen


class Kind(StrEnum):
    """What a voucher does."""

    TAKE_IN = "take_in"
    ALLOCATE = "allocate"
    HAND_OVER = "hand_over"
    IN_KIND = "in_kind"
    RELEASE = "release"
    GIVE_BACK = "give_back"
    FEE = "fee"


class Means(StrEnum):
    """How money moved."""

    CASH = "cash"
    BANK = "bank"
    NONE = "none"


MEANS_SAID = {
    Means.CASH: "tiền mặt",
    Means.BANK: "chuyển khoản",
    Means.NONE: "không chuyển tiền qua quỹ",
}
"""How money moved, as it stands on paper; content, so always Vietnamese."""


class State(StrEnum):
    """How far a voucher has come. Its number stays, whatever becomes of it."""

    WAITING = "waiting"
    POSTED = "posted"
    VOIDED = "voided"
    REVERSED = "reversed"


class Series(StrEnum):
    """Which register numbers it: phiếu thu, phiếu chi, phiếu điều chuyển. Content, so always Vietnamese."""

    IN = "PT"
    OUT = "PC"
    SHIFT = "PĐ"


SERIES: dict[Kind, Series] = {
    Kind.TAKE_IN: Series.IN,
    Kind.IN_KIND: Series.IN,
    Kind.ALLOCATE: Series.SHIFT,
    Kind.RELEASE: Series.SHIFT,
    Kind.HAND_OVER: Series.OUT,
    Kind.GIVE_BACK: Series.OUT,
    Kind.FEE: Series.OUT,
}
TITLES: dict[Kind, str] = {
    Kind.TAKE_IN: "PHIẾU THU",
    Kind.IN_KIND: "PHIẾU GHI NHẬN ỦNG HỘ TRỰC TIẾP",
    Kind.ALLOCATE: "PHIẾU PHÂN BỔ",
    Kind.RELEASE: "PHIẾU THU HỒI PHÂN BỔ",
    Kind.HAND_OVER: "PHIẾU CHI",
    Kind.GIVE_BACK: "PHIẾU CHI",
    Kind.FEE: "PHIẾU CHI",
}
"""What stands on the paper; content, so always Vietnamese."""
MOVES_SAID: dict[Move, str] = {
    Move.PLEDGE: "Đăng ký ủng hộ",
    Move.LAPSE: "Hết hạn đăng ký",
    Move.FULFIL: "Đã nhận theo đăng ký",
    Move.RECEIVE: "Tiếp nhận",
    Move.RECEIVE_UNMATCHED: "Tiếp nhận, chưa rõ mục đích",
    Move.MATCH: "Xác định mục đích",
    Move.ALLOCATE: "Phân bổ",
    Move.RELEASE: "Thu hồi phân bổ",
    Move.FORWARD: "Chuyển nơi giữ",
    Move.HAND_OVER: "Trao tận tay",
    Move.GIVE_BACK: "Hoàn trả người ủng hộ",
    Move.GIVE_BACK_UNMATCHED: "Hoàn trả khoản chưa rõ mục đích",
    Move.FEE: "Phí ngân hàng",
    Move.SPOIL: "Hư hỏng",
    Move.REVERSE: "Đảo bút toán",
}
"""Every movement in public words; content, so always Vietnamese."""


PLACES_SAID: dict[Place, str] = {
    Place.PROMISERS: "Người đăng ký",
    Place.PLEDGED: "Đã đăng ký",
    Place.GIVERS: "Người ủng hộ",
    Place.UNMATCHED: "Chưa rõ mục đích",
    Place.ON_HAND: "Đang giữ",
    Place.ALLOCATED: "Đã phân bổ, chưa trao",
    Place.HANDED_OVER: "Đã trao",
    Place.RETURNED: "Đã hoàn trả",
    Place.FEES: "Phí ngân hàng",
    Place.SPOILED: "Hư hỏng",
}
"""Every place in public words; content, so always Vietnamese."""


class Check(StrEnum):
    """What looks wrong to an auditor."""

    TWICE = "twice"
    SAME_LINE = "same_line"
    GAP = "gap"
    NO_PHOTO = "no_photo"
    LATE = "late"
    ROUND_TRIP = "round_trip"
    BANK_DIFFERS = "bank_differs"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing that looks wrong.

    key      names it for good, so that an explanation stays with it
    seq      the posting it is about, when there is one
    voucher  the voucher it is about, when there is one; movement: of goods
    """

    check: Check
    key: str
    on: date | None = None
    amount: int = 0
    seq: int = 0
    voucher: UUID | None = None
    movement: UUID | None = None
    words: str = ""
    explained: str = ""
    explained_by: str = ""
    explained_at: datetime | None = None


class TreasuryError(Foreseen):
    """Something a treasurer or auditor cannot do; the message says why."""


class NotYourBooks(TreasuryError):
    """The books are kept by another unit."""


class OnePerson(TreasuryError):
    """Whoever prepared it does not approve it."""


class WrongState(TreasuryError):
    """It has come further than that already."""


class NeedsReason(TreasuryError):
    """The register keeps a reason."""


class NeedsPeople(TreasuryError):
    """A hand-over names who got it and who saw it."""


class AnotherVoucher(TreasuryError):
    """The same form was sent before with something else in it."""


class NotReady(TreasuryError):
    """The books cannot be closed yet."""
