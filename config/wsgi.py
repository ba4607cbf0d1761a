"""The WSGI application: a webhook delivery takes the short way, everything else is Django."""

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

django_application = get_wsgi_application()

from django.urls import get_resolver

from caunoi.inbox import intake
from caunoi.inbox.terms import MAX_BODY_BYTES
from caunoi.kit import clock

_ = get_resolver().url_patterns  # every view is loaded now, not while the first visitor waits
# What was loaded stays: walking over all of it again and again would stop one visitor in a few hundred for a tenth of a second.
gc.collect()
gc.freeze()
PREFIX = "/hooks/"
REASONS = {
    200: "200 OK",
    403: "403 Forbidden",
    404: "404 Not Found",
    413: "413 Content Too Large",
    503: "503 Service Unavailable",
}
HEADERS = [("Content-Type", "text/plain"), ("Content-Length", "0")]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Take a delivery at once (no session, no template, no middleware), or hand the request to Django."""
    if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].startswith(PREFIX):
        return django_application(environ, start_response)
    status = _take(environ)
    start_response(REASONS[status], HEADERS)
    return [b""]


def _take(environ: dict[str, Any]) -> int:
    words = environ["PATH_INFO"][len(PREFIX) :].strip("/").split("/")
    if len(words) != 2:
        return 404
    body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
    headers = {
        k[5:].replace("_", "-").lower(): v for k, v in environ.items() if k.startswith("HTTP_")
    }
    taken = intake.receive(
        connector_key=words[0], app_id=words[1], headers=headers, body=body, at=clock.now()
    )
    if taken.status == 503:
        # a server that was restarted leaves a dead connection behind: one more try on a fresh one
        taken = intake.receive(
            connector_key=words[0], app_id=words[1], headers=headers, body=body, at=clock.now()
        )
    return taken.status
