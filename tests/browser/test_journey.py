"""A newcomer plays the resident in the simulator and the officers at the desk, by every door."""

import re

import pytest
from playwright.sync_api import Error

from caunoi.cli import sample
from tools import pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAGE, OA = sample.PAGES[0]["id"], sample.OAS[0]["id"]


def control(copy, path, body):
    answer = copy.outside("POST", path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def look(copy, path, **query):
    return copy.outside("GET", path, params=query).json()


@pytest.fixture(scope="module")
def an(chrome, copy):
    context = chrome.new_context(
        base_url=copy.url, viewport={"width": 1280, "height": 900}, locale="vi-VN"
    )
    page = context.new_page()
    pages.sign_in(page, "an")
    yield page
    context.close()


@pytest.fixture(scope="module")
def binh(chrome, copy):
    context = chrome.new_context(
        base_url=copy.url, viewport={"width": 360, "height": 800}, locale="vi-VN"
    )
    page = context.new_page()
    pages.sign_in(page, "binh")
    yield page
    context.close()


def number_of(copy, text):
    def there():
        return copy.rows("SELECT number FROM cases_case WHERE text = %s", text)

    copy.wait_for(there, 90, f"no case for {text!r}")
    rows = there()
    assert len(rows) == 1
    return rows[0][0]


def go(page, address):
    """Open another page, also while the one before is still turning to where it was sent last."""
    try:
        page.goto(address)
    except Error as error:
        if "interrupted by another navigation" not in str(error):
            raise
        page.wait_for_load_state()
        page.goto(address)


def answer(an, binh, number, text):
    go(an, f"/vu-viec/{number}/")
    an.locator("#answer-text").fill(text)
    an.get_by_role("button", name="Gửi duyệt").click()
    an.get_by_text("Đã gửi duyệt.").wait_for()
    go(binh, f"/vu-viec/{number}/")
    binh.get_by_role("button", name=re.compile("duyệt và gửi", re.IGNORECASE)).click()
    binh.get_by_text("Đã duyệt.").wait_for()


def public_page(person, number, words):
    """Open the public page, again and again until these words stand there: an approval waits ten seconds."""
    page = person(width=360)
    for _ in range(60):
        page.goto(f"/hoi/{number}/")
        if page.get_by_text(words).count():
            return page
        page.wait_for_timeout(1_000)
    raise AssertionError(f"{words!r} never stood on /hoi/{number}/")


def test_a_facebook_comment_is_answered_under_it(copy, person, an, binh):
    resident = person(width=360)
    resident.goto(f"{copy.simulator_url}/facebook/{PAGE}?person={sample.PEOPLE[0]['id']}")
    text = "Bao giờ xã có nước sạch hả cán bộ? Nhà tôi số 0987 654 321."
    box = resident.locator("form[method=post] textarea, form[method=post] input[type=text]").first
    box.fill(text)
    box.locator("xpath=ancestor::form").get_by_role("button").first.click()
    number = number_of(copy, text)

    answer(an, binh, number, "Tháng 12 xã đóng điện trạm bơm, bà con có nước sạch.")

    def under_it():
        return [
            c
            for c in look(copy, "comments", post="")["comments"]
            if "trạm bơm" in c.get("text", c.get("message", ""))
        ]

    copy.wait_for(under_it, 90, "no answer under the comment")
    assert len(under_it()) == 1
    resident.goto(f"{copy.simulator_url}/facebook/{PAGE}")
    assert "trạm bơm" in resident.content()
    page = public_page(person, number, "trạm bơm")
    assert "0987" not in page.content()
    assert page.get_by_text("[số điện thoại đã ẩn]").count() >= 1


@pytest.mark.parametrize(
    ("provider", "account", "path", "field"),
    [("facebook", PAGE, "facebook/message", "page"), ("zalo", OA, "zalo/message", "oa")],
)
def test_a_private_message_is_answered_in_the_chat(
    copy, person, an, binh, provider, account, path, field
):
    someone = sample.PEOPLE[1]["id"]
    text = f"Cho hỏi lịch gieo mạ vụ xuân năm nay ngày nào ({provider})?"
    control(copy, path, {field: account, "person": someone, "text": text})
    number = number_of(copy, text)

    answer(an, binh, number, "Gieo mạ từ ngày 10 đến 20 tháng 1.")

    def in_chat():
        chat = look(copy, "chat", provider=provider, account=account, person=someone)["messages"]
        return [m for m in chat if "Gieo mạ từ ngày" in m.get("text", "")]

    copy.wait_for(in_chat, 90, "no answer in the chat")
    assert len(in_chat()) == 1
    public_page(person, number, "Gieo mạ từ ngày")


def test_the_web_form_in_four_steps_without_javascript(copy, person, an, binh):
    resident = person(width=360, java_script_enabled=False)
    resident.goto("/hoi/?don-vi=xa-bich-hao")
    text = "Đường điện xóm 2 chập chờn mấy tuần nay, ai sửa?"
    resident.locator("#id_text").fill("?")
    resident.get_by_role("button", name="Tiếp tục").click()
    resident.get_by_text("Viết vài chữ").first.wait_for()
    assert resident.locator("#id_text").input_value() == "?"
    resident.locator("#id_text").fill(text)
    resident.get_by_role("button", name="Tiếp tục").click()
    resident.get_by_role("button", name="Tiếp tục").click()
    resident.locator("#id_name").fill("Lê Thị Dung")
    resident.get_by_role("button", name="Tiếp tục").click()
    resident.get_by_text(text).first.wait_for()
    resident.get_by_role("button", name="Gửi câu hỏi").click()
    shown = resident.locator("dd b.num, dd.num b").first.inner_text()
    assert re.fullmatch(r"NA-\d{4}-\d{6}", shown)

    answer(an, binh, shown, "Điện lực đã thay dây ngày 20/11.")

    page = public_page(person, shown, "Điện lực đã thay dây")
    assert "Lê Thị Dung" not in page.content()


def test_an_old_commune_name_leads_to_the_office_of_today(person):
    resident = person(width=360, java_script_enabled=False)
    resident.goto("/hoi/")
    resident.locator("#id_text").fill("Giấy tờ ghi xã cũ còn dùng được không?")
    resident.get_by_role("button", name="Tiếp tục").click()
    resident.locator("#id_unit").fill("thanh xuan")
    resident.get_by_role("button", name="Tiếp tục").click()

    offered = resident.get_by_role("button", name=re.compile("Xã Bích Hào"))
    offered.first.wait_for()
    assert offered.count() == 1


def test_a_village_cadre_takes_in_a_question_for_somebody_without_a_phone(copy, person, an, binh):
    cadre = person(width=360)
    pages.sign_in(cadre, "duc")
    cadre.goto("/tiep-dan/")
    text = "Bà cụ Hoa hỏi: bao giờ có thẻ bảo hiểm y tế mới?"
    cadre.locator("#id_text").fill(text)
    cadre.get_by_role("button", name="Tiếp dân").last.click()
    number = cadre.locator("dd.num b, dd b.num").first.inner_text()

    answer(an, binh, number, "Thẻ mới phát tại nhà văn hoá từ ngày 1/12.")

    public_page(person, number, "Thẻ mới phát")
