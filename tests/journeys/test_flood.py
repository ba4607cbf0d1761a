"""Many deliveries at once: read together, a bad one alone, urgent words first, each conversation in one reader's hand."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.db import connection

from caunoi.cases.models import Case, Step
from caunoi.channels.contract import Follow, MessageKind, OwnMessage, Receipt
from caunoi.channels.models import Channel
from caunoi.duty.models import Alarm
from caunoi.inbox.models import Follower, Message, RawDelivery, Thread
from caunoi.inbox.terms import DeliveryState
from caunoi.journeys import kinds, work
from caunoi.journeys.readings import Reading
from caunoi.kit import audit
from caunoi.outbox.models import OutboundMessage
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
THANKS = ("Cảm ơn xã", "❤❤", "Chúc bà con mạnh khoẻ", "Dạ vâng", ".")


def waits(loopback, *deliveries):
    """Store deliveries as the door would have, each a list of events."""
    raws = [loopback.delivery(*events, at=MONDAY) for events in deliveries]
    RawDelivery.objects.bulk_create(
        RawDelivery(
            connector_key="loopback",
            app_id="a",
            body_sha256=hashlib.sha256(raw.body).digest(),
            headers=dict(raw.headers),
            body=raw.body,
            received_at=MONDAY,
        )
        for raw in raws
    )


def question(loopback, n, **more):
    return loopback.comment("page", f"c{n}", f"Bao giờ thôn {n} có điện lại ạ?", at=MONDAY, **more)


def step(worker="w", at=MONDAY, **more):
    return work.work_inbox_once(worker=worker, at=at, **more)


def queries_of(capture, loopback, *deliveries):
    waits(loopback, *deliveries)
    with capture(1_000) as asked:
        step()
    return len(asked)


def test_fifty_deliveries_take_no_more_statements_than_a_few(
    loopback, django_assert_max_num_queries
):
    def thanks(n):
        return [loopback.comment("page", f"t{n}", THANKS[n % 5], at=MONDAY)]

    def asks(n):
        return [question(loopback, n)]

    step()
    one_word = queries_of(django_assert_max_num_queries, loopback, thanks(0))
    words = queries_of(django_assert_max_num_queries, loopback, *map(thanks, range(1, 49)))
    one_question = queries_of(django_assert_max_num_queries, loopback, asks(0))
    questions = queries_of(django_assert_max_num_queries, loopback, *map(asks, range(1, 49)))
    again = queries_of(
        django_assert_max_num_queries,
        loopback,
        *([loopback.comment("page", f"t{n}", "…", at=MONDAY)] for n in range(48)),
    )

    assert Case.objects.count() == 49
    assert one_word <= 30
    assert words <= 30
    assert again <= 20
    assert one_question <= 50
    assert questions <= 50


def test_a_poisoned_delivery_among_fifty_neither_loses_nor_delays_its_neighbours(
    loopback, monkeypatch
):
    waits(loopback, *([question(loopback, n)] for n in range(50)))
    say = kinds.words_received

    def fails_for_one(*, case, **more):
        if case.text.startswith("Bao giờ thôn 23 "):
            raise ZeroDivisionError
        return say(case=case, **more)

    monkeypatch.setattr(kinds, "words_received", fails_for_one)

    assert step() == 50

    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == [f"NA-2026-{n:06d}" for n in range(1, 50)]
    assert OutboundMessage.objects.count() == 49
    (bad,) = RawDelivery.objects.exclude(state=DeliveryState.DONE)
    assert (bad.state, bad.lease_until) == ("waiting", None)
    assert "ZeroDivisionError" in bad.trouble

    monkeypatch.undo()
    step(at=MONDAY + 6 * SECOND)

    assert Case.objects.filter(text__startswith="Bao giờ thôn 23 ").count() == 1
    assert not RawDelivery.objects.exclude(state=DeliveryState.DONE).exists()


def test_bytes_that_nobody_can_read_fail_alone(loopback):
    waits(loopback, [question(loopback, 1)], [question(loopback, 2)])
    RawDelivery.objects.filter(pk=RawDelivery.objects.earliest("pk").pk).update(body=b"{")

    step()

    assert Case.objects.get().text.startswith("Bao giờ thôn 2")
    assert RawDelivery.objects.filter(state=DeliveryState.FAILED).count() == 1


def test_two_messages_of_one_conversation_in_one_batch_are_one_case(loopback):
    waits(
        loopback,
        [loopback.message("page", "m1", "Bao giờ xã có nước sạch?", at=MONDAY, sender="dung")],
        [loopback.message("page", "m1", "Bao giờ xã có nước sạch?", at=MONDAY, sender="dung")] * 2,
        [loopback.message("page", "m2", "Nhà tôi ở xóm 4 ạ", at=MONDAY, sender="dung")],
        [loopback.message("page", "m3", "Cháy nhà rồi, cứu với!", at=MONDAY, sender="dung")],
    )

    step()

    plain, cry = Case.objects.order_by("number")
    assert (plain.kind, cry.kind) == ("question", "emergency")
    assert list(plain.steps.order_by("pk").values_list("kind", "note")) == [
        ("opened", ""),
        ("more", "Nhà tôi ở xóm 4 ạ"),
    ]
    assert Thread.objects.count() == 1


def test_a_reply_read_in_one_batch_before_its_comment_stands_on_the_comments_case(loopback):
    waits(
        loopback,
        [loopback.comment("page", "r1", "Tôi cũng muốn biết", at=MONDAY, parent="c1")],
        [question(loopback, 1)],
    )

    step()

    case = Case.objects.get()
    assert [s.note for s in case.steps.filter(kind="more")] == ["Tôi cũng muốn biết"]
    assert not Message.objects.exclude(held_until=None).exists()


def test_what_was_taken_back_before_it_is_read_opens_no_case(loopback):
    gone = {"what": "removed", "account": "page", "id": "c2", "at": MONDAY.isoformat()}
    waits(loopback, [question(loopback, 1)], [gone], [question(loopback, 2)])

    step()

    assert Case.objects.get().text.startswith("Bao giờ thôn 1")
    assert Message.objects.get(external_id="c2").text == ""


def test_a_cry_for_help_never_waits_behind_a_flood(loopback):
    """The order of the work, not its speed: 2,500 greetings wait, and the cry and the tip-off are read in the fourth batch at the latest."""
    flood = [
        [loopback.comment("page", f"t{n}", THANKS[n % 5], at=MONDAY, sender=f"p{n}")]
        for n in range(2_500)
    ]
    flood[1_200] = [
        loopback.comment("page", "cry", "Lũ về, nhà tôi sập, cứu với!", at=MONDAY, sender="x")
    ]
    flood.append(
        [loopback.comment("page", "tip", "Có người bán ma tuý ở xóm 3", at=MONDAY, sender="y")]
    )
    waits(loopback, *flood)

    batches = 0
    while Alarm.objects.count() < 2 and batches < 10:
        step()
        batches += 1

    assert batches <= 4
    assert set(Case.objects.values_list("kind", flat=True)) == {"emergency", "tip_off"}
    assert RawDelivery.objects.filter(state=DeliveryState.WAITING).count() > 2_200


def test_words_that_became_a_cry_for_help_before_they_were_read_are_read_first(loopback):
    cry = {
        "what": "edited",
        "account": "page",
        "id": "c100",
        "text": "Cháy nhà, cứu với!",
        "at": (MONDAY + SECOND).isoformat(),
    }
    waits(loopback, *([question(loopback, n)] for n in range(150)), [cry])

    for _ in range(3):
        step(limit=10)

    assert Alarm.objects.count() == 1
    assert RawDelivery.objects.filter(state=DeliveryState.WAITING).count() > 100


def test_a_cry_for_help_under_a_comment_we_have_not_seen_does_not_wait_for_it(loopback):
    waits(loopback, [loopback.comment("page", "r1", "Cháy nhà, cứu!", at=MONDAY, parent="c1")])
    step()

    assert Alarm.objects.count() == 1

    waits(loopback, [question(loopback, 1)])
    step()
    assert Thread.objects.count() == 1
    case = Case.objects.get()
    assert case.kind == "emergency"
    assert [s.note for s in case.steps.filter(kind="more")] == ["Bao giờ thôn 1 có điện lại ạ?"]


def test_a_conversation_is_in_one_readers_hand_until_it_is_done(loopback):
    waits(
        loopback,
        [loopback.message("page", "m1", "Bao giờ có nước sạch?", at=MONDAY, sender="dung")],
        [loopback.message("page", "m2", "Ở xóm 4 ạ", at=MONDAY, sender="dung")],
        [loopback.message("page", "m3", "Bao giờ có đường?", at=MONDAY, sender="hoa")],
    )
    in_hand, _found = work.claim(worker="first", at=MONDAY, limit=1)

    step("second")
    meanwhile = [c.text for c in Case.objects.all()]
    work.do_all(in_hand, at=MONDAY)
    step("second")

    assert meanwhile == ["Bao giờ có đường?"]
    case = Case.objects.get(text="Bao giờ có nước sạch?")
    assert [s.note for s in case.steps.filter(kind="more")] == ["Ở xóm 4 ạ"]
    assert list(RawDelivery.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 1, 1]


def test_what_a_reader_held_when_it_was_killed_is_read_a_minute_later(loopback):
    waits(loopback, [question(loopback, 1)])
    work.claim(worker="killed", at=MONDAY, limit=50)

    assert step("other", at=MONDAY + 59 * SECOND) == 0
    assert step("other", at=MONDAY + 61 * SECOND) == 1
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_readers_share_the_work_and_keep_the_order_of_each_conversation(loopback):
    rounds = ["Bao giờ thôn tôi có nước sạch?", "Nhà ở xóm 4 ạ", "Hỏi đã lâu rồi", "Mong trả lời"]
    waits(
        loopback,
        *(
            [
                loopback.message(
                    "page", f"m{who}-{n}", text, at=MONDAY + n * SECOND, sender=f"p{who}"
                )
            ]
            for n, text in enumerate(rounds)
            for who in range(30)
        ),
    )
    start, troubles = threading.Barrier(2), []

    def read(worker):
        try:
            start.wait(timeout=20)
            while RawDelivery.objects.filter(state=DeliveryState.WAITING).exists():
                step(worker, limit=7)
        except Exception as error:  # noqa: BLE001  told below
            troubles.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read, args=(name,)) for name in ("one", "two")]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(timeout=120)

    assert troubles == []
    assert set(RawDelivery.objects.values_list("lease_by", flat=True)) == {"one", "two"}
    assert set(RawDelivery.objects.values_list("attempts", "state")) == {(1, "done")}
    cases = Case.objects.order_by("number")
    assert [c.number for c in cases] == [f"NA-2026-{n:06d}" for n in range(1, 31)]
    for case in cases:
        assert case.text == rounds[0]
        said = Step.objects.filter(case=case, kind="more").order_by("pk")
        assert [s.note for s in said] == rounds[1:]
    assert OutboundMessage.objects.count() == 30
    assert audit.verify().whole


def test_echoes_receipts_and_follows_of_a_batch_are_noted_together(
    loopback, django_assert_max_num_queries
):
    waits(loopback, *([question(loopback, n)] for n in range(3)))
    step()
    for n, row in enumerate(OutboundMessage.objects.order_by("seq")):
        OutboundMessage.objects.filter(pk=row.pk).update(
            state="sent", external_id=f"s{n}", sent_at=MONDAY
        )
    channel = Channel.objects.get()
    later = MONDAY + SECOND
    said = [
        OwnMessage("page", "s0", "Đã nhận", MONDAY, thread_ref="c0", kind=MessageKind.COMMENT),
        Receipt("page", ("s1",), "delivered", later),
        Receipt("page", (), "seen", later, thread_ref="c2"),
        Follow("page", "dung", following=True, at=MONDAY),
        Follow("page", "hoa", following=True, at=MONDAY),
        Follow("page", "hoa", following=False, at=later),
        Follow("page", "lan", following=False, at=later),
    ]
    batch = [Reading(RawDelivery(connector_key="loopback"), said, {"page": channel})]

    with django_assert_max_num_queries(20):
        work.take_in_together(batch, later)
    work.take_in_together(batch, later)

    sends = OutboundMessage.objects.order_by("seq").values_list("state", "delivered_at", "seen_at")
    assert list(sends) == [
        ("confirmed", None, None),
        ("confirmed", later, None),
        ("confirmed", None, later),
    ]
    assert Message.objects.filter(direction="out").count() == 1
    assert list(
        Follower.objects.order_by("sender_ref").values_list("sender_ref", "since", "until")
    ) == [
        ("dung", MONDAY, None),
        ("hoa", MONDAY, later),
        ("lan", later, later),
    ]
