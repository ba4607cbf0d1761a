"""A flood warning is told in Mông: recorded by one, heard by another, on the page with sound; the loudspeaker plays and somebody says so."""

import io
import re
import struct
import wave
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from caunoi.channels import actions as channels
from caunoi.files.tests import samples
from caunoi.journeys import publishing
from caunoi.kit import clock
from caunoi.notices import actions, actions_spoken, actions_variants, queries_variants, tasks
from caunoi.notices.models import SpokenScript, Variant
from caunoi.notices.terms import Fields, NoticeKind
from caunoi.notices.tests.factories import write
from caunoi.receipts.models import Reading
from caunoi.speech import making
from caunoi.speech.terms import CannotSpeak, Sound, Voice
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
FLOOD = Fields(
    kind=NoticeKind.WARNING,
    title="Lũ quét đêm nay ở suối Nậm Tôn",
    short_text="Từ 20h ngày 23/11/2026 bà con không qua suối, đưa trâu bò lên cao.",
    details={"sender": "Đài Khí tượng Thủy văn Bắc Trung Bộ"},
)
HEADING = "Bản tiếng Mông cũ hơn bản tiếng Việt"


@pytest.fixture
def now(monkeypatch):
    moment = {"at": MONDAY}
    monkeypatch.setattr(clock, "now", lambda: moment["at"])
    return moment


@pytest.fixture
def people(place, now):
    def person(name, unit, role):
        return make_staff(name=name, unit_id=place[unit].pk, role=role)

    return {
        "ha": person("Lê Thị Hà", "bich_hao", Role.EDITOR),
        "binh": person("Trần Văn Bình", "bich_hao", Role.APPROVER),
        "mai": person("Giàng Thị Mái", "village", Role.CONTRIBUTOR),
        "sinh": person("Giàng A Sinh", "village", Role.CONTRIBUTOR),
        "tri": person("Lương Văn Trí", "tri_le", Role.EDITOR),
    }


@pytest.fixture
def phone(people):
    return {name: client_for(who) for name, who in people.items()}


@pytest.fixture
def readers(place, people, phone):
    """The commune's editor names two people of the village who speak Mông."""
    for name in ("mai", "sinh"):
        phone["ha"].post(
            "/quan-tri/thong-bao/nguoi-doc/them/",
            {
                "unit": str(place["bich_hao"].pk),
                "person": str(people[name].account_id),
                "language": "hmn",
            },
        )


@pytest.fixture
def flood(place, people):
    return actions.hand_in(
        notice=write(by=people["ha"], unit=place["bich_hao"], fields=FLOOD),
        by=people["ha"],
        at=MONDAY,
    )


def page_of(notice, language="hmn", form="audio"):
    return f"/quan-tri/thong-bao/{notice.pk}/tieng/{language}/{form}/"


def sound(content=None, name="ghi-am"):
    content = content or samples.recorded(seconds=20)
    return SimpleUploadedFile(name, content, content_type="audio/webm")


def say(client, notice, *, file=None, seen=0, do="hand_in", **more):
    return client.post(page_of(notice), {"do": do, "seen": seen, "file": file or sound()} | more)


def right(client, notice, *, language="hmn", form="audio"):
    notice.refresh_from_db()
    variant = queries_variants.variant_of(notice=notice, language=language, form=form)
    posted = {"do": "right", "seen": variant.version, "source": notice.version}
    return client.post(page_of(notice, language, form), posted)


