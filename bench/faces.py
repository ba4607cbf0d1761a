"""How long a resident on a cheap phone and a village's 3G waits for each public page: ``python -m bench.faces``.

Limits: the largest paint within 3.0 s, usable within 3.5 s at 400 kbit/s, 400 ms, a processor four times slower. A ratio under 1
holds. Needs Chromium; runs a whole copy of the product.
"""

import statistics

from bench.measuring import SMALL, write

LIMITS_MS = {"largest_paint_ms": 3000, "usable_ms": 3500}
TURNS = 1 if SMALL else 5


def measured(seen) -> dict:
    """Return the median of some first visits, beside the limits."""
    found = {
        "bytes": max(s.bytes for s in seen),
        "requests": max(s.requests for s in seen),
        "layout_shift": round(max(s.shift for s in seen), 4),
    }
    for name, limit in LIMITS_MS.items():
        middle = statistics.median(getattr(s, name) for s in seen)
        found |= {
            name: round(middle),
            f"{name.removesuffix('_ms')}_ratio": round(middle / limit, 2),
        }
    return found


def visits(chrome, copy, address) -> list:
    """Return what some first visits of a page cost."""
    from tests.browser import slow

    seen = []
    for _ in range(TURNS):
        context = slow.phone(chrome, copy.url)
        seen.append(slow.load(context.new_page(), address))
        context.close()
    return seen


def asking(chrome, copy, *, script: bool) -> dict:
    """Return what each step of asking costs; without JavaScript nobody can tell paints and shifts, only bytes and readiness."""
    from tests.browser import slow

    walks = [slow.ask_to_the_end(chrome, copy.url, script=script) for _ in range(TURNS)]
    found = {step: measured([walk[step] for walk in walks]) for step in slow.STEPS}
    if script:
        return found
    known = ("bytes", "requests", "usable_ms", "usable_ratio")
    return {step: {name: seen[name] for name in known} for step, seen in found.items()}


def measure(chrome, copy) -> dict:
    """Return what all pages and all steps of asking cost on a running copy."""
    from tests.browser import slow

    found = {
        name: measured(visits(chrome, copy, address))
        for name, address in slow.addresses(copy).items()
    }
    return {
        "line": f"{slow.KBIT_PER_SECOND} kbit/s, {slow.ROUND_TRIP_MS} ms, processor {slow.CPU_SLOWER}x slower, 360x800",
        "limits_ms": LIMITS_MS,
        "turns": TURNS,
        "pages": found | asking(chrome, copy, script=True),
        "asking_without_javascript": asking(chrome, copy, script=False),
    }


def main() -> None:
    import os

    import django
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()  # for the names of the pages only: nothing here asks a database

    from tests.browser.conftest import FLAGS, chromium
    from tests.chaos.copy import RunningCopy

    with RunningCopy() as copy, sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        found = measure(chrome, copy)
        chrome.close()
    write("faces", found)


if __name__ == "__main__":
    main()
