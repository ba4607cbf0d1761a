"""Following a unit's notices without an account: by e-mail, in the browser, in a chat; once each, ended with one tap."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from caunoi.journeys import publishing, reforming, taking_back
from caunoi.kit import clock
from caunoi.notices.terms import Audience, Fields, Line, NoticeKind, Reach
from caunoi.notices.tests.factories import approved
from caunoi.reform.terms import Deed, Outcome
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.subscriptions import actions, tasks
from caunoi.subscriptions.models import NoticeNews, NoticeTally, Sending, Subscription
from caunoi.subscriptions.terms import About, What
from tests.cast import MONDAY, TUESDAY
from tests.journeys.test_ask_and_answer import arrives, send_all
from tests.journeys.test_following import Browser, path_of

pytestmark = pytest.mark.django_db
HOA = "hoa@example.com"
NIGHT = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
"""23:30 in Việt Nam."""
MORNING = datetime(2026, 11, 24, 23, 1, tzinfo=UTC)
FLOOD = Fields(
    kind=NoticeKind.WARNING,
    title="Nước suối lên nhanh",
    short_text="Bà con ven suối rời nhà ngay.",
    long_text="Bà con ven suối rời nhà ngay. Điểm tránh lũ: trường tiểu học.",
    details={"sender": "Đài Khí tượng Nghệ An", "event": "Lũ quét"},
)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The clock of the pages stands at the story's moment."""

    class Hand:
        at = MONDAY

    monkeypatch.setattr(clock, "now", lambda: Hand.at)
    return Hand


@pytest.fixture
def phone():
    found = Browser()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def writer(place):
    return make_staff(name="Lê Thị Chi", unit_id=place["nghe_an"].pk, role=Role.EDITOR)


@pytest.fixture
def bosses(place):
    return [
        make_staff(name=name, unit_id=place["nghe_an"].pk, role=Role.APPROVER)
        for name in ("Hồ Văn Minh", "Vi Thị Dậu")
    ]


def follow(slug, email=HOA, **more):
    """Ask for the unit's notices and say yes in the letter."""
    Client().post(f"/nhan-tin/?don-vi={slug}&tin=thong-bao", {"email": email, **more})
    tasks.tell(MONDAY)
    Client().post(path_of(mail.outbox[-1], "/xac-nhan/"))
    mail.outbox.clear()


def goes_out(place, writer, boss, *, unit="bich_hao", at=TUESDAY, **more):
    """The unit tells something to everybody."""
    notice = approved(by=writer, approver=boss, unit=place[unit], at=at, **more)
    if notice.state == "review":
        pytest.fail("one approval is enough for a commune")
    publishing.publish_notice(notice=notice, at=at)
    return notice


