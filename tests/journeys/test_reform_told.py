"""Whoever signed a plan hears of it when the plan goes back without her: the tree changed, or a colleague took the signatures back."""

import pytest
from django.core import mail

from caunoi.reform import actions, mailing, running, survey
from tests.cast import MONDAY
from tests.journeys import test_reform as story
from tests.journeys.test_reform import chi, dao, ground, now  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(ground, chi, dao, now):  # noqa: F811
    found = story.drawn_up(ground, chi)
    story.decided(found, chi)
    return story.signed(found, chi, dao)


def letters():
    mailing.tell_signers(at=MONDAY)
    mailing.tell_signers(at=MONDAY)
    return {letter.to[0]: letter.body for letter in mail.outbox}, len(mail.outbox)


def test_a_colleague_who_takes_the_signatures_back_is_told_to_the_other_signer_once(plan, chi, dao):  # noqa: F811
    actions.take_back(plan=plan, by=dao, at=MONDAY)

    told, count = letters()

    assert (len(told), count) == (1, 1)
    (words,) = told.values()
    assert "Lê Thị Chi" in words
    assert "đồng nghiệp đã lấy lại chữ ký" in words
    assert f"/quan-tri/sap-xep/{plan.pk}/" in words


def test_a_tree_that_changed_is_told_to_both(plan, monkeypatch):
    monkeypatch.setattr(survey, "tree_changed", lambda **_plan: True)
    assert running.check_signed(at=MONDAY) == 1

    told, count = letters()

    assert (len(told), count) == (2, 2)
    assert all("Cây đơn vị thay đổi sau khi ký" in words for words in told.values())
