"""Totals about the running copy, for machines: queue lag and Prometheus text. No person, no text, no unit below a channel."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from prometheus_client import CollectorRegistry, Gauge, generate_latest

LAG = """
SELECT greatest(
    (SELECT max(%(at)s - greatest(received_at, coalesce(not_before, received_at)))
       FROM inbox_rawdelivery WHERE state = 'waiting' AND coalesce(not_before, received_at) <= %(at)s),
    (SELECT max(%(at)s - not_before) FROM outbox_outboundmessage o
       WHERE state = 'queued' AND not_before <= %(at)s),
    interval '0')
"""
COUNTS = {
    "caunoi_deliveries": (
        "deliveries by state",
        ["state"],
        "SELECT state, count(*) FROM inbox_rawdelivery GROUP BY 1",
    ),
    "caunoi_sends": (
        "sends by kind of channel and state",
        ["connector", "state"],
        "SELECT c.connector_key, o.state, count(*) FROM outbox_outboundmessage o"
        " JOIN channels_channel c ON c.id = o.channel_id GROUP BY 1, 2",
    ),
    "caunoi_cases": (
        "cases by state",
        ["state"],
        "SELECT state, count(*) FROM cases_case GROUP BY 1",
    ),
    "caunoi_channels": (
        "channels by kind and state",
        ["connector", "state"],
        "SELECT connector_key, state, count(*) FROM channels_channel GROUP BY 1, 2",
    ),
}


def queue_lag(*, at: datetime) -> timedelta:
    """Return how long the oldest work that could be done now has been waiting; zero when nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(LAG, {"at": at})
        return cursor.fetchone()[0] or timedelta()


def prometheus_text(*, at: datetime) -> bytes:
    """Return the figures in Prometheus text format."""
    registry = CollectorRegistry()
    for name, (help_text, labels, sql) in COUNTS.items():
        gauge = Gauge(name, help_text, labels, registry=registry)
        with connection.cursor() as cursor:
            cursor.execute(sql)
            for *values, count in cursor.fetchall():
                gauge.labels(*values).set(count)
    Gauge(
        "caunoi_queue_oldest_seconds", "age of the oldest work that waits", registry=registry
    ).set(queue_lag(at=at).total_seconds())
    _backup_age(registry)
    return generate_latest(registry)


def _backup_age(registry: CollectorRegistry) -> None:
    mark = Path(settings.CAUNOI_HOME) / "last_backup"
    if mark.is_file():
        gauge = Gauge("caunoi_backup_age_seconds", "age of the newest backup", registry=registry)
        gauge.set(time.time() - mark.stat().st_mtime)
