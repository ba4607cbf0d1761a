"""What a case holds of whoever asked, how it is corrected, and how it is forgotten."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from caunoi.answers.personal import masked, public_words
from caunoi.cases import agency_links, faces, hops, joining, on_behalf, rules
from caunoi.cases.ground import add_step
from caunoi.cases.models import (
    AgencyLink,
    AgencyReply,
    Case,
    Draft,
    Extension,
    OnBehalf,
    Opening,
    Referral,
    Reminder,
    RouteProposal,
    Satisfaction,
    Step,
)
from caunoi.cases.terms import Outcome, State, StepKind
from caunoi.inbox.models import Message, Thread
from caunoi.kit import keyring
from caunoi.kit.holding import (
    CONSENT,
    ERASED,
    SECURITY,
    TASK,
    End,
    Free,
    Holding,
    Piece,
    Subject,
    Whose,
)
from caunoi.kit.models import AuditEntry
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer, system

_YEAR = _("as long as the table below says")
_ANSWER = _("so that the question is answered by who is competent, in time")
_WAY = _("To whom the question went, and what was said on the way")
_FACE = _("How content you were, without your name or number")
_LEARN, _UNTIL = _("so that units learn from it"), _("until you ask to erase it")
_OPENED, _SEE = (
    _("Which officer read a sealed case, and when"),
    _("so that you can see who read it"),
)
_HELPED = _("For whom you asked, and how she or he is reached, sealed")
_REACH = _("so that the officer who answers can reach you")
HOLDINGS = (
    Holding("cases.case", ("asker_name", "place"), _("Your name and village, as you gave them"), _REACH, CONSENT, _YEAR, Whose.ASKER, End.ERASED),
    Holding("cases.case", ("sealed_contact",), _("Your phone number or address, sealed"), _REACH, CONSENT, _YEAR, Whose.ASKER, End.ERASED),
    Holding("cases.onbehalf", ("name", "sealed_contact"), _HELPED, _REACH, CONSENT, _YEAR, Whose.ASKER, End.ERASED),
    Holding("cases.case", ("title", "text"), _("Your question"), _ANSWER, TASK, _YEAR, Whose.ASKER, End.MASKED),
    Holding("cases.step", ("note",), _("What you added, and what officers noted while they worked on it"), _ANSWER, TASK, _YEAR, Whose.ASKER, End.ERASED),
    Holding("cases.draft", ("text", "returned_because"), _("The answer while it was written"), _ANSWER, TASK, _YEAR, Whose.ASKER, End.MASKED),
    Holding("cases.referral", ("reason", "outcome_note", "opinion"), _WAY, _ANSWER, TASK, _YEAR, Whose.ASKER, End.MASKED),
    Holding("cases.agencyreply", ("text", "signer"), _("What an agency wrote about it"), _ANSWER, TASK, _YEAR, Whose.ASKER, End.MASKED),
    Holding("cases.agencylink", ("email",), _("The e-mail address of an agency"), _ANSWER, TASK, _YEAR, Whose.AGENCY, End.KEPT),
    Holding("cases.routeproposal", ("explanation", "topic_words"), _("Why somebody was proposed as competent"), _ANSWER, TASK, _YEAR, Whose.ASKER, End.MASKED),
    Holding("cases.reminder", ("note",), _("Reminders about it"), _ANSWER, TASK, _YEAR, Whose.ASKER, End.MASKED),
    Holding("cases.extension", ("reason",), _("Why more time was taken"), _ANSWER, TASK, _YEAR, Whose.ASKER, End.MASKED),
    Holding("cases.satisfaction", ("text",), _FACE, _LEARN, CONSENT, _UNTIL, Whose.ASKER, End.ERASED),
    Holding("cases.opening", (), _OPENED, _SEE, SECURITY, _("as long as the case"), Whose.STAFF, End.KEPT),
)  # fmt: skip
FREE = (
    Free(
        "cases.case",
        (
            "number",
            "follow_code",
            "origin",
            "origin_ref",
            "state",
            "kind",
            "sensitive",
            "topic",
            "deadline_code",
        ),
        why="numbers and codes; the provider's number of the message keeps it from being taken in twice",
    ),
    Free("cases.serial", ("province",), why="letters of a province"),
    Free("cases.step", ("kind", "to_name"), why="codes and agencies"),
    Free("cases.draft", ("agency", "state"), why="an agency and a code"),
    Free("cases.referral", ("part", "way", "to_name", "outcome"), why="codes and agencies"),
    Free("cases.agencyreply", ("kind", "document", "came_by", "file_name"), why="codes and papers"),
    Free("cases.routeproposal", ("target_name", "topic", "state"), why="agencies and codes"),
    Free("cases.reminder", ("kind",), why="a code"),
    Free("cases.satisfaction", ("key", "topic", "face"), why="a keyed hash and codes"),
    Free("cases.extension", ("code",), why="a code"),
    Free("cases.joining", ("state_before",), why="a code"),
    Free("cases.merge", ("state_before",), why="a code"),
)
CONTACT_READ = "cases.contact.revealed"
HELD_SHOWN = "privacy.case.shown"
WITH_CODE = "người có mã của câu hỏi"
"""Who opened the page with number and code: content, so always Vietnamese."""
HERS = (StepKind.MORE, StepKind.EDITED, StepKind.REMOVED, StepKind.REOPENED)


def contact_of(case: Case) -> str:
    """Return phone or address in the clear, for the asker herself and for erasing it. Not done here: recording who looked."""
    if not case.sealed_contact:
        return ""
    return keyring.load().open(case.sealed_contact, context=f"case:{case.pk}")


@system("built for a case that the asker opened with her code, or that was loaded for the viewer")
def subject_of(*, case: Case) -> Subject:
    """Return the case in the words every room understands."""
    ref = case.origin_ref.split(":", 2)[2] if case.origin_ref.count(":") >= 2 else ""
    others = Case.objects.filter(thread_id=case.thread_id).exclude(pk=case.pk)
    later = (
        others.filter(opened_at__gt=case.opened_at)
        .exclude(origin_ref__endswith=f":{ref}")
        .order_by("opened_at")
    )
    running = others.filter(state__in=[s.value for s in rules.UNFINISHED])
    following = later.first() if case.thread_id else None
    hers = (*on_behalf.names_to_hide(case), contact_of(case), on_behalf.opened_contact(case))
    names = tuple(n for n in (*hers, _there(case)) if n)
    return Subject(
        case_id=case.pk,
        number=case.number,
        channel_id=case.channel_id,
        thread_id=case.thread_id,
        message_ref=ref,
        since=case.opened_at if case.thread_id is None else _first_word(case),
        until=following.opened_at if following else None,
        alone=case.thread_id is not None and not running.exists(),
        names=names,
        faces=(faces.key_of(case),),
    )


def pieces(about: Subject) -> list[Piece]:
    """Return what the case holds; officers' own notes are counted, not shown: they may speak of others too."""
    case = Case.objects.get(pk=about.case_id)
    said = [
        Piece("cases.case", _("Your name"), case.asker_name),
        Piece("cases.case", _("Your phone or address"), contact_of(case)),
        Piece("cases.case", _("Your village"), case.place),
        *_helped(case),
        Piece("cases.case", _("Your question"), case.text, case.opened_at),
    ]
    steps = case.steps.order_by("at", "pk")
    said += [
        Piece("cases.step", _("You added"), s.note, s.at) for s in steps if s.kind in HERS and s.note
    ]  # fmt: skip
    notes = sum(1 for s in steps if s.kind == StepKind.NOTE)
    said.append(Piece("cases.step", _("Officers' own notes"), str(notes) if notes else ""))
    said += [
        Piece("cases.referral", _("Sent on to"), hop.to_name, hop.sent_at)
        for hop in Referral.objects.filter(case=case).order_by("sent_at")
    ]
    face = Satisfaction.objects.filter(key__in=about.faces).first()
    if face is not None:
        said.append(Piece("cases.satisfaction", _("What you said of the answer"), face.text))
    said += _readers(case)
    return [piece for piece in said if piece.text]


