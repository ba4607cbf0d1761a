"""One content for many channels: queued once, kept to quotas, cancelled, handed to people, taken away again."""

from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.channels import quotas, registry
from caunoi.channels.contract import PostKind
from caunoi.channels.models import Channel, QuotaUse
from caunoi.kit.models import AuditEntry
from caunoi.outbox import actions, actions_publishing, delivery, queries
from caunoi.outbox.models import Content, OutboundMessage
from caunoi.outbox.terms import KeyReused, NotNow
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WITHDRAWN = "The approval of this notice was withdrawn."


@pytest.fixture
def content():
    return words("Bà con đi tiêm phòng cho trâu bò sáng thứ Bảy.")


def words(text, pictures=()):
    return actions_publishing.keep_content(
        title="Tiêm phòng trâu bò",
        text=text,
        link="https://caunoi.example/thong-bao/TB-7/",
        pictures=pictures,
        at=MONDAY,
    )


@pytest.fixture
def publish(content):
    def queue(channels, *, content=content, prefix="notice:7:1", reference="notice:7", **more):
        return actions_publishing.queue_publications(
            content=content,
            channels=channels,
            key_prefix=prefix,
            reference=reference,
            at=MONDAY,
            **more,
        )

    return queue


@pytest.fixture
def by_hand(tree, loopback):
    return channels.register_channel(
        unit_id=tree["village"].pk,
        connector_key="hand_posted",
        external_id="nhom-xom-4",
        name="Nhóm Zalo xóm 4",
        by=None,
        at=MONDAY,
    )


@pytest.fixture
def duc(tree):
    return make_staff(name="Phan Văn Đức", unit_id=tree["village"].pk, role=Role.CONTRIBUTOR)


def test_one_content_goes_to_every_channel_once_however_often_it_is_queued(
    publish, make_channel, loopback, send, django_assert_max_num_queries
):
    pages = [make_channel(f"page-{n}") for n in range(30)]

    with django_assert_max_num_queries(12):
        first = publish(pages)
    again = publish(pages)
    send()

    assert (first, again, Content.objects.count()) == (30, 0, 1)
    assert sorted(s["account"] for s in loopback.world.sent) == sorted(c.external_id for c in pages)
    assert {s["publication"]["link"] for s in loopback.world.sent} == {
        "https://caunoi.example/thong-bao/TB-7/"
    }
    assert queries.states_of(reference="notice:7") == {"sent": 30}
    assert AuditEntry.objects.filter(event="outbox.publications.queued").count() == 1


def test_other_words_never_go_out_under_a_key_that_was_used(publish, channel):
    publish([channel])

    with pytest.raises(KeyReused):
        publish([channel], content=words("Chữ khác"))


def test_nothing_leaves_before_its_time(publish, channel, loopback, send):
    publish([channel], not_before=MONDAY + HOUR)

    send()
    early = len(loopback.world.sent)
    send(MONDAY + HOUR)

    assert (early, len(loopback.world.sent)) == (0, 1)


def test_what_has_not_left_is_cancelled_and_what_has_stays(
    publish, make_channel, by_hand, loopback, send
):
    gone, waiting = make_channel("gone"), make_channel("waiting")
    publish([gone])
    send()
    publish([waiting, by_hand])

    count = actions_publishing.cancel_queued(reference="notice:7", reason=WITHDRAWN, at=MONDAY)
    send(MONDAY + HOUR)

    assert count == 2
    assert len(loopback.world.sent) == 1
    assert queries.states_of(reference="notice:7") == {"sent": 1, "cancelled": 2}


def test_a_publication_by_hand_waits_at_a_person_and_counts_when_she_says_so(
    publish, by_hand, send, duc, loopback
):
    publish([by_hand])
    send()
    row = OutboundMessage.objects.get()
    waiting = row.state

    actions_publishing.declare_posted(message=row, permalink="", by=duc, at=MONDAY + HOUR)

    row.refresh_from_db()
    assert (waiting, row.state) == ("handed", "confirmed")
    assert (row.declared_by.full_name, row.declared_at) == ("Phan Văn Đức", MONDAY + HOUR)
    assert loopback.world.sent == []
    with pytest.raises(NotNow):
        actions_publishing.declare_posted(message=row, by=duc, at=MONDAY + HOUR)


