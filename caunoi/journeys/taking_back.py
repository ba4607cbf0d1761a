"""A notice is taken back after it went out: removed where its channel can, corrected where it cannot."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.channels import registry
from caunoi.channels.contract import Capability
from caunoi.fediverse import actions as fediverse
from caunoi.journeys.publishing import address_of, reference_of
from caunoi.kit.viewing import Viewer
from caunoi.notices import actions as notices
from caunoi.notices.models import Notice
from caunoi.notices.terms import Audience, NoticeState
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox import queries as sends
from caunoi.subscriptions import announcing as followers

AT_ONCE = timedelta(minutes=2)
"""Within which the worker's own loop carries a recall out; the job of each minute sees to the rest."""
TAKEN_BACK = gettext_noop("The notice was taken back before this was sent.")
FOLLOWED_FOR = timedelta(days=7)
"""How long what arrived late is still taken away: an unclear send may be found days after."""


@transaction.atomic
def recall_notice(*, notice: Notice, reason: str, by: Viewer, at: datetime) -> Notice:
    """Take back what was sent: its page says so, nothing more leaves, what arrived is removed or corrected.

    reason  the words everybody reads
    Raises NotYourNotice, WrongState
    """
    notice = notices.mark_recalled(notice=notice, reason=reason, by=by, at=at)
    followers.announce_recall(notice=notice, at=at)
    fediverse.announce_recall(notice=notice, at=at)
    _carry_out(notice, at)
    return notice


def follow_recalled(*, at: datetime, within: timedelta = FOLLOWED_FOR) -> int:
    """Carry out what was recalled within that time, and take away what arrived since. -> how many sends are new or put aside."""
    lately = Notice.objects.filter(state=NoticeState.RECALLED, ended_at__gte=at - within)
    return sum(_carry_out(notice, at) for notice in lately.order_by("ended_at"))


@transaction.atomic
def _carry_out(notice: Notice, at: datetime) -> int:
    aside = outbox.cancel_queued(reference=reference_of(notice), reason=TAKEN_BACK, at=at)
    return aside + _take_away(notice, at) + _correct(notice, at)


def recall_reference(notice: Notice) -> str:
    """Return the reference that removals and corrections of a notice bear."""
    return f"recall:{notice.pk}"


def _take_away(notice: Notice, at: datetime) -> int:
    return outbox.queue_deletions(
        reference=reference_of(notice),
        key_prefix=f"take-away:{notice.pk}",
        new_reference=recall_reference(notice),
        at=at,
    )


def _correct(notice: Notice, at: datetime) -> int:
    """Say so through the channels that were told and cannot forget; the house's own page says it already."""
    forget = {
        *registry.kinds_that(Capability.DELETE_POST),
        *registry.kinds_that(Capability.SHOWN_HERE),
    }
    told = sends.channels_told(reference=reference_of(notice))
    keep = [c for c in told if c.connector_key not in forget]
    if not keep:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Taken back: %(title)s") % {"title": notice.title}
        text = _("The notice “%(title)s” does not hold any more. Reason: %(reason)s") % {
            "title": notice.title,
            "reason": notice.end_reason,
        }
    content = outbox.keep_content(
        title=title,
        text=text,
        link=address_of(notice) if notice.audience == Audience.PUBLIC else "",
        at=at,
    )
    return outbox.queue_publications(
        content=content,
        channels=keep,
        key_prefix=f"correct:{notice.pk}",
        reference=recall_reference(notice),
        at=at,
    )
