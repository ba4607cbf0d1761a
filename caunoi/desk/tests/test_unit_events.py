"""Events of the tree, entered at the desk: look first, then confirm; what is refused keeps every word."""

from datetime import date, timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.journeys import ask_and_answer
from caunoi.kit import clock, keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions, queries
from caunoi.units.models import UnitEvent, UnitVersion
from caunoi.units.terms import HoldsSomething, Level
from caunoi.units.tests.factories import make_unit, small_tree
from caunoi.units.undo import undo_event
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
LATER = clock.local_date(clock.now()) + timedelta(days=40)
LAW = {"on": f"{LATER:%d/%m/%Y}", "legal_reference": "Nghị quyết 12/NQ-HĐND ngày 01/12"}


@pytest.fixture
def tree(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def chi(tree):
    staff = make_staff(name="Hoàng Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)
    return client_for(staff)


def post(client, unit, kind, **words):
    return client.post(f"/quan-tri/don-vi/{unit.slug}/{kind}/", LAW | words)


MERGER = {"full_name": "Xã Bích Lễ", "code": "17000"}


def test_a_merger_is_shown_before_it_is_recorded_with_what_the_units_hold(tree, chi):
    ask_and_answer.ask_on_web(
        unit_id=tree["tri_le"].pk, text="Bao giờ có nước sạch?", form_key="k", at=MONDAY
    )
    channels.register_channel(
        unit_id=tree["tri_le"].pk,
        connector_key="loopback",
        external_id="x",
        name="Trang",
        by=None,
        at=MONDAY,
    )
    make_staff(name="Nguyễn Thị An", unit_id=tree["tri_le"].pk, role=Role.CASE_OFFICER)
    rows = UnitVersion.objects.count()

    page = post(chi, tree["bich_hao"], "nhap", others=[tree["tri_le"].pk], **MERGER)

    text = page.content.decode()
    assert page.status_code == 200
    assert UnitVersion.objects.count() == rows
    assert "Xem lại trước khi ghi" in text
    held = {h.unit.full_name: (h.cases, h.channels, h.people) for h in page.context["held"]}
    assert held["Xã Tri Lễ"] == (1, 2, 1)
    assert [new.full_name for _, new in page.context["seen"].moves] == ["Xóm 4"]


def test_confirming_records_the_merger_and_leads_to_the_new_unit(tree, chi):
    done = post(chi, tree["bich_hao"], "nhap", others=[tree["tri_le"].pk], confirm="1", **MERGER)

    assert done.headers["Location"] == "/quan-tri/don-vi/xa-bich-le/"
    heirs = queries.successors(unit_id=tree["tri_le"].pk, on=LATER)
    assert [h.unit.full_name for h in heirs] == ["Xã Bích Lễ"]
    page = chi.get(done.headers["Location"]).content.decode()
    assert "Đơn vị này bắt đầu từ ngày" in page
    assert "Rút lại" in page


def test_going_back_from_the_check_keeps_every_word(tree, chi):
    page = post(chi, tree["bich_hao"], "nhap", others=[tree["tri_le"].pk], again="1", **MERGER)

    text = page.content.decode()
    assert page.status_code == 200
    assert "Xã Bích Lễ" in text
    assert LAW["legal_reference"] in text
    assert f'value="{tree["tri_le"].pk}"' in text
    assert "checked" in text
    assert "field-error" not in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"full_name": "Bích Lễ"}, "Tên đầy đủ phải bắt đầu bằng: Thị trấn, Đặc khu, Phường, Xã."),
        ({"code": "16780x0123456"}, "Mã"),
        ({"code": "17/18"}, "Mã gồm nhiều nhất 12"),
        ({"others": []}, "Hãy chọn ít nhất một đơn vị khác."),
        ({"on": "01/01/2019"}, "Ngày đó chưa có"),
        ({"on": "01/01/2127"}, "hơn năm năm"),
        ({"legal_reference": ""}, "Hãy điền ô này."),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_nothing_typed_is_lost(tree, chi, change, said):
    words = LAW | MERGER | {"others": [tree["tri_le"].pk]} | change

    page = chi.post(f"/quan-tri/don-vi/{tree['bich_hao'].slug}/nhap/", words)

    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    for name in ("full_name", "code", "legal_reference"):
        assert words[name][:12] in text


def test_a_code_somebody_else_bears_is_refused_at_its_field(tree, chi):
    other = make_unit(name="Xã Khác", level=Level.COMMUNE, parent=tree["nghe_an"], code="19999")

    page = post(
        chi,
        tree["bich_hao"],
        "nhap",
        others=[tree["tri_le"].pk],
        full_name="Xã Bích Lễ",
        code="19999",
    )

    assert page.context["form"].errors["code"] == ["Ngày đó đơn vị khác cùng cấp đã mang mã này."]
    assert other


def test_a_split_gives_every_village_to_a_part(tree, chi):
    words = {
        "parts": "2",
        "name_1": "Xã Bích",
        "code_1": "17801",
        "name_2": "Xã Hào",
        "code_2": "17802",
    }
    below = f"below_{tree['village'].pk.hex}"

    missing = post(chi, tree["bich_hao"], "tach", **words)
    post(chi, tree["bich_hao"], "tach", confirm="1", **words, **{below: "2"})

    assert missing.status_code == 422
    above = queries.ancestors(unit_id=tree["village"].pk, on=LATER)
    assert above[-1].full_name == "Xã Hào"


