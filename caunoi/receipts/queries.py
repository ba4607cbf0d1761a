"""Reads about what became of notices. Counts go down from a unit the viewer holds; names are read from above only."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, Func, Max, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.urls import reverse

from caunoi.channels import registry, successions
from caunoi.channels.afterwards import Totals
from caunoi.channels.contract import Capability, PostKind
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.kit import clock
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.notices import queries as notices
from caunoi.notices.models import AudienceLine, Notice
from caunoi.notices.rules import PUBLISHED
from caunoi.notices.terms import Audience, Reach
from caunoi.outbox.models import Content, OutboundMessage
from caunoi.outbox.terms import SendState
from caunoi.receipts import board, rules
from caunoi.receipts.models import Acknowledgement, Reading, Reminder, SeenCount, ShortLink
from caunoi.receipts.terms import Group, Tally
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.models import UnitVersion
from caunoi.units.terms import UnitNow

OUT = tuple(s.value for s in PUBLISHED)
"""States in which a notice has left the house."""
DONE_FOR = timedelta(days=7)
"""How long something that was answered stays on the page of what is posted by hand."""
LATELY = timedelta(days=30)
"""How long a notice is offered to be told of."""


@dataclass(frozen=True, slots=True)
class Row:
    """One branch of the board; ``own`` when the root's very own part is meant, ``former`` where it stood before when two bear one name."""

    unit: UnitNow
    tally: Tally
    own: bool = False
    former: str = ""

    @property
    def missing(self) -> int:
        return self.tally.units - self.tally.reached


@dataclass(frozen=True, slots=True)
class Board:
    """What the viewer sees below one unit: a row a branch, those with most missing first, and the sum."""

    root: UnitNow
    rows: list[Row]
    total: Tally


@dataclass(frozen=True, slots=True)
class ListTold:
    """What became of a notice at one list of numbers: how many sends stand where, and why some did not arrive. Nobody is named."""

    name: str
    kind: str
    states: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)


def notice_out(viewer: Viewer, *, number: str, on: date) -> Notice | None:
    """Return a notice that went out and that the viewer may see, or None."""
    found = Notice.objects.filter(number=number, state__in=OUT).first()
    return notices.notice_for(viewer, pk=found.pk, on=on) if found else None


def root_of(viewer: Viewer, *, notice: Notice, slug: str, at: datetime) -> UnitNow | None:
    """Return the unit the board begins at: the one asked for when the viewer reads it, else the highest of hers that has a part in the notice.

    None when she has none: then the notice's board is not hers to see
    """
    day = board.day_of(notice, at=at)
    if slug:
        asked = units.by_slug(slug=slug, on=day)
        return (
            asked
            if asked and _reads(viewer, asked, day) and _has_part(notice, asked, day)
            else None
        )
    return next(iter(roots_of(viewer, notice=notice, day=day)), None)


def roots_of(viewer: Viewer, *, notice: Notice, day: date) -> list[UnitNow]:
    """Return the highest units the viewer reads that have a part in the notice: her own, and those that hers took over from since."""
    found: list[UnitNow] = []
    held = units.many_as_of(unit_ids=held_then(viewer, day=day), on=day)
    for unit in sorted(held.values(), key=lambda u: (u.path.count("."), u.full_name)):
        inside = any(above.id.hex in unit.path.split(".") for above in found)
        if not inside and _has_part(notice, unit, day):
            found.append(unit)
    return found


def held_then(viewer: Viewer, *, day: date) -> set[UUID]:
    """Return the units the viewer reads, and the units of that day which these took over from."""
    held = set(viewer.unit_ids(Permission.NOTICES_VIEW))
    return held | heirs.forerunners(unit_ids=held, on=day)


def _reads(viewer: Viewer, unit: UnitNow, day: date) -> bool:
    """A unit is read by whoever reads it today, whoever stood above it on the day the notice went out, and whoever took over from these."""
    held = {i.hex for i in held_then(viewer, day=day)}
    return bool(held & set(unit.path.split("."))) and (unit.valid_from <= day)


def _has_part(notice: Notice, unit: UnitNow, day: date) -> bool:
    if notice.unit_id.hex in unit.path.split(".") and notice.unit_id == unit.id:
        return True
    inside = units.subtree_filter(paths=[unit.path], on=day)
    return notices.audience_units(notice=notice, on=day).filter(pk__in=inside).exists()


