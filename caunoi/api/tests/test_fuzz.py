"""Everything the description names is asked with made-up words: the server never breaks, and answers as described."""

import os

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

from caunoi.api import description
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import key_of
from caunoi.cases.tests.factories import make_case
from caunoi.staff.models import RoleGrant
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
def words(tree, settings):
    """The words of a key for everything, in a unit with a few cases; no limit on tries."""
    settings.LIMITS_FACTOR = 0
    # the test's own connection stays open from request to request
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    unit = tree["bich_hao"]
    account = make_staff(name="Chi", unit_id=unit.pk, role=Role.ADMINISTRATOR)
    more = RoleGrant.objects.get(account_id=account.account_id)
    more.pk, more.role = None, Role.APPROVER.value
    more.save(force_insert=True)
    for state in ("open", "answered", "closed"):
        make_case(unit=unit, state=state)
    yield key_of(account, unit, *Scope)[1]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask_everything(words, examples):
    """-> how many operations were asked."""
    count = 0
    for found in SCHEMA.get_all_operations():
        operation = found.ok()
        case = operation.as_strategy()
        count += 1
        _ask(case, words, examples)
    return count


def _ask(strategy, words, examples):
    from hypothesis import given

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
        response = case.call(app=application)
        case.validate_response(response, checks=CHECKS)

    once()


def test_nothing_breaks_and_everything_is_as_described(words):
    assert ask_everything(words, 4) == 41


@pytest.mark.slow
def test_the_long_form(words):
    assert ask_everything(words, int(os.environ.get("FUZZ_EXAMPLES", "200"))) == 41
