"""Files that every verifier judges the same: ``docs/ledger-vectors.json``, made anew by ``python -m caunoi.funds.tests.vectors``.

``files`` by name, each a list of lines; ``cases`` each name a file, what is put where (``at``, ``gone``, ``put``) and whether it holds.
"""

import copy
import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from caunoi.funds import rules, verifying
from caunoi.funds.terms import Address, Line, Move, Place

FILE = Path(__file__).resolve().parents[3] / "docs" / "ledger-vectors.json"
FUND = UUID("0a1b2c3d-0000-4000-8000-000000000001")
COMMUNE = UUID("0a1b2c3d-0000-4000-8000-00000000000a")
SALT = bytes(range(16))
WORD = "Nguyễn Thị Lành (người ví dụ)"
DEEDS = (
    ("pledge", 60, "goat", "", None),
    ("receive", 5_000_000, "VND", "nhà-ở", None),
    ("receive", 250_000, "VND", "", None),
    ("receive_unmatched", 100_000, "VND", "", None),
    ("match", 100_000, "VND", "", None),
    ("allocate", 4_000_000, "VND", "nhà-ở", COMMUNE),
    ("hand_over", 3_000_000, "VND", "nhà-ở", COMMUNE),
    ("receive", 7_000, "VND", "", None),
    ("reverse", 7_000, "VND", "", None),
    ("fulfil", 20, "goat", "", None),
    ("receive", 20, "goat", "", None),
    ("fee", 1_100, "VND", "", None),
)


