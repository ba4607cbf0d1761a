"""Notices that say nearly the same as another one: told to whoever writes it, before it goes out twice."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from caunoi.kit import clock
from caunoi.kit.viewing import system
from caunoi.notices import rules
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeState
from caunoi.units import queries as units


@system("of a notice the caller was allowed to load")
def similar_lately(*, notice: Notice, at: datetime) -> list[Notice]:
    """Return notices of the same unit or those above it that say nearly the same and went out, or will, within a day and a half."""
    near = [u.id for u in units.ancestors(unit_id=notice.unit_id, on=clock.local_date(at))]
    lately = _lately([notice.unit_id, *near], at).exclude(
        pk__in=[pk for pk in (notice.pk, notice.corrects_id, notice.adopted_from_id) if pk]
    )
    return [n for n in lately[:200] if rules.is_similar(n.title, notice.title)]


@system("asked of words that are still being written")
def titles_like(
    *, title: str, unit_ids: Iterable[UUID], but: UUID | None, at: datetime
) -> tuple[str, ...]:
    """Return the titles of notices of these units within a day and a half that say nearly the same."""
    lately = _lately(list(unit_ids), at)
    found = lately.exclude(pk=but) if but else lately
    near = found.values_list("title", flat=True)[:200]
    return tuple(t for t in near if rules.is_similar(t, title))


def _lately(unit_ids: list[UUID], at: datetime) -> QuerySet[Notice]:
    since = at - rules.SIMILAR_WITHIN
    others = Notice.objects.exclude(state=NoticeState.CANCELLED)
    others = others.filter(unit_id__in=unit_ids, repeats=None)
    return others.filter(
        Q(published_at__gte=since) | Q(edited_at__gte=since, published_at=None)
    ).order_by("-edited_at")
