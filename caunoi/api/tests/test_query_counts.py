"""Lists by key ask the database as often for many rows as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caunoi.answers.tests.factories import publish
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import Machine, key_of, machine_of
from caunoi.api.tests.test_desk_deeds import done
from caunoi.cases.models import Referral
from caunoi.cases.tests.factories import many_cases
from caunoi.handling.models import CannedAnswer
from caunoi.kit import clock
from caunoi.routing.models import Body
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff

FEW, MANY = 2, 40


def sealed(tree):
    """The queue of what is sealed."""
    officer = machine_of(tree["bich_hao"], Role.SEALED_OFFICER, Scope.CASES_SEALED, name="Kín")

    def grow(n):
        many_cases(unit=tree["bich_hao"], n=n, kind="denunciation")

    return officer, "sealed", grow


def asked(tree):
    """What an agency is asked."""
    unit = tree["bich_hao"]
    body = Body.objects.create(unit=unit, kind="police", name="CA", valid_from="2020-01-01")
    member = make_staff(name="Công an", unit_id=unit.pk, role=Role.VIEWER)
    body.members.add(Account.objects.get(pk=member.account_id))

    def grow(n):
        Referral.objects.bulk_create(
            Referral(
                case=case, way="out", from_unit=unit, to_body=body, to_name="CA",
                sent_at=case.opened_at,
            )
            for case in many_cases(unit=unit, n=n)
        )  # fmt: skip

    return Machine(key_of(member, unit, Scope.AGENCY_ANSWER)[1]), "asked", grow


def canned(tree):
    """The canned answers of one's units."""
    unit = tree["bich_hao"]
    keeper = make_staff(name="Chi", unit_id=unit.pk, role=Role.EDITOR)

    def grow(n):
        CannedAnswer.objects.bulk_create(
            CannedAnswer(
                unit=unit, title="Chào", shortcut=f"chao-{n}-{i}", text="Chào bà con.",
                changed_at=clock.now(), changed_by_id=keeper.account_id,
            )
            for i in range(n)
        )  # fmt: skip

    return Machine(key_of(keeper, unit)[1]), "canned", grow


def library(tree):
    """The published answers one keeps."""
    unit = tree["bich_hao"]
    scopes = (Scope.ANSWERS_READ, Scope.ANSWERS_WRITE)

    def grow(n):
        for i in range(n):
            publish(unit_id=unit.pk, question=f"Bao giờ xóm {i} có nước?")

    return machine_of(unit, Role.EDITOR, *scopes, name="Giữ"), "library", grow


@pytest.mark.parametrize("listed", [sealed, asked, canned, library])
def test_a_list_asks_as_often_for_many_rows_as_for_few(tree, listed):
    machine, path, grow = listed(tree)
    grow(FEW)
    done(machine.get(path))
    few, short = _asks(machine, path)

    grow(MANY)

    many, long = _asks(machine, path)
    assert (short, long > FEW) == (FEW, True)
    assert many == few


def _asks(machine, path):
    """-> how often the database was asked, and how many rows came."""
    with CaptureQueriesContext(connection) as queries:
        said = done(machine.get(path))
    return len(queries), len(said if isinstance(said, list) else said["items"])
