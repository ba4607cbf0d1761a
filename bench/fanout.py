"""One notice for every channel of the province: how long our outbox needs to hand 4,285 posts over, beside the same HTTP calls
made bare by as many threads within the same limits. The providers' own record says whether any limit was passed and whether anybody got it twice.
Then the same posts to one provider while the other one hangs: does anybody else wait longer? Writes bench/results/fanout.json."""

import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import measuring

PAGES, ACCOUNTS = (38, 5) if measuring.SMALL else (3_804, 481)
THREADS = 2
"""As many as the worker has for one kind of channel."""
BURST = 30 if measuring.SMALL else 200
"""Posts queued at once on one Page, each of which is two calls: far more than its minute bears."""
TRICKLE = 20 if measuring.SMALL else 150
LIMITS = {
    "ratio": 2.0,
    "calls_over_a_limit": 0,
    "burst_calls_over_a_limit": 0,
    "p95_ratio_while_one_hangs": 1.2,
}


def main() -> None:
    os.environ["CAUNOI_HOME"] = tempfile.mkdtemp(prefix="caunoi-bench-")
    from simulator.testing import RunningSimulator

    with measuring.database(), RunningSimulator(own_process=True) as outside:
        world = World(outside)
        bare = world.bare()
        ours = world.hand_over()
        limits = world.over_a_limit()
        burst = world.burst()
        quiet = world.trickle(hanging=False)
        hung = world.trickle(hanging=True)
        measuring.write(
            "fanout",
            {
                "posts": PAGES + ACCOUNTS,
                "threads_a_kind": THREADS,
                "bare_seconds": round(bare, 2),
                "queue_seconds": round(ours["queue"], 2),
                "hand_over_seconds": round(ours["deliver"], 2),
                "ratio": round((ours["queue"] + ours["deliver"]) / bare, 2),
                **limits,
                **burst,
                "p95_ms_alone": round(quiet, 1),
                "p95_ms_while_one_hangs": round(hung, 1),
                "p95_ratio_while_one_hangs": round(hung / quiet, 2),
                "limits": LIMITS,
            },
        )


