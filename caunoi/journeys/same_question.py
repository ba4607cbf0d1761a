"""The same question again: shown what was answered, answered with it, or answered once for all who asked. A person always decides."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from caunoi.answers import queries as answers
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.similar import Proposal
from caunoi.cases import joining
from caunoi.cases import queries as case_queries
from caunoi.cases.joining_models import Joining
from caunoi.cases.models import Case, Draft
from caunoi.cases.rules import NEVER_PUBLIC, kind_of
from caunoi.cases.terms import DraftState, NotNow
from caunoi.channels.contract import MessageKind
from caunoi.journeys import places, replies, words, writing
from caunoi.kit.clock import local_date
from caunoi.kit.viewing import Viewer

MAX_ANSWER, SHOWN = 10_000, 50


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


@transaction.atomic
def answer_with(
    *, case: Case, number: str, base: str, submit: bool, by: Viewer, at: datetime
) -> Draft:
    """Write the published answer ``number`` as this case's draft, or (``submit``) send it for approval; a second person approves.

    base  the mark of the draft the officer saw; her own words before stay, above the answer
    Raises NotNow (no longer proposed: withdrawn, ended, or the law has changed), and as writing.save_answer
    """
    found = {p.answer.number: p.answer for p in already_answered_case(case=case, on=local_date(at))}
    published = found.get(number)
    if published is None:
        raise NotNow("This answer is no longer proposed for the case; look at its page.")
    draft = case_queries.open_draft(case=case)
    before = draft.text.strip() if draft and draft.state != DraftState.APPROVED else ""
    text = words.answer_again(published, address_of(published.number), before=before)
    return writing.save_answer(
        case=case,
        text=text[:MAX_ANSWER],
        agency=published.agency,
        base=base,
        submit=submit,
        by=by,
        at=at,
    )


@transaction.atomic
def join_and_tell(*, case: Case, into: Case, by: Viewer, at: datetime) -> Joining:
    """Let the case be answered together with ``into``, and tell its asker where she asked. Raises as joining.join_case."""
    bound = joining.join_case(case=case, into=into, by=by, at=at)
    case.refresh_from_db()
    what = f"joined-{into.number}-{bound.at:%Y%m%d%H%M%S}"
    _tell(case, what=what, text=words.joined(case, into), at=at)
    return bound


@transaction.atomic
def part_and_tell(*, case: Case, by: Viewer, at: datetime) -> Case:
    """Take the case out again and tell its asker that it gets an answer of its own. Raises as joining.part_case."""
    case = joining.part_case(case=case, by=by, at=at)
    tell_parted([case], at=at)
    return case


def tell_parted(cases: Iterable[Case], *, at: datetime) -> None:
    """Tell each asker that her question gets an answer of its own; not a word about the case it was joined with. Inside a transaction."""
    for case in cases:
        case.refresh_from_db()
        _tell(case, what=f"parted-{at:%Y%m%d%H%M%S}", text=words.parted(case), at=at)


def answer_the_others(
    *, main: Case, published: PublishedAnswer | None, draft: Draft, by: Viewer, at: datetime
) -> list[Case]:
    """Tell everybody whose case was joined with ``main`` its published answer, each where she asked; once an answer.

    A main case that turned out private answers nobody else: the others wait for answers of their own again, and are told so.
    """
    if published is None:
        waiting = joining.lock_with_waiting(main)
        joining.release(main, at=at, by=by)
        tell_parted(waiting, at=at)
        return []
    answered = joining.answer_joined(main=main, by=by, at=at)
    for case in answered:
        text = words.answered_together(case, main, published)
        what = f"answered-with-{main.number}-{draft.pk}"
        in_public = words.answered(case, "", "", in_public=True)
        _tell(case, what=what, text=text, private_in_public=in_public, at=at)
    return answered


def together(case: Case) -> dict[str, Any]:
    """Return with what the case is answered, and who waits for its answer: for its page."""
    joined = getattr(case, "joined_into", None)
    main = joined.into if joined else None
    return {
        "joined_into": main,
        "joined_waits": main is not None and case.answered_at is None,
        "waiting_here": list(joining.waiting_for(case=case)[:SHOWN]),
    }


def _tell(case: Case, *, what: str, text: str, at: datetime, private_in_public: str = "") -> None:
    """Queue one message to every place in which the case was asked; ``what`` makes it once.

    private_in_public  what stands under a public comment instead when the case is private; empty: nothing
    """
    for asked, thread in places.to_answer(case):
        if not case.is_public and thread.kind == MessageKind.COMMENT:
            if not private_in_public:
                continue
            text = private_in_public
        replies.reply_where_asked(
            case=case,
            thread=thread,
            channel=thread.channel,
            target=replies.asked_ref(asked),
            at=at,
            what=what if asked == case else f"{what}-{asked.number}",
            text=text,
        )


def address_of(number: str) -> str:
    """Return the permanent public address of a question."""
    return f"{settings.PUBLIC_URL}/hoi/{number}/"
