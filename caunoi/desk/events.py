"""What the record of actions calls each event, in words; the dotted name stays beside it for whoever searches."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WORDS = {
    "answers.answer.corrected": gettext_noop("Published answer corrected"),
    "answers.answer.published": gettext_noop("Answer published"),
    "answers.answer.withdrawn": gettext_noop("Published answer withdrawn"),
    "cases.answer.approved": gettext_noop("Answer approved"),
    "cases.case.assigned": gettext_noop("Case given to somebody"),
    "cases.case.closed": gettext_noop("Case closed without an answer"),
    "cases.case.handed_over": gettext_noop("Case handed over"),
    "cases.case.noted": gettext_noop("Note left on a case"),
    "cases.case.opened": gettext_noop("Case opened"),
    "cases.case.referred": gettext_noop("Case referred"),
    "cases.case.reopened": gettext_noop("Case taken up again"),
    "cases.contact.revealed": gettext_noop("Contact of a resident looked at"),
    "cases.draft.returned": gettext_noop("Draft given back"),
    "cases.draft.saved": gettext_noop("Draft kept"),
    "cases.draft.submitted": gettext_noop("Draft sent for approval"),
    "cases.kind.changed": gettext_noop("Kind of a case changed"),
    "channels.app.registered": gettext_noop("App of a provider registered"),
    "channels.channel.changed": gettext_noop("Channel changed"),
    "channels.channel.lost": gettext_noop("Channel needs to be connected again"),
    "channels.channel.reconnected": gettext_noop("Channel connected again"),
    "channels.channel.registered": gettext_noop("Channel registered"),
    "channels.secret.resealed": gettext_noop("Secret sealed with a new key"),
    "channels.token.refreshed": gettext_noop("Token of a channel renewed"),
    "deadlines.day.added": gettext_noop("Day off added"),
    "deadlines.day.removed": gettext_noop("Day off removed"),
    "deadlines.deadline.changed": gettext_noop("Deadline changed"),
    "documents.letterhead.saved": gettext_noop("Letterhead kept"),
    "documents.paper.cancelled": gettext_noop("Paper cancelled"),
    "documents.paper.issued": gettext_noop("Paper issued"),
    "duty.alarm.raised": gettext_noop("Alarm raised"),
    "duty.alarm.taken": gettext_noop("Alarm taken"),
    "inbox.delivery.replayed": gettext_noop("Delivery read again"),
    "outbox.send.decided": gettext_noop("Uncertain send decided"),
    "outbox.send.replayed": gettext_noop("Send tried again"),
    "routing.body.saved": gettext_noop("Competent body kept"),
    "routing.rule.ended": gettext_noop("Rule of competence ended"),
    "routing.rule.saved": gettext_noop("Rule of competence kept"),
    "routing.topic.saved": gettext_noop("Topic kept"),
    "staff.invitation.accepted": gettext_noop("Invitation accepted"),
    "staff.invitation.withdrawn": gettext_noop("Invitation withdrawn"),
    "staff.person.invited": gettext_noop("Person invited"),
    "staff.role.ended": gettext_noop("Role ended"),
    "staff.role.granted": gettext_noop("Role given"),
    "staff.sample.made": gettext_noop("Sample account made"),
    "units.event.undone": gettext_noop("Event of a unit taken back"),
    "units.successor.recorded": gettext_noop("Successor of a unit recorded"),
    "units.unit.created": gettext_noop("Unit created"),
    "units.unit.dissolved": gettext_noop("Unit dissolved"),
    "units.unit.moved": gettext_noop("Unit moved below another"),
    "units.unit.renamed": gettext_noop("Unit renamed"),
    "units.unit.split": gettext_noop("Unit split"),
    "units.units.merged": gettext_noop("Units merged"),
}


def in_words(event: str) -> str:
    """Return the event in the reader's language, empty for one that has no words yet."""
    return _(WORDS[event]) if event in WORDS else ""
