"""The link of an invitation opens one door, once, for seven days."""

from datetime import timedelta

import pytest
from django.core import mail as post
from django.test import Client

from caunoi.kit import clock
from caunoi.staff import actions, mail
from caunoi.staff.models import Account, Invitation
from caunoi.staff.terms import EmailTaken, InvitationSpent, NotYours, Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
WORDS = {
    "full_name": "Nguyễn Thị An",
    "password": "sông Lam mùa nước nổi",
    "again": "sông Lam mùa nước nổi",
}


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def chi(tree):
    return make_staff(name="Hoàng Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)


def invited(tree, **changes):
    fields = {
        "email": "an@xa.example",
        "full_name": "Nguyễn Thị An",
        "unit_id": tree["bich_hao"].pk,
        "role": Role.CASE_OFFICER,
        "by": None,
        "at": clock.now(),
    }
    return actions.invite(**fields | changes)


def door(invitation):
    return f"/loi-moi/{mail.link_token(invitation)}/"


def test_the_link_makes_the_account_with_its_first_role(tree):
    invitation = invited(tree)

    Client().post(door(invitation), WORDS)

    account = Account.objects.get(email="an@xa.example")
    assert account.check_password(WORDS["password"])
    assert [(g.role, g.unit_id) for g in account.grants.all()] == [
        ("case_officer", tree["bich_hao"].pk)
    ]


def test_a_used_link_is_spent(tree):
    invitation = invited(tree)
    Client().post(door(invitation), WORDS)

    again = Client().post(door(invitation), WORDS)

    assert again.status_code == 410
    assert "đã dùng, đã rút hoặc đã quá bảy ngày" in again.content.decode()
    assert Account.objects.filter(email="an@xa.example").count() == 1


def test_a_link_of_eight_days_ago_is_spent(tree):
    invitation = invited(tree)

    with pytest.raises(InvitationSpent):
        actions.invitation_for(
            token=mail.link_token(invitation), at=clock.now() + timedelta(days=7, minutes=1)
        )


def test_a_withdrawn_link_is_spent(tree, chi):
    invitation = invited(tree)

    client_for(chi).post(f"/quan-tri/loi-moi/{invitation.pk}/rut/")

    assert Client().get(door(invitation)).status_code == 410


def test_a_forged_link_is_spent(tree):
    invitation = invited(tree)

    assert Client().get(f"/loi-moi/{invitation.pk}/").status_code == 410
    assert Client().get(door(invitation)[:-3] + "x/").status_code == 410


def test_a_second_invitation_closes_the_first(tree):
    first = invited(tree)
    second = invited(tree)

    assert Client().get(door(first)).status_code == 410
    assert Client().get(door(second)).status_code == 200


def test_whoever_has_an_account_is_not_invited_again(tree):
    Client().post(door(invited(tree)), WORDS)

    with pytest.raises(EmailTaken):
        invited(tree)


def test_nobody_invites_into_a_unit_she_does_not_manage(tree, chi):
    with pytest.raises(NotYours):
        invited(tree, unit_id=tree["cao_son"].pk, by=chi)


def test_a_form_with_an_error_keeps_every_word(tree, chi):
    words = {
        "full_name": "An",
        "email": "an@xa.example",
        "unit": "Xã Không Có",
        "role": "approver",
        "phone": "0912",
    }

    page = client_for(chi).post("/quan-tri/nguoi/moi/", words)

    text = page.content.decode()
    assert page.status_code == 422
    assert "Ghi đủ họ và tên." in text
    assert "không có đơn vị nào mang tên" in text
    assert 'value="Xã Không Có"' in text
    assert '<option value="approver" selected>' in text
    assert Invitation.objects.count() == 0


def test_the_mail_is_queued_with_the_invitation_and_sent_by_the_worker(tree, chi):
    words = {
        "full_name": "Lê Thị Hoa",
        "email": "hoa@xa.example",
        "unit": "bich hao",
        "role": "viewer",
        "phone": "",
    }

    page = client_for(chi).post("/quan-tri/nguoi/moi/", words)
    invitation = Invitation.objects.get()

    assert post.outbox == []
    assert _jobs() == [{"invitation_id": str(invitation.pk), "language": "vi"}]
    assert door(invitation).rsplit(":", 2)[0] in page.content.decode()

    mail.send_invitation(invitation_id=str(invitation.pk), language="vi")

    assert post.outbox[0].to == ["hoa@xa.example"]
    assert "Chào Lê Thị Hoa," in post.outbox[0].body


def _jobs():
    from procrastinate.contrib.django.models import ProcrastinateJob

    return [j.args for j in ProcrastinateJob.objects.filter(task_name=mail.INVITATION_JOB)]


def test_no_mail_goes_out_for_an_invitation_that_was_withdrawn_meanwhile(tree, chi):
    invitation = invited(tree)
    actions.withdraw_invitations(invitations=[invitation], by=chi, at=clock.now())

    mail.send_invitation(invitation_id=str(invitation.pk), language="vi")

    assert post.outbox == []
