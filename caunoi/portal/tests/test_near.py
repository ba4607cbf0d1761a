"""What was answered near me: the place is chosen from a list and remembered by the browser alone."""

from datetime import timedelta

import pytest
from django.test import Client

from caunoi.answers.models import PublishedAnswer
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return small_tree()


def answered(unit, title, *, days=0):
    return PublishedAnswer.objects.create(
        number=f"NA-2026-{PublishedAnswer.objects.count()}",
        unit=unit,
        title=title,
        question="q",
        answer="a",
        agency="x",
        published_at=MONDAY - timedelta(days=days),
        approved_by_name="B",
    )


def page(client=None, **query):
    return (client or Client()).get("/gan-day/", query)


def test_my_commune_comes_first_then_its_neighbours_and_no_other_province(place):
    answered(place["bich_hao"], "Của xã tôi", days=9)
    answered(place["village"], "Của xóm tôi", days=8)
    answered(place["tri_le"], "Của xã bên")
    answered(place["cao_son"], "Của tỉnh khác")

    words = page(noi="xa-bich-hao").content.decode()

    assert words.index("Của xã tôi") < words.index("Của xã bên")
    assert words.count("Của xóm tôi") == 1
    assert "Của tỉnh khác" not in words


def test_without_a_place_one_is_chosen_from_a_list(place):
    words = page(q="bich hao").content.decode()

    assert "?noi=xa-bich-hao" in words
    assert "không hỏi điện thoại" in words


def test_the_place_is_remembered_in_the_browser_and_forgotten_on_wish(place):
    client = Client()
    assert "noi_toi" not in page(client, noi="xa-bich-hao").cookies

    kept = client.post("/gan-day/", {"noi": "xa-bich-hao"}).cookies["noi_toi"]
    assert (kept.value, kept["httponly"]) == ("xa-bich-hao", True)
    assert "Xã Bích Hào" in page(client).content.decode()
    client.post("/gan-day/", {})
    assert "Xã Bích Hào" not in page(client).content.decode()


@pytest.mark.parametrize("noi", ["-", "khong-co", "tinh-nghe-an", "x" * 500, "'"])
def test_a_place_that_is_no_commune_asks_for_one(place, noi):
    assert "Chọn xã" in page(noi=noi).content.decode()


def test_it_costs_the_same_with_thousands_of_answers(place, django_assert_max_num_queries):
    PublishedAnswer.objects.bulk_create(
        PublishedAnswer(
            number=f"NA-{n}",
            unit=place["tri_le"],
            title=f"Câu {n}",
            question="q",
            answer="a",
            agency="x",
            published_at=MONDAY - timedelta(minutes=n),
            approved_by_name="B",
        )
        for n in range(3000)
    )

    with django_assert_max_num_queries(13):
        words = page(noi="xa-bich-hao", page=2).content.decode()

    assert "Câu 20<" in words
    assert "page=3" in words
