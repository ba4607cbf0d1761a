"""A phone without network: the question stays on it, with its photos, and is sent once when the network is back."""

import re

import pytest

from caunoi.files.tests import samples

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
KEPT = "askOutbox.all().then((all) => all.map((one) => [one.state, JSON.stringify(one)]))"


def words(number):
    return f"Suối bản tôi cạn, đường ống hỏng từ tuần trước, lần {number}."


def cases(copy, text):
    return copy.rows("SELECT id, number FROM cases_case WHERE text = %s", text)


def photos_of(copy, case_id):
    return copy.rows(
        "SELECT width, height, size_bytes FROM files_storedfile WHERE case_id = %s", case_id
    )


def until(page, asked):
    """Wait until the browser answers yes to something it must look up (a promise)."""
    for _ in range(200):
        if page.evaluate(asked):
            return
        page.wait_for_timeout(100)
    raise AssertionError(asked)


def first_visit(person):
    """Open the ask page once and wait until the browser has kept the form."""
    page = person(width=360)
    page.goto("/hoi/?don-vi=xa-bich-hao")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until(page, "caches.match('/hoi/ngoai-tuyen/').then(Boolean)")
    until(page, "Boolean(navigator.serviceWorker.controller)")
    return page


def photo(size=(3000, 2000)):
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": samples.noise(size=size)}


def write_offline(page, text, *, photos=()):
    page.context.set_offline(True)
    page.goto("/hoi/")
    page.get_by_role("heading", name="Hỏi khi không có mạng").wait_for()
    page.locator("#id_text").fill(text)
    if photos:
        page.locator("#id_photos").set_input_files(list(photos))
        page.wait_for_function(
            "(n) => document.querySelectorAll('[data-thumbs] img').length === n", arg=len(photos)
        )
    page.locator("#id_unit").fill("Xã Bích Hào")
    page.get_by_role("button", name="Giữ lại, có mạng thì gửi").click()
    page.get_by_text("Chờ gửi").wait_for()


def test_a_question_written_without_network_is_sent_when_it_is_back(copy, person):
    page = first_visit(person)
    write_offline(page, words(1), photos=[photo()])
    assert cases(copy, words(1)) == []

    page.context.set_offline(False)

    page.get_by_text("Đã gửi", exact=True).wait_for()
    ((case_id, number),) = cases(copy, words(1))
    assert page.get_by_text(re.compile(f"Số {number} · Mã ")).count() == 1
    ((width, height, size),) = photos_of(copy, case_id)
    assert max(width, height) <= 1600
    assert size <= 300_000
    ((state, kept),) = page.evaluate(KEPT)
    assert state == "sent"
    assert words(1) not in kept
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-forget]").click()
    until(page, f"{KEPT}.then((rows) => rows.length === 0)")


def test_the_same_sending_twice_is_one_case(copy, person):
    page = first_visit(person)
    write_offline(page, words(2), photos=[photo((600, 400))])
    again = """askOutbox.all().then((all) => { self.saved = all[0]; })"""
    page.evaluate(again)

    page.context.set_offline(False)
    page.get_by_text("Đã gửi", exact=True).wait_for()
    # The answer was lost on the way: the phone thinks that it must send again.
    page.evaluate("askOutbox.keep(self.saved).then(() => askOutbox.sendAll())")

    ((case_id, _),) = cases(copy, words(2))
    assert len(photos_of(copy, case_id)) == 1


def test_a_tab_killed_while_it_sends_leaves_one_case(copy, person):
    """The server has the question, the phone never heard so: the tab is gone before the answer. The next visit sends again."""
    page = first_visit(person)
    # The page itself sends: where the browser can send without it (Background Sync) the worker may be the quicker one.
    page.context.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    write_offline(page, words(8), photos=[photo((600, 400))])
    came = []

    def swallow(route):
        if route.request.method != "POST":
            return route.continue_()
        came.append(route.fetch().status)
        return route.abort()

    page.route("**/hoi/gui/", swallow)
    page.context.set_offline(False)
    for _ in range(300):
        if came:
            break
        page.wait_for_timeout(100)
    later = page.context.new_page()
    page.close()
    assert came == [200]

    later.goto("/hoi/ngoai-tuyen/")
    until(later, "askOutbox.all().then((all) => all.length === 1 && all[0].state === 'sent')")

    ((case_id, number),) = cases(copy, words(8))
    assert len(photos_of(copy, case_id)) == 1
    later.get_by_text(re.compile(f"Số {number} · Mã ")).wait_for()


