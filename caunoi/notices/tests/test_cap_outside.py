"""A warning read by somebody else's validator, which brings OASIS's own schema (``capvalidator``, World Meteorological Organization).

The schema beside it, written from the standard, is asked in ``test_public``.
"""

from datetime import timedelta

import pytest
from capvalidator import check_schema
from django.test import Client

from caunoi.kit import clock
from caunoi.notices import actions, actions_again
from caunoi.notices.tests.factories import out
from caunoi.notices.tests.test_public import WARNING, shape

pytestmark = pytest.mark.django_db


@pytest.fixture
def lately():
    return clock.now() - timedelta(hours=1)


def served(notice):
    return Client().get(f"/thong-bao/{notice.number}.cap.xml").content


def test_alert_update_and_cancel_hold_to_the_schema_of_oasis(place, ha, binh, lately):
    warning = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=WARNING)
    first = served(warning)
    again = actions_again.correct_notice(notice=warning, by=ha, at=lately)
    right = gone_out(again, ha, binh, lately)
    actions.mark_recalled(notice=warning, reason="Báo nhầm", by=binh, at=clock.now())

    for body, kind in ((first, b"Alert"), (served(right), b"Update"), (served(warning), b"Cancel")):
        assert b"<msgType>" + kind in body
        assert check_schema(body).passed, body


def gone_out(draft, by, approver, at):
    notice = actions.hand_in(notice=draft, by=by, at=at)
    notice = actions.approve_notice(notice=notice, seen_version=notice.version, by=approver, at=at)
    return actions.mark_done(notice=actions.mark_sending(notice=notice, at=at), at=at)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"+07:00</sent>", b"Z</sent>"),
        (b"<severity>Severe<", b"<severity>Bad<"),
        (b"<scope>Public</scope>", b""),
        (b"<areaDesc>", b"<polygon>1</polygon><areaDesc>"),
        (b"<urgency>Expected</urgency>", b""),
    ],
)
def test_what_the_standard_forbids_both_schemas_refuse(place, ha, binh, lately, right, wrong):
    warning = out(by=ha, approver=binh, unit=place["bich_hao"], at=lately, fields=WARNING)
    body = served(warning)

    broken = body.replace(right, wrong)

    assert broken != body
    assert not check_schema(broken).passed
    assert not shape().is_valid(broken.decode())
