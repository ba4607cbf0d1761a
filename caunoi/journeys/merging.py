"""One asker, two cases: joined, told and answered together; one message, two questions: split, and both numbers told."""

from datetime import datetime

from django.db import transaction

from caunoi.cases import actions_merge as cases
from caunoi.cases.models import Case
from caunoi.inbox import queries as inbox
from caunoi.journeys import kinds, replies
from caunoi.kit.viewing import Viewer


@transaction.atomic
def split_and_tell(
    *, case: Case, first_text: str, second_text: str, by: Viewer, at: datetime
) -> Case:
    """Make a second case of the second question and tell the asker its number where she asked. Raises as split_case."""
    part = cases.split_case(case=case, first_text=first_text, second_text=second_text, by=by, at=at)
    if part.thread_id:
        thread = inbox.thread(thread_id=part.thread_id)
        kinds.say_received(
            case=part,
            thread=thread,
            channel=thread.channel,
            target=replies.asked_ref(part),
            at=at,
        )
    return part
