"""Needs are said by the unit they are of, asked after again, and taken in by the sheet; a unit that is gone is counted in its successor."""

import io
from datetime import date, timedelta
from functools import partial

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F, Func, TextField
from django.test.utils import CaptureQueriesContext

from caunoi.campaigns import actions, actions_needs, picture_of, queries
from caunoi.campaigns.models import Gift, Need, Purpose, TransferCode
from caunoi.campaigns.terms import NotYourCampaign, WrongAmount, WrongState
from caunoi.staff.tests.factories import client_for
from caunoi.units import actions as units
from tests.cast import MONDAY


def need(campaign, unit, by, amount=100, commodity="rice-10kg", **fields):
    return actions_needs.report(
        campaign=campaign,
        unit_id=unit.pk,
        commodity=commodity,
        amount=amount,
        fields=fields,
        by=by,
        at=MONDAY,
    )


def test_a_unit_says_its_own_needs_and_no_others(campaign, tree, staff):
    need(campaign, tree["tri_le"], staff["khanh"])

    with pytest.raises(NotYourCampaign):
        need(campaign, tree["tri_le"], staff["binh"])
    with pytest.raises(WrongState):
        need(campaign, tree["cao_son"], staff["pao"])
    with pytest.raises(WrongAmount):
        need(campaign, tree["tri_le"], staff["khanh"], amount=0)


def test_a_need_is_asked_after_and_one_tap_confirms_it(campaign, tree, staff):
    said = need(campaign, tree["tri_le"], staff["khanh"])
    later = MONDAY + timedelta(days=15)
    assert queries.waiting(staff["khanh"], on=date(2026, 12, 7)).to_confirm == 0
    assert queries.waiting(staff["khanh"], on=date(2026, 12, 8)).to_confirm == 1

    actions_needs.confirm(need=said, by=staff["khanh"], at=later)

    assert queries.waiting(staff["khanh"], on=date(2026, 12, 8)).to_confirm == 0


def test_a_need_of_money_has_a_code_of_its_own(campaign, tree, staff):
    said = need(campaign, tree["tri_le"], staff["khanh"], 5_000_000, "VND")

    own = queries.code_text(campaign=campaign, need=said)
    assert own.startswith("UH")
    assert own != queries.code_text(campaign=campaign)


def test_a_unit_that_is_gone_is_counted_in_its_successor_and_named(campaign, tree, staff):
    need(campaign, tree["bich_hao"], staff["binh"], 30)
    need(campaign, tree["tri_le"], staff["khanh"], 70)
    units.merge_units(
        unit_ids=[tree["bich_hao"].pk, tree["tri_le"].pk],
        full_name="Xã Bích Lễ",
        code="17999",
        on=date(2026, 12, 1),
        legal_reference="Nghị quyết thử",
        by=None,
        at=MONDAY,
    )

    shown = picture_of.of_campaign(campaign=campaign, on=date(2026, 12, 2))

    assert [p.area.unit.full_name for p in shown.places] == ["Xã Bích Lễ"]
    assert shown.places[0].area.formerly == ("Xã Bích Hào", "Xã Tri Lễ")
    assert shown.places[0].lines[0].needed == shown.totals[0].needed == 100
    gone = Need.objects.get(amount=30)
    with pytest.raises(NotYourCampaign):
        actions_needs.close(need=gone, state="met", by=staff["pao"], at=MONDAY + timedelta(days=10))