def test_who_cannot_post_says_why_and_the_group_can_be_asked_again(publish, by_hand, duc):
    publish([by_hand])
    row = OutboundMessage.objects.get()

    actions_publishing.declare_not_posted(
        message=row, reason="Nhóm đã khoá đăng bài.", by=duc, at=MONDAY
    )
    row.refresh_from_db()
    said = (row.state, row.trouble)
    actions.replay(message=row, by=duc, at=MONDAY + HOUR)
    row.refresh_from_db()

    assert said == ("failed", "Nhóm đã khoá đăng bài.")
    assert (row.state, row.declared_by) == ("handed", None)


def test_what_the_house_shows_itself_stands_at_once(publish, tree, loopback, send):
    page = channels.local_channel(unit_id=tree["nghe_an"].pk, connector_key="web_portal", at=MONDAY)

    publish([page])

    row = OutboundMessage.objects.get()
    assert (row.state, row.permalink) == ("confirmed", "https://caunoi.example/thong-bao/TB-7/")


def test_pictures_are_fetched_when_they_are_sent_and_a_lost_one_is_said(
    publish, make_channel, loopback
):
    ref = actions_publishing.PictureRef("p-1", "image/jpeg", "Trâu bò xếp hàng", "anh.jpg")
    shown = words("Có ảnh", [ref])
    publish([make_channel("has")], content=shown)
    delivery.deliver_once(
        worker="w", now=lambda: MONDAY, held=delivery.Held(lambda refs: {"p-1": b"jpeg"})
    )
    publish([make_channel("lost")], content=shown)
    delivery.deliver_once(worker="w", now=lambda: MONDAY, held=delivery.Held(lambda refs: {}))

    (sent,) = loopback.world.sent
    lost = OutboundMessage.objects.get(channel__external_id="lost")
    assert sent["publication"]["pictures"][0]["alt"] == "Trâu bò xếp hàng"
    assert (lost.state, lost.trouble) == ("failed", delivery.PICTURE_GONE)


def test_a_quota_that_is_used_up_makes_the_rest_wait_for_the_next_period(
    publish, channel, loopback, send
):
    limit = registry.connector_for("loopback").quotas[PostKind.BROADCAST].at_most
    for n in range(limit + 1):
        publish([channel], kind=PostKind.BROADCAST, prefix=f"b{n}", reference=f"notice:{n}")
    send()
    late = OutboundMessage.objects.get(state="queued")
    sent_in_november = len(loopback.world.sent)
    send(MONDAY + timedelta(days=9))

    assert sent_in_november == limit
    assert late.not_before.isoformat() == "2026-11-30T17:00:00+00:00"
    assert late.trouble == delivery.USED_UP
    assert len(loopback.world.sent) == limit + 1


def test_what_was_surely_not_sent_gives_its_quota_back(publish, channel, loopback, send):
    loopback.world.faults += ["refuse"]
    publish([channel], kind=PostKind.BROADCAST)
    send()

    assert QuotaUse.objects.get().used == 0
    assert quotas.take(channel=channel, kind=PostKind.BROADCAST, at=MONDAY) is None


def test_publications_that_arrived_are_taken_away_where_the_channel_can(
    publish, make_channel, by_hand, loopback, send
):
    publish([make_channel("a"), make_channel("b"), by_hand])
    send()
    ids = {s["external_id"] for s in loopback.world.sent}

    made = actions_publishing.queue_deletions(
        reference="notice:7", key_prefix="recall:7", new_reference="recall:7", at=MONDAY
    )
    again = actions_publishing.queue_deletions(
        reference="notice:7", key_prefix="recall:7", new_reference="recall:7", at=MONDAY
    )
    send()

    assert (made, again) == (2, 0)
    assert set(loopback.world.deleted) == ids


def test_all_channels_of_a_kind_share_the_minute_where_their_provider_counts_so(
    publish, make_channel, loopback, send, monkeypatch
):
    monkeypatch.setattr(type(loopback), "per_minute_all", 12)
    publish([make_channel(f"p{n}") for n in range(25)])

    sent = [0]
    for step in range(30):
        send(MONDAY + timedelta(seconds=6 * step))
        sent.append(len(loopback.world.sent))

    assert sent[1] == 3
    assert 10 <= max(sent[n + 10] - sent[n] for n in range(21)) <= 12
    assert sent[-1] == 25


def test_a_paused_channel_keeps_its_publication(publish, channel, loopback, send):
    publish([channel])
    Channel.objects.update(state="paused")
    send()

    assert loopback.world.sent == []
    assert queries.states_of(reference="notice:7") == {"queued": 1}
