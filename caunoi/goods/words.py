"""What states, kinds and reasons are called on a page; English here, Vietnamese in the catalogue."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from caunoi.goods.terms import MovementKind, Reason, ReasonKind, ReservationState

K, M, S = ReasonKind, MovementKind, ReservationState
STATES = {
    S.OFFERED: (gettext_noop("proposed"), "warn", "clock"),
    S.CONFIRMED: (gettext_noop("agreed by both sides"), "info", "handshake"),
    S.ON_WAY: (gettext_noop("on its way"), "info", "truck"),
    S.HANDED_OVER: (gettext_noop("handed over to people"), "ok", "package-check"),
    S.RELEASED: (gettext_noop("given free"), "idle", "undo-2"),
    S.EXPIRED: (gettext_noop("ended by itself"), "idle", "clock"),
}
KINDS = {
    M.RECEIVED: gettext_noop("Received"),
    M.SENT: gettext_noop("Sent on"),
    M.HANDED_OVER: gettext_noop("Handed over"),
    M.WORKED: gettext_noop("Days worked"),
    M.SPOILED: gettext_noop("Spoiled or died"),
    M.GIVEN_BACK: gettext_noop("Given back"),
    M.PASSED: gettext_noop("Passed to the successor"),
}
REASONS = {
    K.CHOSEN: gettext_noop("The giver chose this need."),
    K.HERE: gettext_noop("It lies in the same unit."),
    K.PLACE_UNKNOWN: gettext_noop("Nobody wrote where the gift lies."),
    K.URGENT: gettext_noop("It is needed urgently."),
    K.FREE: gettext_noop("The giver bound it to no purpose."),
    K.WHOLE: gettext_noop("The gift covers all that is missing."),
}


def said(reason: Reason) -> str:
    """Return one reason as a sentence."""
    if reason.kind in REASONS:
        return _(REASONS[reason.kind])
    return _with_number(reason) or _with_day(reason)


def _with_number(reason: Reason) -> str:
    n = reason.n
    words = {
        K.NEAR: ngettext(
            "%(n)d step away in the tree of units.", "%(n)d steps away in the tree of units.", n
        ),
        K.HOUSEHOLDS: ngettext("It helps %(n)d household.", "It helps %(n)d households.", n),
        K.PART: ngettext(
            "It covers %(n)d of what is missing.", "It covers %(n)d of what is missing.", n
        ),
    }
    return words[reason.kind] % {"n": n} if reason.kind in words else ""


def _with_day(reason: Reason) -> str:
    day = _day(reason.on)
    if reason.kind == K.SPOILS and reason.n < 0:
        return _("It was good until %(day)s only; look at it first.") % {"day": day}
    words = {
        K.DUE: _("It is needed by %(day)s.") % {"day": day},
        K.PAST_DUE: _("It was needed by %(day)s; ask whether it still is.") % {"day": day},
        K.BOUND: _("The giver bound it to “%(word)s”, and so is this need.")
        % {"word": reason.word},
        K.FRESH: _("The need is confirmed until %(day)s.") % {"day": day},
        K.STALE: _("Nobody confirmed the need since %(day)s; call before you promise.")
        % {"day": day},
        K.SPOILS: _("It keeps until %(day)s.") % {"day": day},
    }
    return words[reason.kind]


def _day(on: date | None) -> str:
    return on.strftime("%d/%m/%Y") if on else ""


def all_said(reasons: Iterable[Reason]) -> list[str]:
    """Return the reasons as sentences, in their order."""
    return [said(r) for r in reasons]


def state_chip(state: str) -> dict[str, str]:
    """Return word, tone and icon of a reservation's state."""
    label, tone, icon = STATES[ReservationState(state)]
    return {"label": _(label), "tone": tone, "icon": icon}


def kind_words(kind: str) -> str:
    """Return what a movement is called."""
    return _(KINDS[MovementKind(kind)])
