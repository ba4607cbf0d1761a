"""Being told of answers: by e-mail after a yes, in the browser, in a chat; once each, and never a list of who follows what."""

import json
import re
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import mail
from django.test import Client

from caunoi.answers import actions as answers
from caunoi.answers.models import AnswerEvent, PublishedAnswer
from caunoi.cases import actions as cases
from caunoi.cases.models import Case
from caunoi.cases.terms import Kind
from caunoi.journeys import ask_and_answer, kinds, same_question
from caunoi.kit import clock, keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.subscriptions import actions, sealing, spreading, tasks
from caunoi.subscriptions.models import PushKey, Sending, Subscription
from caunoi.subscriptions.terms import What
from tests.cast import MONDAY, TUESDAY
from tests.journeys.test_ask_and_answer import arrives, send_all

pytestmark = pytest.mark.django_db
DUNG = "dung@example.com"
LATER = TUESDAY + timedelta(days=1)
WEDNESDAY_ROUND = LATER.replace(hour=0, minute=1)


@pytest.fixture(autouse=True)
def now(monkeypatch, settings, tmp_path):
    """The clock of the pages stands at the story's moment."""
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    if not settings.CAUNOI_KEYRING_FILE.exists():
        keyring.add_key(settings.CAUNOI_KEYRING_FILE)

    class Hand:
        at = MONDAY

    monkeypatch.setattr(clock, "now", lambda: Hand.at)
    return Hand


@pytest.fixture
def case(place):
    return ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text="Bao giờ xóm 4 có nước sạch?", form_key="w1", at=MONDAY, topic=""
    )  # fmt: skip


def answer(case, an, binh, text="Tháng 12 có nước.", at=TUESDAY):
    cases.save_draft(case=case, text=text, by=an, at=at)
    cases.submit_draft(case=case, by=an, at=at)
    return ask_and_answer.answer_and_publish(case=case, approver=binh, at=at)


def follow(query, email=DUNG):
    return Client().post(f"/nhan-tin/?{query}", {"email": email})


def path_of(letter, part):
    word = next(w for w in letter.body.split() if part in w)
    return "/" + word.split("/", 3)[3]


def without_tokens(page):
    return re.sub(rb'(csrfmiddlewaretoken" value=|nonce=)"[^"]+"', b"", page)


def confirmed(query, email=DUNG, at=MONDAY):
    follow(query, email)
    tasks.tell(at)
    Client().post(path_of(mail.outbox[-1], "/xac-nhan/"))
    mail.outbox.clear()


def test_nothing_is_sent_before_the_mailbox_says_yes_and_then_at_once(case, an, binh):
    page = follow(f"cau-hoi={case.number}")
    assert "Mời bà con mở hộp thư" in page.content.decode()
    tasks.tell(MONDAY)
    (letter,) = mail.outbox
    assert letter.to == [DUNG]
    link = path_of(letter, "/xac-nhan/")

    answered = answer(case, an, binh)
    tasks.tell(TUESDAY)
    assert len(mail.outbox) == 1
    assert Client().get(link).status_code == 200
    assert Subscription.objects.get().confirmed_at is None

    assert "sẽ được báo tin" in Client().post(link).content.decode()
    answers.correct_answer(published=answered, answer="Tháng 1 có nước.", why="Lùi một tháng", by=binh, at=LATER)  # fmt: skip
    tasks.tell(LATER)
    tasks.tell(LATER + timedelta(minutes=1))

    told = mail.outbox[1:]
    assert [m.to for m in told] == [[DUNG]]
    assert "đã được sửa" in told[0].subject
    assert "Lùi một tháng" in told[0].body
    assert f"/hoi/{case.number}/" in told[0].body


