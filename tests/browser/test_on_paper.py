"""A campaign printed for a notice board: its numbers and its account, and nothing that can only be pressed."""

import io

import pytest
import zxingcpp
from PIL import Image

from caunoi.funds import codes, vietqr

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


def test_the_payment_code_is_read_from_the_printed_sheet(copy, person):
    """As a scanner sees the A4 sheet at 192 dots an inch; account and campaign stand in it field by field."""
    page = person(width=794, device_scale_factor=2)
    page.goto("/van-dong/lu-quet-ky-son/")
    page.emulate_media(media="print")
    page.locator("img.pay").first.evaluate("(img) => img.decode()")

    sheet = Image.open(io.BytesIO(page.screenshot(full_page=True)))

    (code,) = {c.text for c in zxingcpp.read_barcodes(sheet) if c.text.startswith("000201")}
    paid = vietqr.read(code)
    ((bank, account, number),) = copy.rows(
        "SELECT c.bank, c.account_number, d.number FROM campaigns_campaign c JOIN campaigns_transfercode d ON d.campaign_id = c.id"
        " WHERE c.slug = 'lu-quet-ky-son' AND d.gift_id IS NULL AND d.need_id IS NULL AND d.purpose = ''"
    )
    assert (paid.bank, paid.account) == (bank, account)
    assert codes.code_of(number) in paid.memo


def test_the_codes_on_a_printed_notice_board_lead_to_its_notices(copy, person):
    page = person(width=794, device_scale_factor=2)
    page.goto("/don-vi/xa-bich-hao/bang-tin/")
    page.emulate_media(media="print")
    shown = page.locator(".board-item")
    for code in page.locator(".board-item img").all():
        code.evaluate("(img) => img.decode()")

    sheet = Image.open(io.BytesIO(page.screenshot(full_page=True)))

    read = {c.text for c in zxingcpp.read_barcodes(sheet)}
    written = {a.strip() for a in page.locator(".board-item .breaks").all_text_contents()}
    assert read == written
    assert len(read) == shown.count() > 1
    public = {number for (number,) in copy.rows("SELECT number FROM notices_notice WHERE published_at IS NOT NULL")}  # fmt: skip
    assert {address.rstrip("/").rsplit("/", 1)[1] for address in read} <= public
