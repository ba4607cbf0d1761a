"""What agencies send back: an answer (it becomes a draft that an officer submits), "not ours" with a reason, an opinion.

Every word is kept whole. What comes too late or twice is kept beside it, for the officer to read.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from caunoi.cases import agency_links, hops, reminders
from caunoi.cases.ground import add_step, lock_for
from caunoi.cases.models import AgencyLink, AgencyReply, Case, Draft, Referral, Step
from caunoi.cases.referrals import hold_again, refer_out
from caunoi.cases.terms import (
    CameBy,
    DraftState,
    EmptyAnswer,
    LinkSpent,
    NotNow,
    NotWaiting,
    NotYourCase,
    Outcome,
    Part,
    ReminderKind,
    ReplyKind,
    State,
    StepKind,
)
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

MAX_TEXT = 20_000
MOST_LATE_WORDS = 5
MEANT_FOR_ANOTHER = "Câu trả lời vừa gửi là của vụ việc khác; xin cơ quan trả lời vụ việc này."
"""What an agency reads when its answer was taken to the case it was meant for: its own language, as all letters to it."""


@dataclass(frozen=True, slots=True)
class Came:
    """How words reached the officer who typed them in: by e-mail or on paper, on which day, in which file."""

    by: CameBy
    on: date
    file_name: str = ""

    def as_fields(self) -> dict[str, object]:
        return {
            "came_by": self.by.value,
            "came_on": self.on,
            "file_name": clean(self.file_name).strip()[:160],
        }


def answer_by_link(
    *, link: AgencyLink, text: str, at: datetime, signer: str = "", document: str = ""
) -> AgencyReply:
    """Take the agency's answer (or a co-unit's opinion) through its one-time link, once.

    -> the reply; the case has a draft with it unless an officer was writing meanwhile
    Raises EmptyAnswer; LinkSpent when the link no longer opens: the words are kept for the officer all the same
    """
    return _by_link(link, ReplyKind.ANSWER, text, at, signer=signer, document=document)


def return_by_link(*, link: AgencyLink, reason: str, at: datetime, signer: str = "") -> AgencyReply:
    """The agency gives the case back: not ours, because. Raises EmptyAnswer (no reason), LinkSpent."""
    return _by_link(link, ReplyKind.RETURN, reason, at, signer=signer)


def _by_link(
    link: AgencyLink,
    kind: ReplyKind,
    text: str,
    at: datetime,
    *,
    signer: str = "",
    document: str = "",
) -> AgencyReply:
    if not text.strip():
        raise EmptyAnswer("Write the answer, or say why it is not yours.")
    with transaction.atomic():
        case, hop = _lock(link.referral)
        link = AgencyLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        spent = not agency_links.is_open(link, at=at)
        if spent:
            _keep_late(link, hop, text, at, signer)
        else:
            link.used_at = at
            link.opened_at = link.opened_at or at
            link.save(update_fields=["used_at", "opened_at"])
            reply = _take(case, hop, kind, text, at=at, signer=signer, document=document)
    if spent:
        raise LinkSpent(
            "This link no longer takes an answer; what you wrote is kept for the officer."
        )
    return reply


def answer_as_member(
    *,
    referral: Referral,
    text: str,
    by: Viewer,
    at: datetime,
    signer: str = "",
    document: str = "",
    kind: ReplyKind = ReplyKind.ANSWER,
) -> AgencyReply:
    """The same by somebody who signs in for the body. Raises NotYourCase (no member), NotWaiting, EmptyAnswer."""
    if not text.strip():
        raise EmptyAnswer("Write the answer, or say why it is not yours.")
    with transaction.atomic():
        case, hop = _lock(referral)
        if hop.to_body is None or not hop.to_body.members.filter(pk=by.account_id).exists():
            raise NotYourCase("You do not sign in for this agency.")
        if hop.done_at is not None:
            raise NotWaiting("This case no longer waits for your agency.")
        agency_links.revoke_links(referral=hop, at=at)
        name = signer or by.name
        return _take(case, hop, kind, text, at=at, signer=name, document=document, by=by)


def note_read(*, referral: Referral, at: datetime) -> None:
    """Note once that somebody of the body has read what it is asked: the asker sees that it was received. Not audited: nothing was decided."""
    if referral.done_at is None:
        Referral.objects.filter(pk=referral.pk, received_at=None).update(received_at=at)


def _lock(referral: Referral) -> tuple[Case, Referral]:
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.case_id)
    hop = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    return case, hop


def _keep_late(link: AgencyLink, hop: Referral, text: str, at: datetime, signer: str) -> None:
    """Keep what came through a spent link; at most a handful, so that a leaked address fills nothing."""
    if link.late_words >= MOST_LATE_WORDS:
        return
    link.late_words += 1
    link.save(update_fields=["late_words"])
    AgencyReply.objects.create(
        referral=hop, kind=ReplyKind.LATE.value, text=clean(text)[:MAX_TEXT], signer=clean(signer)[:120], at=at
    )  # fmt: skip
    reminders.tell_owner(case=hop.case, kind=ReminderKind.REPLIED, referral=hop, at=at)


def _take(
    case: Case,
    hop: Referral,
    kind: ReplyKind,
    text: str,
    *,
    at: datetime,
    signer: str,
    document: str = "",
    by: Viewer | None = None,
    came: Came | None = None,
) -> AgencyReply:
    if hop.part == Part.CO and kind == ReplyKind.ANSWER:
        kind = ReplyKind.OPINION
    reply = AgencyReply.objects.create(
        referral=hop, kind=kind.value, text=clean(text)[:MAX_TEXT], signer=clean(signer)[:120],
        document=clean(document)[:120], by_id=by.account_id if by else None, at=at,
        **(came.as_fields() if came else {}),
    )  # fmt: skip
    if kind == ReplyKind.RETURN:
        _given_back(case, hop, reply, at, by)
    elif kind == ReplyKind.OPINION:
        hop.opinion = reply.text
        hop.save(update_fields=["opinion"])
        hops.end(hop, outcome=Outcome.CONTRIBUTED, at=at)
        _named(add_step(case, StepKind.OPINION, at=at, by=by, note=reply.text), hop)
    else:
        _answered(case, hop, reply, at, by)
    reminders.tell_owner(case=case, kind=ReminderKind.REPLIED, referral=hop, at=at)
    audit.record(
        f"cases.agency.{kind.value}",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        after={"body": hop.to_name, "length": len(reply.text)},
    )
    return reply


def _given_back(
    case: Case, hop: Referral, reply: AgencyReply, at: datetime, by: Viewer | None
) -> None:
    hops.end(hop, outcome=Outcome.RETURNED, at=at, note=reply.text)
    _named(
        add_step(case, StepKind.SENT_BACK, at=at, by=by, to_unit_id=case.owner_id, note=reply.text),
        hop,
    )
    if hop.part == Part.LEAD:
        hold_again(case, at=at, by=by)


def _answered(
    case: Case, hop: Referral, reply: AgencyReply, at: datetime, by: Viewer | None
) -> None:
    hops.end(hop, outcome=Outcome.ANSWERED, at=at)
    _named(add_step(case, StepKind.REPLIED, at=at, by=by), hop)
    hold_again(case, at=at, by=by)
    if _put_into_draft(case, reply, at=at, over_text=False):
        reply.used_at = at
        reply.save(update_fields=["used_at"])


def _named(step: Step, hop: Referral) -> None:
    step.to_name = hop.to_name
    step.save(update_fields=["to_name"])


def _put_into_draft(case: Case, reply: AgencyReply, *, at: datetime, over_text: bool) -> bool:
    """Make the reply the case's draft, without an author: who submits it becomes that. True when it was done.

    over_text   False: a draft in which an officer wrote something stays as it is
    """
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .filter(case=case)
        .exclude(state=DraftState.APPROVED)
        .first()
    )
    if draft is not None and draft.state == DraftState.SUBMITTED:
        return False
    if draft is not None and draft.text.strip() and not over_text:
        return False
    draft = draft or Draft(case=case)
    if draft.text.strip():
        note = f"Dự thảo trước khi dùng câu trả lời của cơ quan:\n{draft.text}"
        add_step(case, StepKind.NOTE, at=at, by=None, note=note)
    draft.author, draft.state, draft.saved_at = None, DraftState.DRAFT.value, at
    draft.text, draft.agency = reply.text, _signature(reply)
    draft.save()
    if hops.rules.may_become(State(case.state), State.DRAFTED):
        case.state = State.DRAFTED.value
        case.save(update_fields=["state"])
    return True


def _signature(reply: AgencyReply) -> str:
    name = reply.referral.to_name
    return f"{name}, văn bản {reply.document}"[:160] if reply.document else name[:160]


@transaction.atomic
def use_reply(*, reply: AgencyReply, by: Viewer, at: datetime) -> None:
    """Make an agency's words the draft; what stood there is kept as a note. Raises NotYourCase, NotNow."""
    case = lock_for(reply.referral.case, by, Permission.CASES_DRAFT, at)
    if not _put_into_draft(case, reply, at=at, over_text=True):
        raise NotNow("The answer is waiting for approval; ask for it back first.")
    reply.used_at = at
    reply.save(update_fields=["used_at"])
    audit.record("cases.agency.used", on=case, by=by, at=at, unit_id=case.owner_id)


