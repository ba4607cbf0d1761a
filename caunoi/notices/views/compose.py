"""The composer: one page to write a notice, see it on every surface, choose for whom and when, and hand it in."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.viewing import Viewer
from caunoi.notices import actions, actions_files, forms, looking, queries, rules, words
from caunoi.notices.models import Notice
from caunoi.notices.terms import (
    Audience,
    Draft,
    EditedMeanwhile,
    Line,
    MustBeCorrected,
    NoticeError,
    Reach,
    Surface,
    Verdict,
)
from caunoi.notices.views.loading import load
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

CHANGES = ("save", "hand_in", "keep_group")
MOST_PICKS, MOST_CHILDREN = 400, 400
MANY = ("levels", "kinds", "pick")


@access("notices.propose")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a notice."""
    return _composer(request, None)


def edit(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Go on with a draft (the page of a notice calls this while it is one)."""
    return _composer(request, notice)


def _composer(request: HttpRequest, notice: Notice | None) -> HttpResponse:
    viewer: Viewer = request.staff  # type: ignore[attr-defined]
    at = clock.now()
    on = clock.local_date(at)
    desk = Desk(viewer, notice, on)
    if request.method != "POST":
        return _opened(request, desk, at)
    form = desk.form(request.POST, request.FILES, None)
    do = request.POST.get("do", "preview")
    if do == "drop":
        actions.drop_scratch(notice=notice, by=viewer)
        return redirect(request.path)
    if do not in CHANGES:
        return _page(request, desk, form, at, do=do)
    if not form.is_valid():
        return _page(request, desk, form, at, status=422)
    return _keep(request, desk, form, do, at)


def _opened(request: HttpRequest, desk: "Desk", at: datetime) -> HttpResponse:
    """The composer as it is opened, with what was typed the last time and not kept."""
    scratch = queries.scratch_of(desk.viewer, notice=desk.notice)
    initial, picks = desk.initial(), desk.stored_picks()
    if scratch is not None:
        initial |= scratch.fields
        initial |= {k: scratch.fields.get(k, "").split() for k in MANY}
        picks = desk.picks_of(initial["pick"])
    form = desk.form(None, None, initial)
    return _page(request, desk, form, at, scratch=scratch, picks=picks)


def _keep(
    request: HttpRequest, desk: "Desk", form: forms.ComposeForm, do: str, at: datetime
) -> HttpResponse:
    try:
        if do == "keep_group":
            return _keep_group(request, desk, form, at)
        kept = _write(request, desk, form, at)
        if do == "hand_in":
            actions.hand_in(notice=kept, by=desk.viewer, at=at)
            messages.success(request, _("Handed in. Somebody else approves it."))
        else:
            messages.success(request, _("The draft is kept."))
    except EditedMeanwhile:
        return _both(request, desk, form, at)
    except MustBeCorrected:
        found = queries.notice_for(desk.viewer, pk=kept.pk, on=desk.on)
        fresh = Desk(desk.viewer, found, desk.on)
        shown = fresh.form(None, None, fresh.initial())
        return _page(request, fresh, shown, at, status=422, must=True)
    except NoticeError as error:
        form.add_error(None, _(str(error)))
        return _page(request, desk, form, at, status=422)
    return redirect("notices:notice", pk=kept.pk)


@transaction.atomic
def _write(request: HttpRequest, desk: "Desk", form: forms.ComposeForm, at: datetime) -> Notice:
    by, fields = desk.viewer, form.written()
    unit_id = desk.unit_id(form)
    lines = form.lines(unit_id, desk.picks(request))
    if desk.notice is None:
        kept = actions.create_notice(unit_id=unit_id, fields=fields, lines=lines, by=by, at=at)
    else:
        seen = request.POST.get("seen", "0")
        version = int(seen) if seen.isdigit() and len(seen) < 9 else 0
        kept = actions.save_draft(
            notice=desk.notice, fields=fields, seen_version=version, by=by, at=at
        )
    clean = form.cleaned_data
    actions.set_audience(
        notice=kept,
        lines=lines,
        audience=Audience(clean["audience"]),
        must_acknowledge=clean["must_acknowledge"],
        acknowledge_by=clean["acknowledge_by"],
        by=by,
        at=at,
    )
    actions.set_times(
        notice=kept, publish_at=clean["publish_at"], valid_until=clean["valid_until"], by=by, at=at
    )
    _files(request, kept, by, at)
    return kept


def _files(request: HttpRequest, kept: Notice, by: Viewer, at: datetime) -> None:
    alts = {
        pk: str(value)
        for name, value in request.POST.items()
        if name.startswith("alt-") and (pk := uuid_of(name[4:]))
    }
    gone = [pk for value in request.POST.getlist("without") if (pk := uuid_of(value))]
    if alts or gone:
        actions_files.arrange(notice=kept, alts=alts, without=gone, by=by, at=at)
    for file in request.FILES.getlist("new_picture"):
        actions_files.add_picture(
            notice=kept, content=file.read(), alt=request.POST.get("new_alt", ""), by=by, at=at
        )
    for file in request.FILES.getlist("new_attachment"):
        name = file.name or ""
        actions_files.add_attachment(notice=kept, name=name, content=file.read(), by=by, at=at)


def _keep_group(
    request: HttpRequest, desk: "Desk", form: forms.ComposeForm, at: datetime
) -> HttpResponse:
    name = request.POST.get("group_name", "").strip()
    if name:
        unit_id = desk.unit_id(form)
        lines = form.lines(unit_id, desk.picks(request))
        actions_files.keep_group(unit_id=unit_id, name=name, lines=lines, by=desk.viewer, at=at)
        messages.success(request, _("The audience is kept as “%(name)s”.") % {"name": name[:120]})
    return _page(request, desk, form, at)


def _both(
    request: HttpRequest, desk: "Desk", form: forms.ComposeForm, at: datetime
) -> HttpResponse:
    """A colleague kept another version: hers stays in the form and as her scratch, the other stands beside it."""
    if desk.notice is None:
        raise Http404
    theirs = queries.notice_for(desk.viewer, pk=desk.notice.pk, on=desk.on)
    actions.keep_scratch(
        notice=desk.notice,
        fields=typed(request),
        seen_version=desk.notice.version,
        by=desk.viewer,
        at=at,
    )
    desk.notice = theirs
    return _page(request, desk, form, at, status=409, theirs=theirs)


@access("notices.propose")
@require_POST
def scratch(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Keep what is being typed, for whoever types it; answers with one line."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    notice = load(request, pk) if pk else None
    seen = request.POST.get("seen", "0")
    try:
        kept = actions.keep_scratch(
            notice=notice,
            fields=typed(request),
            seen_version=int(seen) if seen.isdigit() and len(seen) < 9 else 0,
            by=viewer,
            at=at,
        )
    except NoticeError as error:
        return render(request, "notices/kept.html", {"problem": _(str(error))}, status=422)
    moved = notice is not None and notice.version != kept.seen_version
    return render(request, "notices/kept.html", {"kept": kept, "moved": moved, "notice": notice})


def typed(request: HttpRequest) -> dict[str, str]:
    """Return what was typed, by field; what is chosen many times stands line by line."""
    many = {k: "\n".join(request.POST.getlist(k)[:MOST_PICKS]) for k in MANY}
    known = set(forms.ComposeForm.base_fields) | {f"w_{x.value}" for x in Surface}
    return many | {k: str(v) for k, v in request.POST.items() if k in known - set(MANY)}


def _page(
    request: HttpRequest,
    desk: "Desk",
    form: forms.ComposeForm,
    at: datetime,
    *,
    do: str = "preview",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    picks = more.pop("picks", None)
    if picks is None:
        picks = desk.picks(request)
    if do.startswith("use:"):
        picks = desk.picks_of_group(do[4:])
        typed_now = request.POST.copy()
        typed_now["reach"] = forms.CHOSEN
        form.data = typed_now
    unit_id = desk.unit_id(form)
    lines = form.lines(unit_id, picks)
    reached = looking.reached(lines, on=desk.on)
    draft = replace(
        desk.draft(form),
        units=reached.units,
        alts=desk.alts(request),
        similar=looking.alike(
            title=form.written().title,
            unit_id=unit_id,
            but=desk.notice.pk if desk.notice else None,
            at=at,
            on=desk.on,
        ),
    )
    shown = {
        "form": form,
        "notice": desk.notice,
        "cards": looking.cards(draft, address=desk.address()),
        "findings": looking.said(rules.checks(draft, at)),
        "reached": reached,
        "unit_name": units.name_of(unit_id=unit_id, on=desk.on),
        "tree": desk.tree(request, do, unit_id, picks),
        "groups": list(queries.groups(desk.viewer, on=desk.on)),
        "pictures": desk.pictures(),
        "attachments": desk.attachments(),
        "title": draft.title,
        "returned": desk.returned(),
        "now": at,
        "here": desk.here(),
        "scratch_url": reverse("notices:scratch", args=[desk.notice.pk])
        if desk.notice
        else reverse("notices:scratch_new"),
    } | more
    template = "notices/composer.html"
    if getattr(request, "htmx", False) and request.method == "POST":
        template = "notices/audience.html" if do != "preview" else "notices/beside.html"
    return render(request, template, shown, status=status)


class Desk:
    """What the composer knows of one draft, or of a new one, on behalf of one person."""

    def __init__(self, viewer: Viewer, notice: Notice | None, on: date) -> None:
        self.viewer, self.notice, self.on = viewer, notice, on
        held = {
            i: units.as_of(unit_id=i, on=on) for i in viewer.unit_ids(Permission.NOTICES_PROPOSE)
        }
        self.units: list[UnitNow] = [u for u in held.values() if u]
        if notice is not None:
            own = units.latest(unit_id=notice.unit_id, on=on)
            self.units = [own] if own else []

    def form(self, post: Any, files: Any, initial: dict[str, Any] | None) -> forms.ComposeForm:
        choices = [(str(u.id), u.full_name) for u in self.units]
        levels, kinds = self.below()
        return forms.ComposeForm(
            post, files, units=choices, levels=levels, kinds=kinds, initial=initial
        )

    def below(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return the levels of units, and the kinds of channel, below the viewer's units."""
        lines = [Line(u.id, Reach.SUBTREE) for u in self.units]
        levels, kinds = queries.counts_of_lines(lines=looking.as_rows(lines), on=self.on)
        return (
            [(k, str(label)) for k, label in words.LEVELS.items() if k in levels],
            [
                (k, str(words.CHANNELS.get(k, k)))
                for k in sorted(kinds)
                if k in looking.telling_kinds()
            ],
        )

    def unit_id(self, form: forms.ComposeForm) -> UUID:
        if self.notice is not None:
            return self.notice.unit_id
        asked = uuid_of(str(form.data.get("unit") or form.initial.get("unit") or ""))
        known = {u.id for u in self.units}
        return asked if asked in known else self.units[0].id  # type: ignore[return-value]

    def initial(self) -> dict[str, Any]:
        if self.notice is None:
            first = self.units[0]
            reach = Reach.SELF if first.level == Level.PROVINCE else Reach.SUBTREE
            return {
                "unit": str(first.id),
                "kind": "notice",
                "audience": "public",
                "reach": reach.value,
            }
        n = self.notice
        stored = queries.lines_of(notice=n)
        own = len(stored) == 1 and stored[0].unit_id == n.unit_id
        details = {f"d_{k}": v for k, v in n.details.items()}
        wordings = {f"w_{k}": v for k, v in queries.wordings_of(notice=n).items()}
        return {
            "unit": str(n.unit_id),
            "kind": n.kind,
            "title": n.title,
            "short_text": n.short_text,
            "long_text": n.long_text,
            "link": n.link,
            "audience": n.audience,
            "reach": stored[0].reach if own else forms.CHOSEN,
            "levels": stored[0].levels if own else [],
            "kinds": stored[0].connector_keys if stored else [],
            "publish_at": n.publish_at,
            "valid_until": n.valid_until,
            "must_acknowledge": n.must_acknowledge,
            "acknowledge_by": n.acknowledge_by,
            **details,
            **wordings,
        }

    def draft(self, form: forms.ComposeForm) -> Draft:
        written = form.written()
        bound = form.is_bound
        times = [
            form.moment(n) if bound else form.initial.get(n) for n in ("publish_at", "valid_until")
        ]
        publish_at, valid_until = (t if isinstance(t, datetime) else None for t in times)
        return Draft(
            kind=written.kind,
            title=written.title,
            short_text=written.short_text,
            long_text=written.long_text,
            link=written.link,
            details=written.details,
            wordings=written.wordings,
            publish_at=publish_at,
            valid_until=valid_until,
        )

    def here(self) -> str:
        """Return where the form goes: a notice that was begun a moment ago is gone on with, not begun again."""
        if self.notice is None:
            return reverse("notices:new")
        return reverse("notices:notice", args=[self.notice.pk])

    def address(self) -> str:
        number = self.notice.number if self.notice else "xxxxxx"
        return f"{settings.PUBLIC_URL}{reverse('notices:public', args=[number])}"

    def pictures(self) -> list[Any]:
        found = self.notice.pictures.defer("body", "preview") if self.notice else None
        return list(found) if found is not None else []

    def attachments(self) -> list[Any]:
        return list(self.notice.attachments.defer("body")) if self.notice else []

    def returned(self) -> Any:
        """Return the decision by which the draft came back, or None."""
        last = queries.decisions_of(notice=self.notice).first() if self.notice else None
        return last if last and last.verdict == Verdict.RETURN else None

    def alts(self, request: HttpRequest) -> tuple[str, ...]:
        gone = request.POST.getlist("without")
        return tuple(
            request.POST.get(f"alt-{p.pk}", p.alt) for p in self.pictures() if str(p.pk) not in gone
        )

    def stored_picks(self) -> list[Line]:
        if self.notice is None:
            return []
        found = queries.lines_of(notice=self.notice)
        return [Line(x.unit_id, Reach(x.reach), tuple(x.levels)) for x in found]

    def picks(self, request: HttpRequest) -> list[Line]:
        return self.picks_of(request.POST.getlist("pick"))

    def picks_of(self, values: list[str]) -> list[Line]:
        found: dict[UUID, Line] = {}
        for value in values[:MOST_PICKS]:
            word, _colon, reach = value.partition(":")
            unit_id = uuid_of(word)
            if unit_id and reach in {r.value for r in Reach}:
                found[unit_id] = Line(unit_id, Reach(reach))
        return list(found.values())

    def picks_of_group(self, word: str) -> list[Line]:
        group_id = uuid_of(word)
        found = queries.groups(self.viewer, on=self.on)
        group = found.filter(pk=group_id).first() if group_id else None
        lines = group.lines if group else []
        return [Line(UUID(x["unit_id"]), Reach(x["reach"]), tuple(x["levels"])) for x in lines]

    def tree(
        self, request: HttpRequest, do: str, unit_id: UUID, picks: list[Line]
    ) -> dict[str, Any]:
        """Return the branch that is open, its units to tick, and what is chosen elsewhere."""
        opened = uuid_of(do[5:] if do.startswith("open:") else request.POST.get("branch", ""))
        if opened is None or not units.within(unit_id=opened, root_id=unit_id, on=self.on):
            opened = unit_id
        find = request.POST.get("find", "").strip()[:80]
        if find:
            hits = units.search(text=find, on=self.on, limit=20, under=unit_id, old=False)
            below = [hit.unit for hit in hits]
        else:
            below = units.children(unit_id=opened, on=self.on)[:MOST_CHILDREN]
        chosen = {p.unit_id: p for p in picks}
        elsewhere = [p for p in picks if p.unit_id not in {u.id for u in below}]
        names = units.names_of(unit_ids=[p.unit_id for p in elsewhere], on=self.on)
        above = units.ancestors(unit_id=opened, on=self.on)
        within = (
            [u for u in above if units.within(unit_id=u.id, root_id=unit_id, on=self.on)]
            if opened != unit_id
            else []
        )
        return {
            "open": units.latest(unit_id=opened, on=self.on),
            "above": within,
            "find": find,
            "rows": [
                {
                    "unit": u,
                    "value": f"{u.id}:{chosen[u.id].reach.value if u.id in chosen else _whole(u).value}",
                    "chosen": u.id in chosen,
                    "opens": u.level != Level.VILLAGE,
                }
                for u in below
            ],
            "elsewhere": [
                {"value": f"{p.unit_id}:{p.reach.value}", "name": names.get(p.unit_id, "")}
                for p in elsewhere
            ],
        }


def _whole(unit: UnitNow) -> Reach:
    return Reach.SELF if unit.level == Level.VILLAGE else Reach.SUBTREE


def uuid_of(word: str) -> UUID | None:
    """Return the id a form sent, or None for anything else."""
    try:
        return UUID(word)
    except ValueError:
        return None
