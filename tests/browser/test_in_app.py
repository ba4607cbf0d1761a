"""Links are opened inside Zalo and Facebook: asking works there from the first word to the slip, with and without JavaScript,
with storage switched off and no cookie but our own."""

import re
from urllib.parse import urlsplit

import pytest

from caunoi.files.tests import samples

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; SM-A107F Build/QP1A.190711.020; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148"
)
INSIDE = {
    "zalo-android": f"{ANDROID} Zalo android/12110513 ZaloTheme/light ZaloLanguage/vi",
    "zalo-iphone": f"{IPHONE} Zalo iOS/622 ZaloTheme/light ZaloLanguage/vi",
    "facebook-android": f"{ANDROID} [FB_IAB/FB4A;FBAV/450.0.0.36.112;IABMV/1;]",
    "facebook-iphone": f"{IPHONE} [FBAN/FBIOS;FBAV/450.0.0.38.108;FBBV/564431005;FBDV/iPhone12,1;FBLC/vi_VN]",
}
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
  Object.defineProperty(window, name, {get() { throw new DOMException("blocked", "SecurityError"); }});
Object.defineProperty(navigator, "serviceWorker", {value: undefined});
window.open = () => { throw new Error("pop-up"); };
"""


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "plain"])
@pytest.mark.parametrize("inside", INSIDE)
def test_asking_inside_another_app(copy, person, inside, script):
    page = person(width=360, user_agent=INSIDE[inside], is_mobile=True, java_script_enabled=script)
    page.add_init_script(NO_STORAGE)
    hosts, troubles = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    text = f"Loa truyền thanh xóm 2 hỏng, bao giờ sửa? ({inside}, {script})"

    page.goto("/hoi/?don-vi=xa-bich-hao")
    page.locator("#id_text").fill(text)
    page.locator("#id_photos").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": samples.photo(size=(1200, 900))}]
    )
    if script:
        page.locator("[data-thumbs] img").wait_for()
    page.get_by_role("button", name="Tiếp tục").click()
    page.locator("#id_place").fill("Xóm 2")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Gửi câu hỏi").click()

    number = page.locator("dd.num b").first.inner_text()
    assert re.fullmatch(r"NA-\d{4}-\d{6}", number)
    kept = copy.rows(
        "SELECT f.media_type FROM files_storedfile f JOIN cases_case c ON c.id = f.case_id WHERE number = %s",
        number,
    )
    assert kept == [("image/webp",)]
    assert troubles == []
    assert hosts - {""} == {urlsplit(copy.url).netloc}
    assert {c["domain"] for c in page.context.cookies()} == {"127.0.0.1"}
