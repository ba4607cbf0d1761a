"""What the treasurer and everybody see and do on their pages; long statements ask the database no more than short ones."""

import json
import re
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caunoi.campaigns import actions as campaigns
from caunoi.funds import actions as funds
from caunoi.kit import clock
from caunoi.staff.tests.factories import client_for
from caunoi.statements import queries, running
from caunoi.statements.models import BankLine, StatementFile
from caunoi.statements.tests import ground
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def campaign(db):
    return ground.campaign_in(small_tree())


@pytest.fixture
def quy(campaign):
    return ground.treasurer_of({"nghe_an": campaign.unit})


@pytest.fixture
def brought(campaign, quy):
    account = ground.account_of(campaign, quy)
    code = campaigns.give_code(campaign=campaign).text
    said = [(1_000 + n, f"ung ho lan {n} {code}" if n % 2 else f"gop suc {n}", "LE VAN TAM") for n in range(70)]  # fmt: skip
    ground.bring(account, ground.as_csv(ground.moves(*said, (500_000, "Ủng hộ bà con Kỳ Sơn", "Giàng Thị Mỷ"))), quy)  # fmt: skip
    return campaign


def test_from_the_file_to_the_public_line_without_a_script(campaign, quy):
    desk = client_for(quy)
    body = ground.as_csv(ground.moves((500_000, "NGUYEN THI HOA ung ho"), (-11_000, "Phi"), (9, "x")))  # fmt: skip
    sent = {"campaign": str(campaign.pk), "bank": "970436", "number": "0011 000 123", "file": SimpleUploadedFile("t11.csv", body)}  # fmt: skip
    answer = desk.post(reverse("statements:upload"), sent)
    made = StatementFile.objects.get()
    assert answer.url == reverse("statements:file", args=[made.pk])
    page = desk.get(answer.url).content.decode()
    assert "Cột nào là gì?" in page
    columns = {"on": 0, "reference": 1, "debit": 2, "credit": 3, "balance": 4, "memo": 5}
    assert desk.post(reverse("statements:choose", args=[made.pk]), columns).status_code == 302
    page = desk.get(answer.url).content.decode()
    assert "khớp số dư của ngân hàng" in page
    assert "Ghi 3 dòng mới" in page
    desk.post(reverse("statements:start", args=[made.pk]))
    made.refresh_from_db()
    running.run(file=made, at=MONDAY)
    assert "đã ghi xong" in desk.get(answer.url).content.decode()
    found = Client().get(
        reverse("statements:statement", args=[campaign.slug]) + "?q=nguyễn+thị+hoa"
    )
    assert found.status_code == 200
    assert "N. T. HOA ung ho" in found.content.decode()  # typed whole, shown short
    found = Client().get(reverse("statements:statement", args=[campaign.slug]) + "?q=HOÁ ủng hộ")
    assert "N. T. HOA ung ho" in found.content.decode()
    again = SimpleUploadedFile("t11.csv", body)
    refused = desk.post(reverse("statements:upload"), sent | {"file": again})
    assert refused.status_code == 422
    assert "đã được nạp" in refused.content.decode()


def test_columns_that_say_too_little_come_back_with_a_sentence(campaign, quy):
    account = ground.account_of(campaign, quy)
    made = ground.take_in(account, ground.as_csv(ground.moves((5, "x"))), quy)
    answer = client_for(quy).post(reverse("statements:choose", args=[made.pk]), {"on": 0})
    assert answer.status_code == 422
    assert "ít nhất cột ngày" in answer.content.decode()
    made.refresh_from_db()
    assert made.state == "uploaded"


def test_everybody_finds_a_transfer_by_words_code_amount_and_day(brought):
    public = Client()
    address = reverse("statements:statement", args=[brought.slug])
    code = campaigns.give_code(campaign=brought).text

    def seen(query):
        page = public.get(f"{address}?{query}")
        assert page.status_code == 200
        return page.content.decode().count("/sao-ke/dong/")

    assert seen("q=" + quote("ủng hộ bà con kỳ sơn")) == seen("q=UNG+HO+BA+CON+KI+SON") == 1
    assert seen("q=lan+33") == 1
    assert seen("q=" + code.lower().replace("0", "o")) == 35
    assert seen("tien=500.000") == seen("tien=500000") == 1
    assert seen("q=gop+suc&tien=1.002") == 1
    assert seen("tu=2026-11-21") == 0
    line = BankLine.objects.filter(reference__gt="").first()
    BankLine.objects.filter(pk=line.pk).update(folded=line.folded.replace("ft0000", "ft263251234"))
    assert seen("q=FT26325123400") == 1
    assert seen("q=%25%25%25") == seen("q=___") == 0
    assert seen("") == 50
    assert public.get(f"{address}?q=ab").status_code == 422


@pytest.mark.parametrize("walk", [5, 20_000])
def test_older_pages_follow_without_gap_or_repeat(brought, monkeypatch, walk):
    monkeypatch.setattr(queries, "WALK", walk)
    address = reverse("statements:statement", args=[brought.slug])
    for query, there in (("", 71), ("q=ho+lan", 35), ("q=L.+V.+Tâm", 70), ("q=lan+3", 6)):
        seen, mark = [], ""
        for _page in range(4):
            got = Client().get(f"{address}?{query}&sau={mark}")
            seen += [line.pk for line in got.context["page"].lines]
            mark = got.context["next"]
            if not mark:
                break
        assert seen == sorted(set(seen), reverse=True)
        assert len(seen) == there


