"""Posts, comments, tokens and errors of the Graph API."""

import time

import httpx

from simulator.signing import appsecret_proof
from simulator.tests.cast import CHO, DUNG, PAGE

SECRET = "test_app_secret_0123456789abcdef"


def error_of(response):
    return response.json()["error"]


def test_a_post_is_published_and_read_back(graph):
    sent = graph.post(f"{PAGE}/feed", data={"message": "Họp thôn", "fields": "id,permalink_url"})
    read = graph.get(f"{PAGE}/published_posts", params={"fields": "id,message,created_time"})

    assert sent.json()["id"].startswith(f"{PAGE}_")
    assert sent.json()["permalink_url"]
    assert read.json()["data"][0]["message"] == "Họp thôn"
    assert abs(read.json()["data"][0]["created_time"] - time.time()) < 60
    assert "X-Business-Use-Case-Usage" in read.headers


def test_a_post_too_long_or_empty_is_refused(graph):
    assert error_of(graph.post(f"{PAGE}/feed", data={"message": "x" * 63207}))["code"] == 100
    assert error_of(graph.post(f"{PAGE}/feed"))["code"] == 100


def test_a_scheduled_post_appears_when_its_time_comes(graph, world):
    at = int(time.time()) + 3600
    wishes = {"message": "Sáng mai", "published": "false", "scheduled_publish_time": at}
    graph.post(f"{PAGE}/feed", data=wishes)

    assert graph.get(f"{PAGE}/published_posts").json()["data"] == []
    assert len(graph.get(f"{PAGE}/scheduled_posts").json()["data"]) == 1
    world.clock(3700)
    assert graph.get(f"{PAGE}/published_posts").json()["data"][0]["created_time"] == at


def test_too_soon_cannot_be_scheduled(graph):
    wishes = {"message": "x", "published": "false", "scheduled_publish_time": int(time.time()) + 60}

    assert error_of(graph.post(f"{PAGE}/feed", data=wishes))["code"] == 100


def test_an_answer_stands_under_the_question(graph, world):
    post = world.facebook_post(page=PAGE, text="Thông báo")
    question = world.facebook_comment(post=post, person=DUNG, text="Bao giờ có điện ạ?")

    answer = graph.post(f"{question}/comments", data={"message": "Mai có."}).json()["id"]

    seen = {one["id"]: one for one in world.comments(post)}
    assert seen[answer]["parent"] == question
    assert seen[answer]["by_page"]
    read = graph.get(f"{question}/comments", params={"fields": "id,message,from,parent{id}"})
    assert read.json()["data"][0]["from"]["id"] == PAGE
    assert read.json()["data"][0]["parent"] == {"id": question}


def test_a_reply_to_a_reply_stands_on_the_second_level(world):
    post = world.facebook_post(page=PAGE, text="x")
    first = world.facebook_comment(post=post, person=DUNG, text="một")
    second = world.facebook_comment(post=post, person=CHO, text="hai", parent=first)

    third = world.facebook_comment(post=post, person=DUNG, text="ba", parent=second)

    assert {one["id"]: one["parent"] for one in world.comments(post)}[third] == first


def test_comments_are_paged_filtered_and_since(graph, world):
    post = world.facebook_post(page=PAGE, text="x")
    ids = [world.facebook_comment(post=post, person=DUNG, text=str(n)) for n in range(5)]
    world.facebook_comment(post=post, person=CHO, text="đáp", parent=ids[0])

    first = graph.get(f"{post}/comments", params={"limit": 2}).json()
    after = first["paging"]["cursors"]["after"]
    second = graph.get(f"{post}/comments", params={"limit": 2, "after": after}).json()
    stream = graph.get(f"{post}/comments", params={"filter": "stream"}).json()["data"]
    newest = graph.get(f"{post}/comments", params={"order": "reverse_chronological"}).json()

    assert [one["id"] for one in first["data"] + second["data"]] == ids[:4]
    assert len(stream) == 6
    assert newest["data"][0]["id"] == ids[-1]
    later = {"since": int(time.time()) + 100}
    assert graph.get(f"{post}/comments", params=later).json()["data"] == []


def test_text_is_kept_as_given_and_never_normalised(graph, world):
    decomposed = "Hỏi e\u0302\u0301 \u200b😀"
    post = world.facebook_post(page=PAGE, text="x")
    comment = world.facebook_comment(post=post, person=DUNG, text=decomposed)

    assert graph.get(comment, params={"fields": "message"}).json()["message"] == decomposed


