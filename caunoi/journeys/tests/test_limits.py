"""Public doors stay open for everybody because nobody can lean on them."""

import pytest
from django.test import Client

from caunoi.cases.models import Case
from caunoi.journeys import ask_and_answer
from caunoi.kit import clock, limits
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_wrong_codes_end_in_a_wait_and_right_ones_are_never_counted():
    unit = small_tree()["bich_hao"]
    case = ask_and_answer.ask_on_web(
        unit_id=unit.pk, text="Nhà tôi dột quá", form_key="k", is_public=False, at=MONDAY
    )
    right = {"number": case.number, "code": Case.objects.get(pk=case.pk).follow_code}
    assert {Client().post("/theo-doi/", right).status_code for _ in range(12)} == {302}

    wrong = {"number": case.number, "code": "AAAAAAAA"}
    answers = [Client().post("/theo-doi/", wrong).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]
    assert Client().post("/theo-doi/", right).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").post("/theo-doi/", right).status_code == 302


@pytest.mark.parametrize(
    ("address", "method", "limit"),
    [
        ("/hoi/", "post", limits.PUBLIC_FORM),
        ("/tra-cuu-don-vi/?q=thanh+xuan", "get", limits.LOOK_UP),
        ("/loi-moi/x/", "get", limits.INVITATION),
    ],
)
def test_public_doors_are_limited(address, method, limit):
    client = Client()
    for _ in range(limit.allowed):
        limits.take(limit, who="127.0.0.1", at=clock.now())

    answer = getattr(client, method)(address)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
