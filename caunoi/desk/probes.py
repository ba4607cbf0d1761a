"""What machines ask a running copy: is the process up, can it serve, how is it doing."""

import ipaddress
import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from caunoi.desk import figures
from caunoi.kit import clock
from caunoi.kit.access import public

QUEUE_LAG_LIMIT = timedelta(seconds=60)
LEAST_FREE_PCT = 10


@public("a supervisor asks whether the process answers")
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process runs; asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


@public("a load balancer asks whether this copy can serve")
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, schema, queues and disk are well, else 503 with the part that is not."""
    parts = {name: _attempt(check) for name, check in CHECKS.items()}
    ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


@public("Prometheus reads totals; from this machine or with the token only")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus text; 404 for anybody who is neither on this machine nor holds CAUNOI_METRICS_TOKEN."""
    if not _may_read_metrics(request):
        return HttpResponseNotFound()
    return HttpResponse(
        figures.prometheus_text(at=clock.now()),
        content_type="text/plain; version=0.0.4; charset=utf-8",
    )


def _may_read_metrics(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(given, settings.METRICS_TOKEN):
        return True
    # Behind a proxy every request comes from this machine, so a forwarded one needs the token.
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _attempt(check: Callable[[], tuple[bool, str]]) -> dict[str, object]:
    try:
        ok, found = check()
    except DatabaseError:
        ok, found = False, "the database does not answer"
    return {"ok": ok, "found": found}


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, "answers"


def _schema() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return behind == 0, f"{behind} steps behind" if behind else "up to date"


def _queues() -> tuple[bool, str]:
    lag = figures.queue_lag(at=clock.now())
    return lag <= QUEUE_LAG_LIMIT, f"oldest waits {int(lag.total_seconds())} s"


def _disk() -> tuple[bool, str]:
    disk = shutil.disk_usage(settings.CAUNOI_HOME)
    free = round(100 * disk.free / disk.total)
    return free >= LEAST_FREE_PCT, f"{free} % free"


CHECKS = {"database": _database, "schema": _schema, "queues": _queues, "disk": _disk}
