"""The examples of docs/api.md are run as they stand there."""

import re
import shlex
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caunoi.api import demo
from caunoi.api.tests.machines import key_of
from caunoi.files.tests.samples import photo
from caunoi.kit import clock
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff

DOCS = Path(__file__).resolve().parents[3] / "docs" / "api.md"
FENCE = re.compile(r"^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def commands():
    blocks = FENCE.findall(DOCS.read_text(encoding="utf-8"))
    return [line.strip() for b in blocks for line in b.splitlines() if "curl" in line]


def run(command, known):
    """Do what curl would do."""
    words = [_filled(w, known) for w in shlex.split(command)[1:]]
    method, headers, body, kind = "", {}, b"", ""
    rest = iter(words)
    for word in rest:
        if word == "-H":
            name, _colon, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body, method = next(rest).encode(), method or "POST"
        elif word == "-F":
            file = SimpleUploadedFile("cau.jpg", photo(size=(20, 20)))
            return Client().post(words[-1], {"file": file}, headers=headers)
        elif word == "-X":
            method = next(rest)
    kind = headers.pop("Content-Type", "application/json")
    return Client().generic(method or "GET", words[-1], body, content_type=kind, headers=headers)


def _filled(word, known):
    for name, value in known.items():
        word = word.replace(f"${name}", value)
    return word


def test_every_example_works(tree):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    known = {"BASE": "/api/v1", "KEY": key_of(officer, tree["bich_hao"])[1]}

    for command in commands():
        answer = run(command, known)
        assert answer.status_code in {200, 201}, (command, answer.content.decode())
        if answer.status_code == 201 and "number" in answer.json():
            known["NUMBER"] = answer.json()["number"]

    assert len(commands()) == 10


def test_the_sample_key_opens_a_copy_with_sample_data_and_is_shown_on_its_page(tree, settings):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    account = Account.objects.get(pk=officer.account_id)
    settings.DEMO = True

    demo.make_demo_key(account=account, unit_id=tree["bich_hao"].pk, at=clock.now())

    words = demo.demo_key()
    page = client_for(officer).get("/quan-tri/khoa-api/").content.decode()
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {words}"})
    assert words in page
    assert answer.json()["unit"]["slug"] == "xa-bich-hao"
    settings.DEMO = False
    assert demo.demo_key() == ""
    assert words not in client_for(officer).get("/quan-tri/khoa-api/").content.decode()
