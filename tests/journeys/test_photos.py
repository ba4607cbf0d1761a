"""A picture says more: photos and a voice note go with a question, for oneself or for a neighbour, and stay private until looked at."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caunoi.cases.models import Case
from caunoi.files.models import StoredFile
from caunoi.files.tests import samples
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.terms import Level
from caunoi.units.tests import factories as units

pytestmark = pytest.mark.django_db
WORDS = "Cầu qua suối bản tôi gãy hai nhịp, trẻ con đi học phải lội."


@pytest.fixture
def stranger(place):
    return make_staff(name="Giàng A Páo", unit_id=place["cao_son"].pk, role=Role.APPROVER)


def upload(content, name="a.jpg"):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def hidden(page):
    """What travels along in the form: every hidden field of the page."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {k: v for k, v in found if k != "csrfmiddlewaretoken"}


def ask(client, *, words=WORDS, files=None, contact=None):
    """Go through the four steps as a browser without JavaScript does, and return the slip."""
    first = client.post("/hoi/?don-vi=x", {"step": "words", "text": words, **(files or {})})
    page = first.content.decode()
    answers = (
        {"unit": "xa-bich-hao", "place": "Xóm 4"},
        {"public": "yes", "asker": "self"} | (contact or {}),
        {},
    )
    for answer in answers:
        last = client.post("/hoi/", hidden(page) | answer, follow=True)
        page = last.content.decode()
    return page


def photos(*contents):
    return {"photos": [upload(c, f"{n}.jpg") for n, c in enumerate(contents)]}


def test_a_question_with_photos_and_a_voice_note_in_four_steps_without_javascript(place, an):
    asker = Client()

    slip = ask(
        asker,
        files=photos(samples.photo_of_a_phone(), samples.photo(colour="red"))
        | {"voice": upload(samples.webm(), "noi.webm")},
    )

    case = Case.objects.get()
    kinds = sorted(StoredFile.objects.filter(case_id=case.pk).values_list("kind", flat=True))
    assert case.number in slip
    assert kinds == ["photo", "photo", "voice"]
    desk = client_for(an).get(f"/vu-viec/{case.number}/").content.decode()
    assert desk.count(f"/vu-viec/{case.number}/anh/") == 2
    assert "<audio" in desk


def test_nothing_of_the_phone_is_left_in_a_photo(place, an):
    ask(Client(), files=photos(samples.photo_of_a_phone(size=(900, 600))))
    file = StoredFile.objects.get()

    answer = client_for(an).get(f"/vu-viec/{Case.objects.get().number}/tep/{file.pk}/")

    body = answer.content
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert (file.width, file.height) == (600, 900)
    assert all(w not in body for w in (b"MayAnhBiMat", b"nha ba Hoa", b"EXIF", b"Exif", b"XMP"))


def test_a_photo_is_seen_by_the_asker_and_her_unit_and_by_nobody_else(place, an, stranger):
    asker = Client()
    ask(asker, files=photos(samples.photo()))
    case, file = Case.objects.get(), StoredFile.objects.get()
    public, desk = f"/hoi/{case.number}/tep/{file.pk}/", f"/vu-viec/{case.number}/tep/{file.pk}/"

    assert Client().get(public).status_code == 404
    assert client_for(stranger).get(desk).status_code == 404
    assert client_for(an).get(desk).status_code == 200
    asker.get(f"/hoi/{case.number}/?ma={case.follow_code}")
    assert asker.get(public).status_code == 200
    assert str(file.pk) not in Client().get(f"/hoi/{case.number}/").content.decode()


