"""What hangs on the notice board opens the page where the same is read; the home page of a commune leads to its houses."""

from io import BytesIO

import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from PIL import Image

from caunoi.documents import drawing
from caunoi.houses import queries
from caunoi.houses.tests.ground import DAY, named, programme_of, reviewed, world
from caunoi.staff.tests.factories import client_for


@pytest.fixture
def ground(db):
    tree, staff = world()
    programme = programme_of(tree["nghe_an"], staff["phuc"])
    houses = named(programme, tree["village"], staff["duc"], 2)
    return tree, staff, programme, houses


def test_the_code_of_the_posted_list_opens_the_posted_list(ground, monkeypatch):
    _tree, staff, programme, houses = ground
    review = reviewed(houses, staff["duc"])
    real = drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda *a, **_k: real(*a, kind="png", ppi=150))
    address = f"/quan-tri/nha/binh-xet/{review.pk}/to-niem-yet/"
    picture = Image.open(BytesIO(client_for(staff["duc"]).get(address).content))
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == f"{settings.PUBLIC_URL}/nha/{programme.slug}/danh-sach/{review.pk}/"
    assert Client().get(code.text.removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_the_home_page_of_a_commune_leads_to_the_programme_that_builds_there(
    ground, django_assert_max_num_queries
):
    tree, staff, programme, _houses = ground
    link = f"/nha/{programme.slug}/"
    assert link in Client().get("/don-vi/xa-bich-hao/").content.decode()
    assert link not in Client().get("/don-vi/xa-tri-le/").content.decode()
    for year in range(2020, 2024):
        other = programme_of(tree["nghe_an"], staff["phuc"], year=year)
        named(other, tree["village"], staff["duc"], 3)
    with django_assert_max_num_queries(4):
        found = queries.of_area(unit_id=tree["bich_hao"].pk, on=DAY)
    assert [p.year for p in found] == [2026, 2023, 2022]
