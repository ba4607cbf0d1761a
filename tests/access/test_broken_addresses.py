"""Whatever stands in an address or a form, no door breaks: a NUL, a number no machine word holds, a day there is not."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from caunoi.kit import keyring
from caunoi.staff.rules import permissions_of
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.access.test_matrix import ROWS, objects_of

pytestmark = pytest.mark.django_db
FIELDS = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([\w-]+)"')
BROKEN = ("\x00", "99999999999999999999", "31/02/2026", "00000000-0000-0000-0000-000000000000")
OFFICE = (Role.ADMINISTRATOR, Role.APPROVER, Role.TREASURER, Role.EDITOR, Role.AUDITOR)


@pytest.fixture
def world(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    settings.LIMITS_FACTOR = 0
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    tree = small_tree()
    people = {
        role: client_for(make_staff(name="Nguyễn An", unit_id=tree["bich_hao"].pk, role=role))
        for role in OFFICE
    }
    return {"objects": objects_of(tree["bich_hao"], "own"), "people": people}


def doors(world, method):
    """Every address of that method, and somebody who may open it."""
    for row in ROWS:
        if row["method"] != method or row["needs"] == "library":
            continue
        who = next((r for r in OFFICE if row["needs"] in map(str, permissions_of(r))), None)
        try:
            address = reverse(row["url_name"], kwargs=world["objects"][row["object"]])
        except (NoReverseMatch, KeyError):
            continue
        client = Client() if row["needs"] == "public" else world["people"][who or OFFICE[0]]
        client.raise_request_exception = False
        yield row["url_name"], client, address


def fields_of(page):
    if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
        return set()
    return set(FIELDS.findall(page.content.decode())) - {"csrfmiddlewaretoken"}


def test_no_page_breaks_on_what_stands_behind_its_question_mark(world):
    broken = []
    for name, client, address in doors(world, "GET"):
        asked = fields_of(client.get(address)) | {"q", "page"}
        broken += [
            (name, value)
            for value in BROKEN
            if client.get(address, dict.fromkeys(asked, value)).status_code == 500
        ]
    assert broken == []


def test_no_form_breaks_on_what_stands_in_its_fields(world):
    pages = {address: client.get(address) for _name, client, address in doors(world, "GET")}
    asked = {address: fields_of(page) for address, page in pages.items()}
    every = set().union(*asked.values())
    broken = []
    for name, client, address in doors(world, "POST"):
        fields = asked.get(address) or every
        broken += [
            (name, value)
            for value in BROKEN
            if client.post(address, dict.fromkeys(fields, value)).status_code == 500
        ]
    assert broken == []
