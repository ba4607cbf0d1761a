"""What kinds, states and duties are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caunoi.campaigns.terms import Duty, GiftState, Kind, NeedState, Priority, State

KINDS = {
    Kind.RELIEF: _("Relief after a disaster"),
    Kind.POOR: _("For the poor"),
    Kind.HOUSES: pgettext_lazy("kind of campaign", "Houses"),
    Kind.OTHER: pgettext_lazy("kind of campaign", "Other"),
}
STATES = {
    State.DRAFT: pgettext_lazy("campaign", "Draft"),
    State.SUBMITTED: pgettext_lazy("campaign", "Waits for approval"),
    State.OPEN: pgettext_lazy("campaign", "Open"),
    State.SETTLED: pgettext_lazy("campaign", "Settled"),
}
STATE_TONES = {
    State.DRAFT: "idle",
    State.SUBMITTED: "warn",
    State.OPEN: "ok",
    State.SETTLED: "info",
}
PRIORITIES = {
    Priority.URGENT: pgettext_lazy("need", "Urgent"),
    Priority.SOON: pgettext_lazy("need", "Soon"),
    Priority.LATER: pgettext_lazy("need", "Later"),
}
NEED_STATES = {
    NeedState.OPEN: pgettext_lazy("need", "Still needed"),
    NeedState.MET: pgettext_lazy("need", "Met"),
    NeedState.WITHDRAWN: pgettext_lazy("need", "Withdrawn"),
}
GIFT_STATES = {
    GiftState.PROMISED: pgettext_lazy("gift", "Promised"),
    GiftState.PARTLY: pgettext_lazy("gift", "Partly arrived"),
    GiftState.FULFILLED: pgettext_lazy("gift", "Arrived"),
    GiftState.LAPSED: pgettext_lazy("gift", "Lapsed"),
}
GIFT_TONES = {
    GiftState.PROMISED: "warn",
    GiftState.PARTLY: "info",
    GiftState.FULFILLED: "ok",
    GiftState.LAPSED: "idle",
}
DUTIES = {
    Duty.APPEAL: _("Publish the appeal itself"),
    Duty.RECEIVED: _("Publish what was received"),
    Duty.HANDED_OUT: _("Publish what was handed out"),
    Duty.POSTED: _("Post the lists in the communes and villages"),
    Duty.REPORTED: _("Report to the level above"),
}
BANKS = {
    "970436": "Vietcombank",
    "970415": "VietinBank",
    "970418": "BIDV",
    "970405": "Agribank",
    "970422": "MB",
    "970407": "Techcombank",
    "970416": "ACB",
    "970432": "VPBank",
    "970423": "TPBank",
    "970403": "Sacombank",
    "970437": "HDBank",
    "970443": "SHB",
    "970449": "LPBank",
    "970441": "VIB",
}
"""Banks by the six digits that NAPAS gave them (BIN)."""
