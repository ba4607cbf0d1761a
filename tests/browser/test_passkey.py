"""An approver adds a passkey on her own device and comes in with it alone the next time."""

from urllib.parse import urlsplit, urlunsplit

import pytest

from caunoi.staff import demo
from tools import pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def at_localhost(address):
    """A passkey belongs to a name, never to a bare address."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=f"localhost:{parts.port}"))


def test_a_passkey_added_once_opens_the_desk_without_password_and_code(person, copy):
    page = person(width=360)
    phone = page.context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(at_localhost(f"{copy.url}/tai-khoan/login/"))
    page.locator("#id_login").fill("binh" + demo.DOMAIN)
    page.locator("#id_password").fill(demo.PASSWORD)
    page.locator("#id_password").press("Enter")
    page.locator("#id_code").fill(pages.fresh_code("binh"))
    page.locator("#id_code").press("Enter")
    page.wait_for_url("**/hom-nay/")

    page.goto(at_localhost(f"{copy.url}/tai-khoan/2fa/webauthn/add/"))
    page.locator("#id_name").fill("Điện thoại của Bình")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.get_by_text("Đã thêm khoá đăng nhập.").wait_for()
    page.goto(at_localhost(f"{copy.url}/tai-khoan/2fa/webauthn/"))
    page.get_by_text("Điện thoại của Bình", exact=True).first.wait_for()

    page.context.clear_cookies()
    page.goto(at_localhost(f"{copy.url}/hom-nay/"))
    page.wait_for_url("**/login/**")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/hom-nay/")