def test_an_answer_a_correction_and_a_changed_law_are_told_and_each_once(case, an, binh):
    confirmed(f"cau-hoi={case.number}")
    published = answer(case, an, binh)
    tasks.tell(TUESDAY)
    answers.mark_law_changed(published=published, note="Luật mới 2027", by=binh, at=LATER)
    tasks.tell(LATER)
    for _ in range(3):
        tasks.tell(LATER + timedelta(hours=1))

    assert [m.subject.split(":")[0] for m in mail.outbox] == ["Có trả lời", "Quy định đã thay đổi"]
    assert Sending.objects.filter(sent_at=None).count() == 0
    assert len({m.extra_headers["Message-ID"] for m in mail.outbox}) == 2


def test_a_question_taken_up_again_and_answered_again_is_told_even_in_the_same_words(
    case, an, binh
):
    published = answer(case, an, binh)
    confirmed(f"cau-hoi={case.number}", at=TUESDAY)

    answers.correct_answer(
        published=published, answer=published.answer, why="Xem lại", again=True, by=binh, at=LATER
    )
    tasks.tell(LATER)

    assert [m.subject.split(":")[0] for m in mail.outbox] == ["Có trả lời mới"]


def test_the_asker_asks_to_look_again_and_followers_are_told_of_the_new_answer(case, an, binh, now):
    answer(case, an, binh)
    confirmed(f"cau-hoi={case.number}", at=TUESDAY)
    now.at = TUESDAY + timedelta(hours=1)
    Client().post(f"/hoi/{case.number}/mo-lai/", {"reason": "Chưa rõ", "code": case.follow_code})

    answer(case, an, binh, at=LATER)
    tasks.tell(LATER)

    assert [m.subject.split(":")[0] for m in mail.outbox] == ["Có trả lời mới"]


def test_who_follows_a_joined_question_is_told_with_the_main_one(place, case, an, binh):
    other = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text="Khi mô có nước sạch?", form_key="w2", at=MONDAY
    )
    confirmed(f"cau-hoi={other.number}")
    same_question.join_and_tell(case=other, into=case, by=an, at=MONDAY)

    answer(case, an, binh)
    tasks.tell(TUESDAY)

    assert len(mail.outbox) == 1


def test_a_unit_is_told_once_a_day_with_everything_below_it(place, case, an, binh):
    confirmed("don-vi=tinh-nghe-an")
    village = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text="Bao giờ có điện?", form_key="w3", at=MONDAY
    )
    answer(case, an, binh)
    answer(village, an, binh)
    tasks.tell(TUESDAY)
    assert mail.outbox == []

    tasks.tell(WEDNESDAY_ROUND)

    (letter,) = mail.outbox
    assert "Tỉnh Nghệ An" in letter.subject
    assert letter.body.count("Xem tại:") == 2


def test_a_topic_of_a_unit_is_told_only_of_that_topic(place, an, binh):
    confirmed("don-vi=xa-bich-hao&chu-de=nong_nghiep")
    for topic, key in (("nong_nghiep", "a"), ("", "b")):
        asked = ask_and_answer.ask_on_web(
            unit_id=place["bich_hao"].pk, text=f"Bao giờ có giống {key}?", form_key=key, at=MONDAY, topic=topic
        )  # fmt: skip
        Case.objects.filter(pk=asked.pk).update(topic=topic)
        asked.refresh_from_db()
        answer(asked, an, binh)
    tasks.tell(TUESDAY)
    tasks.tell(WEDNESDAY_ROUND)

    assert len(mail.outbox) == 1
    assert "giống a" in mail.outbox[0].body
    assert "giống b" not in mail.outbox[0].body


def test_one_click_of_a_mail_program_ends_it_and_erases_the_address(case, an, binh):
    confirmed(f"cau-hoi={case.number}")
    published = answer(case, an, binh)
    tasks.tell(TUESDAY)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = "/" + headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address).status_code == 200
    assert Subscription.objects.count() == 1

    one_click = strict.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )

    assert one_click.status_code == 200
    assert not Subscription.objects.exists()
    assert not Sending.objects.exists()
    answers.correct_answer(published=published, answer="Khác", why="Sửa", by=binh, at=LATER)
    tasks.tell(LATER)
    assert len(mail.outbox) == 1
    assert strict.post(address).status_code == 200


