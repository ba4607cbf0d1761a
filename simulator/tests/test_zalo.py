"""The OA API: always 200, and the numbers that matter."""

import json

import httpx

from simulator.signing import appsecret_proof
from simulator.tests.cast import CHO, DUNG, OA

CS = "/v3.0/oa/message/cs"
DAY = 24 * 3600


def write(zalo, person=DUNG, text="Chào", **more):
    message = {"text": text} | more
    answer = zalo.post(CS, json={"recipient": {"user_id": person}, "message": message})
    assert answer.status_code == 200
    return answer.json()


def ask(zalo, path, **wishes):
    return zalo.get(path, params={"data": json.dumps(wishes)}).json()


def test_within_seven_days_an_answer_is_sent(zalo, world):
    world.zalo_message(oa=OA, person=DUNG, text="Bao giờ có điện ạ?")

    sent = write(zalo, text="Mai có.")

    assert sent["error"] == 0
    assert isinstance(sent["data"]["sent_time"], str)
    assert world.chat(provider="zalo", account=OA, person=DUNG)[-1]["text"] == "Mai có."


def test_after_seven_days_the_oa_must_wait_for_the_person(zalo, world):
    world.zalo_message(oa=OA, person=DUNG, text="hỏi")
    world.clock(7 * DAY + 60)

    assert write(zalo)["error"] == -220  # the access token lives for 25 hours only
    tokens = refresh(world, "ZR1")
    zalo.headers["access_token"] = tokens["access_token"]
    assert write(zalo)["error"] == -230


def refresh(world, token, secret="zalo_app_secret_test"):
    body = {"refresh_token": token, "app_id": "360846524940903967", "grant_type": "refresh_token"}
    url = f"{world.url}/v4/oa/access_token"
    return httpx.post(url, data=body, headers={"secret_key": secret}).json()


def test_bad_messages_are_refused_with_their_numbers(zalo, world):
    world.zalo_message(oa=OA, person=DUNG, text="hỏi")

    assert write(zalo, text="x" * 2001)["error"] == -210
    assert write(zalo, text="")["error"] == -201
    assert write(zalo, person=CHO)["error"] == -213
    assert write(zalo, person=int(DUNG))["error"] == -201
    assert write(zalo, attachment={"type": "image"})["error"] == -233
    assert "data" not in write(zalo, text="")


def test_the_token_comes_in_a_header_with_an_underscore(zalo, world):
    dashed = {"access-token": "ZA1", "access_token": ""}

    assert zalo.get("/v2.0/oa/getoa").json()["data"]["oaid"] == OA
    assert zalo.get("/v2.0/oa/getoa", headers=dashed).json()["error"] == -216


def test_a_wrong_proof_of_the_secret_is_refused(zalo):
    good = appsecret_proof("zalo_app_secret_test", "ZA1")
    seen = [
        zalo.get("/v2.0/oa/getoa", headers={"appsecret_proof": proof}).json()["error"]
        for proof in (good, "0" * 64)
    ]

    assert seen == [0, -242]


def test_over_the_minutes_limit_nothing_goes(zalo, world):
    world.limits(zalo_calls_a_minute=2)
    answers = [zalo.get("/v2.0/oa/getoa") for _ in range(3)]

    assert [one.json()["error"] for one in answers] == [0, 0, -32]
    assert answers[0].headers["X-RateLimit-Limit"] == "2"
    assert answers[0].headers["X-RateLimit-Remain"] == "1"


def test_only_followers_have_details(zalo, world):
    before = ask(zalo, "/v3.0/oa/user/detail", user_id=DUNG)
    world.zalo_follow(oa=OA, person=DUNG)
    after = ask(zalo, "/v3.0/oa/user/detail", user_id=DUNG)

    assert before["error"] == -213
    assert after["data"]["display_name"] == "Vi Thị Dung"


def test_chats_are_read_back_newest_first_ten_at_a_time(zalo, world):
    for number in range(12):
        world.zalo_message(oa=OA, person=DUNG, text=str(number))
    write(zalo, text="đáp")

    found = ask(zalo, "/v2.0/oa/conversation", user_id=DUNG, offset=0, count=10)["data"]
    rest = ask(zalo, "/v2.0/oa/conversation", user_id=DUNG, offset=10, count=10)["data"]
    recent = ask(zalo, "/v2.0/oa/listrecentchat", offset=0, count=5)["data"]

    assert [found[0]["src"], found[0]["message"], len(found), len(rest)] == [0, "đáp", 10, 3]
    assert found[1]["from_id"] == DUNG
    assert [one["message"] for one in recent] == ["đáp"]
    too_many = ask(zalo, "/v2.0/oa/conversation", user_id=DUNG, offset=0, count=11)
    assert too_many["error"] == -210


def test_a_picture_is_uploaded_and_sent(zalo, world):
    world.zalo_message(oa=OA, person=DUNG, text="hỏi")
    path = "/v2.0/oa/upload/image"
    kept = zalo.post(path, files={"file": ("a.png", b"\x89PNG", "image/png")}).json()["data"]
    element = {"media_type": "image", "attachment_id": kept["attachment_id"]}
    payload = {"template_type": "media", "elements": [element]}

    sent = write(zalo, attachment={"type": "template", "payload": payload})

    assert sent["error"] == 0
    image = world.chat(provider="zalo", account=OA, person=DUNG)[-1]["image"]
    assert httpx.get(image).content == b"\x89PNG"
    nameless = zalo.post(path, files={"file": ("a", b"x", "image/png")}).json()
    assert (nameless["error"], nameless["data"]) == (0, {})
    large = zalo.post(path, files={"file": ("a.png", b"x" * (1024 * 1024 + 1), "image/png")})
    assert large.json()["error"] == -210
    assert zalo.post("/v3.0/oa/upload/image").status_code == 404
