"""What codes of this room are called, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from caunoi.kit.templatetags.kit import vi_date
from caunoi.notices.rhythm import Every, Rhythm
from caunoi.notices.terms import Code, Finding, NoticeKind, NoticeState, Surface

KINDS: Mapping[str, object] = {
    NoticeKind.NOTICE.value: pgettext_lazy("kind of notice", "Notice"),
    NoticeKind.CALL.value: pgettext_lazy("kind of notice", "Call for help or labour"),
    NoticeKind.CALENDAR.value: pgettext_lazy("kind of notice", "Calendar"),
    NoticeKind.WARNING.value: pgettext_lazy("kind of notice", "Warning"),
    NoticeKind.CORRECTION.value: pgettext_lazy("kind of notice", "Putting a false claim right"),
    NoticeKind.GOOD_DEED.value: pgettext_lazy("kind of notice", "Good person, good deed"),
    NoticeKind.MODEL_STORY.value: pgettext_lazy("kind of notice", "Story of a model"),
}
ICONS: Mapping[str, str] = {
    NoticeKind.NOTICE.value: "megaphone",
    NoticeKind.CALL.value: "hand-helping",
    NoticeKind.CALENDAR.value: "calendar-days",
    NoticeKind.WARNING.value: "triangle-alert",
    NoticeKind.CORRECTION.value: "shield-check",
    NoticeKind.GOOD_DEED.value: "heart-handshake",
    NoticeKind.MODEL_STORY.value: "sprout",
}
STATES: Mapping[str, object] = {
    NoticeState.DRAFT.value: pgettext_lazy("notice", "Draft"),
    NoticeState.REVIEW.value: pgettext_lazy("notice", "Waits for approval"),
    NoticeState.APPROVED.value: pgettext_lazy("notice", "Approved"),
    NoticeState.SCHEDULED.value: pgettext_lazy("notice", "Scheduled"),
    NoticeState.SENDING.value: pgettext_lazy("notice", "Being sent"),
    NoticeState.DONE.value: pgettext_lazy("notice", "Sent"),
    NoticeState.CANCELLED.value: pgettext_lazy("notice", "Cancelled"),
    NoticeState.RECALLED.value: pgettext_lazy("notice", "Recalled"),
    NoticeState.EXPIRED.value: pgettext_lazy("notice", "Over"),
}
TONES: Mapping[str, tuple[str, str]] = {
    NoticeState.DRAFT.value: ("idle", "pencil"),
    NoticeState.REVIEW.value: ("warn", "hourglass"),
    NoticeState.APPROVED.value: ("info", "check"),
    NoticeState.SCHEDULED.value: ("info", "calendar-clock"),
    NoticeState.SENDING.value: ("info", "send"),
    NoticeState.DONE.value: ("ok", "check"),
    NoticeState.CANCELLED.value: ("idle", "ban"),
    NoticeState.RECALLED.value: ("bad", "undo-2"),
    NoticeState.EXPIRED.value: ("idle", "history"),
}
SURFACES: Mapping[str, object] = {
    Surface.WEB.value: pgettext_lazy("surface", "Web page"),
    Surface.FACEBOOK.value: "Facebook",
    Surface.ZALO.value: "Zalo",
    Surface.SMS.value: "SMS",
    Surface.EMAIL.value: pgettext_lazy("surface", "E-mail"),
    Surface.LOUDSPEAKER.value: pgettext_lazy("surface", "Loudspeaker"),
    Surface.A4.value: pgettext_lazy("surface", "A4 sheet"),
    Surface.GROUP.value: pgettext_lazy("surface", "Village group"),
}
CHANNELS: Mapping[str, object] = {
    "facebook_page": "Facebook",
    "zalo_oa": "Zalo OA",
    "zalo_group": gettext_lazy("Zalo group"),
    "sms": "SMS",
    "youtube": "YouTube",
    "web_portal": gettext_lazy("Portal"),
    "web_form": gettext_lazy("Web form"),
    "walk_in": gettext_lazy("In person"),
    "email": gettext_lazy("E-mail"),
    "hand_posted": gettext_lazy("Village group, posted by hand"),
    "loudspeaker": gettext_lazy("Loudspeaker"),
    "web_push": gettext_lazy("Web push to followers"),
}
LEVELS: Mapping[str, object] = {
    "province": pgettext_lazy("level", "Province"),
    "district": pgettext_lazy("level", "District"),
    "commune": pgettext_lazy("level", "Communes"),
    "village": pgettext_lazy("level", "Villages"),
}
WEEKDAYS: Sequence[tuple[str, object]] = (
    ("0", gettext_lazy("Monday")),
    ("1", gettext_lazy("Tuesday")),
    ("2", gettext_lazy("Wednesday")),
    ("3", gettext_lazy("Thursday")),
    ("4", gettext_lazy("Friday")),
    ("5", gettext_lazy("Saturday")),
    ("6", gettext_lazy("Sunday")),
)
SENTENCES: Mapping[Code, object] = {
    Code.NO_TITLE: gettext_lazy("Write a title."),
    Code.NO_TEXT: gettext_lazy("Write what people should know: a short text or a long one."),
    Code.ID_NUMBER: gettext_lazy("“%(piece)s” looks like the number of an identity card. Take it out."),
    Code.PHONE: gettext_lazy("“%(piece)s” is a telephone number. Is it an office's, and no private person's?"),
    Code.ACCOUNT: gettext_lazy("“%(piece)s” looks like a bank account. Is it the fund's own?"),
    Code.EMAIL: gettext_lazy("“%(piece)s” is an e-mail address. Is it an office's?"),
    Code.ADDRESS: gettext_lazy("“%(piece)s” looks like somebody's address. Need it stand there?"),
    Code.LONG_SENTENCE: gettext_lazy("One sentence has %(n)d words. Cut it in two, so that it is understood at once."),
    Code.LINK_NOT_SAFE: gettext_lazy("The link does not begin with https://, so phones will warn people."),
    Code.NIGHT: gettext_lazy("It would go out between 22:00 and 6:00. Choose a time in the day."),
    Code.SIMILAR: gettext_lazy("Nearly the same went out or is being written: “%(title)s”."),
    Code.PAST: gettext_lazy("The chosen time has passed: it goes out as soon as it is approved."),
    Code.ENDS_BEFORE: gettext_lazy("It would be over before it goes out. Change the times."),
    Code.NO_AUDIENCE: gettext_lazy("Nobody is chosen to get it."),
    Code.NO_CLAIM: gettext_lazy("Say what is claimed, and what is true."),
    Code.NO_SOURCE: gettext_lazy("Name the source of what is true."),
    Code.NO_SENDER_AGENCY: gettext_lazy("Name the agency that issued the warning; the Front passes it on."),
    Code.NO_DAY: gettext_lazy("“%(line)s” has no day. Write it like 15/1/2027: what to do."),
    Code.NO_START: gettext_lazy("Say on which day it begins."),
}  # fmt: skip


def clock_time(at: time) -> str:
    """Return 5:00, as people write it."""
    return f"{at.hour}:{at.minute:02}"


def rhythm_said(rhythm: Rhythm) -> str:
    """Return a rhythm as one sentence."""
    values = {
        "times": listed([clock_time(t) for t in rhythm.times]),
        "last": vi_date(rhythm.last),
        "days": listed([str(WEEKDAYS[n][1]) for n in rhythm.days])
        if rhythm.every == Every.WEEK
        else listed([str(n) for n in rhythm.days]),
    }
    if rhythm.every == Every.DAY:
        return _("Every day at %(times)s, until %(last)s.") % values
    if rhythm.every == Every.WEEK:
        return _("Every %(days)s at %(times)s, until %(last)s.") % values
    return _("Every month on day %(days)s at %(times)s, until %(last)s.") % values


def listed(some: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(some) < 2:
        return "".join(some)
    most, last = ", ".join(some[:-1]), some[-1]
    return pgettext("list", "%(most)s and %(last)s") % {"most": most, "last": last}


def said(finding: Finding) -> str:
    """Return a finding as a sentence that says what to do."""
    values = dict(finding.values)
    if finding.code == Code.NO_ALT:
        n = int(str(values["n"]))
        return ngettext(
            "Say in words what the picture shows, for those who cannot see it.",
            "Say in words what %(n)d pictures show, for those who cannot see them.",
            n,
        ) % {"n": n}
    if finding.code == Code.TOO_LONG:
        return _too_long(finding, values)
    return str(SENTENCES[finding.code]) % values


def _too_long(finding: Finding, values: dict[str, object]) -> str:
    surface = str(SURFACES[str(finding.surface)])
    kind = str(values.get("kind") or "")
    named = {"surface": surface, "channel": str(CHANNELS.get(kind, kind) or surface)}
    if finding.surface == Surface.SMS and not kind:
        said = _("The SMS has %(length)d parts; more than %(limit)d cost a lot and are seldom read.")  # fmt: skip
    elif finding.surface == Surface.LOUDSPEAKER:
        said = _(
            "Reading it out takes about %(length)d seconds, %(over)d more than two minutes. Write a shorter text for the loudspeaker, "
            "or cut it into parts there with a line ---."
        )
    else:
        said = _(
            "%(channel)s takes %(limit)d letters, this has %(length)d: %(over)d too many. Shorten it, or write its own text under "
            "“%(surface)s”."
        )
    return said % (values | named)
