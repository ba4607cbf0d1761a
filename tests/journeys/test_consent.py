"""What people are told before they give their data, by channel and unit; the version they saw stays with the case."""

import pytest
from django.test import Client

from caunoi.cases.models import Case
from caunoi.privacy import actions_consent as consent
from caunoi.privacy.models import ConsentText, Told
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY
from tests.journeys.test_personal_data import asked_in_chat

pytestmark = pytest.mark.django_db
WORDS = "Xã Bích Hào chỉ dùng số điện thoại để gọi lại."


@pytest.fixture
def chi(place):
    return make_staff(name="Phạm Thị Chi", unit_id=place["bich_hao"].pk, role=Role.ADMINISTRATOR)


def ask(step="check"):
    client = Client()
    return client, client.post(
        "/hoi/",
        {
            "step": step,
            "text": "Bao giờ có nước sạch?",
            "unit": "xa-bich-hao",
            "public": "yes",
            "form_key": "k1",
        },
    )


def test_the_last_step_says_what_is_done_with_the_data(place):
    _client, page = ask(step="contact")

    assert "Mặt trận dùng" in page.content.decode()


def test_a_unit_says_it_in_its_own_words_and_the_version_stays_with_the_case(place, chi):
    consent.publish(unit_id=place["bich_hao"].pk, channel="web_form", text=WORDS, by=chi, at=MONDAY)
    _client, page = ask(step="contact")
    ask()

    consent.publish(
        unit_id=place["bich_hao"].pk, channel="web_form", text="Lời mới", by=chi, at=MONDAY
    )

    assert WORDS in page.content.decode()
    told = Told.objects.get(case=Case.objects.get())
    assert told.text.text == WORDS


def test_at_the_reception_the_words_stand_there_to_be_read_out(place):
    an = make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)
    page = client_for(an).get("/tiep-dan/").content.decode()
    assert "Đọc cho bà con nghe" in page
    assert "Bà con không bắt buộc ghi tên hay số điện thoại." in page


def test_without_any_words_a_question_is_taken_in_all_the_same(place):
    ConsentText.objects.all().delete()

    ask()

    assert Case.objects.count() == 1
    assert not Told.objects.exists()


def test_a_village_says_what_its_commune_says(place, chi):
    consent.publish(unit_id=place["bich_hao"].pk, channel="", text=WORDS, by=chi, at=MONDAY)

    assert consent.text_for(unit_id=place["village"].pk, channel="zalo_oa", at=MONDAY).text == WORDS
    assert consent.text_for(unit_id=place["tri_le"].pk, channel="zalo_oa", at=MONDAY).text != WORDS


def test_the_first_reply_in_a_chat_leads_to_the_page_on_personal_data(loopback):
    case = asked_in_chat(loopback)

    assert any("/quyen-rieng-tu/" in text for text in (s["text"] for s in loopback.world.sent))
    assert Told.objects.filter(case=case).exists()


def test_texts_are_written_on_a_page_and_old_ones_stay_readable(place, chi):
    client = client_for(chi)

    client.post("/quan-tri/du-lieu-ca-nhan/loi-bao/", {"channel": "", "text": WORDS})
    client.post("/quan-tri/du-lieu-ca-nhan/loi-bao/", {"channel": "", "text": WORDS + " Cảm ơn."})

    page = client.get("/quan-tri/du-lieu-ca-nhan/loi-bao/").content.decode()
    assert page.count(WORDS) >= 2
