"""Signing in: lock-out, the second factor, sessions, passwords, and another system that vouches."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from caunoi.kit import clock, keyring, limits
from caunoi.kit.models import AuditEntry
from caunoi.staff import forms
from caunoi.staff.models import Account, Invitation
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/login/"
PASSWORD = "mật khẩu dài để thử"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def tree(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def an(tree):
    return person(tree, "Nguyễn Thị An", Role.CASE_OFFICER)


@pytest.fixture
def binh(tree):
    account = person(tree, "Trần Văn Bình", Role.APPROVER)
    totp.TOTP.activate(account, SECRET)
    return account


def person(tree, name, role):
    staff = make_staff(name=name, unit_id=tree["bich_hao"].pk, role=role)
    Authenticator.objects.filter(user_id=staff.account_id).delete()
    return Account.objects.get(pk=staff.account_id)


def sign_in(client, email, password=PASSWORD, **meta):
    return client.post(LOGIN, {"login": email, "password": password}, **meta)


def code_now(ahead=0):
    period = int(time.time()) // 30 + ahead
    return totp.format_hotp_value(totp.hotp_value(SECRET, period))


def inside(client):
    return client.get("/hom-nay/").status_code == 200


# --- password and lock-out


def test_the_right_password_opens_the_desk(an):
    client = Client()

    answer = sign_in(client, an.email.upper())

    assert answer.headers["Location"] == "/hom-nay/"
    assert inside(client)


def test_five_wrong_passwords_lock_out_even_the_right_one(an):
    client = Client()
    answers = [sign_in(client, an.email, "sai rồi") for _ in range(5)]

    locked = sign_in(client, an.email)

    assert [a.status_code for a in answers] == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "Sai mật khẩu năm lần liền" in locked.content.decode()
    assert not inside(client)


def test_the_lock_out_ends_by_itself(an, settings):
    from axes.models import AccessAttempt

    client = Client()
    for _ in range(5):
        sign_in(client, an.email, "sai rồi")

    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=31))

    assert sign_in(client, an.email).status_code == 302


def test_somebody_elses_wrong_tries_do_not_lock_out_the_person_at_her_own_address(an):
    for _ in range(6):
        sign_in(Client(), an.email, "sai rồi", REMOTE_ADDR="203.0.113.66")

    assert sign_in(Client(), an.email).status_code == 302


def test_an_unknown_address_gets_the_same_answers_as_a_wrong_password(an):
    def answers(email):
        seen = []
        for _ in range(6):
            answer = sign_in(Client(), email, "sai rồi")
            text = answer.content.decode().replace(email, "…")
            seen.append((answer.status_code, words_of(text)))
        return seen

    assert answers(an.email) == answers("khong-co-ai@caunoi.example")


def words_of(text):
    import re

    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r'nonce="[^"]*"', "", text)


def test_a_closed_account_cannot_sign_in(an):
    Account.objects.filter(pk=an.pk).update(is_active=False)
    client = Client()

    sign_in(client, an.email)

    assert not inside(client)


# --- second factor


def test_an_approver_needs_the_code_of_the_app(binh):
    client = Client()

    first = sign_in(client, binh.email)
    assert first.headers["Location"].startswith("/tai-khoan/2fa/authenticate/")
    assert not inside(client)

    client.post("/tai-khoan/2fa/authenticate/", {"code": code_now()})
    assert inside(client)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.SEALED_OFFICER])
def test_roles_that_approve_administer_or_read_sealed_cases_must_set_up_a_second_factor(tree, role):
    account = person(tree, "Võ Văn Hải", role)
    client = Client()
    sign_in(client, account.email)

    for address in ("/hom-nay/", "/hop-thu/", "/toi/"):
        assert client.get(address).headers["Location"] == "/tai-khoan/2fa/totp/activate/"


def test_a_code_opens_one_door_only(binh):
    code = code_now()
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, binh.email)

    first.post("/tai-khoan/2fa/authenticate/", {"code": code})
    answer = second.post("/tai-khoan/2fa/authenticate/", {"code": code})

    assert inside(first)
    assert not inside(second)
    assert answer.status_code == 200


def test_a_code_stays_used_when_the_library_has_forgotten_it(binh):
    from django.core.cache import cache

    code = code_now()
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, binh.email)
    first.post("/tai-khoan/2fa/authenticate/", {"code": code})
    cache.clear()

    answer = second.post("/tai-khoan/2fa/authenticate/", {"code": code})

    assert "Mã này vừa dùng rồi" in answer.content.decode()


def test_codes_cannot_be_guessed_without_end(binh):
    wrong = "000000" if code_now() != "000000" else "111111"
    for _ in range(limits.SECOND_FACTOR.allowed):
        client = Client()
        sign_in(client, binh.email)
        client.post("/tai-khoan/2fa/authenticate/", {"code": wrong})
    client = Client()
    sign_in(client, binh.email)

    answer = client.post("/tai-khoan/2fa/authenticate/", {"code": code_now()})

    assert "Sai nhiều lần quá" in answer.content.decode()
    assert not inside(client)


def test_right_codes_are_not_counted_as_guesses(binh):
    who = f"account:{binh.pk}"
    client = Client()
    sign_in(client, binh.email)
    client.post("/tai-khoan/2fa/authenticate/", {"code": code_now()})

    spare = [
        limits.take(limits.SECOND_FACTOR, who=who, at=clock.now()).allowed
        for _ in range(limits.SECOND_FACTOR.allowed)
    ]

    assert all(spare)


def test_a_recovery_code_opens_once(binh):
    RecoveryCodes.activate(binh)
    code = Authenticator.objects.get(user=binh, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, binh.email)
        client.post("/tai-khoan/2fa/authenticate/", {"code": code})

    assert inside(first)
    assert not inside(second)


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_leads_to_recovery_codes_and_a_mail(tree):
    account = person(tree, "Trần Văn Bình", Role.APPROVER)
    client = Client()
    sign_in(client, account.email)
    secret = client.get("/tai-khoan/2fa/totp/activate/").context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))

    answer = client.post("/tai-khoan/2fa/totp/activate/", {"code": code}, follow=True)

    assert answer.redirect_chain[-1][0] == "/tai-khoan/2fa/recovery-codes/"
    assert len(answer.context["unused_codes"]) == 10
    assert inside(client)
    assert mail.outbox[0].to == [account.email]
    assert "Tài khoản của bạn đã gắn ứng dụng xác thực" in mail.outbox[0].subject


# --- sessions


def test_the_list_of_sessions_names_device_and_address_and_ends_one_of_them(an):
    phone, office = Client(), Client()
    zalo = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/139 Mobile Zalo android/241"
    sign_in(phone, an.email, HTTP_USER_AGENT=zalo, REMOTE_ADDR="203.0.113.5")
    sign_in(office, an.email, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/142.0")
    page = office.get("/tai-khoan/sessions/").content.decode()
    other = UserSession.objects.get(ip="203.0.113.5")

    assert "Zalo, Android" in page
    assert "203.0.113.5" in page
    assert "Firefox, Windows" in page

    office.post(f"/toi/phien/{other.pk}/het/")

    assert not inside(phone)
    assert inside(office)
    assert AuditEntry.objects.filter(event="staff.session.ended", actor_id=an.pk).exists()


def test_nobody_ends_the_session_of_somebody_else(an, tree):
    other = person(tree, "Lê Thị Hoa", Role.CASE_OFFICER)
    hers, mine = Client(), Client()
    sign_in(hers, other.email)
    sign_in(mine, an.email)

    mine.post(f"/toi/phien/{UserSession.objects.get(user=other).pk}/het/")

    assert inside(hers)


def test_everywhere_else_can_be_signed_out_at_once(an):
    clients = [Client() for _ in range(3)]
    for client in clients:
        sign_in(client, an.email)

    clients[0].post("/tai-khoan/sessions/")

    assert [inside(c) for c in clients] == [True, False, False]


def test_a_changed_password_ends_all_other_sessions_and_is_mailed(an):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, an.email)
    new = "mưa rào tháng bảy xứ Nghệ"

    here.post(
        "/tai-khoan/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert inside(here)
    assert not inside(there)
    assert mail.outbox[-1].to == [an.email]
    assert "Mật khẩu của bạn đã đổi" in mail.outbox[-1].subject
    assert "Lúc:" in mail.outbox[-1].body


# --- forgotten passwords


def test_a_link_in_the_mail_sets_a_new_password_once(an):
    Client().post("/tai-khoan/password/reset/", {"email": an.email})
    (letter,) = mail.outbox
    link = next(w for w in letter.body.split() if w.startswith("http"))
    path = link.split("/", 3)[3]
    new = {"password1": "mưa rào tháng bảy", "password2": "mưa rào tháng bảy"}

    client = Client()
    page = client.get("/" + path, follow=True)
    client.post(page.request["PATH_INFO"], new)
    again = Client().get("/" + path, follow=True)

    assert "[Cầu Nối]" in letter.subject
    assert "Có người, chắc là bạn" in letter.body
    assert sign_in(Client(), an.email, "mưa rào tháng bảy").status_code == 302
    assert "không dùng được nữa" in again.content.decode()


def test_a_mail_server_that_is_away_stops_nobody(an, settings):
    settings.EMAIL_BACKEND = "caunoi.staff.tests.test_sign_in.AwayBackend"

    answer = Client().post("/tai-khoan/password/reset/", {"email": an.email})

    assert answer.headers["Location"] == "/tai-khoan/password/reset/done/"


class AwayBackend:
    def __init__(self, *args, **words):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_an_unknown_address_gets_the_same_page_and_no_mail(an):
    known = Client().post("/tai-khoan/password/reset/", {"email": an.email})
    mail.outbox.clear()
    unknown = Client().post("/tai-khoan/password/reset/", {"email": "khong@caunoi.example"})

    assert known.headers["Location"] == unknown.headers["Location"]
    assert mail.outbox == []


def test_reset_mails_are_limited_and_the_address_typed_is_kept(an):
    for _ in range(limits.RESET_MAIL.allowed):
        Client().post("/tai-khoan/password/reset/", {"email": an.email})

    answer = Client().post("/tai-khoan/password/reset/", {"email": an.email})

    assert len(mail.outbox) == limits.RESET_MAIL.allowed
    assert "Sai nhiều lần quá" in answer.content.decode()
    assert an.email in answer.content.decode()


# --- what a password must be


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("ngắn quá", "Ngắn quá: ít nhất 10 ký tự"),
        ("password1234", "quá phổ biến"),
        ("nguyenthian", "quá giống"),
        ("mattran2026", "dễ bị đoán"),
        ("Mật Trận 123", "dễ bị đoán"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(tree, password, said):
    invitation = Invitation(
        email="nguyenthian@xa.example", full_name="Nguyễn Thị An", unit=tree["bich_hao"]
    )
    words = {"full_name": "Nguyễn Thị An", "password": password, "again": password}

    form = forms.AcceptForm(words, invitation=invitation)

    assert not form.is_valid()
    assert said in " ".join(form.errors["password"])


def test_a_sentence_of_ones_own_is_a_good_password(tree):
    invitation = Invitation(email="a@xa.example", full_name="Nguyễn Thị An", unit=tree["bich_hao"])
    words = {"full_name": "Nguyễn Thị An", "password": "sông Lam mùa nước nổi"}

    assert forms.AcceptForm(words | {"again": words["password"]}, invitation=invitation).is_valid()
    assert not forms.AcceptForm(words | {"again": "khác"}, invitation=invitation).is_valid()


def test_the_place_words_are_no_password():
    from caunoi.staff.passwords import NoPlaceWords

    with pytest.raises(ValidationError):
        NoPlaceWords().validate("caunoi 456")


# --- another system


OIDC = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": "VNeID tỉnh",
                "client_id": "caunoi",
                "secret": "s",
                "settings": {"server_url": "https://sso.tinh.example/realms/x"},
            }
        ]
    }
}


def test_without_the_setting_there_is_no_button_for_another_system():
    page = Client().get(LOGIN).content.decode()

    assert "/oidc/" not in page
    assert Client().post("/tai-khoan/oidc/oidc/login/").status_code == 404


def test_with_the_setting_the_sign_in_page_offers_the_other_system(settings):
    settings.SOCIALACCOUNT_PROVIDERS = OIDC

    page = Client().get(LOGIN).content.decode()

    assert "Đăng nhập bằng VNeID tỉnh" in page
    assert 'action="/tai-khoan/oidc/oidc/login/' in page


def test_another_system_makes_no_account(settings):
    from allauth.socialaccount.adapter import get_adapter

    assert get_adapter().is_open_for_signup(None, None) is False
