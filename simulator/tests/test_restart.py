"""What was answered before the end is still there after it."""

import argparse

import httpx
import pytest

from simulator.__main__ import loopback_host, read_arguments
from simulator.testing import RunningSimulator
from simulator.tests.cast import DUNG, OA, PAGE
from simulator.tests.test_zalo import refresh


def test_a_killed_simulator_goes_on_where_it_stopped():
    with RunningSimulator(own_process=True) as simulator:
        simulator.setup(
            zalo_app={"id": "360846524940903967", "secret": "zalo_app_secret_test"},
            pages=[{"id": PAGE, "name": "Trang", "token": "page-token"}],
            oas=[{"id": OA, "name": "OA", "access_token": "ZA1", "refresh_token": "ZR1"}],
        )
        post = simulator.facebook_post(page=PAGE, text="Còn đây")
        url = f"{simulator.url}/v26.0/{post}/comments"
        sent = httpx.post(url, data={"message": "đáp", "access_token": "page-token"}).json()["id"]
        tokens = refresh(simulator, "ZR1")

        simulator.kill()
        simulator.start()

        assert [one["id"] for one in simulator.comments(post)] == [sent]
        assert simulator.zalo_tokens(OA)["refresh_token"] == tokens["refresh_token"]
        assert refresh(simulator, "ZR1")["error"] == -14014
        assert len(simulator.record("POST ")) == 3
        again = simulator.facebook_comment(post=post, person=DUNG, text="hỏi")
        assert again != sent


def test_waiting_events_are_sent_after_a_restart(receiver, tmp_path):
    with RunningSimulator(state=tmp_path) as simulator:
        simulator.setup(
            facebook_app={"id": "7001", "secret": "s", "webhook_url": receiver.url},
            pages=[{"id": PAGE, "name": "Trang", "token": "t"}],
        )
        simulator.webhook_plan(paused=True)
        simulator.facebook_message(page=PAGE, person=DUNG, text="xin chào")
        simulator.restart()
        assert receiver.arrived == []
        simulator.webhook_plan(paused=False)
        simulator.wait_until_delivered()

    assert len(receiver.arrived) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "example.org", "::"])
def test_only_loopback_is_listened_on(host):
    with pytest.raises(argparse.ArgumentTypeError):
        loopback_host(host)


def test_the_command_line_has_its_defaults(tmp_path):
    chosen = read_arguments(["--state", str(tmp_path)])

    assert (chosen.host, chosen.port, chosen.seed) == ("127.0.0.1", 8700, 1)


def test_links_to_posts_lead_to_the_simulators_own_page(tmp_path):
    with RunningSimulator(state=tmp_path, own_process=True) as simulator:
        simulator.setup(pages=[{"id": PAGE, "name": "x", "token": "t"}])
        post = simulator.facebook_post(page=PAGE, text="Họp xóm")
        told = httpx.get(
            f"{simulator.url}/v26.0/{post}?access_token=t&fields=permalink_url", trust_env=False
        )
        page = httpx.get(told.json()["permalink_url"], trust_env=False)

        assert "Họp xóm" in page.text
