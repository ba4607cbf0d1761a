"""What the board's words are called for people, with the tone and the picture beside each."""

from django.utils.translation import gettext_noop as _

from caunoi.receipts.terms import Group, ReadingKind, Standing, WhyNot

STANDING: dict[Standing, tuple[str, str, str]] = {
    Standing.ACKNOWLEDGED: (_("Acknowledged"), "ok", "check-check"),
    Standing.DELIVERED: (_("Posted"), "info", "check"),
    Standing.UNCERTAIN: (_("Uncertain whether it is out"), "unknown", "circle-question-mark"),
    Standing.HANDED: (_("Waits to be posted by hand"), "warn", "hand"),
    Standing.WAITING: (_("Waits to be sent out"), "idle", "hourglass"),
    Standing.FAILED: (_("Failed"), "bad", "circle-x"),
    Standing.NOTHING: (_("No channel took it"), "idle", "circle-dashed"),
}
"""Word, tone of the chip, icon: in the order of the bar."""
GROUP: dict[Group, tuple[str, str, str]] = {
    Group.POSTED: (_("posted"), "ok", "check"),
    Group.DECLARED: (_("declared posted"), "ok", "hand"),
    Group.HANDED: (_("to be posted by hand"), "warn", "hand"),
    Group.WAITING: (_("waiting to be sent"), "idle", "hourglass"),
    Group.UNCERTAIN: (_("uncertain"), "unknown", "circle-question-mark"),
    Group.FAILED: (_("failed"), "bad", "circle-x"),
    Group.CANCELLED: (_("put aside"), "idle", "circle-minus"),
}
LISTED: dict[str, tuple[str, str, str]] = {
    "arrived": (_("arrived at the phone"), "ok", "check-check"),
    "taken": (_("taken by the carrier"), "info", "check"),
}
"""What is known of messages to a list of numbers beside what ``GROUP`` says."""
WORST_FIRST = (
    Group.FAILED,
    Group.UNCERTAIN,
    Group.HANDED,
    Group.WAITING,
    Group.POSTED,
    Group.DECLARED,
    Group.CANCELLED,
)
READING: dict[ReadingKind, str] = {
    ReadingKind.AIRED: _("Read over the loudspeaker"),
    ReadingKind.READ_ALOUD: _("Read out at a meeting"),
    ReadingKind.BOARD: _("Put on the notice board"),
}
WHY_NOT: dict[WhyNot, str] = {
    WhyNot.NO_GROUP: _("The group does not exist any more"),
    WhyNot.NOT_ADMIN: _("I may not post in this group"),
    WhyNot.NO_NETWORK: _("No network or no phone"),
    WhyNot.NOT_FITTING: _("The text does not fit our place"),
    WhyNot.OTHER: _("Another reason"),
}
