"""Loading a notice through the viewer, for every desk page."""

from uuid import UUID

from django.http import Http404, HttpRequest

from caunoi.kit import clock
from caunoi.notices import queries
from caunoi.notices.models import Notice


def load(request: HttpRequest, pk: UUID) -> Notice:
    """Return the notice the viewer may see. Raises Http404."""
    found = queries.notice_for(request.staff, pk=pk, on=clock.local_date(clock.now()))  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
