"""What the unit says by itself, from templates that a person without programming can edit (``templates/messages``)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from caunoi.answers.rules import redact
from caunoi.cases.models import Case

ANSWERED_AGAIN = "Trả lời lại sau khi người hỏi đề nghị xem lại."
"""Stands with the published answer, so it is content: Vietnamese."""


def received(case: Case) -> str:
    """Return the acknowledgement: number, by when, where to follow; for an emergency whom to call."""
    return _say("messages/received.txt", case)


def answered(case: Case, text: str, agency: str, *, in_public: bool) -> str:
    """Return the answer as it goes out. Under a public comment personal data is masked; a private case gets no text there."""
    shown = redact(text, names=(case.asker_name,)).text if in_public else text
    return _say("messages/answered.txt", case, text=shown, agency=agency, in_public=in_public)


def _say(template: str, case: Case, **more: object) -> str:
    address = f"{settings.PUBLIC_URL}/hoi/{case.number}/"
    with override("vi"):
        return render_to_string(template, {"case": case, "address": address, **more}).strip()