def _helped(case: Case) -> list[Piece]:
    noted = on_behalf.of_case(case)
    if noted is None:
        return []
    return [
        Piece("cases.onbehalf", _("For whom you asked"), noted.name, noted.agreed_at),
        Piece("cases.onbehalf", _("How she or he is reached"), on_behalf.opened_contact(case)),
    ]


def _readers(case: Case) -> list[Piece]:
    """Return who read the contact, and who opened a sealed case."""
    looked = AuditEntry.objects.filter(
        object_type="cases.case", object_id=str(case.pk), event__in=[CONTACT_READ, HELD_SHOWN]
    )
    labels = {
        CONTACT_READ: _("Your phone or address was read by"),
        HELD_SHOWN: _("This page was opened by"),
    }
    said = [
        Piece("kit.auditentry", labels[e.event], e.actor_name or WITH_CODE, e.at)
        for e in looked.order_by("pk")[:200]
    ]
    opened = Opening.objects.filter(case=case).select_related("by").order_by("at")[:200]
    return said + [
        Piece("cases.opening", _("The sealed question was opened by"), o.by.full_name, o.at)
        for o in opened
    ]


def correct(*, case_id: UUID, name: str, contact: str, place: str) -> None:
    """Write name, contact and place as the asker wants them; an empty one stays as it is. Called by who decided and records it."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    case.asker_name = clean(name)[:120] or case.asker_name
    case.place = clean(place)[:160] or case.place
    if contact:
        case.sealed_contact = keyring.load().seal(clean(contact), context=f"case:{case.pk}")
    case.save(update_fields=["asker_name", "place", "sealed_contact"])


def withdraw(*, case: Case, note: str, by: Viewer | None, at: datetime) -> bool:
    """End an unfinished case because it is erased. -> whether it was unfinished. Raises NotNow while others wait for its answer."""
    if State(case.state) not in rules.UNFINISHED:
        return False
    joining.check_may_end(case)
    case.state, case.closed_at = State.CLOSED.value, at
    case.save(update_fields=["state", "closed_at"])
    hops.end_all(case, outcome=Outcome.CLOSED, at=at)
    agency_links.close_links_of(case=case, at=at)
    add_step(case, StepKind.CLOSED, at=at, by=by, unit_id=case.owner_id, note=note)
    return True


def forget(about: Subject, *, at: datetime) -> int:
    """Erase name, contact, place and words; what was published stays, and takes the place of the question."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=about.case_id)
    public = public_words(number=case.number)
    case.asker_name, case.place, case.sealed_contact = "", "", None
    case.title = masked(public[0], about.names)[:160] if public else ERASED
    case.text = masked(public[1], about.names) if public else ERASED
    case.save(update_fields=["asker_name", "place", "sealed_contact", "title", "text"])
    changed = 1 + _forget_steps(case, about) + OnBehalf.objects.filter(case=case).delete()[0]
    for draft in Draft.objects.filter(case=case):
        draft.text = public[2] if public and draft.state == "approved" else ERASED
        draft.returned_because = masked(draft.returned_because, about.names)[:300]
        draft.save(update_fields=["text", "returned_because"])
    changed += _mask(Referral.objects.filter(case=case), about, "reason", "outcome_note", "opinion")
    changed += _mask(AgencyReply.objects.filter(referral__case=case), about, "text", "signer")
    changed += _mask(RouteProposal.objects.filter(case=case), about, "explanation", "topic_words")
    changed += _mask(Reminder.objects.filter(case=case), about, "note")
    changed += _mask(Extension.objects.filter(case=case), about, "reason")
    AgencyLink.objects.filter(referral__case=case, used_at=None, revoked_at=None).update(
        revoked_at=at
    )
    return changed + Satisfaction.objects.filter(key__in=about.faces).update(text="")


