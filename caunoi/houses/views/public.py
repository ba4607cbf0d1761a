"""What everybody sees of a programme: numbers, posted lists, and names and photos of those who agreed."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.files.sending import answer_bytes
from caunoi.houses import labels, queries
from caunoi.houses.models import Programme
from caunoi.houses.views.board import today
from caunoi.kit.access import public
from caunoi.units import queries as units

PUBLIC = "how many houses are needed and done; names only of those who agreed"
PAGE = 50


def _load(slug: str) -> Programme:
    found = queries.by_slug(slug=slug)
    if found is None:
        raise Http404
    return found


@public(PUBLIC)
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """List the programmes."""
    page = Paginator(queries.public_programmes(), PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[p.unit_id for p in page], on=today())
    return render(request, "houses/public_list.html", {"page": page, "names": names})


@public(PUBLIC)
@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one programme: numbers per commune, the lists that are posted, who agreed to be named."""
    on, found = today(), _load(slug)
    rows = queries.board(programme=found, root_id=found.unit_id, on=on)
    page = Paginator(queries.named(programme=found), PAGE).get_page(request.GET.get("page"))
    posted = queries.posted(programme=found, on=on)
    ids = {found.unit_id, *(h.village_id for h in page), *(r.village_id for r in posted)}
    shown = {
        "programme": found,
        "rows": rows,
        "total": queries.in_total(rows),
        "page": page,
        "posted": posted,
        "pictures": queries.public_pictures(programme=found),
        "names": units.names_of(unit_ids=ids, on=on),
        "stages": labels.STAGES,
        "on": on,
    }
    return render(request, "houses/public.html", shown)


@public(PUBLIC)
@require_safe
def posted(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Show one posted list: where the QR code of the sheet leads."""
    found = _load(slug)
    review = queries.posted_review(programme=found, pk=pk)
    if review is None:
        raise Http404
    on = today()
    shown = {
        "programme": found,
        "review": review,
        "lines": queries.lines_of(review=review),
        "village_name": units.name_of(unit_id=review.village_id, on=on),
        "open": bool(review.posted_to and on <= review.posted_to),
        "grades": labels.GRADES,
        "works": labels.WORKS,
    }
    return render(request, "houses/posted.html", shown)


@public("the household agreed that photos of its house are shown")
@require_safe
def picture(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Give a photo that may be shown."""
    news = queries.public_picture(programme=_load(slug), pk=pk)
    if news is None or news.picture is None:
        raise Http404
    body = news.picture.preview if "nho" in request.GET else news.picture.body
    name = f"nha-{str(news.pk)[:8]}.webp"
    # Never kept on the way: a consent may be taken back at any moment.
    return answer_bytes(request, bytes(body), media_type="image/webp", name=name)
