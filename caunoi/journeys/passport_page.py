"""The petition passport: one public timeline of every holder, with the promise and the deed of each."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from caunoi.answers.rules import redact
from caunoi.cases import passport
from caunoi.cases.models import Case, Referral, Step
from caunoi.cases.terms import Outcome, Part, StepKind
from caunoi.documents import queries as documents
from caunoi.journeys import case_words
from caunoi.kit import clock
from caunoi.units import queries as units

SILENT = frozenset({StepKind.RECEIVED})
"""What stands on the hop itself and needs no entry of its own."""


def timeline(case: Case, steps: list[Step], at: datetime) -> list[dict[str, Any]]:
    """Return the entries of the asker's timeline, oldest first: each step, and for a hop its holder, deadline and how long it took."""
    hops = passport.hops_of(case=case)
    by_step = {h.step_id: h for h in hops if h.step_id}
    ids = {i for s in steps for i in (s.unit_id, s.to_unit_id) if i}
    names = units.names_of(unit_ids=ids, on=clock.local_date(at))
    papers = _papers(case)
    entries: list[dict[str, Any]] = []
    for step in steps:
        if step.kind in SILENT:
            continue
        entry = _entry(step, names)
        if step.kind == StepKind.OPENED:
            entry |= _first_holder(case, hops, at)
        elif hop := by_step.get(step.pk):
            entry |= _holder(hop, at) | {"papers": papers.get(hop.to_name, [])}
        if _says_the_same(entries, entry):
            entries[-1]["times"] += 1
            entries[-1]["at"] = entry["at"]
        else:
            entries.append(entry)
    return entries


def _entry(step: Step, names: dict) -> dict[str, Any]:
    to = step.to_name or names.get(step.to_unit_id, "")
    titles = {
        StepKind.OPENED: _("Received"),
        StepKind.REFERRED: _("Referred to %(unit)s") % {"unit": to},
        StepKind.ANSWERED: _("Answered"),
        StepKind.CLOSED: _("Closed"),
        StepKind.REOPENED: _("Taken up again"),
    } | case_words.more_titles(step, to)
    note = step.note if step.kind in case_words.PUBLIC_NOTES else ""
    # An agency that gives a case back acts itself; the unit it goes back to is not who said so.
    by = step.to_name if step.kind == StepKind.SENT_BACK else names.get(step.unit_id, "")
    return {
        "kind": step.kind,
        "title": titles[StepKind(step.kind)],
        "text": redact(note).text,
        "at": step.at,
        "by": by,
        "times": 1,
        "tone": "warn" if step.kind == StepKind.REMINDED else "",
    }


def _says_the_same(entries: list[dict[str, Any]], entry: dict[str, Any]) -> bool:
    """True for one reminder more of the same holder by the same unit: they stand in one line, counted."""
    if not entries or entry["kind"] != StepKind.REMINDED or entry["text"]:
        return False
    last = entries[-1]
    return last["kind"] == entry["kind"] and (last["title"], last["by"]) == (
        entry["title"],
        entry["by"],
    )


def _first_holder(case: Case, hops: list[Referral], at: datetime) -> dict[str, Any]:
    """Return how long the unit that was asked kept the case before it handed it on or answered."""
    first = next((h for h in hops if h.part == Part.LEAD), None)
    ended = first.sent_at if first else case.answered_at or case.closed_at
    return {
        "holder": True,
        "received_at": case.opened_at,
        "due_at": None if first else case.due_at,
        "done_at": ended,
        **_days(case.opened_at, None if first else case.due_at, ended, at),
    }


def _holder(hop: Referral, at: datetime) -> dict[str, Any]:
    return {
        "holder": True,
        "co": hop.part == Part.CO,
        "received_at": hop.received_at,
        "due_at": hop.due_at,
        "done_at": hop.done_at,
        "outcome": "" if hop.outcome == Outcome.PASSED_ON else hop.outcome,
        **_days(hop.sent_at, hop.due_at, hop.done_at, at),
    }


def _days(
    begun: datetime, due: datetime | None, done: datetime | None, at: datetime
) -> dict[str, Any]:
    """Return promise and deed in days: how many were promised, how many it took (so far), and whether that is late."""
    start, end = clock.local_date(begun), clock.local_date(done or at)
    promised = (clock.local_date(due) - start).days if due else None
    late = due is not None and (done or at) > due
    return {"promised": promised, "took": (end - start).days, "late": late, "running": done is None}


def _papers(case: Case) -> dict[str, list[str]]:
    """Return the numbers of the official papers by their addressee: the number is public, the paper is not."""
    found: dict[str, list[str]] = {}
    for paper in documents.register_of(reference=f"case:{case.pk}"):
        found.setdefault(paper.addressee, []).append(paper.symbol)
    return found


def holder_now(case: Case, at: datetime) -> dict[str, Any]:
    """Return who holds the case now and by when: the first thing an asker wants to know."""
    hop = passport.holding(case=case)
    if hop is not None and hop.to_body_id is not None:
        return {"name": hop.to_name, "due_at": hop.due_at or case.due_at, "outside": True}
    name = units.name_of(unit_id=case.owner_id, on=clock.local_date(at))
    due = hop.due_at if hop and hop.due_at and hop.to_unit_id == case.owner_id else case.due_at
    return {"name": name, "due_at": due, "outside": False}