def test_the_address_is_sealed_and_the_page_says_the_same_to_everybody(case):
    confirmed(f"cau-hoi={case.number}")

    again = follow(f"cau-hoi={case.number}", "  DUNG@example.com ").content
    fresh = follow(f"cau-hoi={case.number}", "hoa@example.com").content

    assert without_tokens(again) == without_tokens(fresh)
    kept = Subscription.objects.filter(confirmed_at__isnull=False).get()
    assert b"dung" not in bytes(kept.sealed_address) + bytes(kept.address_hash)
    assert sealing.address_of(kept) == DUNG
    tasks.tell(MONDAY)
    assert [m.to for m in mail.outbox] == [["hoa@example.com"]]


def test_an_unconfirmed_address_is_erased_after_a_month_and_a_silent_one_after_its_year(case):
    confirmed(f"cau-hoi={case.number}")
    follow(f"cau-hoi={case.number}", "hoa@example.com")

    assert tasks.erase_old(MONDAY + timedelta(days=32)) == 1
    assert sealing.address_of(Subscription.objects.get()) == DUNG
    mail.outbox.clear()
    tasks.tell(MONDAY + timedelta(days=366))
    tasks.tell(MONDAY + timedelta(days=367))
    assert [m.subject.split(":")[0] for m in mail.outbox] == ["Bà con còn muốn nhận tin không"]
    assert tasks.erase_old(MONDAY + timedelta(days=397)) == 1


def test_a_yearly_yes_keeps_it(case, now):
    confirmed(f"cau-hoi={case.number}")
    tasks.tell(MONDAY + timedelta(days=366))
    now.at = MONDAY + timedelta(days=370)

    Client().post(path_of(mail.outbox[0], "/xac-nhan/"))

    assert tasks.erase_old(MONDAY + timedelta(days=500)) == 0


def test_what_is_not_public_cannot_be_followed_and_what_is_sealed_is_forgotten(place, case, an):
    private = ask_and_answer.ask_on_web(
        unit_id=place["bich_hao"].pk, text="Chuyện riêng", form_key="p", at=MONDAY, is_public=False
    )
    for query in (f"cau-hoi={private.number}", "cau-hoi=NA-2026-999999", "don-vi=khong-co", "don-vi=xa-bich-hao&chu-de=x", ""):  # fmt: skip
        assert Client().get(f"/nhan-tin/?{query}").status_code == 404
    confirmed(f"cau-hoi={case.number}")

    kinds.change_kind(case=case, kind=Kind.DENUNCIATION, reason="Tố cáo", by=an, at=TUESDAY)
    tasks.erase_old(TUESDAY)

    assert not Subscription.objects.exists()


def test_a_removed_answer_is_told_to_nobody(case, an, binh):
    confirmed(f"cau-hoi={case.number}")
    answer(case, an, binh)
    answers.remove_answer(number=case.number, by=binh, at=TUESDAY)

    tasks.tell(TUESDAY)

    assert mail.outbox == []
    assert not Subscription.objects.exists()
    assert AnswerEvent.objects.filter(told_at=None).count() == 0


def test_an_old_answer_put_into_the_library_today_is_no_news(place, case, binh):
    confirmed("don-vi=xa-bich-hao")
    answers.publish_answer(
        number="NA-2019-000001", unit_id=place["bich_hao"].pk, title="Cũ", question="Cũ", answer="Cũ", agency="MT", by=binh, at=MONDAY - timedelta(days=900)
    )  # fmt: skip

    tasks.tell(MONDAY)

    assert not Sending.objects.exists()


def test_a_mailbox_is_not_flooded_by_strangers(case, settings):
    settings.LIMITS_FACTOR = 1
    for _ in range(9):
        follow(f"cau-hoi={case.number}")
        tasks.tell(MONDAY)

    assert len(mail.outbox) == 5