def sheet(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("nhu-cau.xlsx", out.getvalue())


HEAD = ("Đơn vị", "Thứ cần", "Số lượng", "Mức độ", "Số hộ", "Cần trước ngày", "Ghi chú")


def test_a_sheet_is_looked_at_line_by_line_and_only_good_lines_are_taken_in(campaign, tree, staff):
    client = client_for(staff["khanh"])
    address = f"/quan-tri/van-dong/{campaign.pk}/nhu-cau/tep/"
    file = sheet(
        HEAD,
        ("Xã Tri Lễ", "Gạo", 120, "gấp", 40, date(2026, 12, 15), "Bao 10 kg"),
        ("xa tri le", "chăn ấm", "1.200", "", "", "15/12/2026", ""),
        ("Xã Bích Hào", "Gạo", 5, "", "", "", "không phải xã mình"),
        ("Xã Tri Lễ", "Vàng", "nhiều", "mai", "x", "32/13/2026", "=1+1"),
    )

    looked = client.post(address, {"file": file})
    text = looked.content.decode()
    assert text.count("bỏ qua") == 2
    assert "Không rõ đơn vị" in text
    assert "Mức độ: ghi gấp, sớm hoặc sau." in text
    assert not Need.objects.exists()
    lines = text.split('name="lines" hidden>')[1].split("</textarea>")[0]
    client.post(address, {"keep": "1", "lines": lines})

    found = {(n.commodity_id, n.amount, n.priority) for n in Need.objects.all()}
    assert found == {("rice-10kg", 120, "urgent"), ("blanket", 1200, "soon")}
    assert Need.objects.get(amount=120).needed_by == date(2026, 12, 15)


def test_a_file_that_is_no_sheet_is_refused_in_words(campaign, staff):
    address = f"/quan-tri/van-dong/{campaign.pk}/nhu-cau/tep/"
    answer = client_for(staff["khanh"]).post(
        address, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04nothing")}
    )

    assert answer.status_code == 422
    assert "không phải bảng XLSX" in answer.content.decode()


def pages_of(campaign, staff):
    runs, helps = client_for(staff["hanh"]), client_for(staff["khanh"])
    desk = f"/quan-tri/van-dong/{campaign.pk}/"
    return (
        (runs, "/quan-tri/van-dong/?q=lu"),
        (runs, f"{desk}nhu-cau/?text=tri+le"),
        (runs, f"{desk}loi-hua/?text=nguoi"),
        (runs, desk),
        (helps, "/quan-tri/nhu-cau/"),
        (helps, f"/van-dong/{campaign.slug}/"),
        (helps, "/van-dong/"),
    )


def asked(campaign, staff):
    """Return how many queries each page takes."""
    found = {}
    for client, address in pages_of(campaign, staff):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        found[address] = len(seen)
    with CaptureQueriesContext(connection) as seen:
        picture_of.of_campaign(campaign=campaign, on=MONDAY.date())
    return found | {"numbers": len(seen)}


def test_the_public_page_says_what_is_still_missing_and_splits_by_what_gifts_are_bound_to(
    campaign, tree, staff
):
    Purpose.objects.create(campaign=campaign, code="mai-nha", name="Mái nhà")
    said = need(campaign, tree["tri_le"], staff["khanh"], 100, purpose="mai-nha")
    promise = partial(actions.promise, campaign=campaign, commodity="rice-10kg", at=MONDAY)
    kept = promise(amount=30, fields={"need_id": said.pk, "purpose": "mai-nha"})
    lapsed = promise(amount=20, fields={"need_id": said.pk, "purpose": "mai-nha"})
    actions.note_came(gift=lapsed, amount=5, on=MONDAY.date(), at=MONDAY)
    actions.lapse(gift=lapsed, at=MONDAY)
    promise(amount=7, fields={})

    assert queries.met_of(need_ids=[said.pk]) == {said.pk: 35}
    page = client_for(staff["khanh"]).get(f"/van-dong/{campaign.slug}/")

    text = page.content.decode()
    assert "<b>65 bao" in text
    assert "cần 100, đã có 35 được hứa hoặc góp" in text
    split = dict(page.context["numbers"].purposes)
    assert (split["Mái nhà"][0].needed, split["Mái nhà"][0].registered) == (100, 35)
    assert split[""][0].registered == 7
    assert sum(a.registered for lines in split.values() for a in lines) == 42
    assert kept.purpose == "mai-nha"


@pytest.mark.parametrize("rows", [220, pytest.param(3000, marks=pytest.mark.slow)])
def test_lists_and_pages_ask_as_often_for_many_as_for_few(campaign, tree, staff, rows):
    many(campaign, tree, staff, 110)  # more than a page
    few = asked(campaign, staff)

    many(campaign, tree, staff, rows)

    assert asked(campaign, staff) == few
    assert max(few.values()) <= 40


def test_a_promise_is_found_by_a_part_of_the_name_through_its_index(campaign, tree, staff):
    many(campaign, tree, staff, 4)
    found = queries.gifts(staff["hanh"], campaign=campaign, on=MONDAY.date(), text="nguoi 3")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")

    assert [g.giver for g in found] == ["Người 3"]
    folded = Func(F("giver"), function="vi_fold", output_field=TextField())
    named = Gift.objects.annotate(folded=folded).filter(folded__contains="nguoi 3")
    assert "gifts_by_name" in named.explain()


def many(campaign, tree, staff, rows):
    about = {"campaign": campaign, "commodity_id": "goat", "said_at": MONDAY}
    about |= {"said_by_id": staff["khanh"].account_id, "confirmed_until": MONDAY.date()}
    Need.objects.bulk_create(
        Need(unit=tree["tri_le" if n % 2 else "bich_hao"], amount=n + 1, **about)
        for n in range(rows)
    )
    promised = {"campaign": campaign, "commodity_id": "goat", "promised_at": MONDAY}
    gifts = Gift.objects.bulk_create(
        Gift(amount=n + 1, giver=f"Người {n}", good_until=MONDAY.date(), **promised)
        for n in range(rows)
    )
    TransferCode.objects.bulk_create(
        TransferCode(number=700_000_000 + 10_000 * rows + n, campaign=campaign, gift=g)
        for n, g in enumerate(gifts)
    )
