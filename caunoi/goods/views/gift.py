"""“My gift”: whoever holds a code follows what became of it. No recipient is named, and pooled money is not pretended to be traced."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.campaigns import queries as campaigns
from caunoi.campaigns.terms import GiftState
from caunoi.funds import codes
from caunoi.funds import queries as books
from caunoi.funds.models import Commodity
from caunoi.funds.terms import Column
from caunoi.goods import actions, forms, queries, words
from caunoi.goods.terms import LOOK_UP_GIFT, GoodsError
from caunoi.goods.views.movement import image
from caunoi.goods.views.page import today
from caunoi.kit import clock, limits
from caunoi.kit.access import public
from caunoi.kit.limits import PUBLIC_FORM, limited
from caunoi.units import queries as units

PUBLIC = "whoever holds the code of a gift follows it; nobody who got something is named"


@public(PUBLIC)
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code; typed with O for 0, small letters or spaces it is read all the same."""
    if "ma" not in request.GET:
        return render(
            request, "goods/ask_code.html", {"form": forms.CodeForm(), "section": "campaigns"}
        )
    form = forms.CodeForm(request.GET)
    if form.is_valid():
        number = codes.number_of(form.cleaned_data["ma"])
        if number is not None:
            return redirect("goods:gift", code=codes.code_of(number))
        form.add_error("ma", _why_not(form.cleaned_data["ma"]))
    return render(request, "goods/ask_code.html", {"form": form}, status=422)


def _why_not(typed: str) -> str:
    bare = "".join(c for c in typed.upper() if c.isascii() and c.isalnum())
    if not bare.startswith(codes.PREFIX):
        return _("A code begins with UH. Look at the memo of your transfer or at your slip.")
    if len(bare) != len(codes.PREFIX) + codes.LENGTH + 1:
        return _(
            "After UH come seven letters and digits; here are %(n)d. Compare with your slip."
        ) % {"n": len(bare) - len(codes.PREFIX)}
    return _(
        "One letter or digit is wrong: the check at the end does not fit. Compare with your slip."
    )


@public(PUBLIC)
@require_safe
def gift(request: HttpRequest, code: str) -> HttpResponse:
    """Show what became of a gift. Only wrong codes are counted, and after many of them right ones are refused too for a while."""
    number = codes.number_of(code)
    if number is not None and codes.code_of(number) != code:
        return redirect("goods:gift", code=codes.code_of(number))
    known = _known(request, code)
    return known if isinstance(known, HttpResponse) else _page(request, known)


def _page(request: HttpRequest, known: Any, *, problem: str = "") -> HttpResponse:
    shown = _shown(known) | {"problem": problem}
    return render(request, "goods/gift.html", shown, status=422 if problem else 200)


def _known(request: HttpRequest, code: str) -> Any:
    """Return what the code names, or the answer that says why it names nothing; only wrong ones are counted."""
    number = codes.number_of(code)
    who, at = limits.address(request), clock.now()
    verdict = limits.take(LOOK_UP_GIFT, who=who, at=at)
    if not verdict.allowed:
        return limits.too_many(request, verdict)
    known = campaigns.codes_of(numbers=[number]).get(number) if number is not None else None
    if known is None:
        form = forms.CodeForm({"ma": code[:40]})
        form.is_valid()
        form.add_error("ma", _("No gift has this code. Compare it with your slip.") if number is not None else _why_not(code))  # fmt: skip
        return render(request, "goods/ask_code.html", {"form": form}, status=404)
    limits.give_back(LOOK_UP_GIFT, who=who, at=at)
    return known


@public("whoever holds the code of a gift speaks for its giver")
@limited(PUBLIC_FORM)
@require_POST
def agree(request: HttpRequest, code: str) -> HttpResponse:
    """Say yes to what a unit wishes of the gift: one tap, no account."""
    known = _known(request, code)
    if isinstance(known, HttpResponse):
        return known
    try:
        wanted = UUID(request.POST.get("reservation", ""))
    except ValueError:
        wanted = UUID(int=0)
    try:
        actions.agree_by_code(gift=known.gift, reservation_id=wanted, at=clock.now())
    except GoodsError as error:
        return _page(request, known, problem=_(str(error)))
    messages.success(request, _("Thank you. The unit sees that you agree."))
    return redirect("goods:gift", code=known.text)


