"""Asking on the web in four steps, without an account and without JavaScript.

What was typed travels along as hidden fields until it is sent; nothing is stored before.
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
from caunoi.cases import queries as cases
from caunoi.cases.rules import kind_of
from caunoi.channels.actions import LOCAL_FORM
from caunoi.journeys import ask_and_answer, forms, papers, same_question
from caunoi.kit import clock
from caunoi.kit.access import public
from caunoi.kit.limits import PUBLIC_FORM, limited
from caunoi.privacy import actions_consent as consent
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

STEPS = (("words", forms.WordsForm), ("place", forms.PlaceForm), ("contact", forms.ContactForm))
ORDER = ("words", "place", "contact", "check")
FIELDS = ("text", "unit", "place", "name", "contact", "public", "form_key")
WHILE_TYPING = {
    "hx-trigger": "input changed delay:900ms",
    "hx-target": "#similar",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
}
RECEIPT_SALT = "caunoi.journeys.asked"
PUBLIC = "anybody may ask"


@public(PUBLIC)
@limited(PUBLIC_FORM)
def ask(request: HttpRequest) -> HttpResponse:
    """Show the step that is due, keep every word, and take the question after the last one."""
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    typed["form_key"] = typed["form_key"] or uuid.uuid4().hex
    if request.method != "POST":
        typed["unit"] = request.GET.get("don-vi", "")[:140]
        return _show(request, "words", None, typed)
    if request.POST.get("back") in ORDER:
        return _show(request, request.POST["back"], None, typed)
    step = request.POST.get("step") if request.POST.get("step") in ORDER else "words"
    for name, form_class in STEPS[: ORDER.index(step) + 1]:
        form = form_class(request.POST)
        if not form.is_valid():
            return _show(request, name, form, typed)
        if name == "place" and unit_asked(typed["unit"]) is None:
            return _choose_unit(request, form, typed)
    if step != "check":
        return _show(request, ORDER[ORDER.index(step) + 1], None, typed)
    return _send(request, typed)


def _show(request: HttpRequest, step: str, form: Any, typed: dict[str, str]) -> HttpResponse:
    if form is None and step != "check":
        form = dict(STEPS)[step](initial=typed | {"public": typed["public"] or "yes"})
    if step == "words":
        form.fields["text"].widget.attrs |= WHILE_TYPING | {"hx-post": reverse("journeys:similar")}
    unit = unit_asked(typed["unit"])
    similar = _proposals(typed["text"], unit) if step == "place" and typed["text"] else []
    on = clock.local_date(clock.now())
    shown = {
        "step": step,
        "guard": kind_of(typed["text"]).value,
        "number": ORDER.index(step) + 1,
        "form": form,
        "typed": typed,
        "kept": {k: v for k, v in typed.items() if form is None or k not in form.fields},
        "unit": unit,
        "proposals": similar,
        "names": units.names_of(unit_ids=[p.answer.unit_id for p in similar], on=on),
        "consent": _told(unit, step),
        "section": "ask",
    }
    return render(request, "journeys/ask.html", shown)


def _told(unit: UnitNow | None, step: str) -> str:
    """Return what is said about personal data before it is sent; empty on the other steps."""
    if unit is None or step != "check":
        return ""
    return consent.text_for(unit_id=unit.id, channel=LOCAL_FORM, at=clock.now()).text


def _proposals(text: str, unit: UnitNow | None) -> list[Proposal]:
    on = clock.local_date(clock.now())
    return same_question.already_answered(text=text, unit_id=unit.id if unit else None, on=on)


def _choose_unit(request: HttpRequest, form: Any, typed: dict[str, str]) -> HttpResponse:
    """The name fits several communes, an old one, or none: let the person choose."""
    on = clock.local_date(clock.now())
    choices: dict[str, dict[str, str]] = {}
    for found in units.search(text=typed["unit"], on=on, limit=12):
        for heir in units.successors(unit_id=found.unit.id, on=on):
            if heir.unit and heir.unit.level in {Level.COMMUNE, Level.PROVINCE}:
                old = "" if found.alive else f"{found.unit.full_name}, {found.within}"
                where = ", ".join(
                    u.full_name for u in reversed(units.ancestors(unit_id=heir.unit.id, on=on))
                )
                choices.setdefault(
                    heir.unit.slug,
                    {
                        "slug": heir.unit.slug,
                        "name": heir.unit.full_name,
                        "where": where,
                        "old": old,
                    },
                )
    if not choices:
        form.add_error(
            "unit", _("No commune of that name. Try a part of it, with or without accents.")
        )
        return _show(request, "place", form, typed)
    shown = {
        "choices": list(choices.values())[:12],
        "typed": typed,
        "kept": {k: v for k, v in typed.items() if k != "unit"},
    }
    return render(request, "journeys/ask_unit.html", shown | {"section": "ask"})


def unit_asked(slug: str) -> UnitNow | None:
    """Return the unit with that address when it lives today."""
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=slug, on=on) if slug else None
    return unit if unit is not None and (unit.valid_to is None or unit.valid_to > on) else None


def _send(request: HttpRequest, typed: dict[str, str]) -> HttpResponse:
    unit = unit_asked(typed["unit"])
    if unit is None:
        raise Http404
    case = ask_and_answer.ask_on_web(
        unit_id=unit.id,
        text=typed["text"],
        form_key=typed["form_key"][:64],
        name=typed["name"],
        contact=typed["contact"],
        place=typed["place"],
        is_public=typed["public"] == "yes",
        at=clock.now(),
    )
    request.session["asked"] = signing.dumps(case.number, salt=RECEIPT_SALT)
    return redirect("journeys:asked", number=case.number)


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
        "section": "ask",
    }