def test_an_officer_looks_releases_and_takes_back(place, an, binh):
    ask(Client(), files=photos(samples.photo()))
    case, file = Case.objects.get(), StoredFile.objects.get()
    public, deed = f"/hoi/{case.number}/tep/{file.pk}/", f"/vu-viec/{case.number}/anh/{file.pk}/"
    client = client_for(binh)

    unlooked = client.post(f"{deed}cong-khai/", {"do": "release"}, follow=True)
    assert Client().get(public).status_code == 404
    assert "Chưa công khai" in unlooked.content.decode()
    client.post(f"{deed}cong-khai/", {"do": "release", "looked": "on"})

    shown = Client().get(public)
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"].startswith("public")
    assert str(file.pk) in Client().get(f"/hoi/{case.number}/").content.decode()
    client.post(f"{deed}cong-khai/", {"do": "take_back"})
    assert Client().get(public).status_code == 404
    events = AuditEntry.objects.filter(event__startswith="files.photo").order_by("pk")
    assert list(events.values_list("event", "actor_name")) == [
        ("files.photo.released", "Trần Văn Bình"),
        ("files.photo.taken_back", "Trần Văn Bình"),
    ]
    assert client_for(an).post(f"{deed}cong-khai/", {"do": "release"}).status_code == 404


def test_a_released_photo_disappears_with_the_case_that_is_no_longer_public(place, binh):
    ask(Client(), files=photos(samples.photo()))
    case, file = Case.objects.get(), StoredFile.objects.get()
    deed = f"/vu-viec/{case.number}/anh/{file.pk}/cong-khai/"
    client_for(binh).post(deed, {"do": "release", "looked": "on"})

    Case.objects.filter(pk=case.pk).update(is_public=False)

    assert Client().get(f"/hoi/{case.number}/tep/{file.pk}/").status_code == 404


def test_of_forty_photos_ten_come_with_the_question_and_the_page_says_so(place):
    forty = photos(*(samples.photo(size=(40 + n, 30)) for n in range(40)))

    page = Client().post("/hoi/", {"step": "words", "text": WORDS, **forty}).content.decode()

    assert StoredFile.objects.filter(case_id=None).count() == 10
    assert "30 tệp chưa được nhận" in page
    assert "số và mã" in page
    assert WORDS in page


def test_the_rest_is_added_with_number_and_code(place, an):
    asker = Client()
    ask(asker, files=photos(samples.photo()))
    case = Case.objects.get()
    more = f"/hoi/{case.number}/them-tep/"

    refused = asker.post(more, photos(samples.photo(colour="blue")) | {"code": "SAI"})
    assert refused.status_code == 422
    asker.post(
        more,
        photos(samples.photo(colour="blue"), samples.photo(colour="red"))
        | {"code": case.follow_code},
    )

    assert StoredFile.objects.filter(case_id=case.pk).count() == 3
    assert "Người hỏi gửi thêm 2 tệp." in (
        client_for(an).get(f"/vu-viec/{case.number}/").content.decode()
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jpg", b"<svg onload=alert(1)>", "không phải ảnh"),
        ("a.jpg", samples.photo()[:200], "không phải ảnh"),
        ("a.gif", b"GIF89a" + b"\x00" * 40, "không phải ảnh"),
    ],
)
def test_what_is_no_photo_is_refused_in_plain_words_and_nothing_typed_is_lost(
    place, name, content, said
):
    page = Client().post("/hoi/", {"step": "words", "text": WORDS, "photos": upload(content, name)})

    assert said in page.content.decode()
    assert WORDS in page.content.decode()
    assert not StoredFile.objects.exists()


def test_a_voice_note_alone_is_a_private_question(place, an):
    ask(Client(), words="", files={"voice": upload(samples.webm())})

    case = Case.objects.get()
    assert not case.is_public
    assert "giọng nói" in client_for(an).get(f"/vu-viec/{case.number}/").content.decode()


def test_a_photo_can_be_taken_out_before_sending(place):
    client = Client()
    page = client.post("/hoi/", {"step": "words", "text": WORDS, **photos(samples.photo())})
    fields = hidden(page.content.decode())
    file = StoredFile.objects.get()
    assert client.get(f"/hoi/tep/{fields['batch']}/{file.pk}/").status_code == 200

    back = client.post("/hoi/", fields | {"back": "words"})
    assert f"/hoi/tep/{fields['batch']}/{file.pk}/" in back.content.decode()
    client.post("/hoi/", fields | {"step": "words", "text": WORDS, "remove": str(file.pk)})

    assert not StoredFile.objects.exists()


