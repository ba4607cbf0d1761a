"""The run of a file: its good lines into the statement and the books, thousands at a time, each once whatever happens between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID, uuid5

from django.db import connection, transaction

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns import queries as campaign_queries
from caunoi.campaigns.models import Campaign
from caunoi.funds import actions as funds
from caunoi.funds import codes
from caunoi.funds import queries as books
from caunoi.funds.models import Fund
from caunoi.funds.terms import Address, Draft, Move, NotEnough, PeriodClosed, Place
from caunoi.kit import audit, clock, copying
from caunoi.statements import queries, rules
from caunoi.statements.actions import judged_rows, unit_of
from caunoi.statements.models import BankLine, FileBody, StatementFile
from caunoi.statements.terms import FileState, Found, LineState, Row, Why

CHUNK = 10_000
VND = "VND"


@dataclass(frozen=True, slots=True)
class Clerk:
    """Whoever started the run, as the books name her."""

    account_id: int
    name: str


def run(*, file: StatementFile, at: datetime, most: int | None = None) -> int:
    """Write what is left of a file. -> how many lines were dealt with.

    Killed between two chunks it goes on where it stopped; a chunk is written whole or not at all, and a line that is there is left alone.

    most  stop after so many chunks, for tests
    """
    if file.state != FileState.RUNNING:
        return 0
    identities = rules.Identities(bytes(file.account.salt))
    handled = 0
    for number, chunk in enumerate(_chunks(file, identities, at)):
        if most is not None and number >= most:
            return handled
        try:
            handled += _write(file, chunk, at)
        except (NotEnough, PeriodClosed) as error:
            _stop(file, str(error))
            return handled
    _finish(file, at)
    return handled


def _stop(file: StatementFile, trouble: str) -> None:
    """Let the keeper see why it stands still, and begin again where it stopped."""
    running = StatementFile.objects.filter(pk=file.pk, state=FileState.RUNNING.value)
    running.update(state=FileState.CHECKED.value, trouble=trouble[:300])


def _chunks(
    file: StatementFile, identities: rules.Identities, at: datetime
) -> Iterator[list[tuple[UUID, Row]]]:
    """Yield the lines that are not done, with their keys; what was done is read over, for it counts among lines that are alike."""
    waits: list[tuple[UUID, Row]] = []
    place = 0
    for row in judged_rows(file, Found(), today=clock.local_date(at)):
        if row.problem:
            continue
        key = identities.key_of(row)
        place += 1
        if place <= file.done:
            continue
        waits.append((key, row))
        if len(waits) >= CHUNK:
            yield waits
            waits = []
    if waits:
        yield waits


@transaction.atomic
def _write(file: StatementFile, chunk: Sequence[tuple[UUID, Row]], at: datetime) -> int:
    held = StatementFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if held.state != FileState.RUNNING or held.done != file.done:
        return 0
    with connection.cursor() as cursor:
        # letter triples wait for each other in larger heaps: put away thousands at a time
        cursor.execute("SET LOCAL gin_pending_list_limit = '32MB'; SET LOCAL work_mem = '64MB'")
    keys = queries.lasting(keys=[key for key, _row in chunk])
    chunk = [(key, row) for key, (_first, row) in zip(keys, chunk, strict=True)]
    there = set(BankLine.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [(key, row) for key, row in chunk if key not in there]
    lines, drafts = _judged(held, fresh)
    by = Clerk(held.by_id, held.by.full_name)
    fund_id = held.account.campaign.fund_id
    if drafts and fund_id is not None:
        funds.post_many(drafts, fund_id=fund_id, at=at, by=by)
    copying.copy_in(lines, leave_out=["id"])
    _tell_promises(lines, days_of(held.account.campaign), at)
    held.done = file.done = file.done + len(chunk)
    held.save(update_fields=["done"])
    told = {"lines": len(lines), "posted": len(drafts), "known": len(there)}
    audit.record("statements.lines.written", on=held, by=by, at=at, unit_id=unit_of(held), after=told)  # fmt: skip
    return len(chunk)


def days_of(campaign: Campaign) -> rules.Days:
    """Return when the campaign takes something and how far its books are closed."""
    fund = Fund.objects.filter(campaign=campaign).values_list("opened_on", "closed_through")
    opened_on, closed_through = fund.first() or (campaign.starts_on, None)
    return rules.Days(
        campaign_id=campaign.pk,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        opened_on=opened_on,
        closed_through=closed_through,
    )


def _judged(
    file: StatementFile, fresh: Sequence[tuple[UUID, Row]]
) -> tuple[list[BankLine], list[Draft]]:
    account = file.account
    days = days_of(account.campaign)
    numbers = [list(codes.found_in(row.memo)) for _key, row in fresh]
    meant = _meant({n for found in numbers for n in found})
    changes = list(account.sole_changes.values_list("since", "sole"))
    made = []
    for (key, row), found in zip(fresh, numbers, strict=True):
        own = [meant[n] for n in found if n in meant]
        sole = rules.sole_on(account.sole, changes, row.on)
        verdict = rules.judge(row, meant=own, days=days, sole=sole)
        made.append(_line(file, key, row, verdict, own))
    drafts = [d for d in (_draft(line, days) for line in made) if d is not None]
    return made, _affordable(account.campaign, made, drafts)


def _meant(numbers: set[int]) -> dict[int, rules.Meant]:
    known = campaign_queries.codes_of(numbers=numbers) if numbers else {}
    return {
        n: rules.Meant(
            number=n,
            campaign_id=code.campaign_id,
            purpose=code.purpose or (code.need.purpose if code.need else "") or (code.gift.purpose if code.gift else ""),
            need_id=code.need_id or (code.gift.need_id if code.gift else None),
            gift_id=code.gift_id if code.gift and code.gift.commodity_id == VND else None,
            initials=bool(code.gift and code.gift.initials),
        )
        for n, code in known.items()
    }  # fmt: skip


def _line(
    file: StatementFile,
    key: UUID,
    row: Row,
    verdict: rules.Verdict,
    own: Sequence[rules.Meant],
) -> BankLine:
    meant = verdict.meant
    line = BankLine(
        key=key,
        account_id=file.account_id,
        campaign_id=file.account.campaign_id,
        file_id=file.pk,
        on=cast(date, row.on),  # a row without a day has a problem and does not come here
        amount=row.amount,
        balance=row.balance,
        reference=row.reference,
        memo=row.memo,
        other_name=row.other_name,
        other_account=row.other_account,
        state=verdict.state.value,
        why=verdict.why.value,
        code=meant.number if meant else own[0].number if own else None,
        purpose=meant.purpose if meant else "",
        need_id=meant.need_id if meant else None,
        gift_id=meant.gift_id if meant else None,
        initials=any(m.initials for m in own),
    )
    show(line)
    return line


def show(line: BankLine) -> None:
    """Make anew what everybody reads of a line."""
    names = [line.other_name] if line.other_name else []
    line.text = rules.masked(line.memo, names=names, initials=line.initials)
    line.giver = rules.short_name(rules.without_figures(line.other_name), initials=line.initials)[
        :160
    ]
    line.folded = rules.folded(line.text, line.giver, line.reference, line.code_text)


def sealed_word(line: BankLine) -> str:
    """Return what is sealed beside the posting: the giver can prove that these words were hers."""
    return " | ".join(s for s in (line.reference, line.other_name, line.memo) if s)


def _draft(line: BankLine, days: rules.Days) -> Draft | None:
    """Return the posting of a line that came in, or of a fee; None of money that went out for another reason."""
    if line.amount < 0 and line.state != LineState.FEE:
        return None
    on = days.counts_for(line.on)
    if line.state == LineState.MATCHED and days.ends_on is not None and on > days.ends_on:
        line.state, line.why = LineState.UNMATCHED.value, Why.BOOKS_CLOSED.value
    if line.state == LineState.FEE:
        move, source, target, purpose = Move.FEE, Place.ON_HAND, Place.FEES, ""
    elif line.state == LineState.MATCHED:
        move, source, target, purpose = Move.RECEIVE, Place.GIVERS, Place.ON_HAND, line.purpose
    else:
        move, source, target, purpose = Move.RECEIVE_UNMATCHED, Place.GIVERS, Place.UNMATCHED, ""
    line.posting_id = line.key
    return Draft(
        id=line.key,
        move=move,
        source=Address(source, VND, purpose),
        target=Address(target, VND, purpose),
        amount=abs(line.amount),
        on=on,
        word=sealed_word(line),
    )


def _affordable(campaign: Campaign, lines: Sequence[BankLine], drafts: list[Draft]) -> list[Draft]:
    """Put fees after the money that came in beside them, for the books take nothing before it is there; a fee without it waits."""
    fees = [d for d in drafts if d.move == Move.FEE]
    if not fees or campaign.fund_id is None:
        return drafts
    here = Address(Place.ON_HAND, VND)
    kept = [d for d in drafts if d.move != Move.FEE]
    left = books.balances(fund_id=campaign.fund_id).get(here, 0)
    left += sum(d.amount for d in kept if d.target == here)
    by_key = {line.key: line for line in lines}
    for fee in fees:
        if fee.amount <= left:
            left -= fee.amount
            kept.append(fee)
            continue
        line = by_key[fee.id]
        line.state, line.why = LineState.UNMATCHED.value, Why.NO_MONEY.value
        line.posting_id = None
    return kept


def _tell_promises(lines: Sequence[BankLine], days: rules.Days, at: datetime) -> None:
    wanted = {line.gift_id for line in lines if line.gift_id}
    gifts = campaign_queries.gifts_of(pks=wanted) if wanted else {}
    for line in lines:
        if line.gift_id and line.gift_id in gifts:
            on = days.counts_for(line.on)
            gift, key = gifts[line.gift_id], promise_key(line)
            campaigns.note_came(gift=gift, amount=line.amount, on=on, at=at, key=key)


def promise_key(line: BankLine) -> UUID:
    """Return the key under which a promise learns of this line's money: another one each time it is matched."""
    return uuid5(line.key, f"promise {line.turn}")


@transaction.atomic
def _finish(file: StatementFile, at: datetime) -> None:
    held = StatementFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if held.state != FileState.RUNNING:
        return
    held.state, held.finished_at = FileState.DONE.value, at
    held.save(update_fields=["state", "finished_at"])
    FileBody.objects.filter(file=held).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('bank_lines_letters'::regclass)")
    told = {"done": held.done}
    audit.record("statements.file.done", on=held, at=at, unit_id=unit_of(held), after=told)
