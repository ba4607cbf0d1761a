"""A campaign printed for a notice board: its numbers and its account, and nothing that can only be pressed."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_campaign_on_paper_keeps_its_numbers_and_loses_its_buttons(person):
    page = person(width=800)
    page.goto("/van-dong/lu-quet-ky-son/")
    assert page.get_by_role("link", name="Góp sức").is_visible()

    page.emulate_media(media="print")

    assert page.locator("table.columns").first.is_visible()
    assert page.locator("dl.account").first.is_visible()
    assert page.locator("img.pay").first.is_visible()
    assert not page.get_by_role("link", name="Góp sức").is_visible()
    assert not page.locator(".button:visible").count()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
