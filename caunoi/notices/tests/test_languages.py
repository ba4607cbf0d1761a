"""Lists of thousands ask as much as lists of few; what is forgotten; what a reading offers."""

from datetime import timedelta

import pytest

from caunoi.notices import actions_spoken, languages, queries_look, queries_variants
from caunoi.notices.models import LanguageReader, Notice, SpokenScript, Variant
from caunoi.notices.tests.factories import write
from caunoi.staff.models import Account
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_lists_of_thousands_ask_the_same_as_lists_of_a_few(
    place, ha, binh, django_assert_max_num_queries
):
    unit = place["bich_hao"]
    Notice.objects.bulk_create(
        Notice(
            number=f"n{n:05}",
            unit=unit,
            kind="notice",
            title=f"Việc thứ {n}",
            state="review",
            created_at=MONDAY,
            created_by_id=ha.account_id,
            edited_at=MONDAY,
            edited_by_id=ha.account_id,
        )
        for n in range(2000)
    )
    Variant.objects.bulk_create(
        Variant(
            notice_id=pk,
            language="hmn",
            form="text",
            state="to_read",
            of_version=1,
            title="x",
            text="x",
            author_id=ha.account_id,
            edited_at=MONDAY,
        )
        for pk in Notice.objects.values_list("pk", flat=True)
    )
    accounts = Account.objects.bulk_create(
        Account(email=f"m{n}@x.example", full_name=f"Người {n}", password="!") for n in range(1000)
    )
    named = {"unit": unit, "named_by_id": ha.account_id, "named_at": MONDAY}
    LanguageReader.objects.bulk_create(
        LanguageReader(account=a, language="hmn", **named) for a in accounts
    )
    LanguageReader.objects.create(account_id=binh.account_id, language="hmn", **named)
    desk = client_for(binh)
    desk.get("/quan-tri/thong-bao/can-doc/")

    with django_assert_max_num_queries(18):
        page = desk.get("/quan-tri/thong-bao/can-doc/").content.decode()
    assert page.count("Chờ người thứ hai") == 50
    with django_assert_max_num_queries(18):
        page = desk.get("/quan-tri/thong-bao/nguoi-doc/?page=3").content.decode()
    assert page.count("/bo/") == 50


def test_the_heavy_sound_is_forgotten_after_two_months_and_the_light_one_stays(place, ha):
    notice = write(by=ha, unit=place["bich_hao"])
    SpokenScript.objects.create(
        notice=notice,
        script=queries_variants.script_of(notice=notice),
        state="ready",
        seconds=3,
        mp3=b"mp3",
        wav=b"wav",
        asked_by_id=ha.account_id,
        asked_at=MONDAY,
    )

    assert actions_spoken.forget_sound(at=MONDAY + timedelta(days=59)) == 0
    assert actions_spoken.forget_sound(at=MONDAY + timedelta(days=61)) == 1

    spoken = queries_variants.spoken_of(notice=notice)
    assert queries_variants.sound_of(spoken=spoken) == (b"mp3", b"")
    assert queries_variants.heard_of(notice=notice) is None


@pytest.mark.parametrize(
    ("language", "form", "told"),
    [("hmn", "audio", True), ("vi", "audio", True), ("vi", "text", False), ("xx", "text", False), ("km", "video", False)],
)  # fmt: skip
def test_what_is_told_in_which_form(language, form, told):
    assert languages.is_told_so(language, form) is told


def test_the_number_of_an_identity_card_is_found_in_another_language_too(place, ha):
    notice = write(by=ha, unit=place["bich_hao"])
    words = {"title": "Tshaj tawm", "text": "Nqa CCCD 040123456789 tuaj.", "seen": "0"}
    address = f"/quan-tri/thong-bao/{notice.pk}/tieng/hmn/text/"

    answer = client_for(ha).post(address, words | {"do": "hand_in"})

    assert answer.status_code == 422
    assert "số căn cước" in answer.content.decode()
    assert "040123456789" in answer.content.decode()
    assert not notice.variants.exists()
    client_for(ha).post(address, words | {"do": "save"})
    found = queries_look.findings(notice=notice, at=MONDAY)
    assert ("id_number", "stop") in {(f.code.value, f.weight.value) for f in found}
