"""Every page a resident meets is light enough for a village's 3G and does not jump while it loads."""

import pytest

from tests.browser import slow

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
    found = slow.load_together(chrome, copy.url, slow.addresses(copy))

    assert [w for name, seen in found.items() for w in too_much(name, seen)] == []


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "plain"])
def test_each_step_of_asking_on_a_slow_line_is_light_and_stands_still(copy, chrome, script):
    found = slow.ask_to_the_end(chrome, copy.url, script=script)

    assert tuple(found) == slow.STEPS
    assert [w for name, seen in found.items() for w in too_much(name, seen)] == []
    assert all(seen.bytes > 1_000 for seen in found.values())