def board_of(viewer: Viewer, *, notice: Notice, root: UnitNow, at: datetime) -> Board:
    """Return the board below a unit the viewer reads: one statement for all counts, one for the names."""
    del viewer
    found = board.tallies(notice=notice, root=root, at=at)
    day = board.day_of(notice, at=at)
    below = units.many_as_of(unit_ids=[i for i in found if i], on=day)
    alike = Counter(unit.full_name for unit in below.values())
    twice = [pk for pk, unit in below.items() if alike[unit.full_name] > 1]
    former = heirs.former_parents(unit_ids=twice, on=day) if twice else {}
    rows = [Row(unit, found[pk], former=former.get(pk, "")) for pk, unit in below.items()]
    rows.sort(key=lambda row: -row.missing)
    if own := found.get(None):
        rows.insert(0, Row(root, own, own=True))
    return Board(root, rows, rules.add_up(found.values()))


def silent_units(
    viewer: Viewer, *, notice: Notice, root: UnitNow, at: datetime, limit: int, offset: int = 0
) -> tuple[list[board.Silent], int]:
    """Return one page of the silent units below a unit the viewer reads, and how many there are."""
    del viewer
    return board.silent(notice=notice, root=root, at=at, limit=limit, offset=offset)


def last_reminders(
    viewer: Viewer, *, notice: Notice, unit_ids: Iterable[UUID]
) -> dict[UUID, datetime]:
    """Return when each of these units was reminded last."""
    del viewer
    found = Reminder.objects.filter(notice=notice, unit_id__in=list(unit_ids))
    return dict(found.values_list("unit_id").annotate(last=Max("at")))


def sends_of(viewer: Viewer, *, notice: Notice, unit: UnitNow) -> list[OutboundMessage]:
    """Return the sends of one unit the viewer reads, by channel, each with its channel and who declared it; of lists see ``lists_of``."""
    del viewer
    listed = registry.kinds_that(Capability.LISTED_NUMBERS)
    found = _sent_in(notice, unit).exclude(channel__connector_key__in=listed)
    return list(found.select_related("channel", "declared_by").order_by("channel__name", "-seq"))


def lists_of(viewer: Viewer, *, notice: Notice, unit: UnitNow) -> list[ListTold]:
    """Return what became of the notice at each list of telephone numbers of a unit the viewer reads: totals, by the list's name."""
    del viewer
    listed = registry.kinds_that(Capability.LISTED_NUMBERS)
    newest = (
        _sent_in(notice, unit)
        .filter(channel__connector_key__in=listed)
        .order_by("channel_id", "target_ref", "-seq")
        .distinct("channel_id", "target_ref")
    )
    found: dict[tuple[str, str], ListTold] = {}
    for name, kind, state, trouble in newest.values_list(
        "channel__name", "channel__connector_key", "state", "trouble"
    ):
        told = found.setdefault((name, kind), ListTold(name, kind))
        told.states[state] += 1
        if rules.GROUPS[state] is Group.FAILED:
            told.troubles[trouble] += 1
    return [found[key] for key in sorted(found)]


def _sent_in(notice: Notice, unit: UnitNow) -> QuerySet[OutboundMessage]:
    held = successions.held_then(unit_id=unit.id, at=notice.published_at or clock.now())
    return OutboundMessage.objects.filter(
        reference=board.reference_of(notice),
        kind=PostKind.PUBLICATION.value,
        channel__in=held,
    )


def readings_of(viewer: Viewer, *, notice: Notice, unit: UnitNow) -> list[Reading]:
    """Return how the notice was aired, read out or put up in one unit the viewer reads, newest first."""
    del viewer
    found = Reading.objects.filter(notice=notice, unit_id=unit.id)
    return list(found.select_related("by").order_by("-at"))


def other_channels(viewer: Viewer, *, notice: Notice, unit: UnitNow) -> list[Channel]:
    """Return the working channels of the unit that can publish and did not get the notice, by name."""
    del viewer
    kinds = {
        *registry.kinds_that(Capability.PUBLISH),
        *registry.kinds_that(Capability.BY_HAND),
    }
    used = OutboundMessage.objects.filter(
        reference=board.reference_of(notice),
        kind=PostKind.PUBLICATION.value,
        channel_id=OuterRef("pk"),
    )
    holder = UUID(_path_today(unit).split(".")[-1])
    found = Channel.objects.filter(
        ~Exists(used), unit_id=holder, connector_key__in=kinds, state=ChannelState.ACTIVE
    )
    return list(found.order_by("name")[:20])


