"""A city app speaks to us as to any GeoReport server: services, requests, tokens, updates, in XML and JSON."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import xmlschema
from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caunoi.answers.models import PublishedAnswer
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import key_of
from caunoi.cases.models import Case
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.files import actions as files
from caunoi.files.models import StoredFile
from caunoi.files.tests.samples import photo
from caunoi.kit import clock, keyring
from caunoi.open311 import rules
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("georeport.xsd"))
NOW = clock.now()


class App:
    """A small client: asks as FixMyStreet does, and checks every answer."""

    def __init__(self, api_key=""):
        self.client, self.api_key = Client(), api_key

    def get(self, path, **asked):
        answer = self.client.get(f"/open311/v2/{path}.xml", asked)
        return answer.status_code, self._read(answer)

    def json(self, path, **asked):
        return self.client.get(f"/open311/v2/{path}.json", asked).json()

    def post(self, path, check=True, **given):
        answer = self.client.post(f"/open311/v2/{path}.xml", {"api_key": self.api_key, **given})
        return answer.status_code, ElementTree.fromstring(answer.content)

    def _read(self, answer):
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        assert answer.content.lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        if b"<token>" not in answer.content:
            SCHEMA.validate(io.BytesIO(answer.content))
        return ElementTree.fromstring(answer.content)


@pytest.fixture
def tree(db, settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def app(tree):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    return App(key_of(officer, tree["bich_hao"], Scope.OPEN311_WRITE)[1])


ASKED = {
    "service_code": "ha_tang",
    "description": "Cầu xóm 4 gãy lan can. Gọi tôi 0912345678.",
    "address_string": "Cầu xóm 4",
    "first_name": "Dung",
    "last_name": "Lê Thị",
    "phone": "0912345678",
}


def test_what_can_be_asked_is_said(app):
    status, discovery = App().get("discovery")
    assert discovery.findtext("endpoints/endpoint/url").endswith("/open311/v2")
    status, services = app.get("services")
    codes = [s.findtext("service_code") for s in services]
    assert status == 200
    assert "ha_tang" in codes
    assert not {"to_cao", "to_giac", "khan_cap"} & set(codes)
    _, definition = app.get("services/ha_tang")
    assert definition.findtext("attributes/attribute/code") == "PUBLIC"
    assert [s["service_code"] for s in app.json("services")] == codes


def test_a_request_is_taken_in_and_read_back_masked(app):
    status, made = app.post("requests", **ASKED)
    number = made.findtext("request/service_request_id")
    case = Case.objects.get(number=number)

    status, found = app.get(f"requests/{number}")

    assert status == 200
    assert case.asker_name == "Lê Thị Dung"
    assert case.topic == "ha_tang"
    assert found.findtext("request/status") == "open"
    assert found.findtext("request/service_code") == "ha_tang"
    text = "".join(found.itertext())
    assert "0912345678" not in text
    assert "Dung" not in text
    assert found.findtext("request/lat") == ""


def test_photos_come_as_parts_and_only_a_released_one_is_shown(app):
    pictures = [
        SimpleUploadedFile(f"{n}.jpg", c) for n, c in enumerate([photo(size=(20, 20)), b"x"])
    ]

    status, taken = app.post("requests", media=pictures, **ASKED)

    number = taken.findtext("request/service_request_id")
    kept = StoredFile.objects.get()
    assert status == 200
    assert taken.findtext("request/service_notice") == "1 tệp không được giữ lại."
    assert not app.json(f"requests/{number}")[0]["media_url"]
    approver = make_staff(name="Bình", unit_id=kept_case(number).owner_id, role=Role.APPROVER)
    files.release_photo(file=kept, looked=True, case_is_public=True, by=approver, at=NOW)
    address = app.json(f"requests/{number}")[0]["media_url"]
    assert app.client.get("/" + address.split("/", 3)[3]).content[:4] == b"RIFF"
    app.get(f"requests/{number}")


def kept_case(number):
    return Case.objects.get(number=number)


def test_the_same_words_within_ten_minutes_are_one_request(app):
    first = app.post("requests", **ASKED)[1].findtext("request/service_request_id")
    again = app.post("requests", **ASKED)[1].findtext("request/service_request_id")
    other = app.post("requests", **{**ASKED, "description": "Khác"})[1]

    assert again == first
    assert other.findtext("request/service_request_id") != first


def test_what_is_not_public_gets_a_token_and_is_on_no_list(app):
    for more in ({"attribute[PUBLIC]": "no"}, {"description": "Tôi tố cáo ông A nhận tiền"}):
        made = app.post("requests", **{**ASKED, **more})[1]
        token = made.findtext("request/token")
        assert made.find("request/service_request_id") is None

        _, found = app.get(f"tokens/{token}")
        number = found.findtext("request/service_request_id")

        assert Case.objects.filter(number=number).exists()
        assert app.get(f"requests/{number}")[0] == 404
        assert app.get("requests", service_request_id=number)[1].find("request") is None
    assert app.get("requests")[1].find("request") is None
    assert app.get("servicerequestupdates")[1].find("request_update") is None
    assert app.get(f"tokens/{token}x")[0] == 404


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "khong-co"}, 404),
        ({"description": ""}, 400),
        ({"address_string": ""}, 400),
        ({"address_string": "", "lat": "95", "long": "105"}, 400),
        ({"address_string": "", "lat": "nan", "long": "105"}, 400),
        ({"jurisdiction_id": "xa-khong-co"}, 404),
        ({"jurisdiction_id": "xa-tri-le"}, 403),
        ({"api_key": ""}, 403),
        ({"api_key": "caunoi_aaaaaaaa_" + "x" * 43}, 403),
        ({"attribute[PUBLIC]": "maybe"}, 400),
    ],
)
def test_errors_are_written_as_the_standard_writes_them(app, given, code):
    status, errors = app.post("requests", **{**ASKED, **given})

    assert status == code
    SCHEMA.validate(errors)
    assert errors.findtext("error/code") == str(code)
    assert Case.objects.count() == 0


def test_errors_in_json_are_a_list(app):
    assert app.json("services/khong-co") == [
        {"code": "404", "description": "service_code not found."}
    ]


def test_requests_are_filtered_by_place_topic_state_and_time(tree, app):
    old = make_case(unit=tree["bich_hao"], at=NOW - timedelta(days=100))
    done = make_case(unit=tree["village"], at=NOW, state="answered", topic="y_te")
    other = make_case(unit=tree["cao_son"], at=NOW, topic="y_te")
    open_one = make_case(unit=tree["bich_hao"], at=NOW - timedelta(days=5))

    def numbers(**asked):
        return {r.findtext("service_request_id") for r in app.get("requests", **asked)[1]}

    assert numbers() == {done.number, other.number, open_one.number}
    assert numbers(jurisdiction_id="xa-bich-hao") == {done.number, open_one.number}
    assert numbers(service_code="y_te") == {done.number, other.number}
    assert numbers(status="closed") == {done.number}
    assert numbers(status="open,closed") == numbers()
    day = (NOW - timedelta(days=101)).isoformat()
    assert numbers(start_date=day, end_date=(NOW - timedelta(days=99)).isoformat()) == {old.number}
    assert numbers(start_date=day) == {old.number, open_one.number} - (
        {open_one.number} if NOW - timedelta(days=5) > NOW - timedelta(days=11) else set()
    )
    asked = f"{old.number},{done.number}"
    assert numbers(service_request_id=asked, status="open") == {old.number, done.number}
    assert app.get("requests", start_date="gestern")[0] == 400
    assert app.get("requests", status="fixed")[0] == 400
    assert app.get("requests", jurisdiction_id="xa-khong-co")[0] == 404


def test_ninety_days_are_the_most():
    window = rules.window_of(start=NOW - timedelta(days=400), end=NOW, at=NOW)

    assert window.end - window.start == timedelta(days=90)


def test_a_thousand_of_five_thousand_in_as_many_queries_as_one(
    tree, app, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_case(unit=tree["bich_hao"], at=NOW)
    with CaptureQueriesContext(connection) as few:
        app.json("requests")
    many_cases(unit=tree["bich_hao"], n=5000, at=NOW)

    with django_assert_num_queries(len(few)):
        found = app.json("requests")

    assert len(found) == 1000


def test_an_answer_is_an_update(tree, app):
    number = app.post("requests", **ASKED)[1].findtext("request/service_request_id")
    case = Case.objects.get(number=number)
    case.steps.create(kind="answered", at=clock.now(), unit=tree["bich_hao"])
    Case.objects.update(state="answered", answered_at=clock.now())
    PublishedAnswer.objects.create(
        number=number,
        unit=tree["bich_hao"],
        title="Cầu",
        question="Cầu gãy lan can. Gọi tôi [số điện thoại đã ẩn].",
        answer="Sửa xong ngày 5/12.",
        agency="UBND xã Bích Hào",
        published_at=clock.now(),
        approved_by_name="B",
    )

    _, found = app.get("servicerequestupdates")

    newest = found[0]
    assert newest.findtext("service_request_id") == number
    assert newest.findtext("status") == "closed"
    assert newest.findtext("description") == "Sửa xong ngày 5/12."
    assert (
        app.get(f"requests/{number}")[1].findtext("request/status_notes") == "Sửa xong ngày 5/12."
    )


def test_words_of_another_system_are_added_once(tree, app):
    number = app.post("requests", **ASKED)[1].findtext("request/service_request_id")
    said = {
        "service_request_id": number,
        "update_id": "fms-77",
        "updated_datetime": NOW.isoformat(),
        "status": "OPEN",
        "description": "Hôm nay gãy thêm một đoạn",
    }

    status, first = app.post("servicerequestupdates", **said)
    _, again = app.post("servicerequestupdates", **said)

    assert status == 200
    assert first.findtext("request_update/update_id") == again.findtext("request_update/update_id")
    assert Case.objects.get().steps.filter(kind="more").count() == 1
    assert app.post("servicerequestupdates", **{**said, "update_id": ""})[0] == 400
    foreign = make_case(unit=tree["tri_le"])
    assert (
        app.post("servicerequestupdates", **{**said, "service_request_id": foreign.number})[0]
        == 404
    )


def test_letters_no_xml_may_hold_are_left_out(tree, app):
    make_case(unit=tree["bich_hao"], at=NOW, text="Cầu \x0bgãy \ufffe <b>&")

    assert "<b>&" in app.get("requests")[1].findtext("request/description")
