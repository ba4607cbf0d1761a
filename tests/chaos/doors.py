"""The doors without a provider, as a process of their own."""

from caunoi.cli import sample
from caunoi.journeys import ask_and_answer
from caunoi.kit import clock
from caunoi.staff import demo, queries
from caunoi.staff.models import Account
from caunoi.units import queries as units


def ask(door: str, text: str, key: str) -> None:
    at = clock.now()
    unit = units.by_slug(slug=sample.BICH_HAO, on=clock.local_date(at))
    if door == "form":
        ask_and_answer.ask_on_web(unit_id=unit.id, text=text, form_key=key, at=at)
        return
    cadre = Account.objects.get(email=f"duc{demo.DOMAIN}")
    viewer = queries.viewer_for(account=cadre, on=clock.local_date(at), has_second_factor=True)
    ask_and_answer.take_walk_in(unit_id=unit.id, text=text, form_key=key, by=viewer, at=at)
