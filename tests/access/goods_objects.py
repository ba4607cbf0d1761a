"""One of everything that the room of goods keeps in a unit, of a campaign of that unit."""

import uuid

from caunoi.campaigns import actions as campaigns
from caunoi.campaigns.models import Campaign, Need
from caunoi.files import actions as files
from caunoi.files.tests.samples import photo
from caunoi.funds import actions as funds
from caunoi.funds.models import Account
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.goods.models import Movement, Reservation, Team
from tests.cast import MONDAY

DAY = MONDAY.date()


def goods_objects(unit, account_id, relation):
    """A gift with its code, a heap, what moved with picture and paper, what is on its way, what is kept back, a team."""
    campaign = _campaign(unit, account_id, relation)
    gift = campaigns.promise(campaign=campaign, commodity="goat", amount=9, at=MONDAY, fields={})
    need = Need.objects.create(
        campaign=campaign, unit=unit, commodity_id="goat", amount=9, confirmed_until=DAY, said_by_id=account_id, said_at=MONDAY
    )  # fmt: skip
    kept = Reservation.objects.create(
        gift=gift, need=need, amount=1, holds_until=DAY, made_at=MONDAY
    )
    team = Team.objects.create(
        unit=unit,
        name="Đội",
        commodity_id="builder-day",
        made_at=MONDAY,
        made_by_id=account_id,
    )
    given, arriving, heap = _moved(campaign, unit, account_id)
    return {
        "gift_code": {"code": gift.code.text},
        "movement": {"pk": given.pk},
        "movement_deed": {"pk": given.pk, "deed": "hoi-tham"},
        "arriving": {"pk": arriving.pk},
        "heap": {"pk": heap.pk},
        "heap_deed": {"pk": heap.pk, "deed": "trao"},
        "reservation": {"pk": kept.pk},
        "reservation_deed": {"pk": kept.pk, "deed": "nha"},
        "team": {"pk": team.pk},
    }


def _campaign(unit, account_id, relation):
    funds.know_common_commodities()
    fund = funds.open_fund(unit_id=unit.pk, name=f"Quỹ {relation}", on=DAY, at=MONDAY)
    from caunoi.staff.tests.factories import make_account

    return Campaign.objects.create(
        unit=unit,
        area=unit,
        fund=fund,
        slug=f"dot-{relation}",
        kind="poor",
        state="open",
        title="Đợt",
        starts_on=DAY,
        written_by_id=account_id,
        written_at=MONDAY,
        approved_by=make_account(name="Người duyệt"),
        approved_at=MONDAY,
    )


def _moved(campaign, unit, account_id):
    here, kept = (Address(p, "goat", "", unit.pk) for p in (Place.ON_HAND, Place.ALLOCATED))
    ways = [
        (Move.RECEIVE, Address(Place.GIVERS, "goat"), here, 9, ""),
        (Move.ALLOCATE, here, kept, 5, ""),
        (Move.HAND_OVER, kept, Address(Place.HANDED_OVER, "goat", "", unit.pk), 2, "x"),
        (Move.FORWARD, Address(Place.ON_HAND, "goat"), here, 1, ""),
    ]
    ways.insert(3, (Move.FORWARD, here, Address(Place.ON_HAND, "goat"), 1, ""))
    drafts = [Draft(uuid.uuid4(), m, s, t, n, DAY, word=w) for m, s, t, n, w in ways]
    posted = funds.post(drafts, fund_id=campaign.fund_id, at=MONDAY)
    common = {"campaign": campaign, "commodity_id": "goat", "on": DAY, "at": MONDAY}
    picture = files.keep_picture(content=photo(size=(20, 20)), at=MONDAY)
    given = Movement.objects.create(
        id=uuid.uuid4(),
        kind="handed_over",
        amount=2,
        unit=unit,
        posting=posted[2],
        witness="x",
        picture=picture,
        released_at=MONDAY,
        released_by_id=account_id,
        paper=_paper(unit, account_id),
        **common,
    )
    from caunoi.units.models import Unit

    elsewhere = Unit.objects.create(slug=f"noi-gui-{uuid.uuid4().hex[:8]}")
    arriving = Movement.objects.create(
        id=uuid.uuid4(),
        kind="sent",
        amount=1,
        unit=elsewhere,
        to_unit=unit,
        posting=posted[4],
        **common,
    )
    heap = Account.objects.get(fund_id=campaign.fund_id, place="allocated", unit=unit)
    return given, arriving, heap


def _paper(unit, account_id):
    from caunoi.documents import queries, rules
    from caunoi.documents.models import Paper
    from caunoi.documents.terms import Sheet

    head = queries.head_of(unit_id=unit.pk, on=DAY)
    dated = rules.date_line(place="X", on=DAY)
    sheet = Sheet(head, "01/BB-MTTQ", dated, "BIÊN BẢN", "s", "a", ("p",))
    return Paper.objects.create(
        unit=unit,
        year=2019,
        number=1,
        symbol=sheet.number,
        paper_type="handover",
        subject="s",
        addressee="a",
        reference="movement:x",
        sheet=sheet.as_json(),
        issued_at=MONDAY,
        issued_by_id=account_id,
    )
