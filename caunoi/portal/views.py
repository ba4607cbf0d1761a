"""What everybody sees."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from caunoi.answers import queries as answers
from caunoi.campaigns import queries as campaigns
from caunoi.channels import queries as channels
from caunoi.custody import queries as custody
from caunoi.figures import queries as figures
from caunoi.figures.terms import Period
from caunoi.houses import queries as houses
from caunoi.inbox import queries as inbox
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.notices import faces
from caunoi.units import queries as units
from caunoi.units.terms import Level, Share, UnitNow
from caunoi.works import queries as works

PUBLIC = "the public site"
PLACES_FOR = timedelta(days=30)
"""How long a post of a page is shown as a place to ask."""


@public(PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Find your commune, ask, read the newest answers."""
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "")[:100]
    found = units.search(text=text, on=on, limit=12) if text else []
    newest = answers.published(on=on)[:6]
    return render(
        request,
        "portal/home.html",
        {"text": text, "found": found, "newest": newest, "section": "home"},
    )


@public(PUBLIC)
@require_safe
def unit(request: HttpRequest, slug: str) -> HttpResponse:
    """The home page of one unit; a unit that is gone says where it is now."""
    at = clock.now()
    on = clock.local_date(at)
    here = units.by_slug(slug=slug, on=on)
    if here is None:
        raise Http404
    alive = here.valid_to is None or here.valid_to > on
    shown = {
        "unit": here,
        "alive": alive,
        "above": units.ancestors(unit_id=here.id, on=on) if alive else [],
        "made_of": _made_of(here) if alive else None,
        "successors": [] if alive else units.successors(unit_id=here.id, on=on),
        "children": units.children(unit_id=here.id, on=on)[:400] if alive else [],
        "channels": channels.official_channels(unit_id=here.id),
        "newest": answers.published(under=here.id, on=on)[:6] if alive else [],
        "notices": faces.newest(unit_id=here.id, at=at, limit=5) if alive else [],
        "campaigns": campaigns.of_area(unit_id=here.id, on=on) if alive else [],
        "houses": houses.of_area(unit_id=here.id, on=on) if alive else [],
        "works": works.of_area(unit_id=here.id, on=on) if alive else [],
        "figures": figures.of_unit(unit_id=here.id, period=Period.QUARTER) if alive else None,
        "unit_name": here.full_name,
        "unit_url": request.path,
        "can_ask": alive and here.level != Level.DISTRICT,
        "posts": inbox.places_to_ask(
            unit_id=here.id, since=clock.start_of(on) - PLACES_FOR, limit=3
        )
        if alive
        else [],
    }
    return render(request, "portal/unit.html", shown)


def _made_of(here: UnitNow) -> dict[str, object] | None:
    """Return the day and the names of the units of its own level that were merged into this one, or None."""
    links = [link for link in units.predecessors(unit_id=here.id) if link.share == Share.WHOLE]
    if not links:
        return None
    day = links[0].event.on_date
    names = units.names_of(
        unit_ids=[link.old_unit_id for link in links if link.event.on_date == day],
        on=day - timedelta(days=1),
    )
    return {"day": day, "names": sorted(names.values())}


@public(PUBLIC)
@require_safe
def official_channels(request: HttpRequest) -> HttpResponse:
    """Is this page official? Look up by name, address or number."""
    text = request.GET.get("q", "")[:300].strip()
    found = custody.look_up(text=text) if text else []
    on = clock.local_date(clock.now())
    holders = {a.unit_id: units.latest(unit_id=a.unit_id, on=on) for a in found}
    shown = {"text": text, "found": found, "holders": holders, "section": "channels"}
    return render(request, "portal/channels.html", shown)


@public(PUBLIC)
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain to residents what happens to a question."""
    return render(request, "portal/help.html")


@public("anybody chooses a language")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("language", "")
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax"
        )
    return response


@public("search engines ask")
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots out of the desk."""
    return HttpResponse(
        "User-agent: *\nDisallow: /quan-tri/\nDisallow: /vu-viec/\n"
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml\n",
        content_type="text/plain",
    )