def test_a_server_that_is_down_is_tried_again_and_nothing_is_lost(case, an, binh, monkeypatch):
    confirmed(f"cau-hoi={case.number}")
    answer(case, an, binh)

    def refuse(*_args, **_kwargs):
        raise OSError("down")

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        tasks.tell(TUESDAY)
    assert mail.outbox == []
    tasks.tell(TUESDAY + timedelta(minutes=3))

    assert len(mail.outbox) == 1


def test_a_thousand_followers_cost_no_more_questions_than_one(
    place, case, an, binh, django_assert_max_num_queries
):
    for number in range(1000):
        actions.follow_by_chat(
            what=What(unit_id=place["nghe_an"].pk), channel_id=place["nghe_an"].pk, thread_id=uuid.UUID(int=number), at=MONDAY
        )  # fmt: skip
    answer(case, an, binh)

    with django_assert_max_num_queries(25):
        assert spreading.spread(at=TUESDAY) == 1

    assert Sending.objects.count() == 1000


def test_a_new_key_of_the_ring_seals_every_address_and_the_push_key_again(case, settings):
    confirmed(f"cau-hoi={case.number}")
    sealing.push_key(at=MONDAY)
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)

    assert sealing.seal_again() == 2
    assert sealing.seal_again() == 0
    assert sealing.address_of(Subscription.objects.get()) == DUNG
    assert sealing.opened_push_key(at=MONDAY)


def test_staff_see_counts_from_five_on_and_never_an_address(place, case):
    chief = make_staff(name="Hoàng Đạo", unit_id=place["bich_hao"].pk, role=Role.APPROVER)
    for n in range(4):
        confirmed("don-vi=xa-bich-hao", f"nguoi{n}@example.com")
    assert "&lt;5" in client_for(chief).get("/quan-tri/nhan-tin/").content.decode()

    confirmed("don-vi=xa-bich-hao", "nguoi5@example.com")

    page = client_for(chief).get("/quan-tri/nhan-tin/").content.decode()
    assert "<b>5</b>" in page
    assert "example.com" not in page


# In the browser


class Browser:
    """A browser with its push service on this machine: keeps what it is sent, opens it as a browser does."""

    def __init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        self.got, self.answers_with = [], 201
        outer = self

        class Service(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                self.send_response(outer.answers_with)
                self.end_headers()

            def log_message(self, *_args):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def fields(self):
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)  # fmt: skip
        as_word = lambda raw: urlsafe_b64encode(raw).rstrip(b"=").decode()  # noqa: E731
        return {"endpoint": f"{self.origin}/push/abc", "p256dh": as_word(point), "auth": as_word(self.auth)}  # fmt: skip

    def opened(self, body):
        return json.loads(
            http_ece.decrypt(
                body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"
            )
        )


def check_signature(token, public):
    """Fail unless the JWT is signed (ES256) by the key pair whose public half this is."""
    point = urlsafe_b64decode(public + "==")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    signed, _, signature = token.rpartition(".")
    raw = urlsafe_b64decode(signature + "==")
    as_der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(as_der, signed.encode(), ec.ECDSA(SHA256()))


@pytest.fixture
def phone():
    found = Browser()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_browser_is_told_encrypted_and_signed_and_once(phone, case, an, binh):
    address = f"/nhan-tin/thong-bao/?cau-hoi={case.number}"
    assert Client().post(address, phone.fields()).status_code == 201
    assert Client().post(address, phone.fields()).status_code == 201

    answer(case, an, binh)
    tasks.tell(TUESDAY)
    tasks.tell(TUESDAY + timedelta(hours=1))

    ((headers, body),) = phone.got
    assert case.number.encode() not in body
    news = phone.opened(body)
    assert news["title"] == "Có trả lời"
    assert news["url"].endswith(f"/hoi/{case.number}/")
    assert (headers["Content-Encoding"], headers["Ttl"] if "Ttl" in headers else headers["TTL"]) == ("aes128gcm", "259200")  # fmt: skip
    token = headers["Authorization"].removeprefix("vapid t=").split(",k=")[0]
    check_signature(token, PushKey.objects.get().public)
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == phone.origin


