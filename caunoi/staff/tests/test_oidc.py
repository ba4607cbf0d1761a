"""A province's own sign-in vouches for its staff: the whole road there and back, against a provider that listens on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from caunoi.kit import keyring
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.staff.tests.test_sign_in import SECRET, code_now
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
HERE = "/tai-khoan/oidc/oidc/login/"
TODAY = "/hom-nay/"


class Provider(BaseHTTPRequestHandler):
    """Just enough of OpenID Connect: discovery, a token for the one code, and who it is."""

    person: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        return

    def _say(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        root = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": root,
                    "authorization_endpoint": f"{root}/authorize",
                    "token_endpoint": f"{root}/token",
                    "userinfo_endpoint": f"{root}/userinfo",
                    "jwks_uri": f"{root}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer good":
            self._say(self.person)
        else:
            self._say({"error": "invalid"}, 401)

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append(self.path)
        right = given.get("code") == ["one-time"] and given.get("client_secret") == ["hush"]
        if right:
            self._say({"access_token": "good", "token_type": "Bearer", "expires_in": 60})
        else:
            self._say({"error": "invalid_grant"}, 400)


@pytest.fixture
def provider(settings, tmp_path) -> Iterator[type[Provider]]:
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = {
        "provider_id": "oidc",
        "name": "Tỉnh",
        "client_id": "caunoi",
        "secret": "hush",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    Provider.person, Provider.asked = {}, []
    yield Provider
    server.shutdown()
    server.server_close()
    thread.join()


def officer(name: str, role: Role) -> Account:
    staff = make_staff(name=name, unit_id=small_tree()["bich_hao"].pk, role=role)
    Authenticator.objects.filter(user_id=staff.account_id).delete()
    return Account.objects.get(pk=staff.account_id)


def there_and_back(client: Client, *, code: str = "one-time"):
    """Press the button, let the provider say yes, come back."""
    sent = client.post(HERE)
    assert sent.status_code == 302
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert asked["client_id"] == ["caunoi"]
    back = urlsplit(asked["redirect_uri"][0]).path
    return client.get(back, {"code": code, "state": asked["state"][0]}, follow=True)


def vouched(email: str, *, verified: bool = True) -> dict[str, Any]:
    return {"sub": "42", "email": email, "email_verified": verified, "name": "Ai đó"}


def test_an_officer_whom_the_province_vouches_for_comes_in(provider):
    an = officer("Nguyễn Thị An", Role.CASE_OFFICER)
    provider.person = vouched(an.email)
    client = Client()
    there_and_back(client)
    assert client.get(TODAY).status_code == 200
    assert int(client.session["_auth_user_id"]) == an.pk


def test_an_approver_still_shows_the_second_factor(provider):
    binh = officer("Trần Văn Bình", Role.APPROVER)
    totp.TOTP.activate(binh, SECRET)
    provider.person = vouched(binh.email)
    client = Client()
    page = there_and_back(client)
    assert page.redirect_chain[-1][0].startswith("/tai-khoan/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    client.post("/tai-khoan/2fa/authenticate/", {"code": code_now()})
    assert client.get(TODAY).status_code == 200


@pytest.mark.parametrize("verified", [True, False])
def test_a_stranger_gets_no_account(provider, verified):
    officer("Nguyễn Thị An", Role.CASE_OFFICER)
    provider.person = vouched("nguoi-la@noi-khac.example", verified=verified)
    before = Account.objects.count()
    client = Client()
    there_and_back(client)
    assert "_auth_user_id" not in client.session
    assert Account.objects.count() == before


def test_an_address_that_the_provider_has_not_checked_opens_nothing(provider):
    an = officer("Nguyễn Thị An", Role.CASE_OFFICER)
    provider.person = vouched(an.email, verified=False)
    client = Client()
    there_and_back(client)
    assert "_auth_user_id" not in client.session


def test_a_wrong_code_says_so_in_vietnamese_and_opens_nothing(provider):
    an = officer("Nguyễn Thị An", Role.CASE_OFFICER)
    provider.person = vouched(an.email)
    client = Client()
    page = there_and_back(client, code="stolen")
    assert "_auth_user_id" not in client.session
    assert "Chưa đăng nhập được" in page.content.decode()


def test_an_answer_that_nobody_asked_for_opens_nothing(provider):
    an = officer("Nguyễn Thị An", Role.CASE_OFFICER)
    provider.person = vouched(an.email)
    client = Client()
    client.get("/tai-khoan/oidc/oidc/login/callback/", {"code": "one-time", "state": "made-up"})
    assert "_auth_user_id" not in client.session
    assert "/token" not in provider.asked
