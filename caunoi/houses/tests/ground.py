"""A programme of the province with a village, its people, and households to build for."""

import io
import uuid
from datetime import date, timedelta

from PIL import Image

from caunoi.funds import actions as funds
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.houses import actions, actions_review
from caunoi.houses.terms import Row
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

DAY = date(2026, 11, 23)
LATER = MONDAY + timedelta(days=9)
"""When a list posted on Monday for a week can be handed in."""
FIELDS = {
    "name": "Xoá nhà tạm, nhà dột nát",
    "year": 2026,
    "source": "Quyết định thử số 01/QĐ",
    "new_support": 60_000_000,
    "repair_support": 30_000_000,
    "posting_days": 7,
    "silent_days": 30,
    "fund_id": None,
}


def people(tree):
    """The village cadre, the commune's approver, the province's approver and treasurer."""
    return {
        "duc": make_staff(name="Phan Văn Đức", unit_id=tree["village"].pk, role=Role.CONTRIBUTOR),
        "binh": make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER),
        "phuc": make_staff(name="Lê Văn Phúc", unit_id=tree["nghe_an"].pk, role=Role.APPROVER),
        "quy": make_staff(name="Đặng Thị Quý", unit_id=tree["nghe_an"].pk, role=Role.TREASURER),
    }


def programme_of(unit, by, **fields):
    return actions.begin(unit_id=unit.pk, fields=FIELDS | fields, by=by, at=MONDAY)


def named(programme, village, by, n=1, **fields):
    """``n`` households of the village."""
    rows = [
        Row(number=k, code=f"H-{k:03d}", head=f"Lầu Y Mỷ {k}", unit_id=village.pk, **fields)
        for k in range(1, n + 1)
    ]
    return actions.bring_in(programme=programme, rows=rows, by=by, at=MONDAY)


def reviewed(households, by, *, posted=True, of=100, votes=80):
    """Their review, held and posted today."""
    first = households[0]
    review = actions_review.hold(
        programme=first.programme,
        village_id=first.village_id,
        met_on=DAY,
        minutes_number="05/BB",
        households=of,
        present=90,
        votes={h.pk: votes for h in households},
        by=by,
        at=MONDAY,
    )
    if posted:
        actions_review.post_list(
            review=review,
            since=DAY,
            until=DAY + timedelta(days=6),
            where="Nhà văn hoá xóm 4",
            by=by,
            at=MONDAY,
        )
    return review


def agreed(households, *, keeper, approver):
    """The same households, agreed to by the commune."""
    review = reviewed(households, keeper)
    actions_review.submit(review=review, by=keeper, at=LATER)
    actions_review.approve(review=review, by=approver, at=LATER)
    for household in households:
        household.refresh_from_db()
    return review


def gift(programme, amount):
    """Money that came into the books of the programme."""
    ends = (Address(Place.GIVERS, "VND"), Address(Place.ON_HAND, "VND"))
    draft = Draft(uuid.uuid4(), Move.RECEIVE, *ends, amount=amount, on=DAY)
    return funds.post([draft], fund_id=programme.fund_id, at=MONDAY)


def photo():
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def world():
    tree = small_tree()
    return tree, people(tree)
