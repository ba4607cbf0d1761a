"""A notice is said in another language on a phone: the browser's own recorder, its file in the form, its length known to the house."""

import pytest

from tools import pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_collaborator_says_a_notice_on_her_phone(copy, person):
    ((notice,),) = copy.rows(
        "SELECT id FROM notices_notice WHERE title LIKE %s LIMIT 1", "Tiêm phòng%"
    )
    page = person(width=360)
    # No microphone here: a tone stands for a voice, the recorder is the browser's own.
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { const c = new AudioContext(); const o = c.createOscillator();"
        " const d = c.createMediaStreamDestination(); o.connect(d); o.start(); return d.stream; };"
    )
    pages.sign_in(page, "an")
    page.goto(f"/quan-tri/thong-bao/{notice}/tieng/ium/audio/")

    page.get_by_role("button", name="Ghi âm", exact=True).click()
    page.get_by_text("0:02 / 1:00").wait_for()
    page.get_by_role("button", name="Dừng").click()
    page.locator("[data-audio][src^=blob]").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Chuyển cho người thứ hai").click()

    page.get_by_text("Chờ người thứ hai").first.wait_for()
    ((state, media_type, seconds),) = copy.rows(
        "SELECT state, media_type, seconds FROM notices_variant WHERE notice_id = %s AND language = 'ium'",
        notice,
    )
    assert (state, media_type) == ("to_read", "audio/webm")
    assert 1 <= seconds <= 15
