"""The staff navigation: only what the viewer may open."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_DOORS = {
    "": [
        ("desk:today", gettext_noop("Today"), "sun", "desk.view"),
    ],
    gettext_noop("Asking and answering"): [
        ("handling:inbox", gettext_noop("Inbox"), "inbox", "cases.view"),
        ("journeys:walk_in", gettext_noop("Take in"), "user-plus", "cases.take_in"),
        ("desk:board", gettext_noop("Workload"), "gauge", "cases.view"),
        ("journeys:sealed_queue", gettext_noop("Sealed queue"), "lock", "cases.sealed"),
        ("duty:board", gettext_noop("On duty"), "siren", "duty.take"),
        ("voters:meetings", gettext_noop("Voter meetings"), "landmark", "cases.take_in"),
        ("answers:manage", gettext_noop("Answers given"), "book-open", "answers.manage"),
        (
            "handling:canned",
            gettext_noop("Canned answers"),
            "message-square-quote",
            "canned.manage",
        ),
        ("journeys:contentment", gettext_noop("How content"), "smile", "cases.view"),
    ],
    gettext_noop("Publishing"): [
        ("notices:notices", gettext_noop("Official notices"), "megaphone", "notices.view"),
        ("receipts:to_post", gettext_noop("To post by hand"), "hand", "notices.declare"),
        ("receipts:internal", gettext_noop("Internal notices"), "mail-check", "notices.view"),
    ],
    gettext_noop("Gifts and funds"): [
        ("campaigns:campaigns", gettext_noop("Campaigns"), "hand-heart", "campaigns.view"),
        ("campaigns:my_needs", gettext_noop("Needs"), "list-checks", "needs.report"),
        ("goods:board", gettext_noop("Match gifts"), "handshake", "goods.keep"),
        ("goods:stock", gettext_noop("Goods in store"), "package", "goods.view"),
        ("goods:teams", gettext_noop("Volunteers"), "hard-hat", "goods.keep"),
        ("houses:programmes", gettext_noop("Houses"), "house", "houses.view"),
        ("works:projects", gettext_noop("Public works"), "pickaxe", "works.view"),
        ("treasury:funds", gettext_noop("Books"), "book-check", "funds.view"),
        ("statements:files", gettext_noop("Bank statements"), "receipt-text", "funds.view"),
    ],
    gettext_noop("The office"): [
        ("documents:papers", gettext_noop("Papers"), "file-text", "documents.view"),
        ("routing:rules", gettext_noop("Who is competent"), "route", "routing.view"),
        ("deadlines:table", gettext_noop("Deadlines"), "calendar-clock", "deadlines.manage"),
        ("units:tree", gettext_noop("Units"), "network", "units.view"),
        ("reform:plans", gettext_noop("Reform of units"), "merge", "units.manage"),
        ("staff:people", gettext_noop("People"), "users", "people.view"),
        ("channels:channels", gettext_noop("Channels"), "radio-tower", "channels.view"),
        ("custody:assets", gettext_noop("Register of channels"), "badge-check", "channels.view"),
        ("privacy:requests", gettext_noop("Personal data"), "shield-check", "privacy.view"),
        ("privacy:incidents", gettext_noop("Incidents"), "shield-alert", "incidents.view"),
    ],
    gettext_noop("Running it"): [
        ("outbox:sends", gettext_noop("Sends"), "send", "outbox.view"),
        ("journeys:orphans", gettext_noop("Holding pen"), "package-open", "cases.refer"),
        (
            "inbox:deliveries",
            gettext_noop("Could not be read"),
            "file-question-mark",
            "health.view",
        ),
        ("api:keys", gettext_noop("Keys for machines"), "key-round", "keys.manage"),
        ("webhooks:endpoints", gettext_noop("Webhooks"), "webhook", "webhooks.manage"),
        ("desk:health", gettext_noop("Health"), "activity", "health.view"),
        ("desk:audit", gettext_noop("Record"), "scroll-text", "audit.view"),
    ],
}
"""The daily work comes first, then the office, which is set up seldom, then the machine."""
DOORS = [(*door, group) for group, behind in _DOORS.items() for door in behind]
THUMBS = (
    "desk:today",
    "handling:inbox",
    "journeys:walk_in",
    "answers:manage",
    "receipts:to_post",
    "notices:notices",
    "channels:channels",
    "staff:people",
    "desk:health",
    "units:tree",
)
"""What stands under a phone's thumbs, the first four that the viewer may open."""
SHORT = {
    "answers:manage": gettext_noop("Answered"),
    "receipts:to_post": gettext_noop("To post"),
}
"""Words that fit there, where the label does not."""
BEHIND = {
    "campaigns:need": "campaigns:my_needs",
    "campaigns:": "campaigns:campaigns",
    "journeys:case": "handling:inbox",
    "journeys:sealed": "journeys:sealed_queue",
    "privacy:incident": "privacy:incidents",
    "privacy:": "privacy:requests",
    "reform:": "reform:plans",
    "receipts:internal_notice": "receipts:internal",
    "receipts:item": "receipts:to_post",
    "receipts:tell": "receipts:to_post",
    "receipts:": "notices:notices",
    "treasury:": "treasury:funds",
    "goods:reserv": "goods:board",
    "goods:decide": "goods:board",
    "goods:team": "goods:teams",
    "goods:add_team": "goods:teams",
    "goods:call_sheet": "goods:teams",
    "goods:add_volunteer": "goods:teams",
    "goods:work": "goods:teams",
    "goods:": "goods:stock",
    "handling:run": "handling:inbox",
    "handling:views": "handling:inbox",
    "handling:mentions": "handling:inbox",
    "handling:add_canned": "handling:canned",
    "handling:change_canned": "handling:canned",
}
"""Pages, by the beginning of their name, that are opened from another room's door."""


AGENCY = "journeys:agency_mine"
"""The one door of a member of an agency who holds no role in a unit."""


def doors(request: HttpRequest) -> dict[str, object]:
    """Return ``desk_doors`` and ``desk_thumbs`` for staff pages, empty for everybody else."""
    staff = getattr(request, "staff", None)
    if staff is None:
        return {"desk_doors": [], "desk_thumbs": []}
    here = getattr(request.resolver_match, "view_name", "") if request.resolver_match else ""
    door = _door_of(here)
    open_to_her = {
        name: {
            "name": name,
            "href": reverse(name),
            "label": _(label),
            "short": _(SHORT.get(name, label)),
            "icon": icon,
            "current": name == door,
            "group": _(group) if group else "",
        }
        for name, label, icon, permission, group in DOORS
        if staff.may(permission)
    }
    if not staff.roles:
        open_to_her[AGENCY] = {
            "href": reverse(AGENCY),
            "label": _("Asked of my agency"),
            "short": _("My agency"),
            "icon": "landmark",
            "current": here.startswith("journeys:agency"),
            "group": "",
        }
    thumbs = [open_to_her[name] for name in (AGENCY, *THUMBS) if name in open_to_her]
    return {"desk_doors": list(open_to_her.values()), "desk_thumbs": thumbs[:4]}


def _door_of(view: str) -> str:
    """Return the door behind which a page stands: its own, one named in BEHIND, or the only door of its room."""
    names = [name for name, *_rest in DOORS]
    if view in names:
        return view
    for beginning, door in BEHIND.items():
        if view.startswith(beginning):
            return door
    room = [name for name in names if name.partition(":")[0] == view.partition(":")[0]]
    return room[0] if len(room) == 1 else ""