class World:
    """A unit with all the channels, in a database of ours and at the simulated providers."""

    def __init__(self, outside: Any) -> None:
        from django.conf import settings

        from caunoi.channels import actions as channels
        from caunoi.kit import clock, keyring
        from caunoi.units.tests.factories import small_tree

        self.outside = outside
        bases = dict.fromkeys(("api_base", "oauth_base", "graph_base"), outside.url)
        settings.CONNECTOR_SETTINGS = {"zalo_oa": bases, "facebook_page": bases}
        settings.CAUNOI_KEYRING_FILE = Path(os.environ["CAUNOI_HOME"]) / "keyring.json"
        keyring.add_key(settings.CAUNOI_KEYRING_FILE)
        self.unit, self.at = small_tree()["bich_hao"], clock.now()
        facebook = {"id": "1", "secret": "s", "verify_token": "v"}
        zalo = {"id": "2", "secret": "s", "oa_secret": "o"}
        self.apps = {
            key: channels.register_app(
                connector_key=key,
                app_id=app["id"],
                secrets={"app_secret": "s", "verify_token": "v", "oa_secret": "o"},
                by=None,
                at=self.at,
            )
            for key, app in (("facebook_page", facebook), ("zalo_oa", zalo))
        }
        pages = [{"id": f"{n + 10**9}", "name": "p", "token": f"t{n}"} for n in range(PAGES)]
        oas = [
            {
                "id": f"{n + 2 * 10**9}",
                "name": "o",
                "access_token": f"a{n}",
                "refresh_token": f"r{n}",
            }
            for n in range(ACCOUNTS)
        ]
        outside.setup(facebook_app=facebook, zalo_app=zalo, pages=pages, oas=oas)
        self.channels = [
            self._register("facebook_page", p["id"], {"access_token": p["token"]}) for p in pages
        ]
        tokens = ("access_token", "refresh_token")
        self.channels += [
            self._register("zalo_oa", o["id"], {k: o[k] for k in tokens}) for o in oas
        ]

    def _register(self, key: str, external_id: str, secrets: dict[str, str]) -> Any:
        from datetime import timedelta

        from caunoi.channels import actions as channels

        return channels.register_channel(
            unit_id=self.unit.pk,
            connector_key=key,
            external_id=external_id,
            name=f"Kênh {external_id}",
            app=self.apps[key],
            secrets=secrets,
            token_expires_at=self.at + timedelta(hours=25) if key == "zalo_oa" else None,
            by=None,
            at=self.at,
        )

    def bare(self) -> float:
        """Make the same calls with nothing around them but the same limit of Zalo's accounts together. -> seconds."""
        from caunoi.connectors.zalo_oa import uncertain as zalo_limits

        facebook = [c for c in self.channels if c.connector_key == "facebook_page"]
        zalo = [c for c in self.channels if c.connector_key == "zalo_oa"]
        self.bucket = Bucket(zalo_limits.CALLS_PER_MINUTE_ALL)
        calls = [
            lambda: share_out(facebook, self._bare_page),
            lambda: share_out(zalo, self._bare_account),
        ]
        return seconds_of(calls)

    def _bare_page(self, client: Any, channel: Any) -> None:
        number = int(channel.external_id) - 10**9
        words = {"access_token": f"t{number}"}
        path = f"{self.outside.url}/v26.0/{channel.external_id}"
        client.get(path, params=words | {"fields": "is_published"}).raise_for_status()
        body = {"message": "Bài trần", "link": "https://example.vn/", "fields": "id,permalink_url"}
        client.post(f"{path}/feed", params=words, json=body).raise_for_status()

    def _bare_account(self, client: Any, channel: Any) -> None:
        headers = {"access_token": f"a{int(channel.external_id) - 2 * 10**9}"}
        body = {
            "type": "normal",
            "title": "Bài trần",
            "author": "x",
            "description": "x",
            "body": [{"type": "text", "content": "<p>Bài trần</p>"}],
        }
        base = f"{self.outside.url}/v2.0/article"
        self.bucket.take(2)
        made = client.post(f"{base}/create", json=body, headers=headers).json()
        client.post(f"{base}/verify", json={"token": made["data"]["token"]}, headers=headers)

    def queue(self, title: str, channels: list[Any]) -> float:
        from caunoi.kit import clock
        from caunoi.outbox import actions_publishing as outbox

        began = time.perf_counter()
        content = outbox.keep_content(
            title=title, text=f"{title}.", link="https://example.vn/", at=clock.now()
        )
        outbox.queue_publications(
            content=content,
            channels=channels,
            key_prefix=f"notice:{title}",
            reference=f"notice:{title}",
            at=clock.now(),
        )
        return time.perf_counter() - began

    def hand_over(self) -> dict[str, float]:
        """Queue one notice for every channel and let the worker's senders send it. -> seconds of both."""
        queued = self.queue("Bài thật", self.channels)
        stop = threading.Event()
        acts = [sender(kind, stop) for kind in ["facebook_page", "zalo_oa"] * THREADS]
        return {"queue": queued, "deliver": seconds_of([*acts, lambda: until_sent(stop)])}

    def over_a_limit(self) -> dict[str, int]:
        """Count in the providers' record what passed a limit, and what arrived more or less than once."""
        from caunoi.connectors.facebook_page import uncertain

        page_minutes: Counter = Counter()
        account_minutes: Counter = Counter()
        for call in self.outside.record():
            minute = call["at_ms"] // 60_000
            if call["provider"] == "facebook":
                page_minutes[minute, call["path"].split("/")[2]] += 1
            else:
                account_minutes[minute] += 1
        held = Counter(p["page"] for p in self.outside.posts() if p["message"] == "Bài thật.")
        held += Counter(a["oa"] for a in self.outside.articles() if a["title"] == "Bài thật")
        return {
            "calls_over_a_limit": sum(n > uncertain.CALLS_PER_MINUTE for n in page_minutes.values())
            + sum(n > 4_000 for n in account_minutes.values()),
            "not_exactly_once": sum(held[c.external_id] != 1 for c in self.channels),
        }

    def burst(self) -> dict[str, int]:
        """Queue far more on one Page than its minute bears and let minutes pass on the clocks. -> the worst sixty seconds in the record."""
        from datetime import timedelta

        from caunoi.connectors.facebook_page import uncertain
        from caunoi.outbox import delivery

        page, since = self.channels[0], self.outside.record()[-1]["id"]
        for number in range(BURST):
            self.queue(f"dồn {number}", [page])
        began, passed = datetime.now(UTC), 0
        while passed < 60 * 12:
            self.outside.clock(passed)
            at = began + timedelta(seconds=passed)
            while delivery.deliver_once(worker="burst", now=lambda at=at: at):
                pass
            passed += 2
        self.outside.clock(0)
        calls = [
            c["at_ms"] for c in self.outside.record(since=since) if page.external_id in c["path"]
        ]
        worst = max(sum(at <= c < at + 60_000 for c in calls) for at in calls)
        posts = [p for p in self.outside.posts() if p["message"].startswith("dồn")]
        return {
            "burst_posts_on_one_page": BURST,
            "burst_not_exactly_once": BURST
            - len({p["message"] for p in posts})
            + len(posts)
            - BURST,
            "burst_calls_in_worst_minute": worst,
            "burst_calls_over_a_limit": max(0, worst - uncertain.CALLS_PER_MINUTE),
        }

    def trickle(self, *, hanging: bool) -> float:
        """Post on one Page after another, now and then, while Zalo answers or hangs. -> p95 in ms from queued to sent."""
        from caunoi.outbox.models import OutboundMessage

        word = "treo" if hanging else "yên"
        pages, accounts = self.channels[:TRICKLE], self.channels[PAGES:]
        if hanging:
            self.outside.fault(".0/article", "hang", count=10_000, seconds=30)
        stop = threading.Event()
        threads = [
            threading.Thread(target=sender(kind, stop), daemon=True)
            for kind in ["facebook_page", "zalo_oa"] * THREADS
        ]
        self.queue(f"zalo {word}", accounts)
        for thread in threads:
            thread.start()
        for number, page in enumerate(pages):
            self.queue(f"{word} {number}", [page])
            time.sleep(0.1)
        time.sleep(2)
        stop.set()
        self.outside.clear_faults()
        for thread in threads:
            thread.join(timeout=60)
        rows = OutboundMessage.objects.filter(
            content__title__startswith=word, sent_at__isnull=False
        ).values_list("created_at", "sent_at")
        waits = [(sent - created).total_seconds() * 1000 for created, sent in rows]
        return statistics.quantiles(waits, n=20)[-1]


