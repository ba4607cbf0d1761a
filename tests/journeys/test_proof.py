"""One notice, with proof: a village cadre posts by hand in two taps; the commune sees who is silent and reminds; the numbers add up upwards."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from PIL import Image

from caunoi.channels import actions as channels
from caunoi.files.tests.samples import photo
from caunoi.journeys import publishing
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.notices import actions as notices
from caunoi.notices import actions_files
from caunoi.notices.models import AudienceLine, NoticeAttachment, NoticePicture
from caunoi.notices.tests import factories
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox.models import OutboundMessage
from caunoi.receipts import actions, mailing
from caunoi.receipts.models import Acknowledgement, Reading, Reminder, ShortLink
from caunoi.receipts.tests.ground import make_channel, make_notice, make_send
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; SM-A107F) Mobile Safari/537.36"}


@pytest.fixture
def now(monkeypatch):
    """The clock of the pages, which a test moves on."""
    moment = {"at": MONDAY + timedelta(hours=1)}
    monkeypatch.setattr(clock, "now", lambda: moment["at"])
    return moment


@pytest.fixture
def people(place, now):
    def person(name, unit, role):
        return make_staff(name=name, unit_id=place[unit].pk, role=role)

    place["xom5"] = make_unit(name="Xóm 5", level=Level.VILLAGE, parent=place["bich_hao"])
    return {
        "thao": person("Hoàng Thị Thảo", "nghe_an", Role.APPROVER),
        "ha": person("Lê Thị Hà", "bich_hao", Role.EDITOR),
        "duc": person("Phan Văn Đức", "village", Role.CONTRIBUTOR),
        "lan": person("Vi Thị Lan", "xom5", Role.CONTRIBUTOR),
        "tri": person("Lương Văn Trí", "tri_le", Role.EDITOR),
    }


@pytest.fixture
def groups(place, people):
    """The villages' groups and a loudspeaker: nobody but a person can bring anything there."""

    def channel(unit, kind, name):
        return channels.register_channel(
            unit_id=place[unit].pk,
            connector_key=kind,
            external_id=f"{kind}-{unit}",
            name=name,
            by=None,
            at=MONDAY,
        )

    return {
        "xom4": channel("village", "hand_posted", "Nhóm Zalo xóm 4"),
        "xom5": channel("xom5", "hand_posted", "Nhóm Zalo xóm 5"),
        "loa": channel("village", "loudspeaker", "Loa xóm 4"),
    }


@pytest.fixture
def notice(place, people, groups):
    """The province's notice, handed to every village."""
    found = make_notice(unit=place["nghe_an"], by=people["thao"], must_acknowledge=False)
    said = outbox.keep_content(
        title=found.title,
        text=found.short_text,
        link=f"https://caunoi.example/thong-bao/{found.number}/",
        at=MONDAY,
    )
    outbox.queue_publications(
        content=said,
        channels=groups.values(),
        key_prefix=f"notice:{found.pk}:1",
        reference=f"notice:{found.pk}",
        at=MONDAY,
    )
    return found


def board(who, notice, unit, **more):
    address = f"/quan-tri/thong-bao/{notice.number}/ket-qua/"
    return client_for(who).get(address, {"don-vi": unit.slug, **more})


def numbers(answer):
    """The sheet of a board by its first column."""
    head, *rows = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def test_a_village_cadre_posts_by_hand_and_the_board_says_that_she_says_so(people, notice, place):
    phone = client_for(people["duc"])

    page = phone.get("/quan-tri/dang-ho/").content.decode()
    send = OutboundMessage.objects.get(channel__name="Nhóm Zalo xóm 4")
    answer = phone.post(f"/quan-tri/dang-ho/{send.pk}/da-dang/", follow=True)

    link = ShortLink.objects.get(channel=send.channel)
    assert notice.short_text in page
    assert f"/l/{link.code}" in page
    assert f'action="/quan-tri/dang-ho/{send.pk}/da-dang/"' in page
    assert "Nhóm Zalo xóm 5" not in page
    assert "Phan Văn Đức báo, " in answer.content.decode()
    send.refresh_from_db()
    assert (send.state, send.declared_by_id) == ("confirmed", people["duc"].account_id)
    seen = board(people["ha"], notice, place["village"]).content.decode()
    assert "báo đã đăng" in seen
    assert "Phan Văn Đức báo" in seen
    again = phone.post(f"/quan-tri/dang-ho/{send.pk}/da-dang/", follow=True)
    assert "đã có người báo rồi" in again.content.decode()
    assert AuditEntry.objects.filter(event="outbox.send.declared").count() == 1


