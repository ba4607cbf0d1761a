"""``caunoi worker``: reads what came in, sends what goes out, and runs the queued and periodic jobs."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from caunoi.cli import home
from caunoi.cli.output import OK
from caunoi.kit import clock

IDLE_SECONDS, IDLE_AT_MOST_SECONDS, SECOND_AT_MOST_SECONDS = 0.25, 0.75, 3.0
"""How long somebody without work rests: a little, then longer. The second sender of a kind is there for the busy hour and for a
provider that hangs; on a small machine it looks up seldom."""
TROUBLE_SECONDS = 1.0
SENDERS_A_KIND = 2
log = logging.getLogger("caunoi.worker")


READERS_AT_MOST = 8


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--readers",
        type=int,
        choices=range(1, READERS_AT_MOST + 1),
        metavar=f"1..{READERS_AT_MOST}",
        help="how many read what came in, side by side; else the setting CAUNOI_READERS, else two",
    )
    parser.add_argument(
        "--once", action="store_true", help="work until both queues are empty, then end"
    )


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM; a lost database is waited for, not died of."""
    home.setup_django()
    from django.conf import settings

    from caunoi.duty import paging
    from caunoi.journeys import publishing, taking_back
    from caunoi.outbox import delivery

    worker = f"{socket.gethostname()}:{os.getpid()}"
    steps: list[Callable[[], int]] = [
        *readers(worker, options.readers or max(1, settings.INBOX_READERS)),
        lambda: paging.page_once(now=clock.now),
        lambda: publishing.publish_due(at=clock.now()),
        lambda: taking_back.follow_recalled(at=clock.now(), within=taking_back.AT_ONCE),
    ]
    seldom: list[Callable[[], int]] = []
    for who in senders(worker):
        send = partial(delivery.deliver_once, now=clock.now, held=publishing.HELD, **who)
        (seldom if who["worker"].endswith(f":{SENDERS_A_KIND}") else steps).append(send)
    if options.once:
        while sum([step() for step in (*steps, *seldom)]) > 0:
            pass
        return OK
    stop = threading.Event()
    rests = [(s, IDLE_AT_MOST_SECONDS) for s in steps] + [
        (s, SECOND_AT_MOST_SECONDS) for s in seldom
    ]
    threads = [
        threading.Thread(target=loop, args=(step, stop), kwargs={"rest": rest}, daemon=True)
        for step, rest in rests
    ]
    for thread in threads:
        thread.start()
    _run_jobs(stop)
    for thread in threads:
        thread.join(timeout=25)
    return OK


def readers(worker: str, count: int) -> list[Callable[[], int]]:
    """Return so many readers of what came in, each with a name of its own: a conversation is in one reader's hand at a time."""
    from caunoi.journeys import work

    def reader(name: str) -> Callable[[], int]:
        return lambda: work.work_inbox_once(worker=name, at=clock.now())

    return [reader(f"{worker}:reader-{n}") for n in range(1, count + 1)]


def senders(worker: str) -> list[dict[str, Any]]:
    """Return who sends what: two senders a kind of provider and none for several providers, so that one that hangs holds up no other."""
    from caunoi.channels import registry
    from caunoi.channels.contract import Capability

    local = registry.kinds_that(Capability.LOCAL)
    outside = [key for key in registry.all_connectors() if key not in local]
    return [
        {"worker": f"{worker}:here", "kinds": local},
        *(
            {"worker": f"{worker}:{key}:{number}", "kinds": [key]}
            for key in outside
            for number in range(1, SENDERS_A_KIND + 1)
        ),
    ]


def loop(
    step: Callable[[], int], stop: threading.Event, *, rest: float = IDLE_AT_MOST_SECONDS
) -> None:
    """Repeat ``step`` (it returns how many rows it worked on) until ``stop``; rest when idle, at most ``rest`` seconds, or in trouble."""
    from django.db import InterfaceError, OperationalError, close_old_connections, connection

    idle = IDLE_SECONDS
    while not stop.is_set():
        try:
            worked = step()
            close_old_connections()
        except (OperationalError, InterfaceError):
            log.warning("database away, waiting")
            connection.close()
            stop.wait(TROUBLE_SECONDS)
        except Exception:
            log.exception("worker step failed")
            connection.close()
            stop.wait(TROUBLE_SECONDS)
        else:
            idle = IDLE_SECONDS if worked else min(idle * 1.5, rest)
            if not worked:
                stop.wait(idle)


def _run_jobs(stop: threading.Event) -> None:
    """Run the job queue in this thread until SIGTERM or SIGINT; start it again when the database was away."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    while not stop.is_set():
        try:
            asyncio.run(_jobs(stop))
        except Exception:
            log.exception("job queue stopped, starting it again")
            time.sleep(TROUBLE_SECONDS)


async def _jobs(stop: threading.Event) -> None:
    from procrastinate.contrib.django import app

    queue = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with queue.open_async():
        running = asyncio.create_task(
            queue.run_worker_async(concurrency=2, install_signal_handlers=False, wait=True)
        )
        while not stop.is_set() and not running.done():
            await asyncio.sleep(0.2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        if not stop.is_set():
            running.result()
