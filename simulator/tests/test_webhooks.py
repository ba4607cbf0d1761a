"""What leaves, how it is signed, and what happens when nobody takes it."""

import json

import httpx
import pytest

from simulator.client import wait_for
from simulator.receiver import Receiver
from simulator.signing import facebook_signature, zalo_signature
from simulator.tests.cast import CHO, DUNG, OA, PAGE

SECRET = "test_app_secret_0123456789abcdef"


def comments_that_came(receiver):
    return [
        change["value"]["comment_id"]
        for one in receiver.arrived
        for entry in one.content["entry"]
        for change in entry.get("changes", [])
    ]


def many_comments(world, count):
    post = world.facebook_post(page=PAGE, text="x", told=False)
    return [world.facebook_comment(post=post, person=DUNG, text=str(n)) for n in range(count)]


def test_a_comment_is_told_signed_over_escaped_bytes(world, receiver):
    post = world.facebook_post(page=PAGE, text="x", told=False)
    comment = world.facebook_comment(post=post, person=DUNG, text="Bao giờ có điện ạ? a/b")
    events = world.wait_until_delivered()

    came = receiver.arrived[0]
    value = came.content["entry"][0]["changes"][0]["value"]
    assert came.headers["x-hub-signature-256"] == facebook_signature(SECRET, came.body)
    assert b"gi\\u1edd" in came.body
    assert b"a\\/b" in came.body
    assert (value["comment_id"], value["parent_id"], value["verb"]) == (comment, post, "add")
    assert value["from"] == {"id": DUNG, "name": "Vi Thị Dung"}
    assert [one["acknowledged"] for one in events] == [True]


def test_a_post_of_the_page_is_told_as_its_own(world, receiver):
    post = world.facebook_post(page=PAGE, text="Họp xóm tối nay")
    world.wait_until_delivered()

    value = receiver.arrived[0].content["entry"][0]["changes"][0]["value"]
    assert (value["item"], value["verb"], value["post_id"]) == ("status", "add", post)
    assert (value["from"]["id"], value["message"]) == (PAGE, "Họp xóm tối nay")


def test_edits_removals_and_our_own_comments_are_told(world, receiver, graph):
    post = world.facebook_post(page=PAGE, text="x", told=False)
    comment = world.facebook_comment(post=post, person=DUNG, text="một")
    world.edit_comment(comment=comment, text="hai")
    graph.post(f"{comment}/comments", data={"message": "đáp"})
    world.remove_comment(comment=comment)
    world.wait_until_delivered()

    values = [one.content["entry"][0]["changes"][0]["value"] for one in receiver.arrived]
    seen = [(value["verb"], value["from"]["id"], value.get("message")) for value in values]
    assert seen == [
        ("add", DUNG, "một"),
        ("edited", DUNG, "hai"),
        ("add", PAGE, "đáp"),
        ("remove", DUNG, None),
    ]
    assert values[2]["parent_id"] == comment


def test_messages_and_their_echo_are_told(world, receiver, graph):
    mid = world.facebook_message(page=PAGE, person=DUNG, text="xin chào")
    message = {"text": "Đã nhận", "metadata": "outbox-7"}
    graph.post(f"{PAGE}/messages", json={"recipient": {"id": DUNG}, "message": message})
    world.wait_until_delivered()

    told = [one.content["entry"][0]["messaging"][0] for one in receiver.arrived]
    assert (told[0]["sender"]["id"], told[0]["message"]["mid"]) == (DUNG, mid)
    assert told[1]["sender"]["id"] == PAGE
    assert told[1]["message"]["is_echo"]
    assert told[1]["message"]["metadata"] == "outbox-7"
    assert "watermark" in told[2]["delivery"]


def test_what_is_not_subscribed_is_not_told(world, graph):
    graph.post(f"{PAGE}/subscribed_apps", data={"subscribed_fields": "messages"})
    many_comments(world, 1)

    assert world.webhooks() == []


def test_zalo_events_are_signed_with_the_oa_secret(world, receiver):
    msg_id = world.zalo_message(oa=OA, person=DUNG, text="Bao giờ có điện ạ?")
    world.wait_until_delivered()

    came = receiver.arrived[0]
    body = came.content
    assert came.headers["x-zevent-signature"] == zalo_signature(
        app_id="360846524940903967",
        body=came.body,
        timestamp=body["timestamp"],
        oa_secret="OaSecretKeyForTests1",
    )
    assert "giờ".encode() in came.body
    assert (body["event_name"], body["message"]["msg_id"]) == ("user_send_text", msg_id)
    assert (body["sender"]["id"], body["recipient"]["id"]) == (DUNG, OA)


def test_each_zalo_event_has_its_own_shape(world, receiver, zalo):
    world.zalo_follow(oa=OA, person=DUNG)
    world.zalo_message(oa=OA, person=DUNG, text="", image="http://127.0.0.1/a.png")
    answer = {"recipient": {"user_id": DUNG}, "message": {"text": "đáp"}}
    sent = zalo.post("/v3.0/oa/message/cs", json=answer).json()["data"]["message_id"]
    world.zalo_seen(oa=OA, person=DUNG)
    world.zalo_event(oa=OA, person=DUNG, event_name="something_new", content={"x": 1})
    world.zalo_follow(oa=OA, person=DUNG, follow=False)
    world.wait_until_delivered()

    told = {one.content["event_name"]: one.content for one in receiver.arrived}
    assert told["follow"]["oa_id"] == OA
    assert told["follow"]["follower"] == {"id": DUNG}
    assert "sender" not in told["unfollow"]
    assert told["user_send_image"]["message"]["attachments"][0]["type"] == "image"
    assert told["oa_send_text"]["sender"]["id"] == OA
    assert told["user_received_message"]["message"] == {"msg_id": sent}
    assert told["user_seen_message"]["message"] == {"msg_ids": [sent]}
    assert told["something_new"]["x"] == 1


