"""What the asker may do with number and code: print her slip, ask to look again once, say how content she is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import actions as cases
from caunoi.cases import faces
from caunoi.cases import queries as case_queries
from caunoi.cases.asker_door import knows_code, let_in
from caunoi.cases.models import Case
from caunoi.cases.terms import CaseError, Face
from caunoi.journeys import papers
from caunoi.journeys.hop_forms import AgainForm, FaceForm
from caunoi.kit import clock, limits
from caunoi.kit.access import public

PUBLIC = "an asker acts on her own question by number and code"


def _case(number: str) -> Case:
    case = case_queries.public_case(number=number.upper())
    if case is None:
        raise Http404
    return case


@public(PUBLIC)
@never_cache
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """Give the slip with QR as PDF; the code stands on it only for who has shown it. A private question needs the code."""
    case = _case(number)
    known = knows_code(request, case)
    if not case.is_public and not known:
        return redirect(f"/theo-doi/?so={case.number}")
    content = papers.receipt(case=case, at=clock.now(), with_code=known)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="phieu-{case.number}.pdf"'
    return response


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
@never_cache
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the unit to look at its answer once more, saying why; once a question."""
    case, at = _case(number), clock.now()
    form = AgainForm(request.POST or None, known=knows_code(request, case))
    shown = {"case": case, "form": form, "known": knows_code(request, case), "section": "follow"}
    if request.method != "POST" or not form.is_valid():
        return render(request, "journeys/again.html", shown, status=422 if form.errors else 200)
    allowed = let_in(request, case, form.cleaned_data["code"], at)
    if isinstance(allowed, HttpResponse):
        return allowed
    if not allowed:
        form.add_error("code", _("This is not the code of this question. It stands on your slip."))
        return render(request, "journeys/again.html", shown, status=422)
    try:
        cases.reopen_by_asker(case=case, reason=form.cleaned_data["reason"], at=at)
    except CaseError as error:
        form.add_error(None, _(str(error)))
        return render(request, "journeys/again.html", shown, status=422)
    messages.success(request, _("The unit looks at it again. The new deadline stands below."))
    return redirect("journeys:question", number=case.number)


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
@never_cache
@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Keep one of three faces for the answer; changeable for seven days."""
    case, at = _case(number), clock.now()
    form = FaceForm(request.POST, known=knows_code(request, case))
    shown = {"case": case, "form": form, "known": knows_code(request, case), "section": "follow"}
    if not form.is_valid():
        return render(request, "journeys/rate.html", shown, status=422)
    allowed = let_in(request, case, form.cleaned_data["code"], at)
    if isinstance(allowed, HttpResponse):
        return allowed
    if not allowed:
        form.add_error("code", _("This is not the code of this question. It stands on your slip."))
        return render(request, "journeys/rate.html", shown, status=422)
    try:
        face, text = Face(form.cleaned_data["face"]), form.cleaned_data["text"]
        faces.rate_answer(case=case, face=face, text=text, at=at)
    except CaseError as error:
        form.add_error(None, _(str(error)))
        return render(request, "journeys/rate.html", shown, status=422)
    messages.success(request, _("Thank you. You can change it for seven days."))
    return redirect("journeys:question", number=case.number)