@transaction.atomic
def ask_again(*, reply: AgencyReply, reason: str, by: Viewer, at: datetime) -> Referral:
    """The agency answered another case, or too little: ask it once more, saying so; its words stay, the untouched draft goes.

    Raises NotYourCase, EmptyAnswer (no reason), NotNow, AlreadyAsked
    """
    case = lock_for(reply.referral.case, by, Permission.CASES_REFER, at)
    if not reason.strip():
        raise EmptyAnswer("Say what the agency should look at again.")
    body = reply.referral.to_body
    if body is None or reply.kind not in {ReplyKind.ANSWER, ReplyKind.LATE, ReplyKind.OPINION}:
        raise NotNow("This was not an agency's answer.")
    Draft.objects.filter(case=case, author=None, state=DraftState.DRAFT, text=reply.text).update(
        text="", agency=""
    )
    reply.set_aside_at = at
    reply.save(update_fields=["set_aside_at"])
    return refer_out(
        case=case, body=body, reason=reason, by=by, at=at, part=Part(reply.referral.part)
    )


@transaction.atomic
def type_in_answer(
    *,
    referral: Referral,
    text: str,
    came: Came,
    by: Viewer,
    at: datetime,
    signer: str = "",
    document: str = "",
) -> AgencyReply:
    """Take what an agency answered by plain e-mail or on paper, typed in by an officer; its one-time link closes.

    -> the reply; the case has a draft with it unless an officer was writing meanwhile
    Raises NotYourCase, EmptyAnswer, NotWaiting (the agency is not asked any more), NotNow (a day that is still to come)
    """
    case = lock_for(referral.case, by, Permission.CASES_REFER, at)
    hop = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if not text.strip():
        raise EmptyAnswer("Type in what the agency answered.")
    if hop.done_at is not None or hop.to_body_id is None:
        raise NotWaiting("Nobody outside is asked any more.")
    if came.on > clock.local_date(at):
        raise NotNow("The day on which it came is still to come.")
    agency_links.revoke_links(referral=hop, at=at)
    return _take(
        case, hop, ReplyKind.ANSWER, text, at=at, signer=signer, document=document, by=by, came=came
    )


