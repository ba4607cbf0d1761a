"""The worker is killed while it carries out a reform, at every place where it may stand: resumed, nothing is done twice, nothing is left behind."""

from collections import Counter
from dataclasses import replace

import pytest
from django.db import transaction

from caunoi.cases.models import Case
from caunoi.cases.models import Step as CaseStep
from caunoi.channels.models import Channel
from caunoi.handling.models import SavedView
from caunoi.kit.models import AuditEntry
from caunoi.notices.models import LanguageReader
from caunoi.outbox.models import OutboundMessage
from caunoi.reform import registry, running
from caunoi.reform.models import Step
from caunoi.staff.models import Invitation, RoleGrant
from caunoi.subscriptions.models import Subscription
from caunoi.voters.models import VoterMeeting
from tests.journeys import test_reform as story
from tests.journeys.test_reform import chi, dao, ground, now  # noqa: F401
from tests.journeys.test_reform_plans import plans_of

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """No error that anybody catches: the process is gone, and what it had not committed with it."""


@pytest.fixture
def plan(ground, chi, dao, now, monkeypatch):  # noqa: F811
    """A signed plan whose day has come, with what the unit had planned; each of its steps is a transaction of its own."""
    plans_of(ground["bich_hao"].pk, by=chi)
    found = story.drawn_up(ground, chi)
    story.decided(found, chi)
    story.signed(found, chi, dao)
    monkeypatch.setattr(running, "TOGETHER", 1)
    now.at = story.ON_THE_DAY
    return found


def world():
    """Everything a reform moves, and what was put on record of it."""
    return {
        "channels": sorted(Channel.objects.values_list("external_id", "unit_id", "state", "name")),
        "cases": sorted(Case.objects.values_list("number", "owner_id")),
        "moves": Counter(CaseStep.objects.values_list("case__number", "kind", "to_unit_id")),
        "roles": Counter(
            (r.account_id, r.unit_id, r.role, str(r.valid)) for r in RoleGrant.objects.all()
        ),
        "followers": Counter(Subscription.objects.values_list("unit_id", "way")),
        "sends": Counter(OutboundMessage.objects.values_list("channel__external_id", "kind")),
        "planned": Counter(
            (kind.__name__, unit)
            for kind in (VoterMeeting, Invitation, LanguageReader, SavedView)
            for unit in kind.objects.values_list("unit_id", flat=True)
        ),
        "steps": Counter(Step.objects.values_list("holder", "state", "attempts", "trouble")),
        "record": Counter(AuditEntry.objects.values_list("event", flat=True)),
    }


def carried_out():
    for _round in range(20):
        if not running.run_due(at=story.ON_THE_DAY):
            return


def deadly(monkeypatch, where, turn):
    """Let the process die the so-manyeth time it comes to that place."""
    come = Counter()

    def die_around(act, *, before):
        def acting(*words, **more):
            come["here"] += 1
            if come["here"] != turn:
                return act(*words, **more)
            if not before:
                act(*words, **more)
            raise Killed

        return acting

    if where.endswith("carry"):
        for name, holder in registry.HOLDERS.items():
            act = die_around(holder.carry, before=where == "before carry")
            monkeypatch.setitem(registry.HOLDERS, name, replace(holder, carry=act))
    else:
        place = where.removeprefix("after ")
        act = die_around(getattr(running, place), before=False)
        monkeypatch.setattr(running, place, act)


@pytest.mark.parametrize(
    "where",
    ["before carry", "after carry", "after _attempt", "after _take_in_late", "after _begin"],
)
def test_killed_anywhere_and_resumed_the_reform_ends_as_if_nothing_had_happened(
    plan, where, monkeypatch
):
    with transaction.atomic():
        carried_out()
        undisturbed = world()
        transaction.set_rollback(True)
    deaths = 0
    for turn in range(1, 40):
        with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
            deadly(patch, where, turn)
            died = dies()
            deaths += died
            carried_out()
            assert world() == undisturbed, (where, turn)
            transaction.set_rollback(True)
        if not died:
            break
    assert deaths >= (1 if where in ("after _begin", "after _take_in_late") else 5)


def dies():
    """Carry out until the process is killed. -> whether it was"""
    try:
        carried_out()
    except Killed:
        return True
    return False
