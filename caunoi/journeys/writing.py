"""Writing an answer together: nobody writes over a colleague without having seen her words."""

from datetime import datetime

from django.db import transaction

from caunoi.cases import actions as cases
from caunoi.cases import queries as case_queries
from caunoi.cases.ground import lock_for
from caunoi.cases.models import Case, Draft
from caunoi.handling import actions_writing as handling
from caunoi.handling.terms import DraftMoved, Field
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission


@transaction.atomic
def save_answer(
    *, case: Case, text: str, agency: str, base: str | None, submit: bool, by: Viewer, at: datetime
) -> Draft:
    """Keep the answer as a draft colleagues see, or (``submit``) send it for approval.

    base  the mark of the draft the writer saw (``base_of``); None from a door that shows no draft: nothing is compared
    Raises DraftMoved (a colleague kept other words meanwhile; nothing is changed), and as cases.save_draft, cases.submit_draft
    """
    lock_for(case, by, Permission.CASES_DRAFT, at)
    now = case_queries.open_draft(case=case)
    foreign = now is not None and now.author_id != by.account_id
    if base is not None and foreign and base_of(now) != base:
        raise DraftMoved("A colleague kept another text meanwhile; compare the two.")
    draft = cases.save_draft(case=case, text=text, agency=agency, by=by, at=at)
    if submit:
        draft = cases.submit_draft(case=case, by=by, at=at)
    handling.drop_scratch(case=case, field=Field.ANSWER, by=by)
    return draft


def base_of(draft: Draft | None) -> str:
    """Return the mark of the draft somebody saw when she began to write."""
    return draft.saved_at.isoformat() if draft else ""
