"""Who may be written to, and when."""

from simulator.tests.cast import CHO, DUNG, PAGE

DAY = 24 * 3600


def write(graph, recipient, text="Chào bà con", **more):
    body = {"recipient": recipient, "message": {"text": text}} | more
    return graph.post(f"{PAGE}/messages", json=body).json()


def test_within_a_day_an_answer_is_sent_with_its_metadata(graph, world):
    world.facebook_message(page=PAGE, person=DUNG, text="xin chào")

    body = {"recipient": {"id": DUNG}, "messaging_type": "RESPONSE"}
    message = {"text": "Đã nhận", "metadata": "outbox-1"}
    sent = graph.post(f"{PAGE}/messages", json=body | {"message": message}).json()

    chat = world.chat(provider="facebook", account=PAGE, person=DUNG)
    assert sent["recipient_id"] == DUNG
    assert (chat[-1]["id"], chat[-1]["metadata"]) == (sent["message_id"], "outbox-1")


def test_after_a_day_only_a_human_agent_may_write(graph, world):
    world.facebook_message(page=PAGE, person=DUNG, text="xin chào")
    world.clock(DAY + 60)
    late = write(graph, {"id": DUNG})
    agent = write(graph, {"id": DUNG}, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")
    world.clock(7 * DAY + 60)
    too_late = write(graph, {"id": DUNG}, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")

    assert (late["error"]["code"], late["error"]["error_subcode"]) == (10, 2018278)
    assert agent["message_id"]
    assert too_late["error"]["code"] == 10


def test_retired_tags_and_long_texts_are_invalid(graph, world):
    world.facebook_message(page=PAGE, person=DUNG, text="xin chào")
    tag = {"messaging_type": "MESSAGE_TAG", "tag": "CONFIRMED_EVENT_UPDATE"}

    assert write(graph, {"id": DUNG}, **tag)["error"]["code"] == 100
    assert write(graph, {"id": DUNG}, text="x" * 2001)["error"]["code"] == 100
    assert write(graph, {"id": DUNG}, text="")["error"]["code"] == 100


def test_who_never_wrote_cannot_be_written_to(graph):
    assert write(graph, {"id": DUNG})["error"]["code"] == 10
    assert write(graph, {"id": "1"})["error"]["error_subcode"] == 2018001


def test_one_private_reply_for_a_comment_within_seven_days(graph, world):
    post = world.facebook_post(page=PAGE, text="x")
    comment = world.facebook_comment(post=post, person=DUNG, text="hỏi")
    old = world.facebook_comment(post=post, person=CHO, text="hỏi")

    sent = write(graph, {"comment_id": comment})
    again = write(graph, {"comment_id": comment})
    opened = write(graph, {"id": DUNG})
    world.clock(7 * DAY + 60)
    late = write(graph, {"comment_id": old})

    assert sent["recipient_id"] == DUNG
    assert again["error"]["code"] == 10900
    assert opened["error"]["code"] == 10
    assert late["error"]["code"] == 10903


def test_chats_are_read_back(graph, world):
    world.facebook_message(page=PAGE, person=DUNG, text="một")
    write(graph, {"id": DUNG}, text="hai")

    found = graph.get(f"{PAGE}/conversations", params={"fields": "id,participants"}).json()["data"]
    read = graph.get(
        f"{found[0]['id']}/messages", params={"fields": "id,message,from,to,created_time"}
    ).json()["data"]

    assert [one["message"] for one in read] == ["hai", "một"]
    assert read[0]["from"]["id"] == PAGE
    assert isinstance(read[0]["created_time"], int)
