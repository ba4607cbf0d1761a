"""A real Chromium against a real running copy, simulator included; one copy for all browser tests of a worker."""

import asyncio
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chaos.copy import RunningCopy

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail(
        "No Chromium found: install the package 'chromium' (make test does it where it may)."
    )


@pytest.fixture(scope="session")
def copy(django_db_setup) -> Iterator[RunningCopy]:
    with RunningCopy() as running:
        yield running


@pytest.fixture(scope="session")
def chrome(copy: RunningCopy) -> Iterator[Browser]:
    """A browser, opened after the copy: where its loop runs, Django refuses to touch a database."""
    with sync_playwright() as playwright:
        loop = asyncio.events._get_running_loop()
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        asyncio.events._set_running_loop(loop)  # the last test may be one that does not see it
        browser.close()


@pytest.fixture
def person(chrome: Browser, copy: RunningCopy) -> Iterator:
    """Return a function that opens a fresh browser for one person; screenshots are the caller's."""
    contexts: list[BrowserContext] = []

    def open_for(*, width: int = 1280, **options: object) -> Page:
        context = chrome.new_context(
            base_url=copy.url, viewport={"width": width, "height": 900}, locale="vi-VN", **options
        )
        context.set_default_timeout(40_000)
        contexts.append(context)
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()
