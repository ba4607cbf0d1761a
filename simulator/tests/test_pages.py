"""The pages for people: everything works with plain forms."""

import httpx
import pytest

from simulator.tests.cast import CHO, DUNG, OA, PAGE


@pytest.fixture
def visitor(world):
    with httpx.Client(base_url=world.url, follow_redirects=True, trust_env=False) as client:
        yield client


def test_the_start_leads_to_every_page_and_account(visitor):
    text = visitor.get("/").text

    assert "Đây là thế giới bên ngoài, mô phỏng" in text
    assert f"/facebook/{PAGE}" in text
    assert f"/zalo/{OA}/chat" in text


def test_every_page_wears_the_banner(visitor):
    for path in ("/", f"/facebook/{PAGE}", f"/zalo/{OA}/chat", "/record", "/facebook/0"):
        assert "Dữ liệu mẫu – mô phỏng" in visitor.get(path).text, path


def test_a_question_and_its_answer_are_seen(visitor, world, graph):
    post = world.facebook_post(page=PAGE, text="Thông báo <b>")
    form = {"person": CHO, "on": post, "text": "Bao giờ họp?\r\nỞ đâu?"}
    visitor.post(f"/facebook/{PAGE}/comment", data=form)
    question = world.comments(post)[0]
    graph.post(f"{question['id']}/comments", data={"message": "Tối mai ạ."})

    text = visitor.get(f"/facebook/{PAGE}").text
    assert question["text"] == "Bao giờ họp?\nỞ đâu?"
    assert question["from"]["name"] == "Lầu Bá Chò"
    assert "Tối mai ạ." in text
    assert "Trang chính thức" in text
    assert "Thông báo &lt;b&gt;" in text


@pytest.mark.parametrize("path", [f"/facebook/{PAGE}/chat", f"/zalo/{OA}/chat"])
def test_a_message_is_written_and_told(visitor, world, path):
    answer = visitor.post(path, data={"person": DUNG, "text": "xin chào"})
    events = world.wait_until_delivered()

    assert "xin chào" in answer.text
    assert len(events) == 1


def test_following_is_one_button(visitor, world):
    path = f"/zalo/{OA}/chat"
    followed = visitor.post(path, data={"person": DUNG, "follow": "1"})
    left = visitor.post(path, data={"person": DUNG, "follow": "0"})

    assert "Bỏ quan tâm" in followed.text
    assert "Bỏ quan tâm" not in left.text
    assert [one["kind"] for one in world.webhooks()] == ["follow", "unfollow"]


def test_only_the_watch_link_loads_itself_again(visitor):
    assert 'http-equiv="refresh"' not in visitor.get(f"/facebook/{PAGE}").text
    assert 'http-equiv="refresh"' in visitor.get(f"/facebook/{PAGE}?watch=1").text


def test_the_record_shows_no_tokens(visitor, world, graph):
    graph.post(f"{PAGE}/feed", data={"message": "Chào", "access_token": "page-token"})

    text = visitor.get("/record").text
    assert f"POST /v26.0/{PAGE}/feed" in text
    assert "page-token" not in text
