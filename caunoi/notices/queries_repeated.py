"""What went out again of a notice, moment by moment."""

from datetime import datetime

from django.db.models import QuerySet

from caunoi.kit.viewing import system
from caunoi.notices.models import Notice

OF_LOADED = "of a notice the caller was allowed to load"


@system(OF_LOADED)
def repeated(*, notice: Notice) -> QuerySet[Notice]:
    """Return what went out again of a notice, newest first."""
    return notice.repeated.order_by("-occurs_at")


@system(OF_LOADED)
def moments_repeated(*, notice: Notice, since: datetime) -> set[datetime]:
    """Return the moments since then for which it went out again."""
    found = notice.repeated.filter(occurs_at__gte=since)
    return {m for m in found.values_list("occurs_at", flat=True) if m is not None}
