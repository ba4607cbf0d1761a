"""What everybody reads: one notice at its permanent address, a unit's notices, its notice board, the printed sheet."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from caunoi.files import pictures as drawing
from caunoi.kit import clock, paging
from caunoi.kit.access import public
from caunoi.kit.templatetags.kit import vi_date, vi_datetime
from caunoi.notices import queries, queries_feed, season, sheet, structured, voices_shown, words
from caunoi.notices.faces import row_of
from caunoi.notices.models import Notice
from caunoi.notices.queries import Wanted
from caunoi.notices.terms import NoticeKind, NoticeState, Surface
from caunoi.units import leads
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

PUBLIC = "what a unit tells everybody"
ON_BOARD, PAGE = 8, 30


def address_of(notice: Notice) -> str:
    """Return the permanent public address of a notice."""
    return f"{settings.PUBLIC_URL}{reverse('notices:public', args=[notice.number])}"


def load_public(number: str) -> Notice:
    """Return the public notice with that number. Raises Http404."""
    found = queries.public_notice(number=number[:12], at=clock.now())
    if found is None:
        raise Http404
    return found


@public(PUBLIC)
@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One notice; when it is over or was recalled the page says so, why, and leads on."""
    found, at = load_public(number), clock.now()
    on = clock.local_date(at)
    then = units.name_of(unit_id=found.unit_id, on=clock.local_date(found.published_at or at))
    unit = units.latest(unit_id=found.unit_id, on=on)
    over = found.state == NoticeState.EXPIRED or bool(found.valid_until and found.valid_until <= at)
    recalled = found.state == NoticeState.RECALLED
    correction = queries.correction_of(notice=found)
    address = address_of(found)
    text = queries.text_for(notice=found, surface=Surface.WEB)
    shown = {
        "notice": found,
        "row": row_of(found, then),
        "text": text,
        "unit": unit,
        "over": over and not recalled,
        "recalled": recalled,
        "correction": correction,
        "instead": correction
        or (queries.instead_of(notice=found, at=at) if over or recalled else None),
        "corrects": found.corrects
        if found.corrects and found.corrects.audience == "public"
        else None,
        "credit": _credit(found),
        "pictures": list(found.pictures.defer("body", "preview")),
        "attachments": list(found.attachments.defer("body")),
        "starts": season.moment_of(found.details.get("start", "")),
        "steps": season.steps_of(found.details),
        "today": on,
        "ends": season.moment_of(found.details.get("end", "")),
        "sources": [s.strip() for s in found.details.get("sources", "").splitlines() if s.strip()],
        "address": address,
        "voices": voices_shown.of_notice(found),
        "structured": structured.linked_data(found, address=address, unit_name=then, text=text),
        "unit_name": unit.full_name if unit else then,
        "unit_url": reverse("portal:unit", args=[found.unit.slug]),
    }
    return render(request, "notices/public.html", shown)


def _credit(found: Notice) -> dict[str, str] | None:
    source = found.adopted_from
    if source is None:
        return None
    day = clock.local_date(source.published_at or source.edited_at)
    name = units.name_of(unit_id=source.unit_id, on=day)
    return {"name": name, "href": reverse("notices:public", args=[source.number])}


@public(PUBLIC)
@require_safe
def of_unit(request: HttpRequest, slug: str) -> HttpResponse:
    """The notices of one unit that hold now, with search; ``?ca-tren`` those of the units above it too."""
    at = clock.now()
    if led := leads.lead_to_heir(
        request, slug=slug, on=clock.local_date(at), name="notices:of_unit"
    ):
        return led
    unit = _unit(slug)
    text = request.GET.get("q", "")[:150]
    kind = request.GET.get("loai", "")
    wanted = Wanted(text=text, kind=kind if kind in words.KINDS else "")
    with_above = "ca-tren" in request.GET
    found = queries.public_notices(unit=unit.id, at=at, wanted=wanted, with_above=with_above)
    page = paging.cut(found, page=request.GET.get("page"), size=PAGE)
    on = clock.local_date(at)
    names = units.names_of(unit_ids=[n.unit_id for n in page.rows], on=on)
    shown = {
        "unit": unit,
        "page": page,
        "rows": [row_of(n, names.get(n.unit_id, "")) for n in page.rows],
        "text": text,
        "kind": kind,
        "kinds": words.KINDS.items(),
        "with_above": with_above,
        "unit_name": unit.full_name,
        "unit_url": reverse("portal:unit", args=[unit.slug]),
    }
    return render(request, "notices/of_unit.html", shown)


