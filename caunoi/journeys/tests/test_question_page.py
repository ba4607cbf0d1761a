"""What the permanent page of a question tells machines."""

import json
import re

import pytest

from caunoi.answers import actions
from caunoi.answers.tests.factories import BINH
from caunoi.journeys import ask_and_answer
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return small_tree()


def test_the_page_of_a_question_tells_search_engines_question_and_answer(client, place):
    asked = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text="Bao giờ </script> có điện?", form_key="k", at=MONDAY
    )
    actions.publish_answer(
        number=asked.number,
        unit_id=place["bich_hao"].pk,
        title=asked.title,
        question=asked.text,
        answer="Tháng sau.",
        agency="Mặt trận xã",
        by=BINH,
        at=TUESDAY,
    )

    page = client.get(f"/hoi/{asked.number}/").content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    facts = json.loads(block.group(1))

    assert facts["@type"] == "QAPage"
    assert facts["mainEntity"]["text"] == "Bao giờ </script> có điện?"
    assert facts["mainEntity"]["acceptedAnswer"]["text"] == "Tháng sau."
