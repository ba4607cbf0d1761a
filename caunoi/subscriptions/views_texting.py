"""The public door to a unit's text messages: a number, then the code that went to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from caunoi.channels import numbers_asking
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.kit.limits import limited
from caunoi.subscriptions import forms, texting
from caunoi.subscriptions.terms import CODES_ASKED
from caunoi.units import queries as units


@public(
    "anybody may ask for what a unit tells by text message; the code that went to the phone decides"
)
@limited(CODES_ASKED)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for the number, send it a code, and put it on the list when the code comes back."""
    at = clock.now()
    slug = request.GET.get("don-vi", "")[:140]
    unit = units.by_slug(slug=slug, on=clock.local_date(at))
    channel = numbers_asking.list_of(unit_id=unit.id) if unit else None
    if unit is None or channel is None:
        raise Http404
    typing_code = "code" in request.POST
    form = (forms.CodeForm if typing_code else forms.NumberForm)(request.POST or None)
    step, status = "code" if typing_code else "number", 200
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        if not typing_code:
            texting.ask(channel=channel, number=number, at=at)
            form, step = forms.CodeForm(initial={"phone": number}), "code"
        elif numbers_asking.confirm(
            channel=channel, number=number, code=form.cleaned_data["code"], at=at
        ):
            step = "done"
        else:
            form.add_error(
                "code", _("This is not the code, or it is older than a day. Ask for another one.")
            )
    if form.errors:
        status = 422
    shown = {"name": unit.full_name, "slug": slug, "form": form, "step": step, "section": "answers"}
    return render(request, "subscriptions/texting.html", shown, status=status)