def test_the_village_cadre_gets_the_picture_as_her_group_takes_it(people, groups, place, now):
    made_by = {"by": people["ha"], "at": now["at"]}
    draft = factories.write(unit=place["bich_hao"], **made_by)
    actions_files.add_picture(notice=draft, content=photo(), alt="Trâu bò trong chuồng", **made_by)
    binh = make_staff(name="Trần Bình", unit_id=place["bich_hao"].pk, role=Role.APPROVER)
    notices.hand_in(notice=draft, **made_by)
    notices.approve_notice(notice=draft, seen_version=draft.version, by=binh, at=now["at"])
    publishing.publish_due(at=now["at"])

    phone = client_for(people["duc"])
    page = phone.get("/quan-tri/dang-ho/").content.decode()

    address = re.search(r'<img class="thumb" src="([^"]+)" alt="Trâu bò trong chuồng"', page)[1]
    answer = phone.get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).format == "JPEG"


def test_she_says_why_it_cannot_be_posted_and_the_commune_reads_it(people, notice, place):
    send = OutboundMessage.objects.get(channel__name="Nhóm Zalo xóm 4")
    phone = client_for(people["duc"])

    blank = phone.post(f"/quan-tri/dang-ho/{send.pk}/khong-dang/", {})
    phone.post(
        f"/quan-tri/dang-ho/{send.pk}/khong-dang/",
        {"why": "not_admin", "note": "trưởng nhóm đi vắng"},
    )

    assert blank.status_code == 422
    seen = board(people["ha"], notice, place["village"]).content.decode()
    assert "Tôi không được đăng trong nhóm này (trưởng nhóm đi vắng)" in seen


def test_the_loudspeaker_is_said_with_its_hour_and_becomes_a_reading(people, notice, place):
    send = OutboundMessage.objects.get(channel__name="Loa xóm 4")
    phone = client_for(people["duc"])

    page = phone.get(f"/quan-tri/dang-ho/{send.pk}/").content.decode()
    tomorrow = phone.post(f"/quan-tri/dang-ho/{send.pk}/da-dang/", {"aired_at": "2026-11-24T17:00"})
    phone.post(f"/quan-tri/dang-ho/{send.pk}/da-dang/", {"aired_at": "2026-11-23T09:30"})

    assert "giây" in page
    assert "/l/" not in page
    assert tomorrow.status_code == 302
    reading = Reading.objects.get()
    assert (reading.kind, reading.at.isoformat()) == ("aired", "2026-11-23T02:30:00+00:00")
    assert "Phát trên loa" in board(people["ha"], notice, place["village"]).content.decode()


def test_what_hangs_on_the_board_or_was_read_at_a_meeting_counts_too(people, notice, place):
    phone = client_for(people["lan"])
    unit = place["xom5"].pk

    phone.post(
        f"/quan-tri/dang-ho/ghi/{notice.number}/",
        {"unit": unit, "kind": "read_aloud", "read_at": "2026-11-23T09:00", "households": 43},
    )

    found = numbers(board(people["ha"], notice, place["bich_hao"], xlsx=1))
    assert found["Xóm 5"]["Đã đăng hoặc đã đọc"] == 1
    foreign = {"unit": place["village"].pk, "kind": "board", "read_at": "2026-11-23T09:00"}
    assert phone.post(f"/quan-tri/dang-ho/ghi/{notice.number}/", foreign).status_code == 422
    assert Reading.objects.count() == 1


def test_after_48_hours_the_commune_sees_who_is_silent_and_reminds_in_one_tap(
    people, notice, place, now, mailoutbox
):
    silent = f"/quan-tri/thong-bao/{notice.number}/ket-qua/im-lang/"
    ha = client_for(people["ha"])
    send = OutboundMessage.objects.get(channel__name="Nhóm Zalo xóm 4")
    actions.declare_posted(send=send, by=people["duc"], at=MONDAY)
    early = ha.get(silent).content.decode()

    now["at"] = MONDAY + timedelta(hours=49)
    late = ha.get(silent).content.decode()
    ha.post(f"/quan-tri/thong-bao/{notice.number}/ket-qua/nhac/", {"back": "silent"})
    again = ha.post(f"/quan-tri/thong-bao/{notice.number}/ket-qua/nhac/", follow=True)
    mailing.mail_reminders(at=now["at"])
    mailing.mail_reminders(at=now["at"])

    assert "Chưa tới lúc tính" in early
    assert "Xóm 5" in late
    assert "Xóm 4" not in late
    assert "Xã Tri Lễ" not in late
    reminded = set(Reminder.objects.values_list("unit_id", flat=True))
    assert reminded == {place["xom5"].pk, place["bich_hao"].pk}
    assert "đã được nhắc hôm nay" in again.content.decode()
    letters = {m.to[0].split("-0")[0].split("@")[0].rsplit("-", 1)[0]: m.body for m in mailoutbox}
    assert "vi-thi-lan" in letters
    assert "phan-van-duc" not in letters
    assert "Lê Thị Hà nhờ anh/chị báo tin này tới bà con Xóm 5" in letters["vi-thi-lan"]
    assert (
        "Cấp trên đã nhắc" in client_for(people["lan"]).get("/quan-tri/dang-ho/").content.decode()
    )


