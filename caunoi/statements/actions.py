"""Writes of statements: an account, a file of the bank brought in, looked at, run."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app as jobs

from caunoi.campaigns.models import Campaign
from caunoi.kit import audit, clock
from caunoi.kit.text import clean, fold
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.statements import layouts, queries, reading, rules
from caunoi.statements.models import (
    BadRow,
    BankAccount,
    BankLayout,
    BankLine,
    FileBody,
    SoleChange,
    StatementFile,
)
from caunoi.statements.terms import (
    ChangedLayout,
    Column,
    FileState,
    Found,
    Kind,
    Layout,
    LineState,
    NotYourStatement,
    Row,
    SameFile,
    Table,
    UnreadableFile,
    WrongTurn,
)
from caunoi.units import queries as units

CHECK_JOB, RUN_JOB = "statements.check", "statements.run"
AT_ONCE = 1024 * 1024
"""A file up to so many bytes is looked at while its bringer waits; a larger one by the worker."""
BAD_KEPT = 1000
SALT_BYTES = 16
KNOWN_AT_ONCE = 10_000


def check_keeper(campaign: Campaign, by: Viewer, at: datetime) -> None:
    """Raise NotYourStatement unless the viewer keeps the books of the campaign's unit."""
    check_may(campaign, Permission.FUNDS_KEEP, by, at)


def check_may(campaign: Campaign, permission: Permission, by: Viewer, at: datetime) -> None:
    """Raise NotYourStatement unless the viewer has this permission on the books of the campaign's unit."""
    on = clock.local_date(at)
    path = units.paths_of(unit_ids=[campaign.unit_id], on=on).get(campaign.unit_id)
    if path is None or not by.may(permission, path):
        raise NotYourStatement(_("The books of this campaign are kept by another unit."))


@transaction.atomic
def open_account(
    *, campaign: Campaign, bank: str, number: str, sole: bool, by: Viewer, at: datetime
) -> BankAccount:
    """Name an account on which money for the campaign comes in. Idempotent. Raises NotYourStatement."""
    check_keeper(campaign, by, at)
    number = "".join(c for c in clean(number) if c.isalnum())[:34]
    account, fresh = BankAccount.objects.get_or_create(
        campaign=campaign,
        number=number,
        defaults={"bank": bank, "sole": sole, "salt": secrets.token_bytes(SALT_BYTES)},
    )
    if fresh:
        audit.record("statements.account.opened", on=account, by=by, at=at, unit_id=campaign.unit_id, after={"sole": sole})  # fmt: skip
    return account


@transaction.atomic
def change_sole(
    *, account: BankAccount, sole: bool, since: date, reason: str, by: Viewer, at: datetime
) -> SoleChange:
    """From a day on the account takes money for its campaign only, or no longer. Lines that were written before stay as they are.

    Raises NotYourStatement, WrongTurn
    """
    check_keeper(account.campaign, by, at)
    reason = " ".join(clean(reason).split())
    if not reason:
        raise WrongTurn(_("Write why this changes."))
    held = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    changes = list(held.sole_changes.values_list("since", "sole"))
    if rules.sole_on(held.sole, changes, since) == sole:
        raise WrongTurn(_("On that day it is so already."))
    change, _fresh = SoleChange.objects.update_or_create(
        account=held,
        since=since,
        defaults={"sole": sole, "reason": reason[:200], "at": at, "by_id": by.account_id},
    )
    told = {"sole": sole, "since": since, "reason": reason[:200]}
    audit.record("statements.account.sole_changed", on=held, by=by, at=at, unit_id=account.campaign.unit_id, before={"sole": not sole}, after=told)  # fmt: skip
    return change