def test_a_refused_event_comes_again_until_it_is_taken(world, receiver):
    statuses = iter([500, 503, 200])
    receiver.answer = lambda _: next(statuses)
    many_comments(world, 1)
    events = world.wait_until_delivered()

    assert len(receiver.arrived) == 3
    assert len({one.body for one in receiver.arrived}) == 1
    assert (events[0]["tries"], events[0]["acknowledged"]) == (3, True)


def test_zalo_says_how_often_it_tried(world):
    with Receiver() as gone:
        port, url = gone.port, gone.url
    world.setup(zalo_app={"webhook_url": url})
    world.webhook_plan(retry_seconds=[0.2])
    world.zalo_message(oa=OA, person=DUNG, text="một")
    wait_for(lambda: world.webhooks()[0]["tries"] >= 1)
    with Receiver(port=port) as back:
        world.wait_until_delivered()

    assert int(back.arrived[0].headers["num_retry"]) >= 1


def test_zalo_as_it_really_is_forgets_what_was_answered_500(world, receiver):
    world.webhook_plan(zalo_retries="refused")
    receiver.answer = lambda _: 500
    world.zalo_message(oa=OA, person=DUNG, text="mất")
    events = world.wait_until_delivered()

    assert len(receiver.arrived) == 1
    assert [one["state"] for one in events[0]["deliveries"]] == ["given_up"]
    assert not events[0]["acknowledged"]


def test_after_an_hour_of_failures_the_page_is_unsubscribed(world, receiver, graph):
    receiver.answer = lambda _: 500
    many_comments(world, 1)
    world.clock(1)
    wait_for(lambda: len(receiver.arrived) >= 2)
    world.clock(3700)
    world.wait_until_delivered()

    assert graph.get(f"{PAGE}/subscribed_apps").json()["data"] == []


def test_events_come_twice_when_the_plan_doubles(world, receiver):
    world.webhook_plan(duplicate=3)
    ids = many_comments(world, 2)
    events = world.wait_until_delivered()

    assert sorted(comments_that_came(receiver)) == sorted(ids * 3)
    assert len(events) == 2


def test_reordering_is_bounded_and_follows_the_seed(world, receiver):
    orders = []
    for _ in range(2):
        receiver.arrived.clear()
        world.webhook_plan(reorder=4, seed=7, paused=True)
        ids = many_comments(world, 12)
        world.webhook_plan(paused=False)
        world.wait_until_delivered()
        came = [ids.index(one) for one in comments_that_came(receiver)]
        assert sorted(came) == list(range(12))
        assert max(abs(place - wanted) for place, wanted in enumerate(came)) <= 4
        orders.append(came)

    assert any(order != sorted(order) for order in orders)


def test_batches_carry_several_changes(world, receiver):
    world.webhook_plan(batch=5, paused=True)
    ids = many_comments(world, 7)
    world.webhook_plan(paused=False)
    world.wait_until_delivered()

    assert comments_that_came(receiver) == ids
    assert [len(one.content["entry"][0]["changes"]) for one in receiver.arrived] == [5, 2]


def test_a_bad_signature_is_sent_first_and_the_right_one_later(world, receiver):
    def check(came):
        good = facebook_signature(SECRET, came.body) == came.headers["x-hub-signature-256"]
        return 200 if good else 403

    receiver.answer = check
    world.webhook_plan(bad_signature=1, wrong_secret=1)
    many_comments(world, 1)
    events = world.wait_until_delivered()

    assert events[0]["tries"] == 3
    assert events[0]["acknowledged"]


@pytest.mark.parametrize("provider", ["facebook", "zalo"])
def test_raw_bytes_are_sent_as_they_are(world, receiver, provider):
    header = {"facebook": "x-hub-signature-256", "zalo": "x-zevent-signature"}[provider]
    receiver.answer = lambda came: 401 if header not in came.headers else 200

    good = world.webhook_raw(provider=provider, body=b"\xff{not json", signature="good")
    none = world.webhook_raw(provider=provider, body="{}", signature="none")

    assert (good, none) == (200, 401)
    assert receiver.arrived[0].body == b"\xff{not json"


def test_webhooks_never_leave_this_machine(world):
    with pytest.raises(httpx.HTTPStatusError, match="loopback"):
        world.setup(facebook_app={"webhook_url": "https://example.org/hook"})


def test_delayed_events_wait(world, receiver):
    world.webhook_plan(delay_seconds=3600)
    many_comments(world, 1)
    assert receiver.arrived == []
    world.clock(3700)
    world.wait_until_delivered()

    assert len(receiver.arrived) == 1


def test_bursts_send_everything_once(world, receiver):
    world.webhook_plan(burst_per_second=500, paused=True)
    for number in range(40):
        world.zalo_message(oa=OA, person=CHO, text=str(number))
    world.webhook_plan(paused=False)
    world.wait_until_delivered()

    texts = [json.loads(one.body)["message"]["text"] for one in receiver.arrived]
    assert sorted(texts, key=int) == [str(number) for number in range(40)]
