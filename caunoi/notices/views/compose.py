"""The composer: one page to write a notice, see it on every surface, choose for whom and when, and hand it in."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from caunoi.kit import clock, uploads
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.notices import (
    actions,
    actions_files,
    actions_repeating,
    actions_scratch,
    forms,
    looking,
    posts,
    queries,
    queries_look,
    rules,
)
from caunoi.notices.models import Notice
from caunoi.notices.terms import (
    Audience,
    BadFile,
    Draft,
    EditedMeanwhile,
    Line,
    MustBeCorrected,
    NoticeError,
    NoticeKind,
    NoticeState,
    Surface,
    WrongState,
)
from caunoi.notices.views.drafting import MOST_PICKS, Desk, uuid_of
from caunoi.notices.views.loading import load
from caunoi.units import queries as units

TOO_HEAVY = gettext_noop("A file heavier than 20 MB was not taken. Choose a smaller one.")
CHANGES = ("save", "hand_in", "keep_group")
MANY = ("levels", "kinds", "pick", "r_weekdays")


@access("notices.propose")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a notice."""
    return _composer(request, None)


def edit(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Go on with a draft (the page of a notice calls this while it is one)."""
    return _composer(request, notice)


def _composer(request: HttpRequest, notice: Notice | None) -> HttpResponse:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    at = clock.now()
    on = clock.local_date(at)
    desk = Desk(viewer, notice, on)
    if request.method != "POST":
        return _opened(request, desk, at)
    form = desk.form(request.POST, request.FILES, None)
    do = request.POST.get("do", "preview")
    if do == "drop":
        actions_scratch.drop_scratch(notice=notice, by=viewer)
        return redirect(request.path)
    if do not in CHANGES:
        return _page(request, desk, form, at, do=do)
    if not form.is_valid():
        return _page(request, desk, form, at, status=422)
    return _keep(request, desk, form, do, at)


def _opened(request: HttpRequest, desk: "Desk", at: datetime) -> HttpResponse:
    """The composer as it is opened, with what was typed the last time and not kept."""
    scratch = queries.scratch_of(desk.viewer, notice=desk.notice)
    initial, picks = desk.initial(), desk.stored_picks()
    if scratch is not None:
        initial |= scratch.fields
        initial |= {k: scratch.fields.get(k, "").split() for k in MANY}
        picks = desk.picks_of(initial["pick"])
    form = desk.form(None, None, initial)
    return _page(request, desk, form, at, scratch=scratch, picks=picks)


def _keep(
    request: HttpRequest, desk: "Desk", form: forms.ComposeForm, do: str, at: datetime
) -> HttpResponse:
    try:
        if do == "keep_group":
            return _keep_group(request, desk, form, at)
        kept = _write(request, desk, form, at)
        if do == "hand_in":
            _hand_in(request, kept, desk.viewer, at)
            messages.success(request, _("Handed in. Somebody else approves it."))
        else:
            messages.success(request, _("The draft is kept."))
    except EditedMeanwhile:
        return _both(request, desk, form, at)
    except MustBeCorrected:
        found = queries.notice_for(desk.viewer, pk=kept.pk, on=desk.on)
        fresh = Desk(desk.viewer, found, desk.on)
        shown = fresh.form(None, None, fresh.initial())
        return _page(request, fresh, shown, at, status=422, must=True)
    except NoticeError as error:
        form.add_error(None, _(str(error)))
        return _page(request, desk, form, at, status=422)
    return redirect("notices:notice", pk=kept.pk)


def _hand_in(request: HttpRequest, kept: Notice, by: Viewer, at: datetime) -> None:
    """Hand it in; when the same form was pressed twice, the first press has done so."""
    try:
        actions.hand_in(notice=kept, by=by, at=at)
    except WrongState:
        kept.refresh_from_db(fields=["state", "form_key"])
        pressed = uuid_of(request.POST.get("form_key", ""))
        if kept.state == NoticeState.DRAFT or pressed is None or kept.form_key != pressed:
            raise


@transaction.atomic
def _write(request: HttpRequest, desk: "Desk", form: forms.ComposeForm, at: datetime) -> Notice:
    by, fields = desk.viewer, form.written()
    unit_id = desk.unit_id(form)
    lines = form.lines(unit_id, desk.picks(request))
    if desk.notice is None:
        kept = actions.create_notice(
            unit_id=unit_id,
            fields=fields,
            lines=lines,
            form_key=uuid_of(request.POST.get("form_key", "")),
            by=by,
            at=at,
        )
        if kept.state != NoticeState.DRAFT:
            return kept
        if kept.created_at != at:
            # pressed again after something was changed: it is gone on with
            actions.save_draft(notice=kept, fields=fields, seen_version=kept.version, by=by, at=at)
    else:
        seen = request.POST.get("seen", "0")
        version = int(seen) if seen.isdigit() and len(seen) < 9 else 0
        kept = actions.save_draft(
            notice=desk.notice, fields=fields, seen_version=version, by=by, at=at
        )
    clean = form.cleaned_data
    actions.set_audience(
        notice=kept,
        lines=lines,
        audience=Audience(clean["audience"]),
        must_acknowledge=clean["must_acknowledge"],
        acknowledge_by=clean["acknowledge_by"],
        by=by,
        at=at,
    )
    actions.set_times(
        notice=kept, publish_at=clean["publish_at"], valid_until=clean["valid_until"], by=by, at=at
    )
    rhythm = form.rhythm(desk.on)
    actions_repeating.set_rhythm(notice=kept, rhythm=rhythm, by=by, at=at)
    _files(request, kept, by, at)
    return kept


def _files(request: HttpRequest, kept: Notice, by: Viewer, at: datetime) -> None:
    if request.FILES is not None and uploads.skipped_files(request):
        raise BadFile(TOO_HEAVY)
    alts = {
        pk: str(value)
        for name, value in request.POST.items()
        if name.startswith("alt-") and (pk := uuid_of(name[4:]))
    }
    gone = [pk for value in request.POST.getlist("without") if (pk := uuid_of(value))]
    if alts or gone:
        actions_files.arrange(notice=kept, alts=alts, without=gone, by=by, at=at)
    for file in request.FILES.getlist("new_picture"):
        actions_files.add_picture(
            notice=kept, content=file.read(), alt=request.POST.get("new_alt", ""), by=by, at=at
        )
    for file in request.FILES.getlist("new_attachment"):
        name = file.name or ""
        actions_files.add_attachment(notice=kept, name=name, content=file.read(), by=by, at=at)


def _keep_group(
    request: HttpRequest, desk: "Desk", form: forms.ComposeForm, at: datetime
) -> HttpResponse:
    name = request.POST.get("group_name", "").strip()
    if name:
        unit_id = desk.unit_id(form)
        lines = form.lines(unit_id, desk.picks(request))
        actions_files.keep_group(unit_id=unit_id, name=name, lines=lines, by=desk.viewer, at=at)
        messages.success(request, _("The audience is kept as “%(name)s”.") % {"name": name[:120]})
    return _page(request, desk, form, at, do="keep_group")


def _both(
    request: HttpRequest, desk: "Desk", form: forms.ComposeForm, at: datetime
) -> HttpResponse:
    """A colleague kept another version: hers stays in the form and as her scratch, the other stands beside it."""
    if desk.notice is None:
        raise Http404
    theirs = queries.notice_for(desk.viewer, pk=desk.notice.pk, on=desk.on)
    actions_scratch.keep_scratch(
        notice=desk.notice,
        fields=typed(request),
        seen_version=desk.notice.version,
        by=desk.viewer,
        at=at,
    )
    desk.notice = theirs
    return _page(request, desk, form, at, status=409, theirs=theirs)


@access("notices.propose")
@require_POST
def scratch(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Keep what is being typed, for whoever types it; answers with one line."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    notice = load(request, pk) if pk else None
    seen = request.POST.get("seen", "0")
    try:
        kept = actions_scratch.keep_scratch(
            notice=notice,
            fields=typed(request),
            seen_version=int(seen) if seen.isdigit() and len(seen) < 9 else 0,
            by=viewer,
            at=at,
        )
    except NoticeError as error:
        return render(request, "notices/kept.html", {"problem": _(str(error))}, status=422)
    moved = notice is not None and notice.version != kept.seen_version
    return render(request, "notices/kept.html", {"kept": kept, "moved": moved, "notice": notice})


def typed(request: HttpRequest) -> dict[str, str]:
    """Return what was typed, by field; what is chosen many times stands line by line."""
    many = {k: "\n".join(request.POST.getlist(k)[:MOST_PICKS]) for k in MANY}
    known = set(forms.ComposeForm.base_fields) | {f"w_{x.value}" for x in Surface}
    return many | {k: str(v) for k, v in request.POST.items() if k in known - set(MANY)}


def _reached(
    desk: Desk, form: forms.ComposeForm, lines: list[Line], unit_id: UUID
) -> looking.Reached:
    return looking.reached(
        lines,
        on=desk.on,
        speaker=unit_id if form.is_public() else None,
        warns=form.written().kind == NoticeKind.WARNING,
    )


def _whole(
    request: HttpRequest,
    desk: Desk,
    form: forms.ComposeForm,
    reached: looking.Reached,
    at: datetime,
) -> Draft:
    """Return what is typed with all that is around it: whom it reaches, by which channels, what was said like it."""
    return replace(
        desk.draft(form),
        units=reached.units,
        rooms=posts.rooms_of(
            reached.connector_keys,
            audience=Audience.PUBLIC if form.is_public() else Audience.INTERNAL,
            has_video=desk.has_video(),
        ),
        variants=queries_look.words_in_languages(notice=desk.notice) if desk.notice else (),
        alts=desk.alts(request),
        similar=looking.alike(
            title=form.written().title,
            unit_id=desk.unit_id(form),
            but=desk.notice.pk if desk.notice else None,
            at=at,
            on=desk.on,
        ),
    )


def _page(
    request: HttpRequest,
    desk: "Desk",
    form: forms.ComposeForm,
    at: datetime,
    *,
    do: str = "preview",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    picks = more.pop("picks", None)
    if picks is None:
        picks = desk.picks(request)
    if do.startswith("use:"):
        picks = desk.picks_of_group(do[4:])
        typed_now = request.POST.copy()
        typed_now["reach"] = forms.CHOSEN
        form.data = typed_now
    unit_id = desk.unit_id(form)
    reached = _reached(desk, form, form.lines(unit_id, picks), unit_id)
    draft = _whole(request, desk, form, reached, at)
    shown = {
        "form": form,
        "notice": desk.notice,
        "cards": looking.cards(draft, address=desk.address()),
        "findings": looking.said(rules.checks(draft, at)),
        "reached": reached,
        "unit_name": units.name_of(unit_id=unit_id, on=desk.on),
        "tree": desk.tree(request, do, unit_id, picks),
        "groups": list(queries.groups(desk.viewer, on=desk.on)),
        "pictures": desk.pictures(),
        "attachments": desk.attachments(),
        "title": draft.title,
        "returned": desk.returned(),
        "now": at,
        "here": desk.here(),
        "form_key": uuid_of(request.POST.get("form_key", "")) or uuid4(),
        "again": looking.again(form.rhythm(desk.on), at=at),
        "when_says": desk.when_says(form, draft.publish_at),
        "unfolded": do not in {"preview", "save", "hand_in"},
        "swapped": bool(getattr(request, "htmx", False)),
        "scratch_url": reverse("notices:scratch", args=[desk.notice.pk])
        if desk.notice
        else reverse("notices:scratch_new"),
    } | more
    template = "notices/composer.html"
    if getattr(request, "htmx", False) and request.method == "POST":
        template = "notices/audience.html" if do != "preview" else "notices/beside.html"
    return render(request, template, shown, status=status)
