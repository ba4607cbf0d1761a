"""The real second wave of Nghệ An (412 communes become 130, 20 districts end): each closing unit with a page, an account, a
village group, a form and open cases. Seconds of the survey, of the rehearsal (limit: a minute) and of the morning itself.
Writes bench/results/reform.json."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import measuring

LIMIT_SECONDS = 60
COMMUNES = 20 if measuring.SMALL else None


def main() -> None:
    with measuring.database():
        measuring.write("reform", measure())


def measure() -> dict[str, Any]:
    """Walk the wave once, with a watch in the hand."""
    from django.conf import settings

    from caunoi.kit import keyring
    from caunoi.reform import actions, running
    from caunoi.staff.terms import Role
    from caunoi.staff.tests.factories import make_staff
    from caunoi.units import load
    from tests.journeys import reform_ground as ground

    settings.CAUNOI_KEYRING_FILE = Path(settings.CAUNOI_HOME) / "keyring.json"
    settings.CAUNOI_KEYRING_FILE.parent.mkdir(parents=True, exist_ok=True)
    if not settings.CAUNOI_KEYRING_FILE.exists():
        keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    load.load_demo(scale="small")
    root, day = ground.nghe_an().pk, ground.BEFORE.date()
    chi, dao = (
        make_staff(name=name, unit_id=root, role=Role.ADMINISTRATOR, on=day)
        for name in ("Lê Thị Chi", "Hoàng Văn Đạo")
    )
    holding = ground.fill(communes=COMMUNES)
    plan, drawn_s = _seconds(
        lambda: actions.draw_up(
            root_id=root, on=ground.WAVE, legal_reference="NQ 1678", by=chi, at=ground.BEFORE
        )
    )
    ground.decide_everything(plan, by=chi)
    tried, rehearsed_s = _seconds(lambda: running.rehearse(plan=plan, at=ground.BEFORE))
    for person in (chi, dao):
        actions.sign(plan=plan, by=person, at=ground.BEFORE)
    _, carried_out_s = _seconds(lambda: _carry_out(running.run_due, ground.MORNING))
    return {
        "closing_units": plan.closings.count(),
        "steps": plan.steps.count(),
        "survey_s": drawn_s,
        "rehearsal_s": rehearsed_s,
        "rehearsal_limit_s": LIMIT_SECONDS,
        "rehearsal_to_limit": round(rehearsed_s / LIMIT_SECONDS, 2),
        "rehearsal_failed": tried["failed"],
        "carried_out_s": carried_out_s,
        "left_behind": ground.left_behind(holding, on=ground.WAVE),
    }


def _carry_out(run: Callable[..., int], at: Any) -> None:
    while run(at=at, limit=700):
        pass


def _seconds(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    found = act()
    return found, round(time.monotonic() - began, 1)


if __name__ == "__main__":
    main()
