"""Writes about personal data: asking, deciding, erasing, and the link into the chat."""

import json
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from caunoi.cases import personal
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.cases.terms import Origin
from caunoi.channels import registry
from caunoi.channels.contract import Capability, MessageKind, PostKind
from caunoi.deadlines import queries as deadlines
from caunoi.inbox.models import Thread
from caunoi.kit import audit, clock, keyring
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.outbox import actions as outbox
from caunoi.privacy import holdings, queries, rules
from caunoi.privacy.models import DoorLink, Erasure, Hold, Request
from caunoi.privacy.terms import (
    RESPOND,
    AskedAlready,
    Decided,
    NeedsReason,
    NothingHeld,
    NotYours,
    NoWayBack,
    OnHold,
    RequestState,
    Why,
    Wish,
)
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

MAX_WORDS = 2_000
SALT = "caunoi.privacy.link"
SHOWN = personal.HELD_SHOWN
CLOSED_BECAUSE = "Bà con rút lại và đề nghị xoá dữ liệu."
"""Stands on the public timeline, so it is content: Vietnamese."""


@transaction.atomic
def ask_correction(
    *, case: Case, name: str, contact: str, place: str, words: str, at: datetime
) -> Request:
    """The asker wants name, phone or place written otherwise. The door has checked the code.

    Raises AskedAlready, NothingHeld
    """
    wanted = {
        "name": clean(name)[:120],
        "contact": clean(contact)[:60],
        "place": clean(place)[:160],
    }
    return _ask(case, Wish.CORRECT, words, at, wanted=wanted)


@transaction.atomic
def ask_erasure(*, case: Case, words: str, at: datetime) -> Request:
    """The asker wants to be erased from this case. The door has checked the code. Raises AskedAlready, NothingHeld."""
    return _ask(case, Wish.ERASE, words, at, wanted=None)


def _ask(
    case: Case, wish: Wish, words: str, at: datetime, *, wanted: dict[str, str] | None
) -> Request:
    Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if Erasure.objects.filter(case=case).exists():
        raise NothingHeld("This question was erased before.")
    if Request.objects.filter(case=case, wish=wish, state=RequestState.OPEN).exists():
        raise AskedAlready("You asked for this before; it is being decided.")
    request = Request(
        case=case,
        wish=wish.value,
        words=clean(words)[:MAX_WORDS],
        received_at=at,
        due_at=deadlines.due_at(code=RESPOND, start_at=at),
    )
    if wanted:
        request.sealed_wanted = keyring.load().seal(json.dumps(wanted), context=_context(request))
    request.save(force_insert=True)
    audit.record(
        "privacy.request.received",
        on=request,
        at=at,
        unit_id=case.owner_id,
        after={"wish": wish.value, "fields": sorted(k for k, v in (wanted or {}).items() if v)},
    )
    return request


def _context(request: Request) -> str:
    return f"privacy-request:{request.pk}"


def wanted(request: Request) -> dict[str, str]:
    """Return what the asker wants written, in the clear, for the page on which it is decided."""
    if not request.sealed_wanted:
        return {}
    return dict(json.loads(keyring.load().open(request.sealed_wanted, context=_context(request))))


@transaction.atomic
def grant(*, request: Request, reason: str, by: Viewer, at: datetime) -> Request:
    """Do what the asker wants: write the correction, or erase the case everywhere. Raises NotYours, Decided, NeedsReason, NotNow."""
    request = _open_request(request, reason, by, at)
    case = request.case
    if request.wish == Wish.CORRECT:
        new = wanted(request)
        personal.correct(
            case_id=case.pk, name=new["name"], contact=new["contact"], place=new["place"]
        )
        fields = sorted(k for k, v in new.items() if v)
        audit.record(
            "privacy.case.corrected",
            on=case,
            by=by,
            at=at,
            unit_id=case.owner_id,
            after={"fields": fields},
        )
    else:
        _refuse_held(case)
        erase(case, why=Why.REQUEST, by=by, at=at)
    return _decide(request, RequestState.GRANTED, reason, by, at)


@transaction.atomic
def refuse(*, request: Request, reason: str, by: Viewer, at: datetime) -> Request:
    """Leave everything as it is and say why; the asker reads it. Raises NotYours, Decided, NeedsReason."""
    request = _open_request(request, reason, by, at)
    return _decide(request, RequestState.REFUSED, reason, by, at)


def _open_request(request: Request, reason: str, by: Viewer, at: datetime) -> Request:
    request = (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case")
        .get(pk=request.pk)
    )
    check_may_decide(request.case, by, at)
    if request.state != RequestState.OPEN:
        raise Decided("Somebody decided this meanwhile.")
    if not reason.strip():
        raise NeedsReason("Write the reason; the asker reads it.")
    return request