def _path_today(unit: UnitNow) -> str:
    """Where the unit stands today, or whoever took it over; as it was when nobody is known."""
    there = heirs.places_of(unit_ids=[unit.id], on=clock.local_date(clock.now()))
    return there[unit.id][0] if unit.id in there else unit.path


def words_for(viewer: Viewer, *, notice: Notice, unit: UnitNow) -> Content | None:
    """Return the words of the newest send of the notice in the unit; where it had none, the newest words sent anywhere."""
    del viewer
    sent = OutboundMessage.objects.filter(
        reference=board.reference_of(notice),
        kind=PostKind.PUBLICATION.value,
        content__isnull=False,
    ).select_related("content")
    own = _sent_in(notice, unit).filter(content__isnull=False).select_related("content")
    own_newest = own.order_by("-seq").first()
    found = own_newest or sent.order_by("-seq").first()
    return found.content if found else None


def acknowledgements(
    viewer: Viewer, *, notice: Notice, root: UnitNow, on: date
) -> QuerySet[Acknowledgement]:
    """Return who opened and who acknowledged below ``root``, where the viewer may read names, newest first."""
    reach = _stood_below(viewer.scope(Permission.NOTICES_APPROVE), on)
    day = board.day_of(notice, at=clock.start_of(on))
    strictly = _stood_below(viewer.scope(Permission.NOTICES_WRITE), on)
    own = set(viewer.unit_ids(Permission.NOTICES_WRITE))
    own |= heirs.forerunners(unit_ids=own, on=day)
    reach |= strictly & ~Q(unit_id__in=own)
    inside = units.subtree_filter(paths=[root.path], on=day)
    found = Acknowledgement.objects.filter(reach, notice=notice, unit_id__in=inside)
    return found.select_related("account").order_by("-acknowledged_at", "-seen_at", "pk")


def _stood_below(paths: Collection[str], on: date) -> Q:
    """What units below these paths said, and ended ones for which such units stand."""
    below = units.subtree_filter(paths=paths, on=on)
    return Q(unit_id__in=below) | Q(unit_id__in=heirs.gone_filter(paths=paths, on=on))


def named_like(
    viewer: Viewer, *, found: QuerySet[Acknowledgement], text: str
) -> QuerySet[Acknowledgement]:
    """Return those of a list the viewer loaded whose colleague's name holds the text, with or without marks."""
    del viewer
    folded = Func(F("account__full_name"), function="vi_fold", output_field=TextField())
    return found.annotate(folded=folded).filter(folded__contains=fold(text))


def may_read_names(viewer: Viewer, *, unit: UnitNow) -> bool:
    """True when the viewer may read by name who acknowledged in the unit; of one that ended, as of whoever took over."""
    return rules.may_see_names(
        _path_today(unit),
        writes_in=viewer.scope(Permission.NOTICES_WRITE),
        approves_in=viewer.scope(Permission.NOTICES_APPROVE),
    )


def handed(viewer: Viewer, *, on: date, text: str = "") -> QuerySet[OutboundMessage]:
    """Return what waits at people in the units of which the viewer may tell, the oldest first.

    text  words of the title, or the name of the channel
    """
    found = _by_hand(viewer, on).filter(state=SendState.HANDED)
    if text:
        found = found.filter(Q(content__title__icontains=text) | Q(channel__name__icontains=text))
    return found.order_by("created_at", "seq")


def waiting_to_post(viewer: Viewer, *, on: date) -> int:
    """Return how many publications wait in the very units in which the viewer tells; those of units below are theirs to post."""
    own = list(viewer.unit_ids(Permission.NOTICES_DECLARE))
    if not own:
        return 0
    found = OutboundMessage.objects.filter(
        state=SendState.HANDED, kind=PostKind.PUBLICATION.value, channel__unit_id__in=own
    )
    return found.count()


