"""The library for machines: Atom feeds of everything, of a unit, of a topic, of one question; and the site map."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import GenericSitemap, Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from caunoi.answers import queries
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.terms import AnswerState
from caunoi.answers.views.library import address_of, load, newest_changed, title_for
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.routing import queries as routing
from caunoi.units import leads
from caunoi.units import queries as units

PUBLIC = "the answers library, for machines"
ENTRIES = 50
PER_MAP = 20_000


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def everything(request: HttpRequest) -> HttpResponse:
    """Feed of all answers."""
    found = queries.published(on=clock.local_date(clock.now()))
    return _feed(request, title_for(None, ""), newest_changed(found, ENTRIES))


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def of_unit(request: HttpRequest, slug: str) -> HttpResponse:
    """Feed of one unit and everything below it."""
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=slug, on=on)
    if unit is None:
        raise Http404
    heir = leads.only_heir(slug=slug, on=on)
    if heir is not None:
        return redirect("answers:unit_feed", slug=heir.slug)
    found = queries.published(under=unit.id, on=on)
    return _feed(request, title_for(unit, ""), newest_changed(found, ENTRIES))


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def of_topic(request: HttpRequest, code: str) -> HttpResponse:
    """Feed of one topic."""
    if code not in {t.pk for t in routing.topics(all_of_them=True)}:
        raise Http404
    found = queries.published(topic=code, on=clock.local_date(clock.now()))
    title = title_for(None, routing.topic_name(code=code))
    return _feed(request, title, newest_changed(found, ENTRIES))


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def of_question(request: HttpRequest, number: str) -> HttpResponse:
    """Feed of one answered question: its answer, and every correction after."""
    answer = load(number)
    return _feed(request, answer.title, [answer])


def _feed(request: HttpRequest, title: str, answers: list[PublishedAnswer]) -> HttpResponse:
    feed = Atom1Feed(
        title=title,
        link=f"{settings.PUBLIC_URL}{reverse('answers:library')}",
        description=title,
        language="vi",
        feed_url=f"{settings.PUBLIC_URL}{request.path}",
        author_name="Cầu Nối",
    )
    for answer in answers:
        address = address_of(answer.number)
        feed.add_item(
            title=answer.title,
            link=address,
            unique_id=address,
            description=_body(answer),
            author_name=answer.agency,
            pubdate=answer.published_at,
            updateddate=answer.corrected_at or answer.published_at,
            categories=[answer.topic] if answer.topic else [],
        )
    body = feed.writeString("utf-8")
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _body(answer: PublishedAnswer) -> str:
    if answer.state == AnswerState.WITHDRAWN:
        return _("This answer was withdrawn.") + " " + answer.correction
    parts = [answer.question, answer.answer]
    if answer.state == AnswerState.CORRECTED:
        parts.append(_("Corrected: %(why)s") % {"why": answer.correction})
    if answer.law_changed_at:
        parts.append(_("The law has changed since: %(note)s") % {"note": answer.law_note})
    return "\n\n".join(parts)


def _maps() -> dict[str, type[Sitemap] | Sitemap]:
    found = (
        PublishedAnswer.objects.exclude(state=AnswerState.WITHDRAWN)
        .annotate(changed_at=Coalesce("corrected_at", "published_at"))
        .only("number", "corrected_at", "published_at")
        .order_by("published_at", "pk")
    )
    return {"hoi-dap": AnswerMap(found)}


class AnswerMap(GenericSitemap):
    """Every answered question that stands."""

    limit = PER_MAP
    protocol = "https" if settings.PUBLIC_URL.startswith("https") else "http"

    def __init__(self, found) -> None:  # noqa: ANN001
        super().__init__({"queryset": found, "date_field": "changed_at"})

    def location(self, item: PublishedAnswer) -> str:
        return f"/hoi/{item.number}/"

    def lastmod(self, item: PublishedAnswer) -> datetime:
        return item.corrected_at or item.published_at

    def get_domain(self, site: object = None) -> str:
        """Return the public host, whatever host the request came to."""
        return urlsplit(settings.PUBLIC_URL).netloc

    def get_latest_lastmod(self) -> None:
        """Reading every row for one date is not worth it."""


@public("search engines ask")
@require_safe
@cache_control(max_age=3600)
def site_map_index(request: HttpRequest) -> HttpResponse:
    """List the parts of the site map."""
    return index(request, _maps(), sitemap_url_name="answers:site_map")


@public("search engines ask")
@require_safe
@cache_control(max_age=3600)
def site_map(request: HttpRequest, section: str) -> HttpResponse:
    """List the permanent addresses of answered questions."""
    return sitemap(request, _maps(), section=section)
