"""The real second wave of Nghệ An (412 → 130 communes, 20 districts end) through the wizard: nothing is left without holder."""

import pytest
from django.test import Client

from caunoi.cases.models import Case
from caunoi.channels.models import Channel
from caunoi.kit import clock, keyring
from caunoi.reform import actions, running
from caunoi.reform.terms import PlanState
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units import leads, load
from caunoi.units import queries as units
from caunoi.units.terms import Level
from tests.journeys import reform_ground as ground

pytestmark = pytest.mark.django_db
LAW = "Nghị quyết 1678/NQ-UBTVQH15"


@pytest.fixture
def wave(settings, tmp_path, monkeypatch):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    monkeypatch.setattr(clock, "now", lambda: ground.BEFORE)
    load.load_demo(scale="small")
    root = ground.nghe_an().pk
    day = clock.local_date(ground.BEFORE)
    assert units.counts(on=day, under=root)[Level.COMMUNE] == 412
    assert units.counts(on=ground.WAVE, under=root)[Level.COMMUNE] == 130
    people = [
        make_staff(name=name, unit_id=root, role=Role.ADMINISTRATOR, on=day)
        for name in ("Lê Thị Chi", "Hoàng Văn Đạo")
    ]
    return root, people


def walk(wave, *, communes, monkeypatch):
    """From the survey to the morning after. -> what the rehearsal found"""
    root, (chi, dao) = wave
    holding = ground.fill(communes=communes)
    cases_before = Case.objects.count()
    plan = actions.draw_up(
        root_id=root, on=ground.WAVE, legal_reference=LAW, by=chi, at=ground.BEFORE
    )
    ground.decide_everything(plan, by=chi)
    tried = running.rehearse(plan=plan, at=ground.BEFORE)
    actions.sign(plan=plan, by=chi, at=ground.BEFORE)
    actions.sign(plan=plan, by=dao, at=ground.BEFORE)
    monkeypatch.setattr(clock, "now", lambda: ground.MORNING)
    while running.run_due(at=ground.MORNING, limit=700):
        pass
    plan.refresh_from_db()
    assert plan.state == PlanState.DONE
    assert ground.left_behind(holding, on=ground.WAVE) == {
        "channels": 0,
        "cases": 0,
        "followers": 0,
    }
    assert Case.objects.count() == cases_before
    return holding, tried


def old_links_lead_on(unit_ids, *, clients=Client):
    """Ask for the short address of each unit; -> how many led to a living unit, or to the choice of parts."""
    web, led = clients(), 0
    for slug in units.slugs_of(unit_ids=unit_ids).values():
        answer = web.get(f"/xa/{slug}/")
        heir = leads.only_heir(slug=slug, on=ground.WAVE)
        wanted = f"/don-vi/{heir.slug}/?tu={slug}" if heir else f"/don-vi/{slug}/"
        assert answer.headers["Location"] == wanted
        led += 1
    return led


def test_forty_communes_of_the_wave_leave_nothing_behind(wave, monkeypatch):
    holding, tried = walk(wave, communes=40, monkeypatch=monkeypatch)

    assert (tried["failed"], tried["open"]) == ({}, 0)
    assert old_links_lead_on(holding) == len(holding)
    group = Channel.objects.filter(connector_key="hand_posted", state="active").first()
    assert group.name == f"MTTQ {units.name_of(unit_id=group.unit_id, on=ground.WAVE)}"
    for case in Case.objects.order_by("?")[:5]:
        page = Client().get(f"/hoi/{case.number}/").content.decode()
        assert units.name_of(unit_id=case.owner_id, on=ground.WAVE) in page
        assert units.name_of(unit_id=case.opened_unit_id, on=ground.WAVE) in page


@pytest.mark.slow
def test_the_whole_wave_leaves_nothing_behind(wave, monkeypatch):
    holding, tried = walk(wave, communes=None, monkeypatch=monkeypatch)

    assert (tried["failed"], tried["open"]) == ({}, 0)
    assert tried["seconds"] < 60
    assert old_links_lead_on(holding) == len(holding)
