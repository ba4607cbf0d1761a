"""The desk's pages: a long list, the tree of an audience without JavaScript, cancelling many, what is typed."""

import re
from datetime import date, time, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.notices import actions_scratch, queries
from caunoi.notices.models import AudienceGroup, Notice, Repetition
from caunoi.notices.tests.factories import out, write
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
LIST, NEW = "/quan-tri/thong-bao/", "/quan-tri/thong-bao/moi/"


def many(unit, account_id, count):
    Notice.objects.bulk_create(
        Notice(
            number=f"n{n:05}",
            unit=unit,
            kind="notice",
            title=f"Việc thứ {n}",
            created_at=MONDAY,
            created_by_id=account_id,
            edited_at=MONDAY + timedelta(seconds=n),
            edited_by_id=account_id,
        )
        for n in range(count)
    )


def test_a_list_of_thousands_asks_the_same_as_one_of_a_few(
    place, ha, binh, django_assert_max_num_queries
):
    many(place["bich_hao"], binh.account_id, 3000)
    desk = client_for(ha)
    desk.get(LIST)

    with django_assert_max_num_queries(16):
        page = desk.get(LIST).content.decode()
    assert page.count('class="notice-row"') == 50
    with django_assert_max_num_queries(16):
        page = desk.get(f"{LIST}?page=40&xem=draft").content.decode()
    assert "Việc thứ 1049<" in page
    assert "Việc thứ 2999<" in desk.get(f"{LIST}?q=VIEC+thu+2999").content.decode()
    assert "Không có thông báo như vậy" in desk.get(f"{LIST}?q=khong-co").content.decode()


def test_the_list_is_a_sheet(place, ha):
    write(by=ha, unit=place["bich_hao"])

    answer = client_for(ha).get(f"{LIST}?xlsx=1")

    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[1][1:5] == (
        "Tiêm phòng cho trâu bò ngày 5/12",
        "Thông báo",
        "Bản nháp",
        "Xã Bích Hào",
    )


def form(unit, **more):
    return {
        "unit": str(unit.pk),
        "kind": "notice",
        "audience": "public",
        "title": "Họp xóm",
        "short_text": "Tối thứ Bảy.",
        "reach": "subtree",
    } | more


def test_units_are_chosen_on_the_tree_by_buttons_alone_and_kept_for_next_time(place, mai):
    desk = client_for(mai)
    chosen = form(place["nghe_an"], reach="chosen")

    opened = desk.post(NEW, chosen | {"do": f"open:{place['bich_hao'].pk}"}).content.decode()
    assert "Xóm 4" in opened
    assert "Họp xóm" in opened
    found = desk.post(NEW, chosen | {"do": "find", "find": "tri le"}).content.decode()
    assert f"{place['tri_le'].pk}:subtree" in found
    picks = [f"{place['village'].pk}:self", f"{place['tri_le'].pk}:subtree"]
    counted = desk.post(NEW, chosen | {"do": "count", "pick": picks}).content.decode()
    assert "1 xã, phường" in counted
    assert "1 thôn, bản" in counted
    desk.post(NEW, chosen | {"do": "keep_group", "pick": picks, "group_name": "Vùng cao"})
    group = AudienceGroup.objects.get()
    used = desk.post(NEW, form(place["nghe_an"], do=f"use:{group.pk}")).content.decode()
    assert f'value="{picks[0]}" checked' in used
    desk.post(NEW, chosen | {"do": "save", "pick": picks})
    notice = Notice.objects.get()
    reached = {u.pk for u in queries.audience_units(notice=notice, on=MONDAY.date())}
    assert reached == {place["village"].pk, place["tri_le"].pk}


def test_a_unit_outside_is_never_reached(place, mai):
    outside = [f"{place['cao_son'].pk}:subtree", f"{uuid4()}:self", "x:y"]

    answer = client_for(mai).post(
        NEW, form(place["nghe_an"], do="save", reach="chosen", pick=outside)
    )

    assert answer.status_code == 422
    assert not Notice.objects.exists()


def test_the_part_that_is_swapped_is_the_part_of_the_page(place, ha):
    desk = client_for(ha)
    whole = desk.post(NEW, form(place["bich_hao"], do="preview")).content.decode()

    part = desk.post(
        NEW, form(place["bich_hao"], do="preview"), headers={"HX-Request": "true"}
    ).content.decode()

    beside, who, when = re.split(r'(?=<span id="(?:who|when)-says")', part.strip())
    assert beside.startswith('<div id="beside"')
    for piece in (beside, who, when):
        assert piece.replace(' hx-swap-oob="true"', "").strip() in whole


