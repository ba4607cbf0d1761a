"""What Google's answers mean: the one table, by the reason it gives. Source: YouTube Data API, errors."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from caunoi.channels.contract import Meaning, ReconnectNeeded, Refused, TryLater, Unclear

UNREACHABLE = Meaning(TryLater, _("YouTube cannot be reached."))
NO_READING = Meaning(TryLater, _("YouTube did not answer in time."))
BUSY = Meaning(TryLater, _("YouTube asks to wait; the video is sent later by itself."), 60)
TROUBLE = Meaning(TryLater, _("YouTube is in trouble; the video is sent later by itself."))
CUT = Meaning(
    TryLater, _("The video did not reach YouTube whole; it is sent again from the beginning.")
)
NO_ANSWER = Meaning(
    Unclear, _("YouTube did not answer after the whole video had left; we look whether it arrived.")
)
USED_UP = Meaning(
    TryLater,
    _("Today's uploads to YouTube are used up; it goes on when YouTube's day begins anew."),
)
CHANNEL_USED_UP = Meaning(
    TryLater, _("YouTube takes no more videos of this channel today; it goes on tomorrow."), 86_400
)
TOKEN = Meaning(
    ReconnectNeeded,
    _("YouTube no longer accepts the channel's consent; connect the channel again."),
)
NO_CHANNEL = Meaning(
    ReconnectNeeded, _("This Google account has no YouTube channel; open one, then check again.")
)
OTHER_CHANNEL = Meaning(
    Refused,
    _("The consent is another channel's; choose the channel that is registered here, then agree."),
)
NO_CONSENT = Meaning(
    Refused,
    _(
        "Google gave no lasting consent; take our application off the Google account, then agree again."
    ),
)
RIGHT = Meaning(
    ReconnectNeeded, _("The consent does not cover uploading; connect the channel again.")
)
TITLE = Meaning(Refused, _("YouTube does not accept this title."))
TEXT = Meaning(Refused, _("YouTube does not accept this description."))
TOO_LONG = Meaning(Refused, _("The description is too long for YouTube."))
NO_VIDEO = Meaning(Refused, _("YouTube takes only notices with a video."))
ONLY_PUBLICATIONS = Meaning(Refused, _("Only publications go to YouTube here."))
SHAPE = Meaning(Refused, _("YouTube does not accept this video."))
GONE = Meaning(Refused, _("The video is not there any more."))
UNKNOWN = Meaning(Refused, _("YouTube refuses this video and does not say why."))
NOT_SHOWN = Meaning(Refused, _("YouTube took the video but could not make use of it."))
PRIVATE = Meaning(
    Refused,
    _(
        "YouTube keeps the video private: nobody sees it. Make it public in YouTube Studio, and ask Google to look at our project."
    ),
)
TOO_MUCH = Meaning(
    TryLater, _("There is too much to look through; please look at the channel yourself.")
)

TABLE: Mapping[str, Meaning] = {
    "quotaExceeded": USED_UP,
    "dailyLimitExceeded": USED_UP,
    "uploadLimitExceeded": CHANNEL_USED_UP,
    "rateLimitExceeded": BUSY,
    "userRateLimitExceeded": BUSY,
    "backendError": TROUBLE,
    "authError": TOKEN,
    "invalid_grant": TOKEN,
    "unauthorized": TOKEN,
    "youtubeSignupRequired": NO_CHANNEL,
    "insufficientPermissions": RIGHT,
    "forbidden": RIGHT,
    "invalidTitle": TITLE,
    "invalidDescription": TEXT,
    "invalidVideoMetadata": SHAPE,
    "mediaBodyRequired": SHAPE,
    "videoNotFound": GONE,
    "notFound": GONE,
}

LOST: Mapping[str, Meaning] = {
    "duplicate": Meaning(Refused, _("YouTube says that this video is there already.")),
    "length": Meaning(Refused, _("The video is too long for this channel of YouTube.")),
    "tooLong": Meaning(Refused, _("The video is too long for this channel of YouTube.")),
    "copyright": Meaning(Refused, _("YouTube took the video away because of somebody's rights.")),
    "claim": Meaning(Refused, _("YouTube took the video away because of somebody's rights.")),
    "inappropriate": Meaning(Refused, _("YouTube does not allow what the video shows.")),
    "termsOfUse": Meaning(Refused, _("YouTube does not allow what the video shows.")),
    "deleted": Meaning(Refused, _("Somebody deleted the video on YouTube.")),
}
"""Why a video that was taken is lost (``rejectionReason``, ``failureReason``); others are said without a reason."""


def reason_of(body: Any, status: int) -> str:
    """Return why Google says no, its status where it does not say."""
    told = body.get("error") if isinstance(body, dict) else None
    if isinstance(told, str):
        return told
    rows = told.get("errors") if isinstance(told, dict) else None
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    return str(first.get("reason") or status)
