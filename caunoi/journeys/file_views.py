"""The doors to photos and recordings: the asker's, the unit's, the sealed one, and everybody's for a photo that was released."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import queries as case_queries
from caunoi.cases.asker_door import knows_code, let_in
from caunoi.cases.models import Case
from caunoi.files import actions as files
from caunoi.files import queries, rules, sending
from caunoi.files.models import StoredFile
from caunoi.files.terms import FileError, FileKind, FileState
from caunoi.journeys import ask_files
from caunoi.journeys.case_page import load
from caunoi.journeys.forms import MoreFilesForm
from caunoi.journeys.passport_views import PUBLIC
from caunoi.kit import clock, limits
from caunoi.kit.access import access, public
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


def shown_files(case: Case, *, known: bool) -> list[StoredFile]:
    """Return what the page of the question shows: everything to the asker, released photos of a public case to everybody."""
    if known:
        return queries.of_case(case_id=case.pk)
    return queries.released_of(case_ids=[case.pk]) if case.is_public else []


@public("whoever knows the batch, which nobody can guess, sent the files")
@require_safe
def waiting(request: HttpRequest, batch: str, pk: UUID) -> HttpResponse:
    """Give back a photo or recording of a question that is not sent yet."""
    file = queries.waiting(batch=batch, at=clock.now()).filter(pk=pk).first()
    if file is None:
        raise Http404
    return sending.answer_with(request, file)


@public("a released photo is public; the others need number and code")
@require_safe
def of_question(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Give a file of a question to its asker, a released photo to everybody."""
    case = case_queries.public_case(number=number.upper())
    file = queries.file_of_case(case_id=case.pk, file_id=pk) if case else None
    if case is None or file is None:
        raise Http404
    everybody = case.is_public and file.state == FileState.RELEASED
    if not everybody and not knows_code(request, case):
        raise Http404
    return sending.answer_with(request, file, for_everybody=everybody)


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
def more(request: HttpRequest, number: str) -> HttpResponse:
    """Add photos or a recording to a question that was sent, with number and code."""
    case = case_queries.public_case(number=number.upper())
    if case is None:
        raise Http404
    known, at = knows_code(request, case), clock.now()
    form = MoreFilesForm(request.POST or None, known=known)
    shown = {"case": case, "form": form, "most": rules.MOST_A_CASE, "section": "follow"}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "journeys/more_files.html", shown, status=status)
    allowed = let_in(request, case, form.cleaned_data.get("code", ""), at)
    if isinstance(allowed, HttpResponse):
        return allowed
    if not allowed:
        form.add_error("code", _("This is not the code of this question. It stands on your slip."))
        return render(request, "journeys/more_files.html", shown, status=422)
    taken = ask_files.take(request, case_id=case.pk, at=at)
    if taken.kept:
        ask_files.say_on_case(case, kept=taken.kept, at=at)
        said = ngettext("%(count)d file was added.", "%(count)d files were added.", taken.kept)
        messages.success(request, said % {"count": taken.kept})
    if taken.refused or not taken.kept:
        nothing = [_("Choose a photo or a recording first.")]
        shown["refused"] = taken.refused or nothing
        return render(request, "journeys/more_files.html", shown, status=422)
    return redirect("journeys:question", number=case.number)


def _file(case: Case, pk: UUID) -> StoredFile:
    file = queries.file_of_case(case_id=case.pk, file_id=pk)
    if file is None:
        raise Http404
    return file


@access("cases.view")
@require_safe
def of_case(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Give a file of a case to staff who reach the case."""
    return sending.answer_with(request, _file(load(request, number), pk))


@access("cases.sealed")
@require_safe
def sealed(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Give a file of a sealed case to those who may read it; the opening of its page is on record."""
    case = case_queries.sealed_case(request.staff, number=number)  # type: ignore[attr-defined]
    if case is None:
        raise Http404
    return sending.answer_with(request, _file(case, pk))


@access("cases.view")
@require_safe
def photo(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Show one photo large, and to who may publish what releasing it means."""
    case = load(request, number)
    file = _file(case, pk)
    if file.kind != FileKind.PHOTO:
        raise Http404
    on = clock.local_date(clock.now())
    path = units.paths_of(unit_ids=[case.owner_id], on=on).get(case.owner_id, "")
    may = request.staff.may(Permission.CASES_PUBLISH, path)  # type: ignore[attr-defined]
    return render(request, "files/photo.html", {"case": case, "file": file, "may_publish": may})


@access("cases.publish")
@require_POST
def turn(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Release the photo or take it back; both are on record."""
    case = load(request, number, Permission.CASES_PUBLISH)
    file, by, at = _file(case, pk), request.staff, clock.now()  # type: ignore[attr-defined]
    try:
        if request.POST.get("do") == "take_back":
            files.take_back_photo(file=file, by=by, at=at)
            messages.success(request, _("Only staff and the asker see the photo again."))
        else:
            looked = "looked" in request.POST
            files.release_photo(
                file=file, looked=looked, case_is_public=case.is_public, by=by, at=at
            )
            messages.success(request, _("Everybody sees the photo beside the question."))
    except FileError as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case_photo", number=case.number, pk=file.pk)
