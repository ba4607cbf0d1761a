"""What Facebook's error codes mean: the one table. Its own words are English and stay out of everything a person reads.

Source: Graph API error reference. Codes in UNCERTAIN were never seen by us on a real Page.
"""

from typing import Any

from django.utils.translation import gettext_noop as _

from caunoi.channels.contract import (
    Meaning,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    with_code,
)

Code = tuple[int, int | None]
"""Code and subcode; None as subcode stands for every subcode that has no line of its own."""

BUSY = Meaning(TryLater, _("Facebook asks to wait; the message is sent later by itself."))
TOO_FAST = Meaning(
    TryLater, _("Facebook finds that this Page writes too fast; it goes on in an hour."), 3600
)
TROUBLE = Meaning(TryLater, _("Facebook is in trouble; the message is sent later by itself."))
UNREACHABLE = Meaning(TryLater, _("Facebook cannot be reached."))
NO_ANSWER = Meaning(
    Unclear, _("Facebook did not answer after the message left; we look whether it arrived.")
)
NO_READING = Meaning(TryLater, _("Facebook did not answer in time."))
UNREADABLE = Meaning(
    Unclear, _("Facebook answered something unreadable; we look whether the message arrived.")
)
TOO_MUCH = Meaning(
    TryLater, _("There is too much to look through; please look at the Page yourself.")
)
TOKEN = Meaning(ReconnectNeeded, _("Facebook no longer accepts the Page's token."))
RIGHT = Meaning(Refused, _("Our application lacks the right to do this on the Page."))
SHAPE = Meaning(Refused, _("Facebook does not accept this message in this form."))
WINDOW = Meaning(
    Refused,
    _(
        "The time in which Facebook lets us answer this person is over. The answer stands on the public page."
    ),
)
NOBODY = Meaning(Refused, _("This person cannot be reached by message now."))
GONE = Meaning(Refused, _("The comment or the person is not there any more."))
UNPUBLISHED = Meaning(
    ReconnectNeeded,
    _("The Page is unpublished, so nobody would see it. Publish the Page, then check the channel."),
)
PICTURE_TOO_LARGE = Meaning(Refused, _("A picture is too large for Facebook."))
VIDEO_LOST = Meaning(Refused, _("Facebook took the video but could not make use of it."))
VIDEO_GONE = Meaning(Refused, _("Somebody deleted the video on Facebook."))
VIDEO_CUT = Meaning(
    TryLater, _("The video did not reach Facebook whole; it is sent again from the beginning.")
)
GONE_CODE = "100/33"
UNKNOWN = Meaning(Refused, _("Facebook refuses this message and does not say why."))
CANNOT_REFRESH = Meaning(
    ReconnectNeeded, _("A Page token cannot be refreshed; connect the Page again.")
)

TABLE: dict[Code, Meaning] = {
    # passes by itself
    **dict.fromkeys([(c, None) for c in (1, 2)], TROUBLE),
    **dict.fromkeys([(c, None) for c in (4, 17, 32, 341, 613, 1200)], BUSY),
    **dict.fromkeys([(c, None) for c in (*range(80000, 80007), 80008)], BUSY),
    (368, None): TOO_FAST,
    # somebody must connect the Page again
    (190, None): TOKEN,
    (102, None): TOKEN,
    (190, 458): Meaning(ReconnectNeeded, _("The Page's administrator removed our application.")),
    (190, 459): Meaning(
        ReconnectNeeded, _("Facebook wants the Page's administrator to confirm who she is.")
    ),
    (190, 460): Meaning(ReconnectNeeded, _("The Page's administrator changed her password.")),
    (190, 463): Meaning(ReconnectNeeded, _("The Page's token has run out.")),
    (190, 467): Meaning(ReconnectNeeded, _("The Page's administrator ended her session.")),
    (190, 490): Meaning(
        ReconnectNeeded, _("Facebook wants the Page's administrator to confirm who she is.")
    ),
    (190, 492): Meaning(
        ReconnectNeeded, _("The person who connected the Page has no role on it any more.")
    ),
    # a right is missing, or the time is over
    **dict.fromkeys([(c, None) for c in (10, 200, 210, 230, 299)], RIGHT),
    (10, 2018278): WINDOW,
    (10, 2018108): WINDOW,
    (551, None): NOBODY,
    (10903, None): Meaning(Refused, _("Facebook does not allow a private reply to this comment.")),
    (10900, None): Meaning(
        Refused,
        _("This comment was already answered privately; only one private reply is allowed."),
    ),
    (10904, None): Meaning(Refused, _("Messages are switched off for this Page.")),
    # the message itself
    (100, None): SHAPE,
    (2022, None): SHAPE,
    (100, 33): GONE,
    (100, 2018001): GONE,
    (1366046, None): PICTURE_TOO_LARGE,
    (100, 1366046): PICTURE_TOO_LARGE,
    (1366051, None): Meaning(Refused, _("These pictures stand on the Page already.")),
    (2069019, None): Meaning(Refused, _("Facebook cannot read a picture.")),
    (506, None): Meaning(Refused, _("Facebook sees the same text as already posted.")),
    (1609008, None): Meaning(Refused, _("Facebook does not accept a link to itself here.")),
    (1346003, None): Meaning(Refused, _("Facebook sees a breach of its rules in this text.")),
    (1404102, None): Meaning(Refused, _("Facebook sees a breach of its rules in this text.")),
    (2061006, None): Meaning(Refused, _("Facebook does not accept the link in this text.")),
}
UNCERTAIN = frozenset({341, 506, 1200, 2022, 1366046, 1366051, 2069019})
PERHAPS_DONE = frozenset({1, 2})
"""After a write with one of these nobody knows whether it was carried out."""


def from_body(
    error: dict[str, Any], *, status: int, writing: bool, after_seconds: float | None
) -> Exception:
    """Return our exception for the ``error`` object of an answer."""
    code, subcode = number(error.get("code")), number(error.get("error_subcode"))
    shown = f"{code}/{subcode}" if subcode else str(code)
    if "impersonating" in str(error.get("message", "")):
        return TOKEN.error(shown)
    meaning = TABLE.get((code, subcode)) or TABLE.get((code, None))
    if writing and (status >= 500 or code in PERHAPS_DONE):
        return Unclear(with_code(NO_ANSWER.sentence, shown))
    passing = error.get("is_transient") is True or status == 429
    if passing and (meaning is None or meaning.raises is not ReconnectNeeded):
        return (meaning if meaning and meaning.raises is TryLater else BUSY).error(
            shown, after_seconds=after_seconds
        )
    return (meaning or UNKNOWN).error(shown, after_seconds=after_seconds)


def number(value: Any) -> int:
    """Return a code as a number, 0 for anything that is none."""
    return int(value) if str(value).lstrip("-").isdigit() else 0
