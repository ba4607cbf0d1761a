"""How the sheets of the big banks look, as published exports and their customers' guides show them.

[R] None of these was checked against a bank this year: each is a first guess that a treasurer confirms once and that is then saved
for her unit and bank (``BankLayout``). A name that is missing here costs one choice in a form, never a line.
"""

from collections.abc import Mapping, Sequence

from caunoi.kit.text import fold
from caunoi.statements.terms import Column, Layout

_ON = ("ngay giao dich", "ngay hieu luc", "ngay hach toan", "ngay", "transaction date", "date")
_ANY: dict[Column, tuple[str, ...]] = {
    Column.ON: (*_ON, "tnx date", "ngay gd", "ngay gio giao dich", "effective date", "value date", "thoi gian giao dich"),
    Column.MEMO: (
        "noi dung giao dich", "noi dung chi tiet", "dien giai", "noi dung", "mo ta", "mo ta giao dich", "transactions in detail",
        "transaction detail", "transaction remark", "description", "details", "remark", "dien giai giao dich",
    ),
    Column.REFERENCE: (
        "so tham chieu", "so chung tu", "ma giao dich", "so but toan", "so ct", "doc no", "transaction number", "transaction no",
        "reference", "so gd", "ma tham chieu", "seq. no",
    ),
    Column.CREDIT: ("ghi co", "so tien ghi co", "co", "credit", "phat sinh co", "tien vao", "credit amount", "ps co"),
    Column.DEBIT: ("ghi no", "so tien ghi no", "no", "debit", "phat sinh no", "tien ra", "debit amount", "ps no"),
    Column.AMOUNT: ("so tien", "amount", "so tien giao dich", "transaction amount", "phat sinh"),
    Column.BALANCE: ("so du", "balance", "so du sau giao dich", "running balance", "so du cuoi", "account balance"),
    Column.OTHER_NAME: (
        "ten tai khoan doi ung", "ten nguoi chuyen", "doi tac", "remitter", "ten doi ung", "ten tai khoan doi tac", "nguoi chuyen",
        "don vi thu huong/don vi chuyen", "beneficiary/remitter", "ben chuyen", "corresponsive name", "remitter/beneficiary",
    ),
    Column.OTHER_ACCOUNT: (
        "tai khoan doi ung", "so tai khoan doi ung", "tai khoan", "tk doi ung", "so tai khoan doi tac", "corresponsive account",
        "account no", "remitter account",
    ),
    Column.CURRENCY: ("loai tien", "tien te", "currency", "ccy", "loai tien te"),
}  # fmt: skip
"""Names that some bank gives its columns, without marks, the likeliest first."""


def _of(bank: str, name: str, **first: str) -> Layout:
    """One bank: the names it uses come before those of all others."""
    columns = {
        column: tuple(fold(n) for n in (first.get(column.value, ""), *names) if n)
        for column, names in _ANY.items()
    }
    return Layout(bank, name, columns)


SHIPPED: dict[str, Layout] = {
    one.bank: one
    for one in (
        _of("970436", "Vietcombank", on="ngay giao dich", reference="so tham chieu", memo="mo ta"),
        _of("970418", "BIDV", on="ngay hieu luc", memo="mo ta", reference="so but toan"),
        _of("970415", "VietinBank", on="ngay hach toan", memo="mo ta giao dich", reference="so ct"),
        _of("970405", "Agribank", on="ngay giao dich", memo="dien giai", reference="so but toan"),
        _of("970422", "MB", on="ngay giao dich", memo="noi dung", reference="so but toan"),
        _of("970407", "Techcombank", on="ngay giao dich", memo="dien giai", reference="so but toan"),
        _of("", "Ngân hàng khác"),
    )
}  # fmt: skip
"""By the bank's number at NAPAS; "" = any other."""


def guess(header: Sequence[str], layout: Layout) -> dict[Column, int]:
    """Return which column says what, as far as its name tells: whole names first, then names that begin so."""
    names = [fold(h.split("\n")[0]) for h in header]
    whole = [fold(h) for h in header]
    found: dict[Column, int] = {}
    for column, known in layout.columns.items():
        for name in known:
            place = _place_of(name, names, whole, taken=set(found.values()))
            if place is not None:
                found[column] = place
                break
    if Column.CREDIT in found or Column.DEBIT in found:
        found.pop(Column.AMOUNT, None)
    return found


def _place_of(
    name: str, names: Sequence[str], whole: Sequence[str], *, taken: set[int]
) -> int | None:
    free = [n for n in range(len(names)) if n not in taken]
    exact = [n for n in free if name in (names[n], whole[n])]
    if exact:
        return exact[0]
    if len(name) < 4:
        return next((n for n in free if name in whole[n].replace("/", " ").split()[:1]), None)
    return next((n for n in free if whole[n].startswith(name)), None)


def by_saved(header: Sequence[str], saved: Mapping[str, str]) -> dict[Column, int] | None:
    """Return which column says what, as it was saved for the bank; None when a saved column is not there any more."""
    names = [fold(h) for h in header]
    found: dict[Column, int] = {}
    for column, name in saved.items():
        if name not in names:
            return None
        found[Column(column)] = names.index(name)
    return found or None


def enough(found: Mapping[Column, int]) -> bool:
    """True when a movement can be read: a day, and what came in or an amount."""
    return Column.ON in found and (Column.AMOUNT in found or Column.CREDIT in found)
