"""How roles and what was done to an account are said on screen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role

ROLE_NAMES = {
    Role.VIEWER: gettext_lazy("Viewer: reads"),
    Role.CONTRIBUTOR: gettext_lazy("Contributor: takes in questions, proposes"),
    Role.EDITOR: gettext_lazy("Editor: writes"),
    Role.CASE_OFFICER: gettext_lazy("Case officer: answers and refers"),
    Role.SEALED_OFFICER: gettext_lazy("Sealed officer: complaints, denunciations, tip-offs"),
    Role.APPROVER: gettext_lazy("Approver: approves and publishes"),
    Role.TREASURER: gettext_lazy("Treasurer: keeps the funds"),
    Role.AUDITOR: gettext_lazy("Auditor: reads the record of actions"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator: people, channels, units"),
}
CHOICES = [(r.value, name) for r, name in ROLE_NAMES.items()]
EVENTS = {
    "staff.sample.made": gettext_noop("Sample account made"),
    "staff.invitation.accepted": gettext_noop("Account made from an invitation, as %(role)s"),
    "staff.role.granted": gettext_noop("Role given: %(role)s"),
    "staff.role.ended": gettext_noop("Role ended: %(role)s"),
    "staff.account.closed": gettext_noop("Account closed"),
    "staff.account.opened": gettext_noop("Account opened again"),
    "staff.account.corrected": gettext_noop("Name, address or phone corrected"),
    "staff.session.ended": gettext_noop("Signed out on one device"),
    "staff.sessions.ended": gettext_noop("Signed out everywhere"),
    "staff.second_factor.reset": gettext_noop("Second factor removed"),
}


def role_word(role: str) -> str:
    """ "approver" → "Approver", without the explanation after the colon."""
    return str(ROLE_NAMES[Role(role)]).split(":")[0]


def event_words(entry: AuditEntry) -> str:
    """Return what an entry of the record says about a person; its bare name when it is a new kind."""
    sentence = EVENTS.get(entry.event)
    if sentence is None:
        return entry.event
    role = entry.after.get("role", "")
    return _(sentence) % {"role": role_word(role) if role in list(Role) else role}
