"""The desk's pages of languages: a notice's variants, one variant, what waits to be read, who reads which language, the reading by machine."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.files.sending import answer_bytes
from caunoi.kit import clock, paging, scripts, sheets
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.notices import (
    actions_spoken,
    actions_variants,
    forms_variants,
    languages,
    packages,
    queries,
    queries_variants,
    words_variants,
)
from caunoi.notices.actions_variants import Told
from caunoi.notices.languages import VariantState
from caunoi.notices.models import Notice
from caunoi.notices.terms import EditedMeanwhile, Form, NoticeError
from caunoi.notices.variant_models import LanguageReader, Variant
from caunoi.speech import making
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

MOST_PEOPLE = 200
V = VariantState


def _load(request: HttpRequest, pk: UUID) -> Notice:
    on = clock.local_date(clock.now())
    found = queries_variants.notice_to_tell(request.staff, pk=pk, on=on)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _may_change(request: HttpRequest, notice: Notice) -> bool:
    """True when the viewer may change the notice's words, or approves them."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    return queries.may_edit(viewer, notice=notice, on=on) or queries.may(
        viewer, Permission.NOTICES_APPROVE, notice=notice, on=on
    )


@access("notices.view")
@require_safe
def voices(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A notice in its languages and the loudspeaker reading; ``?tieng=…&dang=…`` leads to one variant."""
    notice = _load(request, pk)
    tag, form = request.GET.get("tieng", ""), request.GET.get("dang", "")
    if languages.is_told_so(tag, form):
        return redirect("notices:voice", pk=pk, language=tag, form=form)
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(clock.now())
    shown = {
        "notice": notice,
        "sees": queries.notice_for(viewer, pk=pk, on=on) is not None,
        "rows": words_variants.rows_of(notice),
        "tags": forms_variants.language_choices(),
        "forms": forms_variants.FORMS,
        "chosen": (tag, form),
        "asked_badly": bool(tag or form),
        "may_add": notice.state in {s.value for s in languages.OPEN}
        and _tells_any(viewer, notice, on),
        **spoken_facts(request, notice),
    }
    return render(request, "notices/voices.html", shown)


def _tells_any(viewer: Viewer, notice: Notice, on: Any) -> bool:
    return queries.may_edit(viewer, notice=notice, on=on) or bool(
        queries_variants.languages_of(viewer, notice=notice, on=on)
    )


def spoken_facts(request: HttpRequest, notice: Notice) -> dict[str, Any]:
    """Return what the part about the reading by machine shows."""
    spoken = queries_variants.spoken_of(notice=notice)
    return {
        "spoken": spoken,
        "asked_at": spoken.asked_at.isoformat() if spoken else "",
        "script": queries_variants.script_of(notice=notice) if notice.title else "",
        "voices": [(v.key, _(v.label)) for v in making.voices()],
        "may_speak": notice.state in {s.value for s in languages.OPEN}
        and _may_change(request, notice),
    }


@access("notices.view")
@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: HttpRequest, pk: UUID, language: str, form: str) -> HttpResponse:
    """One variant beside the Vietnamese words: written or recorded by one person, read or heard by another."""
    notice = _load(request, pk)
    if not languages.is_told_so(language, form):
        raise Http404
    variant = queries_variants.variant_of(notice=notice, language=language, form=form)
    if request.method != "POST":
        return _voice_page(request, notice, language, form, variant)
    do = request.POST.get("do", "")
    if do in {"save", "hand_in"}:
        return _keep(request, notice, language, form, variant, do)
    if variant is None or do not in {"right", "reject"}:
        raise Http404
    return _decide(request, notice, variant, do)


def _number(request: HttpRequest, name: str) -> int:
    word = request.POST.get(name, "")
    return int(word) if word.isdigit() and len(word) < 9 else 0


def _keep(
    request: HttpRequest,
    notice: Notice,
    language: str,
    form: str,
    variant: Variant | None,
    do: str,
) -> HttpResponse:
    filled = forms_variants.form_of(form, request.POST, request.FILES, there=variant is not None)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    if not filled.is_valid():
        return _voice_page(request, notice, language, form, variant, filled, status=422)
    file = filled.cleaned_data.get("file")
    told = Told(
        title=filled.cleaned_data.get("title", ""),
        text=filled.cleaned_data["text"],
        content=file.read() if file else None,
    )
    try:
        with transaction.atomic():
            kept = actions_variants.write_variant(
                notice=notice,
                language=language,
                form=form,
                told=told,
                seen_version=_number(request, "seen"),
                by=by,
                at=at,
            )
            if do == "hand_in" and kept.state in {V.DRAFT, V.REJECTED}:
                actions_variants.hand_in_variant(variant=kept, by=by, at=at)
    except EditedMeanwhile:
        theirs = queries_variants.variant_of(notice=notice, language=language, form=form)
        return _voice_page(
            request, notice, language, form, theirs, filled, status=409, theirs=theirs
        )
    except NoticeError as error:
        filled.add_error("file" if "file" in filled.fields and file else None, _(str(error)))
        return _voice_page(request, notice, language, form, variant, filled, status=422)
    said = _("Given to a second person.") if do == "hand_in" else _("The draft is kept.")
    messages.success(request, said)
    return redirect("notices:voice", pk=notice.pk, language=language, form=form)


def _decide(request: HttpRequest, notice: Notice, variant: Variant, do: str) -> HttpResponse:
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    try:
        if do == "right":
            actions_variants.say_right(
                variant=variant,
                seen_version=_number(request, "seen"),
                seen_source=_number(request, "source"),
                by=by,
                at=at,
            )
            messages.success(request, _("Thank you. It is shown with the notice."))
        else:
            actions_variants.reject_variant(
                variant=variant, reason=request.POST.get("reason", ""), by=by, at=at
            )
            messages.success(request, _("Given back to its author."))
    except NoticeError as error:
        return _voice_page(
            request,
            notice,
            variant.language,
            variant.form,
            variant,
            status=422,
            problem=_(str(error)),
        )
    return redirect("notices:voice", pk=notice.pk, language=variant.language, form=variant.form)


def _voice_page(
    request: HttpRequest,
    notice: Notice,
    language: str,
    form: str,
    variant: Variant | None,
    filled: django_forms.Form | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(clock.now())
    opened = notice.state in {s.value for s in languages.OPEN}
    tells = opened and queries_variants.may_tell(viewer, notice=notice, language=language, on=on)
    wrote = queries_variants.writers_of(variant=variant) if variant else set()
    reads = language in queries_variants.languages_of(viewer, notice=notice, on=on)
    older = variant is not None and queries_variants.is_older(variant=variant, notice=notice)
    waits = variant is not None and (
        variant.state == V.TO_READ or (variant.state == V.READ and older)
    )
    approves = queries.may(viewer, Permission.NOTICES_APPROVE, notice=notice, on=on)
    theirs = bool(variant) and viewer.account_id not in wrote and reads
    first = {"title": variant.title, "text": variant.text} if variant else {}
    shown = {
        "notice": notice,
        "variant": variant,
        "language": languages.LANGUAGES[language],
        "no_font": scripts.without_font(languages.LANGUAGES[language].script),
        "kind": form,
        "kind_name": words_variants.FORM_NAMES[form],
        "face": words_variants.face_of(variant, older=older) if variant else None,
        "older": older,
        "form": filled or forms_variants.form_of(form, initial=first, there=variant is not None),
        "seen": variant.version if variant else 0,
        "tells": tells,
        "may_right": opened and waits and theirs,
        "may_reject": opened
        and variant is not None
        and variant.state in {V.TO_READ, V.READ}
        and (theirs or approves),
        "wrote": viewer.account_id in wrote,
        "reads": reads,
        "steps": words_variants.steps_of(variant) if variant else [],
        "theirs": None,
        "longest": languages.LONGEST_VOICE_SECONDS,
    } | more
    return render(request, "notices/voice.html", shown, status=status)


@access("notices.view")
@require_safe
def voice_file(request: HttpRequest, pk: UUID, language: str, form: str) -> HttpResponse:
    """The recording or the picture of a variant, for those who work on it; ``?nho`` gives the small picture."""
    notice = _load(request, pk)
    variant = queries_variants.variant_of(notice=notice, language=language, form=form)
    if variant is None or not variant.size_bytes:
        raise Http404
    body = queries_variants.content_of(variant=variant, preview="nho" in request.GET)
    name = packages.file_name_of(variant)
    return answer_bytes(request, body, media_type=variant.media_type, name=name)


@access("notices.view")
@require_safe
def to_read(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer: to be read or heard as second person, and to be told in her languages."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    page = paging.cut(queries_variants.to_read(viewer, on=on), page=request.GET.get("page"))
    wanted = queries_variants.to_tell(viewer, at=at, on=on)
    ids = {v.notice.unit_id for v in page.rows} | {n.unit_id for n, _tag in wanted}
    names = units.names_of(unit_ids=ids, on=on)
    shown = {
        "page": page,
        "rows": [words_variants.waiting_row(v, names.get(v.notice.unit_id, "")) for v in page.rows],
        "wanted": [
            {
                "notice": n,
                "language": languages.LANGUAGES[tag],
                "unit_name": names.get(n.unit_id, ""),
            }
            for n, tag in wanted
            if tag in languages.LANGUAGES
        ],
        "now": at,
    }
    return render(request, "notices/to_read.html", shown)


@access("notices.write")
@require_safe
def readers(request: HttpRequest) -> HttpResponseBase:
    """Who reads which language; ``?xlsx`` gives the list as a file."""
    return _readers_page(request)


def _readers_page(
    request: HttpRequest, filled: forms_variants.ReaderForm | None = None, *, status: int = 200
) -> HttpResponseBase:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "").strip()[:80]
    found = queries_variants.readers(viewer, on=on, text=text)
    if sheets.wanted(request):
        return _as_sheet(request, list(found[:5_000]), on)
    page = paging.cut(found, page=request.GET.get("page"))
    names = units.names_of(unit_ids={r.unit_id for r in page.rows}, on=on)
    shown = {
        "page": page,
        "rows": [
            {
                "reader": r,
                "language": languages.name_of(r.language),
                "unit_name": names.get(r.unit_id, ""),
            }
            for r in page.rows
        ],
        "text": text,
        "form": filled or _reader_form(request),
        "find": request.GET.get("ai", "")[:80],
    }
    return render(request, "notices/readers.html", shown, status=status)


def _as_sheet(request: HttpRequest, found: list[LanguageReader], on: Any) -> HttpResponseBase:
    names = units.names_of(unit_ids={r.unit_id for r in found}, on=on)
    header = ["Tiếng", "Người đọc", "Đơn vị", "Từ"]
    rows = (
        [languages.name_of(r.language), r.account.full_name, names.get(r.unit_id, ""), r.named_at]
        for r in found
    )
    return sheets.as_asked(request, "nguoi-doc", header, rows)


def _reader_form(request: HttpRequest, post: Any = None) -> forms_variants.ReaderForm:
    """The form to name somebody; ``?ai=`` narrows the people to choose from."""
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(clock.now())
    held = [
        u for i in viewer.unit_ids(Permission.NOTICES_WRITE) if (u := units.as_of(unit_id=i, on=on))
    ]
    held.sort(key=lambda u: u.path)
    people: dict[int, str] = {}
    for unit in held:
        found = queries_variants.colleagues_of(viewer, unit_id=unit.id, on=on)
        if name := request.GET.get("ai", "").strip()[:80]:
            found = found.filter(full_name__icontains=name)
        if post and str(post.get("person", "")).isdigit():
            found = found.filter(pk=int(post["person"]))
        people |= dict(found.values_list("pk", "full_name")[:MOST_PEOPLE])
    return forms_variants.ReaderForm(
        post,
        units=[(str(u.id), u.full_name) for u in held],
        people=[(str(pk), name) for pk, name in people.items()],
    )


@access("notices.write")
@require_POST
def name_reader(request: HttpRequest) -> HttpResponseBase:
    """Name somebody as one who reads a language for a unit."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    form = _reader_form(request, request.POST)
    if not form.is_valid():
        return _readers_page(request, form, status=422)
    clean = form.cleaned_data
    found = queries_variants.colleagues_of(
        viewer, unit_id=UUID(clean["unit"]), on=clock.local_date(at)
    )
    account = found.filter(pk=int(clean["person"])).first()
    if account is None:
        form.add_error("person", _("This person has no role in the unit or below it."))
        return _readers_page(request, form, status=422)
    actions_variants.name_reader(
        unit_id=UUID(clean["unit"]), account=account, language=clean["language"], by=viewer, at=at
    )
    messages.success(request, _("Named. What waits in this language appears on her page."))
    return redirect("notices:readers")


@access("notices.write")
@require_POST
def take_out_reader(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take somebody out as reader of a language."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    reader = queries_variants.readers(viewer, on=clock.local_date(at)).filter(pk=pk).first()
    if reader is None:
        raise Http404
    actions_variants.take_out_reader(reader=reader, by=viewer, at=at)
    messages.success(request, _("Taken out."))
    return redirect("notices:readers")


@access("notices.view")
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The reading by machine: asked for, or heard; GET is the part of the page that shows how far it is."""
    notice = _load(request, pk)
    if request.method == "POST":
        by, at = request.staff, clock.now()  # type: ignore[attr-defined]
        try:
            if request.POST.get("do") == "heard":
                actions_spoken.mark_heard(
                    notice=notice, asked_at=request.POST.get("asked_at", ""), by=by, at=at
                )
            else:
                voice_key = request.POST.get("voice", "")
                actions_spoken.ask_reading(notice=notice, voice=voice_key, by=by, at=at)
        except NoticeError as error:
            messages.error(request, _(str(error)))
        if not getattr(request, "htmx", False):
            return redirect("notices:voices", pk=pk)
    elif not getattr(request, "htmx", False):
        return redirect("notices:voices", pk=pk)
    shown = {"notice": notice, **spoken_facts(request, notice)}
    return render(request, "notices/spoken.html", shown)


@access("notices.view")
@require_safe
def reading_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The reading as MP3, to be heard before it is offered."""
    notice = _load(request, pk)
    spoken = queries_variants.spoken_of(notice=notice)
    if spoken is None or spoken.seconds is None:
        raise Http404
    body = queries_variants.sound_of(spoken=spoken)[0]
    return answer_bytes(request, body, media_type="audio/mpeg", name="ban-doc.mp3")


@access("notices.view")
@require_safe
def package(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The package for the loudspeaker: script, reading, recordings that were heard by a second person."""
    notice, at = _load(request, pk), clock.now()
    return package_answer(
        notice, units.name_of(unit_id=notice.unit_id, on=clock.local_date(at)), at
    )


def package_answer(notice: Notice, unit_name: str, at: Any) -> HttpResponse:
    """Return the package as a download."""
    body = packages.package_of(
        notice,
        spoken=queries_variants.heard_of(notice=notice),
        recordings=[
            v for v in queries_variants.published_of(notice=notice) if v.form == Form.AUDIO
        ],
        unit_name=unit_name,
        at=at,
    )
    response = HttpResponse(body, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="goi-loa-{notice.number}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    # It is packed already; packing it once more would only cost time.
    response["Content-Encoding"] = "identity"
    return response
