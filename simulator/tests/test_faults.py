"""Misfortune strikes as ordered, and what it left behind can be counted."""

import httpx
import pytest

from simulator.tests.cast import DUNG, OA, PAGE


def publish(graph, text="x"):
    return graph.post(f"{PAGE}/feed", data={"message": text})


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_status_is_answered_and_nothing_stored(graph, world, status):
    world.fault("POST /v26.0/*/feed", str(status), count=1, seconds=7)

    failed, fine = publish(graph), publish(graph)

    assert failed.status_code == status
    assert failed.headers.get("retry-after") == ("7" if status in {429, 503} else None)
    assert fine.status_code == 200
    assert len(world.posts(PAGE)) == 1


def test_accepted_but_the_answer_dropped_leaves_the_post(graph, world):
    world.fault("/feed", "drop", count=1)
    with pytest.raises(httpx.TransportError):
        publish(graph, "một lần")

    assert [post["message"] for post in world.posts(PAGE)] == ["một lần"]
    found = world.record("POST /v26.0/*/feed")
    assert [(one["outcome"], one["fault"]) for one in found] == [("dropped", "drop")]


def test_a_reset_connection_leaves_nothing(graph, world):
    world.fault("/feed", "reset", count=1)
    with pytest.raises(httpx.TransportError):
        publish(graph)

    assert world.posts(PAGE) == []
    assert [one["outcome"] for one in world.record("/feed")] == ["reset"]


def test_a_hanging_call_has_no_effect_when_the_caller_leaves(graph, world):
    world.fault("/feed", "hang", count=1, seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        graph.post(f"{PAGE}/feed", data={"message": "x"}, timeout=0.2)

    assert publish(graph, "sau").status_code == 200
    assert [post["message"] for post in world.posts(PAGE)] == ["sau"]


def test_a_hanging_call_is_answered_to_the_patient(graph, world):
    world.fault("/feed", "hang", count=1, seconds=0.3)

    assert publish(graph).json()["id"]


def test_broken_and_foreign_bodies(graph, world):
    world.order(
        "faults", [{"match": "/feed", "kind": "malformed"}, {"match": "/feed", "kind": "html"}]
    )

    malformed, html = publish(graph), publish(graph)

    with pytest.raises(ValueError, match=r"\S"):
        malformed.json()
    assert html.headers["content-type"].startswith("text/html")
    assert len(world.posts(PAGE)) == 1


def test_a_slow_body_arrives_whole(graph, world):
    world.fault("/feed", "slow", seconds=0.3)
    answer = publish(graph)

    assert answer.json()["id"]
    assert answer.elapsed.total_seconds() >= 0.25


def test_ordered_errors_speak_the_providers_language(graph, zalo, world):
    world.fault("/feed", "facebook_error", code=613)
    world.fault("/getoa", "zalo_error", code=-211)
    world.fault("/getoa", "expired")

    limited = publish(graph).json()["error"]
    assert (limited["code"], limited["is_transient"]) == (613, True)
    assert zalo.get("/v2.0/oa/getoa").json()["error"] == -211
    assert zalo.get("/v2.0/oa/getoa").json()["error"] == -220
    assert zalo.get("/v2.0/oa/getoa").json()["data"]["oaid"] == OA


def test_chance_follows_the_seed(graph, world):
    world.fault("/feed", "500", probability=0.3)
    statuses = [publish(graph).status_code for _ in range(60)]

    failed = statuses.count(500)
    assert 5 <= failed <= 32
    assert world.faults()[0]["hits"] == failed
    assert len(world.posts(PAGE)) == 60 - failed


def test_cleared_faults_are_gone_and_unknown_ones_refused(graph, world):
    world.fault("/feed", "500", count=5)
    world.clear_faults()

    assert publish(graph).status_code == 200
    with pytest.raises(httpx.HTTPStatusError):
        world.fault("/feed", "earthquake")


def test_the_record_counts_every_call_and_only_calls(graph, zalo, world):
    world.zalo_message(oa=OA, person=DUNG, text="hỏi")
    publish(graph)
    zalo.get("/v2.0/oa/getoa")

    calls = world.record()
    assert [one["path"] for one in calls] == [f"/v26.0/{PAGE}/feed", "/v2.0/oa/getoa"]
    assert calls[1]["headers"]["access_token"] == "ZA1"
    assert "message=x" in calls[0]["body"]
    assert len(world.record(since=calls[0]["id"])) == 1
