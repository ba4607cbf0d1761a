"""What everybody reads, hears and sees of a notice in other languages: its page, its sound, its pictures, its sheet, the board."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from caunoi.files.sending import answer_bytes
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.notices import (
    languages,
    packages,
    queries,
    queries_feed,
    queries_variants,
    sheet,
    voices_shown,
)
from caunoi.notices.faces import row_of
from caunoi.notices.languages import VIETNAMESE
from caunoi.notices.models import Notice
from caunoi.notices.terms import Form, NoticeState
from caunoi.notices.variant_models import Variant
from caunoi.notices.views import variants
from caunoi.notices.views.public import ON_BOARD, PUBLIC, load_public, sheet_facts
from caunoi.units import leads
from caunoi.units import queries as units


def address_in(notice: Notice, tag: str) -> str:
    """Return the public address of a notice in a language."""
    path = reverse("notices:in_language", args=[notice.number, tag])
    return f"{settings.PUBLIC_URL}{path}"


def _known(tag: str) -> languages.Language:
    if tag not in languages.LANGUAGES or tag == VIETNAMESE:
        raise Http404
    return languages.LANGUAGES[tag]


def _told(notice: Notice, tag: str) -> dict[str, Variant]:
    """Return what is published of a notice in a language, by form; nothing when it was recalled."""
    if notice.state == NoticeState.RECALLED:
        return {}
    found = queries_variants.published_of(notice=notice)
    return {v.form: v for v in found if v.language == tag}


@public(PUBLIC)
@require_safe
def in_language(request: HttpRequest, number: str, tag: str) -> HttpResponse:
    """The notice in one language; where it is not told in it (any more), the Vietnamese page, so that an old QR code leads on."""
    notice, language, at = load_public(number), _known(tag), clock.now()
    told = _told(notice, tag)
    if not told:
        return redirect("notices:public", number=notice.number)
    on = clock.local_date(at)
    unit = units.latest(unit_id=notice.unit_id, on=on)
    then = units.name_of(unit_id=notice.unit_id, on=clock.local_date(notice.published_at or at))
    over = notice.state == NoticeState.EXPIRED or bool(
        notice.valid_until and notice.valid_until <= at
    )
    written = told.get(Form.TEXT)
    shown = {
        "notice": notice,
        "row": row_of(notice, then),
        "language": language,
        "title": written.title if written else notice.title,
        "title_lang": tag if written else VIETNAMESE,
        "written": written,
        "recorded": told.get(Form.AUDIO),
        "drawn": told.get(Form.PICTURE),
        "voices": voices_shown.of_notice(notice),
        "over": over,
        "address": address_in(notice, tag),
        "unit_name": unit.full_name if unit else then,
        "unit_url": reverse("portal:unit", args=[notice.unit.slug]),
    }
    return render(request, "notices/in_language.html", shown)


@public(PUBLIC)
@require_safe
@cache_control(max_age=3600)
def a4_in(request: HttpRequest, number: str, tag: str) -> HttpResponse:
    """The sheet in a language: its words where they were written, the Vietnamese ones where it is only spoken; the code leads to the sound."""
    notice, language = load_public(number), _known(tag)
    told = _told(notice, tag)
    if not told:
        return redirect("notices:a4", number=notice.number)
    written = told.get(Form.TEXT)
    mark = ".".join(f"{v.pk}:{v.version}" for v in told.values())
    key = f"notices:a4:{notice.pk}:{notice.version}:{tag}:{mark}"
    body = cache.get(key)
    if body is None:
        facts = _sheet(notice, language, written, has_sound=Form.AUDIO in told)
        body = sheet.sheet_of(facts, address=address_in(notice, tag))
        cache.set(key, body, 24 * 3600)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="thong-bao-{notice.number}-{tag}.pdf"'
    return response


def _sheet(
    notice: Notice, language: languages.Language, written: Variant | None, *, has_sound: bool
) -> dict[str, Any]:
    """Return what stands on the sheet; the kind's line says in Vietnamese what it is, for whoever puts it up."""
    facts = sheet_facts(notice)
    scan = (
        _("Point a phone at the code to hear it in %(language)s.")
        if has_sound
        else _("Point a phone at the code to read it in %(language)s.")
    )
    facts["scan"] = scan % {"language": language.within}
    if written is None:
        return facts
    facts |= {
        "lang": language.tag,
        "kind": f"{language.name} · {notice.title}",
        "title": written.title,
        "paragraphs": [line.strip() for line in written.text.splitlines() if line.strip()],
        "facts": [],
    }
    return facts


