"""Everything the description names is asked with made-up words: the server never breaks, and answers as described."""

import os
from datetime import date, timedelta
from itertools import count

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from caunoi.answers.import_models import AnswerImport
from caunoi.api import description
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import key_of
from caunoi.cases.models import AgencyLink, AgencyReply, Referral
from caunoi.cases.tests.factories import make_case
from caunoi.files import actions as files
from caunoi.files.tests.samples import photo
from caunoi.handling.models import BulkRun, CannedAnswer, Recall, SavedView
from caunoi.journeys import papers
from caunoi.kit import clock
from caunoi.routing.models import Body
from caunoi.staff import queries as staff
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from config.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(description.schema())


@pytest.fixture
def ground(tree, settings):
    """A key for everything, in a unit with one of everything, and how it is called in addresses; no limit on tries."""
    settings.LIMITS_FACTOR = 0
    # the test's own connection stays open from request to request
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    unit = tree["bich_hao"]
    account = make_staff(name="Chi", unit_id=unit.pk, role=Role.ADMINISTRATOR)
    more = RoleGrant.objects.get(account_id=account.account_id)
    for role in (Role.APPROVER, Role.SEALED_OFFICER):
        more.pk, more.role = None, role.value
        more.save(force_insert=True)
    who = Account.objects.get(pk=account.account_id)
    today = clock.local_date(clock.now())
    yield key_and_names(unit, staff.viewer_for(account=who, on=today, has_second_factor=True))
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def key_and_names(unit, account):
    """-> the words of the key; what addresses name, by the beginning of the address"""
    body = Body.objects.create(unit=unit, kind="police", name="CA", valid_from=date(2020, 1, 1))
    body.members.add(Account.objects.get(pk=account.account_id))
    cases = [make_case(unit=unit, state=state) for state in ("open", "answered", "closed")]
    sealed = make_case(unit=unit, kind="denunciation")
    at, case = clock.now(), cases[0]
    hop = Referral.objects.create(
        case=case, part="lead", way="out", from_unit=unit, to_body=body, to_name="CA", sent_at=at
    )
    AgencyLink.objects.create(referral=hop, made_at=at, expires_at=at + timedelta(days=30))
    reply = AgencyReply.objects.create(referral=hop, kind="answer", text="t", at=at)
    run = BulkRun.objects.create(account_id=account.account_id, do="assign", made_at=at)
    recall = Recall.objects.create(
        case=case, account_id=account.account_id, deed="close", params={"state": "open"},
        state="done", made_at=at, until=at + timedelta(minutes=9), ended_at=at,
    )  # fmt: skip
    canned = CannedAnswer.objects.create(
        unit=unit,
        title="M",
        shortcut="m",
        text="t",
        changed_at=at,
        changed_by_id=account.account_id,
    )
    view = SavedView.objects.create(
        account_id=account.account_id, name="v", query="view=all", created_at=at
    )
    sheet = AnswerImport.objects.create(
        unit=unit, account_id=account.account_id, file_name="a.xlsx", made_at=at
    )
    photo_of = {
        c.pk: files.keep_photo(content=photo(size=(9, 9)), case_id=c.pk, at=at)
        for c in (case, sealed)
    }
    paper = papers.issue_slip(referral=hop, by=account, at=at)
    number, hidden = case.number, sealed.number
    return key_of(account, unit, *Scope)[1], {
        "/cases/{number}/referrals": {"number": number, "pk": hop.pk},
        "/cases/{number}/replies": {"number": number, "pk": reply.pk},
        "/cases/{number}/files": {"number": number, "pk": str(photo_of[case.pk].pk)},
        "/cases/{number}": {"number": number},
        "/sealed/{number}/files": {"number": hidden, "pk": str(photo_of[sealed.pk].pk)},
        "/sealed/{number}": {"number": hidden},
        "/inbox/recalls": {"pk": str(recall.pk)},
        "/inbox/bulk": {"pk": str(run.pk)},
        "/inbox/views": {"pk": view.pk},
        "/canned": {"pk": canned.pk},
        "/papers": {"pk": str(paper.pk)},
        "/asked": {"pk": hop.pk},
        "/library/imports": {"pk": str(sheet.pk)},
    }


def ask_everything(ground, examples):
    """-> how many operations were asked."""
    words, names = ground
    asked = 0
    for found in SCHEMA.get_all_operations():
        operation = found.ok()
        path = operation.path.removeprefix("/api/v1")
        there = next((names[n] for n in names if path.startswith(n)), {})
        asked += 1
        _ask(operation.as_strategy(), words, there, examples)
    return asked


def _ask(strategy, words, there, examples):
    """Ask so often with made-up words; every other time about what is there, else about what is made up too."""
    from hypothesis import given

    turn = count(1)

    @given(case=strategy)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def once(case):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {words}"}
        case.headers["Accept-Encoding"] = "identity"
        if next(turn) % 2:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = there.get(name, case.path_parameters[name])
        response = case.call(app=application)
        case.validate_response(response, checks=CHECKS)

    once()


def test_nothing_breaks_and_everything_is_as_described(ground):
    assert ask_everything(ground, 1) == len(operations())


@pytest.mark.slow
def test_the_long_form(ground):
    examples = int(os.environ.get("FUZZ_EXAMPLES", "200"))
    assert ask_everything(ground, examples) == len(operations())


def operations():
    paths = description.schema()["paths"].values()
    return [o["operationId"] for path in paths for o in path.values()]
