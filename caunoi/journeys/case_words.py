"""What the steps of a case are called, for officers and for the asker."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from caunoi.cases.models import Step
from caunoi.cases.terms import StepKind

PUBLIC_NOTES = frozenset(
    {
        StepKind.REFERRED,
        StepKind.CLOSED,
        StepKind.EXTENDED,
        StepKind.ASKED,
        StepKind.MOVED,
        StepKind.HANDED_OVER,
        StepKind.SENT_OUT,
        StepKind.CO_ASKED,
        StepKind.SENT_BACK,
        StepKind.RECALLED,
        StepKind.REMINDED,
    }
)
"""Steps whose note the asker reads (personal data hidden)."""


def more_titles(step: Step, to: str) -> dict[StepKind, str]:
    """Return the titles of the steps of kinds, clocks, units that end and comments that change; ``to``: the other unit."""
    return {
        StepKind.KIND_CHANGED: _("Kind changed"),
        StepKind.ACCEPTED: _("Formally accepted"),
        StepKind.ASKED: _("The asker was asked; the clock stands still"),
        StepKind.RESUMED: _("The clock runs again"),
        StepKind.EXTENDED: _("More time was taken"),
        StepKind.DEADLINE: _("Another deadline was chosen"),
        StepKind.HANDED_OVER: _("Handed over"),
        StepKind.MOVED: _("Passed on to %(unit)s, which took over from the old unit")
        % {"unit": to},
        StepKind.TOPIC: _("Topic: %(topic)s") % {"topic": step.note or "–"},
        StepKind.SNOOZED: _laid_aside(step),
        StepKind.MERGED: _("Joined with %(number)s") % {"number": step.note},
        StepKind.SPLIT: _("A second question of it became %(number)s") % {"number": step.note},
        StepKind.JOINED: _("Answered together with question %(number)s") % {"number": step.note},
        StepKind.JOINED_HERE: _("Question %(number)s waits for this answer too")
        % {"number": step.note},
        StepKind.PARTED: _("Gets an answer of its own, no longer with %(number)s")
        % {"number": step.note},
        StepKind.REPLY_MOVED: _("The agency's answer was meant for %(number)s and moved there")
        % {"number": step.note},
        StepKind.REPLY_CAME: _("The agency's answer had gone to %(number)s and was moved here")
        % {"number": step.note},
        StepKind.EDITED: _("The asker changed the message"),
        StepKind.REMOVED: _("The asker deleted the message"),
    } | _way_titles(step.to_name or to)


def _way_titles(to: str) -> dict[StepKind, str]:
    """Return the titles of the steps on the way from holder to holder."""
    return {
        StepKind.RECEIVED: _("Received by the unit"),
        StepKind.SENT_OUT: _("Sent to %(name)s") % {"name": to},
        StepKind.CO_ASKED: _("Asked %(name)s for its opinion") % {"name": to},
        StepKind.OPINION: _("Opinion"),
        StepKind.SENT_BACK: _("Given back, not competent"),
        StepKind.RECALLED: _("Called back from %(name)s") % {"name": to},
        StepKind.REPLIED: _("%(name)s answered; the unit checks and publishes") % {"name": to},
        StepKind.REMINDED: _("Reminded %(name)s") % {"name": to},
        StepKind.ROUTED: _("Handed on by the rules"),
    }


def _laid_aside(step: Step) -> str:
    if step.kind != StepKind.SNOOZED or not step.note:
        return _("Taken up again before its day")
    day = timezone.localtime(datetime.fromisoformat(step.note)).strftime("%d/%m/%Y")
    return _("Laid aside until %(day)s") % {"day": day}