@public(PUBLIC)
@require_safe
def board_in(request: HttpRequest, slug: str, tag: str) -> HttpResponse:
    """The notice board with every notice in a language where it is told in it; the code leads to its words and sound."""
    at, language = clock.now(), _known(tag)
    on = clock.local_date(at)
    if led := leads.lead_to_heir(request, slug=slug, on=on, name="notices:board_in", tag=tag):
        return led
    unit = units.by_slug(slug=slug, on=clock.local_date(at))
    if unit is None:
        raise Http404
    newest = list(queries_feed.on_board(unit=unit.id, at=at)[:ON_BOARD])
    told = queries_variants.published(notices=newest)
    shown = {
        "unit": unit,
        "now": at,
        "language": language,
        "items": [_board_item(n, unit.full_name, language, told[n.pk]) for n in newest],
        "unit_name": unit.full_name,
        "unit_url": reverse("portal:unit", args=[unit.slug]),
    }
    return render(request, "notices/board.html", shown)


def _board_item(
    notice: Notice, unit_name: str, language: languages.Language, told: list[Variant]
) -> dict[str, Any]:
    own = {v.form: v for v in told if v.language == language.tag}
    written = own.get(Form.TEXT)
    public_page = f"{settings.PUBLIC_URL}{reverse('notices:public', args=[notice.number])}"
    address = address_in(notice, language.tag) if own else public_page
    item = {
        "row": row_of(notice, unit_name),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=3),
        "lang": language.tag if written else "",
        "title": written.title if written else notice.title,
        "heard_in": language.within if Form.AUDIO in own else "",
    }
    text = written.text if written else queries.whole_of(notice=notice)
    return item | {"text": text}


def _variant(number: str, pk: UUID, form: Form) -> Variant:
    notice = load_public(number)
    if notice.state == NoticeState.RECALLED:
        raise Http404
    found = queries_variants.published_of(notice=notice)
    variant = next((v for v in found if v.pk == pk and v.form == form), None)
    if variant is None:
        raise Http404
    return variant


@public(PUBLIC)
@require_safe
def listen(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """A recording of a public notice that a second person heard."""
    variant = _variant(number, pk, Form.AUDIO)
    body = queries_variants.content_of(variant=variant)
    name = packages.file_name_of(variant)
    return answer_bytes(request, body, media_type=variant.media_type, name=name, for_everybody=True)


@public(PUBLIC)
@require_safe
def drawn(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """A picture of a public notice in another language."""
    variant = _variant(number, pk, Form.PICTURE)
    body = queries_variants.content_of(variant=variant, preview="nho" in request.GET)
    name = packages.file_name_of(variant)
    return answer_bytes(request, body, media_type=variant.media_type, name=name, for_everybody=True)


@public(PUBLIC)
@require_safe
def listen_spoken(request: HttpRequest, number: str) -> HttpResponse:
    """The Vietnamese reading by machine of a public notice, once somebody heard it."""
    notice = load_public(number)
    spoken = queries_variants.heard_of(notice=notice)
    if spoken is None or notice.state == NoticeState.RECALLED:
        raise Http404
    body = queries_variants.sound_of(spoken=spoken)[0]
    return answer_bytes(
        request, body, media_type="audio/mpeg", name="ban-doc.mp3", for_everybody=True
    )


@public(PUBLIC)
@require_safe
@cache_control(public=True, max_age=300)
def public_package(request: HttpRequest, number: str) -> HttpResponse:
    """The loudspeaker package of a public notice: a station, or a village head without an account, takes it from here."""
    notice, at = load_public(number), clock.now()
    if notice.state == NoticeState.RECALLED:
        raise Http404
    name = units.name_of(unit_id=notice.unit_id, on=clock.local_date(at))
    return variants.package_answer(notice, name, at)
