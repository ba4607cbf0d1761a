"""Reads about notices. What is published to everybody is public; all else stays with the units that write and receive it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.kit import clock
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.notices import repetitions, rules, telling
from caunoi.notices.models import (
    AudienceGroup,
    AudienceLine,
    Decision,
    Notice,
    NoticeScratch,
    NoticeVersion,
)
from caunoi.notices.terms import (
    Audience,
    Draft,
    NoticeKind,
    NoticeState,
    Reach,
    Surface,
    Verdict,
)
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.models import Unit, UnitVersion
from caunoi.units.terms import Successor, UnitNow

PUBLIC = "what a unit tells everybody"
SENDING = "the worker sends what is due"
OF_LOADED = "of a notice the caller was allowed to load"
SHOWN = [s.value for s in rules.PUBLISHED]
WORDS = ("title", "short_text", "long_text", "link", "details", "wordings")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty means all."""

    text: str = ""
    state: str = ""
    kind: str = ""
    unit_id: UUID | None = None
    mine: bool = False
    repeated: bool = False
    former: bool = False


def notices(viewer: Viewer, *, on: date, wanted: Wanted | None = None) -> QuerySet[Notice]:
    """Return the notices of the units below the viewer, and what the units above her sent to hers; touched last first.

    Of one that goes out again and again only the first stands there: the others are on its page.
    """
    wanted = wanted or Wanted()
    found = _visible(viewer, on=on).filter(repeats=None)
    if wanted.former:
        found = found.filter(unit_id__in=_gone(viewer, Permission.NOTICES_VIEW, on))
    if wanted.repeated:
        found = found.filter(repetition__stopped_at=None, repetition__isnull=False)
        found = found.filter(repetition__last_date__gte=on)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.unit_id:
        found = found.filter(unit_id=wanted.unit_id)
    if wanted.mine:
        found = found.filter(created_by_id=viewer.account_id)
    if wanted.text:
        found = found.filter(Q(folded__contains=fold(wanted.text)) | Q(number=wanted.text.strip()))
    return found.select_related("unit", "edited_by").order_by("-edited_at", "pk")


def _visible(viewer: Viewer, *, on: date) -> QuerySet[Notice]:
    """Her own units' notices in every state, also those of ended units for which hers stand; of those above her what has gone out.

    Internal ones from above only when they are for her units.
    """
    paths = list(viewer.scope(Permission.NOTICES_VIEW))
    if not paths:
        return Notice.objects.none()
    own = {UUID(path.split(".")[-1]) for path in paths}
    parents = {UUID(path.split(".")[-2]) for path in paths if "." in path}
    above = {UUID(label) for path in paths for label in path.split(".")[:-1]}
    reaches = (
        Q(unit_id__in=own)
        | Q(unit_id__in=parents, reach=Reach.CHILDREN)
        | Q(unit_id__in=above, reach=Reach.SUBTREE)
    )
    gone = Q(unit_id__in=_gone(viewer, Permission.NOTICES_VIEW, on))
    for_hers = Exists(AudienceLine.objects.filter(reaches | gone, notice_id=OuterRef("pk")))
    from_above = Q(unit_id__in=above, state__in=SHOWN) & (Q(audience=Audience.PUBLIC) | for_hers)
    return Notice.objects.filter(
        Q(unit_id__in=units.subtree_filter(paths=paths, on=on)) | gone | from_above
    )


def _gone(viewer: Viewer, permission: Permission, on: date) -> Any:
    """The ended units for which the viewer's stand: their notices lie on her desk."""
    return heirs.gone_filter(paths=viewer.scope(permission), on=on)


def has_former(viewer: Viewer, *, on: date) -> bool:
    """True when notices of units that have ended lie on the viewer's desk."""
    gone = _gone(viewer, Permission.NOTICES_VIEW, on)
    return Notice.objects.filter(unit_id__in=gone, repeats=None).exists()


