"""Keys on their page, and the description for people and programs."""

import gzip
from datetime import timedelta

import pytest

from caunoi.api.models import ApiKey
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import Machine, key_of, machine_of
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff


@pytest.fixture
def officer(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def chi(tree):
    return make_staff(name="Phạm Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)


def typed(account, **more):
    day = clock.local_date(clock.now()) + timedelta(days=30)
    return {
        "name": "i-Office",
        "account": account.account_id,
        "unit": "xa-bich-hao",
        "scopes": ["cases:read", "cases:write"],
        "ends_on": day.isoformat(),
        **more,
    }


def test_an_officer_makes_a_key_for_herself_and_sees_it_once(officer):
    client = client_for(officer)

    answer = client.post("/quan-tri/khoa-api/moi/", typed(officer))

    words = answer.content.decode().partition("<code>caunoi_")[2].partition("<")[0]
    assert answer["Cache-Control"] == "no-store"
    assert Machine(f"caunoi_{words}").get("me").json()["account"] == "Nguyễn Thị An"
    listed = client.get("/quan-tri/khoa-api/").content.decode()
    assert words[:8] in listed
    assert words[9:] not in listed


def test_a_key_is_taken_back_and_opens_nothing_any_more(tree, officer):
    key, words = key_of(officer, tree["bich_hao"])

    client_for(officer).post(f"/quan-tri/khoa-api/{key.pk}/thu-hoi/")

    assert Machine(words).get("me").status_code == 401
    told = AuditEntry.objects.get(event="api.key.revoked")
    assert told.after == {"key": key.prefix}


def test_an_administrator_makes_and_takes_back_keys_of_her_unit(tree, officer, chi):
    client = client_for(chi)

    client.post("/quan-tri/khoa-api/moi/", typed(officer))

    key = ApiKey.objects.get()
    assert (key.account_id, key.made_by_id) == (officer.account_id, chi.account_id)
    client.post(f"/quan-tri/khoa-api/{key.pk}/thu-hoi/")
    key.refresh_from_db()
    assert key.revoked_by_id == chi.account_id


def test_nobody_sees_or_takes_back_a_colleagues_key(tree, officer):
    key, _ = key_of(officer, tree["bich_hao"])
    other = client_for(
        make_staff(name="Vi Thị Em", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    )

    assert key.prefix not in other.get("/quan-tri/khoa-api/").content.decode()
    assert other.post(f"/quan-tri/khoa-api/{key.pk}/thu-hoi/").status_code == 404


def test_what_cannot_be_is_said_on_the_form(tree, officer, chi):
    client = client_for(officer)

    beyond = client.post("/quan-tri/khoa-api/moi/", typed(officer, scopes=["webhooks:manage"]))
    nowhere = client.post("/quan-tri/khoa-api/moi/", typed(officer, unit="xa-khong-co"))
    long = client.post("/quan-tri/khoa-api/moi/", typed(officer, ends_on="2099-01-01"))
    foreign = client.post("/quan-tri/khoa-api/moi/", typed(chi))

    assert [a.status_code for a in (beyond, nowhere, long, foreign)] == [422] * 4
    assert "không được làm hết" in beyond.content.decode()
    assert "một năm" in long.content.decode()
    assert ApiKey.objects.count() == 0


def test_the_list_asks_as_often_for_many_keys_as_for_few(
    tree, chi, officer, django_assert_max_num_queries
):
    for n in range(3):
        key_of(officer, tree["bich_hao"], days=n + 1)
    one = ApiKey.objects.first()
    ApiKey.objects.bulk_create(
        ApiKey(
            prefix=f"x{n:07d}",
            hashed=b"x",
            name=f"k{n}",
            unit=one.unit,
            account=one.account,
            made_by=one.account,
            scopes=one.scopes,
            made_at=one.made_at,
            ends_on=one.ends_on,
        )
        for n in range(2000)
    )
    client = client_for(chi)

    with django_assert_max_num_queries(20):
        page = client.get("/quan-tri/khoa-api/")

    assert page.content.decode().count("caunoi_") == 30
    assert "Chưa có khóa" in client.get("/quan-tri/khoa-api/?q=zzz").content.decode()


def test_the_description_is_open_in_two_languages_and_loads_nothing_foreign(db, client):
    vi = client.get("/api/")
    client.cookies["django_language"] = "en"
    en = client.get("/api/").content.decode()

    page = vi.content.decode()
    assert len(gzip.compress(vi.content)) < 60_000
    assert "Mở vụ việc cho người đã hỏi ở nơi khác" in page
    assert "Open a case for somebody who asked elsewhere" in en
    assert "<script src" not in page.replace('<script src="/static/', "")
    assert "unsafe" not in vi["Content-Security-Policy"]


def test_the_openapi_description_names_every_operation_once(db, client):
    said = client.get("/api/v1/openapi.json").json()

    operations = [o for path in said["paths"].values() for o in path.values()]
    assert said["openapi"].startswith("3.1")
    assert len({o["operationId"] for o in operations}) == len(operations) > 130
    posts = [path["post"] for path in said["paths"].values() if "post" in path]
    assert all(any(p["name"] == "Idempotency-Key" for p in o["parameters"]) for o in posts)
    assert all("429" in map(str, o["responses"]) for o in operations)


def test_no_operation_offers_a_person():
    from caunoi.api import description

    paths = " ".join(description.schema()["paths"])
    assert not any(word in paths for word in ("asker", "person", "people", "resident", "contact"))


def test_answers_are_corrected_limited_marked_and_withdrawn_by_their_keepers(tree):
    from caunoi.answers.models import PublishedAnswer

    unit = tree["bich_hao"]
    PublishedAnswer.objects.create(
        number="NA-2026-000001",
        unit=unit,
        title="Cầu",
        question="Bao giờ sửa cầu?",
        answer="Tháng 12.",
        agency="UBND xã",
        published_at=clock.now(),
        approved_by_name="B",
    )
    keeper = machine_of(unit, Role.EDITOR, Scope.ANSWERS_READ, Scope.ANSWERS_WRITE)
    stranger = machine_of(
        tree["tri_le"], Role.EDITOR, Scope.ANSWERS_READ, Scope.ANSWERS_WRITE, name="Khác"
    )
    at = "answers/NA-2026-000001"

    assert [a["number"] for a in keeper.get("answers?q=sua cau").json()["items"]]
    better = {"answer": "Tháng 1. Gọi 0912345678", "why": "Lũ về"}
    assert stranger.post(f"{at}/corrections", better).status_code == 403
    corrected = keeper.post(f"{at}/corrections", better).json()
    assert corrected["standing"] == "corrected"
    assert "0912345678" not in corrected["answer"]
    days = {"valid_from": "2026-01-01", "valid_until": "2025-01-01"}
    assert keeper.put(f"{at}/validity", days).status_code == 422
    days = {"valid_from": None, "valid_until": "2027-01-01"}
    assert keeper.put(f"{at}/validity", days).json()["valid_until"] == "2027-01-01"
    assert keeper.put(f"{at}/law-mark", {"note": "NĐ mới"}).json()["standing"] == "law_changed"
    assert keeper.put(f"{at}/law-mark", {"note": None}).json()["law_note"] == ""
    assert keeper.post(f"{at}/withdrawal", {"why": "Sai"}).json()["standing"] == "withdrawn"
    assert keeper.get("answers/NA-2026-000009").status_code == 404


def test_webhooks_are_managed_by_a_program(tree, chi):
    machine = Machine(key_of(chi, tree["bich_hao"], Scope.WEBHOOKS_MANAGE)[1])
    said = {
        "unit": "xa-bich-hao",
        "name": "i-Office",
        "url": "http://127.0.0.1:9/x",
        "events": ["case.opened"],
    }

    made = machine.post("webhooks", said).json()
    at = f"webhooks/{made['id']}"

    assert made["secret"].startswith("whsec_")
    assert "secret" not in machine.get(at).json()
    assert machine.post(f"{at}/test").status_code == 202
    told = machine.get(f"{at}/deliveries").json()["items"]
    assert [d["type"] for d in told] == ["webhook.test"]
    assert machine.post(f"{at}/rotate").json()["secret"] != made["secret"]
    assert machine.put(f"{at}/state", {"on": False}).json()["state"] == "off"
    assert machine.post(f"{at}/replay", {"deliveries": None}).status_code == 409
    assert machine.post("webhooks", {**said, "unit": "xa-tri-le"}).status_code == 404
    assert machine.get("webhooks/00000000-0000-0000-0000-000000000000").status_code == 404
