"""What colleagues of closing units work with, told to the reform wizard after what everybody sees (``reforming``)."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_noop as _

from caunoi.campaigns import successions as campaigns
from caunoi.documents import actions as papers
from caunoi.documents import queries as documents
from caunoi.duty import successions as duty
from caunoi.funds import successions as funds
from caunoi.goods import successions as goods
from caunoi.handling import successions as handling
from caunoi.notices import successions as notices
from caunoi.reform import rules
from caunoi.reform.bundles import ALL, bundles, heirs_by_unit
from caunoi.reform.registry import register
from caunoi.reform.terms import Deed, Holder, Item, Outcome
from caunoi.routing import successions as routing
from caunoi.staff import successions as staff
from caunoi.units import queries as units
from caunoi.voters import successions as voters
from caunoi.webhooks import successions as webhooks

K, M, A, C = Outcome.KEPT, Outcome.MERGED, Outcome.ARCHIVED, Outcome.CLOSED
ROSTERS, CANNED = _("Call lists and shifts"), _("Canned answers")
RULES, HEADS = _("Rules of who is competent"), _("Letterheads")
GROUPS = _("Audiences kept under a name")
GOODS = _("Goods in store and teams")
BOOKS, CAMPAIGNS = _("Books of funds"), _("Campaigns")
READERS, VIEWS = _("Who speaks which language"), _("Kept views of the inbox")
INVITATIONS, MEETINGS = _("Invitations nobody has taken yet"), _("Planned meetings with voters")


def _rosters(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = duty.counts(unit_ids=unit_ids, on=on)
    return [Item(unit_id, ALL, ROSTERS, count=n) for unit_id, n in found.items()]


def _carry_rosters(deeds: Sequence[Deed]) -> None:
    duty.pass_rosters(heirs_by_unit(deeds, M), on=deeds[0].on, at=deeds[0].at)


def _carry_canned(deeds: Sequence[Deed]) -> None:
    handling.pass_canned(heirs_by_unit(deeds, M), at=deeds[0].at)


def _bodies(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = routing.bodies_of(unit_ids=unit_ids, on=on)
    return [Item(b.unit_id, str(b.pk), b.name, b.kind) for b in found]


def _carry_bodies(deeds: Sequence[Deed]) -> None:
    """Agencies that go on bear the successor's name where they bore the old unit's."""
    on = deeds[0].on
    labels = {b.pk: b.name for b in routing.bodies_of(unit_ids={d.unit_id for d in deeds}, on=on)}
    both = {d.unit_id for d in deeds} | {d.to_unit_id for d in deeds}
    names = units.names_of(unit_ids=both, on=on)
    passings = []
    for deed in deeds:
        pk, kept = UUID(deed.ref), deed.outcome == K
        old, new = names.get(deed.unit_id, ""), names.get(deed.to_unit_id, "")
        name = rules.renamed(labels.get(pk, ""), old=old, new=new) if kept else ""
        passings.append(routing.Passing(pk, deed.to_unit_id if kept else None, name))
    routing.pass_bodies(passings, on=on, at=deeds[0].at)


def _rules(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = routing.rule_counts(unit_ids=unit_ids, on=on)
    return [Item(unit_id, ALL, RULES, count=n) for unit_id, n in found.items()]


def _carry_rules(deeds: Sequence[Deed]) -> None:
    heirs = {d.unit_id: d.to_unit_id for d in deeds}
    routing.pass_rules(heirs, on=deeds[0].on, at=deeds[0].at)


def _endpoints(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = webhooks.held_by(unit_ids=unit_ids)
    return [Item(e.unit_id, str(e.pk), e.name) for e in found]


def _carry_endpoints(deeds: Sequence[Deed]) -> None:
    heirs = {UUID(d.ref): d.to_unit_id if d.outcome == K else None for d in deeds}
    webhooks.pass_endpoints(heirs, at=deeds[0].at)


def _carry_groups(deeds: Sequence[Deed]) -> None:
    notices.pass_groups({d.unit_id: d.to_unit_id for d in deeds}, at=deeds[0].at)


def _carry_heads(deeds: Sequence[Deed]) -> None:
    """A letterhead ends with its unit: it is kept with the papers that bear it, and the successor writes its own."""
    keepers = {d.unit_id: d.to_unit_id for d in deeds}
    papers.keep_papers(keepers, since=deeds[0].on, at=deeds[0].at)


def _carry_goods(deeds: Sequence[Deed]) -> None:
    goods.pass_stock({d.unit_id: d.to_unit_id for d in deeds}, on=deeds[0].on, at=deeds[0].at)


def _carry_campaigns(deeds: Sequence[Deed]) -> None:
    campaigns.pass_campaigns({d.unit_id: d.to_unit_id for d in deeds}, at=deeds[0].at)


def _carry_books(deeds: Sequence[Deed]) -> None:
    heirs = {d.unit_id: d.to_unit_id for d in deeds}
    funds.pass_books(heirs, on=deeds[0].on, at=deeds[0].at)


def _carry_readers(deeds: Sequence[Deed]) -> None:
    notices.pass_readers({d.unit_id: d.to_unit_id for d in deeds}, at=deeds[0].at)


def _carry_views(deeds: Sequence[Deed]) -> None:
    handling.pass_views({d.unit_id: d.to_unit_id for d in deeds}, at=deeds[0].at)


def _carry_invitations(deeds: Sequence[Deed]) -> None:
    staff.pass_invitations({d.unit_id: d.to_unit_id for d in deeds}, at=deeds[0].at)


def _meetings(unit_ids: Collection[UUID], on: date) -> list[Item]:
    found = voters.planned_counts(unit_ids=unit_ids, on=on)
    return [Item(unit_id, ALL, MEETINGS, count=n) for unit_id, n in found.items()]


def _carry_meetings(deeds: Sequence[Deed]) -> None:
    heirs = {d.unit_id: d.to_unit_id for d in deeds}
    voters.pass_meetings(heirs, on=deeds[0].on, at=deeds[0].at)


register(Holder("rosters", ROSTERS, (M, C), M, _rosters, _carry_rosters))
register(Holder("canned", CANNED, (M, A), M, bundles(handling.counts, CANNED), _carry_canned))
register(Holder("bodies", _("Agencies attached to them"), (K, C), K, _bodies, _carry_bodies))
register(
    Holder(
        "rules",
        RULES,
        (K,),
        K,
        _rules,
        _carry_rules,
        rule=_("They name the successor from the day on."),
    )
)
register(
    Holder(
        "groups",
        GROUPS,
        (M,),
        M,
        bundles(notices.group_counts, GROUPS),
        _carry_groups,
        rule=_(
            "The successor keeps them; where it has one of that name, the one that comes gets a number."
        ),
    )
)
register(
    Holder(
        "letterheads",
        HEADS,
        (A,),
        A,
        bundles(documents.letterhead_counts, HEADS),
        _carry_heads,
        rule=_("They stay with the papers that bear them; the successor writes its own."),
    )
)
register(
    Holder("endpoints", _("Addresses of other systems"), (K, C), C, _endpoints, _carry_endpoints)
)
register(
    Holder(
        "goods",
        GOODS,
        (M,),
        M,
        bundles(goods.counts, GOODS),
        _carry_goods,
        rule=_(
            "They lie at the successor from the day on; what is meant for a need stays meant for it."
        ),
    )
)
register(
    Holder(
        "campaigns",
        CAMPAIGNS,
        (K,),
        K,
        bundles(campaigns.counts, CAMPAIGNS),
        _carry_campaigns,
        rule=_(
            "The successor runs them. What people read and pay into stays as it was told: look whether the bank account stays too."
        ),
    )
)
register(
    Holder(
        "books",
        BOOKS,
        (K,),
        K,
        bundles(funds.counts, BOOKS),
        _carry_books,
        rule=_(
            "The successor keeps them, whole. Papers keep their numbers, new ones get the successor's; of two of one name one bears the old unit's too."
        ),
    )
)
register(
    Holder(
        "readers",
        READERS,
        (M,),
        M,
        bundles(notices.reader_counts, READERS),
        _carry_readers,
        rule=_("They speak it for the successor; who is named there already is named once."),
    )
)
register(
    Holder(
        "views",
        VIEWS,
        (M,),
        M,
        bundles(handling.view_counts, VIEWS),
        _carry_views,
        rule=_("They look at the successor, and are shared there."),
    )
)
register(
    Holder(
        "invitations",
        INVITATIONS,
        (M,),
        M,
        bundles(staff.invitation_counts, INVITATIONS),
        _carry_invitations,
        rule=_(
            "They lead into the successor, in the same role; the link stays the same and is good as long as it was."
        ),
    )
)
register(
    Holder(
        "meetings",
        MEETINGS,
        (M,),
        M,
        _meetings,
        _carry_meetings,
        rule=_(
            "Those of that day or later are the successor's. Those held before stay in the old unit's name, for the successor to read."
        ),
    )
)
