"""Every page a resident meets is light enough for a village's 3G and does not jump while it loads."""

import pytest

from tests.browser import slow
from tools import pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_BYTES, MOST_REQUESTS, MOST_SHIFT = 150_000, 8, 0.05


def too_much(name, seen):
    wrong = []
    if seen.bytes > MOST_BYTES:
        wrong.append(f"{name}: {seen.bytes} bytes")
    if seen.requests > MOST_REQUESTS:
        wrong.append(f"{name}: {seen.requests} requests")
    if seen.shift >= MOST_SHIFT:
        wrong.append(f"{name}: jumps by {seen.shift:.3f}")
    return wrong


def test_pages_on_a_slow_line_are_light_and_stand_still(copy, chrome):
    wrong = []
    for name, address in slow.addresses(copy).items():
        context = slow.phone(chrome, copy.url)
        wrong += too_much(name, slow.load(context.new_page(), address))
        context.close()

    assert wrong == []


def test_the_slip_on_a_slow_line_is_light_and_stands_still(copy, chrome):
    context = slow.phone(chrome, copy.url)
    page = context.new_page()
    page.goto("/hoi/?don-vi=xa-bich-hao")
    pages.ask(page, 3)
    page.get_by_role("button", name="Gửi câu hỏi").click()
    page.wait_for_url("**/hoi/da-gui/**")

    seen = slow.load(page, page.url)
    context.close()

    assert too_much("slip", seen) == []
