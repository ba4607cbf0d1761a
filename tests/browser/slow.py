"""A cheap phone on a village's 3G: 400 kbit/s, 400 ms there and back, a processor four times slower, 360 × 800."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

KBIT_PER_SECOND, ROUND_TRIP_MS, CPU_SLOWER = 400, 400, 4
SETTLES_MS = 800
"""So long after the last byte something may still move."""
STEPS = ("ask", "ask 2 where", "ask 3 contact", "ask 4 check", "slip")
ASKED = dict(
    zip(
        STEPS[1:],
        ("Ở đâu?", "Liên hệ với bà con thế nào?", "Xem lại rồi gửi", "Đã nhận câu hỏi của bà con"),
        strict=True,
    )
)
"""The steps after the first, each with its heading."""
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


def phone(chrome: Browser, url: str, **options: Any) -> BrowserContext:
    """Open a browser with the screen of a cheap phone; it is quick until ``load`` makes it slow."""
    context = chrome.new_context(
        base_url=url,
        viewport={"width": 360, "height": 800},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="vi-VN",
        **options,
    )
    context.set_default_timeout(60_000)
    context.add_init_script(WATCH)
    return context


def make_slow(page: Page) -> dict[str, int]:
    """Put the page on the slow line, as on a first visit (nothing kept). -> what came so far, counted on while it runs"""
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
    return cost


def seen_of(page: Page, cost: dict[str, int]) -> Seen:
    """Say what the page cost that has just been loaded, and count anew from here. Without JavaScript nobody sees shifts and paints."""
    page.wait_for_timeout(SETTLES_MS)
    seen = page.evaluate("window.seen || {cls: 0, lcp: 0}")
    found = Seen(cost["bytes"], cost["requests"], seen["cls"], seen["lcp"], page.evaluate(READY))
    cost |= {"bytes": 0, "requests": 0}
    return found


def load(page: Page, address: str) -> Seen:
    """Load the page as on a first visit over the slow line, and say what it cost."""
    cost = make_slow(page)
    page.goto(address, wait_until="load")
    return seen_of(page, cost)


def load_together(chrome: Browser, url: str, wanted: dict[str, str]) -> dict[str, Seen]:
    """Load several pages beside each other, each on a phone and a slow line of its own: what they weigh, not how long they took."""
    phones = {name: phone(chrome, url).new_page() for name in wanted}
    costs = {name: make_slow(page) for name, page in phones.items()}
    for name, page in phones.items():
        page.evaluate("(address) => { location.href = address; }", url + wanted[name])
    found = {}
    for name, page in phones.items():
        there = url + wanted[name]
        page.wait_for_url(lambda address, there=there: address == there, wait_until="load")
        found[name] = seen_of(page, costs[name])
        page.context.close()
    return found


def ask_to_the_end(chrome: Browser, url: str, *, script: bool = True) -> dict[str, Seen]:
    """Ask a question over the slow line from the first step to the slip. -> what each of the five pages cost"""
    context = phone(chrome, url, java_script_enabled=script)
    page = context.new_page()
    cost = make_slow(page)
    page.goto("/hoi/?don-vi=xa-bich-hao", wait_until="load")
    found = {STEPS[0]: seen_of(page, cost)}
    page.locator("#id_text").fill("Đường điện xóm 2 chập chờn mấy tuần nay, bao giờ sửa?")
    for step, heading in ASKED.items():
        # what was asked while typing belongs to the step before
        page.wait_for_timeout(SETTLES_MS)
        cost |= {"bytes": 0, "requests": 0}
        page.locator("main form[method=post] .button-main").first.click()
        page.get_by_role("heading", level=1, name=heading).wait_for()
        page.wait_for_load_state("load")
        found[step] = seen_of(page, cost)
    context.close()
    return found


GIFTS = (
    "statement-found",
    "statement-line",
    "my-gift",
    "houses-public",
    "receipt-proof",
    "works-public",
)
"""How a giver finds what became of her gift."""


def addresses(copy: Any) -> dict[str, str]:
    """Return the public pages a resident on a slow line meets, beside the steps of asking."""
    from tools import pages  # its rooms want Django ready; the bench makes it so

    answered = copy.rows(
        "SELECT number FROM answers_publishedanswer ORDER BY published_at DESC LIMIT 1"
    )[0][0]
    return {
        "home": "/",
        "unit home": "/don-vi/xa-bich-hao/",
        "ask offline": "/hoi/ngoai-tuyen/",
        "question": f"/hoi/{answered}/",
        "answers": "/hoi-dap/",
        "near": "/gan-day/?noi=xa-bich-hao",
        "campaign": "/van-dong/lu-quet-ky-son/",
        "promise": "/van-dong/lu-quet-ky-son/gop/",
    } | {look.name: look.address for look in pages.looks(copy.rows) if look.name in GIFTS}
