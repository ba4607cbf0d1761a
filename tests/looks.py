"""What an approver's page sends when she looked at what is hidden and left everything as proposed."""

from caunoi.cases import queries
from caunoi.cases.models import Case
from caunoi.journeys import redacting


def as_shown(case: Case) -> dict[str, object]:
    """Return the fields of the form as the page shows them."""
    draft = queries.open_draft(case=case)
    review = redacting.review_of(case=case, answer=draft.text)
    parts = (review.question, review.answer)
    return {
        "prints": review.prints,
        "hide": [f"{p.name}:{m.key}" for p in parts for m in p.marks],
    }
