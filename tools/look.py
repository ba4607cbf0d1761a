"""One page as one person sees it, and the taps that bring it into the state that is meant."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Look:
    """One page as one person sees it; ``then`` brings it into the state that is meant."""

    name: str
    address: str
    who: str | None = None
    then: Callable[[Page], None] | None = None
    status: int = 200


def press(page: Page) -> None:
    """Send the page's main form, whatever the browser thinks of its fields."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    with page.expect_navigation():
        page.locator("main form[method=post] .button-main").first.click()
