"""What the books say. The journal and its proofs are public; names and memos are not in them."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from caunoi.funds import rules, trees, verifying
from caunoi.funds.models import Account, Fund, Posting, Root
from caunoi.funds.terms import Address, Column, Line, Move, Place
from caunoi.kit.viewing import system


@system("the totals of a fund are public")
def balances(*, fund_id: UUID) -> dict[Address, int]:
    """Return what stands in each account that ever moved."""
    found = Account.objects.filter(fund_id=fund_id).only(
        "place", "commodity", "purpose", "unit", "came_in", "went_out"
    )
    return {a.address: a.balance for a in found}


@system("a name stands once in a unit, whoever began the fund")
def is_named(*, unit_id: UUID, name: str) -> bool:
    """True when the unit has a fund of that name."""
    return Fund.objects.filter(unit_id=unit_id, name=name.strip()).exists()


@system("the totals of a fund are public")
def columns(*, fund_id: UUID) -> dict[Column, dict[str, int]]:
    """Return the four columns, each by commodity, added up from the postings."""
    moved: dict[tuple[str, str], int] = {}
    rows = Posting.objects.filter(fund_id=fund_id).order_by()
    for move, commodity, n in rows.values_list("move", "commodity").annotate(n=Sum("amount")):
        moved[move, commodity] = n
    back = rows.filter(move=Move.REVERSE).annotate(original=F("reverses__move"))
    for move, commodity, n in back.values_list("original", "commodity").annotate(n=Sum("amount")):
        moved[move, commodity] = moved[move, commodity] - n
    found: dict[Column, dict[str, int]] = {c: {} for c in Column}
    for column, (adds, takes) in rules.COLUMNS.items():
        for (move, commodity), n in moved.items():
            if move in adds or move in takes:
                sign = 1 if move in adds else -1
                found[column][commodity] = found[column].get(commodity, 0) + sign * n
    return found


@system("the totals of a fund are public")
def columns_by_unit(*, fund_id: UUID) -> dict[tuple[UUID | None, str, str], dict[Column, int]]:
    """Return the four columns by unit, purpose and commodity, in two queries however many postings there are.

    What was received, allocated and handed over is read from the accounts, which the database keeps in step; promises, which are
    few, from their postings. A unit is the one at which it lies or for which it is meant; None = the fund itself.
    """
    found: dict[tuple[UUID | None, str, str], dict[Column, int]] = {}

    def add(column: Column, key: tuple[UUID | None, str, str], n: int) -> None:
        if n:
            row = found.setdefault(key, dict.fromkeys(Column, 0))
            row[column] += n

    for where, n in balances(fund_id=fund_id).items():
        key = (where.unit_id, where.purpose, where.commodity)
        for column, sign in rules.STANDS_FOR.get(where.place, ()):
            add(column, key, sign * n)
    for key, n in _promised(fund_id):
        add(Column.REGISTERED, key, n)
    return found


def _promised(fund_id: UUID) -> Iterator[tuple[tuple[UUID | None, str, str], int]]:
    """Yield what was pledged and did not lapse; the index ``postings_seldom`` holds these rows alone."""
    rows = Posting.objects.filter(fund_id=fund_id, move__in=rules.PROMISING).order_by()
    adds, takes = rules.COLUMNS[Column.REGISTERED]
    for move, original, purpose, commodity, n in rows.values_list(
        "move", "reverses__move", "target__purpose", "commodity"
    ).annotate(n=Sum("amount")):
        meant = original or move
        sign = 1 if meant in adds else -1 if meant in takes else 0
        yield (None, purpose, commodity), (-sign if original else sign) * n


@system("the totals of a fund are public")
def came_too_late(*, fund_id: UUID) -> dict[str, tuple[int, int]]:
    """Return by commodity what stands unmatched and what went back from there: late money, and money nobody could place."""
    rows = Posting.objects.filter(fund_id=fund_id, move=Move.GIVE_BACK_UNMATCHED)
    went: dict[str, int] = {}
    for commodity, n in (
        rows.filter(reversed_by=None).order_by().values_list("commodity").annotate(n=Sum("amount"))
    ):
        went[commodity] = n
    waits: dict[str, int] = {}
    for where, n in balances(fund_id=fund_id).items():
        if where.place == Place.UNMATCHED and n:
            waits[where.commodity] = waits.get(where.commodity, 0) + n
    return {c: (waits.get(c, 0), went.get(c, 0)) for c in {*waits, *went}}


def _line(posting: Posting) -> Line:
    """Return what was hashed of a posting whose accounts were loaded."""
    return Line(
        seq=posting.seq,
        id=posting.pk,
        fund=posting.fund_id,
        move=Move(posting.move),
        source=posting.source.address,
        target=posting.target.address,
        amount=posting.amount,
        on=posting.on,
        at=posting.at,
        together=posting.together,
        reverses=posting.reverses_id,
        commitment=bytes(posting.commitment),
    )


@system("the journal is public: it names nobody")
def journal(*, fund_id: UUID) -> Iterator[str]:
    """Yield the fund's journal in the published format, line by line."""
    fund = Fund.objects.get(pk=fund_id)
    head = {"format": verifying.JOURNAL, "v": verifying.VERSION, "fund": str(fund.pk)}
    yield json.dumps(head | {"name": fund.name}, ensure_ascii=False)
    published = list(Root.objects.filter(fund=fund, size__lte=fund.seq).order_by("day"))
    rows = Posting.objects.filter(fund=fund, seq__lte=fund.seq).order_by("seq")
    size = count = 0
    for posting in rows.select_related("source", "target").iterator(chunk_size=2000):
        while published and published[0].size == size:
            yield _root(published.pop(0))
            count += 1
        body = rules.canonical(_line(posting)).decode()
        yield f'{{"posting":{body}}}'
        size = posting.seq
    for one in published:
        yield _root(one)
        count += 1
    end = {"size": fund.seq, "link": bytes(fund.head).hex(), "roots": count}
    yield json.dumps({"end": end})