def check_may_decide(case: Case, by: Viewer, at: datetime) -> None:
    """Raise NotYours unless the viewer decides about personal data in the case's unit; of a sealed case only its readers do."""
    path = units.paths_of(unit_ids=[case.owner_id], on=clock.local_date(at)).get(case.owner_id)
    sealed = case_rules.is_sealed(case.kind)
    reads = not sealed or case.owner_id in by.unit_ids(Permission.CASES_SEALED)
    if path is None or not reads or not by.may(Permission.PRIVACY_DECIDE, path):
        raise NotYours("You may not decide about the personal data of this question.")


def _decide(
    request: Request, state: RequestState, reason: str, by: Viewer, at: datetime
) -> Request:
    request.state, request.decided_at, request.reason = state.value, at, clean(reason)[:MAX_WORDS]
    request.decided_by_id, request.sealed_wanted = by.account_id, None
    request.save(update_fields=["state", "decided_at", "reason", "decided_by", "sealed_wanted"])
    audit.record(
        f"privacy.request.{state.value}",
        on=request,
        by=by,
        at=at,
        unit_id=request.case.owner_id,
        after={"wish": request.wish},
    )
    return request


def _refuse_held(case: Case) -> None:
    hold = Hold.objects.filter(case=case).first()
    if hold is not None:
        raise OnHold("This case must be kept for now; lift the hold first.")


def erase(case: Case, *, why: Why, by: Viewer | None, at: datetime) -> Erasure:
    """Erase the asker in every room at once, in the caller's transaction. An unfinished case is closed first: nobody can be answered any more."""
    about = personal.subject_of(case=case)
    kept = holdings.kept_by_law(about)
    if why == Why.REQUEST:
        personal.withdraw(case=case, note=CLOSED_BECAUSE, by=by, at=at)
    rows = holdings.forget(about, at=at)
    erasure = Erasure.objects.create(case=case, at=at, why=why.value, rows=rows, kept=kept)
    audit.record(
        "privacy.case.erased",
        on=case,
        by=by,
        at=at,
        unit_id=case.owner_id,
        after={"why": why.value, "rows": rows, "papers": len(kept)},
    )
    return erasure


def may_get_link(case: Case) -> bool:
    """True for a case that came by a private chat we can write into, and that still knows whom it came from."""
    return _chat(case) is not None


def _chat(case: Case) -> Thread | None:
    if case.origin != Origin.PRIVATE_MESSAGE or case.thread_id is None:
        return None
    thread = Thread.objects.select_related("channel").filter(pk=case.thread_id).first()
    if thread is None or thread.kind != MessageKind.PRIVATE_MESSAGE or not thread.sender_ref:
        return None
    can = registry.can(thread.channel.connector_key, Capability.PRIVATE_MESSAGES)
    return thread if can else None


@transaction.atomic
def send_link(*, case: Case, at: datetime) -> bool:
    """Send a one-time link into the chat the question came from: only who reads that chat can use it.

    -> False when one was sent within the hour. Raises NoWayBack
    """
    thread = _chat(case)
    if thread is None:
        raise NoWayBack("This question did not come by a private chat; use number and code.")
    if queries.link_since(case=case, since=at - rules.LINK_AGAIN_AFTER):
        return False
    link = DoorLink.objects.create(case=case, made_at=at, expires_at=at + rules.LINK_LASTS)
    with override("vi"):
        shown = {"number": case.number, "address": address_of(link)}
        text = render_to_string("messages/data_link.txt", shown).strip()
    outbox.queue_send(
        channel=thread.channel,
        kind=PostKind.PRIVATE_MESSAGE,
        target_ref=thread.sender_ref,
        thread_ref=thread.thread_ref,
        text=text,
        reference=f"case:{case.pk}:data-link",
        key=f"data-link-{link.pk}",
        window_opened_at=thread.last_in_at,
        is_confidential=True,
        at=at,
    )
    audit.record("privacy.link.sent", on=case, at=at, unit_id=case.owner_id)
    return True


def address_of(link: DoorLink) -> str:
    """Return the address of a one-time link; only its use is kept, never the address."""
    return f"{settings.PUBLIC_URL}/du-lieu/mo/{signing.dumps(str(link.pk), salt=SALT)}/"


def link_behind(token: str) -> UUID | None:
    """Return the id in a link's address, or None when it is none of ours."""
    try:
        return UUID(signing.loads(token, salt=SALT, max_age=rules.LINK_LASTS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


@transaction.atomic
def use_link(*, link: DoorLink, at: datetime) -> bool:
    """Use up the link. -> whether it was still good."""
    link = DoorLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if not rules.link_is_good(expires_at=link.expires_at, used_at=link.used_at, at=at):
        return False
    link.used_at = at
    link.save(update_fields=["used_at"])
    audit.record("privacy.link.used", on=link, at=at, unit_id=None)
    return True


@transaction.atomic
def note_shown(*, case: Case, by: Viewer | None, at: datetime) -> None:
    """Record that everything held on the case was opened with its code or a link; ``by`` when an officer was signed in there."""
    audit.record(SHOWN, on=case, by=by, at=at, unit_id=case.owner_id)