def test_a_line_has_its_lasting_page_and_after_the_evening_its_proof(brought):
    line = BankLine.objects.order_by("-id").first()
    public, address = Client(), reverse("statements:line", args=[line.short])
    page = public.get(address).content.decode()
    assert "niêm phong vào buổi tối" in page
    assert "Giàng Thị Mỷ" not in page
    assert public.get(reverse("statements:proof", args=[line.short])).status_code == 404
    funds.publish_root(fund_id=brought.fund_id, day=MONDAY.date(), at=MONDAY)
    told = json.loads(public.get(reverse("statements:proof", args=[line.short])).content)
    assert told["posting"]["id"] == str(line.key)
    assert "Mỷ" not in json.dumps(told, ensure_ascii=False)
    assert public.get(reverse("statements:line", args=[line.short.upper()])).url == address
    assert public.get("/sao-ke/dong/khong-co/").status_code == 404


def test_the_statement_is_taken_along(brought):
    public, address = Client(), reverse("statements:statement", args=[brought.slug])
    told = b"".join(public.get(address + "?csv=1").streaming_content).decode()
    assert len(told.splitlines()) == 72
    assert "G. T. Mỷ" in told
    assert public.get(address + "?xlsx=1").content[:2] == b"PK"
    grants = json.loads(b"".join(public.get(reverse("statements:giving", args=[brought.slug, "json"])).streaming_content))  # fmt: skip
    assert len(grants["grants"]) == 71
    assert sum(g["amountAwarded"] for g in grants["grants"]) == sum(BankLine.objects.values_list("amount", flat=True))  # fmt: skip
    _check_360(grants)
    csv = b"".join(public.get(reverse("statements:giving", args=[brought.slug, "csv"])).streaming_content)  # fmt: skip
    titles = set(csv.decode("utf-8-sig").splitlines()[0].split(","))
    assert set(REQUIRED_360.values()) <= titles
    assert csv.decode("utf-8-sig").startswith("Identifier,Title")


REQUIRED_360 = {
    "id": "Identifier", "title": "Title", "description": "Description", "currency": "Currency", "amountAwarded": "Amount Awarded",
    "awardDate": "Award Date", "recipientOrganization": "Recipient Org:Identifier", "fundingOrganization": "Funding Org:Identifier",
}  # fmt: skip
"""``required`` of schema/360-giving-schema.json in github.com/ThreeSixtyGiving/standard, commit 00410d1b, each with its title in a table."""


def _check_360(package):
    """Hold a package against the required fields, types and patterns of that schema and of 360-giving-package-schema.json beside it."""
    day = re.compile(r"[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])")
    assert re.fullmatch(r"(\d+\.)(\d+)", package["version"])
    assert day.fullmatch(package["issued"])
    assert package["publisher"]["name"]
    grants = package["grants"]
    assert len({g["id"] for g in grants}) == len(grants) >= 1
    for grant in grants:
        assert REQUIRED_360.keys() <= grant.keys()
        assert all(isinstance(grant[f], str) and grant[f] for f in ("id", "title", "description"))
        assert len(grant["title"]) < 140
        assert grant["currency"] == "VND"
        assert type(grant["amountAwarded"]) is int
        assert day.fullmatch(grant["awardDate"])
        assert grant["dataSource"].startswith("http")  # "format": "uri"
        for organization in (*grant["recipientOrganization"], *grant["fundingOrganization"]):
            assert organization["id"]
            assert organization["name"]


def test_pages_ask_no_more_for_long_statements(brought, quy, django_assert_max_num_queries):
    line = BankLine.objects.filter(state="unmatched").first()
    public, desk = Client(), client_for(quy)
    desk.get(reverse("statements:files"))
    for client, address, most in (
        (public, reverse("statements:statement", args=[brought.slug]), 7),
        (public, reverse("statements:statement", args=[brought.slug]) + "?q=ung+ho", 8),
        (public, reverse("statements:line", args=[line.short]), 4),
        (desk, reverse("statements:files"), 22),
        (desk, reverse("statements:to_match"), 22),
        (desk, reverse("statements:keep_line", args=[line.short]), 22),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_the_treasurer_matches_and_takes_back_on_the_page(brought, quy):
    line = BankLine.objects.filter(state="unmatched").first()
    desk, address = client_for(quy), reverse("statements:keep_line", args=[line.short])
    assert "LE VAN TAM" in desk.get(address).content.decode()
    wrong = desk.post(reverse("statements:deed", args=[line.short, "khop"]), {"code": "UH000"})
    assert wrong.status_code == 422
    assert "không phải mã" in wrong.content.decode()
    desk.post(reverse("statements:deed", args=[line.short, "khop"]), {})
    line.refresh_from_db()
    assert line.state == "matched"
    desk.post(reverse("statements:deed", args=[line.short, "go"]))
    line.refresh_from_db()
    assert line.state == "unmatched"
    assert desk.post(reverse("statements:deed", args=[line.short, "x"])).status_code == 404
