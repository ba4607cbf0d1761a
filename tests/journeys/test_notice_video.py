"""A notice with a video: filmed on a phone, put into the draft, seen on the page, sent where videos go, and nowhere without one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caunoi.channels import actions as channels
from caunoi.channels import registry, token_keeper
from caunoi.channels.afterwards import Became, Outcome
from caunoi.connectors.youtube import errors as youtube_errors
from caunoi.connectors.youtube import uncertain
from caunoi.connectors.youtube.connector import YouTube
from caunoi.files import videos
from caunoi.files.tests.test_videos import mp4
from caunoi.journeys import publishing
from caunoi.kit import uploads
from caunoi.notices import actions as notices
from caunoi.notices.tests.factories import WORDS, approved, write
from caunoi.outbox import delivery, outcomes
from caunoi.outbox.models import OutboundMessage, VideoOutcome
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
FILM = mp4(body=bytes(range(256)) * 10_000)


@pytest.fixture
def ha(place):
    return make_staff(name="Lê Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)


@pytest.fixture
def youtube(place, loopback, monkeypatch):
    known = registry.all_connectors() | {"youtube": YouTube()}
    monkeypatch.setattr(registry, "_installed", lambda: known)
    return channels.register_channel(
        unit_id=place["bich_hao"].pk,
        connector_key="youtube",
        external_id="UCbichhao00000000000000x",
        name="Kênh YouTube xã",
        by=None,
        at=MONDAY,
    )


def film(body=FILM, name="tiem-phong.mp4"):
    return SimpleUploadedFile(name, body, content_type="video/mp4")


def test_a_phones_video_goes_with_the_notice_and_plays_on_its_page(
    place, ha, binh, loopback, youtube, monkeypatch
):
    long_words = replace(WORDS, long_text="Bà con đưa trâu bò đến nhà văn hoá. " * 50)
    draft = write(by=ha, unit=place["bich_hao"], fields=long_words)
    address, phone = f"/quan-tri/thong-bao/{draft.pk}/phim/", client_for(ha)

    none = phone.post(address, {})
    wrong = phone.post(address, {"video": film(b"GIF89a" + bytes(100))})
    long = phone.post(address, {"video": film(mp4(601, body=b""))})
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "HEAVIEST_BIG_FILE", 1000)
        heavy = phone.post(address, {"video": film()})
    assert [a.status_code for a in (none, wrong, long, heavy)] == [422] * 4
    for answer, told in (
        (none, "Hãy chọn một video trước."),
        (wrong, "chỉ gắn được video MP4"),
        (long, "dài hơn mười phút"),
        (heavy, "nặng hơn 100 MB"),
    ):
        assert told in answer.content.decode()

    page = phone.post(address, {"video": film()}, follow=True).content.decode()
    assert "Đã gắn video" in page
    assert "30 giây" in page
    draft.refresh_from_db()
    notice = notices.hand_in(notice=draft, by=ha, at=MONDAY)
    notice = notices.approve_notice(notice=notice, seen_version=notice.version, by=binh, at=MONDAY)
    assert phone.post(address, {"video": film()}).status_code == 422

    publishing.publish_due(at=MONDAY)
    queued = OutboundMessage.objects.get(channel=youtube)
    assert queued.content.video_ref["seconds"] == 30
    assert len(queued.shown_text) <= uncertain.MAX_TEXT
    while delivery.deliver_once(
        worker="w", now=lambda: MONDAY, kinds=["loopback"], held=publishing.HELD
    ):
        pass
    (sent,) = loopback.world.sent
    told = sent["publication"]["video"]
    assert (told["name"], told["size"], told["seconds"]) == ("tiem-phong.mp4", len(FILM), 30)

    public = f"/thong-bao/{notice.number}/"
    assert f'src="{public}phim/"' in Client().get(public).content.decode()
    first = Client().get(f"{public}phim/")
    last = Client().get(f"{public}phim/", headers={"Range": f"bytes={len(FILM) - 10}-"})
    assert first.status_code == last.status_code == 206
    assert first.content == FILM[: 2 * videos.PART_BYTES]
    assert len(last.content) == 10
    assert Client().get(f"{public}phim/", headers={"Range": "bytes=99999999-"}).status_code == 416


def test_the_commune_reads_that_its_video_is_private_or_lost_and_nothing_is_sent_again(
    place, ha, binh, loopback, youtube, monkeypatch
):
    draft = write(by=ha, unit=place["bich_hao"])
    client_for(ha).post(f"/quan-tri/thong-bao/{draft.pk}/phim/", {"video": film()})
    draft.refresh_from_db()
    notices.hand_in(notice=draft, by=ha, at=MONDAY)
    notices.approve_notice(notice=draft, seen_version=draft.version, by=binh, at=MONDAY)
    publishing.publish_due(at=MONDAY)
    send = OutboundMessage.objects.filter(channel=youtube)
    send.update(state="sent", external_id="film1", sent_at=MONDAY)
    told = []
    monkeypatch.setattr(token_keeper, "fresh_account", lambda **_: None)
    monkeypatch.setattr(YouTube, "outcome", lambda *_, **__: told.pop(0))
    private = Outcome(Became.HIDDEN, youtube_errors.PRIVATE.sentence)

    def asked(after):
        return outcomes.ask(at=MONDAY + after), send.get().state, send.get().trouble

    told += [Outcome(Became.WORKING), private, Outcome(Became.SEEN)]
    assert asked(timedelta(minutes=1)) == (1, "sent", "")
    assert asked(timedelta(minutes=2))[0] == 0
    assert asked(timedelta(minutes=6)) == (1, "sent", private.reason)
    board = f"/quan-tri/thong-bao/{draft.number}/ket-qua/"
    page = client_for(ha).get(board, {"don-vi": place["bich_hao"].slug}).content.decode()
    assert "YouTube Studio" in page
    assert asked(timedelta(hours=1))[0] == 0
    assert asked(timedelta(hours=4)) == (1, "confirmed", "")
    assert asked(timedelta(hours=9))[0] == 0

    VideoOutcome.objects.all().delete()
    told.append(Outcome(Became.FAILED, youtube_errors.LOST["copyright"].sentence))
    assert asked(timedelta(hours=10))[1:] == ("failed", youtube_errors.LOST["copyright"].sentence)
    assert asked(timedelta(hours=20))[0] == 0


def test_a_notice_without_a_video_goes_to_no_channel_of_videos(place, ha, binh, loopback, youtube):
    approved(by=ha, approver=binh, unit=place["bich_hao"])

    publishing.publish_due(at=MONDAY)

    assert not OutboundMessage.objects.filter(channel=youtube).exists()
    assert OutboundMessage.objects.filter(channel__connector_key="loopback").exists()
