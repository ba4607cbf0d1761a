"""One movement of goods: its arrival, picture, paper, and how it fared."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.goods import actions, actions_after, actions_stock, forms, papers, queries, words
from caunoi.goods.models import Movement
from caunoi.goods.terms import GoodsError, MovementKind
from caunoi.goods.views.page import detail_of, tell, today, who
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.units import queries as units


def _load(request: HttpRequest, pk: UUID) -> Movement:
    found = queries.movement(who(request), pk=pk, on=today())
    if found is None:
        raise Http404
    return found


@access("goods.view")
@require_safe
def movement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one movement with everything that may be done about it."""
    return _page(request, _load(request, pk))


def _page(request: HttpRequest, m: Movement, *, status: int = 200, **bound: Any) -> HttpResponse:
    on, at, viewer = today(), clock.now(), who(request)
    names = units.names_of(unit_ids=[u for u in (m.unit_id, m.to_unit_id) if u], on=on)
    keeps = actions.may_keep(m.unit_id, viewer, at)
    word = getattr(m.posting, "sealed_word", None)
    coming = m.kind == MovementKind.SENT and m.arrived_at is None
    shown = {
        "m": m,
        "kind": words.kind_words(m.kind),
        "names": names,
        "keeps": keeps,
        "coming": coming,
        "may_arrive": coming and m.to_unit_id and actions.may_keep(m.to_unit_id, viewer, at),
        # who got it is read by those who keep goods there, nobody else
        "recipient": word.word if keeps and word and m.witness else "",
        "may_print": keeps and m.kind in papers.PAPERS,
        "follow_ups": queries.follow_ups(movement=m),
        "follow_form": forms.FollowUpForm(initial=forms.today(on)),
    } | bound
    return render(request, "goods/movement.html", shown, status=status)


@access("goods.keep")
def arrive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that what was sent has arrived."""
    m = _load(request, pk)
    if m.to_unit_id is None or not actions.may_keep(m.to_unit_id, who(request), clock.now()):
        raise Http404
    if m.kind != MovementKind.SENT or m.arrived_at:
        return redirect("goods:movement", pk=pk)
    sent: Any = (request.POST, request.FILES) if request.method == "POST" else ()
    first = forms.today(today()) | {"good": m.amount, "spoiled": 0}
    form = forms.ArriveForm(*sent, initial=first)  # type: ignore[misc]
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        detail = detail_of(fields)
        try:
            actions_stock.arrive(
                movement=m,
                good=fields["good"],
                spoiled=fields["spoiled"] or 0,
                on=fields["on"],
                note=detail.note,
                picture=detail.picture,
                by=who(request),
                at=clock.now(),
            )
        except Foreseen as error:
            tell(form, error)
        else:
            messages.success(request, _("Arrived. It lies in your store now."))
            return redirect("goods:stock")
    shown = {
        "m": m,
        "form": form,
        "names": units.names_of(unit_ids=[m.unit_id, m.to_unit_id], on=today()),
    }
    return render(request, "goods/arrive.html", shown, status=422 if form.errors else 200)


@access("goods.keep")
@require_POST
def after(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """Show the picture to everybody or not, make the paper, note how it fares."""
    m, at = _load(request, pk), clock.now()
    if not actions.may_keep(m.unit_id, who(request), at):
        raise Http404
    form = forms.FollowUpForm(request.POST if deed == "hoi-tham" else None)
    try:
        done = _after(request, m, deed, form)
    except GoodsError as error:
        if deed == "hoi-tham":
            form.add_error(None, _(str(error)))
            return _page(request, m, status=422, follow_form=form)
        messages.error(request, _(str(error)))
        done = True
    if not done:
        return _page(request, m, status=422, follow_form=form)
    return redirect("goods:movement", pk=pk)


def _after(request: HttpRequest, m: Movement, deed: str, form: forms.FollowUpForm) -> bool:
    """Do it; False when what was typed is not good."""
    common: dict[str, Any] = {"movement": m, "by": who(request), "at": clock.now()}
    if deed == "cong-khai":
        actions_after.release_picture(looked="looked" in request.POST, **common)
    elif deed == "thoi-cong-khai":
        actions_after.take_back_picture(**common)
    elif deed == "giay":
        papers.issue(**common)
        fresh = _load(request, m.pk)
        papers.pdf_of(movement=fresh, at=common["at"])
    elif deed == "hoi-tham":
        if not form.is_valid():
            return False
        counts: dict[str, Any] = {
            k: v if k == "on" else v or 0 for k, v in form.cleaned_data.items()
        }
        actions_after.follow_up(**counts, **common)
    else:
        raise Http404
    messages.success(request, _("Recorded."))
    return True


@access("goods.keep")
@require_safe
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the way-bill or the minutes as PDF; those who keep goods at the unit open it."""
    m = _load(request, pk)
    if m.paper is None or not actions.may_keep(m.unit_id, who(request), clock.now()):
        raise Http404
    answer = HttpResponse(papers.pdf_of(movement=m, at=clock.now()), content_type="application/pdf")
    name = m.paper.symbol.replace("/", "-")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@access("goods.view")
@require_safe
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the picture to staff of the units it is about."""
    m = _load(request, pk)
    if m.picture is None:
        raise Http404
    return image(bytes(m.picture.body))


def image(body: bytes) -> HttpResponse:
    """Return a kept picture: WebP, never guessed at."""
    answer = HttpResponse(body, content_type="image/webp")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=300"
    return answer
