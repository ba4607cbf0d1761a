"""An officer and an approver work through a case without ever touching a mouse, on a PC and on a phone with a keyboard."""

import pytest

from caunoi.cli import sample
from caunoi.staff import demo
from tools import pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
QUESTION = sample.QUESTIONS[7][0]
MOST_STEPS = 160
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const at = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 40) / 2);
  return {
    id: e.id,
    text: (e.innerText || (e.labels && e.labels[0] ? e.labels[0].innerText : "") || e.ariaLabel || "").trim(),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: !!at && (e.contains(at) || at.contains(e)),
  };
}"""


def step(page):
    """Press Tab once. -> what has the focus now, which must be visible and not covered."""
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    if focused:
        assert focused["outlined"], f"no ring around {focused} on {page.url}"
        assert focused["seen"], f"covered: {focused} on {page.url}"
    return focused


def reach(page, wanted):
    """Press Tab until something with this id or these words has the focus."""
    met = []
    for _ in range(MOST_STEPS):
        focused = step(page)
        if focused and (focused["id"] == wanted or wanted in focused["text"]):
            return
        met.append(focused["text"][:30] if focused else "")
    raise AssertionError(f"{wanted!r} was not reached on {page.url}: {met}")


def press(page, wanted, key="Enter"):
    reach(page, wanted)
    page.keyboard.press(key)


def sign_in(page, word):
    page.goto("/tai-khoan/login/")
    reach(page, "id_login")
    page.keyboard.type(word + demo.DOMAIN)
    reach(page, "id_password")
    page.keyboard.type(demo.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    if page.locator("#id_code").count():
        reach(page, "id_code")
        page.keyboard.type(pages.fresh_code(word))
        page.keyboard.press("Enter")
    page.wait_for_url("**/hom-nay/")


def test_a_case_is_answered_and_approved_with_the_keyboard_alone(person):
    an = person(width=1280)
    sign_in(an, "an")
    assert step(an)["text"] == "Đến phần chính"
    an.keyboard.press("Enter")
    press(an, QUESTION)
    an.wait_for_url("**/vu-viec/**")
    reach(an, "answer-text")
    an.keyboard.type("Xã đã lập biên bản, trại phải xây bể lắng trước ngày 15/12.")
    press(an, "Gửi duyệt")
    an.get_by_text("Đã gửi duyệt.").wait_for()

    binh = person(width=360)
    sign_in(binh, "binh")
    press(binh, "Hộp thư")
    binh.wait_for_url("**/hop-thu/**")
    press(binh, "Chờ duyệt")
    binh.wait_for_url("**view=**")
    press(binh, QUESTION)
    binh.wait_for_url("**/vu-viec/**")
    press(binh, "Duyệt và gửi")
    binh.get_by_text("Đã duyệt.").wait_for()