def test_one_more_part_can_be_asked_for_without_losing_words(tree, chi):
    page = post(chi, tree["tri_le"], "tach", parts="2", name_1="Xã Tri", more="1")

    text = page.content.decode()
    assert 'name="name_3"' in text
    assert 'value="Xã Tri"' in text
    assert 'name="parts" value="3"' in text


def test_a_commune_ends_and_its_villages_go_along(tree, chi):
    words = {"successor": str(tree["tri_le"].pk)}

    refused = post(chi, tree["bich_hao"], "giai-the", **words)
    post(chi, tree["bich_hao"], "giai-the", take_along="on", confirm="1", **words)

    assert "vẫn còn đơn vị trực thuộc" in str(refused.context["form"].errors["take_along"])
    assert queries.as_of(unit_id=tree["bich_hao"].pk, on=LATER) is None
    assert queries.within(unit_id=tree["village"].pk, root_id=tree["tri_le"].pk, on=LATER)


def test_a_village_goes_under_another_commune(tree, chi):
    post(chi, tree["village"], "chuyen", parent=str(tree["tri_le"].pk), confirm="1")

    assert queries.within(unit_id=tree["village"].pk, root_id=tree["tri_le"].pk, on=LATER)


def test_a_new_village_begins(tree, chi):
    done = post(
        chi,
        tree["bich_hao"],
        "lap-moi",
        full_name="Bản Mới",
        code="17818-09",
        level="village",
        confirm="1",
    )

    assert done.status_code == 302
    below = queries.children(unit_id=tree["bich_hao"].pk, on=LATER)
    assert [u.full_name for u in below] == ["Bản Mới", "Xóm 4"]


def test_a_new_name_holds_from_its_day(tree, chi):
    words = {"full_name": "Phường Tri Lễ", "code": "16780"}

    post(chi, tree["tri_le"], "doi-ten", confirm="1", **words)
    same = post(chi, tree["bich_hao"], "doi-ten", full_name="Xã Bích Hào", code="17818")

    assert queries.name_of(unit_id=tree["tri_le"].pk, on=LATER) == "Phường Tri Lễ"
    assert queries.name_of(unit_id=tree["tri_le"].pk, on=date(2026, 1, 1)) == "Xã Tri Lễ"
    assert "Tên và mã vẫn như cũ." in same.content.decode()


def test_only_units_the_viewer_manages_can_be_chosen(tree):
    staff = make_staff(name="Hồ Thị Em", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    em = client_for(staff)

    merger = post(em, tree["bich_hao"], "nhap", others=[tree["tri_le"].pk], confirm="1", **MERGER)
    foreign = em.get(f"/quan-tri/don-vi/{tree['cao_son'].slug}/giai-the/")

    assert merger.status_code == 422
    assert foreign.status_code == 404
    assert UnitEvent.objects.filter(kind="merge").count() == 0


@pytest.mark.parametrize("kind", ["nhap", "tach", "giai-the", "chuyen", "gi-do"])
def test_reforms_of_a_province_have_no_form(tree, chi, kind):
    assert chi.get(f"/quan-tri/don-vi/{tree['nghe_an'].slug}/{kind}/").status_code == 404


def test_a_future_event_is_taken_back_from_the_page_of_its_unit(tree, chi):
    post(chi, tree["bich_hao"], "nhap", others=[tree["tri_le"].pk], confirm="1", **MERGER)
    event = UnitEvent.objects.latest("pk")

    done = chi.post(f"/quan-tri/don-vi/{tree['tri_le'].slug}/rut/{event.pk}/")

    assert done.status_code == 302
    assert queries.as_of(unit_id=tree["tri_le"].pk, on=LATER).full_name == "Xã Tri Lễ"


def test_nobody_takes_back_what_touches_units_she_does_not_manage(tree, chi):
    post(chi, tree["bich_hao"], "nhap", others=[tree["tri_le"].pk], confirm="1", **MERGER)
    event = UnitEvent.objects.latest("pk")
    staff = make_staff(name="Hồ Thị Em", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)

    done = client_for(staff).post(f"/quan-tri/don-vi/{tree['bich_hao'].slug}/rut/{event.pk}/")

    assert done.status_code == 404
    assert UnitEvent.objects.filter(pk=event.pk).exists()


def test_a_new_unit_that_already_holds_a_channel_stays(tree):
    new = actions.create_unit(
        full_name="Xã Mới",
        code="1",
        level=Level.COMMUNE,
        parent_id=tree["nghe_an"].pk,
        on=LATER,
        legal_reference="x",
        by=None,
        at=MONDAY,
    )
    channels.register_channel(
        unit_id=new.pk, connector_key="loopback", external_id="x", name="Trang", by=None, at=MONDAY
    )

    with pytest.raises(HoldsSomething):
        undo_event(
            event_id=UnitEvent.objects.latest("pk").pk,
            today=date(2026, 11, 23),
            by=None,
            at=MONDAY,
        )

    assert queries.as_of(unit_id=new.pk, on=LATER) is not None
