"""Reads about campaigns."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Greatest

from caunoi.campaigns import meeting
from caunoi.campaigns.models import (
    Campaign,
    Gift,
    LaunchRule,
    Need,
    Publication,
    TransferCode,
    Update,
)
from caunoi.campaigns.terms import GiftState, NeedState, State
from caunoi.files.models import Picture
from caunoi.funds import codes
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units

PUBLIC = "what is asked for is public"
SHOWN = (State.OPEN.value, State.SETTLED.value)
PUBLICATION_SOON = 5


def _folded(field: str) -> Func:
    return Func(F(field), function="vi_fold", output_field=TextField())


# -- public ------------------------------------------------------------------


@system(PUBLIC)
def public() -> QuerySet[Campaign]:
    """Return the campaigns that everybody sees, newest first."""
    return Campaign.objects.filter(state__in=SHOWN).order_by("-starts_on", "slug")


@system(PUBLIC)
def public_found(
    *, text: str = "", under: UUID | None = None, when: str = "", on: date
) -> QuerySet:
    """Return what everybody sees, narrowed by words of the title, by area, and to what is ``open`` or ``ended`` on the day."""
    found = public()
    if text:
        found = found.filter(folded__contains=fold(text))
    if under:
        found = _touching(found, under, on)
    over = Q(state=State.SETTLED.value) | Q(ends_on__lt=on)
    if when == "open":
        found = found.exclude(over)
    elif when == "ended":
        found = found.filter(over)
    return found


def _touching(found: QuerySet[Campaign], unit_id: UUID, on: date) -> QuerySet[Campaign]:
    """Campaigns whose area is the unit, lies below it, or holds it."""
    line = units.lineages_of(unit_ids=[unit_id], on=on).get(unit_id)
    if line is None:
        return found.filter(area_id=unit_id)
    below = units.subtree_filter(paths=[line[-1].path], on=on)
    return found.filter(Q(area_id__in=below) | Q(area_id__in=[u.id for u in line]))


@system(PUBLIC)
def of_area(*, unit_id: UUID, on: date, most: int = 3) -> list[Campaign]:
    """Return the campaigns that are open for a unit today, for its home page."""
    return list(public_found(under=unit_id, when="open", on=on)[:most])


@system(PUBLIC)
def by_slug(*, slug: str) -> Campaign | None:
    """Return a public campaign by its address word."""
    return public().select_related("unit", "area").filter(slug=slug).first()


@system(PUBLIC)
def updates_of(*, campaign: Campaign, most: int = 50) -> list[Update]:
    """Return the last words on how it goes, without the bytes of their photos."""
    found = Update.objects.filter(campaign=campaign).order_by("-at", "pk")
    return list(found[:most])


@system(PUBLIC)
def publications_of(*, campaign: Campaign) -> list[Publication]:
    """Return what must be published, in the order of days."""
    found = Publication.objects.filter(campaign=campaign).select_related("done_by")
    return list(found.order_by("due_on", "pk"))


@system(PUBLIC)
def picture(*, campaign: Campaign, pk: UUID) -> Picture | None:
    """Return a picture that belongs to the campaign: its own, of an update or of a publication."""
    mine = (
        Q(pk=campaign.picture_id)
        | Q(pk__in=Update.objects.filter(campaign=campaign).values("picture"))
        | Q(pk__in=Publication.objects.filter(campaign=campaign).values("picture"))
    )
    return Picture.objects.filter(mine, pk=pk).first()


@system(PUBLIC)
def needed(*, campaign_id: UUID) -> dict[tuple[UUID, str, str], int]:
    """Return how much is and was needed by unit, purpose and thing; what was withdrawn is left out."""
    rows = Need.objects.filter(campaign_id=campaign_id).exclude(state=NeedState.WITHDRAWN.value)
    grouped = rows.order_by().values_list("unit_id", "purpose", "commodity_id")
    return {
        (unit, purpose, thing): n for unit, purpose, thing, n in grouped.annotate(n=Sum("amount"))
    }


@system(PUBLIC)
def public_needs(*, campaign: Campaign) -> QuerySet[Need]:
    """Return what is still asked for, the most urgent first."""
    found = Need.objects.filter(campaign=campaign, state=NeedState.OPEN.value)
    return in_order(found.select_related("commodity"))


@system(PUBLIC)
def met_of(*, need_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how much of each need is promised for it or was given: of a promise that lapsed only what came; see ``meeting``."""
    counts = Case(
        When(state=GiftState.LAPSED.value, then=F("came")),
        default=Greatest(F("amount"), F("came")),
        output_field=BigIntegerField(),
    )
    given = Gift.objects.filter(need_id__in=need_ids).order_by().values_list("need_id")
    found = Counter(dict(given.annotate(n=Sum(counts))))
    for more in meeting.MET_BY:
        found.update(more(need_ids))
    return {need_id: max(n, 0) for need_id, n in found.items()}


