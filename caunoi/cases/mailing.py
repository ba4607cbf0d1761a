"""Letters about cases: the one-time link for an agency, and each officer's reminders of the day in one letter.

A letter names numbers and addresses, never what somebody asked. Sending happens outside any transaction.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from caunoi.cases import agency_links, rules
from caunoi.cases.models import AgencyLink, Reminder
from caunoi.cases.terms import Part, ReminderKind
from caunoi.kit import clock
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

BATCH = 200


def mail_agency_link(*, link_id: UUID, at: datetime) -> bool:
    """Send the agency its one-time link; False when it is closed meanwhile or has gone out already."""
    link = AgencyLink.objects.select_related("referral__case").filter(pk=link_id).first()
    if link is None or not link.email or link.mailed_at or not agency_links.is_open(link, at=at):
        return False
    _send(link.email, "agency_link", _about_link(link, at), key=f"link-{link.pk}")
    agency_links.note_mailed(link=link, at=at)
    return True


def _about_link(link: AgencyLink, at: datetime) -> dict:
    hop = link.referral
    return {
        "number": hop.case.number,
        "sender": units.name_of(unit_id=hop.from_unit_id, on=clock.local_date(at)),
        "agency": hop.to_name,
        "address": address_of(link),
        "due_at": hop.due_at,
        "expires_at": link.expires_at,
        "opinion": hop.part == Part.CO,
    }


def address_of(link: AgencyLink) -> str:
    """Return the address the agency opens."""
    path = reverse("journeys:agency", kwargs={"token": agency_links.token_of(link)})
    return settings.PUBLIC_URL + path


def mail_reminders(*, at: datetime) -> int:
    """Send what waiting reminders have to say: one letter a person, one to each agency; returns how many reminders were seen to.

    Run one at a time (the job holds a lock). A crash in between sends at worst a letter twice, under the same Message-ID.
    """
    waiting = list(
        Reminder.objects.filter(mailed_at=None)
        .select_related("case", "case__assignee", "referral__to_body")
        .order_by("pk")[:BATCH]
    )
    for account, reminders in _by_person(waiting, at).items():
        _send(
            account.email,
            "reminders",
            _about_reminders(account, reminders, at),
            key=f"remind-{account.pk}-{max(r.pk for r in reminders)}",
        )
    for reminder in waiting:
        _to_agency(reminder, at)
    Reminder.objects.filter(pk__in=[r.pk for r in waiting]).update(mailed_at=at)
    return len(waiting)


def _by_person(waiting: Iterable[Reminder], at: datetime) -> dict[Account, list[Reminder]]:
    """Return who is written to: the officer in charge, else everybody who answers cases in that unit."""
    people: dict[tuple[UUID, bool], list[Account]] = {}
    found: dict[Account, list[Reminder]] = defaultdict(list)
    for reminder in waiting:
        sealed = rules.is_sealed(reminder.case.kind)
        key = (reminder.unit_id, sealed)
        if key not in people:
            right = Permission.CASES_SEALED if sealed else Permission.CASES_DRAFT
            people[key] = staff.people_of_unit(
                unit_id=reminder.unit_id, on=clock.local_date(at), permission=right
            )
        charge = reminder.case.assignee
        for account in [charge] if charge and charge in people[key] else people[key]:
            found[account].append(reminder)
    return found


def _about_reminders(account: Account, reminders: list[Reminder], at: datetime) -> dict:
    rows = [
        {
            "number": r.case.number,
            "kind": r.kind,
            "due_at": r.case.due_at,
            "note": r.note,
            "address": f"{settings.PUBLIC_URL}/vu-viec/{r.case.number}/",
            "agency": r.referral.to_name if r.referral and r.referral.to_body_id else "",
        }
        for r in sorted(reminders, key=lambda r: r.case.due_at)
    ]
    return {"name": account.full_name, "rows": rows, "count": len(rows)}


def _to_agency(reminder: Reminder, at: datetime) -> None:
    """Remind the agency that holds the case, with its own link; its members get the case's address."""
    hop = reminder.referral
    if hop is None or hop.to_body is None or reminder.kind == ReminderKind.REPLIED:
        return
    said = {"kind": reminder.kind, "note": reminder.note}
    for link in AgencyLink.objects.filter(referral=hop, used_at=None, revoked_at=None):
        if link.email and agency_links.is_open(link, at=at):
            about = _about_link(link, at) | said
            _send(link.email, "agency_reminder", about, key=f"remind-{reminder.pk}-{link.pk}")
    for member in hop.to_body.members.filter(is_active=True):
        about = {
            "number": reminder.case.number,
            "sender": units.name_of(unit_id=hop.from_unit_id, on=clock.local_date(at)),
            "agency": hop.to_name,
            "address": settings.PUBLIC_URL + reverse("journeys:agency_case", args=[hop.pk]),
            "due_at": hop.due_at,
        }
        _send(
            member.email, "agency_reminder", about | said, key=f"remind-{reminder.pk}-m{member.pk}"
        )


def _send(to: str, template: str, shown: dict, *, key: str) -> None:
    with override("vi"):
        text = render_to_string(f"mail/{template}.txt", shown).strip()
    subject, _, body = text.partition("\n")
    host = settings.PUBLIC_URL.split("://")[-1].split(":")[0]
    EmailMessage(
        subject.strip(), body.strip() + "\n", None, [to], headers={"Message-ID": f"<{key}@{host}>"}
    ).send()