def _shown(known: Any) -> dict[str, Any]:
    campaign, found = known.campaign, known.gift
    shown: dict[str, Any] = {
        "memo": known.text,
        "campaign": campaign,
        "gift": found,
        "section": "campaigns",
        "totals": _totals(campaign, found),
    }
    if found is None:
        return shown
    thing = Commodity.objects.get(pk=found.commodity_id)
    story = queries.story(gift=found)
    wished = queries.asked_of_giver(gift=found)
    story_at = [u for m in story for u in (m.unit_id, m.to_unit_id) if u]
    places = _communes(story_at + [r.need.unit_id for r in wished])
    given = sum(m.amount for m in story if m.kind in {"handed_over", "worked"})
    return shown | {
        "thing": thing,
        "is_money": thing.sort == "money",
        "steps": _steps(found, story, given),
        "given": given,
        "asks": [{"r": r, "to": places.get(r.need.unit_id, "")} for r in wished],
        "waits": found.state in (GiftState.PROMISED, GiftState.PARTLY),
        "story": [
            {"m": m, "kind": words.kind_words(m.kind), "at": places.get(m.unit_id, ""), "to": places.get(m.to_unit_id, "") if m.to_unit_id else ""}
            for m in story
        ],
    }  # fmt: skip


def _communes(unit_ids: list[UUID]) -> dict[UUID, str]:
    """Return for each unit the commune (or what lies above) that stands for it: a village is named no closer."""
    lines = units.lineages_of(unit_ids=unit_ids, on=today())
    found = {}
    for unit_id, line in lines.items():
        above = [u for u in line if u.level != "village"]
        found[unit_id] = above[-1].full_name if above else line[-1].full_name
    gone = [u for u in unit_ids if u not in found]
    return found | (units.names_of(unit_ids=gone, on=today()) if gone else {})


def _steps(found: Any, story: Sequence[Any], given: int) -> list[dict[str, Any]]:
    """Return the spans of the bridge: registered, received, allocated, handed over."""
    came = next((m.on for m in story if m.kind in {"received", "worked"}), None)
    kept = next((m.on for m in story if m.earmarked), None)
    over = next((m.on for m in story if m.kind in {"handed_over", "worked"}), None)
    marks = [
        (_("Registered"), found.promised_at, True),
        (
            _(
                "Received",
            ),
            came,
            found.came > 0,
        ),
        (_("Allocated"), kept or over, bool(kept or given)),
        (_("Handed over"), over, given > 0),
    ]
    first_open = next((n for n, (_l, _a, done) in enumerate(marks) if not done), len(marks))
    return [
        {
            "label": label,
            "at": at,
            "state": "done" if done else "now" if n == first_open else "next",
        }
        for n, (label, at, done) in enumerate(marks)
    ]


def _totals(campaign: Any, found: Any) -> list[dict[str, Any]]:
    """Return the four columns of the whole campaign for the thing, or for all things when the code is the campaign's own."""
    if campaign.fund_id is None:
        return []
    columns = books.columns(fund_id=campaign.fund_id)
    things = {c.code: c for c in Commodity.objects.all()}
    wanted = {found.commodity_id} if found else {t for row in columns.values() for t in row}
    return [
        {"thing": things[code]} | {c.value: columns[c].get(code, 0) for c in Column}
        for code in sorted(wanted, key=lambda t: things[t].name)
    ]


@public(PUBLIC)
@require_safe
def released(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a picture that an officer released."""
    found = queries.released_picture(pk=pk)
    if found is None or found.picture is None:
        raise Http404
    return image(bytes(found.picture.body))


def address_of(code: str) -> str:
    """Return where a gift is followed."""
    return reverse("goods:gift", args=[code])