def test_a_woman_follows_her_commune_by_letter_and_on_her_phone_and_stops_with_one_tap(
    place, writer, bosses, phone, now
):
    page = Client().get("/nhan-tin/?don-vi=xa-bich-hao&tin=thong-bao").content.decode()
    assert "/don-vi/xa-bich-hao/thong-bao.atom" in page
    assert "/don-vi/xa-bich-hao/lich.ics" in page
    assert "tin=thong-bao" in Client().get("/don-vi/xa-bich-hao/").content.decode()
    follow("xa-bich-hao")
    follow("tinh-nghe-an")
    kept = Client().post("/nhan-tin/thong-bao/?don-vi=xa-bich-hao&tin=thong-bao", phone.fields())
    assert kept.status_code == 201

    said = goes_out(place, writer, bosses[0])
    warned = goes_out(place, writer, bosses[0], fields=FLOOD)
    now.at = TUESDAY
    for minutes in range(3):
        tasks.tell(TUESDAY + timedelta(minutes=minutes))

    letter, other = mail.outbox
    assert letter.subject == f"Cảnh báo: {FLOOD.title}"
    assert f"/thong-bao/{warned.number}/" in letter.body
    assert f"/thong-bao/{said.number}/" in other.body
    (headers, body), (_other, _body) = phone.got
    assert {k.lower(): v for k, v in headers.items()}["urgency"] == "high"
    news = phone.opened(body)
    assert news["title"] == "Cảnh báo: Xã Bích Hào"
    tallied = NoticeTally.objects.values_list("way", "accepted", "gone", "failed")
    assert sorted(tallied) == [("email", 1, 0, 0)] * 2 + [("push", 1, 0, 0)] * 2

    strict = Client(enforce_csrf_checks=True)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = "/" + letter.extra_headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    strict.post(one_click, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")  # fmt: skip
    strict.post("/" + news["stop"].split("/", 3)[3])
    (left,) = Subscription.objects.all()
    assert left.unit_id == place["nghe_an"].pk
    goes_out(place, writer, bosses[0])
    tasks.tell(TUESDAY + timedelta(hours=1))
    assert len(mail.outbox) == len(phone.got) == 2


def test_one_notice_for_several_places_somebody_follows_is_one_letter(place, writer, bosses):
    for slug in ("xa-bich-hao", "xa-tri-le", "tinh-nghe-an"):
        follow(slug)
    follow("xa-cao-son")
    lines = [Line(place["nghe_an"].pk, Reach.SUBTREE)]
    notice = approved(by=writer, approver=bosses[0], unit=place["nghe_an"], at=TUESDAY, lines=lines)
    from caunoi.notices import actions as notices

    notice = notices.approve_notice(notice=notice, seen_version=notice.version, by=bosses[1], at=TUESDAY)  # fmt: skip
    publishing.publish_notice(notice=notice, at=TUESDAY)
    tasks.tell(TUESDAY)
    tasks.tell(TUESDAY + timedelta(minutes=1))

    assert len(mail.outbox) == 1
    assert Sending.objects.count() == 1


def test_at_night_only_warnings_are_told_and_who_chose_warnings_hears_nothing_else(
    place, writer, bosses
):
    follow("xa-bich-hao", kinds="canh-bao")
    follow("xa-bich-hao", "son@example.com")

    goes_out(place, writer, bosses[0], at=NIGHT)
    goes_out(place, writer, bosses[0], fields=FLOOD, at=NIGHT)
    tasks.tell(NIGHT)
    at_night = sorted(m.to[0] for m in mail.outbox)
    tasks.tell(MORNING)

    assert at_night == [HOA, "son@example.com"]
    assert [m.to for m in mail.outbox[2:]] == [["son@example.com"]]
    assert "Thông báo:" in mail.outbox[2].subject


def test_the_letter_lets_one_choose_warnings_only_and_stop_everything(place, writer, bosses, now):
    follow("xa-bich-hao")
    follow("xa-tri-le")
    goes_out(place, writer, bosses[0])
    tasks.tell(TUESDAY)
    stop = path_of(mail.outbox[0], "/nhan-tin/thoi/")
    assert "Chỉ báo cho tôi cảnh báo" in Client().get(stop).content.decode()

    Client().post(stop, {"do": "warnings"})

    assert Subscription.objects.filter(only_warnings=True).count() == 1
    Client().post(stop, {"do": "all"})
    assert not Subscription.objects.exists()


def test_what_was_taken_back_before_morning_is_told_to_nobody_and_afterwards_to_who_was_told(
    place, writer, bosses
):
    follow("xa-bich-hao")
    early = goes_out(place, writer, bosses[0], at=NIGHT)
    tasks.tell(NIGHT)
    taking_back.recall_notice(notice=early, reason="Sai ngày", by=bosses[0], at=NIGHT)
    tasks.tell(MORNING)
    assert mail.outbox == []

    late = goes_out(place, writer, bosses[0], at=MORNING)
    tasks.tell(MORNING)
    taking_back.recall_notice(notice=late, reason="Hoãn vì mưa", by=bosses[0], at=MORNING)
    tasks.tell(MORNING + timedelta(minutes=1))

    assert [m.subject.split(":")[0] for m in mail.outbox] == ["Thông báo", "Thu hồi thông báo"]
    assert "Hoãn vì mưa" in mail.outbox[1].body


def test_gone_browsers_are_erased_and_the_board_shows_totals_only(
    place, writer, bosses, phone, now
):
    Client().post("/nhan-tin/thong-bao/?don-vi=xa-bich-hao&tin=thong-bao", phone.fields())
    follow("xa-bich-hao")
    phone.answers_with = 429
    notice = goes_out(place, writer, bosses[0])
    tasks.tell(TUESDAY)
    assert Sending.objects.filter(sent_at=None).count() == 1
    phone.answers_with = 410
    tasks.tell(TUESDAY + timedelta(minutes=5))

    assert [s.way for s in Subscription.objects.all()] == ["email"]
    now.at = TUESDAY
    page = client_for(bosses[0]).get(f"/quan-tri/nhan-tin/thong-bao/{notice.number}/")
    shown = " ".join(page.content.decode().split())
    assert [(t.way, t.accepted, t.gone, t.failed, t.waiting) for t in page.context["told"]] == [
        ("email", 1, 0, 0, 0),
        ("push", 0, 1, 0, 0),
    ]
    assert "example.com" not in shown
    stranger = make_staff(name="Lù Thị Sáo", unit_id=place["cao_son"].pk, role=Role.EDITOR)
    assert client_for(stranger).get(page.wsgi_request.path).status_code == 404


def test_internal_notices_are_told_to_no_follower(place, writer, bosses):
    follow("xa-bich-hao")

    goes_out(place, writer, bosses[0], audience=Audience.INTERNAL)
    tasks.tell(TUESDAY)

    assert mail.outbox == []
    assert not NoticeNews.objects.exists()


def test_a_merged_units_followers_go_on_with_the_successor_and_nobody_is_told_twice(
    place, writer, bosses
):
    follow("xa-tri-le")
    follow("xa-bich-hao")
    follow("xa-tri-le", "son@example.com", kinds="canh-bao")
    held = reforming.followers.counts(unit_ids=[place["tri_le"].pk])
    assert held == {place["tri_le"].pk: 2}
    deed = Deed(
        ref=reforming.ALL, unit_id=place["tri_le"].pk, to_unit_id=place["bich_hao"].pk,
        outcome=Outcome.MERGED, on=date(2026, 11, 24), at=MONDAY, plan_id=place["tri_le"].pk, new_name="", legal_reference="",
    )  # fmt: skip
    reforming._carry_followers([deed])

    goes_out(place, writer, bosses[0], fields=FLOOD)
    tasks.tell(TUESDAY)

    assert sorted(m.to[0] for m in mail.outbox) == [HOA, "son@example.com"]


def test_in_a_chat_three_words_follow_the_unit(loopback, place, writer, bosses):
    arrives(loopback, loopback.message("page", "m1", "Theo dõi thông báo", at=MONDAY, sender="hoa"))
    send_all()
    assert "thông báo mới của Xã Bích Hào" in loopback.world.sent[-1]["text"]

    notice = goes_out(place, writer, bosses[0])
    tasks.tell(TUESDAY)
    send_all(TUESDAY)

    told = [m for m in loopback.world.sent if m["target_ref"] == "hoa"][1:]
    assert len(told) == 1
    assert f"/thong-bao/{notice.number}/" in told[0]["text"]
    arrives(loopback, loopback.message("page", "m2", "NGUNG THONG BAO", at=TUESDAY, sender="hoa"))
    assert not Subscription.objects.exists()


def test_thousands_of_followers_cost_no_more_questions_than_one(
    place, writer, bosses, django_assert_max_num_queries
):
    from caunoi.subscriptions import announcing, sealing

    what = What(unit_id=place["bich_hao"].pk, about=About.NOTICES)
    first = actions.follow_by_chat(what=what, channel_id=place["bich_hao"].pk, thread_id=place["bich_hao"].pk, at=MONDAY)  # fmt: skip
    Subscription.objects.bulk_create(
        Subscription(
            way="chat", unit_id=first.unit_id, about=first.about, sealed_address=first.sealed_address,
            address_hash=sealing.hash_of(str(n)), asked_at=MONDAY, confirmed_at=MONDAY,
        )
        for n in range(3_000)
    )  # fmt: skip
    goes_out(place, writer, bosses[0])

    with django_assert_max_num_queries(20):
        assert announcing.spread(at=TUESDAY) == 1

    assert Sending.objects.count() == 3_001
