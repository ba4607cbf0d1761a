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
SENDS = re.compile(r'<form[^>]*method="post"[^>]*>', re.IGNORECASE)
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


MIXED = pytest.mark.parametrize("each", [False, pytest.param(True, marks=pytest.mark.slow)])
"""In the short form every field gets one of them, in turn; in the long form all fields get each."""


def fillings(fields, each):
    if each:
        return [dict.fromkeys(fields, value) for value in BROKEN]
    return [{name: BROKEN[n % len(BROKEN)] for n, name in enumerate(sorted(fields))}]


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


def text_of(page):
    """Return what a page says; files, redirects and refusals say nothing here."""
    if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
        return ""
    return page.content.decode()


def fields_of(page):
    return set(FIELDS.findall(text_of(page))) - {"csrfmiddlewaretoken"}


@MIXED
def test_no_page_breaks_on_what_stands_behind_its_question_mark(world, each):
    broken, opened = [], 0
    for name, client, address in doors(world, "GET"):
        page = client.get(address)
        opened += page.status_code == 200
        asked = fields_of(page) | {"q", "page"}
        broken += [
            (name, filling)
            for filling in fillings(asked, each)
            if client.get(address, filling).status_code == 500
        ]
    assert broken == []
    assert opened > 150, "hardly a door was opened"


@MIXED
def test_no_form_breaks_on_what_stands_in_its_fields(world, each):
    pages = {address: client.get(address) for _name, client, address in doors(world, "GET")}
    asked = {address: fields_of(page) for address, page in pages.items()}
    every = set().union(*asked.values())
    own = [
        door
        for door in doors(world, "GET")
        if any("action=" not in form for form in SENDS.findall(text_of(pages[door[2]])))
    ]
    broken, tried = [], 0
    for name, client, address in [*doors(world, "POST"), *own]:
        tried += 1
        fields = asked.get(address) or every
        broken += [
            (name, filling)
            for filling in fillings(fields, each)
            if client.post(address, filling).status_code == 500
        ]
    assert broken == []
    assert tried > 180, "hardly a form was sent"