def _root(one: Root) -> str:
    told = {"day": one.day.isoformat(), "size": one.size}
    told |= {"root": bytes(one.root).hex(), "link": bytes(one.link).hex()}
    return json.dumps({"root": told})


@system("who posted it looks for it by its own key")
def posting_by_key(*, key: UUID) -> Posting | None:
    """Return the posting made under that key, or None."""
    return Posting.objects.filter(pk=key).first()


@system("whoever holds a receipt may prove it; without the word it names nobody")
def proof(*, posting: Posting, with_word: bool = False) -> dict[str, Any] | None:
    """Return a receipt's proof in the published format, or None as long as no root over it was published.

    with_word  with name and memo, for the giver's own copy
    """
    published = (
        Root.objects.filter(fund_id=posting.fund_id, size__gte=posting.seq).order_by("day").first()
    )
    if published is None:
        return None
    way = trees.proof_of(posting.fund_id, index=posting.seq - 1, size=published.size)
    told: dict[str, Any] = {
        "format": verifying.RECEIPT,
        "v": verifying.VERSION,
        "posting": json.loads(rules.canonical(_line(posting))),
        "day": published.day.isoformat(),
        "size": published.size,
        "proof": [h.hex() for h in way],
        "root": bytes(published.root).hex(),
    }
    word = getattr(posting, "sealed_word", None)
    if with_word and word is not None:
        told["word"] = {"salt": bytes(word.salt).hex(), "word": word.word}
    return told


@system("the journal is public: it names nobody")
def posting(*, fund_id: UUID, seq: int) -> Posting | None:
    """Return one posting by its place in the chain."""
    rows = Posting.objects.select_related("source", "target", "sealed_word")
    return rows.filter(fund_id=fund_id, seq=seq).first()


@system("roots are published")
def roots(*, fund_id: UUID, since: date | None = None) -> list[Root]:
    """Return the published roots, the newest first."""
    found = Root.objects.filter(fund_id=fund_id).order_by("-day")
    return list(found.filter(day__gte=since) if since else found)
