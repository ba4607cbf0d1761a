"""No door offers a person: nothing takes a name or a phone number as a key to cases, nothing puts cases of one asker together.

The rule of search: words of a case are its number and what it is about. The name under which its asker is known and every
phone number are left out of the index, whatever stands in the text. Lists of cases are lists of a unit's work.
"""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from caunoi.api.tests.machines import machine_of
from caunoi.cases.models import Case
from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.inbox import intake
from caunoi.journeys import ask_and_answer, work
from caunoi.kit import keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.access.test_matrix import ROWS, objects_of
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
NAME, PHONE, SENDER = "Vi Thị Sao Mai", "0977123456", "psid-of-sao-mai"
ASKED = (
    "Bao giờ có cầu treo qua suối?",
    "Trường mầm non thiếu cô giáo",
    "Nhà tôi chưa được hỗ trợ mái tôn",
)
KEYS = (NAME, "vi thi sao mai", PHONE, "0977 123 456", "+84977123456", SENDER)
WORDS = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([a-z_-]+)"')
ROLES = (Role.ADMINISTRATOR, Role.APPROVER, None)


@pytest.fixture
def world(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    settings.LIMITS_FACTOR = 0
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    tree = small_tree()
    objects = objects_of(tree["bich_hao"], "own")
    registry.connector_for("loopback").world.reset()
    channels.register_app(
        connector_key="loopback", app_id="a", secrets={"secret": "s"}, by=None, at=MONDAY
    )
    channels.register_channel(
        unit_id=tree["bich_hao"].pk,
        connector_key="loopback",
        external_id="page",
        name="MTTQ xã Bích Hào",
        secrets={"access_token": "t", "refresh_token": "r"},
        by=None,
        at=MONDAY,
    )
    return {"tree": tree, "objects": objects, "hers": asks_three_times(tree)}


def asks_three_times(tree):
    """The same woman asks on the web, at the office and in a chat, each time with name and number in her words."""
    said = f"Tôi là {NAME}, điện thoại {PHONE}."
    web = ask_and_answer.ask_on_web(
        unit_id=tree["bich_hao"].pk,
        text=f"{ASKED[0]} {said}",
        form_key="her-1",
        name=NAME,
        contact=PHONE,
        at=MONDAY,
    )
    second = ask_and_answer.ask_on_web(
        unit_id=tree["bich_hao"].pk,
        text=f"{ASKED[1]} {said}",
        form_key="her-2",
        name=NAME,
        contact=PHONE,
        at=MONDAY,
    )
    loopback = registry.connector_for("loopback")
    event = loopback.message(
        "page", "m1", f"{ASKED[2]} {said}", at=MONDAY, name=NAME, sender=SENDER
    )
    raw = loopback.delivery(event, at=MONDAY, secret="s")
    intake.receive(
        connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=MONDAY
    )
    work.work_inbox_once(worker="w", at=MONDAY)
    third = Case.objects.filter(text__startswith=ASKED[2]).get()
    return [web.number, second.number, third.number]


def addresses(world):
    for row in ROWS:
        if row["method"] != "GET" or row["needs"] == "library":
            continue
        try:
            yield row["url_name"], reverse(row["url_name"], kwargs=world["objects"][row["object"]])
        except (NoReverseMatch, KeyError):
            continue


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_field_of_any_page_takes_her_name_or_number_as_a_key(world, role):
    staff = role and make_staff(name="Nguyễn An", unit_id=world["tree"]["bich_hao"].pk, role=role)
    client = client_for(staff) if staff else Client()
    guilty = []
    for name, address in addresses(world):
        page = client.get(address)
        if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
            continue
        plain = page.content.decode()
        fields = {w for w in WORDS.findall(plain) if w != "csrfmiddlewaretoken"} | {"q", "name"}
        for key in (NAME, PHONE):
            found = client.get(address, dict.fromkeys(fields, key))
            text = found.content.decode() if found.status_code == 200 else ""
            narrowed = [n for n in world["hers"] if n in text]
            if len(narrowed) > 1 and not shows_others_too(text, world):
                guilty.append((name, key))
    assert guilty == []


def shows_others_too(text, world):
    """True for a list of the unit's work: the key was not taken, everybody's cases stand there as before."""
    numbers = set(Case.objects.values_list("number", flat=True))
    return any(n in text for n in numbers - set(world["hers"]))


@pytest.mark.parametrize("key", KEYS)
def test_the_searches_over_cases_find_nothing_by_her_name_or_number(world, key):
    an = make_staff(name="Nguyễn An", unit_id=world["tree"]["bich_hao"].pk, role=Role.APPROVER)
    client = client_for(an)

    for address in ("/hop-thu/?view=all", "/tim/?", "/hop-thu/?view=todo", "/hoi-dap/?"):
        page = client.get(f"{address}&q={key.replace('+', '%2B')}").content.decode()
        assert not any(number in page for number in world["hers"]), address


@pytest.mark.parametrize("key", KEYS)
def test_a_program_finds_nothing_by_her_name_or_number(world, key):
    machine = machine_of(world["tree"]["bich_hao"])

    answer = machine.get(f"cases?view=all&q={quote(key)}")

    assert answer.status_code == 200
    assert not any(number in answer.content.decode() for number in world["hers"])


def test_what_a_case_is_about_is_still_found(world):
    an = make_staff(name="Nguyễn An", unit_id=world["tree"]["bich_hao"].pk, role=Role.APPROVER)

    page = client_for(an).get("/hop-thu/?view=all&q=cau+treo").content.decode()

    assert world["hers"][0] in page


def test_her_page_on_one_case_names_no_other_of_hers(world):
    for number in world["hers"]:
        case = Case.objects.get(number=number)
        client = Client()
        client.post(f"/hoi/{number}/du-lieu/", {"code": case.follow_code})
        told = client.get(f"/hoi/{number}/du-lieu/").content.decode()
        told += client.get(f"/hoi/{number}/du-lieu/tep.json").content.decode()
        told += client.get(f"/hoi/{number}/").content.decode()

        assert [n for n in world["hers"] if n != number and n in told] == []


def test_a_case_page_names_no_other_case_of_its_asker(world):
    an = make_staff(name="Nguyễn An", unit_id=world["tree"]["bich_hao"].pk, role=Role.APPROVER)
    client = client_for(an)

    for number in world["hers"]:
        page = client.get(f"/vu-viec/{number}/").content.decode()
        assert [n for n in world["hers"] if n != number and n in page] == []
