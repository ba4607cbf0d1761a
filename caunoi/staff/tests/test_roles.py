"""Roles hold from one day to another, in a unit and below it, and their loss is felt at once."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.staff import account_actions, actions, queries
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import AlreadyHeld, EmailTaken, LastAdministrator, NotYours, Role
from caunoi.staff.tests.factories import client_for, make_account, make_staff
from caunoi.units import actions as units
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
TODAY = clock.local_date(clock.now())
DAY = timedelta(days=1)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def chi(tree):
    return make_staff(name="Hoàng Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)


def with_role(tree, *, start, end=None, role=Role.CASE_OFFICER):
    account = make_account(name="Nguyễn Thị An")
    RoleGrant.objects.create(
        account=account, unit_id=tree["bich_hao"].pk, role=role, valid=DateRange(start, end)
    )
    return account


def viewer(account, on=TODAY):
    return queries.viewer_for(account=account, on=on, has_second_factor=True)


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (TODAY, None, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY, False),
    ],
)
def test_a_role_holds_from_its_first_day_until_the_day_it_ends(tree, start, end, holds):
    account = with_role(tree, start=start, end=end)

    answer = client_for(viewer(account)).get("/hop-thu/")

    assert (answer.status_code == 200) is holds


def test_a_role_that_ends_is_felt_in_the_very_next_request(tree, chi):
    account = with_role(tree, start=TODAY - DAY)
    client = client_for(viewer(account))
    assert client.get("/hop-thu/").status_code == 200

    grant = RoleGrant.objects.get(account=account)
    client_for(chi).post(f"/quan-tri/nguoi/{account.pk}/vai-tro/{grant.pk}/het/")

    assert client.get("/hop-thu/").status_code == 404


def test_a_role_in_a_unit_that_is_gone_gives_nothing(tree):
    account = with_role(tree, start=date(2020, 1, 1))
    units.dissolve_unit(
        unit_id=tree["bich_hao"].pk,
        successor_id=tree["tri_le"].pk,
        take_along=True,
        on=TODAY,
        legal_reference="Nghị quyết 1",
        by=None,
        at=clock.now(),
    )

    assert viewer(account, on=TODAY - DAY).grants
    assert not viewer(account).grants


def test_a_role_given_ahead_begins_on_its_day(tree, chi):
    account = make_account(name="Nguyễn Thị An")
    RoleGrant.objects.create(
        account=account,
        unit_id=tree["bich_hao"].pk,
        role=Role.VIEWER,
        valid=DateRange(TODAY - DAY, None),
    )
    words = {
        "grant-unit": "Xã Bích Hào",
        "grant-role": "approver",
        "grant-start": f"{TODAY + 5 * DAY}",
        "grant-end": f"{TODAY + 9 * DAY}",
    }

    client_for(chi).post(f"/quan-tri/nguoi/{account.pk}/vai-tro/", words)

    assert Role.APPROVER not in viewer(account).roles
    assert Role.APPROVER in viewer(account, on=TODAY + 5 * DAY).roles
    assert Role.APPROVER not in viewer(account, on=TODAY + 9 * DAY).roles


def test_what_is_wrong_with_a_new_role_is_said_and_every_word_kept(tree, chi):
    account = with_role(tree, start=TODAY - DAY)
    words = {
        "grant-unit": "Xã Bích Hào",
        "grant-role": "treasurer",
        "grant-start": "2026-12-09",
        "grant-end": "2026-12-01",
    }

    page = client_for(chi).post(f"/quan-tri/nguoi/{account.pk}/vai-tro/", words)

    text = page.content.decode()
    assert page.status_code == 422
    assert "Ngày kết thúc phải sau ngày bắt đầu." in text
    assert 'value="2026-12-09"' in text
    assert 'value="treasurer" selected' in text


def test_a_role_that_has_not_begun_is_taken_back_without_a_trace_in_the_list(tree, chi):
    account = with_role(tree, start=TODAY + 5 * DAY)
    grant = RoleGrant.objects.get(account=account)

    actions.end_role(grant=grant, on=TODAY, by=chi, at=clock.now())

    assert not RoleGrant.objects.filter(account=account).exists()
    assert AuditEntry.objects.latest("pk").event == "staff.role.ended"


def test_the_same_role_is_not_held_twice_on_one_day(tree, chi):
    account = with_role(tree, start=TODAY)

    with pytest.raises(AlreadyHeld):
        actions.grant_role(
            account=account,
            unit_id=tree["bich_hao"].pk,
            role=Role.CASE_OFFICER,
            start=TODAY + DAY,
            end=None,
            by=chi,
            at=clock.now(),
        )


def test_the_last_administrator_stays(tree, chi):
    grant = RoleGrant.objects.get(account_id=chi.account_id)

    with pytest.raises(LastAdministrator):
        actions.end_role(grant=grant, on=TODAY, by=chi, at=clock.now())


# --- accounts


def test_closing_an_account_ends_its_sessions_at_once(tree, chi):
    account = with_role(tree, start=TODAY - DAY)
    client = client_for(viewer(account))
    assert client.get("/hop-thu/").status_code == 200

    client_for(chi).post(f"/quan-tri/nguoi/{account.pk}/hoat-dong/", {"active": "no"})

    assert client.get("/hop-thu/").status_code == 302


def test_a_lost_phone_is_signed_out_and_its_second_factor_removed(tree, chi):
    account = with_role(tree, start=TODAY - DAY, role=Role.APPROVER)
    client = client_for(viewer(account))

    client_for(chi).post(f"/quan-tri/nguoi/{account.pk}/dang-xuat/")
    assert client.get("/hop-thu/").status_code == 302
    client_for(chi).post(f"/quan-tri/nguoi/{account.pk}/buoc-hai/")

    assert not Authenticator.objects.filter(user=account).exists()
    again = client_for(viewer(account)).get("/hop-thu/")
    assert again.headers["Location"] == "/tai-khoan/2fa/totp/activate/"


def test_nobody_removes_her_own_second_factor_through_this_door(tree, chi):
    with pytest.raises(NotYours):
        account_actions.reset_second_factor(
            account=Account.objects.get(pk=chi.account_id), by=chi, at=clock.now()
        )


def test_nobody_touches_an_account_with_a_role_outside_her_reach(tree):
    em = make_staff(name="Hồ Thị Em", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    account = with_role(tree, start=TODAY - DAY)
    RoleGrant.objects.create(
        account=account,
        unit_id=tree["tri_le"].pk,
        role=Role.VIEWER,
        valid=DateRange(TODAY - DAY, None),
    )

    for act in (
        lambda: account_actions.reset_second_factor(account=account, by=em, at=clock.now()),
        lambda: account_actions.sign_out_everywhere(account=account, by=em, at=clock.now()),
        lambda: account_actions.set_active(account=account, active=False, by=em, at=clock.now()),
    ):
        with pytest.raises(NotYours):
            act()


def test_a_corrected_address_is_the_one_to_sign_in_with(tree, chi):
    account = with_role(tree, start=TODAY - DAY)
    client = client_for(viewer(account))
    words = {
        "correct-full_name": "Nguyễn Thị Ân",
        "correct-email": "AN.moi@xa.example",
        "correct-phone": "0912345678",
    }

    client_for(chi).post(f"/quan-tri/nguoi/{account.pk}/sua/", words)

    account.refresh_from_db()
    assert (account.full_name, account.email) == ("Nguyễn Thị Ân", "an.moi@xa.example")
    assert client.get("/hop-thu/").status_code == 302


def test_an_address_somebody_else_has_is_refused(tree, chi):
    account = with_role(tree, start=TODAY - DAY)

    with pytest.raises(EmailTaken):
        account_actions.correct_account(
            account=account,
            full_name="Nguyễn Thị An",
            email=chi.email,
            phone="",
            by=chi,
            at=clock.now(),
        )
