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
    over: at ? `${at.tagName}.${at.className}` : `nothing at ${Math.round(box.left)}, ${Math.round(box.top)}`,
  };
}"""


def step(page):
    """Press Tab once. -> what has the focus now, which must be visible and not covered."""
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    for _ in range(20):
        if not focused or focused["seen"]:
            break
        # a panel that comes later (what was answered before, "saved") moves the page under her for a moment
        page.wait_for_timeout(100)
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


def sign_in_with_keys(page, word):
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
    sign_in_with_keys(an, "an")
    assert step(an)["text"] == "Đến phần chính"
    an.keyboard.press("Enter")
    press(an, QUESTION)
    an.wait_for_url("**/vu-viec/**")
    reach(an, "answer-text")
    an.keyboard.type("Xã đã lập biên bản, trại phải xây bể lắng trước ngày 15/12.")
    press(an, "Gửi duyệt")
    an.get_by_text("Đã gửi duyệt.").wait_for()

    binh = person(width=360)
    sign_in_with_keys(binh, "binh")
    press(binh, "Hộp thư")
    binh.wait_for_url("**/hop-thu/**")
    press(binh, "Chờ duyệt")
    binh.wait_for_url("**view=**")
    press(binh, QUESTION)
    binh.wait_for_url("**/vu-viec/**")
    press(binh, "Duyệt và gửi")
    binh.get_by_text("Đã duyệt.").wait_for()


def keys(page, *pressed):
    for key in pressed:
        page.keyboard.press(key)


def focused(page):
    return page.evaluate("document.activeElement.id")


def to_row(page, words):
    """Press j until the row with these words has the focus; the ring is seen on the way."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("j")
        row = page.evaluate(FOCUSED)
        assert row, page.url
        assert row["outlined"], row
        assert row["seen"], row
        if words in row["text"]:
            return
    raise AssertionError(f"{words!r} stands in no row of {page.url}")


@pytest.mark.parametrize(("width", "which"), [(1280, 4), (360, 1)])
def test_the_whole_desk_is_walked_with_its_keys(person, width, which):
    words = sample.QUESTIONS[which][0][:30]
    an = person(width=width)
    pages.sign_in(an, "an")
    keys(an, "g", "i")
    an.wait_for_url("**/hop-thu/**")
    to_row(an, words)
    keys(an, "Enter")
    an.locator("#case h1").get_by_text(words).wait_for()
    keys(an, "n")
    an.wait_for_url("**tab=note**")
    an.wait_for_function("document.activeElement.id === 'note-text'")
    an.keyboard.type("jk x e u đã gọi điện")
    keys(an, "Control+Enter")
    an.get_by_text("Đã ghi").first.wait_for()
    assert an.get_by_text("jk x e u đã gọi điện").count()
    keys(an, "*")
    an.get_by_text("Đã đánh dấu sao;").wait_for()
    keys(an, "f")
    an.wait_for_url("**/chuyen/")
    keys(an, "Escape")
    an.wait_for_url("**/vu-viec/*/")
    keys(an, "a")
    assert an.evaluate("document.activeElement.closest('#tool-assign') !== null")
    keys(an, "r")
    an.wait_for_function("document.activeElement.id === 'answer-text'")
    an.keyboard.type("Xã đã cử cán bộ xuống xem, trả lời trong tuần này.")
    keys(an, "Escape")
    assert focused(an) != "answer-text"
    an.get_by_text("Đã lưu").first.wait_for()
    keys(an, "r", "Control+Enter")
    an.get_by_text("Đã gửi duyệt.").wait_for()

    binh = person(width=width)
    pages.sign_in(binh, "binh")
    keys(binh, "g", "i")
    binh.wait_for_url("**/hop-thu/**")
    press(binh, "Chờ duyệt")
    binh.wait_for_url("**view=approval**")
    to_row(binh, words)
    keys(binh, "Enter")
    binh.locator("#case h1").get_by_text(words).wait_for()
    press(binh, "uyệt và gửi")
    binh.get_by_text("Gửi và đăng lúc").wait_for()
    keys(binh, "u")
    binh.get_by_text("Đã hoàn tác: chưa gửi, chưa đăng gì.").wait_for()


@pytest.mark.parametrize(("view", "then"), [("approval", "approval"), ("snoozed", "todo")])
def test_the_focus_stays_among_the_views_when_their_counts_come(person, view, then):
    binh = person(width=360)
    pages.sign_in(binh, "binh")
    asked = []
    binh.route("**dem=1*", lambda route: asked.append(route))
    binh.goto("/hop-thu/")
    reach(binh, f"pill-{view}")
    with binh.expect_response("**dem=1*"):
        asked[0].continue_()
    binh.locator("#pill-approval .num").wait_for()
    binh.wait_for_function(f"document.activeElement.id === 'pill-{then}'", timeout=5_000)


def test_help_shows_the_keys_and_whoever_turns_them_off_types_in_peace(person):
    an = person(width=1280)
    pages.sign_in(an, "an")
    keys(an, "?")
    dialog = an.locator("dialog#keys")
    dialog.wait_for()
    assert "giao cho đồng nghiệp" in dialog.inner_text()
    keys(an, "Escape")
    assert not dialog.is_visible()
    an.keyboard.press("Control+k")
    assert an.evaluate("document.activeElement.name") == "q"

    an.goto("/toi/cach-lam-viec/")
    an.get_by_label("Dùng phím tắt một chữ").uncheck()
    an.get_by_role("button", name="Lưu").click()
    an.get_by_text("Đã lưu.").wait_for()
    an.goto("/hop-thu/")
    keys(an, "j", "g", "t", "?")
    an.wait_for_timeout(300)
    assert an.url.endswith("/hop-thu/")
    assert an.evaluate("document.activeElement === document.body")
    an.goto("/toi/cach-lam-viec/")
    an.get_by_label("Dùng phím tắt một chữ").check()
    an.get_by_role("button", name="Lưu").click()
    an.get_by_text("Đã lưu.").wait_for()
