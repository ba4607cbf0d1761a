"""The real second wave of Nghệ An (412 → 130 communes, 20 districts end) through the wizard: nothing is left without holder."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caunoi.cases.models import Case, Step
from caunoi.channels.models import Channel
from caunoi.custody import actions_register as custody
from caunoi.custody.models import Asset
from caunoi.kit import clock, keyring
from caunoi.reform import running
from caunoi.reform.models import Plan
from caunoi.reform.terms import PlanState
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import leads, load
from caunoi.units import queries as units
from caunoi.units.terms import Level
from tests.journeys import reform_ground as ground

pytestmark = pytest.mark.django_db
LAW = "Nghị quyết 1678/NQ-UBTVQH15"
SOME = 12
"""So many addresses of each sort are followed in the short form."""


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
    return [
        make_staff(name=name, unit_id=root, role=Role.ADMINISTRATOR, on=day)
        for name in ("Lê Thị Chi", "Hoàng Văn Đạo")
    ]


def walk(people, *, communes, monkeypatch):
    """From the first page of the wizard to the morning after. -> the units that held something, and what the rehearsal found"""
    holding = ground.fill(communes=communes)
    custody.adopt_channels(at=ground.BEFORE)
    cases_before = Case.objects.count()
    first, second = map(client_for, people)
    plan, address = begun(first)
    decided(first, plan, address)
    tried = tried_out(first, plan, address)
    first.post(f"{address}ky/")
    second.post(f"{address}ky/")
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


def begun(client):
    fields = {"root": "tinh-nghe-an", "on": ground.WAVE.isoformat(), "legal_reference": LAW}
    client.post("/quan-tri/sap-xep/moi/", fields)
    plan = Plan.objects.get()
    return plan, f"/quan-tri/sap-xep/{plan.pk}/"


def decided(client, plan, address):
    """Districts stay with the province; groups go on, pages are closed, accounts merged, followers go along."""
    for closing in plan.closings.filter(target=None):
        client.post(f"{address}don-vi/{closing.pk}/", {"to": str(plan.root_id)})
    for holder, outcome, kind, level in (
        ("channels", "archived", "", "district"),
        ("channels", "kept", "hand_posted", ""),
        ("channels", "closed", "facebook_page", ""),
        ("channels", "merged", "zalo_oa", ""),
        ("followers", "merged", "", ""),
    ):
        rule = {"holder": holder, "outcome": outcome, "kind": kind, "level": level, "confirm": "1"}
        client.post(f"{address}quy-tac/", rule)


def tried_out(client, plan, address):
    """The dry run: a few statements whatever the number of things, and well within a minute."""
    client.post(f"{address}thu/")
    began = time.monotonic()
    with CaptureQueriesContext(connection) as asked:
        assert running.rehearse_asked(at=ground.BEFORE) == 1
    assert len(asked) < 500
    assert time.monotonic() - began < 60
    plan.refresh_from_db()
    return plan.rehearsal


def old_links_lead_on(unit_ids, *, some=None):
    """Ask for the addresses printed for each unit: each leads to a living unit, or to the choice of parts."""
    web = Client()
    for slug in list(units.slugs_of(unit_ids=unit_ids).values())[:some]:
        heir = leads.only_heir(slug=slug, on=ground.WAVE)
        wanted = f"/don-vi/{heir.slug}/?tu={slug}" if heir else f"/don-vi/{slug}/"
        assert web.get(f"/xa/{slug}/").headers["Location"] == wanted
        for page in ("hoi", "hoi-dap", "nhan-tin"):
            answer = web.get(f"/{page}/?don-vi={slug}")
            if heir:
                assert f"don-vi={heir.slug}" in answer.headers["Location"]
            elif answer.status_code == 302:
                assert answer.headers["Location"] == f"/don-vi/{slug}/"
            else:
                assert answer.status_code == 200, (page, slug)


def codes_on_posters_lead_on(*, some=None):
    """The QR code of each channel still leads to its page in the register, which names who holds it now."""
    web = Client()
    for asset in Asset.objects.exclude(channel=None).order_by("pk")[:some]:
        page = web.get(f"/kenh-chinh-thuc/{asset.pk}/").content.decode()
        assert units.name_of(unit_id=asset.unit_id, on=ground.WAVE) in page
        assert ("từng là chính thức" in page) == (asset.state == "ended")


def history_reads_as_it_was(*, some):
    """Each case names who held it and who holds it; the day before reads as it was."""
    web = Client()
    for case in Case.objects.order_by("pk")[:some]:
        page = web.get(f"/hoi/{case.number}/").content.decode()
        assert units.name_of(unit_id=case.owner_id, on=ground.WAVE) in page
        assert units.name_of(unit_id=case.opened_unit_id, on=ground.WAVE) in page
        moved = Step.objects.get(case=case, kind="moved")
        assert (moved.unit_id, moved.to_unit_id) == (case.opened_unit_id, case.owner_id)
        eve = clock.local_date(ground.BEFORE)
        assert units.as_of(unit_id=case.opened_unit_id, on=eve).level == Level.COMMUNE
        assert units.as_of(unit_id=case.opened_unit_id, on=ground.WAVE) is None


def test_twenty_communes_of_the_wave_leave_nothing_behind(wave, monkeypatch):
    holding, tried = walk(wave, communes=20, monkeypatch=monkeypatch)

    assert (tried["failed"], tried["open"]) == ({}, 0)
    old_links_lead_on(holding, some=SOME)
    codes_on_posters_lead_on(some=SOME)
    history_reads_as_it_was(some=5)
    group = Channel.objects.filter(connector_key="hand_posted", state="active").first()
    assert group.name == f"MTTQ {units.name_of(unit_id=group.unit_id, on=ground.WAVE)}"


@pytest.mark.slow
def test_the_whole_wave_leaves_nothing_behind(wave, monkeypatch):
    holding, tried = walk(wave, communes=None, monkeypatch=monkeypatch)

    assert (tried["failed"], tried["open"]) == ({}, 0)
    assert tried["seconds"] < 60
    old_links_lead_on(holding)
    codes_on_posters_lead_on()
    history_reads_as_it_was(some=None)