def notice_for(viewer: Viewer, *, pk: UUID, on: date) -> Notice | None:
    """Return one notice the viewer may see, or None."""
    return _visible(viewer, on=on).select_related("unit", "edited_by").filter(pk=pk).first()


def waiting_for(viewer: Viewer, *, on: date) -> QuerySet[Notice]:
    """Return what waits for the viewer's approval: handed in below her, not written and not yet approved by herself."""
    paths = viewer.scope(Permission.NOTICES_APPROVE)
    below = units.subtree_filter(paths=paths, on=on)
    found = Notice.objects.filter(unit_id__in=below, state=NoticeState.REVIEW)
    me = viewer.account_id
    found = found.exclude(created_by_id=me).exclude(edited_by_id=me).exclude(handed_in_by_id=me)
    wrote = NoticeVersion.objects.filter(notice_id=OuterRef("pk"), by_id=me)
    decided = Decision.objects.filter(
        notice_id=OuterRef("pk"),
        by_id=me,
        verdict=Verdict.APPROVE,
        version=OuterRef("version"),
        at__gte=OuterRef("handed_in_at"),
    )
    found = found.exclude(Exists(wrote)).exclude(Exists(decided))
    return found.select_related("unit", "edited_by").order_by("handed_in_at")


def came_back(viewer: Viewer, *, on: date) -> QuerySet[Notice]:
    """Return the drafts in which the viewer may write that could not go out, and say why, and what ended units left waiting."""
    below = units.subtree_filter(paths=viewer.scope(Permission.NOTICES_WRITE), on=on)
    back = Q(unit_id__in=below, state=NoticeState.DRAFT) & ~Q(end_reason="")
    left = Q(
        unit_id__in=_gone(viewer, Permission.NOTICES_WRITE, on),
        state__in=[NoticeState.DRAFT, NoticeState.REVIEW],
    )
    found = Notice.objects.filter(back | left)
    return found.select_related("unit", "edited_by").order_by("publish_at")


def of_days(viewer: Viewer, *, since: datetime, until: datetime, on: date) -> list[Notice]:
    """Return what went out, or is to go out, between two moments, in the order of time; five hundred at most."""
    sent = Q(published_at__gte=since, published_at__lt=until)
    planned = Q(published_at=None, publish_at__gte=since, publish_at__lt=until)
    found = _visible(viewer, on=on).exclude(state=NoticeState.CANCELLED).filter(sent | planned)
    return list(found.order_by(Coalesce("published_at", "publish_at"), "pk")[:500])


def repeating(viewer: Viewer, *, since: date, until: date, on: date) -> list[Notice]:
    """Return what is sent again and again on days between these two, with its rhythm; one hundred at most."""
    found = _visible(viewer, on=on).filter(
        repetition__stopped_at=None,
        repetition__first_date__lte=until,
        repetition__last_date__gte=since,
        state__in=[NoticeState.SCHEDULED, NoticeState.SENDING, NoticeState.DONE],
    )
    return list(found.select_related("repetition").order_by("pk")[:100])


def may(viewer: Viewer, permission: Permission, *, notice: Notice, on: date) -> bool:
    """True when the viewer holds the permission where the notice's unit stands on that day.

    What an ended unit published is looked after by whoever took over from it; what it left waiting is taken over first.
    """
    path = units.paths_of(unit_ids=[notice.unit_id], on=on).get(notice.unit_id)
    if path is None and notice.state not in rules.WAITING:
        path = heirs.desk_of(unit_id=notice.unit_id, on=on)
    return path is not None and viewer.may(permission, path)


def may_take_over(viewer: Viewer, *, notice: Notice, on: date) -> bool:
    """True when an ended unit left the notice waiting and the viewer writes where its affairs are decided now."""
    if notice.state not in rules.WAITING or units.paths_of(unit_ids=[notice.unit_id], on=on):
        return False
    path = heirs.desk_of(unit_id=notice.unit_id, on=on)
    return path is not None and viewer.may(Permission.NOTICES_WRITE, path)


