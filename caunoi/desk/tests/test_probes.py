"""What machines are told about a running copy."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from caunoi.desk import figures, probes

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert answer.content == b"ok"


def test_a_fresh_copy_is_ready(client):
    answer = client.get("/readyz")

    assert answer.json()["parts"]["schema"]["ok"]
    assert answer.json()["parts"]["queues"]["ok"]


def test_work_that_waits_too_long_is_told(client):
    with mock.patch.object(figures, "queue_lag", return_value=timedelta(seconds=61)):
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["queues"]["found"] == "oldest waits 61 s"


def test_a_lost_database_is_told_not_raised(client):
    broken = {"database": mock.Mock(side_effect=OperationalError("gone"))}
    with mock.patch.dict(probes.CHECKS, broken):
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"]["found"] == "the database does not answer"


def test_figures_are_prometheus_text(client):
    answer = client.get("/metrics")

    names = {family.name for family in text_string_to_metric_families(answer.content.decode())}
    assert "caunoi_queue_oldest_seconds" in names


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"REMOTE_ADDR": "203.0.113.7"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 404),
        ({"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer bi-mat"}, 200),
        ({"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer sai"}, 404),
    ],
)
def test_strangers_need_the_token(client, settings, headers, status):
    settings.METRICS_TOKEN = "bi-mat"

    assert client.get("/metrics", **headers).status_code == status