def answered_lately(viewer: Viewer, *, at: datetime, on: date) -> list[OutboundMessage]:
    """Return the twenty sends that were declared posted there in the last week, newest first."""
    found = _by_hand(viewer, on).filter(declared_at__gte=at - DONE_FOR)
    return list(found.select_related("declared_by").order_by("-declared_at")[:20])


def handed_item(viewer: Viewer, *, pk: UUID, on: date) -> OutboundMessage | None:
    """Return one publication that is, or was, posted by hand in a unit of which the viewer may tell; None otherwise."""
    return _by_hand(viewer, on).filter(pk=pk).select_related("declared_by").first()


def _by_hand(viewer: Viewer, on: date) -> QuerySet[OutboundMessage]:
    reach = units.subtree_filter(paths=viewer.scope(Permission.NOTICES_DECLARE), on=on)
    found = OutboundMessage.objects.filter(
        kind=PostKind.PUBLICATION.value,
        channel__unit_id__in=reach,
        channel__connector_key__in=registry.kinds_that(Capability.BY_HAND),
    )
    return found.select_related("channel", "content")


@system("shown to whoever loaded the sends")
def notices_of(*, sends: Iterable[OutboundMessage]) -> dict[str, Notice]:
    """Return the notice of each send by the send's reference, in one query."""
    references = {s.reference for s in sends}
    ids = [r.removeprefix("notice:") for r in references]
    found = Notice.objects.filter(pk__in=ids)
    return {board.reference_of(n): n for n in found}


@system("shown to whoever loaded the sends")
def reminders_for(*, sends: Iterable[OutboundMessage]) -> dict[tuple[str, UUID], datetime]:
    """Return when the unit of each send was reminded of its notice last, by the send's reference and unit."""
    wanted = {(s.reference, s.channel.unit_id) for s in sends}
    found = Reminder.objects.filter(
        notice_id__in={r.removeprefix("notice:") for r, _u in wanted},
        unit_id__in={u for _r, u in wanted},
    )
    rows = found.values_list("notice_id", "unit_id").annotate(last=Max("at"))
    return {(f"notice:{n}", u): last for n, u, last in rows}


@system("shown to whoever loaded the sends")
def links_of(*, notice_ids: Collection[UUID], channel_ids: Collection[UUID]) -> dict:
    """Return the short address of each (notice, channel) that has one, in one query."""
    found = ShortLink.objects.filter(notice_id__in=notice_ids, channel_id__in=channel_ids)
    return {(x.notice_id, x.channel_id): x for x in found}


def to_acknowledge(viewer: Viewer, *, on: date, text: str = "") -> QuerySet[Notice]:
    """Return the notices that went out and ask a unit of the viewer's for an acknowledgement, or are for officers only; newest first.

    Each bears ``said_at``, when the viewer acknowledged it, and ``opened_at``, when she opened it first
    """
    asked = Q(audience=Audience.INTERNAL.value) | Q(must_acknowledge=True)
    found = _for_own_units(viewer, Permission.NOTICES_VIEW, on).filter(asked)
    if text:
        found = found.filter(folded__contains=fold(text))
    return _with_own_word(viewer, found)


def notice_to_read(viewer: Viewer, *, number: str, at: datetime) -> Notice | None:
    """Return a notice that went out to a unit of the viewer's or one below, with ``said_at`` and ``opened_at``; None otherwise."""
    found = notice_out(viewer, number=number, on=clock.local_date(at))
    if found is None or root_of(viewer, notice=found, slug="", at=at) is None:
        return None
    return _with_own_word(viewer, Notice.objects.filter(pk=found.pk)).first()


def _with_own_word(viewer: Viewer, found: QuerySet[Notice]) -> QuerySet[Notice]:
    mine = Acknowledgement.objects.filter(account_id=viewer.account_id, notice_id=OuterRef("pk"))
    return found.annotate(
        said_at=Subquery(mine.order_by("-acknowledged_at").values("acknowledged_at")[:1]),
        opened_at=Subquery(mine.order_by("seen_at").values("seen_at")[:1]),
    ).order_by("-published_at", "pk")


def lately_for(viewer: Viewer, *, at: datetime, on: date) -> list[Notice]:
    """Return the ten newest public notices of the last month that are for a unit of which the viewer tells."""
    found = _for_own_units(viewer, Permission.NOTICES_DECLARE, on)
    found = found.filter(audience=Audience.PUBLIC, published_at__gte=at - LATELY)
    return list(found.order_by("-published_at", "pk")[:10])


