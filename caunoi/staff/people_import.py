"""People from an XLSX list: every wrong row is named with column and remedy; all are invited or nobody."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from caunoi.kit import cells, clock
from caunoi.kit.text import clean, fold
from caunoi.kit.viewing import Viewer
from caunoi.staff import actions
from caunoi.staff.models import Account, Invitation
from caunoi.staff.terms import Permission, Role
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

HEADER = ["Họ và tên", "Thư điện tử", "Điện thoại", "Đơn vị", "Vai trò"]
MAX_ROWS = 5000
UNREADABLE = "Không đọc được tệp. Hãy lưu lại dạng .xlsx từ mẫu tải về."
FORMULA = ("=", "+", "-", "@", "\t", "\uff1d")
ROLE_WORDS = {
    "xem": Role.VIEWER,
    "cong tac vien": Role.CONTRIBUTOR,
    "bien tap": Role.EDITOR,
    "can bo": Role.CASE_OFFICER,
    "don thu": Role.SEALED_OFFICER,
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


@dataclass(frozen=True, slots=True)
class Person:
    """One row that can be invited."""

    full_name: str
    email: str
    phone: str
    unit: UnitNow
    role: Role


@dataclass(slots=True)
class Outcome:
    """What an import found and did."""

    people: list[Person] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    @property
    def invited(self) -> int:
        return len(self.invitations)


def read_people(*, content: bytes, by: Viewer | None, at: datetime) -> Outcome:
    """Read and check a list without inviting anybody; ``by`` None is the system itself, which reaches every unit."""
    outcome = Outcome()
    rows = _rows(content, outcome)
    if rows:
        check = _Check(rows=rows, by=by, on=clock.local_date(at), outcome=outcome)
        for number, texts in rows:
            check.row(number, texts)
    return outcome


def _rows(content: bytes, outcome: Outcome) -> list[tuple[int, list[str]]]:
    """Return the filled rows with their numbers in the sheet, cleaned; says in ``outcome`` why there are none."""
    try:
        table = cells.lines(content, most=MAX_ROWS)
    except cells.TooManyLines:
        wrong = f"Nhiều hơn {MAX_ROWS} người. Hãy chia thành nhiều tệp."
        outcome.errors.append(RowError(0, "–", wrong))
        return []
    except cells.NoSheet:
        outcome.errors.append(RowError(0, "–", UNREADABLE))
        return []
    if not table or [fold(str(c)) for c in table[0][: len(HEADER)]] != [fold(h) for h in HEADER]:
        outcome.errors.append(RowError(1, "–", f"Dòng đầu phải là: {', '.join(HEADER)}."))
        return []
    rows = [
        (number, [*(_text(c) for c in row[:5]), *[""] * (5 - len(row))])
        for number, row in enumerate(table[1:], start=2)
        if any(str(c).strip() for c in row)
    ]
    if not rows:
        outcome.errors.append(RowError(2, "–", "Danh sách chưa có ai. Mỗi người một dòng."))
    return rows


def _text(cell: Any) -> str:
    """Return a cell as text; a phone number that the sheet took for a number gets its zero back."""
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        digits = str(int(cell))
        return f"0{digits}" if len(digits) == 9 else digits
    return clean(str(cell)).strip()


class _Check:
    """One list under examination: what is asked of the database is asked once, not once a row."""

    def __init__(
        self,
        *,
        rows: list[tuple[int, list[str]]],
        by: Viewer | None,
        on: date,
        outcome: Outcome,
    ) -> None:
        emails = {cells[1].lower() for _, cells in rows}
        known = Account.objects.filter(email__in=emails)
        self.known = set(known.values_list("email", flat=True))
        self.seen: set[str] = set()
        self.places: dict[str, UnitNow | str] = {}
        self.by, self.on, self.outcome = by, on, outcome

    def row(self, number: int, cells: list[str]) -> None:
        """Take the row as a person, or say for each wrong cell what to write."""
        name, email, phone, unit_text, role_text = cells
        email = email.lower()
        unit, role = self._unit(unit_text), ROLE_WORDS.get(fold(role_text))
        wrong = [
            (0, self._name(name)),
            (1, self._email(email)),
            (2, self._phone(phone)),
            (3, unit if isinstance(unit, str) else ""),
            (4, "" if role else ROLE_REMEDY),
        ]
        problems = [RowError(number, HEADER[column], said) for column, said in wrong if said]
        self.seen.add(email)
        if problems:
            self.outcome.errors += problems
        elif role is not None and not isinstance(unit, str):
            self.outcome.people.append(Person(name, email, phone, unit, role))

    def _name(self, name: str) -> str:
        if name.startswith(FORMULA):
            return "Tên không bắt đầu bằng dấu =, +, -, @."
        if len(name.split()) < 2:
            return "Ghi đủ họ và tên."
        return "" if len(name) <= 120 else "Tên dài quá 120 chữ."

    def _email(self, email: str) -> str:
        try:
            validate_email(email)
        except ValidationError:
            return f"“{email[:60]}” không phải địa chỉ thư." if email else "Ghi địa chỉ thư."
        if email in self.seen:
            return "Địa chỉ này đã có ở dòng trên."
        return "Người này đã có tài khoản." if email in self.known else ""

    def _phone(self, phone: str) -> str:
        digits = phone.replace(" ", "").replace(".", "").removeprefix("+")
        if not phone or (digits.isdigit() and 9 <= len(digits) <= 12 and len(phone) <= 15):
            return ""
        return "Số điện thoại chỉ gồm chữ số, như 0912345678; hoặc để trống."

    def _unit(self, text: str) -> UnitNow | str:
        if text not in self.places:
            self.places[text] = self._look_up(text)
        return self.places[text]

    def _look_up(self, text: str) -> UnitNow | str:
        found = units.named(text=text, on=self.on) if text else []
        if len(found) != 1:
            several = "; ".join(f"{f.unit.slug} ({f.within})" for f in found[:4])
            hint = f"Có nhiều nơi tên này, ghi một trong: {several}." if several else UNIT_REMEDY
            return f"Không rõ “{text[:60]}” là đơn vị nào. {hint}"
        unit = found[0].unit
        if self.by is not None and not self.by.may(Permission.PEOPLE_MANAGE, unit.path):
            return f"{unit.full_name} ngoài phạm vi bạn quản lý."
        return unit


ROLE_REMEDY = (
    "Ghi: xem, cộng tác viên, biên tập, cán bộ, đơn thư, duyệt, thủ quỹ, kiểm tra hoặc quản trị."
)
UNIT_REMEDY = "Ghi đủ tên như “Xã Bích Hào”, hoặc mã đơn vị."


def import_people(*, content: bytes, by: Viewer | None, at: datetime) -> Outcome:
    """Invite everybody on the list, or nobody when a row is wrong."""
    outcome = read_people(content=content, by=by, at=at)
    if not outcome.errors:
        invitees = [
            actions.Invitee(p.email, p.full_name, p.unit.id, p.role, p.phone)
            for p in outcome.people
        ]
        outcome.invitations = actions.invite_list(invitees=invitees, by=by, at=at)
    return outcome
