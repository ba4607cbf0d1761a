"""``python -m tools.screens [BASE_URL]``: screenshots of the pages of a running copy at 360 and 1280 px into .screens/."""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Page, sync_playwright

from caunoi.cli import sample
from caunoi.staff import demo

OUT = Path(".screens")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PUBLIC = {
    "home": "/",
    "unit": "/don-vi/xa-bich-hao/",
    "old-unit": "/don-vi/huyen-thanh-chuong/",
    "ask": "/hoi/?don-vi=xa-bich-hao",
    "question": "/hoi/NA-2026-000003/",
    "answers": "/hoi-dap/",
    "lookup": "/tra-cuu-don-vi/?q=thanh+xuan",
    "sign-in": "/tai-khoan/login/",
}
OFFICER = {
    "today": "/hom-nay/",
    "inbox": "/hop-thu/",
    "case": "/vu-viec/NA-2026-000001/",
    "walk-in": "/tiep-dan/",
}
APPROVER = {"approve": "/vu-viec/NA-2026-000004/"}
ADMINISTRATOR = {
    "units": "/quan-tri/don-vi/?cap=commune",
    "people": "/quan-tri/nguoi/",
    "channels": "/quan-tri/kenh/",
    "health": "/quan-tri/suc-khoe/",
    "audit": "/quan-tri/nhat-ky/",
}


def main() -> None:
    """Sign in the sample accounts one after the other and take every page at both widths."""
    base = (
        sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    )
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for who, pages in (
            (None, PUBLIC),
            ("an", OFFICER),
            ("binh", APPROVER),
            ("chi", ADMINISTRATOR),
        ):
            take(browser, base, who, pages)
        browser.close()


def take(browser: Browser, base: str, who: str | None, pages: dict[str, str]) -> None:
    """Take one person's pages, signing in once."""
    context = browser.new_context(base_url=base)
    page = context.new_page()
    if who:
        sign_in(page, who)
    for name, address in pages.items():
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            page.screenshot(path=OUT / f"{name}-{width}.png", full_page=False)
            wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            print(f"{name} {width}{'  SIDEWAYS SCROLL' if wide else ''}")
    context.close()


def sign_in(page: Page, who: str) -> None:
    """Sign in a sample account, with its code when it is asked for."""
    page.goto("/tai-khoan/login/")
    page.locator("#id_login").fill(who + demo.DOMAIN)
    page.locator("#id_password").fill(demo.PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda address: "/login/" not in address)
    if page.locator("#id_code").count():
        code = totp.format_hotp_value(totp.hotp_value(sample.TOTP_SECRET, int(time.time()) // 30))
        page.locator("#id_code").fill(code)
        page.locator("main form button").first.click()
        page.wait_for_url("**/hom-nay/")


if __name__ == "__main__":
    main()