def test_photos_of_a_sealed_case_are_seen_only_where_it_is(place, an, binh):
    ask(Client(), words="Tôi tố cáo trưởng thôn ăn chặn tiền", files=photos(samples.photo()))
    case, file = Case.objects.get(), StoredFile.objects.get()

    assert client_for(an).get(f"/vu-viec/{case.number}/tep/{file.pk}/").status_code == 404
    sealed = client_for(binh)
    assert sealed.get(f"/hop-thu/niem-phong/{case.number}/tep/{file.pk}/").status_code == 200
    shown = sealed.get(f"/hop-thu/niem-phong/{case.number}/").content.decode()
    assert f"/hop-thu/niem-phong/{case.number}/tep/{file.pk}/" in shown


# For a neighbour


def test_a_neighbour_asks_and_both_follow(place, an):
    asker = Client()
    contact = {
        "asker": "other",
        "name": "Lê Thị Dung",
        "helped_name": "Lầu Y Mỷ",
        "helped_contact": "0912 000 111",
        "agreed": "on",
    }

    slip = ask(asker, words=WORDS + " Bà Lầu Y Mỷ ở gần suối nhất.", contact=contact)

    case = Case.objects.get()
    assert "Lầu Y Mỷ" in slip
    assert "cùng số và mã này" in slip
    desk = client_for(an).get(f"/vu-viec/{case.number}/").content.decode()
    assert "Hỏi giùm" in desk
    assert "Lầu Y Mỷ" in desk
    assert "0912 000 111" not in desk
    opened = client_for(an).post(f"/vu-viec/{case.number}/lien-he/").content.decode()
    assert "0912 000 111" in opened
    public = Client().get(f"/hoi/{case.number}/").content.decode()
    assert "Lầu Y Mỷ" not in public


def test_nobody_is_asked_for_without_her_consent(place):
    page = Client().post(
        "/hoi/",
        {
            "step": "contact",
            "text": WORDS,
            "unit": "xa-bich-hao",
            "public": "yes",
            "asker": "other",
            "helped_name": "Lầu Y Mỷ",
        },
    )

    assert "Xin hỏi ý người ấy trước" in page.content.decode()
    assert "Lầu Y Mỷ" in page.content.decode()


# Names, not addresses


def test_the_second_step_names_the_commune_and_not_its_address(place):
    client = Client()
    page = client.get("/hoi/?don-vi=xa-bich-hao").content.decode()

    second = client.post("/hoi/", hidden(page) | {"step": "words", "text": WORDS}).content.decode()

    assert 'value="Xã Bích Hào"' in second
    third = client.post(
        "/hoi/", hidden(second) | {"unit": "Xã Bích Hào", "place": ""}
    ).content.decode()
    assert "Bà con để lại" in third or 'name="contact"' in third


def test_another_commune_typed_over_the_first_is_the_one_that_counts(place):
    client = Client()
    page = client.get("/hoi/?don-vi=xa-bich-hao").content.decode()
    second = client.post("/hoi/", hidden(page) | {"step": "words", "text": WORDS}).content.decode()

    third = client.post("/hoi/", hidden(second) | {"unit": "Tri Lễ", "place": ""}).content.decode()

    assert "xa-tri-le" in third


def test_who_takes_in_for_somebody_sees_the_commune_by_name(place, an):
    page = client_for(an).get("/tiep-dan/").content.decode()

    assert 'value="Xã Bích Hào"' in page