def _for_own_units(viewer: Viewer, permission: Permission, on: date) -> QuerySet[Notice]:
    """Sent to her units, or to units they took over from: what was asked of these is hers to read."""
    reached = Q(pk__in=[])
    for unit in heirs.with_forerunners(unit_ids=viewer.unit_ids(permission), on=on):
        reached |= _meant(unit)
    lines = AudienceLine.objects.filter(reached).values("notice_id")
    return Notice.objects.filter(pk__in=lines, state__in=OUT)


def _meant(unit: UnitVersion) -> Q:
    """Lines of an audience in which the unit is meant."""
    above = [UUID(x) for x in str(unit.path).split(".")[:-1]]
    line = Q(unit_id=unit.unit_id) | Q(unit_id__in=above, reach=Reach.SUBTREE.value)
    if unit.parent_id:
        line |= Q(unit_id=unit.parent_id, reach=Reach.CHILDREN.value)
    return line & (Q(levels=[]) | Q(levels__contains=[unit.level]))


def units_asked(viewer: Viewer, *, notice: Notice, on: date) -> list[UUID]:
    """Return the units that the notice is for: the viewer's own, and those of that day which hers took over from since."""
    day = board.day_of(notice, at=clock.start_of(on))
    held = held_then(viewer, day=day)
    found = notices.audience_units(notice=notice, on=day).filter(pk__in=held)
    return list(found.values_list("pk", flat=True))


def places_to_tell(viewer: Viewer, *, notice: Notice, on: date) -> list[tuple[str, str]]:
    """Return where the viewer may say that the notice was read out, at most two hundred: (id, name), her own units first."""
    day = board.day_of(notice, at=clock.start_of(on))
    own = units.many_as_of(unit_ids=viewer.unit_ids(Permission.NOTICES_DECLARE), on=on)
    meant = notices.audience_units(notice=notice, on=day).values("pk")
    found = units.list_as_of(on=on).filter(
        unit_id__in=meant, path__below_any=[u.path for u in own.values()]
    )
    rows = sorted(found[:200], key=lambda v: (v.unit_id not in own, v.sort_key))
    return [(str(v.unit_id), v.full_name) for v in rows]


def unread(viewer: Viewer, *, on: date) -> int:
    """Return how many notices wait for the viewer's acknowledgement."""
    said = Acknowledgement.objects.filter(
        account_id=viewer.account_id, notice_id=OuterRef("pk"), acknowledged_at__isnull=False
    )
    found = _for_own_units(viewer, Permission.NOTICES_VIEW, on).filter(must_acknowledge=True)
    return found.exclude(Exists(said)).count()


@system("a link is opened by anybody")
def link(*, code: str) -> ShortLink | None:
    """Return the link of that code with its notice, or None."""
    return ShortLink.objects.filter(code=code).select_related("notice").first()


@system("a link is opened by anybody")
def address_of(link: ShortLink) -> str:
    """Return the notice's own page."""
    return reverse("notices:public", args=[link.notice.number])


def opened_by_kind(viewer: Viewer, *, notice: Notice) -> dict[str, int]:
    """Return how often the links of each kind of channel were opened: totals."""
    del viewer
    found = ShortLink.objects.filter(notice=notice).order_by()
    rows = found.values("connector_key").annotate(n=Sum("opened_total"))
    return {row["connector_key"]: row["n"] for row in rows}


def seen_by_kind(viewer: Viewer, *, notice: Notice) -> dict[str, Totals]:
    """Return how many saw the notice's posts of each kind of channel, as providers count: totals, where they say."""
    del viewer
    found = SeenCount.objects.filter(notice=notice, counted_at__isnull=False).order_by()
    rows = found.values("connector_key").annotate(
        seen=Sum("seen_total"), people=Sum("people_total"), acted=Sum("acted_total")
    )
    return {r["connector_key"]: Totals(r["seen"], r["people"], r["acted"]) for r in rows}


@system("the mailer")
def reminders_to_mail(*, limit: int) -> list[Reminder]:
    """Return the reminders nobody was written to about, the oldest first."""
    found = Reminder.objects.filter(mailed_at=None).select_related("notice", "by")
    return list(found.order_by("at", "pk")[:limit])
