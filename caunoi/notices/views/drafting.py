"""What the composer knows of one draft on behalf of one person: its fields, pictures, and the tree to choose from."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from caunoi.kit.templatetags.kit import vi_datetime
from caunoi.kit.viewing import Viewer
from caunoi.notices import followers, forms, looking, queries, repetitions, words
from caunoi.notices.models import Notice, NoticeVideo
from caunoi.notices.terms import Draft, Line, Reach, Verdict
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level, UnitNow

MOST_PICKS, MOST_CHILDREN = 400, 400


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
        rows = looking.as_rows(lines)
        levels, kinds = queries.counts_of_lines(lines=rows, on=self.on)
        told = looking.telling_kinds() & set(kinds) | set(followers.KINDS)
        return (
            [(k, str(label)) for k, label in words.LEVELS.items() if k in levels],
            [(k, str(words.CHANNELS.get(k, k))) for k in sorted(told)],
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
            **forms.typed_rhythm(repetitions.of(n)),
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
            times=rhythm.times if (rhythm := form.rhythm(self.on)) else (),
        )

    def when_says(self, form: forms.ComposeForm, publish_at: datetime | None) -> list[str]:
        """Return when it goes out and who reads it, in a few words."""
        rhythm = form.rhythm(self.on)
        if rhythm is not None:
            when = words.rhythm_said(rhythm)
        elif publish_at is not None:
            when = _("Goes out at %(when)s") % {"when": vi_datetime(publish_at)}
        else:
            when = _("As soon as it is approved")
        audience = form.data.get("audience") or form.initial.get("audience")
        return [when, str(dict(forms.AUDIENCES).get(str(audience), forms.AUDIENCES[0][1]))]

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

    def has_video(self) -> bool:
        return NoticeVideo.objects.filter(notice=self.notice).exists() if self.notice else False

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
