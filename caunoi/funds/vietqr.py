"""The text of a VietQR code (NAPAS, EMVCo merchant-presented mode): made, and read back field by field.

A field is two digits of name, two of length, and its value. What the printed code says is all there is: no bank is asked.
"""

import re
import unicodedata
from dataclasses import dataclass

NAPAS, TO_ACCOUNT, TO_CARD = "A000000727", "QRIBFTTA", "QRIBFTTC"
DONG, COUNTRY = "704", "VN"
MEMO_LENGTH, AMOUNT_DIGITS, ACCOUNT_LENGTH = 25, 13, 19
"""Banks cut a longer memo off; the number of an account has at most nineteen characters."""
_MEMO = re.compile(r"[A-Za-z0-9 ]*")
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,19}")
_BANK = re.compile(r"[0-9]{6}")


class NoVietQR(ValueError):
    """What was given is no payload, or cannot become one; its text says why."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What a payer's bank reads.

    bank    the six digits of the bank (BIN)
    amount  đồng; None = the payer types it
    memo    at most 25 letters, digits and spaces, without marks
    bill    the payee's own number, as some banks print it
    """

    bank: str
    account: str
    amount: int | None = None
    memo: str = ""
    bill: str = ""
    service: str = TO_ACCOUNT


def plain(text: str) -> str:
    """Return the words as a bank keeps them: no marks, no signs, capitals, single spaces."""
    bare = text.replace("đ", "d").replace("Đ", "D")
    bare = "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^A-Za-z0-9]+", " ", bare).split()).upper()


def checksum(text: str) -> str:
    """Return CRC-16/CCITT-FALSE of the text as four capital hex digits."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return f"{crc:04X}"


def payload(payment: Payment) -> str:
    """Return the text of the code. NoVietQR when a field cannot stand in one."""
    _refuse_what_does_not_fit(payment)
    holder = _field("00", payment.bank) + _field("01", payment.account)
    receiver = _field("00", NAPAS) + _field("01", holder) + _field("02", payment.service)
    beside = "".join(
        _field(name, value) for name, value in (("01", payment.bill), ("08", payment.memo)) if value
    )
    once = payment.amount is not None
    text = _field("00", "01") + _field("01", "12" if once else "11") + _field("38", receiver)
    text += _field("53", DONG)
    if payment.amount is not None:
        text += _field("54", str(payment.amount))
    text += _field("58", COUNTRY)
    if beside:
        text += _field("62", beside)
    return f"{text}6304{checksum(text + '6304')}"


def _refuse_what_does_not_fit(payment: Payment) -> None:
    wrong = {
        "a bank has six digits": not _BANK.fullmatch(payment.bank),
        "an account has letters and digits, at most nineteen": not _ACCOUNT.fullmatch(
            payment.account
        ),
        "an amount is whole đồng above zero, at most thirteen digits": payment.amount is not None
        and not 0 < payment.amount < 10**AMOUNT_DIGITS,
        "a memo has at most 25 letters, digits and spaces": len(payment.memo) > MEMO_LENGTH
        or not _MEMO.fullmatch(payment.memo),
        "a bill has at most 25 letters, digits and spaces": len(payment.bill) > MEMO_LENGTH
        or not _MEMO.fullmatch(payment.bill),
        "the service is unknown": payment.service not in (TO_ACCOUNT, TO_CARD),
    }
    if words := next((w for w, true in wrong.items() if true), ""):
        raise NoVietQR(words)


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"


def read(text: str) -> Payment:
    """Read a payload. NoVietQR when its checksum, its lengths or its fields are not right."""
    body, said = text[:-4], text[-4:]
    if not text.isascii() or not body.endswith("6304") or checksum(body) != said.upper():
        raise NoVietQR("the checksum is wrong")
    fields = _fields(body[:-4])
    receiver = _fields(_needed(fields, "38"))
    holder = _fields(_needed(receiver, "01"))
    if receiver.get("00") != NAPAS or fields.get("53") != DONG or fields.get("58") != COUNTRY:
        raise NoVietQR("it is no payment in đồng to a Vietnamese bank")
    beside = _fields(fields.get("62", ""))
    amount = fields.get("54", "")
    if amount and not re.fullmatch(r"[1-9][0-9]{0,12}", amount):
        raise NoVietQR("the amount is no number")
    return Payment(
        bank=_needed(holder, "00"),
        account=_needed(holder, "01"),
        amount=int(amount) if amount else None,
        memo=beside.get("08", ""),
        bill=beside.get("01", ""),
        service=_needed(receiver, "02"),
    )


def _needed(fields: dict[str, str], name: str) -> str:
    if not fields.get(name):
        raise NoVietQR(f"field {name} is missing")
    return fields[name]


def _fields(text: str) -> dict[str, str]:
    """Cut a text into its fields; every length must come out even."""
    found: dict[str, str] = {}
    while text:
        head = text[:4]
        if not re.fullmatch(r"[0-9]{4}", head):
            raise NoVietQR("a length does not fit")
        value, text = text[4 : 4 + int(head[2:])], text[4 + int(head[2:]) :]
        if len(value) != int(head[2:]) or head[:2] in found:
            raise NoVietQR("a length does not fit")
        found[head[:2]] = value
    return found
