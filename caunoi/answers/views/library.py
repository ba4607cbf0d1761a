"""The library of answers as everybody sees it: search, versions of one answer, its sheet for the notice board."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.answers import actions, queries
from caunoi.answers.models import PublishedAnswer
from caunoi.kit import clock, sheets
from caunoi.kit.access import public
from caunoi.kit.limits import LOOK_UP, limited
from caunoi.routing import queries as routing
from caunoi.units import leads
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

PUBLIC = "the answers library"
PAGE = 20
SLUG = re.compile(r"[\w-]{1,40}", re.ASCII)
"""What a topic may be called in an address; anything else is no topic."""
COUNTED = 1000
"""So far hits are counted; beyond, the page says "more than"."""
IN_A_SHEET = 5_000
"""So many answers go into one file: whoever wants more narrows the list, by unit or topic."""
SHEET = ("Số", "Ngày trả lời", "Đơn vị", "Cơ quan trả lời", "Lĩnh vực", "Câu hỏi", "Trả lời", "Hiệu lực từ", "Đến", "Tình trạng", "Địa chỉ")  # fmt: skip
STANDS = {
    "valid": "còn hiệu lực",
    "corrected": "đã đính chính",
    "law_changed": "luật đã thay đổi",
    "ended": "hết hiệu lực",
    "not_yet": "chưa có hiệu lực",
    "withdrawn": "đã rút",
}
SAID = "answers_said"


class Pages(Paginator):
    """Pages of a list that is counted only so far: nobody turns to page fifty."""

    @cached_property
    def count(self) -> int:
        return self.object_list[: COUNTED + 1].count()  # type: ignore[attr-defined]

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED


@public(PUBLIC)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Search what was answered: by words, in one unit and below, on one topic."""
    on = clock.local_date(clock.now())
    if led := leads.lead_on(request, word="don-vi", on=on):
        return led
    text, topic, old = _chosen(request)
    asked_unit = request.GET.get("don-vi", "")[:140].strip()
    unit, choices = unit_of(asked_unit, on)
    found = queries.published(
        text=text, under=unit.id if unit else None, on=on, topic=topic, old=old
    )
    page = Pages(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "rows": as_rows(page.object_list, on),
        "text": text,
        "unit": unit,
        "choices": [(found, _with_unit(request, found.unit.slug)) for found in choices],
        "unknown_unit": asked_unit if asked_unit and not unit and not choices else "",
        "topic": topic,
        "topic_name": routing.topic_name(code=topic) if topic else "",
        "topics": topics_answered(),
        "old": old,
        "section": "answers",
        "unit_name": unit.full_name if unit else "",
    }
    return render(request, "answers/library.html", shown)


def _chosen(request: HttpRequest) -> tuple[str, str, bool]:
    """Return the words, the topic and whether answers that no longer hold are wanted, as the address says."""
    topic = request.GET.get("chu-de", "")[:40]
    topic = topic if SLUG.fullmatch(topic) else ""
    return request.GET.get("q", "")[:150], topic, request.GET.get("ca-cu") == "1"


@public(PUBLIC)
@require_safe
@limited(LOOK_UP, methods=("GET",))
def table(request: HttpRequest) -> HttpResponseBase:
    """Give what the library shows under the same filters as a file (``?csv``, else XLSX), at most ``IN_A_SHEET`` answers."""
    on = clock.local_date(clock.now())
    text, topic, old = _chosen(request)
    unit, _choices = unit_of(request.GET.get("don-vi", "")[:140].strip(), on)
    found = queries.published(
        text=text, under=unit.id if unit else None, on=on, topic=topic, old=old
    )
    return sheets.as_asked(request, "hoi-dap", SHEET, _sheet_rows(found[:IN_A_SHEET], on))


def _sheet_rows(found: QuerySet[PublishedAnswer], on: date) -> Iterator[list[Any]]:
    topics = {t.pk: t.name for t in topics_answered()}
    for row in as_rows(found, on):
        a = row["answer"]
        yield [
            a.number,
            clock.local_date(a.published_at),
            row["unit_name"],
            a.agency,
            topics.get(a.topic, a.topic),
            a.question,
            a.answer,
            a.valid_from,
            a.valid_until,
            STANDS[row["standing"]],
            f"{settings.PUBLIC_URL}/hoi/{a.number}/",
        ]


