"""A running simulator, a receiver of its webhooks, and a small world between them."""

import json
from pathlib import Path

import httpx
import pytest

from simulator.receiver import Receiver
from simulator.testing import RunningSimulator
from simulator.tests.cast import OA, PAGE


@pytest.fixture(scope="session")
def vectors():
    return json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def running():
    with RunningSimulator() as simulator:
        yield simulator


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def world(running, receiver):
    """One Page and one OA, both told to the receiver; nothing happened yet."""
    running.reset()
    running.setup(
        facebook_app={
            "id": "7001",
            "secret": "test_app_secret_0123456789abcdef",
            "verify_token": "meatyhamhock",
            "webhook_url": receiver.url,
        },
        zalo_app={
            "id": "360846524940903967",
            "secret": "zalo_app_secret_test",
            "oa_secret": "OaSecretKeyForTests1",
            "webhook_url": receiver.url,
        },
        pages=[{"id": PAGE, "name": "MTTQ xã Bích Hào", "token": "page-token"}],
        oas=[{"id": OA, "name": "MTTQ Bích Hào", "access_token": "ZA1", "refresh_token": "ZR1"}],
    )
    running.webhook_plan(retry_seconds=[0.05])
    return running


@pytest.fixture
def graph(world):
    """The Graph API as the Page's own client."""
    with httpx.Client(
        base_url=f"{world.url}/v26.0/", params={"access_token": "page-token"}, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def zalo(world):
    """The OA API as the OA's own client."""
    with httpx.Client(
        base_url=world.url, headers={"access_token": "ZA1"}, trust_env=False
    ) as client:
        yield client
