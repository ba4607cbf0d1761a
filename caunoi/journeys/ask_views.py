"""Asking on the web in four steps, without an account and without JavaScript.

What was typed travels along as hidden fields until it is sent. Photos and a recording cannot: they wait under a batch, a name
nobody can guess, for at most a day (room files).
"""

import uuid
from typing import Any

import segno
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caunoi.answers.similar import Proposal
from caunoi.cases import on_behalf
from caunoi.cases import queries as cases
from caunoi.cases.rules import kind_of
from caunoi.channels.actions import LOCAL_FORM
from caunoi.files import queries as files
from caunoi.journeys import (
    ask_and_answer,
    ask_files,
    ask_units,
    asking,
    forms,
    papers,
    same_question,
)
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.kit.limits import PUBLIC_FORM, limited
from caunoi.privacy import actions_consent as consent
from caunoi.units import leads
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

STEPS = (("words", forms.WordsForm), ("place", forms.PlaceForm), ("contact", forms.AskerForm))
ORDER = ("words", "place", "contact", "check")
FIELDS = (
    *("text", "unit", "chosen", "place", "name", "contact", "public", "form_key", "batch"),
    *("asker", "helped_name", "helped_contact", "agreed"),
)
FIRST_CHOICES = {"public": "yes", "asker": "self"}
WHILE_TYPING = {
    "hx-trigger": "input changed delay:900ms",
    "hx-target": "#similar",
    "hx-swap": "outerHTML",
    "hx-params": "text,unit,chosen,csrfmiddlewaretoken",
}
RECEIPT_SALT = "caunoi.journeys.asked"
PUBLIC = "anybody may ask"


@public(PUBLIC)
@limited(PUBLIC_FORM)
def ask(request: HttpRequest) -> HttpResponse:
    """Show the step that is due, keep every word and file, and take the question after the last one."""
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    typed["form_key"] = typed["form_key"] or uuid.uuid4().hex
    if request.method != "POST":
        if led := leads.lead_on(request, word="don-vi", on=clock.local_date(clock.now())):
            return led
        typed["chosen"] = request.GET.get("don-vi", "")[:140]
        return _show(request, "words", None, typed)
    refused = _files_came(request, typed)
    wanted = request.POST.get("back")
    if wanted in ORDER or refused or "remove" in request.POST:
        back = wanted if wanted in ORDER else "words"
        return _show(request, back, None, typed, refused)
    step = request.POST.get("step", "")
    step = step if step in ORDER else "words"
    wrong = _first_wrong(request, step, typed)
    if wrong is not None:
        return wrong
    if step != "check":
        return _show(request, ORDER[ORDER.index(step) + 1], None, typed)
    return _send(request, typed)


def _files_came(request: HttpRequest, typed: dict[str, str]) -> list[str]:
    """Keep what was uploaded, forget what was taken out. -> what to say about files that were not kept"""
    at = clock.now()
    taken = ask_files.take(request, batch=typed["batch"][:64], at=at)
    typed["batch"] = taken.batch
    if "remove" in request.POST:
        ask_files.remove(batch=taken.batch, wanted=request.POST["remove"], at=at)
    return taken.refused


def _first_wrong(request: HttpRequest, step: str, typed: dict[str, str]) -> HttpResponse | None:
    """Look at every step up to this one; -> the page of the first that is not right, or None."""
    for name, form_class in STEPS[: ORDER.index(step) + 1]:
        more = {"spoken": _has_voice(typed)} if name == "words" else {}
        form: Any = form_class(request.POST, **more)  # type: ignore[arg-type]
        if not form.is_valid():
            return _show(request, name, form, typed)
        if name == "place":
            unit = ask_units.meant(written=typed["unit"], chosen=typed["chosen"])
            if unit is None:
                return _choose_unit(request, form, typed)
            typed["chosen"], typed["unit"] = unit.slug, unit.full_name
    return None


def _has_voice(typed: dict[str, str]) -> bool:
    return ask_files.has_voice(ask_files.waiting(batch=typed["batch"], at=clock.now()))