def test_a_browser_that_is_gone_is_forgotten(phone, case, an, binh):
    Client().post(f"/nhan-tin/thong-bao/?cau-hoi={case.number}", phone.fields())
    phone.answers_with = 410

    answer(case, an, binh)
    tasks.tell(TUESDAY)

    assert not Subscription.objects.exists()


def test_a_busy_push_service_is_tried_again(phone, case, an, binh):
    Client().post(f"/nhan-tin/thong-bao/?cau-hoi={case.number}", phone.fields())
    phone.answers_with = 503
    answer(case, an, binh)
    tasks.tell(TUESDAY)
    phone.answers_with = 201

    tasks.tell(TUESDAY + timedelta(minutes=5))

    first, again = [phone.opened(body)["tag"] for _, body in phone.got]
    assert first == again
    assert Sending.objects.get().sent_at is not None


def test_an_address_that_is_no_push_service_is_refused(case, phone, settings):
    given = phone.fields() | {"endpoint": "https://internal.example/steal"}
    address = f"/nhan-tin/thong-bao/?cau-hoi={case.number}"
    assert Client().post(address, given).status_code == 422
    settings.LOOPBACK_ONLY = False

    assert Client().post(address, phone.fields()).status_code == 422
    assert not Subscription.objects.exists()


def test_a_device_stops_everything_and_follows_thirty_things_at_most(phone, case):
    for number in range(30):
        actions.follow_by_push(what=What(number=f"NA-2026-{number:06d}x"[:20]), subscription=phone.fields(), at=MONDAY)  # fmt: skip
    full = Client().post(f"/nhan-tin/thong-bao/?cau-hoi={case.number}", phone.fields())
    assert full.status_code == 409

    Client().post("/nhan-tin/thong-bao/thoi/", {"endpoint": phone.fields()["endpoint"]})

    assert not Subscription.objects.exists()


# In a chat


def test_in_a_chat_the_reply_says_until_when_and_the_answer_comes(loopback, case, an, binh):
    arrives(loopback, loopback.message("page", "m1", f"theo dõi {case.number}", at=MONDAY, sender="hoa"))  # fmt: skip
    send_all()
    begun = loopback.world.sent[-1]
    assert begun["target_ref"] == "hoa"
    assert "chỉ cho chúng tôi nhắn đến" in begun["text"]
    assert Case.objects.count() == 1

    answer(case, an, binh)
    tasks.tell(TUESDAY)
    tasks.tell(TUESDAY + timedelta(minutes=2))
    send_all(TUESDAY)

    told = [m for m in loopback.world.sent if m["target_ref"] == "hoa"][1:]
    assert len(told) == 1
    assert f"/hoi/{case.number}/" in told[0]["text"]


def test_after_the_window_nothing_is_written_into_the_chat(loopback, case, an, binh):
    arrives(loopback, loopback.message("page", "m1", f"THEO DOI {case.number}", at=MONDAY, sender="hoa"))  # fmt: skip
    late = MONDAY + timedelta(days=9)
    answer(case, an, binh, at=late)
    tasks.tell(late)

    assert Sending.objects.get().given_up_at == late


def test_a_chat_stops_with_one_word(loopback, case):
    for n, text in enumerate([f"theo doi {case.number}", f"Ngừng {case.number}"]):
        arrives(loopback, loopback.message("page", f"m{n}", text, at=MONDAY, sender="hoa"))

    assert not Subscription.objects.exists()


def test_what_was_published_stays_when_nobody_follows(case, an, binh):
    answer(case, an, binh)

    assert tasks.tell(TUESDAY) == 1
    assert PublishedAnswer.objects.count() == 1