def test_a_residents_comment_cannot_be_deleted_by_the_page(graph, world):
    post = world.facebook_post(page=PAGE, text="x")
    comment = world.facebook_comment(post=post, person=DUNG, text="y")

    assert error_of(graph.delete(comment))["code"] == 200
    assert world.record("DELETE ")


def test_kinds_of_tokens_give_their_own_errors(graph, world):
    seen = {}
    for kind in ("expired", "revoked", "no_permission"):
        world.change_token(provider="facebook", token=kind, kind=kind, page=PAGE)
        error = error_of(graph.get(PAGE, params={"access_token": kind}))
        seen[kind] = (error["code"], error.get("error_subcode"))
    unknown = error_of(graph.get(PAGE, params={"access_token": "?"}))

    assert seen == {"expired": (190, 463), "revoked": (190, 458), "no_permission": (200, None)}
    assert (unknown["code"], unknown["error_subcode"]) == (190, 467)
    assert unknown["type"] == "OAuthException"
    assert unknown["fbtrace_id"]


def test_another_pages_token_is_refused(graph, world):
    world.setup(pages=[{"id": "999", "name": "Khác", "token": "other"}])

    sent = graph.post(f"{PAGE}/feed", data={"message": "x"}, params={"access_token": "other"})

    assert error_of(sent)["code"] == 200


def test_a_wrong_proof_of_the_secret_is_refused(graph):
    good = appsecret_proof(SECRET, "page-token")

    assert graph.get(PAGE, params={"appsecret_proof": good}).json()["name"]
    assert error_of(graph.get(PAGE, params={"appsecret_proof": "0" * 64}))["code"] == 100


def test_debug_token_tells_live_from_dead(graph, world):
    app = {"access_token": f"7001|{SECRET}", "input_token": "page-token"}
    live = graph.get("debug_token", params=app).json()["data"]
    world.change_token(provider="facebook", token="page-token", kind="expired")
    dead = graph.get("debug_token", params=app).json()["data"]

    assert live["is_valid"]
    assert "pages_messaging" in live["scopes"]
    assert not dead["is_valid"]
    assert dead["error"]["code"] == 190


def test_a_code_becomes_a_person_token_and_then_page_tokens(graph, world):
    code = world.facebook_code()
    wishes = {"client_id": "7001", "client_secret": SECRET, "redirect_uri": "x", "code": code}
    token = graph.get("oauth/access_token", params=wishes).json()["access_token"]
    again = graph.get("oauth/access_token", params=wishes)
    long = {"grant_type": "fb_exchange_token", "fb_exchange_token": token} | wishes
    lasting = graph.get("oauth/access_token", params=long).json()["access_token"]
    found = graph.get("me/accounts", params={"access_token": lasting}).json()["data"]

    assert error_of(again)["code"] == 100
    assert [one["id"] for one in found] == [PAGE]
    assert graph.get("me", params={"access_token": found[0]["access_token"]}).json()["id"] == PAGE


def test_subscribing_shakes_hands_and_is_read_back(graph, world):
    fields = {"subscribed_fields": "feed,messages"}
    assert graph.post(f"{PAGE}/subscribed_apps", data=fields).json() == {"success": True}
    read = graph.get(f"{PAGE}/subscribed_apps").json()["data"][0]

    assert read["subscribed_fields"] == ["feed", "messages"]
    assert world.facebook_verify()["ok"]


def test_a_receiver_that_does_not_know_the_token_is_not_subscribed(graph, world, receiver):
    app = {"access_token": f"7001|{SECRET}", "callback_url": receiver.url}
    wrong = graph.post("7001/subscriptions", data=app | {"verify_token": "wrong"})
    right = graph.post("7001/subscriptions", data=app | {"verify_token": "meatyhamhock"})

    assert error_of(wrong)["code"] == 2200
    assert right.json() == {"success": True}


def test_a_used_up_day_is_refused_and_said_in_the_header(graph, world):
    world.limits(facebook_calls_a_day=2)
    answers = [graph.get(PAGE) for _ in range(4)]

    assert error_of(answers[-1])["code"] == 80001
    assert '"call_count": 100' in answers[-1].headers["X-Business-Use-Case-Usage"]


def test_any_version_is_served(world):
    answer = httpx.get(f"{world.url}/v23.0/{PAGE}", params={"access_token": "page-token"})

    assert answer.json()["id"] == PAGE