def in_order(found: QuerySet[Need]) -> QuerySet[Need]:
    """Sort needs: urgent first, then by day. Not a read of its own."""
    rank = Func(
        F("priority"),
        function="array_position",
        template="array_position(ARRAY['urgent','soon','later'], %(expressions)s::text)",
    )
    return found.order_by(rank, F("needed_by").asc(nulls_last=True), "said_at", "pk")


in_order.reads_for_system = "sorts only"  # type: ignore[attr-defined]


@system(PUBLIC)
def gift_counts(*, campaign: Campaign) -> dict[str, int]:
    """Return how many promises there are by state, and no names."""
    rows = Gift.objects.filter(campaign=campaign).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


@system("a line of a bank statement is matched by its code")
def codes_of(*, numbers: Iterable[int]) -> dict[int, TransferCode]:
    """Return the transfer codes that exist under these numbers, with campaign and gift."""
    found = TransferCode.objects.filter(number__in=list(numbers))
    return {c.number: c for c in found.select_related("campaign", "gift", "need")}


@system("whoever holds the code of a promise sees how far it is")
def gift_by_code(*, text: str) -> Gift | None:
    """Return the promise of a code as somebody typed it: small letters, spaces, O for 0."""
    number = codes.number_of(text)
    if number is None:
        return None
    found = TransferCode.objects.filter(number=number, gift__isnull=False)
    code = found.select_related("gift__campaign", "gift__commodity", "gift__need").first()
    return code.gift if code else None


@system(PUBLIC)
def code_text(*, campaign: Campaign, need: Need | None = None, purpose: str = "") -> str:
    """Return the transfer code of the campaign (and purpose) or of one need; empty when none was given."""
    found = TransferCode.objects.filter(campaign=campaign, need=need, gift=None)
    code = (found if need else found.filter(purpose=purpose)).first()
    return code.text if code else ""


@system("books are kept by campaign")
def of_fund(*, fund_id: UUID) -> Campaign | None:
    """Return the campaign of a set of books."""
    return Campaign.objects.filter(fund_id=fund_id).first()


# -- staff -------------------------------------------------------------------


def visible(viewer: Viewer, *, on: date) -> QuerySet[Campaign]:
    """Return the campaigns of the units below the viewer, in every state."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.CAMPAIGNS_VIEW), on=on)
    return Campaign.objects.filter(unit_id__in=reach).order_by("-starts_on", "slug")


def listed(viewer: Viewer, *, on: date, text: str = "", state: str = "") -> QuerySet[Campaign]:
    """Return what the desk lists: campaigns of the units below, and those everybody sees that reach the viewer's units."""
    held = units.many_as_of(unit_ids=viewer.unit_ids(Permission.CAMPAIGNS_VIEW), on=on)
    above = {UUID(label) for unit in held.values() for label in unit.path.split(".")}
    reach = units.subtree_filter(paths=viewer.scope(Permission.CAMPAIGNS_VIEW), on=on)
    mine = Q(unit_id__in=reach)
    found = Campaign.objects.filter(mine | Q(state__in=SHOWN, area_id__in=above))
    if text:
        found = found.filter(folded__contains=fold(text))
    if state:
        found = found.filter(state=state)
    return found.order_by("-starts_on", "slug")


def campaign(viewer: Viewer, *, pk: UUID, on: date) -> Campaign | None:
    """Return one campaign of a unit below the viewer, or None."""
    return (
        visible(viewer, on=on)
        .select_related("unit", "written_by", "approved_by")
        .filter(pk=pk)
        .first()
    )


def campaign_to_help(viewer: Viewer, *, pk: UUID, on: date) -> Campaign | None:
    """Return a campaign for which the viewer may report needs: one of the units below, or any that everybody sees."""
    mine = campaign(viewer, pk=pk, on=on)
    return mine or public().filter(pk=pk).first()


def needs(
    viewer: Viewer,
    *,
    on: date,
    campaign: Campaign | None = None,
    text: str = "",
    state: str = "",
    priority: str = "",
    thing: str = "",
    stale: bool = False,
) -> QuerySet[Need]:
    """Return needs, narrowed: of a campaign that the viewer runs all of them, else those of the units below the viewer."""
    found = Need.objects.select_related("commodity", "campaign")
    if campaign is not None:
        found = found.filter(campaign=campaign)
    if campaign is None or not visible(viewer, on=on).filter(pk=campaign.pk).exists():
        found = found.filter(_in_reach(viewer, on))
    chosen = {"state": state, "priority": priority, "commodity_id": thing}
    found = found.filter(**{name: value for name, value in chosen.items() if value})
    if stale:
        found = found.filter(state=NeedState.OPEN.value, confirmed_until__lt=on)
    if text:
        found = found.annotate(words=_folded("note"), thing=_folded("commodity__name"))
        named = Q(unit_id__in=units.ids_named(text=text))
        found = found.filter(named | Q(words__contains=fold(text)) | Q(thing__contains=fold(text)))
    return in_order(found)


