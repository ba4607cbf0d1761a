"""The wizard: a day, what closing units hold, what becomes of it, two signatures, and how far it has come."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.sentences import said
from caunoi.reform import actions, forms, queries, rules
from caunoi.reform.models import Plan, Step
from caunoi.reform.registry import HOLDERS
from caunoi.reform.terms import Outcome, PlanState, ReformError, Rule
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE, LOOKED_AT = 50, 20
NAMED = frozenset({"channels"})
"""Holders whose things bear a name that may change."""


@access("units.manage")
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans of the viewer's units."""
    on = clock.local_date(clock.now())
    page = Paginator(queries.visible_plans(request.staff, on=on), PAGE).get_page(  # type: ignore[attr-defined]
        request.GET.get("page")
    )
    names = units.names_of(unit_ids=[p.root_id for p in page], on=on)
    return render(request, "reform/plans.html", {"page": page, "names": names})


@access("units.manage")
def begin(request: HttpRequest) -> HttpResponse:
    """Choose units and day, and list everything the closing units hold."""
    at = clock.now()
    on = clock.local_date(at)
    form = forms.PlanForm(request.POST or None, on_day=on, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            made = actions.draw_up(
                root_id=fields["root"].id,
                on=fields["on"],
                legal_reference=fields["legal_reference"],
                by=request.staff,  # type: ignore[attr-defined]
                at=at,
            )
            return redirect("reform:plan", pk=made.pk)
        except ReformError as error:
            form.add_error(None, _(str(error)))
    shown = {"form": form, "days": _days(request, on)}
    return render(request, "reform/begin.html", shown, status=422 if form.errors else 200)


def _first(request: HttpRequest) -> dict[str, str]:
    return {k: request.GET[k][:140] for k in ("root", "on") if k in request.GET}


def _days(request: HttpRequest, on: Any) -> list[dict[str, Any]]:
    """Return the days with closing units below each unit in which the viewer manages units."""
    found = []
    for unit_id in request.staff.unit_ids(Permission.UNITS_MANAGE):  # type: ignore[attr-defined]
        unit = units.as_of(unit_id=unit_id, on=on)
        for day, count in queries.days_ahead(request.staff, root_id=unit_id)[:8] if unit else []:  # type: ignore[attr-defined]
            found.append({"unit": unit, "day": day, "count": count, "ahead": day > on})
    return found


def load(request: HttpRequest, pk: UUID) -> Plan:
    """Return the plan when the viewer manages its units. Raises Http404."""
    found = queries.plan(request.staff, pk=pk, on=clock.local_date(clock.now()))  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("units.manage")
@require_safe
def plan(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Show how far the plan is: sums, what is missing, and its steps, filtered."""
    found, at = load(request, pk), clock.now()
    chosen = {
        name: request.GET.get(name, "")[:60] for name in ("holder", "outcome", "state", "text")
    }
    steps = queries.steps(plan=found, **chosen)
    if sheets.wanted(request):
        return sheets.as_asked(
            request, "sap-xep-don-vi", SHEET, _sheet_rows(found, steps), heading=str(found.on_date)
        )
    page = Paginator(steps, PAGE).get_page(request.GET.get("page"))
    today = clock.local_date(at)
    state = PlanState(found.state)
    shown = {
        "plan": found,
        "root": units.name_of(unit_id=found.root_id, on=found.on_date),
        "lines": queries.sums(plan=found),
        "blockers": {b.code: b.count for b in queries.blockers(plan=found)},
        "page": page,
        "names": _names(found, page),
        "chosen": chosen,
        "holders": _holders(),
        "outcomes": forms.OUTCOMES.items(),
        "troubles": [(said(r), n) for r, n in found.rehearsal.get("failed", {}).items()],
        "changing": state in rules.CHANGING,
        "signable": state in rules.SIGNABLE,
        "over": state in rules.OVER,
        "failed": sum(found.rehearsal.get("failed", {}).values()),
        "may_return": rules.may_take_back(state=state, on_date=found.on_date, today=today),
        "now": at,
    }
    return render(request, "reform/plan.html", shown)


SHEET = (
    *("Đơn vị kết thúc", "Cấp", "Loại", "Tên", "Số lượng", "Kết quả chọn"),
    *("Đơn vị nhận", "Tên mới", "Trạng thái", "Lý do chưa xong", "Xong lúc"),
)


def _sheet_rows(plan: Plan, steps: Any) -> Iterator[list[Any]]:
    rows = list(steps)
    names = _names(plan, rows)
    for s in rows:
        yield [
            s.closing.name,
            s.closing.level,
            _(HOLDERS[s.holder].title),
            _(s.label),
            s.count,
            str(forms.OUTCOMES[Outcome(s.outcome)]) if s.outcome else "",
            names[s.target_id or s.closing.target_id] if s.target_id or s.closing.target_id else "",
            s.new_name,
            s.state,
            said(s.trouble),
            s.done_at,
        ]


def _names(plan: Plan, steps: Any) -> dict[UUID, str]:
    wanted = {s.target_id or s.closing.target_id for s in steps} - {None}
    return units.names_of(unit_ids=wanted, on=plan.on_date)


def _holders() -> list[tuple[str, str]]:
    return [(name, _(holder.title)) for name, holder in HOLDERS.items()]


@access("units.manage")
def step(request: HttpRequest, pk: UUID, step_pk: int) -> HttpResponse:
    """Decide one thing."""
    found = load(request, pk)
    one = get_object_or_404(Step.objects.select_related("closing"), plan=found, pk=step_pk)
    form = _step_form(request, found, one)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        done = _tried(
            request,
            lambda: actions.decide(
                plan=found,
                steps=[one],
                outcome=Outcome(fields["outcome"]),
                new_name=fields.get("new_name", ""),
                to_unit_id=UUID(fields["to"]) if fields.get("to") else None,
                into=fields.get("into", ""),
                by=request.staff,  # type: ignore[attr-defined]
                at=clock.now(),
            ),
        )
        if done is not None:
            return redirect("reform:plan", pk=pk)
    holder = HOLDERS[one.holder]
    shown = {"plan": found, "step": one, "form": form, "title": _(holder.title)}
    shown["rule"] = holder.rule
    shown["target"] = next(iter(_names(found, [one]).values()), "")
    shown["changing"] = found.state in rules.CHANGING
    return render(request, "reform/step.html", shown, status=422 if form.errors else 200)


def _step_form(request: HttpRequest, plan: Plan, step: Step) -> forms.StepForm:
    """Ask for the part only where a unit was split, and for what takes it in only where something may be merged."""
    heirs = queries.heirs_of(closings=[step.closing], on=plan.on_date).get(step.closing.unit_id, [])
    mergeable = Outcome.MERGED in HOLDERS[step.holder].outcomes
    takers = queries.takers_of(plan=plan, step=step) if mergeable else []
    return forms.StepForm(
        request.POST or None,
        initial={
            "outcome": step.outcome,
            "new_name": step.new_name,
            "to": str(step.target_id or ""),
            "into": step.into,
        },
        holder=step.holder,
        kept_names=step.holder in NAMED,
        parts=[(str(h.id), h.full_name) for h in heirs] if len(heirs) > 1 else [],
        takers=[(item.ref, item.label) for item in takers],
    )


@access("units.manage")
def rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide many things at once; what the rule means is looked at first."""
    found = load(request, pk)
    by_holder = queries.kinds(plan=found)
    kinds = sorted({kind for own in by_holder.values() for kind in own})
    form = forms.RuleForm(
        request.POST or None,
        holders=[h for h in _holders() if len(HOLDERS[h[0]].outcomes) > 1],
        kinds=[(kind, kind) for kind in kinds],
    )
    shown: dict[str, Any] = {"plan": found, "form": form}
    if request.method == "POST" and form.is_valid():
        wanted = _rule_of(form.cleaned_data)
        if "confirm" in request.POST:
            done = _tried(
                request,
                lambda: actions.decide_by_rule(
                    plan=found,
                    rule=wanted,
                    by=request.staff,
                    at=clock.now(),  # type: ignore[attr-defined]
                ),
            )
            if done is not None:
                said_of(request, done)
                return redirect("reform:plan", pk=pk)
        meant = queries.meant_by(wanted, plan=found)
        shown |= {"count": meant.count(), "first": meant[:LOOKED_AT], "looked": True}
        shown |= {"outcome": forms.OUTCOMES[wanted.outcome], "typed": form.cleaned_data}
    return render(request, "reform/rule.html", shown, status=422 if form.errors else 200)


def _rule_of(fields: dict[str, Any]) -> Rule:
    return Rule(
        holder=fields["holder"],
        outcome=Outcome(fields["outcome"]),
        kind=fields["kind"],
        level=fields["level"],
        only_open=not fields["everything"],
    )


def said_of(request: HttpRequest, count: int) -> None:
    """Say how many things were decided."""
    told = ngettext("%(n)d thing decided.", "%(n)d things decided.", count) % {"n": count}
    messages.success(request, told)


def _tried(request: HttpRequest, act: Any) -> Any:
    """Do it, or say why not. -> what it gave, None when it was refused"""
    try:
        return act()
    except ReformError as error:
        messages.error(request, _(str(error)))
        return None


@access("units.manage")
@require_POST
def deed(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """Sign, take back, try out, look again, try again, or give up."""
    found = load(request, pk)
    if deed not in DEEDS:
        raise Http404
    act, sentence = DEEDS[deed]
    done = _tried(request, lambda: act(plan=found, by=request.staff, at=clock.now()))  # type: ignore[attr-defined]
    if done is not None:
        messages.success(request, _(sentence))
    return redirect("reform:plan", pk=pk)


DEEDS: dict[str, tuple[Any, str]] = {
    "ky": (actions.sign, gettext_noop("Signed.")),
    "lay-lai": (
        actions.take_back,
        gettext_noop("The signatures are taken back; the plan can be changed."),
    ),
    "thu": (
        actions.ask_rehearsal,
        gettext_noop("It is tried out now; the result stands here in a minute."),
    ),
    "ra-soat": (actions.survey_again, gettext_noop("Looked at once more.")),
    "thu-lai": (actions.try_again, gettext_noop("What failed is taken up again.")),
    "bo": (actions.drop, gettext_noop("The plan is given up.")),
}


@access("units.manage")
@require_safe
def printed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole plan on paper, unit by unit."""
    found = load(request, pk)
    steps = list(queries.steps(plan=found))
    shown = {
        "plan": found,
        "root": units.name_of(unit_id=found.root_id, on=found.on_date),
        "lines": queries.sums(plan=found),
        "steps": steps,
        "titles": dict(_holders()),
        "outcomes": {o.value: words for o, words in forms.OUTCOMES.items()},
        "names": _names(found, steps),
        "today": clock.local_date(clock.now()),
    }
    return render(request, "reform/print.html", shown)
