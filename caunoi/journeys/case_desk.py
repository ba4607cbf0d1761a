"""What the case page shows to those who work on it: the text being typed, who else is here, whom it may be given or said to."""

from datetime import datetime
from typing import Any

from caunoi.cases.models import Case, Draft
from caunoi.cases.terms import DraftState
from caunoi.handling import forms_bulk, queries, queries_writing
from caunoi.handling.models import Scratch
from caunoi.handling.terms import Field
from caunoi.journeys import places
from caunoi.journeys.desk_forms import NoteForm
from caunoi.journeys.writing import base_of
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.staff.models import Account


def part(
    viewer: Viewer,
    case: Case,
    draft: Draft | None,
    *,
    tab: str,
    path: str,
    may: dict[str, bool],
    at: datetime,
) -> dict[str, Any]:
    """Return what the composer and the tools of the case page show.

    path, may  of the case's unit, and the viewer's rights there
    """
    on = clock.local_date(at)
    typed = queries_writing.scratches_of(viewer, case=case)
    named, given = queries_writing.people_of(viewer, case=case, path=path, on=on)
    return {
        "tab": _tab(tab, case, may),
        "others": queries_writing.others_here(viewer, case=case, at=at),
        **_answer(viewer, draft, typed.get(Field.ANSWER)),
        **_note(named, typed.get(Field.NOTE)),
        **(_tools(viewer, case, given, path, at) if may["draft"] else {}),
        "merged_here": places.merged_here(case),
    }


def _tab(tab: str, case: Case, may: dict[str, bool]) -> str:
    unfinished = case.answered_at is None and case.closed_at is None
    open_tabs = [
        *(["answer"] if unfinished and (may["draft"] or may["approve"]) else []),
        *(["note"] if may["note"] else []),
    ]
    return tab if tab in open_tabs else next(iter(open_tabs), "")


def _answer(viewer: Viewer, draft: Draft | None, typed: Scratch | None) -> dict[str, Any]:
    """Return the words to go on with, and a colleague's words that were kept meanwhile."""
    other = draft is not None and draft.author_id != viewer.account_id
    moved = (
        typed is not None
        and draft is not None
        and other
        and draft.state == DraftState.DRAFT
        and draft.saved_at > typed.saved_at
        and draft.text != typed.text
    )
    waits = draft is not None and draft.state == DraftState.SUBMITTED
    words = draft if waits else typed or draft
    return {
        "text": words.text if words else "",
        "agency": words.agency if words else "",
        "seen": typed.version if typed else 0,
        "typed_at": typed.saved_at if typed else None,
        "base": base_of(draft),
        "moved_draft": draft if moved else None,
    }


def _note(people: list[Account], typed: Scratch | None) -> dict[str, Any]:
    names = [(a.pk, a.full_name) for a in people]
    return {
        "note_form": NoteForm(people=names, initial={"note": typed.text if typed else ""}),
        "note_seen": typed.version if typed else 0,
        "people": names,
    }


def _tools(
    viewer: Viewer, case: Case, given: list[Account], path: str, at: datetime
) -> dict[str, Any]:
    on, paths = clock.local_date(at), [path] if path else []
    return {
        "hands": given,
        "snooze_form": forms_bulk.SnoozeForm(viewer=viewer, at=at),
        "canned": queries.canned_for(viewer, unit_ids=[case.owner_id], on=on, paths=paths),
        "merged_into": getattr(case, "merged_into", None),
        "split_from": getattr(case, "split_off", None),
    }
