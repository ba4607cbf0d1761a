"""Hiding a public comment whose case turned out to be sealed: it accuses somebody, or says who did, in everybody's sight.

Only such a comment, only under our own page, only by an officer who confirms it; its author still sees it. Where the provider
cannot, a person is told to do it there. Nothing else is ever hidden.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from caunoi.cases import rules
from caunoi.cases.ground import lock_for
from caunoi.cases.models import Case
from caunoi.cases.terms import NotNow
from caunoi.channels import registry
from caunoi.channels.contract import Capability, MessageKind, PostKind
from caunoi.inbox.models import Thread
from caunoi.journeys import places, replies, words
from caunoi.kit import audit
from caunoi.kit.viewing import Viewer
from caunoi.outbox import actions as outbox
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Permission


@transaction.atomic
def hide_comment(*, case: Case, by: Viewer, at: datetime) -> int:
    """Queue the hiding of every public comment in which the sealed case was asked. -> how many now. Idempotent.

    Raises NotYourCase, NotNow (not sealed, or no comment that the provider lets us hide)
    """
    case = lock_for(case, by, Permission.CASES_SEALED, at)
    found = _public_comments(case) if rules.is_sealed(case.kind) else []
    found = [(asked, thread) for asked, thread in found if _can_hide(thread)]
    if not found:
        raise NotNow("There is no comment here that can be hidden from our side.")
    if shown(case)["ordered"]:
        return 0
    for asked, thread in found:
        outbox.queue_send(
            channel=thread.channel,
            kind=PostKind.HIDE_COMMENT,
            target_ref=replies.asked_ref(asked),
            thread_ref=thread.thread_ref,
            text=words.HIDE_COMMENT,
            reference=f"case:{case.pk}:hide",
            key=f"case-{asked.pk}-hide",
            is_confidential=True,
            at=at,
        )
    audit.record("cases.comment.hidden", on=case, by=by, at=at, unit_id=case.owner_id)
    return len(found)


def shown(case: Case) -> dict[str, Any]:
    """Return what the sealed page says of the public comment: can be hidden, was ordered, or must be hidden by hand (with its links)."""
    comments = [thread for _asked, thread in _public_comments(case)]
    by_hand = [t for t in comments if not _can_hide(t)]
    ordered = OutboundMessage.objects.filter(reference=f"case:{case.pk}:hide").exists()
    return {
        "can": any(_can_hide(t) for t in comments) and not ordered,
        "ordered": ordered,
        "by_hand": [t.permalink for t in by_hand if t.permalink],
    }


def _public_comments(case: Case) -> list[tuple[Case, Thread]]:
    return [pair for pair in places.to_answer(case) if pair[1].kind == MessageKind.COMMENT]


def _can_hide(thread: Thread) -> bool:
    return registry.can(thread.channel.connector_key, Capability.HIDE_COMMENT)