@transaction.atomic
def take_in(
    *, account: BankAccount, name: str, body: bytes, by: Viewer, at: datetime
) -> StatementFile:
    """Keep a file of the bank, unread but for its head. Raises NotYourStatement, SameFile, UnreadableFile."""
    check_keeper(account.campaign, by, at)
    if account.campaign.fund_id is None:
        raise WrongTurn(_("The campaign is not open yet."))
    digest = rules.digest_of(body)
    same = StatementFile.objects.filter(account=account, sha256=digest)
    there = same.exclude(state=FileState.UNDONE.value).first()
    if there is not None and there.state != FileState.FAILED:
        raise SameFile(
            _("This very file was brought in on %(day)s. Nothing was changed.")
            % {"day": f"{clock.local_date(there.made_at):%d/%m/%Y}"}
        )
    if there is not None:
        there.delete()
    opened = reading.open_file(body)
    made = StatementFile.objects.create(
        account=account,
        name=clean(name)[:160],
        sha256=digest,
        size=len(body),
        kind=opened.kind.value,
        written_in=opened.written_in,
        made_at=at,
        by_id=by.account_id,
    )
    FileBody.objects.create(file=made, body=body)
    if opened.kind in {Kind.XLSX, Kind.CSV}:
        reading.table_of(opened, layout_of(account))
    audit.record("statements.file.taken_in", on=made, by=by, at=at, unit_id=account.campaign.unit_id)  # fmt: skip
    return made


def layout_of(account: BankAccount) -> Layout:
    """Return how the sheets of the account's bank look, as far as it is known."""
    return layouts.SHIPPED.get(account.bank) or layouts.SHIPPED[""]


def body_of(file: StatementFile) -> reading.Opened:
    """Return the file opened. Raises UnreadableFile when its bytes are gone."""
    kept = FileBody.objects.filter(file=file).first()
    if kept is None:
        raise UnreadableFile(_("The bytes of this file are not kept any more."))
    return reading.open_file(bytes(kept.body))


@dataclass(frozen=True, slots=True)
class Proposed:
    """The head of a sheet and which column is thought to say what; ``changed``: it is not as it was saved for the bank."""

    table: Table
    columns: dict[Column, int]
    month_first: bool
    changed: bool


def propose(file: StatementFile) -> Proposed:
    """Return the head of a sheet with what its columns say: as chosen, as saved for the bank, or as guessed. Raises UnreadableFile."""
    layout = layout_of(file.account)
    table = reading.table_of(body_of(file), layout)
    if file.columns:
        chosen = {Column(k): v for k, v in file.columns.items()}
        return Proposed(table, chosen, file.month_first, changed=False)
    unit_id = file.account.campaign.unit_id
    saved = BankLayout.objects.filter(unit_id=unit_id, bank=file.account.bank).first()
    if saved is not None:
        found = layouts.by_saved(table.header, saved.columns)
        if found is not None:
            return Proposed(table, found, saved.month_first, changed=False)
    guessed = layouts.guess(table.header, layout)
    return Proposed(table, guessed, saved.month_first if saved else False, changed=saved is not None)  # fmt: skip


@transaction.atomic
def choose(
    *,
    file: StatementFile,
    columns: Mapping[Column, int],
    month_first: bool,
    by: Viewer,
    at: datetime,
) -> StatementFile:
    """Say which column says what, keep that for the bank, and look at every line: at once, or by the worker when the file is large.

    Raises NotYourStatement, ChangedLayout, WrongTurn, UnreadableFile
    """
    held = _held(file, {FileState.UPLOADED, FileState.CHECKED})
    check_keeper(held.account.campaign, by, at)
    if held.kind in {Kind.XLSX, Kind.CSV}:
        if not layouts.enough(columns):
            raise ChangedLayout(_("Choose at least the column of the day and the column of what came in (or of the amount)."))  # fmt: skip
        if len(set(columns.values())) < len(columns):
            raise ChangedLayout(_("One column cannot say two things."))
        _save_layout(held, columns, month_first, by, at)
    held.state = FileState.CHECKING.value
    held.save(update_fields=["state", "columns", "month_first", "header_line"])
    if held.size <= AT_ONCE:
        return check(file=held, at=at)
    jobs.configure_task(CHECK_JOB).defer(file_id=str(held.pk))
    return held


