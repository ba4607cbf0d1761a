"""Check a published journal or a receipt with nothing but its file: no database, no network, no secret.

The format is written down in docs/ledger-format.md, so that others can write a verifier of their own.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from caunoi.funds import rules
from caunoi.funds.terms import Address, Column, Line, Move

JOURNAL, RECEIPT = "caunoi-journal", "caunoi-receipt"
VERSION = 1
HASH = 32


@dataclass(slots=True)
class Verdict:
    """What was found: ``wrong`` is the first thing that does not hold, or empty."""

    kind: str = ""
    postings: int = 0
    roots: int = 0
    wrong: str = ""
    link: str = ""
    columns: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.wrong


class Broken(Exception):
    """The file does not hold; its text says where."""


def read_posting(given: dict[str, Any]) -> Line:
    """Read a posting of the published format. Broken when it is none."""
    try:
        line = Line(
            seq=given["seq"],
            id=UUID(given["id"]),
            fund=UUID(given["fund"]),
            move=Move(given["move"]),
            source=Address.read(given["from"]),
            target=Address.read(given["to"]),
            amount=given["amount"],
            on=date.fromisoformat(given["on"]),
            at=rules.read_time(given["at"]),
            together=UUID(given["together"]) if given["together"] else None,
            reverses=UUID(given["reverses"]) if given["reverses"] else None,
            commitment=bytes.fromhex(given["commitment"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Broken(f"a posting cannot be read: {error}") from error
    numbers = all(is_whole(given[name]) for name in ("seq", "amount", "v"))
    if not numbers or len(line.commitment) != HASH or json.loads(rules.canonical(line)) != given:
        raise Broken(f"posting {line.seq} is not written in the published form")
    return line


def is_whole(given: Any) -> bool:
    """True for 1; true and 1.0 would pass for it in Python, not in another verifier."""
    return type(given) is int


def _hash(given: str) -> bytes:
    """Read a hash as it is published. Broken when it is written in another way."""
    found = bytes.fromhex(given)
    if len(found) != HASH or found.hex() != given:
        raise Broken("a hash is not written in the published form")
    return found


def _no_number(given: str) -> Any:
    raise Broken(f"{given} is no whole number")


def _read(text: str) -> Any:
    """Read a line of JSON in which every number is whole."""
    return json.loads(text, parse_float=_no_number, parse_constant=_no_number)


class Journal:
    """The books as an outsider adds them up, posting by posting."""

    def __init__(self) -> None:
        self.size = 0
        self.fund: UUID | None = None
        self.link = rules.ZERO
        self.balances: Counter[Address] = Counter()
        self.columns: dict[str, Counter[str]] = {c.value: Counter() for c in Column}
        self.lines: dict[UUID, Line] = {}
        self.reversed: set[UUID] = set()
        self._stack: list[tuple[int, bytes]] = []

    def take(self, line: Line) -> None:
        """Add one posting. Broken when it does not follow from those before."""
        where = f"posting {line.seq}"
        if line.seq != self.size + 1:
            raise Broken(f"after posting {self.size} comes {line.seq}")
        self.fund = self.fund or line.fund
        if line.fund != self.fund:
            raise Broken(f"{where} is of another fund")
        if line.id in self.lines:
            raise Broken(f"{where} stands twice")
        if wrong := rules.goes_wrong(line.move, line.source, line.target, line.amount):
            raise Broken(f"{where}: {wrong}")
        counted, sign = line.move, 1
        if line.move == Move.REVERSE:
            counted, sign = self._original(line, where).move, -1
        self._add(line, where)
        self._count(line, counted, sign)
        of_leaf = rules.leaf(rules.canonical(line))
        self.link = rules.link(self.link, of_leaf)
        rules.grow(self._stack, of_leaf)
        self.lines[line.id] = line
        self.size += 1

    def _original(self, line: Line, where: str) -> Line:
        original = self.lines.get(line.reverses) if line.reverses else None
        if original is None or original.move == Move.REVERSE or original.id in self.reversed:
            raise Broken(f"{where} takes nothing back that stands")
        contrary = (original.target, original.source, original.amount)
        if (line.source, line.target, line.amount) != contrary:
            raise Broken(f"{where} is not the contrary of what it takes back")
        self.reversed.add(original.id)
        return original

    def _add(self, line: Line, where: str) -> None:
        if line.move != Move.REVERSE and line.reverses is not None:
            raise Broken(f"{where} takes something back and does not say so")
        self.balances[line.source] -= line.amount
        self.balances[line.target] += line.amount
        source = line.source
        if source.place not in rules.OUTSIDE and self.balances[source] < 0:
            raise Broken(f"{where} takes more than there is from {source}")

    def _count(self, line: Line, move: Move, sign: int) -> None:
        for column, (adds, takes) in rules.COLUMNS.items():
            if move in adds or move in takes:
                by = sign if move in adds else -sign
                self.columns[column.value][line.source.commodity] += by * line.amount

    def root(self) -> bytes:
        """Return the root over all postings so far."""
        return rules.fold(self._stack) if self._stack else rules.root([])


def verify(lines: Iterable[str]) -> Verdict:
    """Check a file, line by line: a journal (JSON lines) or a receipt (one JSON object)."""
    verdict = Verdict()
    try:
        rows = (_read(text) for text in lines if text.strip())
        head = next(rows, None)
        if not isinstance(head, dict) or not is_whole(head.get("v")) or head["v"] != VERSION:
            raise Broken("this is no journal or receipt of a kind we know")
        verdict.kind = str(head.get("format", ""))
        if verdict.kind == RECEIPT:
            _receipt(head, verdict)
        elif verdict.kind == JOURNAL:
            _journal(rows, verdict)
        else:
            raise Broken("this is no journal or receipt of a kind we know")
    except Broken as broken:
        verdict.wrong = str(broken)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        verdict.wrong = f"the file cannot be read: {error}"
    return verdict


def _journal(rows: Iterable[dict[str, Any]], verdict: Verdict) -> None:
    journal, ended, day = Journal(), False, ""
    for row in rows:
        if ended:
            raise Broken("something stands behind the end")
        if "posting" in row:
            journal.take(read_posting(row["posting"]))
            verdict.postings = journal.size
        elif "root" in row:
            _published(row["root"], journal, after=day)
            day = row["root"]["day"]
            verdict.roots += 1
        elif "end" in row:
            ended = True
            end = {"size": journal.size, "link": journal.link.hex(), "roots": verdict.roots}
            if json.dumps(row["end"], sort_keys=True) != json.dumps(end, sort_keys=True):
                raise Broken("the end is not that of these postings")
        else:
            raise Broken("a line that is neither posting, root nor end")
    if not ended:
        raise Broken("the end is missing: the file was cut off")
    verdict.link = journal.link.hex()
    verdict.columns = {c: dict(counts) for c, counts in journal.columns.items()}


def _published(given: dict[str, Any], journal: Journal, *, after: str) -> None:
    """Hold a day's root against the postings before it."""
    if date.fromisoformat(given["day"]).isoformat() != given["day"] or given["day"] <= after:
        raise Broken(f"the root of {given['day']} stands twice or too late")
    if not is_whole(given["size"]) or given["size"] != journal.size:
        raise Broken(f"the root of {given['day']} stands at another place than it says")
    if given["root"] != journal.root().hex() or given["link"] != journal.link.hex():
        raise Broken(f"the root of {given['day']} is not that of the postings before it")


def _receipt(given: dict[str, Any], verdict: Verdict) -> None:
    line = read_posting(given["posting"])
    if not is_whole(given["size"]) or not isinstance(given["proof"], list):
        raise Broken("the receipt is not written in the published form")
    holds = rules.under(
        of_leaf=rules.leaf(rules.canonical(line)),
        index=line.seq - 1,
        size=given["size"],
        proof=[_hash(h) for h in given["proof"]],
        found=_hash(given["root"]),
    )
    if not holds:
        raise Broken("the proof does not lead to the root")
    if "word" in given:
        salt, word = bytes.fromhex(given["word"]["salt"]), given["word"]["word"]
        if salt.hex() != given["word"]["salt"]:
            raise Broken("a salt is not written in the published form")
        if rules.commitment(salt, word) != line.commitment:
            raise Broken("name or memo are not those of the posting")
    verdict.postings = 1
    verdict.link = given["root"]
