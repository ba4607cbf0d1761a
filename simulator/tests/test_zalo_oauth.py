"""Codes once, refresh tokens once, and what is left when the answer is lost."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from simulator.tests.cast import OA
from simulator.tests.test_zalo import refresh

APP = "360846524940903967"


def exchange(world, code, verifier, secret="zalo_app_secret_test"):
    body = {"code": code, "app_id": APP, "code_verifier": verifier}
    body["grant_type"] = "authorization_code"
    url = f"{world.url}/v4/oa/access_token"
    return httpx.post(url, data=body, headers={"secret_key": secret}).json()


def test_consent_leads_back_with_a_code_that_works_once(world, vectors):
    case = vectors["pkce_s256"]["cases"][1]
    asked = {
        "app_id": APP,
        "redirect_uri": "http://127.0.0.1:8000/zalo/back",
        "code_challenge": case["code_challenge"],
        "state": "s1",
    }
    page = httpx.get(f"{world.url}/v4/oa/permission", params=asked)
    back = httpx.post(f"{world.url}/v4/oa/permission", params=asked, data={"account": OA})
    answer = {
        key: value[0] for key, value in parse_qs(urlsplit(back.headers["location"]).query).items()
    }

    assert "MTTQ Bích Hào" in page.text
    assert (answer["oa_id"], answer["state"]) == (OA, "s1")
    tokens = exchange(world, answer["code"], case["code_verifier"])
    assert tokens["expires_in"] == "90000"
    assert exchange(world, answer["code"], case["code_verifier"])["error"] == -14003


def test_a_wrong_verifier_or_secret_gets_nothing(world, vectors):
    case = vectors["pkce_s256"]["cases"][0]
    code = world.zalo_code(oa=OA, code_challenge=case["code_challenge"])

    assert exchange(world, code, "x" * 43)["error"] < 0
    assert exchange(world, code, case["code_verifier"], secret="?")["error"] < 0
    assert exchange(world, code, case["code_verifier"])["access_token"]


def test_a_code_is_too_old_after_ten_minutes(world, vectors):
    case = vectors["pkce_s256"]["cases"][0]
    code = world.zalo_code(oa=OA, code_challenge=case["code_challenge"])
    world.clock(601)

    assert exchange(world, code, case["code_verifier"])["error"] == -14003


def test_a_refresh_token_works_once_and_kills_the_old_access(world, zalo):
    tokens = refresh(world, "ZR1")
    second = refresh(world, "ZR1")

    assert second["error"] == -14014
    assert zalo.get("/v2.0/oa/getoa").json()["error"] == -220
    new = {"access_token": tokens["access_token"]}
    assert zalo.get("/v2.0/oa/getoa", headers=new).json()["error"] == 0
    report = world.zalo_tokens(OA)
    assert (report["rotated"], report["refused"]) == (1, 1)


def test_rotated_but_the_answer_was_lost(world):
    world.fault("POST /v4/oa/access_token", "drop", count=1)
    with pytest.raises(httpx.TransportError):
        refresh(world, "ZR1")

    assert refresh(world, "ZR1")["error"] == -14014
    assert world.zalo_tokens(OA)["rotated"] == 1
    assert world.record("/v4/oa/access_token")[0]["outcome"] == "dropped"


def test_setting_up_again_leaves_tokens_alone(world):
    tokens = refresh(world, "ZR1")
    world.setup(oas=[{"id": OA, "name": "Tên mới", "access_token": "ZA1", "refresh_token": "ZR1"}])

    assert world.zalo_tokens(OA)["access_token"] == tokens["access_token"]
    assert refresh(world, "ZR1")["error"] == -14014
