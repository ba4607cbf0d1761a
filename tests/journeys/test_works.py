"""A road for village 4: people give land, money and days of work, and everybody can add it up."""

import io
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from caunoi.kit import clock, sheets
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from caunoi.works.models import Contribution, Project
from caunoi.works.sheet import HEADER

pytestmark = pytest.mark.django_db
DESK = "/quan-tri/cong-trinh/"


def sheet(*rows):
    body = io.BytesIO(sheets.write(HEADER, rows))
    body.name = "dong-gop.xlsx"
    return body


def test_from_the_first_square_metre_to_the_notice_board():
    tree = small_tree()
    binh = client_for(
        make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)
    )
    today = clock.local_date(clock.now())
    start = today - timedelta(days=30)

    # The commune begins the work; days in the wrong order come back with what was typed.
    words = {
        "unit": str(tree["village"].pk),
        "name": "Đường bê tông xóm 4",
        "code": "duong-xom-4",
        "kind": "road",
    }
    words |= {
        "starts_on": start.isoformat(),
        "estimate": "300.000.000",
        "purpose": "Học sinh đi học khỏi lội bùn",
    }
    wrong = binh.post(f"{DESK}moi/", words | {"ends_on": (start - timedelta(days=1)).isoformat()})
    assert wrong.status_code == 422
    assert "Ngày kết thúc trước ngày bắt đầu" in wrong.content.decode()
    assert "duong-xom-4" in wrong.content.decode()
    binh.post(f"{DESK}moi/", words)
    road = Project.objects.get()
    page, public = f"{DESK}{road.pk}/", f"/cong-trinh/{road.pk}/"

    # A household gives land; without its sort it is asked for.
    gift = {
        "giver": "Lô Thị Mai",
        "thing": "m2",
        "amount": "120",
        "on": today.isoformat(),
        "key": uuid.uuid4(),
    }
    asked = binh.post(f"{page}dong-gop/", gift)
    assert asked.status_code == 422
    assert "Góp đất thì chọn loại đất" in asked.content.decode()
    assert "Lô Thị Mai" in asked.content.decode()
    for _double_tap in range(2):
        binh.post(f"{page}dong-gop/", gift | {"land": "agricultural", "initials": "on"})

    # The rest comes in a sheet; a row with a mistake keeps the whole sheet out.
    day = today.strftime("%d/%m/%Y")
    bad = sheet(
        ["Vi Văn Khăm", "tiền", "hai triệu", "", day, "", ""], ["Xóm 4", "gạo", 5, "", day, "", ""]
    )
    looked = binh.post(f"{page}nhap/", {"file": bad})
    assert looked.status_code == 422
    assert "số lượng không phải số nguyên" in looked.content.decode()
    assert "ghi “tiền”, “đất” hoặc “ngày công”" in looked.content.decode()
    good = sheet(
        ["Vi Văn Khăm", "tiền", "2.000.000", "", day, "", ""],
        ["Xóm 4", "ngày công", 45, "", day, "", "Đổ bê tông"],
    )
    looked = binh.post(f"{page}nhap/", {"file": good})
    binh.post(f"{page}nhap/", {"keep": "1", "rows": looked.context["packed"]})
    assert Contribution.objects.count() == 3

    # Land is cleared: no more than was agreed.
    area = {"land": "residential", "agreed": "5.260", "cleared": "6.000", "on": today.isoformat()}
    over = binh.post(f"{page}giai-phong/", area)
    assert over.status_code == 422
    assert "5.260 m²" in over.content.decode()
    binh.post(f"{page}giai-phong/", area | {"cleared": "5.000"})

    # Everybody sees it, the giver as she wished, and that it is what the books say.
    seen = Client().get(public).content.decode()
    assert "L. T. M." in seen
    assert "Lô Thị Mai" not in seen
    assert "Vi Văn Khăm" in seen
    assert "2.000.000 đ" in seen
    assert "khớp với sổ" in seen
    assert "5.000" in seen
    assert Client().get(f"{public}to-niem-yet/").content[:5] == b"%PDF-"
    assert "Đường bê tông xóm 4" in Client().get("/cong-trinh/?don-vi=xa-bich-hao").content.decode()

    # A mistake is taken back with its reason; the page adds up again.
    money = Contribution.objects.get(thing="VND")
    binh.post(f"{page}lay-lai/", {"contribution": str(money.pk)})
    money.refresh_from_db()
    assert money.reversal is None, "a reason is asked for"
    binh.post(f"{page}lay-lai/", {"contribution": str(money.pk), "because": "Ghi trùng"})
    seen = Client().get(public).content.decode()
    assert "Vi Văn Khăm" not in seen
    assert "khớp với sổ" in seen
    assert "Ghi trùng" in binh.get(page).content.decode()
    assert binh.get(f"{page}?xlsx=1").content[:2] == b"PK"
    assert "45" in binh.get(f"{DESK}tong-hop/").content.decode()