def _show(
    request: HttpRequest,
    step: str,
    form: Any,
    typed: dict[str, str],
    refused: list[str] | None = None,
) -> HttpResponse:
    unit = ask_units.meant(written=typed["unit"], chosen=typed["chosen"])
    if unit is not None:
        typed |= {"chosen": unit.slug, "unit": unit.full_name}
    if form is None and step != "check":
        first = {k: v for k, v in FIRST_CHOICES.items() if not typed[k]}
        form = dict(STEPS)[step](initial=typed | first)
    if step == "words":
        form.fields["text"].widget.attrs |= WHILE_TYPING | {"hx-post": reverse("journeys:similar")}
    similar = _proposals(typed["text"], unit) if step == "place" and typed["text"] else []
    at = clock.now()
    shown = {
        "step": step,
        "guard": kind_of(typed["text"]).value,
        "number": ORDER.index(step) + 1,
        "form": form,
        "typed": typed,
        "kept": {k: v for k, v in typed.items() if form is None or k not in form.fields},
        "unit": unit,
        "files": ask_files.waiting(batch=typed["batch"], at=at),
        "refused": refused or [],
        "proposals": similar,
        "names": units.names_of(
            unit_ids=[p.answer.unit_id for p in similar], on=clock.local_date(at)
        ),
        "consent": _told(unit, step),
        "section": "ask",
    }
    return render(request, "journeys/ask.html", shown)


def _told(unit: UnitNow | None, step: str) -> str:
    """Return what is said about personal data before it is sent; empty on the other steps."""
    if unit is None or step != "check":
        return ""
    return consent.words_for(unit_id=unit.id, channel=LOCAL_FORM, at=clock.now())


def _proposals(text: str, unit: UnitNow | None) -> list[Proposal]:
    on = clock.local_date(clock.now())
    return same_question.already_answered(text=text, unit_id=unit.id if unit else None, on=on)


def _choose_unit(request: HttpRequest, form: Any, typed: dict[str, str]) -> HttpResponse:
    """The name fits several communes, an old one, or none: let the person choose."""
    found = ask_units.choices(text=typed["unit"], on=clock.local_date(clock.now()))
    if not found:
        form.add_error("unit", _(ask_units.NO_SUCH))
        return _show(request, "place", form, typed)
    shown = {
        "choices": found,
        "typed": typed,
        "kept": {k: v for k, v in typed.items() if k not in {"unit", "chosen"}},
    }
    return render(request, "journeys/ask_unit.html", shown | {"section": "ask"})


def asked_of(typed: dict[str, str], unit: UnitNow) -> asking.Asked:
    """Return the question as it was typed, for that unit."""
    helped = on_behalf.Helped(name=typed["helped_name"], contact=typed["helped_contact"])
    return asking.Asked(
        unit_id=unit.id,
        text=typed["text"],
        form_key=typed["form_key"],
        name=typed["name"],
        contact=typed["contact"],
        place=typed["place"],
        is_public=typed["public"] == "yes",
        helped=helped if typed["asker"] == "other" else None,
    )


def _send(request: HttpRequest, typed: dict[str, str]) -> HttpResponse:
    unit = ask_units.meant(written=typed["unit"], chosen=typed["chosen"])
    if unit is None:
        raise Http404
    case = asking.take_question(
        asked=asked_of(typed, unit), batch=typed["batch"][:64], at=clock.now()
    )
    remember_slip(request, case.number)
    return redirect("journeys:asked", number=case.number)


def remember_slip(request: HttpRequest, number: str) -> None:
    """Let this browser, and no other, open the slip of the question it has just sent."""
    request.session["asked"] = signing.dumps(number, salt=RECEIPT_SALT)


@public(PUBLIC)
@require_safe
def asked(request: HttpRequest, number: str) -> HttpResponse:
    """The slip: number, code, QR, deadline. Only for the browser that has just asked."""
    try:
        mine = signing.loads(request.session.get("asked", ""), salt=RECEIPT_SALT)
    except signing.BadSignature:
        mine = ""
    case = cases.public_case(number=number)
    if case is None or mine != number:
        raise Http404
    return render(request, "journeys/asked.html", slip(case))


def slip(case: Any) -> dict[str, Any]:
    """Return what stands on the slip of a case."""
    on = clock.local_date(clock.now())
    address = ask_and_answer.permanent_address(case.number)
    return {
        "case": case,
        "address": address,
        "qr": segno.make(papers.own_address(case), error="m").svg_data_uri(scale=4),
        "unit_name": units.name_of(unit_id=case.owner_id, on=on),
        "helped": on_behalf.of_case(case),
        "files": len(files.of_case(case_id=case.pk)),
        "section": "ask",
    }