def sender(kind: str, stop: threading.Event | None = None) -> Callable[[], None]:
    """Return the worker's loop for one kind: until nothing is due, or until it is told to stop."""

    def run() -> None:
        from django.db import connection

        from caunoi.outbox import delivery

        name = f"w-{kind}-{threading.get_ident()}"
        while not (stop and stop.is_set()):
            worked = delivery.deliver_once(worker=name, now=lambda: datetime.now(UTC), kinds=[kind])
            if not worked and stop is None:
                break
            if not worked:
                time.sleep(0.05)
        connection.close()

    return run


def until_sent(stop: threading.Event) -> None:
    """Tell the senders to stop when nothing waits any more; what a limit put back is waited for, ten minutes at most."""
    from django.db import connection

    from caunoi.outbox.models import OutboundMessage

    end = time.monotonic() + 600
    while OutboundMessage.objects.filter(state__in=["queued", "sending"]).exists():
        if time.monotonic() > end:
            break
        time.sleep(0.1)
    stop.set()
    connection.close()


class Bucket:
    """The house's own arithmetic of a minute, in memory."""

    def __init__(self, per_minute: int) -> None:
        from caunoi.outbox import rules

        self.most, self.anew = rules.bucket(per_minute)
        self.held, self.at, self.lock = self.most, time.monotonic(), threading.Lock()

    def take(self, calls: int) -> None:
        """Wait until there are so many, and take them."""
        while True:
            with self.lock:
                now = time.monotonic()
                self.held = min(self.most, self.held + (now - self.at) * self.anew / 60)
                self.at = now
                if self.held >= calls:
                    self.held -= calls
                    return
            time.sleep(0.01)


def share_out(things: list[Any], act: Callable[[Any, Any], None]) -> None:
    """Let THREADS threads do it, each with a client of its own."""
    import httpx

    def run(mine: list[Any]) -> None:
        with httpx.Client(trust_env=False, timeout=30) as client:
            for one in mine:
                act(client, one)

    seconds_of([lambda n=n: run(things[n::THREADS]) for n in range(THREADS)])


def seconds_of(acts: list[Callable[[], None]]) -> float:
    """Do all at once. -> seconds until the last has ended."""
    threads = [threading.Thread(target=act) for act in acts]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
