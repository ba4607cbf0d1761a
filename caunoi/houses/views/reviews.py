"""The village's review: the meeting, the posted list with its sheet for the notice board, objections, the commune's approval."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.documents import drawing
from caunoi.documents import rules as papers
from caunoi.houses import actions, actions_review, forms, labels, queries, rules
from caunoi.houses.models import Objection, Programme, Review
from caunoi.houses.terms import HouseError, ReviewState
from caunoi.houses.views.board import load as load_programme
from caunoi.houses.views.board import today
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units

PAGE = 30


def load(request: HttpRequest, pk: UUID) -> Review:
    """Return the review, or 404."""
    found = queries.review(request.staff, pk=pk, on=today())  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("houses.view")
@require_safe
def reviews(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the reviews, and the villages whose households wait for one."""
    on, programme = today(), load_programme(request, pk)
    found = queries.reviews(request.staff, programme=programme, on=on)  # type: ignore[attr-defined]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    waits = queries.villages_to_review(request.staff, programme=programme, on=on)  # type: ignore[attr-defined]
    shown = {
        "programme": programme,
        "page": page,
        "names": units.names_of(unit_ids=[r.village_id for r in page], on=on),
        "waits": waits,
        "slugs": units.slugs_of(unit_ids=[unit_id for unit_id, _name, _n in waits]),
        "states": labels.REVIEW_STATES,
        "may_keep": request.staff.may(Permission.HOUSES_KEEP),  # type: ignore[attr-defined]
    }
    return render(request, "houses/reviews.html", shown)


