"""People from an XLSX list: every wrong row is named with column and remedy; all are invited or nobody."""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook

from caunoi.kit import clock
from caunoi.kit.text import clean, fold
from caunoi.kit.viewing import Viewer
from caunoi.staff import actions
from caunoi.staff.models import Account, Invitation
from caunoi.staff.terms import NotYours, Role
from caunoi.units import queries as units

HEADER = ["Họ và tên", "Thư điện tử", "Điện thoại", "Đơn vị", "Vai trò"]
MAX_ROWS = 5000
ROLE_WORDS = {
    "xem": Role.VIEWER,
    "cong tac vien": Role.CONTRIBUTOR,
    "bien tap": Role.EDITOR,
    "can bo": Role.CASE_OFFICER,
    "duiet": Role.APPROVER,
    "thu quy": Role.TREASURER,
    "thu qui": Role.TREASURER,
    "kiem tra": Role.AUDITOR,
    "quan tri": Role.ADMINISTRATOR,
} | {r.value: r for r in Role}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one row, in Vietnamese: the list is Vietnamese too."""

    row: int
    column: str
    remedy: str

    def __str__(self) -> str:
        return f"Dòng {self.row}, cột {self.column}: {self.remedy}"


@dataclass(slots=True)
class Outcome:
    """What an import found and did."""

    people: list[dict[str, Any]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    @property
    def invited(self) -> int:
        return len(self.invitations)


def read_people(*, content: bytes, at: datetime) -> Outcome:
    """Read and check a list without inviting anybody."""
    outcome = Outcome()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError):
        outcome.errors.append(
            RowError(0, "–", "Không đọc được tệp. Hãy lưu lại dạng .xlsx từ mẫu tải về.")
        )
        return outcome
    if not rows or [fold(str(c)) for c in rows[0][: len(HEADER)]] != [fold(h) for h in HEADER]:
        outcome.errors.append(RowError(1, "–", f"Dòng đầu phải là: {', '.join(HEADER)}."))
        return outcome
    if len(rows) > MAX_ROWS + 1:
        outcome.errors.append(
            RowError(0, "–", f"Nhiều hơn {MAX_ROWS} dòng. Hãy chia thành nhiều tệp.")
        )
        return outcome
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        if any(str(c).strip() for c in row):
            _row(
                outcome,
                number,
                [clean(str(c)).strip() for c in row[:5]] + [""] * (5 - len(row)),
                seen,
                at,
            )
    return outcome


def _row(outcome: Outcome, number: int, cells: list[str], seen: set[str], at: datetime) -> None:  # noqa: C901  one check a column
    name, email, phone, unit_name, role_word = cells
    email = email.lower()
    problems: list[RowError] = []
    if len(name.split()) < 2:
        problems.append(RowError(number, HEADER[0], "Ghi đủ họ và tên."))
    try:
        validate_email(email)
    except ValidationError:
        problems.append(RowError(number, HEADER[1], f"“{email}” không phải địa chỉ thư."))
    if email in seen:
        problems.append(RowError(number, HEADER[1], "Địa chỉ này đã có ở dòng trên."))
    elif Account.objects.filter(email=email).exists():
        problems.append(RowError(number, HEADER[1], "Người này đã có tài khoản."))
    seen.add(email)
    on = clock.local_date(at)
    unit = units.by_slug(slug=unit_name, on=on)
    hits = (
        [unit]
        if unit
        else [f.unit for f in units.search(text=unit_name, on=on, limit=3, old=False)]
    )
    exact = [u for u in hits if unit or fold(u.full_name) == fold(unit_name)]
    if len(exact) != 1:
        problems.append(
            RowError(
                number,
                HEADER[3],
                f"Không rõ “{unit_name}” là đơn vị nào; ghi đủ tên như “Xã Bích Hào”.",
            )
        )
    role = ROLE_WORDS.get(fold(role_word))
    if role is None:
        problems.append(
            RowError(
                number,
                HEADER[4],
                "Ghi: xem, cộng tác viên, biên tập, cán bộ, duyệt, thủ quỹ, kiểm tra hoặc quản trị.",
            )
        )
    if problems:
        outcome.errors += problems
    elif role is not None:
        outcome.people.append(
            {"full_name": name, "email": email, "phone": phone[:15], "unit": exact[0], "role": role}
        )


def import_people(*, content: bytes, by: Viewer | None, at: datetime) -> Outcome:
    """Invite everybody on the list, or nobody when a row is wrong."""
    outcome = read_people(content=content, at=at)
    if outcome.errors:
        return outcome
    try:
        with transaction.atomic():
            for person in outcome.people:
                fields = {k: person[k] for k in ("full_name", "email", "phone", "role")}
                outcome.invitations.append(
                    actions.invite(unit_id=person["unit"].id, by=by, at=at, **fields)
                )
    except NotYours:
        outcome.invitations.clear()
        outcome.errors.append(RowError(0, HEADER[3], "Có đơn vị ngoài phạm vi của bạn."))
    return outcome