def _save_layout(
    file: StatementFile, columns: Mapping[Column, int], month_first: bool, by: Viewer, at: datetime
) -> None:
    table = propose(file).table
    if any(not 0 <= place < len(table.header) for place in columns.values()):
        raise ChangedLayout(_("There is no such column."))
    file.columns = {c.value: n for c, n in columns.items()}
    file.month_first, file.header_line = month_first, table.line
    BankLayout.objects.update_or_create(
        unit_id=file.account.campaign.unit_id,
        bank=file.account.bank,
        defaults={
            "columns": {c.value: fold(table.header[n]) for c, n in columns.items()},
            "month_first": month_first,
            "at": at,
            "by_id": by.account_id,
        },
    )


def _held(file: StatementFile, states: set[FileState]) -> StatementFile:
    held = StatementFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if held.state not in states:
        raise WrongTurn(_("The file has come further than that already."))
    return held


# -- looking at every line -----------------------------------------------------


@dataclass(slots=True)
class Sums:
    """What a file adds up to."""

    good: int = 0
    bad: int = 0
    credits: int = 0
    debits: int = 0
    known: int = 0
    first_on: date | None = None
    last_on: date | None = None


@transaction.atomic
def check(*, file: StatementFile, at: datetime) -> StatementFile:
    """Look at every line: what is wrong, what it adds up to, what was there before. Nothing else is changed. Idempotent."""
    held = _held(file, {FileState.CHECKING})
    BadRow.objects.filter(file=held).delete()
    found, running = Found(), rules.Running()
    try:
        sums, bad = _add_up(held, found, running, today=clock.local_date(at))
    except UnreadableFile as error:
        return _failed(held, str(error), at)
    if rules.of_another(found.account, held.account.number):
        said = rules.without_figures(found.account)
        return _failed(held, _("The file is of another account (%(said)s).") % {"said": said}, at)
    BadRow.objects.bulk_create(bad, batch_size=1000)
    if told := _told_otherwise(held, sums, at):
        return _failed(held, told, at)
    _note(held, sums, found, running)
    held.state = FileState.CHECKED.value
    held.save()
    if not sums.good and not sums.bad:
        return _failed(held, _("There is no line in the file."), at)
    return held


def _failed(file: StatementFile, trouble: str, at: datetime) -> StatementFile:
    file.state, file.trouble, file.finished_at = FileState.FAILED.value, trouble[:300], at
    file.save()
    FileBody.objects.filter(file=file).delete()
    return file


def _add_up(
    file: StatementFile, found: Found, running: rules.Running, *, today: date
) -> tuple[Sums, list[BadRow]]:
    sums = Sums()
    bad: list[BadRow] = []
    waits: list[UUID] = []
    identities = rules.Identities(bytes(file.account.salt))
    for row in judged_rows(file, found, today=today):
        if row.problem:
            sums.bad += 1
            if len(bad) < BAD_KEPT:
                bad.append(_bad(file, row, row.problem))
            continue
        if not running.follows(row) and len(bad) < BAD_KEPT:
            bad.append(_bad(file, row, "the balance does not follow from the line before"))
        _count(sums, row)
        waits.append(identities.key_of(row))
        if len(waits) >= KNOWN_AT_ONCE:
            sums.known += _known(waits)
            waits = []
    sums.known += _known(waits) if waits else 0
    return sums, bad


def _known(keys: list[UUID]) -> int:
    return BankLine.objects.filter(key__in=queries.lasting(keys=keys)).count()


def judged_rows(file: StatementFile, found: Found, *, today: date):  # noqa: ANN201
    """Yield the movements of a file as it was chosen to be read; a day to come is a problem."""
    columns = {Column(k): v for k, v in file.columns.items()}
    rows = reading.rows_of(
        body_of(file), columns, found, header_line=file.header_line, month_first=file.month_first
    )
    for row in rows:
        if not row.problem and row.on is not None and row.on > today:
            yield replace(row, problem="the day lies in the future")
        else:
            yield row


def _bad(file: StatementFile, row: Row, problem: str) -> BadRow:
    day = f"{row.on:%d/%m/%Y}" if row.on else ""
    said = " | ".join(s for s in (day, str(row.amount or ""), row.reference, row.memo) if s)
    return BadRow(file=file, line=row.line, problem=problem, said=said[:400])


