"""For whom a notice is: lines of the tree, kinds of channel, and units that are gone."""

from datetime import date

import pytest

from caunoi.channels import actions as channels
from caunoi.kit import keyring
from caunoi.notices import actions, queries
from caunoi.notices.models import AudienceLine
from caunoi.notices.terms import Line, Reach
from caunoi.notices.tests.factories import write
from caunoi.units import actions as unit_actions
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


ON = MONDAY.date()


def reached(notice, on=ON):
    return {u.pk for u in queries.audience_units(notice=notice, on=on)}


def test_a_commune_speaks_to_itself_and_its_villages_and_a_province_to_itself_until_it_says_more(
    place, ha, mai
):
    commune, province = write(by=ha, unit=place["bich_hao"]), write(by=mai, unit=place["nghe_an"])

    assert reached(commune) == {place["bich_hao"].pk, place["village"].pk}
    assert reached(province) == {place["nghe_an"].pk}
    actions.set_audience(
        notice=province,
        lines=[Line(place["nghe_an"].pk, Reach.SUBTREE, levels=("commune", "village"))],
        by=mai,
        at=MONDAY,
    )
    assert reached(province) == {place[w].pk for w in ("bich_hao", "tri_le", "village")}
    actions.set_audience(
        notice=province, lines=[Line(place["nghe_an"].pk, Reach.CHILDREN)], by=mai, at=MONDAY
    )
    assert reached(province) == {place[w].pk for w in ("nghe_an", "bich_hao", "tri_le")}


def test_each_line_names_its_kinds_of_channel(place, mai, settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    for kind, unit in (("web_form", "bich_hao"), ("loopback", "bich_hao"), ("loopback", "tri_le")):
        channels.register_channel(
            unit_id=place[unit].pk, connector_key=kind, external_id=f"{kind}{unit}", name=unit, by=None, at=MONDAY
        )  # fmt: skip
    notice = write(by=mai, unit=place["nghe_an"])
    lines = [
        Line(place["bich_hao"].pk, Reach.SELF, connector_keys=("web_form",)),
        Line(place["tri_le"].pk, Reach.SELF),
    ]
    actions.set_audience(notice=notice, lines=lines, by=mai, at=MONDAY)
    on = MONDAY.date()

    found = {(c.name, c.connector_key) for c in queries.audience_channels(notice=notice, on=on)}

    assert found == {("bich_hao", "web_form"), ("tri_le", "loopback")}
    counted = queries.counts_of_lines(lines=queries.lines_of(notice=notice), on=on)
    assert counted == ({"commune": 2}, {"web_form": 1, "loopback": 1})


def test_a_unit_that_is_gone_is_stood_for_by_its_successor(place, mai):
    notice = write(by=mai, unit=place["nghe_an"])
    lines = [Line(place["tri_le"].pk, Reach.SELF)]
    actions.set_audience(notice=notice, lines=lines, by=mai, at=MONDAY)
    merged = unit_actions.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk],
        full_name="Xã Bích Lễ",
        code="17001",
        on=date(2027, 1, 1),
        legal_reference="Nghị quyết thử",
        by=None,
        at=MONDAY,
    )

    assert reached(notice) == {place["tri_le"].pk}
    assert reached(notice, date(2027, 1, 2)) == {merged.pk}


def test_counting_an_audience_asks_the_same_whatever_its_size(
    place, mai, django_assert_max_num_queries
):
    lines = [
        AudienceLine(unit_id=place["nghe_an"].pk, reach="subtree", levels=[], connector_keys=[])
    ]

    with django_assert_max_num_queries(5):
        levels, kinds = queries.counts_of_lines(lines=lines, on=MONDAY.date())

    assert (levels, kinds) == ({"province": 1, "commune": 2, "village": 1}, {})