def may_edit(viewer: Viewer, *, notice: Notice, on: date) -> bool:
    """True when the viewer may change the words: an editor of the unit, or whoever proposed it herself."""
    if may(viewer, Permission.NOTICES_WRITE, notice=notice, on=on):
        return True
    own = notice.created_by_id == viewer.account_id
    return own and may(viewer, Permission.NOTICES_PROPOSE, notice=notice, on=on)


def begun_with(viewer: Viewer, *, form_key: UUID | None) -> Notice | None:
    """Return the notice the viewer began with that form, or None."""
    if form_key is None:
        return None
    return Notice.objects.filter(form_key=form_key, created_by_id=viewer.account_id).first()


def scratch_of(viewer: Viewer, *, notice: Notice | None) -> NoticeScratch | None:
    """Return what the viewer was typing and has not kept, or None."""
    return NoticeScratch.objects.filter(account_id=viewer.account_id, notice=notice).first()


def groups(viewer: Viewer, *, on: date) -> QuerySet[AudienceGroup]:
    """Return the audiences kept by units in which the viewer writes or proposes, by name."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.NOTICES_PROPOSE), on=on)
    return AudienceGroup.objects.filter(unit_id__in=reach).order_by("name")


@system(PUBLIC)
def public_notice(*, number: str, at: datetime) -> Notice | None:
    """Return the public notice with that number, recalled and expired ones too, or None."""
    found = Notice.objects.select_related("unit", "corrects", "adopted_from")
    return found.filter(
        number=number.lower(),
        audience=Audience.PUBLIC,
        state__in=SHOWN,
        published_at__lte=at,
    ).first()


@system(PUBLIC)
def public_notices(
    *, unit: UUID | None, at: datetime, wanted: Wanted | None = None, with_above: bool = False
) -> QuerySet[Notice]:
    """Return a unit's public notices that hold now, newest first, and those of units it took over from.

    Recalled and expired ones stay at their address only.

    unit        None: of every unit
    with_above  also what the units above it tell everybody
    """
    wanted = wanted or Wanted()
    found = Notice.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at),
        audience=Audience.PUBLIC,
        state__in=[NoticeState.SENDING, NoticeState.DONE],
        published_at__lte=at,
    )
    if unit is not None:
        on = clock.local_date(at)
        above = [u.id for u in units.ancestors(unit_id=unit, on=on)] if with_above else []
        found = found.filter(unit_id__in=[*heirs.stood_for(unit_id=unit, on=on), *above])
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.text:
        found = found.filter(folded__contains=fold(wanted.text))
    return found.select_related("unit").order_by("-published_at", "pk")


@system("followers are told of notices that are public")
def told(*, numbers: Iterable[str]) -> list[Notice]:
    """Return the public notices with these numbers, also those that are over or were recalled, newest first."""
    found = Notice.objects.filter(
        number__in=list(numbers), audience=Audience.PUBLIC, state__in=SHOWN
    )
    return list(found.order_by("-published_at"))


@system(PUBLIC)
def correction_of(*, notice: Notice) -> Notice | None:
    """Return the public notice that puts this one right, the newest, or None."""
    found = notice.corrections.filter(
        audience=Audience.PUBLIC,
        state__in=[NoticeState.SENDING, NoticeState.DONE, NoticeState.EXPIRED],
    )
    return found.order_by("-published_at").first()


@system(PUBLIC)
def instead_of(*, notice: Notice, at: datetime) -> Notice | None:
    """Return the public notice to read instead: what corrects it, else the newest of its kind of the unit, or of whoever took over."""
    correction = correction_of(notice=notice)
    if correction is not None:
        return correction
    speaks = speaker_of(unit_id=notice.unit_id, on=clock.local_date(at)) or notice.unit_id
    found = public_notices(unit=speaks, at=at, wanted=Wanted(kind=notice.kind))
    later = found.filter(published_at__gt=notice.published_at).exclude(pk=notice.pk)
    if notice.series_id:
        return later.filter(series_id=notice.series_id).first() or later.first()
    return later.first()


@system(SENDING)
def due_notices(*, at: datetime) -> QuerySet[Notice]:
    """Return what is approved and whose time has come, the longest waiting first."""
    ready = Notice.objects.filter(state__in=[NoticeState.APPROVED, NoticeState.SCHEDULED])
    return ready.filter(Q(publish_at=None) | Q(publish_at__lte=at)).order_by("publish_at", "pk")


@system(SENDING)
def speaker_of(*, unit_id: UUID, on: date) -> UUID | None:
    """Return in whose name a unit's words go out on that day: its own, else its successor's; None when nobody is known to have taken over."""
    if units.as_of(unit_id=unit_id, on=on) is not None:
        return unit_id
    took_over = _heirs(units.successors(unit_id=unit_id, on=on))
    return took_over[0].id if took_over else None


@system(SENDING)
def over_notices(*, at: datetime) -> QuerySet[Notice]:
    """Return what was sent and no longer holds."""
    return Notice.objects.filter(state=NoticeState.DONE, valid_until__lte=at).order_by("pk")


@system(SENDING)
def audience_units(*, notice: Notice, on: date) -> QuerySet[Unit]:
    """Return the units the notice is for on that day; a unit that is gone is stood for by whoever took it over by default."""
    return units_of_lines(lines=lines_of(notice=notice), on=on)


@system("a choice that is being made; units are a public register")
def units_of_lines(*, lines: Iterable[AudienceLine], on: date) -> QuerySet[Unit]:
    """Return the units the lines of an audience reach; nothing is written."""
    met = _met(lines, on)
    if met is None:
        return Unit.objects.none()
    return Unit.objects.filter(pk__in=UnitVersion.objects.filter(met).values("unit_id"))


@system(SENDING)
def audience_channels(*, notice: Notice, on: date) -> QuerySet[Channel]:
    """Return the channels through which it goes: those of its units, of the kinds each line names, without retired ones."""
    return channels_of_lines(lines=lines_of(notice=notice), on=on)


@system("a choice that is being made; units and channels are public registers")
def channels_of_lines(*, lines: Iterable[AudienceLine], on: date) -> QuerySet[Channel]:
    """Return the channels the lines of an audience reach; nothing is written."""
    wanted = Q(pk__in=[])
    for line in lines:
        met = _met([line], on)
        if met is not None:
            where = Q(unit_id__in=UnitVersion.objects.filter(met).values("unit_id"))
            wanted |= where & Q(connector_key__in=line.connector_keys) if line.connector_keys else where  # fmt: skip
    return Channel.objects.filter(wanted).exclude(state=ChannelState.RETIRED)


@system("a choice that is being made; units and channels are public registers")
def counts_of_lines(
    *, lines: Iterable[AudienceLine], on: date
) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many units of each level, and how many channels of each kind, the lines reach."""
    lines = list(lines)
    met = _met(lines, on)
    if met is None:
        return {}, {}
    levels = UnitVersion.objects.filter(met).order_by().values_list("level")
    kinds = channels_of_lines(lines=lines, on=on).order_by().values_list("connector_key")
    return (
        dict(levels.annotate(n=Count("unit_id", distinct=True))),
        dict(kinds.annotate(n=Count("pk", distinct=True))),
    )


