"""A human within a minute: ringing, calling, escalating, taking."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from caunoi.cases import actions as cases
from caunoi.cases.terms import Origin
from caunoi.duty import actions, paging, queries
from caunoi.duty.models import Alarm, Page
from caunoi.duty.terms import NobodyThere, NotYourDuty, TakenAlready
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
CRY = "Nước suối lên nhanh, nhà tôi mắc kẹt ở bản Sơn Hà, cứu với"
NIGHT = MONDAY + timedelta(hours=16, minutes=30)
"""01:30 in Việt Nam."""


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def an(place):
    return make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def binh(place):
    return make_staff(name="Trần Văn Bình", unit_id=place["bich_hao"].pk, role=Role.APPROVER)


@pytest.fixture
def chi(place):
    return make_staff(name="Hoàng Thị Chi", unit_id=place["nghe_an"].pk, role=Role.APPROVER)


def cries(place, text=CRY, at=MONDAY, ref="m:1"):
    case, _ = cases.open_case(
        unit_id=place["bich_hao"].pk, text=text, origin=Origin.WEB_FORM, origin_ref=ref, at=at
    )
    return case


def minutes_later(minutes, at=MONDAY):
    then = at + timedelta(minutes=minutes)
    paging.page_once(now=lambda: then)


def names():
    accounts = {a.email: a.full_name.split()[-1] for a in Account.objects.all()}
    return [accounts[m.to[0]] for m in mail.outbox]


def test_an_emergency_calls_the_officer_within_the_minute(place, an):
    case = cries(place)

    minutes_later(0.5)

    assert names() == ["An"]
    assert case.number in mail.outbox[0].subject
    assert mail.outbox[0].subject.startswith("KHẨN CẤP")


def test_a_call_says_nothing_of_the_case(place, an):
    cries(place, text="Tố giác: nhóm đánh bạc ở nhà ông Tèo, số 0912345678")

    minutes_later(0)

    said = mail.outbox[0].subject + mail.outbox[0].body
    assert "Tèo" not in said
    assert "0912345678" not in said
    assert "đánh bạc" not in said


def test_a_page_goes_out_at_night_too(place, an):
    cries(place, at=NIGHT)

    minutes_later(0, at=NIGHT)

    assert names() == ["An"]


def test_nobody_answers_so_the_next_person_and_then_the_province_are_called(place, an, binh, chi):
    cries(place)
    minutes_later(0)
    minutes_later(1)
    assert names() == ["An"]

    minutes_later(2.1)
    assert names() == ["An", "Bình"]

    minutes_later(5.1)
    assert names() == ["An", "Bình", "Chi"]


def test_a_unit_without_officers_calls_the_province_at_once(place, chi):
    cries(place)

    minutes_later(0)

    assert names() == ["Chi"]


def test_the_round_may_run_as_often_as_it_likes(place, an, binh):
    cries(place)

    for second in range(0, 120, 10):
        minutes_later(second / 60)

    assert names() == ["An"]
    assert Page.objects.filter(turn=1).count() == 1


def test_after_a_quarter_of_an_hour_everybody_is_called_again(place, an):
    cries(place)
    minutes_later(0)

    minutes_later(15.1)

    assert names() == ["An", "An"]
    assert "lần gọi thứ 2" in mail.outbox[1].body


def test_a_mail_server_that_is_down_is_tried_again_and_noted(place, an, monkeypatch):
    cries(place)

    def refuse(*_args, **_more):
        raise ConnectionRefusedError

    monkeypatch.setattr(paging, "send_mail", refuse)
    minutes_later(0)
    assert Page.objects.get().trouble == "ConnectionRefusedError"
    monkeypatch.undo()

    minutes_later(0.3)

    assert Page.objects.get().state == "sent"
    assert names() == ["An"]


def test_who_has_the_shift_is_called_first(place, an, binh):
    actions.add_shifts(
        unit_id=place["bich_hao"].pk,
        account=Account.objects.get(pk=binh.account_id),
        begins_at=MONDAY,
        ends_at=MONDAY + timedelta(hours=12),
        weeks=2,
        by=binh,
        at=MONDAY,
    )
    cries(place)

    minutes_later(0)

    assert names() == ["Bình"]
    next_week = MONDAY + timedelta(weeks=1, hours=1)
    assert queries.people_of(unit_id=place["bich_hao"].pk, at=next_week) == (binh.account_id,)


def test_the_call_list_has_an_order(place, an, binh):
    for person in (an, binh):
        actions.list_person(
            unit_id=place["bich_hao"].pk,
            account=Account.objects.get(pk=person.account_id),
            by=binh,
            at=MONDAY,
        )
    last = queries.call_list(unit_id=place["bich_hao"].pk)[1]

    actions.move_up(entry=last, by=binh, at=MONDAY)

    assert queries.people_of(unit_id=place["bich_hao"].pk, at=MONDAY) == (
        binh.account_id,
        an.account_id,
    )


def test_a_closed_account_is_not_called(place, an, binh):
    Account.objects.filter(pk=an.account_id).update(is_active=False)
    cries(place)

    minutes_later(0)

    assert names() == ["Bình"]


def test_only_people_of_the_unit_stand_on_its_roster(place, binh, chi):
    with pytest.raises(NobodyThere):
        actions.list_person(
            unit_id=place["bich_hao"].pk,
            account=Account.objects.get(pk=chi.account_id),
            by=binh,
            at=MONDAY,
        )


def test_a_commune_does_not_keep_the_roster_of_the_province(place, binh, chi):
    with pytest.raises(NotYourDuty):
        actions.list_person(
            unit_id=place["nghe_an"].pk,
            account=Account.objects.get(pk=chi.account_id),
            by=binh,
            at=MONDAY,
        )


def test_taking_the_alarm_stops_the_calls(place, an, binh):
    cries(place)
    minutes_later(0)
    alarm = Alarm.objects.get()

    actions.take_alarm(alarm=alarm, account=Account.objects.get(pk=an.account_id), at=MONDAY)
    minutes_later(20)

    assert names() == ["An"]
    assert queries.ringing(binh, at=MONDAY) == []
    with pytest.raises(TakenAlready):
        actions.take_alarm(alarm=alarm, account=Account.objects.get(pk=binh.account_id), at=MONDAY)


def test_the_link_in_the_call_takes_the_alarm_without_signing_in(place, an):
    cries(place)
    minutes_later(0)
    link = re.search(r"/truc/nhan/[^\s]+", mail.outbox[0].body).group()

    looked = Client().get(link)
    assert Alarm.objects.get().taken_at is None
    taken = Client().post(link)

    assert "Tôi nhận" in looked.content.decode()
    assert CRY not in looked.content.decode()
    assert taken.status_code == 200
    assert Alarm.objects.get().taken_by_id == an.account_id


def test_a_forged_link_takes_nothing(place, an):
    cries(place)

    answer = Client().post("/truc/nhan/abc:def:ghi/")

    assert answer.status_code == 404
    assert Alarm.objects.get().taken_at is None


def test_the_alarm_stands_on_every_page_of_the_desk_until_it_is_taken(place, an):
    case = cries(place)
    client = client_for(an)

    assert case.number in client.get("/hom-nay/").content.decode()
    assert case.number in client.get("/truc/bao-dong/").content.decode()
    client.post(f"/truc/bao-dong/{Alarm.objects.get().pk}/nhan/")

    assert "data-alarm=" not in client.get("/hom-nay/").content.decode()


def test_the_province_hears_of_it_after_five_minutes_and_not_before(place, chi):
    cries(place)
    Page.objects.all().delete()

    assert queries.ringing(chi, at=MONDAY + timedelta(minutes=4)) == []
    assert len(queries.ringing(chi, at=MONDAY + timedelta(minutes=5))) == 1


def test_a_plain_question_rings_nowhere(place, an):
    cries(place, text="Bao giờ xã tôi có nước sạch?")

    minutes_later(0)

    assert not Alarm.objects.exists()
    assert mail.outbox == []


def test_the_roster_page_enters_a_shift_of_four_weeks(place, an, binh):
    answer = client_for(binh).post(
        "/truc/lich/xa-bich-hao/ca/",
        {
            "shift-person": an.account_id,
            "shift-begins_at": "2026-11-28T18:00",
            "shift-ends_at": "2026-11-29T06:00",
            "shift-weeks": "4",
        },
    )

    assert answer.status_code == 302
    assert len(queries.coming_shifts(unit_id=place["bich_hao"].pk, at=MONDAY)) == 4


def test_a_shift_that_ends_before_it_begins_is_refused_with_a_word(place, an, binh):
    answer = client_for(binh).post(
        "/truc/lich/xa-bich-hao/ca/",
        {
            "shift-person": an.account_id,
            "shift-begins_at": "2026-11-28T18:00",
            "shift-ends_at": "2026-11-28T06:00",
            "shift-weeks": "1",
        },
    )

    assert answer.status_code == 422
    assert "kết thúc trước khi bắt đầu" in answer.content.decode()
