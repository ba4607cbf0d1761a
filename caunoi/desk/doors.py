"""The staff navigation: only what the viewer may open."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

DOORS = [
    ("desk:today", gettext_noop("Today"), "sun", "desk.view"),
    ("cases:inbox", gettext_noop("Inbox"), "inbox", "cases.view"),
    ("journeys:walk_in", gettext_noop("Take in"), "user-plus", "cases.take_in"),
    ("answers:manage", gettext_noop("Answers given"), "book-open", "answers.manage"),
    ("routing:rules", gettext_noop("Who is competent"), "route", "routing.view"),
    ("channels:channels", gettext_noop("Channels"), "radio-tower", "channels.view"),
    ("outbox:sends", gettext_noop("Sends"), "send", "outbox.view"),
    ("units:tree", gettext_noop("Units"), "network", "units.view"),
    ("deadlines:table", gettext_noop("Deadlines"), "calendar-clock", "deadlines.manage"),
    ("staff:people", gettext_noop("People"), "users", "people.view"),
    ("desk:health", gettext_noop("Health"), "activity", "health.view"),
    ("desk:audit", gettext_noop("Record"), "scroll-text", "audit.view"),
]


def doors(request: HttpRequest) -> dict[str, object]:
    """Return ``desk_doors`` for staff pages, empty for everybody else."""
    staff = getattr(request, "staff", None)
    if staff is None:
        return {"desk_doors": []}
    here = getattr(request.resolver_match, "view_name", "") if request.resolver_match else ""
    open_to_her = [
        {"href": reverse(name), "label": _(label), "icon": icon, "current": here == name}
        for name, label, icon, permission in DOORS
        if staff.may(permission)
    ]
    return {"desk_doors": open_to_her}
