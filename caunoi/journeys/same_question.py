"""The same question again: what was already answered is shown before somebody asks or answers anew. A person always decides."""

from datetime import date
from uuid import UUID

from caunoi.answers import queries as answers
from caunoi.answers.similar import Proposal
from caunoi.cases.models import Case
from caunoi.cases.rules import NEVER_PUBLIC, kind_of


def already_answered(
    *, text: str, unit_id: UUID | None, on: date, topic: str = ""
) -> list[Proposal]:
    """Return what may answer these words; nothing for a cry for help, a complaint, a denunciation or a tip-off."""
    if kind_of(text) in NEVER_PUBLIC:
        return []
    return answers.similar(text=text, on=on, unit_id=unit_id, topic=topic)


def already_answered_case(*, case: Case, on: date) -> list[Proposal]:
    """Return what may answer this case, without its own answer; nothing for kinds that are never public."""
    if case.kind in NEVER_PUBLIC:
        return []
    return answers.similar(
        text=case.text,
        on=on,
        unit_id=case.owner_id,
        topic=case.topic,
        without=(case.number,),
    )
