"""What somebody is typing in a notice and has not kept: for herself alone, forgotten after a month."""

from datetime import datetime, timedelta

from django.db import transaction

from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.notices import actions
from caunoi.notices.models import Notice, NoticeScratch
from caunoi.notices.terms import LONGEST_LONG

FORGOTTEN_AFTER = timedelta(days=30)


@transaction.atomic
def keep_scratch(
    *, notice: Notice | None, fields: dict[str, str], seen_version: int, by: Viewer, at: datetime
) -> NoticeScratch:
    """Keep what ``by`` is typing, for herself; not on record, since nothing of the notice changes.

    notice  None for one that is not begun yet. Raises NotYourNotice
    """
    if notice is not None:
        actions.check_may_edit(notice, by, at)
    kept = {k: clean(v)[:LONGEST_LONG] for k, v in fields.items()}
    scratch, _new = NoticeScratch.objects.update_or_create(
        account_id=by.account_id,
        notice=notice,
        defaults={"fields": kept, "seen_version": seen_version, "saved_at": at},
    )
    return scratch


def drop_scratch(*, notice: Notice | None, by: Viewer) -> None:
    """Forget what was typed and not kept: it is not wanted."""
    actions.forget_scratch(notice, by)


def forget_old(*, at: datetime) -> int:
    """Forget what was typed and never kept in a month. -> how many"""
    return NoticeScratch.objects.filter(saved_at__lt=at - FORGOTTEN_AFTER).delete()[0]