def test_the_browser_sends_what_waits_when_it_finds_the_network_by_itself(copy, chrome):
    """Background Sync: no page of ours is open any more; the browser wakes the worker (here by its own test door)."""
    context = chrome.new_context(
        base_url=copy.url, locale="vi-VN", viewport={"width": 360, "height": 800}
    )
    context.grant_permissions(["background-sync"], origin=copy.url)
    page = first_visit(lambda **_: context.new_page())
    write_offline(page, words(7))
    page.goto("about:blank")
    context.set_offline(False)
    cdp = context.new_cdp_session(page)
    registrations = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(event["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    for _ in range(100):
        if registrations:
            break
        page.wait_for_timeout(50)
    cdp.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": copy.url,
            "registrationId": registrations[0]["registrationId"],
            "tag": "caunoi-ask",
            "lastChance": False,
        },
    )

    copy.wait_for(lambda: cases(copy, words(7)), 30, "the worker sent nothing")
    context.close()
    assert len(cases(copy, words(7))) == 1


def test_what_was_typed_is_there_after_the_tab_was_closed(person):
    page = first_visit(person)
    page.locator("#id_text").fill(words(3))
    page.locator("#id_photos").set_input_files([photo((600, 400))])
    page.locator("[data-thumbs] img").wait_for()
    until(page, "askOutbox.draft().then((d) => Boolean(d && d.photos.length))")

    later = page.context.new_page()
    page.close()
    later.goto("/hoi/")

    later.locator("[data-thumbs] img").wait_for()
    assert later.locator("#id_text").input_value() == words(3)
    later.get_by_role("button", name="Xoá khỏi máy này").click()
    until(later, "askOutbox.draft().then((d) => !d)")
    assert later.locator("#id_text").input_value() == ""


def test_a_commune_nobody_knows_is_said_and_the_question_can_be_opened_again(copy, person):
    page = first_visit(person)
    page.context.set_offline(True)
    page.goto("/hoi/")
    page.locator("#id_text").fill(words(4))
    page.locator("#id_unit").fill("Xã Không Có Thật")
    page.get_by_role("button", name="Giữ lại, có mạng thì gửi").click()
    page.get_by_text("Chờ gửi").wait_for()

    page.context.set_offline(False)
    page.get_by_text("Không có xã tên này", exact=False).wait_for()
    page.get_by_role("button", name="Mở ra sửa").click()
    page.get_by_role("heading", name="Câu hỏi của bà con").wait_for()

    until(page, "document.querySelector('#id_text').value !== ''")
    assert page.locator("#id_text").input_value() == words(4)
    assert cases(copy, words(4)) == []


def test_sending_the_last_step_without_network_loses_nothing(copy, person):
    page = first_visit(person)
    page.locator("#id_text").fill(words(5))
    page.get_by_role("button", name="Tiếp tục").click()
    page.locator("#id_unit").wait_for()
    page.context.set_offline(True)

    page.get_by_role("button", name="Tiếp tục").click()

    page.get_by_role("heading", name="Hỏi khi không có mạng").wait_for()
    until(page, "document.querySelector('#id_text').value !== ''")
    assert page.locator("#id_text").input_value() == words(5)
    assert page.locator("#id_unit").input_value() == "Xã Bích Hào"


def test_one_may_speak_instead_of_writing(copy, chrome):
    context = chrome.new_context(
        base_url=copy.url, locale="vi-VN", viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    # No microphone here: a tone stands for a voice, the recorder is the browser's own.
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { const c = new AudioContext(); const o = c.createOscillator();"
        " const d = c.createMediaStreamDestination(); o.connect(d); o.start(); return d.stream; };"
    )
    page.goto("/hoi/?don-vi=xa-bich-hao")
    page.get_by_role("button", name="Nói thay cho viết").click()
    page.get_by_text("0:01 / 1:30").wait_for()
    page.get_by_role("button", name="Dừng").click()
    page.locator("[data-audio][src^=blob]").wait_for()
    for _ in range(3):
        page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_text("Bằng giọng nói, trong tệp ghi âm").wait_for()
    page.get_by_role("button", name="Gửi câu hỏi").click()
    number = page.locator("dd.num b").first.inner_text()
    context.close()

    rows = copy.rows(
        "SELECT f.kind, f.media_type FROM files_storedfile f JOIN cases_case c ON c.id = f.case_id WHERE number = %s",
        number,
    )
    assert rows == [("voice", "audio/webm")]
