"""``python -m tools.screens [BASE_URL] [NAME …]``: screenshots of a running copy at 360 and 1280 px into .screens/.

``--dark`` takes the dark ones. The copy is a demo one; CAUNOI_HOME (or DATABASE_URL) says whose numbers stand in the addresses.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tools import pages

OUT = Path(".screens")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]
WIDTHS = (360, 1280)


def main() -> None:
    """Sign in the sample accounts one after the other and take every page at both widths."""
    reader = argparse.ArgumentParser(prog="screens")
    reader.add_argument(
        "base", nargs="?", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    )
    reader.add_argument("names", nargs="*", help="only these pages")
    reader.add_argument("--dark", action="store_true")
    reader.add_argument("--whole", action="store_true", help="the whole page, not the first screen")
    chosen = reader.parse_args()
    OUT.mkdir(exist_ok=True)
    wanted = [k for k in pages.looks(rows) if not chosen.names or k.name in chosen.names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for who in sorted({look.who for look in wanted}, key=str):
            take(browser, chosen, who, [look for look in wanted if look.who == who])
        browser.close()


def rows(sql: str, *values: object) -> list[tuple]:
    """Ask the database of the running copy."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


def take(
    browser: Browser, chosen: argparse.Namespace, who: str | None, wanted: list[pages.Look]
) -> None:
    """Take one person's pages, signing in once."""
    if not wanted:
        return
    context = browser.new_context(
        base_url=chosen.base, locale="vi-VN", color_scheme="dark" if chosen.dark else "light"
    )
    page = context.new_page()
    if who:
        pages.sign_in(page, who)
    for look in wanted:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900 if width > 400 else 780})
            page.goto(look.address)
            if look.then:
                look.then(page)
            page.screenshot(path=OUT / f"{look.name}-{width}.png", full_page=chosen.whole)
            wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            print(f"{look.name} {width}{'  SIDEWAYS SCROLL' if wide else ''}")
    context.close()


if __name__ == "__main__":
    main()