def _lines() -> list[Line]:
    made: list[Line] = []
    for seq, (move, amount, thing, purpose, unit) in enumerate(DEEDS, 1):
        moment = datetime(2026, 11, 23, 2, 0, seq, seq * 1001, tzinfo=UTC) + timedelta(
            days=seq // 5
        )
        if move == "reverse":
            way = (made[-1].target, made[-1].source)
        else:
            places = rules.WAYS[Move(move)]
            at = [Address(p, thing, purpose, unit if p not in (Place.ON_HAND, Place.GIVERS) else None) for p in places]  # fmt: skip
            way = (at[0], at[1])
        made.append(
            Line(
                seq=seq,
                id=UUID(int=0x0A1B2C3D_0000_4000_9000_000000000000 + seq),
                fund=FUND,
                move=Move(move),
                source=way[0],
                target=way[1],
                amount=amount,
                on=date(2026, 11, 23) + timedelta(days=seq // 5),
                at=moment,
                together=made[9].id if seq == 11 else None,
                reverses=made[-1].id if move == "reverse" else None,
                commitment=rules.commitment(SALT, WORD) if seq == 3 else rules.ZERO,
            )
        )
    return made


def journal() -> list[str]:
    """Return a small journal with three roots, its words written as the product writes them."""
    head = {"format": verifying.JOURNAL, "v": 1, "fund": str(FUND), "name": "Quỹ ví dụ"}
    told, leaves, link, roots = [json.dumps(head, ensure_ascii=False)], [], rules.ZERO, 0
    for line in _lines():
        body = rules.canonical(line)
        leaves.append(rules.leaf(body))
        link = rules.link(link, leaves[-1])
        told.append(f'{{"posting":{body.decode()}}}')
        if line.seq in (4, 9, 12):
            one = {"day": line.on.isoformat(), "size": line.seq, "root": rules.root(leaves).hex()}
            told.append(json.dumps({"root": one | {"link": link.hex()}}))
            roots += 1
    end = {"size": len(leaves), "link": link.hex(), "roots": roots}
    return [*told, json.dumps({"end": end})]


def receipt() -> list[str]:
    """Return the receipt of the third posting in a tree of nine, with its word."""
    lines = _lines()[:9]
    leaves = [rules.leaf(rules.canonical(line)) for line in lines]
    told: dict[str, Any] = {"format": verifying.RECEIPT, "v": 1}
    told |= {"posting": json.loads(rules.canonical(lines[2])), "day": "2026-11-24", "size": 9}
    told |= {"proof": [h.hex() for h in rules.path(leaves, 2)], "root": rules.root(leaves).hex()}
    told |= {"word": {"salt": SALT.hex(), "word": WORD}}
    return [json.dumps(told, ensure_ascii=False, separators=(",", ":"))]


RAW = (
    ('"amount":250000', '"amount":250000.0'),
    ('"amount":250000', '"amount":true'),
    ('"amount":250000', '"amount":"250000"'),
    ('"v":1', '"v":true'),
    ('"v":1', '"v":1.0'),
    ('"v":1', '"v":2'),
    ('"together":null', '"together":""'),
    ('"reverses":null', '"reverses":0'),
    ('"on":"2026-11-23"', '"on":"2026-02-30"'),
    ('"on":"2026-11-23"', '"on":"20261123"'),
    ("02:00:03", "24:00:03"),
    ("02:00:03", "02:00:60"),
    ("givers/VND//", "givers/VND/"),
    ("givers/VND//", "givers/goat//"),
    ('"move":"receive"', '"move":"constructor"'),
    ('"move":"receive"', '"move":"receive","more":1'),
    ("{", "{ "),
)
"""Words of the third posting that a verifier could read in two ways; the last is another way to write the same, and holds."""


def _step(name: str, lines: list[str], at: int, put: list[str], *, gone: int = 1) -> dict[str, Any]:
    return {"file": name, "at": at, "gone": gone, "put": put, "of": lines}


def _tampered(name: str, lines: list[str], dice: random.Random) -> dict[str, Any]:
    """Return one change of a file: a line gone, doubled or moved, or one value another."""
    at = dice.randrange(len(lines))
    way = dice.randrange(5)
    if way == 0 and len(lines) > 1:
        return _step(name, lines, at, [])
    if way == 1 and len(lines) > 1:
        return _step(name, lines, at, [lines[at], lines[at]])
    if way == 2 and at + 1 < len(lines):
        return _step(name, lines, at, [lines[at + 1], lines[at]], gone=2)
    row = copy.deepcopy(json.loads(lines[at]))
    bodies = [b for b in (row, *row.values()) if isinstance(b, dict)]
    body = dice.choice(bodies)
    key = dice.choice([k for k, v in body.items() if not isinstance(v, dict)] or ["v"])
    value = body.get(key)
    if isinstance(value, int):
        body[key] = value + dice.choice([1, -1, 10**16])
    elif isinstance(value, list):
        body[key] = value[:-1] if dice.random() < 0.5 else value[::-1]
    elif isinstance(value, str) and value:
        place = dice.randrange(len(value))
        body[key] = value[:place] + dice.choice("019afzĐ/") + value[place + 1 :]
    else:
        body[key] = dice.choice(["", 0, str(FUND)])
    return _step(name, lines, at, [json.dumps(row, ensure_ascii=False, separators=(",", ":"))])


def changed(case: dict[str, Any], files: dict[str, list[str]]) -> list[str]:
    """Return the lines that a case means."""
    lines = list(files[case["file"]])
    lines[case["at"] : case["at"] + case["gone"]] = case["put"]
    return lines


def made(*, tampered: int = 120, seed: int = 2026) -> dict[str, Any]:
    """Return files and cases, with our own judgement of each."""
    files = {"journal": journal(), "receipt": receipt()}
    steps = [_step(name, lines, 0, [], gone=0) for name, lines in files.items()]
    third = files["journal"][3]
    for said, instead in RAW:
        steps.append(_step("journal", [], 3, [third.replace(said, instead, 1)]))
        steps.append(_step("receipt", [], 0, [files["receipt"][0].replace(said, instead, 1)]))
    upper = json.loads(files["receipt"][0])
    upper["root"] = upper["root"].upper()
    steps.append(_step("receipt", [], 0, [json.dumps(upper)]))
    steps.append(_step("receipt", [], 0, [json.dumps(upper | {"word": "x"})]))
    steps.append(_step("receipt", [], 0, [json.dumps(upper | {"word": {"salt": "", "word": 5}})]))
    dice = random.Random(seed)
    for n in range(tampered):
        name = "receipt" if n % 5 == 0 else "journal"
        steps.append(_tampered(name, files[name], dice))
    cases = [{k: v for k, v in s.items() if k != "of"} for s in steps]
    for case in cases:
        case["holds"] = verifying.verify(changed(case, files)).holds
    return {"files": files, "cases": cases}


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