def _with_unit(request: HttpRequest, slug: str) -> str:
    query = request.GET.copy()
    query["don-vi"] = slug
    query.pop("page", None)
    return f"?{query.urlencode()}"


def unit_of(asked: str, on: date) -> tuple[UnitNow | None, list[Any]]:
    """Return the unit whose address or only name this is, else the units it may be."""
    if not asked:
        return None, []
    unit = units.by_slug(slug=asked, on=on)
    if unit:
        return unit, []
    hits = units.search(text=asked, on=on, limit=8)
    return (hits[0].unit, []) if len(hits) == 1 else (None, hits)


def as_rows(answers: Any, on: date) -> list[dict[str, Any]]:
    """Return answers with what a list says beside each: the unit's name and how it stands today."""
    answers = list(answers)
    names = units.names_of(unit_ids=[a.unit_id for a in answers], on=on)
    return [
        {
            "answer": a,
            "unit_name": names.get(a.unit_id, ""),
            "standing": queries.how_it_stands(a, on=on).value,
        }
        for a in answers
    ]


def topics_answered() -> list[Any]:
    """Return the topics on which something was answered."""
    return queries.answered_among(routing.topics())


def load(number: str) -> PublishedAnswer:
    """Return the published answer. Raises Http404."""
    answer = queries.by_number(number=number.upper())
    if answer is None:
        raise Http404
    return answer


@public(PUBLIC)
@require_safe
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Show every text an answer had, each with what it changed and why."""
    answer = load(number)
    shown = {
        "answer": answer,
        "versions": queries.history(answer=answer),
        "standing": queries.how_it_stands(answer, on=clock.local_date(clock.now())).value,
        "section": "answers",
    }
    return render(request, "answers/history.html", shown)


@public(PUBLIC)
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """One A4 sheet for the notice board: question, answer, who says so, and a QR code to the page."""
    answer, on = load(number), clock.local_date(clock.now())
    address = address_of(answer.number)
    shown = {
        "answer": answer,
        "standing": queries.how_it_stands(answer, on=on).value,
        "unit_name": units.name_of(unit_id=answer.unit_id, on=on),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=5),
        "today": on,
    }
    return render(request, "answers/sheet.html", shown)


def address_of(number: str) -> str:
    """Return the permanent public address of a question."""
    return f"{settings.PUBLIC_URL}/hoi/{number}/"


@public("anybody says whether an answer helped; only counts are kept")
@limited(LOOK_UP)
@require_POST
def helped(request: HttpRequest, number: str) -> HttpResponse:
    """Count that an answer settled the question, or did not; once a browser session."""
    answer, yes = load(number), request.POST.get("helped") != "no"
    said = request.session.get(SAID, [])
    if answer.number not in said:
        actions.count_help(published=answer, helped=yes, at=clock.now())
        request.session[SAID] = [*said, answer.number][-50:]
    shown = {"answer": answer, "yes": yes, "text": request.POST.get("text", "")[:5000]}
    if not yes:
        return redirect("journeys:ask")
    return render(request, "answers/helped.html", shown | {"section": "answers"})


def newest_changed(found: QuerySet[PublishedAnswer], limit: int) -> list[PublishedAnswer]:
    """Return the answers last published or corrected."""
    newest = list(found[:limit])
    changed = list(found.filter(corrected_at__isnull=False).order_by("-corrected_at")[:limit])
    merged = {a.pk: a for a in [*newest, *changed]}
    return sorted(merged.values(), key=lambda a: a.corrected_at or a.published_at)[::-1][:limit]


def title_for(unit: UnitNow | None, topic_name: str) -> str:
    """Return how a selection of answers is called."""
    if unit:
        return _("Answers of %(unit)s") % {"unit": unit.full_name}
    if topic_name:
        return _("Answers on: %(topic)s") % {"topic": topic_name}
    return _("People ask, the Front answers")


def imported(request: HttpRequest, number: str) -> HttpResponse:
    """Show an answer that was brought in from an old register: it has no case behind it. Raises Http404 for any other."""
    answer, on = load(number), clock.local_date(clock.now())
    if answer.imported_at is None:
        raise Http404
    shown = {
        "answer": answer,
        "standing": queries.how_it_stands(answer, on=on).value,
        "unit_name": units.name_of(unit_id=answer.unit_id, on=on),
        "section": "answers",
    }
    return render(request, "answers/imported.html", shown)
