"""What everybody reads, in every state, and what machines read of it."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import feedparser
import html5lib
import pytest
import xmlschema
from defusedxml import ElementTree
from django.test import Client
from icalendar import Calendar
from PIL import Image

from caunoi.files.tests.samples import photo
from caunoi.kit import clock
from caunoi.notices import actions, actions_again, actions_files, caps, queries, queries_look, sheet
from caunoi.notices.terms import Audience, Fields, NoticeKind, Surface
from caunoi.notices.tests.factories import WORDS, approved, out, write
from caunoi.notices.views.public import address_of, sheet_facts

pytestmark = pytest.mark.django_db
CAP = Path(__file__).with_name("cap12.xsd")
WARNING = Fields(
    kind=NoticeKind.WARNING,
    title="Lũ quét trên sông Lam",
    long_text="Mưa to từ chiều. Bà con ven suối chuyển lên nhà cao.",
    details={
        "sender": "Đài Khí tượng Thuỷ văn tỉnh",
        "event": "Lũ quét",
        "category": "Met",
        "urgency": "Expected",
        "severity": "Severe",
        "certainty": "Likely",
        "area": "Xã Bích Hào",
        "instruction": "Không lội qua suối.",
    },
)


@pytest.fixture
def lately():
    return clock.now() - timedelta(hours=1)


def read(address):
    answer = Client().get(address)
    return answer.status_code, answer.content.decode()


def test_a_notice_is_read_at_one_address_as_long_as_there_is_one(place, ha, binh, lately):
    notice = approved(by=ha, approver=binh, unit=place["bich_hao"], at=lately)
    address = f"/thong-bao/{notice.number}/"
    assert read(address)[0] == 404

    notice = actions.mark_done(notice=actions.mark_sending(notice=notice, at=lately), at=lately)
    status, page = read(address)
    assert (status, notice.title in page) == (200, True)
    facts = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert (facts["@type"], facts["headline"]) == ("NewsArticle", notice.title)

    over = actions.mark_expired(notice=notice, at=clock.now())
    newer = out(by=ha, approver=binh, unit=place["bich_hao"], at=clock.now(), fields=replace(WORDS, title="Lịch tiêm mới"))  # fmt: skip
    page = read(address)[1]
    assert "Thông báo này đã hết hiệu lực" in page
    assert f"/thong-bao/{newer.number}/" in page

    actions.mark_recalled(notice=over, reason="Sai địa điểm tiêm", by=binh, at=clock.now())
    page = read(address)[1]
    assert "Sai địa điểm tiêm" in page
    assert "nhà văn hoá xóm lúc 8h" not in page.partition("<main")[2]


def test_what_was_put_right_leads_to_what_is_right(place, ha, binh, lately):
    wrong = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately)
    draft = actions_again.correct_notice(notice=wrong, by=ha, at=lately)
    page = read(f"/thong-bao/{wrong.number}/")[1]
    assert draft.number not in page

    actions.hand_in(notice=draft, by=ha, at=lately)
    actions.approve_notice(notice=draft, seen_version=1, by=binh, at=lately)
    actions.mark_sending(notice=draft, at=lately)

    assert f"/thong-bao/{draft.number}/" in read(f"/thong-bao/{wrong.number}/")[1]
    assert f"/thong-bao/{wrong.number}/" in read(f"/thong-bao/{draft.number}/")[1]


def test_an_internal_notice_is_nowhere_in_public(place, ha, binh, lately):
    inside = out(
        by=ha, approver=binh, unit=place["bich_hao"], at=lately, audience=Audience.INTERNAL
    )

    assert read(f"/thong-bao/{inside.number}/")[0] == 404
    for address in ("thong-bao/", "thong-bao.atom", "bang-tin/", ""):
        status, page = read(f"/don-vi/xa-bich-hao/{address}")
        assert (status, inside.number in page) == (200, False)


def test_a_unit_shows_its_notices_with_search_and_a_warning_first_at_home(
    place, ha, binh, lately, django_assert_max_num_queries
):
    warning = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=WARNING)
    for n in range(12):
        out(by=ha, approver=binh, unit=place["bich_hao"], at=lately + timedelta(minutes=n), fields=replace(WORDS, title=f"Việc thứ {n}"))  # fmt: skip

    with django_assert_max_num_queries(8):
        found = read("/don-vi/xa-bich-hao/thong-bao/?q=viec+thu+11")[1]
    assert "Việc thứ 11" in found
    assert "Việc thứ 10" not in found
    home = read("/don-vi/xom-4/")[1]
    assert "Việc thứ 11" in home
    assert read("/don-vi/xa-bich-hao/thong-bao/?loai=warning")[1].count("/thong-bao/t") <= 20
    assert warning.title in read("/don-vi/xa-bich-hao/thong-bao/?loai=warning")[1]


def test_the_feed_is_read_by_a_feed_reader(place, ha, binh, lately):
    notice = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately)

    feed = feedparser.parse(Client().get("/don-vi/xa-bich-hao/thong-bao.atom").content)

    assert not feed.bozo
    assert [(e.title, e.link, e.id) for e in feed.entries] == [
        (notice.title, address_of(notice), address_of(notice))
    ]


def test_the_calendar_is_read_by_a_calendar(place, ha, binh, mai, lately):
    signal = Fields(
        kind=NoticeKind.CALENDAR,
        title="Kẻng báo thức",
        short_text="Kẻng lúc 5 giờ, cả làng dậy.",
        details={"start": "2026-12-01T05:00", "place": "Nhà văn hoá", "repeat": "DAILY", "repeat_until": "2026-12-31"},
    )  # fmt: skip
    out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=signal)

    answer = Client().get("/don-vi/xom-4/lich.ics")

    assert answer.headers["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    start = event["dtstart"].dt
    assert (start.isoformat(), str(event["summary"])) == (
        "2026-12-01T05:00:00+07:00",
        "Kẻng báo thức",
    )
    assert event["rrule"]["freq"] == ["DAILY"]
    assert event["rrule"]["until"][0].isoformat() == "2026-12-31T16:59:59+00:00"
    assert event["dtend"].dt - start == timedelta(hours=1)


def test_a_calendar_that_was_put_right_stands_once_in_the_calendar_and_on_the_board(
    place, ha, binh, lately
):
    wrong = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=SEASON)

    def days():
        events = Calendar.from_ical(Client().get("/don-vi/xom-4/lich.ics").content).walk("VEVENT")
        return [str(e["uid"]).partition("-")[0] for e in events]

    draft = actions_again.correct_notice(notice=wrong, by=ha, at=lately)
    assert days() == [wrong.number] * 3
    actions.hand_in(notice=draft, by=ha, at=lately)
    actions.approve_notice(notice=draft, seen_version=1, by=binh, at=lately)
    actions.mark_sending(notice=draft, at=lately)

    assert days() == [draft.number] * 3
    board = read("/don-vi/xa-bich-hao/bang-tin/")[1]
    assert (wrong.number in board, draft.number in board) == (False, True)
    actions.mark_recalled(notice=draft, reason="Sai ngày", by=binh, at=clock.now())
    assert days() == [wrong.number] * 3


def cap(notice):
    """Return the alert, which holds to the schema."""
    body = Client().get(f"/thong-bao/{notice.number}.cap.xml").content
    shape().validate(body.decode())
    return ElementTree.fromstring(body)


@cache
def shape():
    return xmlschema.XMLSchema(str(CAP))


def test_the_schema_of_cap_refuses_what_the_standard_forbids(place, ha, binh, lately):
    warning = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=WARNING)
    body = Client().get(f"/thong-bao/{warning.number}.cap.xml").content.decode()

    assert shape().is_valid(body)
    for right, wrong in (
        ("+07:00</sent>", "Z</sent>"),
        ("<severity>Severe<", "<severity>Bad<"),
        ("<scope>Public</scope>", ""),
        ("<identifier>vn.", "<identifier>vn, "),
    ):
        assert right in body
        assert not shape().is_valid(body.replace(right, wrong)), wrong


def test_a_warning_is_cap_in_the_order_of_the_schema_and_a_recall_cancels_it(
    place, ha, binh, lately, settings
):
    settings.DEMO = False
    times = {"start": "2026-12-01T20:00", "end": "2026-12-02T05:00"}
    fields = replace(WARNING, details=WARNING.details | times)
    warning = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=fields)
    space = f"{{{caps.NAMESPACE}}}"

    alert = cap(warning)

    info = alert.find(f"{space}info")
    say = {child.tag.removeprefix(space): child.text for child in (*alert, *info)}
    assert (say["status"], say["msgType"], say["severity"]) == ("Actual", "Alert", "Severe")
    assert say["sent"].endswith("+07:00")
    assert say["onset"] == "2026-12-01T20:00:00+07:00"
    assert say["expires"] == "2026-12-02T05:00:00+07:00"
    assert ["Kết thúc", "05:00 02/12/2026"] in sheet_facts(warning)["facts"]
    assert say["source"] == "Đài Khí tượng Thuỷ văn tỉnh"
    actions.mark_recalled(notice=warning, reason="Báo nhầm", by=binh, at=clock.now())
    after = {child.tag.removeprefix(space): child.text for child in cap(warning)}
    assert after["msgType"] == "Cancel"
    assert after["references"] == f"{say['sender']},{say['identifier']},{say['sent']}"


def test_a_warning_without_its_agency_is_an_exercise_and_another_kind_has_no_cap(
    place, ha, binh, lately
):
    ours = replace(WARNING, details={})
    warning = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=ours)
    plain = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately)

    assert cap(warning).findtext(f"{{{caps.NAMESPACE}}}status") == "Exercise"
    assert read(f"/thong-bao/{plain.number}.cap.xml")[0] == 404


def test_a_correction_is_a_claim_review(place, ha, binh, lately):
    words = Fields(
        kind=NoticeKind.CORRECTION,
        title="Không có chuyện thu tiền đổi căn cước",
        short_text="Xã không thu tiền.",
        details={"claim": "Đổi căn cước mất 200.000 đ", "facts": "Không thu phí.", "sources": "https://x.gov.vn/1"},
    )  # fmt: skip
    notice = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=words)

    page = read(f"/thong-bao/{notice.number}/")[1]

    facts = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert (facts["@type"], facts["claimReviewed"]) == ("ClaimReview", "Đổi căn cước mất 200.000 đ")
    assert facts["citation"] == [{"@type": "CreativeWork", "url": "https://x.gov.vn/1"}]
    assert "appearance" not in facts["itemReviewed"]


def test_the_sheet_has_words_and_pictures_and_its_code_opens_the_page(place, ha, binh, lately):
    import zxingcpp

    draft = write(by=ha, unit=place["bich_hao"], at=lately)
    for size in ((900, 600), (600, 900)):
        actions_files.add_picture(
            notice=draft, content=photo(size=size), alt="Trâu bò", by=ha, at=lately
        )
    actions.hand_in(notice=draft, by=ha, at=lately)
    actions.approve_notice(notice=draft, seen_version=1, by=binh, at=lately)
    notice = actions.mark_sending(notice=draft, at=lately)
    pdf = Client().get(f"/thong-bao/{notice.number}/to-a4.pdf")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")

    drawn = sheet.sheet_of(sheet_facts(notice), address=address_of(notice), kind="png", ppi=110)

    codes = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)).convert("L"))
    assert [c.text for c in codes] == [address_of(notice)]
    shown = Image.open(BytesIO(drawn)).convert("RGB").getcolors(1_000_000)
    assert sum(n for n, (r, g, b) in shown if g > 90 and r < 40 and b < 40) > 100_000
    assert pdf.content.count(b"/Type/Page\n") + pdf.content.count(b"/Type /Page\n") <= 1


def test_pictures_lose_their_metadata_and_go_with_the_recall(place, ha, binh, lately):
    draft = write(by=ha, unit=place["bich_hao"], at=lately)
    picture = actions_files.add_picture(
        notice=draft, content=photo(size=(900, 600)), alt="Trâu bò chờ tiêm", by=ha, at=lately
    )
    twice = actions_files.add_picture(notice=draft, content=photo(size=(900, 600)), alt="", by=ha, at=lately)  # fmt: skip
    assert twice == picture
    actions.hand_in(notice=draft, by=ha, at=lately)
    actions.approve_notice(notice=draft, seen_version=1, by=binh, at=lately)
    sent = actions.mark_sending(notice=draft, at=lately)
    address = f"/thong-bao/{sent.number}/anh/{picture.pk}/"

    shown = Client().get(address)

    assert shown.headers["Content-Type"] == "image/webp"
    assert not Image.open(BytesIO(shown.content)).getexif()
    actions.mark_recalled(notice=sent, reason="Sai", by=binh, at=clock.now())
    assert Client().get(address).status_code == 404


SEASON = Fields(
    kind=NoticeKind.CALENDAR,
    title="Lịch vụ xuân",
    short_text="Bà con gieo cấy đúng lịch.",
    details={"steps": "5/2/2027 đến 20/2/2027: Cấy lúa xuân\n15/1/2027 – 25/1/2027: Gieo mạ\n1/3/2027: Bón thúc"},
)  # fmt: skip


def test_the_steps_of_a_season_are_read_in_a_calendar_on_the_page_and_over_the_loudspeaker(
    place, ha, binh, lately
):
    notice = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=SEASON)

    events = Calendar.from_ical(Client().get("/don-vi/xom-4/lich.ics").content).walk("VEVENT")
    days = [(e["dtstart"].dt, e["dtend"].dt, str(e["summary"])) for e in events]
    page = read(f"/thong-bao/{notice.number}/")[1]
    script = queries.text_for(notice=notice, surface=Surface.LOUDSPEAKER)

    assert days == [
        (date(2027, 1, 15), date(2027, 1, 26), "Gieo mạ"),
        (date(2027, 2, 5), date(2027, 2, 21), "Cấy lúa xuân"),
        (date(2027, 3, 1), date(2027, 3, 2), "Bón thúc"),
    ]
    assert len({str(e["uid"]) for e in events}) == 3
    assert "15/01/2027 – 25/01/2027" in page
    assert "Gieo mạ" in script
    wrong = replace(SEASON, details={"steps": "mùng 5: cấy\n20/2/2027 - 5/2/2027: ngược"})
    draft = write(by=ha, unit=place["bich_hao"], at=lately, fields=wrong)
    found = [
        f.values["line"]
        for f in queries_look.findings(notice=draft, at=lately)
        if f.code == "no_day"
    ]
    assert found == ["mùng 5: cấy", "20/2/2027 - 5/2/2027: ngược"]


def test_what_is_put_right_or_taken_back_changes_in_the_feed(place, ha, binh, lately):
    first = lately - timedelta(hours=2)
    wrong = out(by=ha, approver=binh, unit=place["bich_hao"], at=first)
    other = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=WARNING)
    feed = "/don-vi/xa-bich-hao/thong-bao.atom"
    before = {e.id: e.updated for e in feedparser.parse(Client().get(feed).content).entries}

    right = actions_again.correct_notice(notice=wrong, by=ha, at=lately)
    actions.hand_in(notice=right, by=ha, at=lately)
    actions.approve_notice(notice=right, seen_version=1, by=binh, at=lately)
    actions.mark_sending(notice=right, at=clock.now())
    actions.mark_recalled(notice=other, reason="Báo nhầm xã", by=binh, at=clock.now())
    after = feedparser.parse(Client().get(feed).content)

    entries = {e.id: e for e in after.entries}
    assert not after.bozo
    assert entries[address_of(wrong)].updated > before[address_of(wrong)]
    assert address_of(right) in entries[address_of(wrong)].summary
    assert entries[address_of(other)].updated > before[address_of(other)]
    assert entries[address_of(other)].title == "Đã thu hồi: Lũ quét trên sông Lam"
    assert "Báo nhầm xã" in entries[address_of(other)].summary
    assert "Mưa to từ chiều" not in entries[address_of(other)].summary
    assert after.feed.updated == max(e.updated for e in after.entries)
    old_sheet = Client().get(f"/thong-bao/{other.number}/to-a4.pdf")
    assert old_sheet.url == f"/thong-bao/{other.number}/"


def test_every_public_page_is_html_without_an_error(place, ha, binh, lately):
    """Every kind in every state that is shown, the lists, and the board."""
    claim = Fields(
        kind=NoticeKind.CORRECTION,
        title="Không thu tiền <đổi> căn cước & hộ chiếu",
        short_text="Xã không thu tiền.",
        details={"claim": "Mất 200.000 đ", "facts": "Không thu phí.", "sources": "https://x.gov.vn/1"},
    )  # fmt: skip
    call = replace(
        WORDS, kind=NoticeKind.CALL, details={"start": "2026-12-01T07:00", "place": "Cầu Rộ"}
    )
    made = [
        out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=f)
        for f in (WORDS, WARNING, SEASON, claim, call)
    ]
    actions.mark_expired(notice=made[0], at=clock.now())
    actions.mark_recalled(notice=made[4], reason="Hoãn vì mưa", by=binh, at=clock.now())
    pages = [f"/thong-bao/{n.number}/" for n in made]
    pages += [
        f"/don-vi/xa-bich-hao/{p}" for p in ("thong-bao/", "thong-bao/?ca-tren=1&q=lu", "bang-tin/")
    ]

    for address in pages:
        status, page = read(address)
        assert status == 200
        parser = html5lib.HTMLParser()
        parser.parse(page)
        assert [(e[1], e[2]) for e in parser.errors] == [], address
