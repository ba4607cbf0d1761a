"""What was said while nobody told us is fetched, taken in once, and those in charge hear of it."""

from datetime import timedelta

import pytest

from caunoi.cases.models import Case
from caunoi.channels.contract import MessageKind, PostKind
from caunoi.channels.models import Alert, Channel
from caunoi.channels.terms import ChannelState
from caunoi.inbox.models import Message, Post
from caunoi.journeys import catch_up
from caunoi.kit import jobs
from caunoi.outbox.models import OutboundMessage

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("connectors")]
JOB = "journeys.catch_up"
MINUTE = timedelta(minutes=1)
QUESTIONS = {
    MessageKind.COMMENT: "Bao giờ sửa đường vào xóm 4?",
    MessageKind.PRIVATE_MESSAGE: "Bản tôi bao giờ có điện?",
}


def later(registered, minutes):
    """The simulator's own moment, that much later: providers give times by their clock."""
    return registered.rig.now() + minutes * MINUTE


def caught_up(registered, minutes=5):
    return catch_up.catch_up(
        channel=Channel.objects.get(pk=registered.channel.pk), at=later(registered, minutes)
    )


def test_comments_and_messages_nobody_told_us_of_become_cases(facebook):
    for kind, text in QUESTIONS.items():
        facebook.rig.say(kind, text)

    assert caught_up(facebook) == 2
    assert set(Case.objects.values_list("text", flat=True)) == set(QUESTIONS.values())


def test_a_chat_nobody_told_us_of_becomes_a_case_with_our_own_words_in_it(zalo):
    row = zalo.queue("Mặt trận đang xem.")
    zalo.send(zalo.at)

    assert caught_up(zalo) == 1
    assert Message.objects.get(direction="out").text == "Mặt trận đang xem."
    assert OutboundMessage.objects.get(pk=row.pk).state == "confirmed"


def test_what_is_fetched_again_and_again_is_one_case(facebook):
    facebook.rig.say(MessageKind.COMMENT, QUESTIONS[MessageKind.COMMENT])

    assert [caught_up(facebook, n) for n in (5, 6, 400)] == [1, 0, 0]
    assert Case.objects.count() == 1


def test_what_the_webhook_told_under_another_id_is_not_heard_twice(zalo):
    zalo.rig.say(MessageKind.PRIVATE_MESSAGE, "Bản tôi bao giờ có điện?")
    caught_up(zalo)
    Message.objects.update(external_id="told-under-another-id")

    assert caught_up(zalo, 6) == 0
    assert Case.objects.count() == 1


def test_those_in_charge_hear_that_the_webhook_seems_to_be_off(facebook):
    facebook.rig.say(MessageKind.COMMENT, "Có ai nghe không?")
    facebook.rig.say(MessageKind.COMMENT, "Bao giờ họp xóm?")

    caught_up(facebook)

    alert = Alert.objects.get()
    assert (alert.kind, alert.count) == ("deaf", 2)


def test_what_was_said_just_now_may_still_be_on_its_way(facebook):
    facebook.rig.say(MessageKind.COMMENT, "Vừa mới hỏi xong?")

    assert caught_up(facebook, 1) == 1
    assert not Alert.objects.exists()


def test_what_was_said_before_the_page_was_registered_is_not_ours(facebook):
    Channel.objects.update(registered_at=facebook.at + 10 * MINUTE)
    facebook.rig.say(MessageKind.COMMENT, "Chuyện của năm ngoái")

    assert caught_up(facebook, 15) == 0


def test_the_pages_own_posts_are_known_without_webhook(facebook):
    caught_up(facebook)

    post = Post.objects.get()
    assert post.external_id == facebook.rig.post
    assert post.text.startswith("Bà con hỏi gì")
    assert Channel.objects.get().last_posted_at == post.posted_at


def test_a_provider_that_is_away_is_asked_again_soon(facebook):
    facebook.outside.fault("/v26.0/", "500")

    assert caught_up(facebook) == 0
    waiting = Channel.objects.get()
    assert waiting.caught_up_until is None
    assert waiting.catch_up_due_at - later(facebook, 5) < 16 * MINUTE


def test_a_page_whose_token_is_gone_is_said_to_be_lost(facebook):
    facebook.outside.change_token(provider="facebook", token="t", kind="revoked")

    caught_up(facebook)

    assert Channel.objects.get().state == ChannelState.RECONNECT_NEEDED


def test_a_channel_is_asked_every_six_hours_and_at_once_after_an_absence_of_ours(facebook):
    at = later(facebook, 5)
    moments = [0, 15, 30, 45, 370, 385, 500]
    asked = []
    for minutes in moments:
        before = len(facebook.outside.record("published_posts"))
        jobs.run(JOB, at=at + minutes * MINUTE)
        asked.append(len(facebook.outside.record("published_posts")) - before)

    # at first; six hours later (a gap of ours lies before it, which asks for the same); after two hours of silence
    assert asked == [1, 0, 0, 0, 1, 0, 1]


def test_an_answer_given_in_the_providers_own_app_joins_the_conversation(facebook):
    comment = facebook.rig.say(MessageKind.COMMENT, QUESTIONS[MessageKind.COMMENT])
    caught_up(facebook)
    account = facebook.rig.account()
    post = facebook.rig.target(PostKind.COMMENT_REPLY)
    facebook.rig.connector.send(
        type(post)(post.kind, comment, comment, "Tuần sau sửa ạ."), account, key="k", at=facebook.at
    )

    caught_up(facebook, 6)

    assert Message.objects.get(direction="out").text == "Tuần sau sửa ạ."
