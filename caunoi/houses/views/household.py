"""One household: reading it is on record; stages, photos, who pays, consent, minutes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.documents import actions as documents
from caunoi.documents.terms import Format
from caunoi.files.sending import answer_bytes
from caunoi.houses import actions, actions_building, forms, labels, queries, rules
from caunoi.houses.models import Household, HouseMoney
from caunoi.houses.terms import HouseState, MoneyStands, Source, StageKind, Topic, Way
from caunoi.houses.views.board import today
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units

PAGE = 30


def load(request: HttpRequest, pk: UUID) -> Household:
    """Return the household, or 404."""
    found = queries.household(request.staff, pk=pk, on=today())  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("houses.view")
@require_safe
def household(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one household to those who handle it."""
    found = load(request, pk)
    actions.note_opened(household=found, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    return _page(request, found)


def _page(
    request: HttpRequest, found: Household, *, status: int = 200, **bound: Any
) -> HttpResponse:
    on, viewer = today(), request.staff  # type: ignore[attr-defined]
    place = heirs.places_of(unit_ids=[found.village_id], on=on)[found.village_id]
    money = queries.money_of(household=found)
    counted = [m for m in money if m.stands != MoneyStands.BACK]
    for row in money:
        aside = row.stands == MoneyStands.ASIDE
        row.waits = aside and queries.waits_for_second(money=row, on=on)  # type: ignore[attr-defined]
    shown = {
        "household": found,
        "programme": found.programme,
        "village_name": units.name_of(unit_id=found.village_id, on=on),
        "place_name": place[1],
        "steps": _steps(found),
        "late": queries.late_of([found], programme=found.programme, on=on)[found.pk],
        "money": money,
        "sum": sum(m.amount for m in counted if m.commodity_id == queries.VND),
        "news": queries.news_of(household=found),
        "consents": queries.consents_of(household=found),
        "keep": viewer.may(Permission.HOUSES_KEEP, place[0]),
        "pays": _pays(viewer, found, Permission.FUNDS_KEEP),
        "agrees": viewer.account_id if _pays(viewer, found, Permission.FUNDS_APPROVE) else None,
        "most": actions.within_support(found),
        "built": found.state in actions_building.BUILT,
        "labels": WORDS,
        **_forms(found),
        **bound,
    }
    return render(request, "houses/household.html", shown, status=status)


WORDS = {
    "states": labels.STATES,
    "grades": labels.GRADES,
    "works": labels.WORKS,
    "stages": labels.STAGES,
    "sources": labels.SOURCES,
    "topics": labels.TOPICS,
    "ways": labels.WAYS,
    "late": labels.LATE,
}


def _pays(viewer: Viewer, found: Household, permission: Permission) -> bool:
    """True when the viewer keeps the books the programme's money comes from, or is the second person there."""
    fund = found.programme.fund
    if fund is None:
        return False
    path = units.paths_of(unit_ids=[fund.unit_id], on=today()).get(fund.unit_id, "none")
    return viewer.may(permission, path)


def _steps(found: Household) -> list[dict[str, Any]]:
    """The stages for the picture of how far it has got; the first that is not finished is now."""
    coming = rules.next_stage(found.stage)
    after = rules.ORDER.index(StageKind(found.stage)) if found.stage else -1
    return [
        {
            "label": labels.STAGES[StageKind(s.kind)],
            "at": None,
            "planned_on": s.planned_on,
            "done_on": s.done_on,
            "state": "done" if n <= after else "now" if s.kind == coming else "next",
        }
        for n, s in enumerate(queries.stages_of(household=found))
    ]


def _forms(found: Household) -> dict[str, django_forms.Form]:
    """The forms of the page, each as it stands at first."""
    day = {"on": today(), "key": uuid4()}
    coming = rules.next_stage(found.stage) or StageKind.HAND_OVER
    days = {s.kind: s.planned_on for s in queries.stages_of(household=found)}
    return {
        "tell_form": forms.TellForm(initial={**day, "stage": coming.value}, auto_id="tell_%s"),
        "plan_form": forms.PlanForm(days=days, auto_id="plan_%s"),
        "declare_form": forms.DeclareForm(things=_things(), initial=day, auto_id="declare_%s"),
        "aside_form": forms.AsideForm(initial={**day, "key": uuid4()}, auto_id="aside_%s"),
        "consent_form": forms.ConsentForm(initial={"given_on": today()}, auto_id="consent_%s"),
        "withdraw_form": forms.BecauseForm(auto_id="withdraw_%s"),
        "minutes_form": forms.MinutesForm(auto_id="minutes_%s"),
    }


def _things() -> list[tuple[str, str]]:
    return [(c.code, f"{c.name} ({c.unit_word})") for c in queries.things()]


@access("houses.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct what is written of a household."""
    found = load(request, pk)
    place = heirs.places_of(unit_ids=[found.village_id], on=today())[found.village_id]
    if not request.staff.may(Permission.HOUSES_KEEP, place[0]):  # type: ignore[attr-defined]
        raise Http404
    names = ("code", "head", "people", "hardship", "address", "grade", "work", "estimate")
    first = {n: getattr(found, n) for n in names}
    form = forms.HouseholdForm(request.POST or None, villages=None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_household(
                household=found,
                fields=form.cleaned_data,
                by=request.staff,  # type: ignore[attr-defined]
                at=clock.now(),
            )
        except Foreseen as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept."))
            return redirect("houses:household", pk=pk)
    actions.note_opened(household=found, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    shown = {"programme": found.programme, "form": form, "household": found}
    return render(request, "houses/household_form.html", shown, status=422 if form.errors else 200)


# -- deeds ---------------------------------------------------------------------


def _tell(found: Household, words: dict[str, Any], who: dict[str, Any]) -> str:
    photo = words.pop("photo")
    stage = StageKind(words.pop("stage"))
    actions_building.tell(
        household=found, stage=stage, photo=photo.read() if photo else b"", **words, **who
    )
    return _("Kept. Thank you.")


def _plan(found: Household, words: dict[str, Any], who: dict[str, Any]) -> str:
    days = {StageKind(name): day for name, day in words.items()}
    actions_building.plan(household=found, days=days, **who)
    return _("The days are planned.")


def _declare(found: Household, words: dict[str, Any], who: dict[str, Any]) -> str:
    words["source"] = Source(words["source"])
    actions_building.declare(household=found, **words, **who)
    return _("Kept.")


def _agree(found: Household, words: dict[str, Any], who: dict[str, Any]) -> str:
    words |= {"topic": Topic(words["topic"]), "way": Way(words["way"])}
    actions.agree(household=found, **words, **who)
    return _("The consent is kept; it can be taken back at any time.")


def _withdraw(found: Household, words: dict[str, Any], who: dict[str, Any]) -> str:
    actions.withdraw(household=found, **words, **who)
    return _("The household has left the programme; nothing of it is public any more.")


def _minutes(found: Household, words: dict[str, Any], who: dict[str, Any]) -> str:
    paper = actions_building.write_minutes(household=found, **words, **who)
    return _("The minutes have number %(number)s. Print them and let everybody sign.") % {
        "number": paper.symbol
    }


Deed = Callable[[Household, dict[str, Any], dict[str, Any]], str]
DEEDS: dict[str, tuple[str, Deed]] = {
    "anh": ("tell_form", _tell),
    "ke-hoach": ("plan_form", _plan),
    "nguon": ("declare_form", _declare),
    "dong-y": ("consent_form", _agree),
    "rut": ("withdraw_form", _withdraw),
    "bien-ban": ("minutes_form", _minutes),
}


@access("houses.keep")
@require_POST
def deed(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """Do one thing with a household; what was typed comes back when it cannot be done."""
    found = load(request, pk)
    if deed not in DEEDS:
        raise Http404
    name, do = DEEDS[deed]
    form = _bound(request, found, name)
    who = {"by": request.staff, "at": clock.now()}  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            said = do(found, dict(form.cleaned_data), who)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, said)
            return redirect("houses:household", pk=pk)
    actions.note_opened(household=found, **who)
    return _page(request, load(request, pk), status=422, **{name: form})


def _bound(request: HttpRequest, found: Household, name: str) -> django_forms.Form:
    kind = type(_forms(found)[name])
    more: dict[str, Any] = {"auto_id": f"{name.removesuffix('_form')}_%s"}
    if kind is forms.DeclareForm:
        more["things"] = _things()
    if kind is forms.PlanForm:
        more["days"] = {}
    return kind(request.POST, request.FILES, **more)


@access("houses.keep")
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a consent back (``topic``), or an amount that was written by mistake (``money``)."""
    found, at = load(request, pk), clock.now()
    topic, row = request.POST.get("topic", ""), request.POST.get("money", "")
    try:
        if topic in {t.value for t in Topic}:
            actions.disagree(household=found, topic=Topic(topic), by=request.staff, at=at)  # type: ignore[attr-defined]
            messages.success(request, _("Taken back. It leaves every public page at once."))
        else:
            actions_building.take_off(money=_money(found, row), by=request.staff, at=at)  # type: ignore[attr-defined]
            messages.success(request, _("It counts no more; the row stays."))
    except Foreseen as error:
        messages.error(request, str(error))
    return redirect("houses:household", pk=pk)


def _money(found: Household, pk: str) -> HouseMoney:
    try:
        row = HouseMoney.objects.filter(household=found, pk=UUID(pk)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    return row


@access("funds.keep")
@require_POST
def money(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set money of the books aside for a house, hand it over (``hand_over``), or take it back (``release``)."""
    found, at, viewer = load(request, pk), clock.now(), request.staff  # type: ignore[attr-defined]
    try:
        for word, do in (
            ("hand_over", actions_building.hand_over_money),
            ("release", actions_building.release),
        ):
            if word in request.POST:
                do(money=_money(found, request.POST[word]), on=today(), by=viewer, at=at)
                messages.success(request, _("It stands in the books."))
                return redirect("houses:household", pk=pk)
    except Foreseen as error:
        messages.error(request, str(error))
        return redirect("houses:household", pk=pk)
    form = forms.AsideForm(request.POST, auto_id="aside_%s")
    if form.is_valid():
        try:
            actions_building.set_aside(household=found, by=viewer, at=at, **form.cleaned_data)
        except Foreseen as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It stands in the books."))
            return redirect("houses:household", pk=pk)
    actions.note_opened(household=found, by=viewer, at=at)
    return _page(request, load(request, pk), status=422, aside_form=form)


@access("funds.approve")
@require_POST
def agree_to_money(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree to an amount that another person set aside."""
    found, by = load(request, pk), request.staff  # type: ignore[attr-defined]
    try:
        row = _money(found, request.POST.get("money", ""))
        actions_building.agree_to_money(money=row, by=by, at=clock.now())
        messages.success(request, _("Agreed. The treasurer can hand it over."))
    except Foreseen as error:
        messages.error(request, str(error))
    return redirect("houses:household", pk=pk)


# -- files -----------------------------------------------------------------------


@access("houses.view")
@require_safe
def picture(request: HttpRequest, pk: UUID, news_pk: UUID) -> HttpResponse:
    """Give a photo of the house to those who handle it."""
    news = queries.picture_of(household=load(request, pk), pk=news_pk)
    if news is None or news.picture is None:
        raise Http404
    body = news.picture.preview if "nho" in request.GET else news.picture.body
    return answer_bytes(
        request, bytes(body), media_type="image/webp", name=f"nha-{str(news.pk)[:8]}.webp"
    )


@access("houses.view")
@require_safe
def minutes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the minutes of handing over as PDF."""
    found, at = load(request, pk), clock.now()
    if found.minutes is None:
        raise Http404
    actions.note_opened(household=found, by=request.staff, at=at)  # type: ignore[attr-defined]
    body = documents.file_for(paper=found.minutes, file_format=Format.PDF, at=at)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bien-ban-{found.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


# -- on the phone ------------------------------------------------------------------


@access("houses.keep")
@require_safe
def to_visit(request: HttpRequest) -> HttpResponse:
    """The houses of the viewer's villages, large under a thumb, those longest without news first."""
    on = today()
    found = queries.to_visit(request.staff, on=on)  # type: ignore[attr-defined]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[h.village_id for h in page], on=on)
    coming = queries.next_of(page)
    for programme in {h.programme for h in page}:
        n = sum(h.programme_id == programme.pk for h in page)
        actions.note_list_opened(programme=programme, names=n, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    shown = {"page": page, "names": names, "coming": coming, "labels": WORDS}
    return render(request, "houses/to_visit.html", shown)


@access("houses.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a photo of a stage in a few taps."""
    found, at = load(request, pk), clock.now()
    if found.state != HouseState.APPROVED:
        return redirect("houses:household", pk=pk)
    form = _forms(found)["tell_form"]
    if request.method == "POST":
        form = _bound(request, found, "tell_form")
        if form.is_valid():
            try:
                said = _tell(found, dict(form.cleaned_data), {"by": request.staff, "at": at})  # type: ignore[attr-defined]
            except Foreseen as error:
                form.add_error(None, _(str(error)))
            else:
                messages.success(request, said)
                return redirect("houses:to_visit")
    actions.note_opened(household=found, by=request.staff, at=at)  # type: ignore[attr-defined]
    shown = {
        "household": found,
        "form": form,
        "village_name": units.name_of(unit_id=found.village_id, on=today()),
        "steps": _steps(found),
    }
    return render(request, "houses/visit.html", shown, status=422 if form.errors else 200)
