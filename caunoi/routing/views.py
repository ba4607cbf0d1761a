"""Who is competent: the administrator's pages of rules, bodies and topics."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.routing import actions, forms, queries
from caunoi.routing.models import Body, Rule, Topic
from caunoi.routing.terms import Mode, RoutingError
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE = 100


def _today() -> date:
    return clock.local_date(clock.now())


def _tabs(here: str) -> list[dict[str, Any]]:
    pages = {"rules": _("Rules"), "bodies": _("Competent bodies"), "topics": _("Topics")}
    return [
        {"href": reverse(f"routing:{p}"), "label": n, "count": None, "current": p == here}
        for p, n in pages.items()
    ]


def _places(request: HttpRequest) -> list[str]:
    """Return the names offered while typing a place: the viewer's own units and what lies directly below them."""
    on = _today()
    own = request.staff.unit_ids(Permission.ROUTING_MANAGE)
    names = list(units.names_of(unit_ids=own, on=on).values())
    for unit_id in own:
        names += [u.full_name for u in units.children(unit_id=unit_id, on=on)]
    return list(dict.fromkeys(names))[:400]


@access("routing.view")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules for the viewer's places, and show what they would do with a question."""
    on, viewer = _today(), request.staff
    topic, kind = request.GET.get("topic", "")[:40], request.GET.get("kind", "")[:16]
    found = queries.visible_rules(viewer, on=on, topic=topic, kind=kind)
    if "xlsx" in request.GET:
        return _rules_as_sheet(list(found[:10_000]), on)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "names": _names_of_rules(list(page), on),
        "kinds": forms.KINDS,
        "topics": queries.topics(),
        "topic": topic,
        "kind": kind,
        "today": on,
        "tabs": _tabs("rules"),
        "places": _places(request),
        "may_manage": viewer.may(Permission.ROUTING_MANAGE),
    }
    return render(request, "routing/rules.html", shown | _tried(request))


def _names_of_rules(found: list[Rule], on: date) -> dict:
    ids = {r.place_id for r in found} | {r.to_unit_id for r in found if r.to_unit_id}
    return units.names_of(unit_ids=ids, on=on)


def _tried(request: HttpRequest) -> dict[str, Any]:
    """Return the answer to "what would happen?": guessed topics, the proposal, its reason."""
    asked = "place" in request.GET
    form = forms.TryForm(request.GET if asked else None)
    if not asked or not form.is_valid():
        return {"try_form": form, "tried": False}
    fields, on = form.cleaned_data, _today()
    guesses = queries.guess_topics(text=fields["text"]) if fields["text"] else []
    topic = fields["topic"] or (guesses[0].code if guesses else "")
    proposal = queries.proposal_for(
        unit_id=fields["place"].id, topic=topic, kind=fields["kind"], on=on
    )
    return {"try_form": form, "tried": True, "guesses": guesses, "proposal": proposal}


def _rules_as_sheet(found: list[Rule], on: date) -> HttpResponse:
    names = _names_of_rules(found, on)
    header = [
        "Ưu tiên", "Chủ đề", "Loại việc", "Nơi", "Chuyển đến", "Cách áp dụng", "Căn cứ", "Từ ngày", "Đến ngày",
    ]  # fmt: skip
    rows = (
        [
            r.priority,
            r.topic.name if r.topic else "",
            str(forms.KINDS.get(r.kind, "")),
            names.get(r.place_id, ""),
            r.to_body.name if r.to_body else r.to_office or names.get(r.to_unit_id, ""),
            "tự áp dụng" if r.mode == Mode.AUTOMATIC else "đề xuất",
            r.legal_source,
            r.valid_from,
            r.valid_until,
        ]
        for r in found
    )
    return sheets.answer("quy-tac-chuyen", header, rows)


