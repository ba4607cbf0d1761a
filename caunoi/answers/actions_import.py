"""Writes of imports: keep what was looked at, publish it in batches, take it back within a day."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from caunoi.answers import importing, index, rules
from caunoi.answers.import_models import AnswerImport, ImportRow
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.terms import ImportState, NotYourUnit, RowState, TooLate
from caunoi.kit import audit, clock
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

JOB = "answers.import"
BATCH = 500
UNDO_WITHIN = timedelta(hours=24)
NOON = time(12)


def check_sheet(
    *, unit_id: UUID, file_name: str, body: bytes, by: Viewer, at: datetime
) -> AnswerImport:
    """Read the sheet and keep its lines, with what is wrong with each; nothing is published yet.

    Raises NotYourUnit, UnreadableSheet, WrongColumns
    """
    _check(unit_id, by, at)
    topics = {fold(t.name): t.pk for t in routing.topics(all_of_them=True)}
    topics |= {fold(code): code for code in topics.values()}
    lines = importing.lines_of(
        importing.rows_of(body), unit_id=unit_id, topics=topics, today=clock.local_date(at)
    )
    known = _known([line.number for line in lines])
    with transaction.atomic():
        made = AnswerImport.objects.create(
            unit_id=unit_id, account_id=by.account_id, file_name=file_name[:160], made_at=at
        )
        ImportRow.objects.bulk_create([_row(made, line, known) for line in lines], batch_size=1000)
        counted = {"lines": len(lines), "bad": sum(bool(line.problem) for line in lines)}
        audit.record(
            "answers.import.checked", on=made, by=by, at=at, unit_id=unit_id, after=counted
        )
    return made


def _row(made: AnswerImport, line: importing.Line, known: set[str]) -> ImportRow:
    state = RowState.KNOWN if line.number in known else RowState.TODO
    return ImportRow(
        source=made,
        line=line.line,
        question=line.question[: importing.MAX_QUESTION],
        answer=line.answer[: importing.MAX_ANSWER],
        agency=line.agency,
        topic=line.topic,
        answered_on=line.answered_on,
        number=line.number,
        problem=line.problem,
        state=RowState.BAD if line.problem else state,
    )


def _known(numbers: Sequence[str]) -> set[str]:
    found = PublishedAnswer.objects.filter(number__in=numbers)
    return set(found.values_list("number", flat=True))


@transaction.atomic
def start_import(*, made: AnswerImport, by: Viewer, at: datetime) -> AnswerImport:
    """Let the worker publish the good lines. Idempotent. Raises NotYourUnit."""
    made = _locked(made)
    _check(made.unit_id, by, at)
    if made.state == ImportState.CHECKED:
        made.state, made.started_at = ImportState.RUNNING.value, at
        made.save(update_fields=["state", "started_at"])
        audit.record("answers.import.started", on=made, by=by, at=at, unit_id=made.unit_id)
        jobs.configure_task(JOB).defer(import_id=str(made.pk))
    return made


@transaction.atomic
def undo_import(*, made: AnswerImport, by: Viewer, at: datetime) -> AnswerImport:
    """Let the worker take the imported answers back, those corrected since left alone. Raises NotYourUnit, TooLate."""
    made = _locked(made)
    _check(made.unit_id, by, at)
    if not may_undo(made, at):
        raise TooLate("It can be taken back within 24 hours of the import.")
    made.state = ImportState.UNDOING.value
    made.save(update_fields=["state"])
    audit.record("answers.import.taken_back", on=made, by=by, at=at, unit_id=made.unit_id)
    jobs.configure_task(JOB).defer(import_id=str(made.pk))
    return made


def may_undo(made: AnswerImport, at: datetime) -> bool:
    """True within a day after the import was done."""
    done = made.state == ImportState.DONE and made.finished_at is not None
    return done and made.finished_at is not None and at < made.finished_at + UNDO_WITHIN


@transaction.atomic
def work_on(*, made: AnswerImport, at: datetime, limit: int = BATCH) -> int:
    """Publish, or take back, the next lines; ends the import when none is left. -> how many lines were dealt with.

    Doing it again repeats nothing: a line that is done stays done.
    """
    made = _locked(made)
    steps = {
        ImportState.RUNNING.value: (RowState.TODO, _publish, ImportState.DONE),
        ImportState.UNDOING.value: (RowState.DONE, _take_back, ImportState.UNDONE),
    }
    if made.state not in steps:
        return 0
    waiting, deed, end = steps[made.state]
    rows = list(made.rows.filter(state=waiting.value).order_by("line")[:limit])
    if rows:
        deed(made, rows, at)
        return len(rows)
    made.state, made.finished_at = end.value, at
    made.save(update_fields=["state", "finished_at"])
    return 0


def _publish(made: AnswerImport, rows: Sequence[ImportRow], at: datetime) -> None:
    known = _known([row.number for row in rows])
    names = units.names_of(unit_ids=[made.unit_id], on=clock.local_date(at))
    fresh = {row.number: row for row in rows if row.number not in known}
    answers = [
        PublishedAnswer(
            number=row.number,
            unit_id=made.unit_id,
            title=rules.title_of(row.question)[:160],
            question=row.question,
            answer=row.answer,
            agency=row.agency or names.get(made.unit_id, ""),
            topic=row.topic,
            published_at=_noon(row.answered_on or clock.local_date(at)),
            approved_by_name=made.account.full_name,
            imported_at=at,
        )
        for row in fresh.values()
    ]
    PublishedAnswer.objects.bulk_create(answers)
    index.put_many(answers, on=clock.local_date(at))
    for row in rows:
        row.state = RowState.DONE.value if row.number in fresh else RowState.KNOWN.value
    ImportRow.objects.bulk_update(rows, ["state"])


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NOON), timezone.get_default_timezone())


def _take_back(made: AnswerImport, rows: Sequence[ImportRow], at: datetime) -> None:
    del at
    numbers = [row.number for row in rows]
    found = PublishedAnswer.objects.filter(
        number__in=numbers, unit_id=made.unit_id, imported_at__isnull=False, corrected_at=None
    )
    index.take_out(list(found.values_list("pk", flat=True)))
    found.delete()
    for row in rows:
        row.state = RowState.UNDONE.value
    ImportRow.objects.bulk_update(rows, ["state"])


def progress(made: AnswerImport) -> Counter[str]:
    """Return how many lines stand in each state."""
    return Counter(made.rows.values_list("state", flat=True))


def progress_of(*, made: Collection[AnswerImport]) -> dict[UUID, dict[str, int]]:
    """Return the same of several sheets, in one query."""
    found: dict[UUID, dict[str, int]] = {m.pk: {} for m in made}
    counted = ImportRow.objects.filter(source__in=list(found)).order_by()
    for pk, state, n in counted.values_list("source_id", "state").annotate(n=Count("pk")):
        found[pk][state] = n
    return found


def bad_table(made: AnswerImport) -> tuple[tuple[str, ...], Iterator[list[Any]]]:
    """Return the lines that were left out as a table: each with what is wrong, to be corrected and brought in again."""
    head = (*importing.HEADER, "Dòng", "Cần sửa")
    bad = made.rows.filter(state=RowState.BAD).order_by("line")
    return head, (
        [r.question, r.answer, r.agency, r.topic, r.answered_on, r.line, _(r.problem)] for r in bad
    )


def _locked(made: AnswerImport) -> AnswerImport:
    found = AnswerImport.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("account").get(pk=made.pk)


def _check(unit_id: UUID, by: Viewer, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.ANSWERS_MANAGE, path):
        raise NotYourUnit("You do not keep the answers of this unit.")
