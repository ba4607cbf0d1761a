"""A worker that carries out a reform, as a process of its own to be killed: ``python -m tests.chaos.reforming draw | carry N | left``.

``carry N`` stops inside the transaction of its N-th group and says by which process of PostgreSQL; 0 goes on to the end.
The wave is the real one of 1/7/2025, so that its day has come.
"""

import json
import os
import sys
import time
from dataclasses import replace

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.db import connection

from caunoi.kit import clock
from caunoi.reform import actions, registry, running
from caunoi.reform.models import Closing, Plan
from caunoi.reform.terms import PlanState
from caunoi.staff import demo
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from tests.journeys import reform_ground as ground

COMMUNES, TOGETHER = 40, 20


def draw() -> None:
    """Give communes their things and decide everything; nobody signs yet, so that no other worker begins."""
    ground.fill(communes=COMMUNES)
    at, root = clock.now(), ground.nghe_an().pk
    demo.make_demo_account(
        word="dao",
        full_name="Hoàng Văn Đạo",
        unit_id=root,
        role=Role.ADMINISTRATOR,
        totp_secret="",
        at=at,
    )
    chi = viewer("chi")
    plan = actions.draw_up(
        root_id=root, on=ground.WAVE, legal_reference="Nghị quyết 1678", by=chi, at=ground.BEFORE
    )
    ground.decide_everything(plan, by=chi)


def viewer(word: str) -> object:
    account = Account.objects.get(email=f"{word}{demo.DOMAIN}")
    today = clock.local_date(clock.now())
    return staff.viewer_for(account=account, on=today, has_second_factor=True)


def carry(stop_at: int) -> None:
    if wave().state == PlanState.DRAFT:
        for word in ("chi", "dao"):
            actions.sign(plan=wave(), by=viewer(word), at=ground.BEFORE)
    running.TOGETHER = TOGETHER
    come = [0]
    for name, holder in registry.HOLDERS.items():
        registry.HOLDERS[name] = replace(holder, carry=stopping(holder.carry, come, stop_at))
    while running.run_plan(plan=wave(), at=clock.now()):
        pass
    say("done")


def stopping(act, come: list[int], stop_at: int):
    def acting(deeds):
        act(deeds)
        come[0] += 1
        if come[0] == stop_at:
            say(str(connection.connection.info.backend_pid))
            time.sleep(60)

    return acting


def wave() -> Plan:
    return Plan.objects.get(on_date=ground.WAVE)


def left() -> None:
    closed = list(Closing.objects.filter(plan=wave()).values_list("unit_id", flat=True))
    say(json.dumps(ground.left_behind(closed, on=ground.WAVE)))


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "carry":
        carry(int(sys.argv[2]))
    else:
        {"draw": draw, "left": left}[sys.argv[1]]()