@access("houses.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down the meeting of the village called ``thon``."""
    on, programme = today(), load_programme(request, pk)
    village = units.by_slug(slug=request.GET.get("thon", "")[:140], on=on)
    if village is None:
        return redirect("houses:reviews", pk=pk)
    named = queries.to_review(
        request.staff,  # type: ignore[attr-defined]
        programme=programme,
        village_id=village.id,
        on=on,
    )
    form = forms.MeetingForm(request.POST or None, named=named, initial={"met_on": on})
    if request.method == "POST" and form.is_valid():
        fields = ("met_on", "minutes_number", "households", "present")
        try:
            made = actions_review.hold(
                programme=programme,
                village_id=village.id,
                votes=form.votes(),
                by=request.staff,  # type: ignore[attr-defined]
                at=clock.now(),
                **{n: form.cleaned_data[n] for n in fields},
            )
        except HouseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The meeting is written down. Now post its list."))
            return redirect("houses:review", pk=made.pk)
    _note_names(request, programme, len(named))
    shown = {"programme": programme, "form": form, "named": named, "village": village}
    return render(request, "houses/hold.html", shown, status=422 if form.errors else 200)


@access("houses.view")
@require_safe
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one review with what comes next."""
    return _page(request, load(request, pk))


def _note_names(request: HttpRequest, programme: Programme, names: int) -> None:
    """Record that somebody reads a list with so many names."""
    actions.note_list_opened(programme=programme, names=names, by=request.staff, at=clock.now())  # type: ignore[attr-defined]


def _page(request: HttpRequest, found: Review, *, status: int = 200, **bound: Any) -> HttpResponse:
    on, viewer = today(), request.staff  # type: ignore[attr-defined]
    path = heirs.places_of(unit_ids=[found.village_id], on=on)[found.village_id][0]
    lines = queries.lines_of(review=found)
    _note_names(request, found.programme, len(lines))
    last = rules.last_posting_day(since=on, days=found.programme.posting_days)
    shown = {
        "review": found,
        "programme": found.programme,
        "village_name": units.name_of(unit_id=found.village_id, on=on),
        "lines": lines,
        "agreed": sum(line.accepted and not line.struck for line in lines),
        "objections": queries.objections_of(review=found),
        "states": labels.REVIEW_STATES,
        "keep": viewer.may(Permission.HOUSES_KEEP, path),
        "approve": viewer.may(Permission.HOUSES_APPROVE, path),
        "over": bool(found.posted_to and on > found.posted_to),
        "post_form": forms.PostForm(initial={"since": on, "until": last}, auto_id="post_%s"),
        "object_form": forms.ObjectionForm(
            named=_named(lines), initial={"said_on": on}, auto_id="object_%s"
        ),
        "decide_form": forms.DecideForm(auto_id="decide_%s"),
        "back_form": forms.BecauseForm(auto_id="back_%s"),
        **bound,
    }
    return render(request, "houses/review.html", shown, status=status)


def _named(lines: list[Any]) -> list[tuple[str, str]]:
    return [(str(x.household_id), f"{x.household.head} ({x.household.code})") for x in lines]


@access("houses.keep")
@require_POST
def deed(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """Post the list, write an objection down, decide on one, hand the list in."""
    found = load(request, pk)
    lines = queries.lines_of(review=found)
    known: dict[str, tuple[str, Any]] = {
        "niem-yet": ("post_form", forms.PostForm(request.POST, auto_id="post_%s")),
        "y-kien": (
            "object_form",
            forms.ObjectionForm(request.POST, named=_named(lines), auto_id="object_%s"),
        ),
        "ket-luan": ("decide_form", forms.DecideForm(request.POST, auto_id="decide_%s")),
        "trinh": ("submit_form", forms.forms.Form(request.POST)),
    }
    if deed not in known:
        raise Http404
    name, form = known[deed]
    who = {"by": request.staff, "at": clock.now()}  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            said = _do(request, found, deed, form.cleaned_data, who)
        except HouseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("houses:review", pk=pk)
    return _page(request, load(request, pk), status=422, **{name: form})


def _do(
    request: HttpRequest, found: Review, deed: str, words: dict[str, Any], who: dict[str, Any]
) -> str:
    if deed == "niem-yet":
        actions_review.post_list(review=found, **words, **who)
        return _("The list is posted. Print the sheet and put it up.")
    if deed == "y-kien":
        words["household_id"] = UUID(words.pop("household")) if words["household"] else None
        words.pop("household", None)
        actions_review.object_to(review=found, **words, **who)
        return _("The objection is written down.")
    if deed == "ket-luan":
        objection = _objection(found, request.POST.get("objection", ""))
        actions_review.decide(
            objection=objection,
            upheld=words["upheld"] == "yes",
            decision=words["decision"],
            **who,
        )
        return _("The objection is decided.")
    actions_review.submit(review=found, **who)
    return _("The list is handed in; another person of the commune approves it.")


def _objection(found: Review, word: str) -> Objection:
    rows = Objection.objects.filter(review=found)
    objection = rows.filter(pk=word).first() if word.isdigit() and len(word) < 18 else None
    if objection is None:
        raise Http404
    return objection


@access("houses.approve")
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve the list that another person handed in, or give it back (``back``)."""
    found = load(request, pk)
    who = {"by": request.staff, "at": clock.now()}  # type: ignore[attr-defined]
    form = forms.BecauseForm(request.POST, auto_id="back_%s")
    try:
        if "back" not in request.POST:
            actions_review.approve(review=found, **who)
            messages.success(request, _("The list is approved. The houses can be built."))
            return redirect("houses:review", pk=pk)
        if form.is_valid():
            actions_review.send_back(review=found, because=form.cleaned_data["because"], **who)
            messages.success(request, _("The list is given back to the village."))
            return redirect("houses:review", pk=pk)
    except HouseError as error:
        form.add_error(None, str(error))
    return _page(request, load(request, pk), status=422, back_form=form)


@access("houses.view")
@require_safe
def board_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the list as an A4 sheet for the village's notice board, with the day until which one may object."""
    found = load(request, pk)
    if found.state == ReviewState.MET:
        raise Http404
    response = HttpResponse(_drawn(found), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="niem-yet-binh-xet.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


COLUMNS = (
    *(("STT", "right"), ("Hộ", "wide"), ("Loại nhà", "left"), ("Làm mới hay sửa", "left")),
    *(("Phiếu thuận", "right"), ("Kết quả", "left"), ("Mức hỗ trợ (đồng)", "right")),
)


def _drawn(found: Review) -> bytes:
    """The words of the sheet; content, so Vietnamese. Who did not agree to be named stands there by code."""
    on, programme = today(), found.programme
    village = units.name_of(unit_id=found.village_id, on=on)
    path = reverse("houses:posted", args=[programme.slug, found.pk])
    address = f"{settings.PUBLIC_URL}{path}"
    above = units.ancestors(unit_id=found.village_id, on=on)
    commune = above[-1].full_name if above else village
    last = f"{found.posted_to:%d/%m/%Y}" if found.posted_to else ""
    return drawing.board_pdf(
        issuer=(
            f"ỦY BAN MTTQ VIỆT NAM {commune.upper()}",
            f"BAN CÔNG TÁC MẶT TRẬN {village.upper()}",
        ),
        title="DANH SÁCH BÌNH XÉT HỘ LÀM NHÀ",
        subtitle=programme.name,
        facts=[
            ("Họp thôn ngày", f"{found.met_on:%d/%m/%Y}, biên bản số {found.minutes_number}"),
            ("Số hộ của thôn", f"{found.households}, có mặt {found.present}"),
            (
                "Niêm yết",
                f"từ {found.posted_from:%d/%m/%Y} đến hết {last}, tại {found.posted_where}",
            ),
            ("Nhận ý kiến đến hết", last),
        ],
        columns=COLUMNS,
        rows=[
            _line(n, line, programme) for n, line in enumerate(queries.lines_of(review=found), 1)
        ],
        notes=[
            "Hộ được chọn khi quá nửa số hộ của thôn đồng ý. Hộ chưa đồng ý nêu tên được ghi bằng mã hộ.",
            f"Ai chưa đồng tình, xin nói với trưởng ban công tác Mặt trận thôn trước khi hết ngày {last}. "
            "Mọi ý kiến được ghi lại và trả lời.",
        ],
        address=address,
        qr_svg=_qr(address),
        date_line=papers.date_line(place=village, on=found.posted_from or found.met_on),
        signer="TRƯỞNG BAN CÔNG TÁC MẶT TRẬN",
    )


def _qr(address: str) -> str:
    return (
        segno.make(address, error="m")
        .svg_inline(scale=4, border=1)
        .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


GRADE_WORDS = {"temporary": "nhà tạm", "dilapidated": "nhà dột nát"}
WORK_WORDS = {"new": "làm mới", "repair": "sửa chữa"}


def _line(number: int, line: Any, programme: Any) -> list[str]:
    h = line.household
    most = rules.support(work=h.work, new=programme.new_support, repair=programme.repair_support)
    chosen = line.accepted and not line.struck
    return [
        str(number),
        h.head if h.name_public else f"Hộ mã {h.code}",
        GRADE_WORDS[h.grade],
        WORK_WORDS[h.work],
        f"{line.votes}",
        "được chọn" if chosen else "chưa được chọn",
        f"{most:,}".replace(",", ".") if chosen else "",
    ]
