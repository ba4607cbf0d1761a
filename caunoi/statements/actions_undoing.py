"""A whole file taken back: its postings reversed, its lines kept as undone, their keys free for the right file."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from caunoi.funds import actions as funds
from caunoi.funds.models import Fund, Posting
from caunoi.funds.terms import AlreadyReversed, Draft, Move, NotEnough, PeriodClosed
from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.statements import actions_lines
from caunoi.statements.actions import check_may, unit_of
from caunoi.statements.models import BankLine, FileBody, StatementFile, Undoing
from caunoi.statements.running import Clerk
from caunoi.statements.terms import FileState, LineState, StatementError, WrongTurn

UNDO_JOB = "statements.carry_back"
AT_ONCE, CHUNK = 3_000, 5_000
"""So many lines are taken back while the person waits; more by the worker."""
SHORTEST_REASON = 10


@transaction.atomic
def ask(*, file: StatementFile, reason: str, by: Viewer, at: datetime) -> Undoing:
    """Ask that a whole file is taken back. Where nothing was posted it is done at once; else somebody else decides.

    Raises NotYourStatement, WrongTurn
    """
    held = _held(file)
    check_may(held.account.campaign, Permission.FUNDS_KEEP, by, at)
    reason = " ".join(clean(reason).split())
    if len(reason) < SHORTEST_REASON:
        raise WrongTurn(_("Write why the whole file is to be taken back, in ten letters or more."))
    if held.undoings.filter(done_at=None).exists():
        raise WrongTurn(_("It was asked for already and waits for a second person."))
    _check_free(held)
    posted = held.lines.filter(posting_id__isnull=False).count()
    asked = Undoing.objects.create(
        file=held, reason=reason[:300], posted=posted, asked_at=at, asked_by_id=by.account_id
    )
    audit.record("statements.file.undo_asked", on=held, by=by, at=at, unit_id=unit_of(held), after={"posted": posted})  # fmt: skip
    if not posted:
        _begin(held, asked, by, at)
    return asked


@transaction.atomic
def decide(*, file: StatementFile, agree: bool, by: Viewer, at: datetime) -> None:
    """Take the file back as was asked, or refuse to. Raises NotYourStatement, WrongTurn."""
    held = _held(file)
    check_may(held.account.campaign, Permission.FUNDS_APPROVE, by, at)
    asked = held.undoings.filter(done_at=None).first()
    if asked is None:
        raise WrongTurn(_("Nobody asked to take this file back."))
    if asked.asked_by_id == by.account_id:
        raise WrongTurn(_("Somebody else than who asked has to agree."))
    if agree:
        _check_free(held)
        _begin(held, asked, by, at)
        return
    asked.done_at, asked.done_by_id, asked.refused = at, by.account_id, True
    asked.save(update_fields=["done_at", "done_by", "refused"])
    audit.record("statements.file.undo_refused", on=held, by=by, at=at, unit_id=unit_of(held))


def _held(file: StatementFile) -> StatementFile:
    held = StatementFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    stopped = held.state == FileState.CHECKED and held.done > 0
    if held.state != FileState.DONE and not stopped:
        raise WrongTurn(_("Only a file that was written can be taken back."))
    return held


def _begin(file: StatementFile, asked: Undoing, by: Viewer, at: datetime) -> None:
    asked.done_at, asked.done_by_id = at, by.account_id
    asked.save(update_fields=["done_at", "done_by"])
    file.state, file.trouble = FileState.UNDOING.value, ""
    file.save(update_fields=["state", "trouble"])
    if file.done <= AT_ONCE:
        _undo(file, by, at)
    else:
        lock = f"statement:{file.account_id}"
        jobs.configure_task(UNDO_JOB, lock=lock).defer(file_id=str(file.pk))


def undo(*, file: StatementFile, at: datetime) -> None:
    """Do what two persons agreed on; where it cannot be done nothing is changed and the file says why. Idempotent."""
    try:
        with transaction.atomic():
            held = StatementFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
            if held.state == FileState.UNDOING:
                agreed = held.undoings.latest("done_at").done_by
                clerk = Clerk(agreed.pk, agreed.full_name) if agreed else None
                _undo(held, cast(Viewer, clerk), at)
    except StatementError as error:
        whole = not FileBody.objects.filter(file=file).exists()
        state = FileState.DONE if whole else FileState.CHECKED
        StatementFile.objects.filter(pk=file.pk).update(state=state.value, trouble=str(error)[:300])


# -- what stands against it ----------------------------------------------------


def _check_free(file: StatementFile) -> None:
    """Raise WrongTurn with the reason why the file cannot be taken back now."""
    beside = file.account.files.exclude(pk=file.pk)
    if beside.filter(state__in=[FileState.RUNNING.value, FileState.UNDOING.value]).exists():
        raise WrongTurn(_("Another file of this account is being written. Wait until it is done."))
    over = beside.filter(
        state=FileState.DONE, known__gt=0, made_at__gt=file.made_at,
        first_on__lte=file.last_on or date.max, last_on__gte=file.first_on or date.min,
    ).first()  # fmt: skip
    if over is not None:
        raise WrongTurn(
            _("The file %(name)s counts on lines of this one. Take that file back first.")
            % {"name": over.name}
        )
    _check_books(file)
    back = BankLine.objects.filter(of__file=file, state=LineState.REFUND).exclude(file=file)
    if line := back.first():
        raise WrongTurn(
            _("Money of this file was given back by the line of %(day)s in another file. Take that giving back back first.")
            % {"day": f"{line.on:%d/%m/%Y}"}
        )  # fmt: skip


def _check_books(file: StatementFile) -> None:
    fund = Fund.objects.get(campaign=file.account.campaign)
    postings = Posting.objects.filter(pk__in=file.lines.values("posting_id"))
    ends = postings.aggregate(first=Min("on"), last=Max("on"))
    if ends["first"] and fund.closed_through and ends["first"] <= fund.closed_through:
        raise WrongTurn(
            _("Books are closed through %(day)s and money of this file stands in them: it cannot be taken back as a whole. Correct single lines by hand.")
            % {"day": f"{fund.closed_through:%d/%m/%Y}"}
        )  # fmt: skip


# -- doing it ------------------------------------------------------------------


def _undo(file: StatementFile, by: Viewer, at: datetime) -> None:
    _check_free(file)
    try:
        _take_back(file, by, at)
    except NotEnough as error:
        raise WrongTurn(
            _("Money of this file was allotted or paid out already. Take that back first.")
        ) from error
    except (PeriodClosed, AlreadyReversed) as error:
        raise WrongTurn(str(error)) from error
    n = file.lines.update(state=LineState.UNDONE.value, gift=None, need=None, of=None, folded="")
    FileBody.objects.filter(file=file).delete()
    file.state, file.finished_at = FileState.UNDONE.value, at
    file.save(update_fields=["state", "finished_at"])
    audit.record("statements.file.undone", on=file, by=by, at=at, unit_id=unit_of(file), after={"lines": n})  # fmt: skip


def _take_back(file: StatementFile, by: Viewer, at: datetime) -> None:
    """First what went out comes back, then what was matched waits again, then what waits goes: nothing falls below zero between."""
    for line in file.lines.filter(state=LineState.REFUND, amount__lt=0):
        actions_lines.take_back(line=line, by=by, at=at, checked=True)
    _reverse(file, file.lines.filter(state=LineState.FEE).values("posting_id"), by, at)
    promised = file.lines.filter(gift__isnull=False, state=LineState.MATCHED)
    for line in promised.select_related("gift", "campaign"):
        actions_lines.promise_open_again(line, by, at)
    matched = file.lines.filter(state=LineState.MATCHED, settled_id__isnull=False)
    _reverse(file, matched.exclude(settled_id=F("posting_id")).values("settled_id"), by, at)
    came = file.lines.filter(amount__gt=0, posting_id__isnull=False)
    _reverse(file, came.values("posting_id"), by, at)


def _reverse(file: StatementFile, which: Any, by: Viewer, at: datetime) -> None:
    fund_id = file.account.campaign.fund_id
    found = Posting.objects.filter(Q(pk__in=which), reversed_by=None).order_by("-seq")
    drafts = list(_contrary(found.select_related("source", "target")))
    for start in range(0, len(drafts), CHUNK):
        if fund_id is not None:
            funds.post_many(drafts[start : start + CHUNK], fund_id=fund_id, at=at, by=by)


def _contrary(postings: QuerySet[Posting]) -> Iterator[Draft]:
    for posting in postings:
        yield Draft(
            id=_key(posting.pk),
            move=Move.REVERSE,
            source=posting.target.address,
            target=posting.source.address,
            amount=posting.amount,
            on=posting.on,
            reverses=posting.pk,
        )


def _key(posting_id: UUID) -> UUID:
    return uuid.uuid5(posting_id, "undone")