def test_a_flood_warning_is_recorded_by_one_heard_by_another_and_played_on_the_loudspeaker(
    place, people, phone, readers, flood, now
):
    loa = channels.register_channel(
        unit_id=place["village"].pk,
        connector_key="loudspeaker",
        external_id="loa",
        name="Loa xóm 4",
        by=None,
        at=MONDAY,
    )

    # Mái finds it on her phone and says it in Mông; she cannot be her own second person
    waits = phone["mai"].get("/quan-tri/thong-bao/can-doc/").content.decode()
    assert page_of(flood) in waits
    village = phone["mai"].get(f"/quan-tri/thong-bao/{flood.pk}/tieng/").content.decode()
    assert f'href="/quan-tri/thong-bao/{flood.pk}/"' not in village
    assert phone["mai"].get(f"/quan-tri/thong-bao/{flood.pk}/").status_code == 404
    say(phone["mai"], flood, text="Hmo no muaj dej nyab")
    variant = Variant.objects.get()
    assert (variant.state, round(variant.seconds)) == ("to_read", 20)
    refused = right(phone["mai"], flood)
    assert refused.status_code == 422
    assert "người khác sẽ đọc hoặc nghe lại" in refused.content.decode()

    # Sinh hears it; nobody who was not named may say that it is right
    assert "Chỉ người được ghi là biết tiếng này" in right(phone["ha"], flood).content.decode()
    assert right(phone["tri"], flood).status_code == 404
    assert page_of(flood) in phone["sinh"].get("/quan-tri/thong-bao/can-doc/").content.decode()
    heard = phone["sinh"].get(f"{page_of(flood)}tep/", headers={"Range": "bytes=0-9"})
    assert (heard.status_code, heard["Content-Type"]) == (206, "audio/webm")
    assert right(phone["sinh"], flood).status_code == 302

    # the reading for the loudspeaker: made by the worker, heard before it is offered
    reading = f"/quan-tri/thong-bao/{flood.pk}/ban-doc/"
    phone["ha"].post(reading, {"do": "make", "voice": ""})
    spoken = SpokenScript.objects.get()
    assert "hai mươi giờ ngày hai mươi ba tháng mười một" in spoken.script
    part = phone["ha"].get(reading, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in part
    tasks.make_reading(str(flood.pk), spoken.asked_at.isoformat())
    assert phone["ha"].get(f"{reading}nghe/")["Content-Type"] == "audio/mpeg"
    phone["ha"].post(reading, {"do": "heard", "asked_at": spoken.asked_at.isoformat()})

    # approved and out: the page speaks
    phone["binh"].post(
        f"/quan-tri/thong-bao/{flood.pk}/duyet/", {"verdict": "approve", "seen": "1"}
    )
    publishing.publish_due(at=now["at"])
    public = Client().get(f"/thong-bao/{flood.number}/").content.decode()
    assert (
        f'hreflang="hmn" href="http://127.0.0.1:8000/thong-bao/{flood.number}/tieng/hmn/"' in public
    )
    assert public.count('<audio controls preload="none"') == 2
    told = Client().get(f"/thong-bao/{flood.number}/tieng/hmn/").content.decode()
    assert '<p class="keep-lines" lang="hmn">Hmo no muaj dej nyab</p>' in told
    address = re.search(r'src="(/thong-bao/[^"]+/nghe/[^"]+)"', told)[1]
    assert Client().get(address)["Content-Type"] == "audio/webm"
    assert (
        "nghe bằng tiếng Mông" in Client().get("/don-vi/xa-bich-hao/bang-tin/hmn/").content.decode()
    )

    sheet = Client().get(f"/thong-bao/{flood.number}/tieng/hmn/to-a4.pdf")
    assert sheet.content.startswith(b"%PDF")
    # a language it is not told in, as an old code may ask for, leads to the notice itself
    khmer = Client().get(f"/thong-bao/{flood.number}/tieng/km/")
    assert khmer["Location"] == f"/thong-bao/{flood.number}/"
    assert Client().get(f"/thong-bao/{flood.number}/tieng/xx/").status_code == 404

    # the keeper of the loudspeaker takes the package, plays it, and says so
    item = phone["sinh"].get("/quan-tri/dang-ho/").content.decode()
    package = re.search(r'href="(/thong-bao/[^"]+goi-loa\.zip)"', item)[1]
    files = zipfile.ZipFile(io.BytesIO(Client().get(package).content))
    assert set(files.namelist()) == {
        "ban-doc.txt",
        "ban-doc.mp3",
        "ban-doc.wav",
        "ghi-am-tieng-mong.webm",
    }
    assert "hai mươi giờ" in files.read("ban-doc.txt").decode("utf-8-sig")
    with wave.open(io.BytesIO(files.read("ban-doc.wav"))) as file:
        assert file.getnframes() / file.getframerate() > 5
    send = re.search(r'action="(/quan-tri/dang-ho/[^"]+/da-dang/)"', item)[1]
    phone["sinh"].post(send, {"aired_at": "2026-11-23T09:00"})
    aired = Reading.objects.get()
    assert (aired.kind, aired.unit_id, aired.by_id) == (
        "aired",
        loa.unit_id,
        people["sinh"].account_id,
    )


def test_a_changed_warning_makes_what_was_told_old_until_it_is_said_to_hold(
    place, people, phone, readers, flood
):
    say(phone["mai"], flood)
    right(phone["sinh"], flood)
    draft = actions.withdraw(notice=flood, by=people["ha"], at=MONDAY)
    other = Fields(
        kind=FLOOD.kind, title=FLOOD.title, short_text="Lũ đã rút.", details=FLOOD.details
    )
    changed = actions.save_draft(
        notice=draft, fields=other, seen_version=1, by=people["ha"], at=MONDAY
    )

    assert HEADING in phone["ha"].get(f"/quan-tri/thong-bao/{flood.pk}/").content.decode()
    assert queries_variants.published_of(notice=changed) == []
    assert right(phone["mai"], changed).status_code == 422
    right(phone["sinh"], changed)
    assert [v.language for v in queries_variants.published_of(notice=changed)] == ["hmn"]

    # another text for Facebook alone is no other news
    facebook = Fields(
        kind=other.kind,
        title=other.title,
        short_text=other.short_text,
        details=other.details,
        wordings={"facebook": "Lũ đã rút rồi."},
    )
    again = actions.save_draft(
        notice=changed, fields=facebook, seen_version=2, by=people["ha"], at=MONDAY
    )
    assert again.version == 3
    assert len(queries_variants.published_of(notice=again)) == 1

    # somebody finds a mistake in what is shown
    page = phone["sinh"].post(page_of(flood), {"do": "reject", "reason": "Nói nhầm tên suối"})
    assert page.status_code == 302
    assert queries_variants.published_of(notice=again) == []
    assert "Nói nhầm tên suối" in phone["mai"].get(page_of(flood)).content.decode()


def bomb():
    """A PNG of 20,000 by 20,000 points in a few hundred bytes."""

    def part(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(bytes(100)))
        + part(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("form", "content", "says"),
    [
        ("audio", samples.recorded(seconds=70), "tối đa 60 giây"),
        ("audio", samples.wav(seconds=70), "tối đa 60 giây"),
        ("audio", b"MZ\x90 khong phai am thanh", "không phải bản ghi âm"),
        ("picture", bomb(), "quá lớn"),
        ("picture", b"%PDF-1.7", "không phải ảnh mở được"),
        ("audio", b"", "Mời ghi âm hoặc chọn tệp"),
        ("text", b"", "Mời viết tiêu đề và lời"),
    ],
)
def test_what_cannot_be_taken_says_why_and_keeps_the_words(
    phone, readers, flood, form, content, says
):
    posted = {"do": "hand_in", "seen": 0, "text": "Hmo no muaj dej nyab" if form != "text" else ""}
    if content:
        posted["file"] = SimpleUploadedFile("tep", content)

    answer = phone["mai"].post(page_of(flood, form=form), posted)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert form == "text" or "Hmo no muaj dej nyab" in page
    assert not Variant.objects.exists()


def test_two_who_write_one_variant_lose_nothing(phone, readers, flood):
    words = {"do": "save", "title": "Dej nyab", "text": "Lời của Mái"}
    phone["mai"].post(page_of(flood, form="text"), words | {"seen": 0})

    both = phone["sinh"].post(
        page_of(flood, form="text"), words | {"seen": 0, "text": "Lời của Sinh"}
    )

    page = both.content.decode()
    assert both.status_code == 409
    assert "Lời của Mái" in page
    assert "Lời của Sinh" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    phone["sinh"].post(page_of(flood, form="text"), words | {"seen": seen, "text": "Lời của Sinh"})
    assert Variant.objects.get().text == "Lời của Sinh"
    # both wrote in it: neither is its second person
    phone["mai"].post(
        page_of(flood, form="text"),
        {"do": "hand_in", "seen": 2, **{k: words[k] for k in ("title",)}, "text": "Lời của Sinh"},
    )
    assert right(phone["mai"], flood, form="text").status_code == 422
    assert right(phone["sinh"], flood, form="text").status_code == 422


class Missing:
    """An engine whose library is not there."""

    voices = (Voice("vi", "Northern voice"),)

    def speak(self, text, voice):
        from caunoi.speech.espeak import NOT_INSTALLED

        raise CannotSpeak(NOT_INSTALLED)


class Slow(Missing):
    """An engine during which somebody asks anew."""

    def speak(self, text, voice):
        SpokenScript.objects.update(asked_at=MONDAY + timedelta(minutes=1))
        return Sound(samples=b"\x00\x10" * 800, rate_hz=8000)


def test_without_the_library_the_script_stays_and_the_page_says_what_to_do(phone, people, flood):
    reading = f"/quan-tri/thong-bao/{flood.pk}/ban-doc/"
    making.engine.cache_clear()
    try:
        with override_settings(SPEECH_ENGINE=f"{__name__}.Missing"):
            phone["ha"].post(reading, {"do": "make"})
            tasks.make_reading(str(flood.pk), MONDAY.isoformat())
            page = phone["ha"].get(f"/quan-tri/thong-bao/{flood.pk}/tieng/").content.decode()
        assert "espeakng-loader" in page
        assert "hai mươi giờ" in page
        package = phone["ha"].get(f"/quan-tri/thong-bao/{flood.pk}/goi-loa.zip")
        assert zipfile.ZipFile(io.BytesIO(package.content)).namelist() == ["ban-doc.txt"]

        # asked anew while it is made: the older one is dropped, never mixed up with the newer
        making.engine.cache_clear()
        with override_settings(SPEECH_ENGINE=f"{__name__}.Slow"):
            phone["ha"].post(reading, {"do": "make"})
            assert (
                actions_spoken.make_reading(notice_id=flood.pk, asked_at=MONDAY.isoformat()) is None
            )
        assert SpokenScript.objects.get().state == "waiting"
    finally:
        making.engine.cache_clear()


def test_a_list_of_readers_is_named_found_taken_out_and_a_sheet(place, phone, people, readers):
    page = phone["ha"].get("/quan-tri/thong-bao/nguoi-doc/?q=mong").content.decode()
    assert "Giàng A Sinh" in page
    assert (
        "Không có ai như vậy"
        in phone["ha"].get("/quan-tri/thong-bao/nguoi-doc/?q=xyz").content.decode()
    )
    stranger = {
        "unit": str(place["bich_hao"].pk),
        "person": str(people["tri"].account_id),
        "language": "hmn",
    }
    assert phone["ha"].post("/quan-tri/thong-bao/nguoi-doc/them/", stranger).status_code == 422
    out = re.search(r'action="(/quan-tri/thong-bao/nguoi-doc/[^"]+/bo/)"', page)[1]
    assert phone["tri"].post(out).status_code == 404
    phone["ha"].post(out)
    sheet = b"".join(phone["ha"].get("/quan-tri/thong-bao/nguoi-doc/?csv=1")).decode()
    assert sheet.count("Tiếng Mông") == 1


def test_two_persons_stand_in_the_table_itself(people, flood):
    told = actions_variants.Told(title="Dej nyab", text="x")
    variant = actions_variants.write_variant(
        notice=flood,
        language="hmn",
        form="text",
        told=told,
        seen_version=0,
        by=people["ha"],
        at=MONDAY,
    )
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.filter(pk=variant.pk).update(
            state="read", reader_id=variant.author_id, decided_at=MONDAY
        )
