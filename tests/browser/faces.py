"""What is asked of every page in a real browser; each question returns what is wrong, as short sentences."""

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page, Response

OWN = (Path(__file__).parent / "faces.js").read_text(encoding="utf-8")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, WIDE, ZOOMED, SMALLEST = 360, 1280, 640, 320
TAP = 44
PUBLIC_BYTES, STAFF_BYTES, MOST_REQUESTS = 60_000, 150_000, 8
PAGE_PARTS = {"document", "stylesheet", "script"}
ENGLISH = re.compile(
    r"\b(?:the|and|with|your|please|this|from|nothing|search|submit|yes|answered|unknown)\b", re.I
)


def prepare(page: Page) -> None:
    """Bring the accessibility checker and our own questions into a page that was just opened."""
    page.evaluate(AXE)
    page.evaluate(OWN)


def wrong_in_axe(page: Page, *, colours_only: bool = False) -> list[str]:
    """Return the violations, each with the first element that shows it."""
    options: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": RULES}
    if colours_only:
        options["runOnly"] = {"type": "rule", "values": ["color-contrast"]}
    found = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"axe {v['id']}: {v['help']} ({len(v['nodes'])}×) {v['nodes'][0]['html'][:160]}"
        for v in found["violations"]
    ]


def wrong_in_structure(page: Page) -> list[str]:
    """One heading of the first order, a language, a title, and no sentence left in English."""
    facts = page.evaluate("faces.structure()")
    wrong = []
    if facts["headings"] != 1:
        wrong.append(f"{facts['headings']} first headings")
    if facts["lang"] != "vi":
        wrong.append(f"lang={facts['lang']}")
    if not facts["title"].removesuffix("– Cầu Nối").strip():
        wrong.append("no title")
    if english := sorted({m.lower() for m in ENGLISH.findall(facts["text"])}):
        wrong.append(f"English: {english}")
    return wrong


def sideways(page: Page) -> list[str]:
    """Widths at which the page scrolls sideways: a phone, a small phone, a PC at 200 % zoom, a PC, at which it stays."""
    wrong = []
    for width in (PHONE, SMALLEST, ZOOMED, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("faces.overflow()")
        if over > 0:
            wrong.append(f"scrolls sideways by {over} px at {width} px")
    return wrong


def small_targets(page: Page) -> list[str]:
    """Things to press that are too small for a thumb (call it at a phone's width)."""
    return [
        f"small target: {what}" for what in page.evaluate("(tap) => faces.smallTargets(tap)", TAP)
    ]


def lost_focus(page: Page) -> list[str]:
    """Things that show nothing when the keyboard reaches them."""
    page.keyboard.press("Tab")
    return [f"no visible focus: {what}" for what in page.evaluate("faces.lostFocus()")]


def weight(responses: list[Response]) -> tuple[int, int]:
    """Return bytes of HTML, CSS and JavaScript as they were sent (compressed), and how many requests were made."""
    total = sum(
        int(response.headers.get("content-length", 0))  # a response that was cut short says none
        for response in responses
        if response.request.resource_type in PAGE_PARTS and response.status == 200
    )
    return total, len([r for r in responses if not r.url.startswith("data:")])