@access("routing.manage")
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change one rule."""
    on, viewer = _today(), request.staff
    found = get_object_or_404(_manageable(viewer, on), pk=pk) if pk else None
    bodies = list(queries.visible_bodies(viewer, on=on)[:500])
    form = forms.RuleForm(request.POST or None, initial=_rule_now(found, on), bodies=bodies)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        wanted = {
            "place_id": fields.pop("place").id,
            "to_unit_id": fields["to_unit"].id if fields["to_unit"] else None,
            "to_body_id": fields["to_body"] or None,
            "mode": Mode(fields.pop("mode")),
        }
        fields = {k: v for k, v in fields.items() if k not in {"to_unit", "to_body"}}
        try:
            actions.save_rule(rule=found, by=viewer, at=clock.now(), **wanted, **fields)
        except RoutingError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("The rule is kept. It holds for cases from now on."))
            return redirect("routing:rules")
    shown = {"form": form, "rule": found, "places": _places(request)}
    return render(request, "routing/rule.html", shown)


def _manageable(viewer: Any, on: date) -> Any:
    reach = units.subtree_filter(paths=viewer.scope(Permission.ROUTING_MANAGE), on=on)
    return Rule.objects.filter(place_id__in=reach)


def _rule_now(found: Rule | None, on: date) -> dict[str, Any]:
    if found is None:
        return {"valid_from": on, "mode": Mode.PROPOSE.value, "priority": 100}
    fields = ("kind", "to_office", "mode", "priority", "legal_source", "valid_from", "valid_until")
    names = units.names_of(unit_ids=[found.place_id], on=on)
    return {f: getattr(found, f) for f in fields} | {
        "topic": found.topic_id or "",
        "place": found.place.slug if found.place else names.get(found.place_id, ""),
        "to_unit": found.to_unit.slug if found.to_unit else "",
        "to_body": str(found.to_body_id or ""),
    }


@access("routing.manage")
@require_POST
def end_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """End a rule today."""
    found = get_object_or_404(_manageable(request.staff, _today()), pk=pk)
    actions.end_rule(rule=found, by=request.staff, at=clock.now())
    messages.success(request, _("The rule has ended. Cases it decided keep their reason."))
    return redirect("routing:rules")


@access("routing.view")
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """List the competent bodies of the viewer's units."""
    on, viewer = _today(), request.staff
    text = request.GET.get("q", "")[:150]
    found = queries.visible_bodies(viewer, on=on, text=text).prefetch_related("members")
    if "xlsx" in request.GET:
        return _bodies_as_sheet(list(found[:10_000]), on)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "names": units.names_of(unit_ids=[b.unit_id for b in page], on=on),
        "kinds": {k.value: n for k, n in forms.BODY_KINDS.items()},
        "text": text,
        "today": on,
        "tabs": _tabs("bodies"),
        "may_manage": viewer.may(Permission.ROUTING_MANAGE),
    }
    return render(request, "routing/bodies.html", shown)


def _bodies_as_sheet(found: list[Body], on: date) -> HttpResponse:
    names = units.names_of(unit_ids=[b.unit_id for b in found], on=on)
    kinds = {k.value: str(n) for k, n in forms.BODY_KINDS.items()}
    header = [
        "Tên",
        "Loại",
        "Thuộc đơn vị",
        "Chức năng",
        "Thư điện tử",
        "Điện thoại",
        "Số ngày",
        "Từ ngày",
        "Đến ngày",
    ]
    rows = (
        [
            b.name,
            kinds.get(b.kind, ""),
            names.get(b.unit_id, ""),
            b.office,
            b.email,
            b.phone,
            b.days,
            b.valid_from,
            b.valid_until,
        ]
        for b in found
    )
    return sheets.answer("co-quan-tham-quyen", header, rows)


@access("routing.manage")
def body(request: HttpRequest, pk: str | None = None) -> HttpResponse:
    """Add or change one competent body."""
    on, viewer = _today(), request.staff
    reach = units.subtree_filter(paths=viewer.scope(Permission.ROUTING_MANAGE), on=on)
    found = get_object_or_404(Body.objects.filter(unit_id__in=reach), pk=pk) if pk else None
    form = forms.BodyForm(request.POST or None, initial=_body_now(found, on))
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        unit = fields.pop("unit")
        try:
            actions.save_body(body=found, unit_id=unit.id, by=viewer, at=clock.now(), **fields)
        except RoutingError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("The body is kept."))
            return redirect("routing:bodies")
    shown = {"form": form, "body": found, "places": _places(request)}
    return render(request, "routing/body.html", shown)


def _body_now(found: Body | None, on: date) -> dict[str, Any]:
    if found is None:
        return {"valid_from": on}
    fields = (
        "name", "kind", "office", "email", "phone", "address", "days", "valid_from", "valid_until",
    )  # fmt: skip
    return {f: getattr(found, f) for f in fields} | {
        "unit": found.unit.slug,
        "members": "\n".join(found.members.values_list("email", flat=True)),
    }


@access("routing.view")
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """List the topics with their words."""
    shown = {
        "topics": queries.topics(all_of_them=True),
        "tabs": _tabs("topics"),
        "may_manage": any("." not in p for p in request.staff.scope(Permission.ROUTING_MANAGE)),
    }
    return render(request, "routing/topics.html", shown)


@access("routing.manage")
def topic(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Add or change one topic."""
    found = get_object_or_404(Topic, pk=code) if code else None
    kind = forms.TopicForm if found else forms.NewTopicForm
    now = (
        {f: getattr(found, f) for f in ("name", "keywords", "position", "is_active")}
        if found
        else {}
    )
    form = kind(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        fields["code"] = found.pk if found else fields["code"]
        try:
            actions.save_topic(by=request.staff, at=clock.now(), new=found is None, **fields)
        except RoutingError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("The topic is kept."))
            return redirect("routing:topics")
    return render(request, "routing/topic.html", {"form": form, "topic": found})
