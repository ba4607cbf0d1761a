"""A sample reform: two villages of the sample commune become one next year; the plan is drawn up, part of it decided. Invented."""

from datetime import date, datetime
from typing import Any

LAW = "Nghị quyết 12/NQ-HĐND (bản mẫu)"
FIRST, SECOND = 0, 7
"""Which villages, of different names: both have a group and a loudspeaker."""


def load_reform(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Enter the merger in the tree, draw the plan up, decide what becomes of groups, and try it out."""
    from caunoi.kit import clock
    from caunoi.reform import actions, running
    from caunoi.reform.terms import Outcome, Rule
    from caunoi.units import actions as tree
    from caunoi.units import queries as units

    chi, commune, today = people["chi"], places["bich_hao"], clock.local_date(at)
    first_day = date(today.year + 1, 3, 1)
    below = units.children(unit_id=commune.id, on=today)
    tree.merge_units(
        unit_ids=[below[FIRST].id, below[SECOND].id],
        full_name="Xóm Hoà Hợp",
        code=f"{commune.code}-90",
        on=first_day,
        legal_reference=LAW,
        by=chi,
        at=at,
    )
    plan = actions.draw_up(root_id=commune.id, on=first_day, legal_reference=LAW, by=chi, at=at)
    groups = Rule("channels", Outcome.KEPT, kind="hand_posted")
    actions.decide_by_rule(plan=plan, rule=groups, by=chi, at=at)
    running.rehearse(plan=plan, at=at)