def _in_reach(viewer: Viewer, on: date) -> Q:
    """What units below the viewer need, and ended units for which hers stand."""
    paths = viewer.scope(Permission.NEEDS_REPORT)
    below = units.subtree_filter(paths=paths, on=on)
    return Q(unit_id__in=below) | Q(unit_id__in=heirs.gone_filter(paths=paths, on=on))


def need(viewer: Viewer, *, pk: UUID, on: date) -> Need | None:
    """Return one need of a unit below the viewer or of a campaign the viewer runs, or None."""
    run = visible(viewer, on=on).values("pk")
    found = Need.objects.select_related("commodity", "campaign")
    return found.filter(_in_reach(viewer, on) | Q(campaign_id__in=run), pk=pk).first()


def units_to_report_for(viewer: Viewer, *, names: Iterable[str], on: date) -> dict[str, UUID]:
    """Return the unit that each folded full name means among those for which the viewer may report; none where two bear it."""
    found = units.bearing(folded=names, paths=viewer.scope(Permission.NEEDS_REPORT), on=on)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def sees_givers(viewer: Viewer, *, campaign: Campaign, on: date) -> bool:
    """True when the viewer handles what people give to this campaign; then names and contacts are shown."""
    path = units.paths_of(unit_ids=[campaign.unit_id], on=on).get(campaign.unit_id, "")
    wanted = (Permission.CAMPAIGNS_WRITE, Permission.FUNDS_VIEW)
    return any(viewer.may(p, path) for p in wanted)


def gifts(
    viewer: Viewer,
    *,
    campaign: Campaign,
    on: date,
    text: str = "",
    state: str = "",
    thing: str = "",
) -> QuerySet[Gift]:
    """Return the promises to a campaign, newest first; names are searched only by those who may read them, codes by all."""
    found = Gift.objects.filter(campaign=campaign).select_related("commodity", "code")
    chosen = {"state": state, "commodity_id": thing}
    found = found.filter(**{name: value for name, value in chosen.items() if value})
    if text:
        number = codes.number_of(text)
        match = Q(code__number=number) if number is not None else Q(pk=None)
        if sees_givers(viewer, campaign=campaign, on=on):
            found = found.annotate(name_folded=_folded("giver"))
            match |= Q(name_folded__contains=fold(text))
        found = found.filter(match)
    return found.order_by("-promised_at", "pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at somebody on the Today page."""

    to_confirm: int
    to_publish: int
    to_approve: int


def waiting(viewer: Viewer, *, on: date) -> Waiting:
    """Return how many needs must be confirmed, publications are overdue, and campaigns wait for approval below the viewer; one query."""
    stale = Need.objects.filter(
        state=NeedState.OPEN.value, confirmed_until__lt=on, campaign__state=State.OPEN.value
    )
    late = Publication.objects.filter(done_on=None, due_on__lt=on)
    submitted = Campaign.objects.filter(state=State.SUBMITTED.value)
    parts = (
        (Permission.NEEDS_REPORT, stale, "unit_id"),
        (Permission.CAMPAIGNS_WRITE, late, "campaign__unit_id"),
        (Permission.CAMPAIGNS_APPROVE, submitted, "unit_id"),
    )
    counts = [
        _count(found.filter(**{f"{where}__in": units.subtree_filter(paths=paths, on=on)}))
        if (paths := viewer.scope(permission))
        else Value(0)
        for permission, found, where in parts
    ]
    asked = Campaign.objects.order_by().values_list(*counts)[:1]
    return Waiting(*(n or 0 for n in next(iter(asked), (0, 0, 0))))


def _count(found: QuerySet) -> Subquery:
    """Return how many rows there are, to stand in another query."""
    one = found.order_by().annotate(one=Value(1)).values("one")
    return Subquery(one.annotate(n=Count("pk")).values("n"), output_field=IntegerField())


@system("which rules hold is public")
def launch_rules(*, on: date) -> list[LaunchRule]:
    """Return who may launch what, in the version that holds on the day."""
    found = LaunchRule.objects.filter(valid_from__lte=on)
    return list(found.order_by("kind", "level", "-valid_from").distinct("kind", "level"))


@system("a line of a bank statement belongs to a promise")
def gifts_of(*, pks: Iterable[UUID]) -> dict[UUID, Gift]:
    """Return these promises with their campaigns."""
    return {g.pk: g for g in Gift.objects.filter(pk__in=list(pks)).select_related("campaign")}
