"""What the inbox calls its views, states, kinds and filters."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caunoi.cases.terms import Kind, Origin, State
from caunoi.handling.terms import Do, LeftOut

VIEWS: dict[str, Any] = {
    "todo": _("To answer"),
    "mine": _("Mine"),
    "unassigned": _("Nobody's"),
    "overdue": _("Overdue"),
    "approval": _("For approval"),
    "referred": _("Referred here"),
    "away": _("With other units"),
    "agency": _("Waiting for an agency"),
    "back": _("Came back"),
    "snoozed": _("Laid aside"),
    "starred": _("Starred"),
    "answered": _("Answered in 7 days"),
    "all": _("All"),
}
STATES: dict[str, Any] = {
    State.OPEN: pgettext_lazy("case", "Received"),
    State.REFERRED: pgettext_lazy("case", "Referred"),
    State.DRAFTED: pgettext_lazy("case", "Being written"),
    State.SUBMITTED: pgettext_lazy("case", "Waits for approval"),
    State.ANSWERED: pgettext_lazy("case", "Answered"),
    State.CLOSED: pgettext_lazy("case", "Closed"),
}
KINDS: dict[str, Any] = {
    Kind.QUESTION: pgettext_lazy("case kind", "Question"),
    Kind.REPORT: pgettext_lazy("case kind", "Report"),
    Kind.PETITION: pgettext_lazy("case kind", "Petition"),
    Kind.VOTER_PETITION: pgettext_lazy("case kind", "Voters' petition"),
    Kind.EMERGENCY: pgettext_lazy("case kind", "Emergency"),
}
"""Sealed kinds have a queue of their own and are not among these."""
ORIGINS: dict[str, Any] = {
    Origin.COMMENT: pgettext_lazy("origin", "Comment"),
    Origin.PRIVATE_MESSAGE: pgettext_lazy("origin", "Private message"),
    Origin.WEB_FORM: pgettext_lazy("origin", "Web form"),
    Origin.WALK_IN: pgettext_lazy("origin", "Told in person"),
    Origin.VOTER_MEETING: pgettext_lazy("origin", "Voter meeting"),
}
CHANNELS: dict[str, Any] = {
    "facebook_page": "Facebook",
    "zalo_oa": "Zalo",
    "web_form": pgettext_lazy("channel", "Web form"),
    "walk_in": pgettext_lazy("channel", "In person"),
}
DUE: dict[str, Any] = {
    "late": _("Overdue"),
    "today": _("Due today"),
    "week": _("Due within 7 days"),
    "later": _("Due later"),
}
SORTS: dict[str, Any] = {
    "due": _("Most urgent first"),
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
}
FILTERS: dict[str, Any] = {
    "q": _("Words"),
    "state": _("State"),
    "kind": _("Kind"),
    "topic": _("Topic"),
    "origin": _("How it came"),
    "channel": _("Channel"),
    "unit": _("Unit"),
    "assignee": _("Given to"),
    "due": _("Deadline"),
}
DO: dict[str, Any] = {
    Do.ASSIGN: _("Give to a colleague"),
    Do.REFER: _("Refer to another unit"),
    Do.TOPIC: _("Set the topic"),
    Do.SNOOZE: _("Lay aside until a day"),
    Do.CLOSE: _("Close with a reason"),
    Do.ANSWER: _("Answer with a template"),
}
WHY: dict[str, Any] = {
    LeftOut.NOT_YOURS: _("They belong to a unit in which you may not do this."),
    LeftOut.FINISHED: _("They are answered or closed already."),
    LeftOut.SUBMITTED: _("Their answer waits for approval."),
    LeftOut.SAME: _("They are so already."),
    LeftOut.NOT_THEIRS: _("The colleague does not work in their unit."),
    LeftOut.BEGUN: _("Somebody has begun an answer."),
    LeftOut.CHANGED: _("Somebody changed them meanwhile."),
}