def test_the_provinces_numbers_are_the_sum_of_what_its_communes_see(people, notice, place, now):
    now["at"] = MONDAY + timedelta(hours=49)
    send = OutboundMessage.objects.get(channel__name="Nhóm Zalo xóm 4")
    actions.declare_posted(send=send, by=people["duc"], at=MONDAY)

    province = numbers(board(people["thao"], notice, place["nghe_an"], xlsx=1))
    commune = numbers(board(people["ha"], notice, place["bich_hao"], xlsx=1))

    total = province.pop("Cộng")
    shown = board(people["thao"], notice, place["nghe_an"]).content.decode()
    formula = "1 đơn vị đã báo × (1 trang in 300 đ + phong bì 500 đ + tem 4.000 đ) = 4.800 đ"
    assert formula in shown
    for column in (c for c in total if c != "Đơn vị"):
        assert total[column] == sum(row.get(column) or 0 for row in province.values()), column
    own = commune["Cộng"]
    assert {k: province["Xã Bích Hào"][k] for k in own if k != "Đơn vị"} == {
        k: v for k, v in own.items() if k != "Đơn vị"
    }
    assert (total["Tổng số đơn vị"], total["Đã đăng hoặc đã đọc"], total["Im lặng"]) == (5, 1, 4)
    assert board(people["tri"], notice, place["bich_hao"]).status_code == 404
    assert board(people["ha"], notice, place["nghe_an"]).status_code == 404


def test_a_silent_village_is_sent_the_notice_through_another_channel(people, notice, place, groups):
    more = channels.register_channel(
        unit_id=place["xom5"].pk,
        connector_key="loudspeaker",
        external_id="loa-5",
        name="Loa xóm 5",
        by=None,
        at=MONDAY,
    )
    address = f"/quan-tri/thong-bao/{notice.number}/ket-qua/gui-kenh-khac/"
    chosen = {"don-vi": place["xom5"].slug, "channel": more.pk}

    client_for(people["duc"]).post(address, chosen)
    none_yet = OutboundMessage.objects.filter(channel=more).count()
    client_for(people["ha"]).post(address, chosen)
    client_for(people["ha"]).post(address, chosen)

    assert none_yet == 0
    assert OutboundMessage.objects.get(channel=more).state == "handed"
    assert AuditEntry.objects.filter(event="receipts.notice.resent").count() == 1


def test_an_uncertain_send_is_decided_on_the_board_by_whoever_looked(
    people, notice, place, loopback_page
):
    send = loopback_page
    address = f"/quan-tri/thong-bao/{notice.number}/ket-qua/quyet/{send.pk}/"
    seen = board(people["ha"], notice, place["bich_hao"]).content.decode()
    foreign = client_for(people["tri"]).post(
        address, {"don-vi": place["bich_hao"].slug, "arrived": "yes"}
    )

    said = [
        client_for(people["ha"])
        .post(address, {"don-vi": place["bich_hao"].slug, "arrived": word}, follow=True)
        .content.decode()
        for word in ("no", "yes")
    ]

    assert f'action="{address}"' in seen
    assert foreign.status_code == 404
    send.refresh_from_db()
    assert (send.state, send.key) == ("queued", "uncertain-one")
    assert "Tin này không còn ở tình trạng chưa rõ." in said[1]
    assert address not in said[1]
    assert AuditEntry.objects.filter(event="outbox.send.decided").count() == 1


@pytest.fixture
def loopback_page(place, notice, people):
    """A post of the commune of which nobody knows whether it arrived."""
    page = make_channel(unit=place["bich_hao"], kind="loopback", name="Trang xã Bích Hào")
    return make_send(notice=notice, channel=page, state="uncertain", key="uncertain-one")


