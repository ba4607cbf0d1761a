"""Questions that were written without network: the page that works offline, and the door at which a browser hands them in later.

A browser asks first for a fresh token, then posts; the same ``form_key`` twice is one case, so it may try as often as it likes.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caunoi.cases.models import Case
from caunoi.channels.actions import LOCAL_FORM
from caunoi.journeys import ask_files, ask_units, asking, forms
from caunoi.journeys.ask_views import FIELDS, PUBLIC, asked_of, remember_slip
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.kit.limits import PUBLIC_FORM, limited
from caunoi.privacy import actions_consent as consent

KEY = 20
"""A browser's mark for one sending is a UUID; anything shorter could be somebody else's."""


@public(PUBLIC)
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The ask form on one page, kept by the browser for the time without network; nothing of a person stands in it."""
    form = forms.WholeForm(initial={"public": "yes", "asker": "self"})
    # Which unit will be asked is not known yet: what is told to everybody stands here.
    told = consent.words_for(unit_id=UUID(int=0), channel=LOCAL_FORM, at=clock.now())
    shown = {"form": form, "consent": told, "section": "ask"}
    return render(request, "journeys/ask_offline.html", shown)


@public(PUBLIC)
@limited(PUBLIC_FORM)
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """GET: a fresh token. POST: take the question in; 422 with the reasons when somebody must look at it again."""
    if request.method != "POST":
        return JsonResponse({"csrf": get_token(request)})
    at = clock.now()
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    taken = ask_files.take(request, at=at)
    spoken = ask_files.has_voice(ask_files.waiting(batch=taken.batch, at=at))
    form = forms.WholeForm(request.POST, spoken=spoken)
    if len(typed["form_key"]) < KEY:
        form.add_error(None, _("This sending has no mark. Open the page anew and send again."))
    unit = ask_units.meant(written=typed["unit"], chosen=typed["chosen"])
    if unit is None and typed["unit"]:
        only = ask_units.only_choice(text=typed["unit"], on=clock.local_date(at))
        unit = ask_units.unit_asked(only)
        if unit is None:
            form.add_error("unit", _unclear(typed["unit"]))
    if not form.is_valid() or unit is None:
        return JsonResponse({"errors": form.errors}, status=422)
    case = asking.take_question(asked=asked_of(typed, unit), batch=taken.batch, at=at)
    remember_slip(request, case.number)
    return JsonResponse(_receipt(case, taken))


def _unclear(written: str) -> str:
    on = clock.local_date(clock.now())
    names = [c["name"] for c in ask_units.choices(text=written, on=on)]
    if not names:
        return _(ask_units.NO_SUCH)
    return _("Several communes fit: %(names)s. Open the question and choose one.") % {
        "names": ", ".join(names[:6])
    }


def _receipt(case: Case, taken: ask_files.Taken) -> dict[str, Any]:
    return {
        "number": case.number,
        "code": case.follow_code,
        "address": f"{reverse('journeys:question', kwargs={'number': case.number})}?ma={case.follow_code}",
        "refused": taken.refused,
    }
