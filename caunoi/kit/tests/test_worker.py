"""One service worker serves every room; each keeps to its own part."""

import pytest
from django.test import Client

from caunoi.kit import worker


def test_the_worker_reaches_the_whole_site_and_is_never_stale(db):
    answer = Client().get("/sw.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"


def test_every_part_runs_apart_and_knows_the_addresses_it_needs(settings):
    settings.SERVICE_WORKER_PARTS = ["journeys/sw-ask.js", "kit/kit.js"]

    text = worker.script()

    assert text.count("(() => { // ") == 2
    assert '"kit/kit.css": "/static/kit/kit.css"' in text


def test_another_part_makes_another_version(settings):
    before = worker.script()
    settings.SERVICE_WORKER_PARTS = [*settings.SERVICE_WORKER_PARTS, "kit/pick.js"]

    assert version(worker.script()) != version(before)


def test_a_part_that_does_not_exist_is_said_by_name(settings):
    settings.SERVICE_WORKER_PARTS = ["journeys/no-such-part.js"]

    with pytest.raises(worker.NoSuchPart, match="no-such-part"):
        worker.script()


def version(text):
    return text.split('version: "')[1][:12]