def test_a_new_notice_that_may_not_be_handed_in_yet_is_gone_on_with_and_not_begun_twice(place, ha):
    desk = client_for(ha)
    page = desk.post(NEW, form(place["bich_hao"], do="hand_in", short_text=""))
    assert page.status_code == 422
    notice = Notice.objects.get()

    action = re.search(r'<form [^>]*action="([^"]+)"[^>]*class="composer"', page.content.decode())[
        1
    ]
    desk.post(action, form(place["bich_hao"], do="hand_in", seen="1"))

    assert action == f"{LIST}{notice.pk}/"
    assert Notice.objects.get().state == "review"


def test_keeping_the_same_again_leaves_one_line_on_record(place, ha):
    desk = client_for(ha)
    desk.post(NEW, form(place["bich_hao"], do="save"))
    before = AuditEntry.objects.count()

    desk.post(f"{LIST}{Notice.objects.get().pk}/", form(place["bich_hao"], do="save", seen="1"))

    assert AuditEntry.objects.count() == before


def test_many_are_cancelled_after_a_look_and_with_a_reason(place, ha, binh):
    drafts = [write(by=ha, unit=place["bich_hao"]) for _ in range(2)]
    sent = out(by=ha, approver=binh, unit=place["bich_hao"])
    desk = client_for(ha)
    chosen = {"pk": [str(n.pk) for n in (*drafts, sent)]}

    look = desk.post(f"{LIST}huy/", chosen).content.decode()
    assert "Sẽ huỷ 2 thông báo" in look
    assert desk.post(f"{LIST}huy/", chosen | {"sure": "1"}).status_code == 422
    desk.post(f"{LIST}huy/", chosen | {"sure": "1", "reason": "Dời sang tuần sau"})

    states = dict(Notice.objects.values_list("pk", "state"))
    assert [states[n.pk] for n in (*drafts, sent)] == ["cancelled", "cancelled", "done"]


def test_what_was_only_typed_is_forgotten_after_a_month(place, ha):
    actions_scratch.keep_scratch(
        notice=None, fields={"title": "dở"}, seen_version=0, by=ha, at=MONDAY
    )

    assert actions_scratch.forget_old(at=MONDAY + timedelta(days=29)) == 0
    assert actions_scratch.forget_old(at=MONDAY + timedelta(days=31)) == 1


def test_the_month_shows_what_goes_out_when(place, ha, binh):
    sent = out(by=ha, approver=binh, unit=place["bich_hao"])

    page = client_for(ha).get(f"{LIST}lich/?thang=2026-11").content.decode()

    assert sent.title in page
    assert sent.title not in client_for(ha).get(f"{LIST}lich/?thang=2026-12").content.decode()


def test_the_month_shows_every_time_a_repeated_notice_goes_out_again(place, ha, binh, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    sent = out(by=ha, approver=binh, unit=place["bich_hao"])
    Repetition.objects.create(
        notice=sent,
        every="day",
        times=[time(5), time(19)],
        first_date=date(2026, 11, 20),
        last_date=date(2026, 12, 2),
    )
    client = client_for(ha)

    def days(month):
        page = BeautifulSoup(client.get(f"{LIST}lich/?thang={month}").content, "lxml")
        return {
            section.h2.text.split(" ")[0].strip(): section.text.count("sẽ gửi lại")
            for section in page.select("main section")
            if "5:00, 19:00" in section.text or "19:00" in section.text
        }

    assert days("2026-11") == {f"{day}/11/2026": 1 for day in range(23, 31)}
    assert days("2026-12") == {"01/12/2026": 1, "02/12/2026": 1}
    sheet = client.get(f"{LIST}lich/?thang=2026-12&xlsx=1")
    told = [row[:2] for row in load_workbook(BytesIO(sheet.content)).active.values][1:]
    assert [(str(day)[:10], moment) for day, moment in told] == [
        ("2026-12-01", "05:00"), ("2026-12-01", "19:00"), ("2026-12-02", "05:00"), ("2026-12-02", "19:00"),
    ]  # fmt: skip
    Repetition.objects.update(stopped_at=MONDAY)
    assert days("2026-12") == {}
