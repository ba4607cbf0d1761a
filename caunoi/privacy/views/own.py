"""What an asker may see and ask about her own data, by number and code or a link sent into her chat."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import asker_door, personal
from caunoi.cases import queries as cases
from caunoi.cases.models import Case
from caunoi.cases.terms import State
from caunoi.kit import clock, limits
from caunoi.kit.access import public
from caunoi.privacy import actions, forms, holdings, queries
from caunoi.privacy.terms import PrivacyError
from caunoi.units import queries as units

PUBLIC = "an asker sees and asks about her own data by number and code"
SHOWN_HERE = "held"


def _case(number: str) -> Case:
    case = cases.public_case(number=number.upper())
    if case is None:
        raise Http404
    return case


def _is_open(request: HttpRequest, case: Case) -> bool:
    """True when this browser opened the page of this case with its code or a link."""
    return case.number in request.session.get(SHOWN_HERE, [])


def _open(request: HttpRequest, case: Case) -> None:
    request.session[SHOWN_HERE] = [*request.session.get(SHOWN_HERE, []), case.number][-5:]
    asker_door.remember_code(request, case)
    actions.note_shown(case=case, by=getattr(request, "staff", None), at=clock.now())


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
@never_cache
def held(request: HttpRequest, number: str) -> HttpResponse:
    """Show everything held on the case to whoever types its code here; following a case before is not enough."""
    case, at = _case(number), clock.now()
    if _is_open(request, case):
        return render(request, "privacy/held.html", _page(case))
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        allowed = asker_door.right_code(request, case, form.cleaned_data["code"], at)
        if isinstance(allowed, HttpResponse):
            return allowed
        if allowed:
            _open(request, case)
            return redirect("privacy:held", number=case.number)
        form.add_error("code", _("This is not the code of this question. It stands on your slip."))
    shown = {"case": case, "form": form, "may_get_link": actions.may_get_link(case)}
    return render(request, "privacy/door.html", shown, status=422 if form.errors else 200)


def _page(case: Case) -> dict[str, Any]:
    about = personal.subject_of(case=case)
    on = clock.local_date(clock.now())
    return {
        "case": case,
        "pieces": holdings.pieces(about),
        "kept": holdings.kept_by_law(about),
        "erasure": queries.erasure_of(case=case),
        "requests": queries.requests_of(case=case),
        "shared": case.thread_id is not None and not about.alone,
        "unit_name": units.name_of(unit_id=case.owner_id, on=on),
        "now": clock.now(),
        "section": "follow",
    }


@public(PUBLIC)
@never_cache
@require_safe
def file(request: HttpRequest, number: str) -> HttpResponse:
    """Give the same as JSON, to keep or to take elsewhere."""
    case = _case(number)
    if not _is_open(request, case):
        return redirect("privacy:held", number=case.number)
    about = personal.subject_of(case=case)
    told = {
        "number": case.number,
        "made_at": clock.now().isoformat(),
        "held": [
            {
                "what": _(piece.label),
                "text": piece.text,
                "at": piece.at.isoformat() if piece.at else None,
                "table": piece.table,
            }
            for piece in holdings.pieces(about)
        ],
        "kept_by_law": holdings.kept_by_law(about),
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="du-lieu-{case.number}.json"'
    return response


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
@never_cache
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for name, phone or place to be written otherwise."""
    case = _case(number)
    if not _is_open(request, case):
        return redirect("privacy:held", number=case.number)
    form = forms.CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.ask_correction(
                case=case,
                name=typed["name"],
                contact=typed["phone"],
                place=typed["place"],
                words=typed["words"],
                at=clock.now(),
            )
            messages.success(request, _("We have got it. The answer comes on this page."))
            return redirect("privacy:held", number=case.number)
        except PrivacyError as error:
            form.add_error(None, _(str(error)))
    shown = {"case": case, "form": form, "section": "follow"}
    return render(request, "privacy/correct.html", shown, status=422 if form.errors else 200)


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
@never_cache
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """Ask to be erased from the case, knowing what stays and that it cannot be undone."""
    case = _case(number)
    if not _is_open(request, case):
        return redirect("privacy:held", number=case.number)
    form = forms.EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_erasure(case=case, words=form.cleaned_data["words"], at=clock.now())
            messages.success(request, _("We have got it. The answer comes on this page."))
            return redirect("privacy:held", number=case.number)
        except PrivacyError as error:
            form.add_error(None, _(str(error)))
    shown = {
        "case": case,
        "form": form,
        "unfinished": case.state not in {State.ANSWERED, State.CLOSED},
        "kept": holdings.kept_by_law(personal.subject_of(case=case)),
        "section": "follow",
    }
    return render(request, "privacy/erase.html", shown, status=422 if form.errors else 200)


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
@require_POST
def send_link(request: HttpRequest, number: str) -> HttpResponse:
    """Send a one-time link into the chat the question came from."""
    case = _case(number)
    try:
        actions.send_link(case=case, at=clock.now())
        messages.success(request, _("A link is on its way into the chat in which you asked."))
    except PrivacyError as error:
        messages.error(request, _(str(error)))
    return redirect("privacy:held", number=case.number)


@public(PUBLIC)
@limits.limited(limits.PUBLIC_FORM)
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open the door by the link from the chat, once. Chats look at links by themselves, so only pressing the button uses it up."""
    pk = actions.link_behind(token)
    link = queries.link(pk=str(pk)) if pk else None
    if link is None:
        return render(request, "privacy/link_spent.html", {"section": "follow"}, status=410)
    if request.method != "POST":
        return render(request, "privacy/link.html", {"case": link.case, "section": "follow"})
    if not actions.use_link(link=link, at=clock.now()):
        return render(request, "privacy/link_spent.html", {"section": "follow"}, status=410)
    _open(request, link.case)
    return redirect("privacy:held", number=link.case.number)
