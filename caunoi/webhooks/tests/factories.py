"""An administrator of a unit, her endpoint, and another system that answers as told."""

import httpx

from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.webhooks import actions
from caunoi.webhooks.terms import SUBSCRIBABLE
from tests.cast import MONDAY

ADDRESS = "http://127.0.0.1:9/hooks"


def administrator(unit, name="Phạm Thị Chi"):
    return make_staff(name=name, unit_id=unit.pk, role=Role.ADMINISTRATOR)


def endpoint_of(unit, by=None, at=MONDAY, **more):
    """-> the endpoint and its secret."""
    fields = {
        "name": "i-Office",
        "url": ADDRESS,
        "events": [e.value for e in SUBSCRIBABLE],
        **more,
    }
    return actions.add_endpoint(unit_id=unit.pk, by=by or administrator(unit), at=at, **fields)


class Receiver:
    """The other system: keeps what it was told, and answers with the next of ``answers`` (the last one for ever)."""

    def __init__(self, *answers):
        self.answers = list(answers) or [httpx.Response(204)]
        self.told = []

    def __call__(self, request):
        self.told.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
