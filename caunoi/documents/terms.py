"""Words of official papers."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from caunoi.kit.terms import Foreseen


class PaperType(StrEnum):
    """What sort of paper: a named type carries letters in its symbol, an ordinary letter (công văn) does not."""

    FORWARDING_SLIP = "forwarding_slip"
    REMINDER = "reminder"
    NOTICE = "notice"
    HANDOVER = "handover"
    WAYBILL = "waybill"


class PaperState(StrEnum):
    """A number once given stays in the register, with its reason when the paper was cancelled."""

    ISSUED = "issued"
    CANCELLED = "cancelled"


class Format(StrEnum):
    """How a paper can be had: to print as it is, or to work on."""

    PDF = "pdf"
    DOCX = "docx"


TYPE_LETTERS = {
    PaperType.FORWARDING_SLIP: "PC",
    PaperType.REMINDER: "",
    PaperType.NOTICE: "TB",
    PaperType.HANDOVER: "BB",
    PaperType.WAYBILL: "PXK",
}
TYPE_TITLES = {
    PaperType.FORWARDING_SLIP: "PHIẾU CHUYỂN",
    PaperType.REMINDER: "",
    PaperType.NOTICE: "THÔNG BÁO",
    PaperType.HANDOVER: "BIÊN BẢN BÀN GIAO",
    PaperType.WAYBILL: "PHIẾU XUẤT KHO KIÊM VẬN CHUYỂN",
}
"""What stands in the middle of the paper; content, so always Vietnamese. A letter has no title but a subject line."""


@dataclass(frozen=True, slots=True)
class Head:
    """Who issues and signs: the lines on top left, the place of the date, the letters of the symbol, the signature."""

    upper_lines: tuple[str, ...]
    body_line: str
    symbol: str
    place: str
    authority: str
    signer_title: str
    signer_name: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything printed on a paper, so that it can be drawn again and read the same.

    table    rows below the paragraphs, the first of them its heading
    signers  who signs side by side, as (title, name), instead of the head of the unit
    """

    head: Head
    number: str
    date_line: str
    title: str
    subject: str
    addressee: str
    paragraphs: tuple[str, ...]
    recipients: tuple[str, ...] = field(default=())
    table: tuple[tuple[str, ...], ...] = field(default=())
    signers: tuple[tuple[str, str], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Sheet":
        """Return what ``as_json`` gave."""
        head = plain["head"]
        return cls(
            head=Head(**(head | {"upper_lines": tuple(head["upper_lines"])})),
            number=plain["number"],
            date_line=plain["date_line"],
            title=plain["title"],
            subject=plain["subject"],
            addressee=plain["addressee"],
            paragraphs=tuple(plain["paragraphs"]),
            recipients=tuple(plain["recipients"]),
            table=tuple(tuple(row) for row in plain.get("table", ())),
            signers=tuple((title, name) for title, name in plain.get("signers", ())),
        )


class PaperError(Foreseen):
    """Something about an official paper that cannot be done."""


class NotYourPaper(PaperError):
    """The unit lies outside what you may issue papers for."""


class AlreadyCancelled(PaperError):
    """The paper is cancelled already."""


class NeedsReason(PaperError):
    """A cancelled number keeps its reason in the register; write it."""
