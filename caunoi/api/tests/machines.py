"""A program with a key, and what it says."""

import json
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caunoi.api import actions
from caunoi.api.terms import Scope
from caunoi.kit import clock
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff


def key_of(staff, unit, *scopes, by=None, at=None, days=90):
    """-> the key and its words."""
    at = at or clock.now()
    return actions.make_key(
        account=Account.objects.get(pk=staff.account_id),
        unit_id=unit.pk,
        name="i-Office",
        scopes=[s.value for s in (scopes or (Scope.CASES_READ, Scope.CASES_WRITE))],
        ends_on=clock.local_date(at) + timedelta(days=days),
        by=by or staff,
        at=at,
    )


class Machine:
    """Speaks JSON with the key's words."""

    def __init__(self, words, **headers):
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {words}", **headers}

    def ask(self, method, path, body=None, **headers):
        content = b"" if body is None else json.dumps(body)
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            content,
            content_type="application/json",
            headers={**self.headers, **headers},
        )

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body, **headers)

    def send_file(self, path, content, fields=None, **headers):
        """Send a file as a form with parts does."""
        parts = {**(fields or {}), "file": SimpleUploadedFile("a", content)}
        return self.client.post(f"/api/v1/{path}", parts, headers={**self.headers, **headers})

    def delete(self, path, **headers):
        return self.ask("DELETE", path, **headers)

    def put(self, path, body=None, **headers):
        return self.ask("PUT", path, body, **headers)


def machine_of(unit, role=Role.CASE_OFFICER, *scopes, name="Nguyễn Thị An", **headers):
    """A program of an officer of that unit."""
    staff = make_staff(name=name, unit_id=unit.pk, role=role)
    return Machine(key_of(staff, unit, *scopes)[1], **headers)