def _count(sums: Sums, row: Row) -> None:
    sums.good += 1
    if row.amount > 0:
        sums.credits += row.amount
    else:
        sums.debits -= row.amount
    if row.on is not None:
        sums.first_on = min(sums.first_on or row.on, row.on)
        sums.last_on = max(sums.last_on or row.on, row.on)


def _note(file: StatementFile, sums: Sums, found: Found, running: rules.Running) -> None:
    ends = running.ends()
    file.opening = found.opening if found.opening is not None else ends[0] if ends else None
    file.closing = found.closing if found.closing is not None else ends[1] if ends else None
    for name in ("good", "bad", "credits", "debits", "known", "first_on", "last_on"):
        setattr(file, name, getattr(sums, name))
    file.trouble = ""
    if found.cut and not rules.adds_up(opening=found.opening, credits=sums.credits, debits=sums.debits, closing=found.closing):  # fmt: skip
        file.trouble = _("The last line has no end: the file may be cut off in it. Hold its amount against the bank before you go on.")  # fmt: skip


def _told_otherwise(file: StatementFile, sums: Sums, at: datetime) -> str:
    """Return what is said when lines of the file stand there already, told by a file of another kind under other numbers."""
    beside = file.account.files.filter(state__in=[FileState.DONE.value, FileState.RUNNING.value])
    other = beside.exclude(kind=file.kind).filter(first_on__lte=sums.last_on, last_on__gte=sums.first_on).first() if sums.good else None  # fmt: skip
    if other is None or sums.known == sums.good:
        return ""
    identities = rules.Identities(bytes(file.account.salt))
    rows = judged_rows(file, Found(), today=clock.local_date(at))
    own = {identities.key_of(row): (row.on, row.amount) for row in rows if not row.problem}
    days = (sums.first_on, sums.last_on)
    there = file.account.lines.filter(on__range=days).exclude(state=LineState.UNDONE)
    theirs = {key: (on, amount) for key, on, amount in there.values_list("key", "on", "amount")}
    keys = dict(zip(queries.lasting(keys=list(own)), own.values(), strict=True))
    fresh = Counter(said for key, said in keys.items() if key not in theirs)
    twice = sum((fresh & Counter(said for key, said in theirs.items() if key not in keys)).values())
    if not twice:
        return ""
    return ngettext(
        "%(n)s line is there already, told by the file %(name)s in another format. Bring in only days that are not there yet, or take that file back first.",
        "%(n)s lines are there already, told by the file %(name)s in another format. Bring in only days that are not there yet, or take that file back first.",
        twice,
    ) % {"n": twice, "name": other.name[:60]}  # fmt: skip


@transaction.atomic
def start(*, file: StatementFile, by: Viewer, at: datetime) -> StatementFile:
    """Let the worker write the good lines. Idempotent. Raises NotYourStatement, WrongTurn."""
    held = StatementFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    check_keeper(held.account.campaign, by, at)
    if held.state == FileState.CHECKED:
        held.state, held.trouble = FileState.RUNNING.value, ""
        held.save(update_fields=["state", "trouble"])
        audit.record("statements.file.started", on=held, by=by, at=at, unit_id=held.account.campaign.unit_id, after={"lines": held.good})  # fmt: skip
        jobs.configure_task(RUN_JOB, lock=f"statement:{held.account_id}").defer(
            file_id=str(held.pk)
        )
    elif held.state not in {FileState.RUNNING, FileState.DONE}:
        raise WrongTurn(_("The file has come further than that already."))
    return held


@transaction.atomic
def drop(*, file: StatementFile, by: Viewer, at: datetime) -> None:
    """Put a file away that was not run. Raises NotYourStatement, WrongTurn."""
    held = _held(file, {FileState.UPLOADED, FileState.CHECKED, FileState.FAILED})
    check_keeper(held.account.campaign, by, at)
    if held.done:
        raise WrongTurn(_("Part of it stands in the books already. Begin again where it stopped."))
    audit.record("statements.file.dropped", on=held, by=by, at=at, unit_id=held.account.campaign.unit_id)  # fmt: skip
    held.delete()


def unit_of(file: StatementFile) -> UUID:
    """Return the unit in whose books the lines go."""
    return file.account.campaign.unit_id