def _forget_steps(case: Case, about: Subject) -> int:
    erased = Step.objects.filter(case=case, kind__in=[*HERS, StepKind.NOTE]).exclude(note="")
    changed = erased.update(note="")
    rest = Step.objects.filter(case=case).exclude(Q(note="") | Q(kind=StepKind.ASSIGNED))
    return changed + _mask(rest, about, "note")


def _mask(rows: object, about: Subject, *fields: str) -> int:
    """Hide the asker in texts others wrote, cut to what fits their columns."""
    changed = 0
    for row in rows:  # type: ignore[attr-defined]
        for name in fields:
            longest = row._meta.get_field(name).max_length
            setattr(row, name, masked(getattr(row, name), about.names)[:longest])
        row.save(update_fields=list(fields))
        changed += 1
    return changed


def _there(case: Case) -> str:
    """Return the name the asker bears where she asked, when it is another than the one she gave."""
    if case.thread_id is None:
        return ""
    found = Thread.objects.filter(pk=case.thread_id).values_list("sender_name", flat=True).first()
    return found if found and found != case.asker_name else ""


def _first_word(case: Case) -> datetime:
    """Return when the message that opened the case was written; the case itself is a little younger."""
    if case.channel_id is None:
        return case.opened_at
    ref = case.origin_ref.split(":", 2)[2] if case.origin_ref.count(":") >= 2 else ""
    found = Message.objects.filter(channel_id=case.channel_id, external_id=ref)
    return found.values_list("sent_at", flat=True).first() or case.opened_at