@public(PUBLIC)
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The unit's notice board, to be printed and put up: the newest notices, each with a QR code."""
    at = clock.now()
    if led := leads.lead_to_heir(request, slug=slug, on=clock.local_date(at), name="notices:board"):
        return led
    unit = _unit(slug)
    newest = queries_feed.on_board(unit=unit.id, at=at)[:ON_BOARD]
    shown = {
        "unit": unit,
        "now": at,
        "items": [
            {
                "row": row_of(n, unit.full_name),
                "text": queries.whole_of(notice=n),
                "address": address_of(n),
                "qr": segno.make(address_of(n), error="m").svg_data_uri(scale=3),
            }
            for n in newest
        ],
        "unit_name": unit.full_name,
        "unit_url": reverse("portal:unit", args=[unit.slug]),
    }
    return render(request, "notices/board.html", shown)


def _unit(slug: str) -> UnitNow:
    unit = units.by_slug(slug=slug, on=clock.local_date(clock.now()))
    if unit is None:
        raise Http404
    return unit


@public(PUBLIC)
@require_safe
@cache_control(max_age=3600)
def a4(request: HttpRequest, number: str) -> HttpResponse:
    """The notice as a sheet of paper; drawn once a version. One that was taken back has none: its page says why."""
    found = load_public(number)
    if found.state == NoticeState.RECALLED:
        return redirect("notices:public", number=found.number)
    key = f"notices:a4:{found.pk}:{found.version}:{found.state}"
    body = cache.get(key)
    if body is None:
        body = sheet.sheet_of(sheet_facts(found), address=address_of(found))
        cache.set(key, body, 24 * 3600)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="thong-bao-{found.number}.pdf"'
    return response


def sheet_facts(found: Notice) -> dict[str, Any]:
    """Return what stands on the sheet."""
    day = clock.local_date(found.published_at or found.edited_at)
    text = queries.text_for(notice=found, surface=Surface.A4)
    return {
        "unit": units.name_of(unit_id=found.unit_id, on=day),
        "day": vi_date(day),
        "kind": str(words.KINDS[found.kind]),
        "title": found.title,
        "paragraphs": [line.strip() for line in text.splitlines() if line.strip()],
        "facts": _facts(found),
        "pictures": [
            (drawing.as_jpeg(bytes(p.body)), p.width, p.height, p.alt)
            for p in found.pictures.all()[: sheet.MOST_PICTURES]
        ],
        "scan": _("Point a phone at the code to read it, share it or hear what is new."),
        "until": _("Holds until %(when)s") % {"when": vi_datetime(found.valid_until)}
        if found.valid_until
        else "",
    }


def _facts(found: Notice) -> list[list[str]]:
    has = found.details
    facts = []
    for name, label in (("start", _("Begins")), ("end", _("Ends"))):
        moment = season.moment_of(has.get(name, ""))
        if moment:
            facts.append([label, vi_datetime(moment)])
    for name, label in (
        ("place", _("Place of meeting")),
        ("area", _("In which area")),
        ("sender", _("Issued by")),
        ("instruction", _("What to do")),
    ):
        if has.get(name):
            facts.append([label, has[name]])
    facts += [[step.days, step.what] for step in season.steps_of(has)]
    if found.kind == NoticeKind.CORRECTION:
        claim = [[pgettext("notice", "Claimed"), has.get("claim", "")]]
        facts = [*claim, [pgettext("notice", "True is"), has.get("facts", "")], *facts]
    return facts


@public(PUBLIC)
@require_safe
@cache_control(max_age=86400)
def picture(request: HttpRequest, number: str, picture_pk: UUID) -> HttpResponse:
    """A picture of a public notice; ``?nho`` gives the small one. A recalled notice shows none."""
    found = load_public(number)
    shown = found.pictures.filter(pk=picture_pk).first()
    if shown is None or found.state == NoticeState.RECALLED:
        raise Http404
    body = shown.preview if "nho" in request.GET else shown.body
    response = HttpResponse(bytes(body), content_type=shown.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public(PUBLIC)
@require_safe
def attachment(request: HttpRequest, number: str, file_pk: UUID) -> HttpResponse:
    """A PDF of a public notice. A recalled notice shows none."""
    found = load_public(number)
    kept = found.attachments.filter(pk=file_pk).first()
    if kept is None or found.state == NoticeState.RECALLED:
        raise Http404
    response = HttpResponse(bytes(kept.body), content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'attachment; filename="thong-bao-{found.number}.pdf"'
    return response