def test_officers_say_that_they_read_an_internal_notice_and_only_those_above_see_names(
    people, place, now
):
    notice = make_notice(
        unit=place["nghe_an"],
        by=people["thao"],
        audience="internal",
        must_acknowledge=True,
        title="Triệu tập họp trực tuyến",
    )
    ha, thao, duc = (client_for(people[w]) for w in ("ha", "thao", "duc"))

    waiting = ha.get("/noi-bo/").content.decode()
    ha.get(f"/noi-bo/{notice.number}/")
    opened = Acknowledgement.objects.get()
    ha.post(f"/noi-bo/{notice.number}/da-doc/")
    duc.post(f"/noi-bo/{notice.number}/da-doc/")

    assert "Chờ anh/chị xác nhận" in waiting
    assert (opened.unit_id, opened.acknowledged_at) == (place["bich_hao"].pk, None)
    names = f"/quan-tri/thong-bao/{notice.number}/ket-qua/ai-da-doc/"
    above, same, below = (c.get(names).content.decode() for c in (thao, ha, duc))
    assert "Lê Thị Hà" in above
    assert "Phan Văn Đức" in above
    assert "Phan Văn Đức" in same
    assert ">Lê Thị Hà</th>" not in same
    assert ">Phan Văn Đức</th>" not in below
    assert "Tên chỉ cấp trên mới xem được" in below
    found = numbers(board(people["thao"], notice, place["nghe_an"], xlsx=1))
    assert (found["Xã Bích Hào"]["Đã xác nhận"], found["Cộng"]["Đã xác nhận"]) == (2, 2)


def test_an_internal_notice_shows_its_pictures_and_files_to_whom_it_is_for_only(people, place, now):
    notice = make_notice(
        unit=place["nghe_an"], to=place["bich_hao"], by=people["thao"], audience="internal"
    )
    picture = NoticePicture.objects.create(
        notice=notice,
        order=1,
        alt="Sơ đồ phòng họp",
        media_type="image/webp",
        width=8,
        height=8,
        size_bytes=1,
        sha256=b"p" * 32,
        body=b"RIFF",
        preview=b"RIFF",
    )
    paper = NoticeAttachment.objects.create(
        notice=notice, name="Giấy mời.pdf", size_bytes=5, sha256=b"f" * 32, body=b"%PDF-"
    )
    shown = f"/quan-tri/thong-bao/{notice.pk}/anh/{picture.pk}/"
    file = f"/noi-bo/{notice.number}/tep/{paper.pk}/"
    ha, tri = client_for(people["ha"]), client_for(people["tri"])

    notice.details = {"instruction": "Mang theo sổ hộ nghèo."}
    notice.save()
    page = ha.get(f"/noi-bo/{notice.number}/").content.decode()

    assert "Việc cần làm: Mang theo sổ hộ nghèo." in page
    assert f'src="{shown}" alt="Sơ đồ phòng họp"' in page
    assert f'href="{file}"' in page
    assert [ha.get(a).status_code for a in (shown, file)] == [200, 200]
    assert [tri.get(a).status_code for a in (shown, file)] == [404, 404]
    assert Client().get(file).status_code == 302
    notice.state = "recalled"
    notice.recall_reason = "Nhầm"
    notice.save()
    assert ha.get(file).status_code == 404


def test_who_is_not_asked_finds_no_internal_notice(people, place, now):
    notice = make_notice(
        unit=place["nghe_an"], to=place["bich_hao"], by=people["thao"], audience="internal"
    )

    assert client_for(people["tri"]).get(f"/noi-bo/{notice.number}/").status_code == 404
    assert notice.title not in client_for(people["tri"]).get("/noi-bo/").content.decode()
    assert client_for(people["ha"]).get(f"/noi-bo/{notice.number}/").status_code == 200


def test_a_link_leads_to_the_notice_and_counts_without_knowing_anybody(people, notice, groups):
    client_for(people["duc"]).get("/quan-tri/dang-ho/")
    link = ShortLink.objects.get(channel=groups["xom4"])
    resident = Client(headers=PHONE)

    first = resident.get(f"/l/{link.code}")
    resident.get(f"/l/{link.code}")
    Client(headers={"User-Agent": "facebookexternalhit/1.1"}).get(f"/l/{link.code}")
    resident.head(f"/l/{link.code}")

    assert first.status_code == 302
    assert first["Location"] == f"/thong-bao/{notice.number}/"
    assert not first.cookies
    link.refresh_from_db()
    assert link.opened_total == 2
    kept = {f.name for f in ShortLink._meta.get_fields()}
    assert kept == {"code", "notice", "channel", "connector_key", "opened_total"}
    assert Client().get("/l/khongco").status_code == 404


def test_a_notice_that_is_not_out_has_no_board(people, place, now):
    draft = make_notice(unit=place["nghe_an"], by=people["thao"], state="draft", published_at=None)

    assert board(people["thao"], draft, place["nghe_an"]).status_code == 404
    assert AudienceLine.objects.filter(notice=draft).exists()