def _met(lines: Iterable[AudienceLine], on: date) -> Q | None:
    """Return what the versions of the audience's units have in common on that day, or None for an empty audience."""
    lines = list(lines)
    places = units.paths_of(unit_ids=[line.unit_id for line in lines], on=on)
    gone = [line.unit_id for line in lines if line.unit_id not in places]
    taken = units.successors_of_many(unit_ids=gone, on=on) if gone else {}
    found: Q | None = None
    for line in lines:
        here = [(line.unit_id, places[line.unit_id])] if line.unit_id in places else [
            (h.id, h.path) for h in _heirs(taken.get(line.unit_id, []))
        ]  # fmt: skip
        for unit_id, path in here:
            one = Q(valid__contains=on) & _reached(line.reach, unit_id, path)
            if line.levels:
                one &= Q(level__in=line.levels)
            found = one if found is None else found | one
    return found


def _heirs(found: list[Successor]) -> list[UnitNow]:
    """Who stands for a unit that is gone: whoever took over by default, else everybody who took a part."""
    known = [(h.unit, h.is_default) for h in found if h.unit]
    return [unit for unit, default in known if default] or [unit for unit, _default in known]


def _reached(reach: str, unit_id: UUID, path: str) -> Q:
    if reach == Reach.SUBTREE:
        return Q(path__below=path)
    own = Q(unit_id=unit_id)
    return own | Q(parent_id=unit_id) if reach == Reach.CHILDREN else own


