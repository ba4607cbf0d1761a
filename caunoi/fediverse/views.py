"""A unit as an actor of the Fediverse: found by WebFinger, read, followed; nothing else is taken in."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from caunoi.fediverse import addresses, queries, receiving, rules
from caunoi.fediverse.terms import (
    ACTIVITY_JSON,
    CONTEXT,
    FETCHES,
    MAX_BODY_BYTES,
    Kind,
    NotCallable,
    NotReached,
    NotSigned,
)
from caunoi.kit import clock, limits
from caunoi.kit.access import public
from caunoi.notices import queries as notices
from caunoi.units.terms import UnitNow

PUBLIC = "what a unit tells everybody, for other servers"
PAGE = 20


def _said(content: dict[str, Any], *, status: int = 200, kind: str = ACTIVITY_JSON) -> HttpResponse:
    body = json.dumps(content, ensure_ascii=False)
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8", status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _unit(slug: str) -> UnitNow:
    found = queries.unit_of(slug=slug, on=clock.local_date(clock.now()))
    if found is None:
        raise Http404
    return found


@public(PUBLIC)
@require_safe
@cache_control(max_age=3600)
def webfinger(request: HttpRequest) -> HttpResponse:
    """Say where the unit with that handle stands (RFC 7033); also by the address of its page."""
    asked = request.GET.get("resource", "")[:300]
    if not asked:
        return HttpResponse("resource is missing", status=400, content_type="text/plain")
    unit = _unit(_slug_asked(asked))
    actor, page = addresses.actor(unit.slug), addresses.page_of_unit(unit.slug)
    content = {
        "subject": f"acct:{unit.slug}@{addresses.host()}",
        "aliases": [page, actor],
        "links": [
            {"rel": "self", "type": ACTIVITY_JSON, "href": actor},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page},
        ],
    }
    return _said(content, kind="application/jrd+json")


def _slug_asked(asked: str) -> str:
    """Return which unit is asked for, empty for one of another house."""
    if asked.startswith("acct:"):
        name, _, host = asked.removeprefix("acct:").removeprefix("@").partition("@")
        return name.lower() if host.lower() == addresses.host().lower() else ""
    if asked.startswith(f"{settings.PUBLIC_URL}/"):
        return urlsplit(asked).path.rstrip("/").rpartition("/")[2]
    return ""


@public(PUBLIC)
@require_safe
@cache_control(max_age=600)
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """The unit as an actor, with its public key."""
    at = clock.now()
    return _said(queries.actor_of(unit=_unit(slug), at=at, on=clock.local_date(at)))


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def outbox(request: HttpRequest, slug: str) -> HttpResponse:
    """What the unit told, as a collection; ``?page=`` one page of it."""
    unit = _unit(slug)
    pages = Paginator(queries.told(unit_id=unit.id, at=clock.now()), PAGE)
    address = f"{addresses.actor(slug)}/outbox"
    whole = {
        "@context": CONTEXT,
        "id": address,
        "type": "OrderedCollection",
        "totalItems": pages.count,
        "first": f"{address}?page=1",
    }
    if "page" not in request.GET:
        return _said(whole)
    try:
        page = pages.page(request.GET["page"])
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    content = {
        "@context": CONTEXT,
        "id": f"{address}?page={page.number}",
        "type": "OrderedCollectionPage",
        "partOf": address,
        "orderedItems": [_created(note) for note in map(_note, page)],
    }
    if page.has_next():
        content["next"] = f"{address}?page={page.next_page_number()}"
    return _said(content)


def _note(notice: Any) -> dict[str, Any]:
    return queries.note_of(notice=notice)


def _created(note: dict[str, Any]) -> dict[str, Any]:
    return rules.activity(
        Kind.CREATE,
        activity_id=f"{note['id']}#create",
        actor=note["attributedTo"],
        thing=note,
        published=note["published"],
    )


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def followers(request: HttpRequest, slug: str) -> HttpResponse:
    """How many follow; who, nobody is told."""
    unit = _unit(slug)
    count = queries.follower_count(unit_id=unit.id)
    address = f"{addresses.actor(slug)}/followers"
    return _said(
        {"@context": CONTEXT, "id": address, "type": "OrderedCollection", "totalItems": count}
    )


@public(PUBLIC)
@require_safe
@cache_control(max_age=300)
def note(request: HttpRequest, number: str) -> HttpResponse:
    """One notice as a Note; 410 and a Tombstone when it was recalled."""
    notice = notices.public_notice(number=number[:12], at=clock.now())
    if notice is None:
        raise Http404
    found = queries.note_of(notice=notice)
    return _said({"@context": CONTEXT} | found, status=410 if found["type"] == "Tombstone" else 200)


@csrf_exempt  # another server sends it; its signature is the right
@public("another server's follow; checked by the sender's signature")
@require_POST
def inbox(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in who follows and who no longer does: 202. Everything else is dropped: 202. 401 not signed, 404 the setting is off."""
    at = clock.now()
    unit = _unit(slug)
    if not settings.FEDIVERSE or not queries.is_living(unit=unit, on=clock.local_date(at)):
        raise Http404
    if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
        return HttpResponse(status=413)
    said = receiving.wanted(request.body, unit=unit)
    if said is None:
        return HttpResponse(status=202)
    if not limits.take(FETCHES, who=limits.address(request), at=at).allowed:
        return HttpResponse(status=429)
    came = receiving.Request(
        request.get_full_path(),
        {name.lower(): value for name, value in request.headers.items()},
        request.body,
    )
    try:
        receiving.take_in(said, came, unit=unit, at=at)
    except (NotSigned, NotCallable, NotReached):
        return HttpResponse(status=401)
    return HttpResponse(status=202)
