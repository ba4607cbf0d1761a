"""A notice on a phone of 360 px: written with a picture, approved by a second person, out; taps and time are counted."""

import re

import pytest
from playwright.sync_api import Locator, Page

from caunoi.files.tests.samples import photo
from tools import pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TITLE, SHORT, SHOWN = (
    "Tiêm phòng cho trâu bò",
    "8 giờ thứ Bảy tại nhà văn hoá xóm.",
    "Trâu bò chờ tiêm",
)
MOST_TAPS = 10
SECONDS_A_TAP, SECONDS_A_LETTER = 1.5, 0.25
"""An unhurried thumb: looking for the place included, four letters a second."""


class Thumb:
    """Taps and types on one phone, and counts."""

    taps, letters = 0, 0

    def tap(self, place: Locator) -> None:
        Thumb.taps += 1
        place.click()

    def type(self, words: str, page: Page) -> None:
        Thumb.letters += len(words)
        page.keyboard.type(words)


def no_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_writing_with_a_picture_approving_and_publishing_takes_ten_taps_and_less_than_a_minute(
    copy, person
):
    thumb, an, binh = Thumb(), person(width=360), person(width=360)
    pages.sign_in(an, "an")
    pages.sign_in(binh, "binh")

    # nothing that somebody began before comes back into the empty composer
    copy.rows("DELETE FROM notices_noticescratch RETURNING id")
    an.goto("/quan-tri/thong-bao/")
    thumb.tap(an.get_by_role("link", name="Viết thông báo"))
    thumb.tap(an.get_by_label("Tiêu đề"))
    thumb.type(TITLE, an)
    thumb.tap(an.get_by_label("Bản ngắn"))
    thumb.type(SHORT, an)
    with an.expect_file_chooser() as choosing:
        thumb.tap(an.get_by_text("Thêm ảnh"))
    choosing.value.set_files(
        {"name": "trau.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(1200, 900))}
    )
    Thumb.taps += 1  # the picture itself, in the phone's own gallery
    an.locator("[data-new-picture] img").wait_for()
    thumb.type(SHOWN, an)
    assert an.locator("#id_new_alt").input_value() == SHOWN
    an.locator(".surface").first.wait_for()
    row = [
        an.get_by_role("button", name=n).bounding_box()
        for n in ("Gửi duyệt", "Lưu nháp", "Xem trước")
    ]
    assert len({round(box["y"]) for box in row}) == 1
    assert no_sideways(an)
    thumb.tap(an.get_by_role("button", name="Gửi duyệt"))
    an.get_by_text("Đã gửi duyệt. Người khác duyệt.").or_(
        an.get_by_text("Chờ duyệt")
    ).first.wait_for()

    binh.goto("/hom-nay/")
    thumb.tap(binh.get_by_role("link", name=re.compile(TITLE)).first)
    binh.get_by_alt_text(SHOWN).first.wait_for()
    assert no_sideways(binh)
    thumb.tap(binh.get_by_role("button", name=re.compile("duyệt", re.IGNORECASE)).first)
    binh.get_by_text("Đã duyệt.").wait_for()

    def out():
        return copy.rows(
            "SELECT number FROM notices_notice WHERE title = %s AND published_at IS NOT NULL", TITLE
        )

    copy.wait_for(out, 60, "the notice never went out")
    resident = person(width=360)
    resident.goto(f"/thong-bao/{out()[0][0]}/")
    resident.get_by_alt_text(SHOWN).wait_for()
    assert Thumb.taps <= MOST_TAPS
    assert Thumb.taps * SECONDS_A_TAP + Thumb.letters * SECONDS_A_LETTER < 60


def test_what_is_typed_is_back_when_the_page_is_loaded_again_with_and_without_a_network(
    copy, person
):
    writer = person(width=360)
    pages.sign_in(writer, "an")
    writer.clock.install()
    writer.goto("/quan-tri/thong-bao/moi/")
    title, short = writer.get_by_label("Tiêu đề"), writer.get_by_label("Bản ngắn")
    title.fill("Họp xóm bàn")
    short.fill("19 giờ tối nay.")
    with writer.expect_response(lambda r: r.request.method == "POST"):
        writer.clock.fast_forward(4_000)
    writer.evaluate("localStorage.clear()")
    writer.reload()
    assert (title.input_value(), short.input_value()) == ("Họp xóm bàn", "19 giờ tối nay.")

    writer.route("**/*", lambda way: way.abort() if way.request.method == "POST" else way.fallback())  # fmt: skip
    title.fill("Họp xóm bàn làm đường")
    writer.clock.fast_forward(4_000)
    writer.get_by_text("Mất mạng").wait_for()
    writer.reload()
    assert (title.input_value(), short.input_value()) == ("Họp xóm bàn làm đường", "19 giờ tối nay.")  # fmt: skip
    # a page that is left keeps what was typed once more
    writer.goto("about:blank")
    writer.context.close()
    copy.rows("DELETE FROM notices_noticescratch RETURNING id")
