"""Notices for machines: Atom, iCalendar, CAP."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.notices import calendars, caps, queries, queries_feed, words
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeKind, NoticeState
from caunoi.notices.views.public import address_of, load_public
from caunoi.units import leads
from caunoi.units import queries as units

PUBLIC = "what a unit tells everybody, for machines"
ENTRIES = 50


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def atom(request: HttpRequest, slug: str) -> HttpResponse:
    """The unit's newest notices as a feed."""
    at = clock.now()
    unit = units.by_slug(slug=slug, on=clock.local_date(at))
    if unit is None:
        raise Http404
    if led := leads.lead_to_heir(request, slug=slug, on=clock.local_date(at), name="notices:atom"):
        return led
    title = _("Notices of %(unit)s") % {"unit": unit.full_name}
    feed = Atom1Feed(
        title=title,
        link=f"{settings.PUBLIC_URL}{reverse('notices:of_unit', args=[slug])}",
        description=title,
        language="vi",
        feed_url=f"{settings.PUBLIC_URL}{request.path}",
        author_name=unit.full_name,
    )
    for n in queries_feed.feed_items(unit=unit.id, at=at)[:ENTRIES]:
        address = address_of(n)
        title, text = _told(n)
        feed.add_item(
            title=title,
            link=address,
            unique_id=address,
            description=text,
            author_name=unit.full_name,
            pubdate=n.published_at,
            updateddate=n.changed_at,  # type: ignore[attr-defined]
            categories=[str(words.KINDS[n.kind])],
        )
    body = feed.writeString("utf-8")
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _told(notice: Notice) -> tuple[str, str]:
    """Return title and text of an entry: what was taken back or put right since says so first."""
    if notice.state == NoticeState.RECALLED:
        return _("Taken back: %(title)s") % {"title": notice.title}, notice.end_reason
    text = queries.whole_of(notice=notice)
    right = queries.correction_of(notice=notice)
    if right is None:
        return notice.title, text
    said = _("This notice was put right: %(address)s") % {"address": address_of(right)}
    return notice.title, f"{said}\n\n{text}"


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The unit's calendar, with what the units above it put into it."""
    at = clock.now()
    unit = units.by_slug(slug=slug, on=clock.local_date(at))
    if unit is None:
        raise Http404
    on = clock.local_date(at)
    if led := leads.lead_to_heir(request, slug=slug, on=on, name="notices:calendar"):
        return led
    found = queries_feed.calendar_items(unit=unit.id, at=at)
    name = _("Calendar of %(unit)s") % {"unit": unit.full_name}
    body = calendars.calendar_of(found, name=name, address_of=address_of)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{slug}.ics"'
    return response


@public(PUBLIC)
@require_safe
@cache_control(max_age=60)
def cap(request: HttpRequest, number: str) -> HttpResponse:
    """A warning as CAP 1.2."""
    found = load_public(number)
    if found.kind != NoticeKind.WARNING:
        raise Http404
    unit = units.latest(
        unit_id=found.unit_id, on=clock.local_date(found.published_at or clock.now())
    )
    if unit is None:
        raise Http404
    body = caps.cap_of(
        found,
        sender=f"{unit.slug}@{urlsplit(settings.PUBLIC_URL).hostname or 'caunoi'}",
        unit_name=unit.full_name,
        unit_code=unit.code,
        address=address_of(found),
        demo=settings.DEMO,
    )
    return HttpResponse(body, content_type=caps.MEDIA_TYPE)