def test_an_unclear_commune_is_chosen_from_a_list_at_the_reception_too(place, an):
    units.make_unit(name="Xã Bích Hào", level=Level.COMMUNE, parent=place["lao_cai"])
    client = client_for(an)
    said = {"text": WORDS, "unit": "bich hao", "public": "yes", "chosen": "xa-bich-hao"}

    unclear = client.post("/tiep-dan/", said).content.decode()
    assert 'name="chosen_unit" value="xa-bich-hao"' in unclear
    assert WORDS in unclear
    client.post("/tiep-dan/", said | {"chosen_unit": "xa-bich-hao"})

    assert Case.objects.get().opened_unit_id == place["bich_hao"].pk


def test_photos_and_a_voice_are_taken_in_at_the_reception(place, an):
    """A cadre photographs the broken bridge and records the old woman who does not write; one photo too many goes again."""
    client = client_for(an)
    said = {"unit": "Xã Bích Hào", "public": "yes", "chosen": "xa-bich-hao"}
    came = photos(samples.photo_of_a_phone(), samples.photo(colour="red"), b"no photo")

    page = client.post("/tiep-dan/", said | {"text": WORDS} | came)
    assert page.status_code == 422
    text = page.content.decode()
    assert WORDS in text
    assert "2.jpg" in text
    one, two = StoredFile.objects.filter(case_id=None).order_by("pk")
    page = client.post("/tiep-dan/", hidden(text) | said | {"text": WORDS, "remove": str(two.pk)})
    text = page.content.decode()
    assert WORDS in text
    slip = client.post("/tiep-dan/", hidden(text) | said | {"text": WORDS}).content.decode()

    case = Case.objects.get()
    assert case.number in slip
    assert list(StoredFile.objects.filter(case_id=case.pk)) == [one]
    assert case.origin == "walk_in"

    client.post("/tiep-dan/", said | {"voice": upload(samples.webm(), "noi.webm")})
    spoken = Case.objects.exclude(pk=case.pk).get()
    assert not spoken.is_public
    assert StoredFile.objects.get(case_id=spoken.pk).kind == "voice"


# Odd words


@pytest.mark.parametrize("words", ["👍", "🙏🙏", "???"])
def test_a_sticker_in_the_form_is_asked_for_words(place, words):
    page = Client().post("/hoi/", {"step": "words", "text": words}).content.decode()

    assert "Viết vài chữ" in page
    assert words in page


def test_a_sending_beyond_all_measure_gets_a_page_that_says_what_to_do(place):
    answer = Client().post("/hoi/", {"step": "words", "text": "a" * 6_000_000})

    assert answer.status_code == 400
    assert "quá lớn" in answer.content.decode()


# Sent from a queue


def queued(client, **more):
    token = client.get("/hoi/gui/").json()["csrf"]
    fields = {
        "form_key": "0d3c4a52-5a1f-4a55-9c57-000000000001",
        "text": WORDS,
        "unit": "xa-bich-hao",
        "public": "yes",
        "asker": "self",
    }
    return client.post("/hoi/gui/", fields | more, headers={"X-CSRFToken": token})


def test_a_queued_question_is_sent_with_a_fresh_token_and_twice_is_once(place):
    client = Client(enforce_csrf_checks=True)

    first = queued(client, **photos(samples.photo()))
    again = queued(Client(enforce_csrf_checks=True), **photos(samples.photo()))

    case = Case.objects.get()
    assert first.json()["number"] == again.json()["number"] == case.number
    assert first.json()["code"] == case.follow_code
    assert StoredFile.objects.filter(case_id=case.pk).count() == 1


def test_a_queued_question_whose_commune_is_unclear_comes_back_with_the_reason(place):
    answer = queued(Client(), unit="không có xã này")

    assert answer.status_code == 422
    assert "Không có xã" in answer.json()["errors"]["unit"][0]
    assert not Case.objects.exists()


def test_a_queued_question_says_which_photos_were_not_taken(place):
    answer = queued(Client(), photos=upload(b"khong phai anh"))

    assert Case.objects.count() == 1
    assert "không phải ảnh" in answer.json()["refused"][0]