@transaction.atomic
def move_reply(*, reply: AgencyReply, to: Case, by: Viewer, at: datetime) -> AgencyReply:
    """Take an agency's answer to the case it was meant for, which waits for the same agency; the other case is asked again.

    -> the reply of that case, word for word; both cases say on their way where it came from and went to
    Raises NotYourCase (of either case), NotWaiting (that case does not wait for this agency), NotNow (no answer, or moved before)
    """
    home = reply.referral.case
    first, second = sorted((home.pk, to.pk))
    locked = {c: lock_for(Case(pk=c), by, Permission.CASES_REFER, at) for c in (first, second)}
    case, to = locked[home.pk], locked[to.pk]
    reply = AgencyReply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    movable = reply.kind in {ReplyKind.ANSWER, ReplyKind.LATE, ReplyKind.OPINION}
    if not movable or reply.set_aside_at is not None or case.pk == to.pk:
        raise NotNow("This answer cannot be moved, or was moved before.")
    hop = waiting_hop(case=to, like=reply)
    if hop is None:
        raise NotWaiting("That case does not wait for an answer of this agency.")
    agency_links.revoke_links(referral=hop, at=at)
    moved = _take(
        to, hop, ReplyKind.ANSWER, reply.text, at=at, signer=reply.signer, document=reply.document, by=by
    )  # fmt: skip
    add_step(to, StepKind.REPLY_CAME, at=at, by=by, note=case.number)
    add_step(case, StepKind.REPLY_MOVED, at=at, by=by, note=to.number)
    lead = hops.open_lead(case)
    elsewhere = lead is not None and lead.to_body_id is not None
    finished = State(case.state) not in hops.rules.UNFINISHED
    if reply.kind != ReplyKind.LATE and not elsewhere and not finished:
        ask_again(reply=reply, reason=MEANT_FOR_ANOTHER, by=by, at=at)
    AgencyReply.objects.filter(pk=reply.pk).update(set_aside_at=at, moved_to=to)
    audit.record(
        "cases.agency.reply_moved",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        after={"to": to.number},
    )
    return moved


def waiting_hop(*, case: Case, like: AgencyReply) -> Referral | None:
    """Return the open hop by which the case waits for the agency that wrote this reply, or None."""
    return (
        Referral.objects.filter(case=case, to_body=like.referral.to_body, done_at=None)
        .exclude(to_body=None)
        .order_by("-part")
        .first()
    )