@system(OF_LOADED)
def lines_of(*, notice: Notice) -> list[AudienceLine]:
    """Return for whom the notice is, line by line."""
    return list(notice.lines.order_by("pk"))


@system(OF_LOADED)
def wordings_of(*, notice: Notice) -> dict[str, str]:
    """Return the texts written for one surface each."""
    return dict(notice.wordings.values_list("surface", "text"))


@system(OF_LOADED)
def text_for(*, notice: Notice, surface: Surface, address: str = "") -> str:
    """Return what the notice says on a surface; the loudspeaker's text has its numbers in words."""
    return telling.said(draft_of(notice=notice, with_pictures=False), surface, address=address)


@system(OF_LOADED)
def whole_of(*, notice: Notice) -> str:
    """Return everything the notice says below its title, the fields of its kind among it: where no table stands beside the text."""
    return telling.whole(draft_of(notice=notice, with_pictures=False))


@system(OF_LOADED)
def brief_of(*, notice: Notice) -> str:
    """Return what a message of a few lines says below the title: what to do, then what it is about."""
    return telling.brief(draft_of(notice=notice, with_pictures=False))


@system(OF_LOADED)
def versions_of(*, notice: Notice) -> QuerySet[NoticeVersion]:
    """Return the versions, newest first."""
    return notice.versions.select_related("by").order_by("-number")


@system(OF_LOADED)
def decisions_of(*, notice: Notice) -> QuerySet[Decision]:
    """Return what was decided, newest first."""
    return notice.decisions.select_related("by").order_by("-at", "-pk")


@system(OF_LOADED)
def approvals_of(*, notice: Notice) -> list[Decision]:
    """Return the approvals that count: of this version, since it was handed in last."""
    if notice.handed_in_at is None:
        return []
    found = notice.decisions.filter(
        verdict=Verdict.APPROVE, version=notice.version, at__gte=notice.handed_in_at
    )
    return list(found.select_related("by").order_by("at"))


@system(OF_LOADED)
def approvals_needed(*, notice: Notice, on: date) -> int:
    """Return how many persons approve it."""
    unit = units.latest(unit_id=notice.unit_id, on=on)
    return rules.approvals_needed(unit.level) if unit else 2


@system(OF_LOADED)
def writers_of(*, notice: Notice) -> set[int]:
    """Return who wrote any of it since it was last approved by nobody: the accounts that may not approve it."""
    wrote = {notice.created_by_id, notice.edited_by_id}
    if notice.handed_in_by_id:
        wrote.add(notice.handed_in_by_id)
    return wrote | set(notice.versions.values_list("by_id", flat=True))


@system(OF_LOADED)
def draft_of(*, notice: Notice, with_pictures: bool = True) -> Draft:
    """Return the notice as plain values, for ``rules``."""
    alts = tuple(notice.pictures.values_list("alt", flat=True)) if with_pictures else ()
    return Draft(
        kind=NoticeKind(notice.kind),
        title=notice.title,
        short_text=notice.short_text,
        long_text=notice.long_text,
        link=notice.link,
        details=notice.details,
        wordings=wordings_of(notice=notice),
        alts=alts,
        publish_at=notice.publish_at,
        valid_until=notice.valid_until,
        times=tuple(row.times) if (row := repetitions.of(notice)) else (),
    )
