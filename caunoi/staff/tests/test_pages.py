"""Every page of the sign-in library speaks our words, in our frame."""

import ast
import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils.translation import override

from caunoi.kit import catalogue, keyring
from caunoi.staff import library_words
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
HERE = "/tai-khoan/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OUTSIDE = [
    "login/",
    "signup/",
    "inactive/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/1-x/",
    "password/reset/key/done/",
    "confirm-email/",
    "confirm-email/x/",
    "3rdparty/login/cancelled/",
    "3rdparty/login/error/",
]
INSIDE = [
    "logout/",
    "email/",
    "password/change/",
    "reauthenticate/",
    "2fa/",
    "2fa/reauthenticate/",
    "2fa/totp/activate/",
    "2fa/recovery-codes/generate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "sessions/",
    "3rdparty/",
]
ENGLISH = re.compile(
    r"\b(the|your|you|password|account|sign in|security|confirm|email addresses?)\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def ring(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)


@pytest.fixture
def an():
    tree = small_tree()
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


def signed_in(staff):
    """A browser that has just typed the password, so that the library does not ask again."""
    Authenticator.objects.all().delete()
    client = Client()
    email = Account.objects.get(pk=staff.account_id).email
    client.post(HERE + "login/", {"login": email, "password": "mật khẩu dài để thử"})
    return client


def words_of(page):
    """What a reader sees: no scripts, no tags, no attributes."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<script.*?</script>|<code.*?</code>|<[^>]+>", " ", main, flags=re.DOTALL)
    return " ".join(main.split())


@pytest.mark.parametrize("address", OUTSIDE)
def test_pages_before_signing_in_are_vietnamese_and_ours(address):
    answer = Client().get(HERE + address, follow=True)

    page = answer.content.decode()
    assert "kit/kit.css" in page
    said = words_of(page).replace("passkey", "")
    assert ENGLISH.search(said) is None, said


@pytest.mark.parametrize("address", INSIDE)
def test_pages_of_ones_own_account_are_vietnamese_and_ours(an, address):
    answer = signed_in(an).get(HERE + address, follow=True)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="desk-main' in page
    said = words_of(page).replace("passkey", "").replace("Google Authenticator", "")
    assert ENGLISH.search(said.replace("Microsoft Authenticator", "")) is None, said


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_same_pages_speak_english_when_asked(address, settings):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    said = words_of(client.get(HERE + address, follow=True).content.decode())

    plain = said.replace("Nguyễn", "")
    assert re.search(r"[ăâđêôơưạảấầậắằặẹếềệịọốồộớờợụứừự]", plain) is None, said


def test_every_sentence_the_library_can_say_to_a_person_is_in_our_catalogue():
    """Sentences of its Python code; its templates are replaced by ours."""
    root = Path(allauth.__file__).parent
    said = set()
    for room in ("account", "mfa", "usersessions"):
        for file in (root / room).rglob("*.py"):
            if not {"tests", "migrations", "commands"} & set(file.parts):
                said.update(_sentences(file))

    unknown = said - set(library_words.SENTENCES) - NEVER_SHOWN

    assert unknown == set()
    with override("vi"):
        assert all(str(s) for s in library_words.SENTENCES)
    assert ("staff", "Incorrect code.") not in catalogue.missing()


def _sentences(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "_"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


NEVER_SHOWN = {
    # no sign-up, no user names, no phone numbers, no addresses of one's own choice, no admin site
    "A user is already registered with this email address.",
    "A user is already registered with this phone number.",
    "Be patient, you are sending too many requests.",
    "Email (again)",
    "Email (optional)",
    "Email address confirmation",
    "Email or phone",
    "Enter a phone number including country code (e.g. +1 for the US).",
    "Failed to mark {email} as verified.",
    "Mark selected email addresses as verified",
    "Marked {email} as verified.",
    "Phone",
    "The email address is not assigned to any user account.",
    "The phone number and/or password you specified are not correct.",
    "The phone number is not assigned to any user account.",
    "The username and/or password you specified are not correct.",
    "This email address is already associated with this account.",
    "Username",
    "Username (optional)",
    "Username can not be used. Please use other username.",
    "Username or email",
    "Username or phone",
    "Username, email or phone",
    "You cannot activate two-factor authentication until you have verified your email address.",
    "You cannot add an email address to an account protected by two-factor authentication.",
    "You cannot add more than %d email addresses.",
    "You cannot remove your primary email address.",
    "You must type the same email each time.",
    "Your primary email address must be verified.",
    # labels and hints that our own forms replace
    "Authenticator code",
    "Code",
    "Current Password",
    "Email",
    "Email address",
    "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements such as biometrics or PIN protection.",
    "Forgot your password?",
    "New Password",
    "New Password (again)",
    "Password",
    "Password (again)",
    "Passwordless",
    "Remember Me",
    # names of tables and columns
    "Accounts",
    "MFA",
    "User Sessions",
    "created",
    "email address",
    "email addresses",
    "email confirmation",
    "email confirmations",
    "key",
    "primary",
    "sent",
    "session key",
    "user",
    "verified",
}


@pytest.mark.parametrize("address", ["", "recovery-codes/", "totp/deactivate/", "webauthn/"])
def test_pages_of_a_second_factor_that_is_on_are_vietnamese_and_ours(an, address):
    client = signed_in(an)
    account = Account.objects.get(pk=an.account_id)
    TOTP.activate(account, SECRET)
    RecoveryCodes.activate(account)

    answer = client.get(f"{HERE}2fa/{address}")

    said = words_of(answer.content.decode()).replace("passkey", "")
    assert answer.status_code == 200
    assert ENGLISH.search(said) is None, said


def test_before_the_second_factor_is_set_up_no_other_door_is_shown():
    tree = small_tree()
    binh = make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)

    page = signed_in(binh).get("/hom-nay/", follow=True)

    assert page.redirect_chain[-1][0].endswith("/2fa/totp/activate/")
    text = page.content.decode()
    assert "Vai trò của bạn là duyệt hoặc quản trị" in text
    assert 'class="desk-main' not in text


def test_a_wrong_old_password_is_said_in_vietnamese(an):
    client = signed_in(an)
    words = {"oldpassword": "sai", "password1": "mưa rào tháng bảy", "password2": "khác hẳn rồi đó"}

    text = client.post(HERE + "password/change/", words).content.decode()

    assert "Mật khẩu đang dùng không đúng." in text
    assert "Hai lần gõ mật khẩu phải giống nhau." in text


def test_the_address_is_shown_but_not_changed_by_oneself(an):
    client = client_for(an)

    page = client.get(HERE + "email/").content.decode()
    answer = client.post(HERE + "email/", {"action_add": "", "email": "khac@caunoi.example"})

    assert an.email in page
    assert answer.status_code == 405
