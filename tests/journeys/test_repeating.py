"""Signals of every day, a reminder of every week: sent again by themselves, each with its own proof, stopped in one tap."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from caunoi.journeys import publishing, taking_back
from caunoi.kit import clock
from caunoi.notices import actions as notices
from caunoi.notices import actions_repeating, repetitions
from caunoi.notices import queries as reading
from caunoi.notices.models import Notice
from caunoi.notices.rhythm import Every, Rhythm
from caunoi.notices.tests.factories import WORDS, approved, write
from caunoi.notices.views import repeated
from caunoi.outbox import delivery, queries
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as units

pytestmark = pytest.mark.django_db
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
GONGS = Rhythm(Every.DAY, (time(5), time(19), time(22)), date(2026, 11, 23), date(2026, 11, 30))


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=VIETNAM)


@pytest.fixture
def ha(place):
    return make_staff(name="Lê Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)


@pytest.fixture
def gong(place, ha, binh, loopback):
    """Write and approve the gongs on Monday at nine in the morning."""
    now = at("2026-11-23T09:00")
    draft = write(by=ha, unit=place["bich_hao"], at=now)
    actions_repeating.set_rhythm(notice=draft, rhythm=GONGS, by=ha, at=now)
    handed = notices.hand_in(notice=draft, by=ha, at=now)
    return notices.approve_notice(notice=handed, seen_version=1, by=binh, at=now)


def let_run(now):
    """What the worker does at that moment."""
    publishing.publish_due(at=now)
    while delivery.deliver_once(worker="w", now=lambda: now, held=publishing.HELD):
        pass
    publishing.finish(at=now)


def gone_out():
    found = Notice.objects.exclude(published_at=None).order_by("occurs_at")
    return [f"{m.astimezone(VIETNAM):%d %H}" for m in found.values_list("occurs_at", flat=True)]


def test_three_gongs_a_day_ring_by_themselves_each_with_its_own_proof_until_somebody_says_stop(
    gong, ha, loopback, place, monkeypatch
):
    assert (gong.state, gong.publish_at) == ("scheduled", at("2026-11-23T19:00"))
    for hour in ("23T18", "23T19", "23T22", "24T05", "24T12", "24T19", "24T22", "25T05"):
        let_run(at(f"2026-11-{hour}:00"))
        let_run(at(f"2026-11-{hour}:01"))

    assert gone_out() == ["23 19", "23 22", "24 05", "24 19", "24 22", "25 05"]
    assert len(loopback.world.sent) == 6
    rings = list(Notice.objects.order_by("occurs_at"))
    for one in rings:
        assert queries.states_of(reference=f"notice:{one.pk}") == {"confirmed": 1, "sent": 1}
    assert [n.state for n in rings] == ["expired"] * 5 + ["done"]
    assert len({n.number for n in rings}) == 6
    old, newest = rings[0], rings[-1]
    assert reading.instead_of(notice=old, at=at("2026-11-25T05:30")) == newest
    held = reading.public_notices(unit=place["bich_hao"].pk, at=at("2026-11-25T05:30"))
    assert list(held) == [newest]
    monkeypatch.setattr(clock, "now", lambda: at("2026-11-25T05:30"))
    desk = client_for(ha)
    listed = desk.get("/quan-tri/thong-bao/?xem=lap").content.decode()
    assert listed.count('class="notice-row"') == 1
    page = desk.get(f"/quan-tri/thong-bao/{newest.pk}/").content.decode()
    assert "Mỗi ngày lúc 5:00, 19:00 và 22:00, đến hết 30/11/2026." in page
    assert "Dừng ngay" in page

    said = desk.post(f"/quan-tri/thong-bao/{newest.pk}/lam/", {"do": "stop"}, follow=True)

    assert "Đã dừng, từ nay không gửi nữa" in said.content.decode()
    assert "Dừng ngay" not in said.content.decode()
    let_run(at("2026-11-25T19:00"))
    assert len(gone_out()) == 6


def test_a_worker_that_slept_lets_one_leave_and_none_afterwards_and_says_what_was_left_out(
    gong, ha, loopback
):
    let_run(at("2026-11-23T19:00"))

    let_run(at("2026-11-25T22:20"))
    let_run(at("2026-11-25T22:21"))
    assert gone_out() == ["23 19", "25 22"]
    let_run(at("2026-11-26T09:00"))
    assert gone_out() == ["23 19", "25 22"]
    let_run(at("2026-11-26T19:00"))

    assert gone_out() == ["23 19", "25 22", "26 19"]
    first = Notice.objects.get(repeats=None)
    missed = repeated.shown(first, at=at("2026-11-26T19:30"))["left_out"]
    assert [f"{m:%d %H}" for m in missed] == [
        "26 05",
        "25 19",
        "25 05",
        "24 22",
        "24 19",
        "24 05",
        "23 22",
    ]


def test_a_clock_put_back_or_wrongly_forward_sends_nothing_twice_and_loses_nothing_to_come(
    gong, loopback
):
    let_run(at("2026-11-23T19:00"))
    let_run(at("2026-11-23T22:00"))
    for wrong in ("2026-11-23T18:59", "2026-11-23T19:00", "2026-11-23T22:00", "2026-11-29T12:00"):
        let_run(at(wrong))
    let_run(at("2026-11-23T22:01"))
    assert gone_out() == ["23 19", "23 22"]

    let_run(at("2026-11-24T05:00"))
    again = Notice.objects.exclude(repeats=None).latest("occurs_at")

    assert gone_out() == ["23 19", "23 22", "24 05"]
    assert len(loopback.world.sent) == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        again.pk, again.number, again.form_key = None, "zzzzzz", None
        again._state.adding = True
        again.save(force_insert=True)


def test_a_first_one_that_could_not_leave_in_time_waits_for_its_next_moment(gong, loopback):
    let_run(at("2026-11-24T09:00"))

    gong.refresh_from_db()
    assert (gong.state, gong.publish_at, gone_out()) == ("scheduled", at("2026-11-24T19:00"), [])
    let_run(at("2026-12-24T09:00"))
    gong.refresh_from_db()
    assert (gong.state, loopback.world.sent) == ("cancelled", [])
    assert gong.end_reason == actions_repeating.TOO_LATE


def test_wrong_words_taken_back_once_go_out_no_more(gong, binh, loopback):
    let_run(at("2026-11-23T19:00"))
    let_run(at("2026-11-23T22:00"))
    second = Notice.objects.get(repeats=gong)

    taking_back.recall_notice(notice=second, reason="Sai giờ", by=binh, at=at("2026-11-23T22:30"))
    let_run(at("2026-11-24T05:00"))

    assert gone_out() == ["23 19", "23 22"]
    assert repetitions.of(gong).stopped_at is not None


def test_the_series_of_a_unit_that_is_merged_goes_on_in_its_successors_name(gong, place, loopback):
    let_run(at("2026-11-23T19:00"))
    new = units.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk],
        full_name="Xã Bích Hào Mới",
        code="99001",
        on=date(2026, 11, 25),
        legal_reference="Nghị quyết thử",
        by=None,
        at=at("2026-11-23T20:00"),
    )

    let_run(at("2026-11-25T05:00"))

    assert Notice.objects.get(repeats=gong).unit_id == new.pk


def test_the_rhythm_is_chosen_in_the_composer_said_in_words_and_refused_where_it_is_nonsense(
    place, ha, binh
):
    desk = client_for(ha)
    last = clock.local_date(clock.now()) + timedelta(days=9)
    words = {
        "unit": str(place["bich_hao"].pk),
        "kind": "notice",
        "title": WORDS.title,
        "short_text": "Kẻng ba tiếng.",
        "reach": "subtree",
        "audience": "public",
        "r_every": "week",
        "r_weekdays": ["0", "3"],
        "r_times": "7h và 17:30",
        "r_until": last.isoformat(),
    }
    new = "/quan-tri/thong-bao/moi/"

    look = desk.post(new, words | {"do": "preview"}).content.decode()
    assert f"Thứ Hai và Thứ Năm hằng tuần lúc 7:00 và 17:30, đến hết {last:%d/%m/%Y}." in look
    for wrong in (
        {"r_times": "sáng"},
        {"r_weekdays": []},
        {"r_until": "2031-01-01"},
        {"r_until": ""},
    ):
        assert desk.post(new, words | wrong | {"do": "save"}).status_code == 422
    assert not Notice.objects.exists()
    desk.post(new, words | {"do": "hand_in"})

    kept = repetitions.of(Notice.objects.get())
    assert (kept.every, kept.days, [t.hour for t in kept.times]) == ("week", [0, 3], [7, 17])
    page = client_for(binh).get(f"/quan-tri/thong-bao/{kept.notice_id}/").content.decode()
    assert "Thứ Hai và Thứ Năm hằng tuần lúc 7:00 và 17:30" in page


def test_a_notice_that_goes_out_once_has_no_rhythm(place, ha, binh, loopback):
    notice = approved(by=ha, approver=binh, unit=place["bich_hao"])

    assert repetitions.of(notice) is None
    assert actions_repeating.repeat_due(at=clock.now()) == 0
