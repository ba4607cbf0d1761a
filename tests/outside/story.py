"""A question from asking to the published answer, as a process of its own inside somebody else's database."""

from caunoi.cases import actions as cases
from caunoi.cli import sample
from caunoi.journeys import ask_and_answer, redacting
from caunoi.kit import clock
from caunoi.staff import demo, queries
from caunoi.staff.models import Account
from caunoi.units import queries as units


def viewer(word: str):
    account = Account.objects.get(email=f"{word}{demo.DOMAIN}")
    on = clock.local_date(clock.now())
    return queries.viewer_for(account=account, on=on, has_second_factor=True)


def tell(question: str, answer: str) -> str:
    """Ask, draft, submit, approve. -> the number."""
    at = clock.now()
    unit = units.by_slug(slug=sample.BICH_HAO, on=clock.local_date(at))
    case = ask_and_answer.ask_on_web(unit_id=unit.id, text=question, form_key="outside", at=at)
    cases.save_draft(case=case, text=answer, by=viewer("an"), at=at)
    cases.submit_draft(case=case, by=viewer("an"), at=at)
    redacting.confirm(case=case, answer=answer, by=viewer("an"), at=at)
    ask_and_answer.answer_and_publish(case=case, approver=viewer("binh"), at=at)
    return case.number
