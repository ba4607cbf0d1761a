"""What another reader finds in the same file, we find: MT940 beside the package mt-940, CAMT.053 beside XPath with lxml. No code is shared.

The package is asked for the sign a reversed credit (RC) has by the standard: money out. Without ``reversal_sign`` it keeps, as it says itself, that of
its version 5.0.0.
"""

import random
from datetime import date, timedelta

import mt940
import pytest
from lxml import etree

from caunoi.statements.tests.test_reading import rows

OPENING = 1_000_000
MEMOS = ("ung ho dong bao", "GIANG THI MY gui\ntang ba con Ky Son", "Phi quan ly tai khoan", "chuyen nham: xin hoan lai", "UH0123456 gop 50/50")  # fmt: skip


def moves(seed, size=60):
    """(day, đồng, number, words) invented by chance, some days and amounts alike, both ways."""
    chance = random.Random(seed)
    day = date(2026, 11, 1)
    for n in range(size):
        day += timedelta(days=chance.random() < 0.3)
        amount = chance.choice([50_000, 200_000, chance.randrange(1, 10**10)])
        yield day, amount if chance.random() < 0.7 else -amount, f"FT26{n:06}", chance.choice(MEMOS)


def mt940_of(said, end):
    chance = random.Random(end)
    lines = [":20:STMT", ":25:0011000123456", ":28C:11/1", f":60F:C261031VND{OPENING},"]
    for day, amount, number, memo in said:
        sign = chance.choice(["C", "RD"] if amount > 0 else ["D", "RC"])
        fraction = chance.choice(["", "00"])
        lines.append(
            f":61:{day:%y%m%d%m%d}{sign}{abs(amount)},{fraction}NTRF{chance.choice(['NONREF', 'KH12'])}//{number}"
        )
        lines.append(f":86:{memo}")
    total = OPENING + sum(amount for _day, amount, *_more in said)
    mark = "C" if total >= 0 else "D"
    return end.join([*lines, f":62F:{mark}{said[-1][0]:%y%m%d}VND{abs(total)},", ""]).replace(
        "\n", end if end != "\n" else "\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("seed", range(4))
def test_mt940_beside_the_package_of_that_name(seed, end):
    text = mt940_of([*moves(seed)], end).replace("\r\r\n", "\r\n")
    theirs = mt940.parse(text, options=mt940.Options(reversal_sign=True))
    got, found = rows(text.encode())
    assert len(got) == 60
    assert not any(r.problem for r in got)
    said = [
        (t.data["date"], int(t.data["amount"].amount), t.data["bank_reference"], t.data["transaction_details"].split())
        for t in theirs
    ]  # fmt: skip
    assert [(r.on, r.amount, r.reference, r.memo.split()) for r in got] == said
    assert found.opening == theirs.data["final_opening_balance"].amount.amount
    assert found.closing == theirs.data["final_closing_balance"].amount.amount
    assert found.account == theirs.data["account_identification"]


def camt_of(said, version):
    """Entries, and where three in a row go the same way one entry of which the bank tells the transfers."""
    out, waits = [], [*said]
    while waits:
        size = 3 if len({s[1] > 0 for s in waits[:3]}) == 1 else 1
        some, waits = waits[:size], waits[size:]
        total, mark = abs(sum(s[1] for s in some)), "CRDT" if some[0][1] > 0 else "DBIT"
        parts = "".join(
            f'<TxDtls><Refs><AcctSvcrRef>{n}</AcctSvcrRef></Refs><AmtDtls><TxAmt><Amt Ccy="VND">{abs(a)}</Amt></TxAmt></AmtDtls>'
            f"<RmtInf><Ustrd>{m}</Ustrd></RmtInf></TxDtls>"
            for _day, a, n, m in some
        )
        money = f'<Amt Ccy="VND">{total}.00</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        day = f"<BookgDt><Dt>{some[0][0]}</Dt></BookgDt>"
        out.append(f"<Ntry>{money}{day}<NtryDtls>{parts}</NtryDtls></Ntry>")
    end = OPENING + sum(s[1] for s in said)
    bal = '<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="VND">{}</Amt><CdtDbtInd>{}</CdtDbtInd></Bal>'
    balances = "".join(bal.format(code, abs(n), "CRDT" if n >= 0 else "DBIT") for code, n in (("OPBD", OPENING), ("CLBD", end)))  # fmt: skip
    head = "<Stmt><Id>1</Id><Acct><Id><Othr><Id>0011000123456</Id></Othr></Id></Acct>"
    stmt = f"{head}{balances}{''.join(out)}</Stmt>"
    name = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return f'<Document xmlns="{name}"><BkToCstmrStmt>{stmt}</BkToCstmrStmt></Document>'


@pytest.mark.parametrize("version", ["02", "08"])
def test_camt_beside_xpath(version):
    body = camt_of([*moves(9)], version).encode()
    tree = etree.fromstring(body)
    ns = {"c": tree.nsmap[None]}
    sign = {"CRDT": 1, "DBIT": -1}
    said = [
        (
            date.fromisoformat(entry.findtext("c:BookgDt/c:Dt", namespaces=ns)),
            sign[entry.findtext("c:CdtDbtInd", namespaces=ns)] * int(part.findtext(".//c:TxAmt/c:Amt", namespaces=ns)),
            part.findtext("c:Refs/c:AcctSvcrRef", namespaces=ns),
            part.findtext("c:RmtInf/c:Ustrd", namespaces=ns).split(),
        )
        for entry in tree.iterfind(".//c:Ntry", ns)
        for part in entry.iterfind(".//c:TxDtls", ns)
    ]  # fmt: skip
    entries = sum(
        sign[e.findtext("c:CdtDbtInd", namespaces=ns)] * float(e.findtext("c:Amt", namespaces=ns)) for e in tree.iterfind(".//c:Ntry", ns)
    )  # fmt: skip
    got, found = rows(body)
    assert len(got) == 60 > len(tree.findall(".//c:Ntry", ns))
    assert not any(r.problem for r in got)
    assert [(r.on, r.amount, r.reference, r.memo.split()) for r in got] == said
    assert sum(r.amount for r in got) == entries
    told = {
        b.findtext(".//c:Cd", namespaces=ns): sign[b.findtext("c:CdtDbtInd", namespaces=ns)] * int(b.findtext("c:Amt", namespaces=ns))
        for b in tree.iterfind(".//c:Bal", ns)
    }  # fmt: skip
    assert (found.opening, found.closing) == (told["OPBD"], told["CLBD"])
