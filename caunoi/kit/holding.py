"""What the house holds of people: said by each room in its own ``personal.py``, gathered by the room privacy.

    HOLDINGS = (Holding("cases.case", ("asker_name",), what=…, purpose=…, basis=TASK, kept=…, whose=Whose.ASKER, end=End.ERASED),)
    FREE = (Free("cases.case", ("number", "state"), why="codes and numbers"),)
    def pieces(about: Subject) -> list[Piece]: ...     # what is held on this one case, for the asker
    def forget(about: Subject, *, at: datetime) -> int: ...   # erase it; how many rows were changed

A field that may hold text and is neither held nor free makes ``privacy/tests/test_holdings.py`` fail.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

ERASED = "(đã xoá theo yêu cầu hoặc hết hạn lưu)"
"""What stands where words were: content, so always Vietnamese."""
TASK = "Luật Mặt trận Tổ quốc Việt Nam 75/2015/QH13; Luật 91/2025/QH15 về bảo vệ dữ liệu cá nhân"
CONSENT = "Sự đồng ý của bà con (Luật 91/2025/QH15, Nghị định 356/2025/NĐ-CP)"
ARCHIVE = "Luật Lưu trữ 33/2024/QH15; Nghị định 30/2020/NĐ-CP về công tác văn thư"
SECURITY = "Luật 91/2025/QH15: biện pháp bảo vệ dữ liệu và ghi nhật ký xử lý"
INFORMATION = "Luật Tiếp cận thông tin 104/2016/QH13"


class Whose(StrEnum):
    """Of whom a field may speak."""

    ASKER = "asker"
    STAFF = "staff"
    AGENCY = "agency"
    GIVER = "giver"


class End(StrEnum):
    """What becomes of it at the end."""

    ERASED = "erased"
    MASKED = "masked"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Holding:
    """Fields of one table that may hold personal data. ``what``, ``purpose`` and ``kept`` are English sentences with a Vietnamese."""

    table: str
    fields: tuple[str, ...]
    what: str
    purpose: str
    basis: str
    kept: str
    whose: Whose
    end: End


@dataclass(frozen=True, slots=True)
class Free:
    """Fields that hold text but nothing of a person, and why."""

    table: str
    fields: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One case as every room understands it.

    since, until  the time in which its conversation was about this case; another case of the conversation begins at ``until``
    alone         True when no other case still needs the conversation, so that it may lose its identity
    names         what is masked in texts that stay: the asker's name and contact
    faces         the keys under which her contentment is kept without her name
    """

    case_id: UUID
    number: str
    channel_id: UUID | None
    thread_id: UUID | None
    message_ref: str
    since: datetime
    until: datetime | None
    alone: bool
    names: tuple[str, ...] = field(default=())
    faces: tuple[bytes, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing held on the case, as the asker reads it; ``label`` is an English sentence with a Vietnamese."""

    table: str
    label: str
    text: str
    at: datetime | None = None
