"""A cheap phone on a village's 3G: 400 kbit/s, 400 ms there and back, a processor four times slower, 360 × 800."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

KBIT_PER_SECOND, ROUND_TRIP_MS, CPU_SLOWER = 400, 400, 4
WATCH = """
window.seen = {cls: 0, lcp: 0};
new PerformanceObserver((l) => l.getEntries().forEach((e) => { if (!e.hadRecentInput) seen.cls += e.value; }))
  .observe({type: "layout-shift", buffered: true});
new PerformanceObserver((l) => l.getEntries().forEach((e) => { seen.lcp = e.startTime; }))
  .observe({type: "largest-contentful-paint", buffered: true});
"""
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass(frozen=True)
class Seen:
    """What one load cost: bytes as they came over the line, requests, how much the page jumped, when it stood, when it could be used."""

    bytes: int
    requests: int
    shift: float
    largest_paint_ms: float
    usable_ms: float


def phone(chrome: Browser, url: str) -> BrowserContext:
    """Open a browser with the screen of a cheap phone; it is quick until ``load`` makes it slow."""
    context = chrome.new_context(
        base_url=url,
        viewport={"width": 360, "height": 800},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="vi-VN",
    )
    context.set_default_timeout(60_000)
    context.add_init_script(WATCH)
    return context


def load(page: Page, address: str) -> Seen:
    """Load the page as on a first visit over the slow line, and say what it cost."""
    cdp = page.context.new_cdp_session(page)
    cost = {"bytes": 0, "requests": 0}

    def finished(event: dict[str, Any]) -> None:
        cost["bytes"] += int(event["encodedDataLength"])
        cost["requests"] += 1

    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    cdp.send("Network.setBypassServiceWorker", {"bypass": True})
    cdp.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": KBIT_PER_SECOND * 1000 / 8,
            "uploadThroughput": KBIT_PER_SECOND * 1000 / 8,
        },
    )
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    cdp.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(800)
    seen = page.evaluate("seen")
    ready = page.evaluate(READY)
    cdp.detach()
    return Seen(cost["bytes"], cost["requests"], seen["cls"], seen["lcp"], ready)


def addresses(copy: Any) -> dict[str, str]:
    """Return the public pages a resident on a slow line meets."""
    answered = copy.rows(
        "SELECT number FROM answers_publishedanswer ORDER BY published_at DESC LIMIT 1"
    )[0][0]
    return {
        "home": "/",
        "unit home": "/don-vi/xa-bich-hao/",
        "ask": "/hoi/?don-vi=xa-bich-hao",
        "ask offline": "/hoi/ngoai-tuyen/",
        "question": f"/hoi/{answered}/",
        "answers": "/hoi-dap/",
        "near": "/gan-day/?noi=xa-bich-hao",
    }
