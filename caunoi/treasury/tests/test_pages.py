"""The pages of the treasurer, the approver, the auditor and of everybody."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from caunoi.funds import actions as funds
from caunoi.funds import verifying
from caunoi.staff.tests.factories import client_for
from caunoi.treasury.models import Limit, Voucher
from caunoi.treasury.tests.ground import DAY
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def typed(**more):
    return {
        "key": str(uuid.uuid4()),
        "amount": "1.250.000 đ",
        "on": "2026-11-23",
        "means": "cash",
        "partner": "Nguyễn Thị Lành",
        "reason": "Ủng hộ",
    } | more


def test_a_treasurer_takes_money_in_and_prints_its_receipt(ground):
    quy = client_for(ground.quy)
    address = reverse("treasury:prepare", args=[ground.fund.pk, "take_in"])
    answer = quy.post(address, typed(), follow=True)

    page = answer.content.decode()
    assert "Đã ghi sổ, số PT 1/2026." in page
    assert "1.250.000 đ" in page
    assert quy.get(address).status_code == 200
    voucher = Voucher.objects.get()
    for more in ("", "?bien-nhan=1"):
        paper = quy.get(reverse("treasury:voucher_pdf", args=[voucher.pk]) + more)
        assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "một triệu"}, "Ghi số tiền bằng đồng"),
        ({"amount": "0"}, "Số tiền này không hợp lệ"),
        ({"on": "2025-01-01"}, "đã khóa"),
        ({"partner": ""}, "Nguyễn"),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_is_lost(ground, wrong, said):
    answer = client_for(ground.quy).post(
        reverse("treasury:prepare", args=[ground.fund.pk, "take_in"]),
        typed(address="Nguyễn Huệ, Vinh") | wrong,
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Nguyễn Huệ, Vinh" in page
    assert not Voucher.objects.exists()


def test_the_second_person_finds_it_and_approves(ground):
    ground.voucher("take_in", 30_000_000)
    large = ground.voucher("allocate", 25_000_000)
    phuc, quy = client_for(ground.phuc), client_for(ground.quy)
    assert "Chờ anh/chị duyệt" in phuc.get(reverse("treasury:funds")).content.decode()
    deed = reverse("treasury:decide", args=[large.pk, "duyet"])

    assert quy.post(deed).status_code == 422
    assert phuc.post(deed).status_code == 302
    assert "đã ghi sổ" in quy.get(reverse("treasury:voucher", args=[large.pk])).content.decode()
    back = reverse("treasury:decide", args=[large.pk, "dao"])
    assert quy.post(back, {"because": "Nhầm"}).status_code == 422
    assert phuc.post(back, {"because": "Nhầm xã"}).status_code == 302


def test_the_list_is_found_by_words_without_marks_and_stays_quick(
    ground, django_assert_max_num_queries
):
    for n in range(60):
        ground.voucher("take_in", 1000 + n, words={"partner": f"Bà Vi Thị Hoa {n}"})
    quy = client_for(ground.quy)
    address = reverse("treasury:vouchers", args=[ground.fund.pk])
    with django_assert_max_num_queries(24):
        page = quy.get(address).content.decode()
    found = quy.get(f"{address}?text=vi thi hoa 7").content.decode()

    assert page.count("PT ") >= 50
    assert "Hoa 7" in found
    assert "Hoa 8" not in found
    assert quy.get(f"{address}?xlsx=1").content.startswith(b"PK")
    assert "Không có mục nào như vậy" in quy.get(f"{address}?text=khongco").content.decode()


def test_everybody_reads_the_journal_in_public_words_and_no_name(
    ground, client, django_assert_max_num_queries
):
    for n in range(45):
        ground.voucher("take_in", 1000 + n)
    ground.voucher("allocate", 500)
    address = reverse("treasury:journal", args=[ground.fund.pk])
    with django_assert_max_num_queries(14):
        page = client.get(address).content.decode()
    older = client.get(f"{address}?before=22").content.decode()
    table = b"".join(client.get(f"{address}?csv=1").streaming_content).decode()

    assert "Phân bổ" in page
    assert "Xã Bích Hào" in page
    assert "Lành" not in page + table
    assert ">1.020 đồng<" in older
    assert table.count("\n") == 47
    received = client.get(f"{address}?move=receive").content.decode()
    assert "Xã Bích Hào" not in received


def test_the_whole_journal_downloads_and_verifies(ground, client):
    ground.voucher("take_in", 1000)
    funds.publish_root(fund_id=ground.fund.pk, day=DAY, at=MONDAY)
    answer = client.get(reverse("treasury:journal_file", args=[ground.fund.pk]))
    lines = b"".join(answer.streaming_content).decode().splitlines()

    verdict = verifying.verify(lines)
    assert (verdict.wrong, verdict.postings, verdict.roots) == ("", 1, 1)
    roots = client.get(reverse("treasury:roots", args=[ground.fund.pk])).json()["roots"]
    assert [r["day"] for r in roots] == ["2026-11-23"]


def test_a_receipt_says_number_amount_and_proof_but_no_name(ground, client):
    gift = ground.voucher("take_in", 1_250_000)
    address = reverse("treasury:receipt", args=[gift.pk])
    before = client.get(address).content.decode()
    assert client.get(reverse("treasury:proof", args=[gift.pk])).status_code == 404
    funds.publish_root(fund_id=ground.fund.pk, day=DAY, at=MONDAY)
    page = client.get(address).content.decode()
    proof = client.get(reverse("treasury:proof", args=[gift.pk]))

    assert "đêm nay" in before
    assert "1.250.000 đồng" in page
    assert "khớp với mã gốc" in page
    assert "Lành" not in page + proof.content.decode()
    assert verifying.verify([proof.content.decode()]).holds
    assert client.get(reverse("treasury:receipt", args=[uuid.uuid4()])).status_code == 404


def test_the_auditor_notes_what_she_found_and_the_treasurer_cannot(ground):
    ground.voucher("take_in", 500)
    ground.voucher("allocate", 100)
    gift = ground.voucher("hand_over", 40)
    address = reverse("treasury:audit", args=[ground.fund.pk])
    words = {"check": "no_photo", "key": str(gift.pk), "note": "Ảnh ở hồ sơ giấy"}
    giang, quy = client_for(ground.giang), client_for(ground.quy)

    assert "Trao mà không có ảnh" in giang.get(address).content.decode()
    assert quy.post(address, words).status_code == 404
    assert giang.post(address, words).status_code == 302
    assert "Ảnh ở hồ sơ giấy" in quy.get(address).content.decode()


def test_declared_balances_stand_beside_the_books_and_the_books_are_closed(ground):
    ground.voucher("take_in", 500)
    quy, phuc = client_for(ground.quy), client_for(ground.phuc)
    declare = reverse("treasury:declare", args=[ground.fund.pk])
    assert quy.post(declare, {"on": "2026-11-23", "cash": "x"}).status_code == 422
    said = {"on": "2026-11-23", "cash": "200", "bank": "300"}
    assert quy.post(declare, said).status_code == 302
    close = reverse("treasury:close", args=[ground.fund.pk])
    early = phuc.post(close, {"through": (DAY + timedelta(days=900)).isoformat()})
    assert early.status_code == 422
    assert "Chỉ khoá được ngày đã qua." in early.content.decode()
    assert phuc.post(close, {"through": "2026-11-23"}).status_code == 302
    refused = quy.post(
        reverse("treasury:prepare", args=[ground.fund.pk, "take_in"]), typed(), follow=True
    )
    assert refused.status_code == 422


def test_a_limit_is_set_for_the_unit_that_was_chosen_and_for_no_other_province(ground):
    phuc, address = client_for(ground.phuc), reverse("treasury:limits")
    words = {"amount": "700.000", "valid_from": "2026-11-01", "source": "QĐ 13/QĐ-MTTQ"}
    chosen, foreign = ground.tree["bich_hao"], ground.tree["cao_son"]

    assert phuc.post(address, words | {"unit": chosen.slug}).status_code == 302
    refused = phuc.post(address, words | {"unit": foreign.slug})

    assert refused.status_code == 422
    assert "700.000" in refused.content.decode()
    assert Limit.objects.get().unit_id == chosen.pk
    page = phuc.get(address).content.decode()
    assert f'value="{ground.tree["nghe_an"].slug}"' in page
    assert "700.000 đ" in page


def test_an_approver_sets_the_limit_and_its_history_stands(ground):
    phuc, quy = client_for(ground.phuc), client_for(ground.quy)
    address = reverse("treasury:limits")
    words = {"amount": "5.000.000", "valid_from": "2026-11-01", "source": "QĐ 12/QĐ-MTTQ"}
    words["unit"] = ground.tree["nghe_an"].slug

    assert quy.post(address, words).status_code == 404
    assert phuc.post(address, words).status_code == 302
    page = quy.get(address).content.decode()
    assert "5.000.000 đ" in page
    assert "QĐ 12/QĐ-MTTQ" in page


def test_everything_in_one_file_verifies_and_adds_up(ground):
    ground.voucher("take_in", 700)
    ground.voucher("allocate", 500)
    funds.publish_root(fund_id=ground.fund.pk, day=DAY, at=MONDAY)
    answer = client_for(ground.giang).get(reverse("treasury:everything", args=[ground.fund.pk]))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        journal = pack.read("so-cai.jsonl").decode().splitlines()
        proofs = pack.read("bien-nhan.jsonl").decode().splitlines()
        names = set(pack.namelist())
    assert verifying.verify(journal).holds
    assert [verifying.verify([p]).holds for p in proofs] == [True]
    assert json.loads(proofs[0])["number"] == "1/2026"
    assert {"phieu.csv", "can-doi.csv", "bao-cao.xlsx", "niem-yet.pdf"} <= names
    assert {"sao-ke.csv", "hang.csv", "DOC-TRUOC.txt"} <= names


def test_the_report_as_a_spreadsheet_bears_head_motto_and_signers_and_its_sums_are_numbers(ground):
    ground.voucher("take_in", 700)
    quy = client_for(ground.quy)
    days = {"since": "2026-01-01", "until": "2026-12-31"}
    answer = quy.get(reverse("treasury:report", args=[ground.fund.pk, "xlsx"]), days)

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    words = " | ".join(str(v) for row in rows for v in row if v is not None)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO",
        "NGƯỜI LẬP",
        "Thời gian: từ ngày",
    ):
        assert said in words
    assert next(row[1] for row in rows if row[0] == "2. Tiếp nhận trong kỳ") == 700
