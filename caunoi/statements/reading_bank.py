"""CAMT.053 (ISO 20022, versions 02 to 08) and MT940 (SWIFT), turned into movements: bounded, safe against entities."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from caunoi.kit.text import clean
from caunoi.statements import figures
from caunoi.statements.terms import Found, Row, UnreadableFile

MAX_ENTRIES = 1_000_000


def is_camt(body: bytes) -> bool:
    """True of a file that says it is a CAMT.053."""
    head = body[:4000].replace(b"\x00", b"")
    return b"<" in head[:200] and b"camt.053" in head


def camt_rows(body: bytes, found: Found) -> Iterator[Row]:
    """Yield the entries of every statement in the file. Raises UnreadableFile when it is no whole XML."""
    line = 0
    try:
        for _event, element in iterparse(BytesIO(body), events=("end",), forbid_dtd=True):
            name = _bare(element.tag)
            if name == "Ntry":
                line += 1
                if line > MAX_ENTRIES:
                    raise UnreadableFile(_("More than 1,000,000 lines; split the file by days."))
                yield from _entries(element, line)
                element.clear()
            elif name == "Bal":
                _balance(element, found)
            elif name == "Acct" and not found.account:
                found.account = _say(element, "Id/IBAN") or _say(element, "Id/Othr/Id")
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise UnreadableFile(_("The file is cut off or damaged. Download it again from the bank.")) from error  # fmt: skip


def _bare(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _at(element: Element, path: str) -> Element | None:
    here: Element | None = element
    for name in path.split("/"):
        here = next((c for c in here if _bare(c.tag) == name), None) if here is not None else None
    return here


def _say(element: Element, path: str) -> str:
    there = _at(element, path)
    return clean((there.text or "")[:2000]).strip() if there is not None else ""


def _entries(element: Element, line: int) -> list[Row]:
    """Return the transfers of an entry: one, or each of those the bank booked together when they add up to it."""
    parts = [
        d for n in element if _bare(n.tag) == "NtryDtls" for d in n if _bare(d.tag) == "TxDtls"
    ]
    if len(parts) < 2:
        return [_entry(element, line, parts[0] if parts else element)]
    whole = _entry(element, line, element)
    rows = [_part(whole, element, part, n) for n, part in enumerate(parts, start=1)]
    if whole.problem or sum(row.amount for row in rows) == whole.amount:
        return [whole] if whole.problem else rows
    return [replace(whole, problem="the transfers of the entry do not add up to it")]


def _part(whole: Row, element: Element, part: Element, n: int) -> Row:
    """One of several transfers of an entry, with its own amount and number."""
    row = _entry(element, whole.line, part)
    money = _at(part, "Amt")
    amount, problem = _money(money if money is not None else _at(part, "AmtDtls/TxAmt/Amt"))
    came = (_say(part, "CdtDbtInd") or _say(element, "CdtDbtInd")) == "CRDT"
    own = _say(part, "Refs/AcctSvcrRef") or _say(part, "Refs/TxId") or _say(part, "Refs/EndToEndId")
    reference = own if own and own != "NOTPROVIDED" else f"{whole.reference}/{n}" if whole.reference else ""  # fmt: skip
    return replace(row, amount=amount if came else -amount, reference=reference[:80], problem=problem or row.problem)  # fmt: skip


def _entry(element: Element, line: int, of: Element) -> Row:
    came = _say(element, "CdtDbtInd") == "CRDT"
    back = _say(element, "RvslInd") in {"true", "1"}
    amount, problem = _money(_at(element, "Amt"))
    party = "Dbtr" if came else "Cdtr"
    name = _say(of, f"RltdPties/{party}/Nm") or _say(of, f"RltdPties/{party}/Pty/Nm")
    account = _say(of, f"RltdPties/{party}Acct/Id/IBAN") or _say(of, f"RltdPties/{party}Acct/Id/Othr/Id")  # fmt: skip
    memo = _memo(of) or _say(element, "AddtlNtryInf")
    on = figures.day_of(_say(element, "BookgDt/Dt") or _say(element, "BookgDt/DtTm") or _say(element, "ValDt/Dt"))  # fmt: skip
    if not problem and on is None:
        problem = "the day is missing or no day"
    reference = (
        _say(element, "AcctSvcrRef") or _say(of, "Refs/AcctSvcrRef") or _say(element, "NtryRef")
    )
    return Row(
        line=line,
        on=on,
        amount=amount if came else -amount,
        memo=f"{_('Reversal')}: {memo}" if back else memo,
        reference=reference[:80],
        other_name=name[:160],
        other_account=account[:40],
        problem=problem,
    )


def _memo(of: Element) -> str:
    info = _at(of, "RmtInf")
    if info is None:
        return ""
    said = [clean((c.text or "")[:2000]).strip() for c in info if _bare(c.tag) == "Ustrd"]
    return " ".join(s for s in said if s)[:2000]


def _money(amount: Element | None) -> tuple[int, str]:
    if amount is None:
        return 0, "the amount is missing"
    if amount.get("Ccy", "VND") != "VND":
        return 0, "the amount is in another currency"
    try:
        found = figures.amount_of((amount.text or "").strip()) or 0
    except UnreadableFile as error:
        return 0, str(error)
    return abs(found), "" if found else "the amount is missing"


def _balance(element: Element, found: Found) -> None:
    kind = _say(element, "Tp/CdOrPrtry/Cd")
    if kind not in {"OPBD", "PRCD", "CLBD"}:
        return
    amount, problem = _money(_at(element, "Amt"))
    if problem and amount == 0 and problem != "the amount is missing":
        return
    signed = amount if _say(element, "CdtDbtInd") != "DBIT" else -amount
    if kind == "CLBD":
        found.closing = signed
    elif found.opening is None:
        found.opening = signed


# -- MT940 ---------------------------------------------------------------------

_TAG = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)
_61 = re.compile(
    r"(?P<on>\d{6})(?P<booked>\d{4})?(?P<sign>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d[\d]*,\d{0,2}|\d+)(?P<kind>[A-Z][A-Z0-9]{3})(?P<ref>[^\n]*)"
)
_BALANCE = re.compile(r"(?P<sign>[CD])(?P<on>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d+,?\d*)")
_PARTS = re.compile(r"\?(\d{2})")


def is_mt940(text: str) -> bool:
    """True of a text with the tags of an MT940."""
    head = text[:4000]
    return ":20:" in head and (":60F:" in head or ":60M:" in head)


def mt940_rows(text: str, found: Found) -> Iterator[Row]:
    """Yield the movements of every message in the file. Raises UnreadableFile when the last one has no end."""
    currency, last, waits = "VND", "", None
    for line, tag, said in _fields(text):
        last = tag if tag[:2] in {"60", "61", "62"} else last
        if tag == "86" and waits is not None:
            waits = _told(waits, said)
        elif waits is not None:
            yield waits
            waits = None
        if tag == "61":
            waits = _movement(said, line, currency)
        else:
            currency = _say_balance(tag, said, found) or currency
    if waits is not None:
        yield waits
    if last[:2] != "62":
        raise UnreadableFile(_("The file is cut off or damaged. Download it again from the bank."))


def _fields(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the tags of all messages: on which line, which, and what it says."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    marks = list(_TAG.finditer(text))
    if len(marks) > 3 * MAX_ENTRIES:
        raise UnreadableFile(_("More than 1,000,000 lines; split the file by days."))
    line = 1
    for n, mark in enumerate(marks):
        line += text.count("\n", marks[n - 1].start() if n else 0, mark.start())
        end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
        said = text[mark.end() : end].strip().removesuffix("-}").rstrip("-").strip()
        yield line, mark[1], said


def _say_balance(tag: str, said: str, found: Found) -> str:
    if tag == "25":
        found.account = found.account or said[:40]
    match = _BALANCE.match(said)
    if match is None or tag[:2] not in {"60", "62"}:
        return ""
    if match["currency"] == "VND":
        amount = int(match["amount"].partition(",")[0] or 0)
        signed = amount if match["sign"] == "C" else -amount
        if tag[:2] == "62":
            found.closing = signed
        elif found.opening is None:
            found.opening = signed
    return match["currency"]


def _movement(said: str, line: int, currency: str) -> Row:
    match = _61.match(said)
    if match is None:
        return Row(line, None, 0, memo=clean(said[:200]), problem="the line is no movement")
    figures_, _sign, fraction = match["amount"].partition(",")
    problem = ""
    if currency != "VND":
        problem = "the amount is in another currency"
    elif fraction.strip("0"):
        problem = "the amount is no whole number of đồng"
    elif len(figures_) > 15 or not int(figures_):
        problem = "the amount is missing" if len(figures_) <= 15 else "the amount is beyond all measure"  # fmt: skip
    amount = int(figures_) if not problem else 0
    came = match["sign"] in {"C", "RD"}
    on = _day(match["on"])
    own, _slashes, banks = match["ref"].partition("//")
    reference = (banks or own).strip().split("\n")[0]
    if not problem and on is None:
        problem = "the day is missing or no day"
    return Row(
        line=line,
        on=on,
        amount=amount if came else -amount,
        reference="" if reference == "NONREF" else clean(reference)[:80],
        problem=problem,
    )


def _day(figures_: str) -> date | None:
    try:
        return date(2000 + int(figures_[:2]), int(figures_[2:4]), int(figures_[4:6]))
    except ValueError:
        return None


def _told(row: Row, said: str) -> Row:
    """Put the words of tag 86 beside the movement: plain, or in the numbered parts some banks use."""
    said = clean(said[:4000])
    parts = _PARTS.split(said.replace("\n", ""))
    name = account = ""
    memo = " ".join(said.split())
    if len(parts) > 2:
        named = dict(zip(parts[1::2], parts[2::2], strict=False))
        memo = "".join(v for k, v in named.items() if "20" <= k <= "29" or "60" <= k <= "63").strip()  # fmt: skip
        name = (named.get("32", "") + named.get("33", "")).strip()
        account = named.get("31", "").strip()
    return Row(
        line=row.line,
        on=row.on,
        amount=row.amount,
        memo=memo[:2000],
        reference=row.reference,
        other_name=name[:160],
        other_account=account[:40],
        problem=row.problem,
    )
