"""A neighbour asks: who is helped is kept with the case, sealed like every contact, and hidden wherever the public reads."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from caunoi.cases.models import Case, OnBehalf
from caunoi.kit import audit, keyring
from caunoi.kit.text import clean
from caunoi.kit.viewing import system


@dataclass(frozen=True, slots=True)
class Helped:
    """Whom somebody asks for; she agreed. Name and contact may be empty."""

    name: str = ""
    contact: str = ""


@transaction.atomic
def note_on_behalf(*, case: Case, helped: Helped, at: datetime) -> OnBehalf:
    """Keep for whom the case was asked, once a case; the contact is sealed. -> what is kept"""
    contact = clean(helped.contact)[:60].strip()
    sealed = keyring.load().seal(contact, context=f"case:{case.pk}") if contact else None
    noted, new = OnBehalf.objects.get_or_create(
        case=case,
        defaults={
            "name": clean(helped.name)[:120].strip(),
            "sealed_contact": sealed,
            "agreed_at": at,
        },
    )
    if new:
        audit.record("cases.case.asked_on_behalf", on=case, at=at, unit_id=case.owner_id)
    return noted


@system("shown on a page whose case was loaded for the viewer or the asker")
def of_case(case: Case) -> OnBehalf | None:
    """Return for whom the case was asked, or None when the asker asked for herself."""
    return getattr(case, "on_behalf", None)


@system("masking what the public reads")
def names_to_hide(case: Case) -> tuple[str, ...]:
    """Return the names of asker and of the person helped."""
    noted = of_case(case)
    return (case.asker_name, noted.name) if noted and noted.name else (case.asker_name,)


def opened_contact(case: Case) -> str:
    """Return how the person helped is reached. Not done here: the record that it was looked at (actions.reveal_contact)."""
    noted = of_case(case)
    if noted is None or not noted.sealed_contact:
        return ""
    return keyring.load().open(bytes(noted.sealed_contact), context=f"case:{case.pk}")
