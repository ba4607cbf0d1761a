"""A question with everything that came with it: words, photos, a voice, and for whom it is asked; one case, once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from caunoi.cases import on_behalf
from caunoi.cases.models import Case
from caunoi.files import actions as files
from caunoi.journeys import ask_and_answer, words


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed and chose; ``form_key`` is the mark by which the same sending twice is one case."""

    unit_id: UUID
    text: str
    form_key: str
    name: str = ""
    contact: str = ""
    place: str = ""
    is_public: bool = True
    helped: on_behalf.Helped | None = None


@transaction.atomic
def take_question(*, asked: Asked, batch: str = "", at: datetime) -> Case:
    """Open the case, give it the files that waited, and note for whom it is; the same ``form_key`` again changes nothing.

    A question without words is one that was spoken: nobody has heard it yet, so it is not public, whatever was chosen.
    """
    spoken = not asked.text.strip()
    case = ask_and_answer.ask_on_web(
        unit_id=asked.unit_id,
        text=words.SPOKEN if spoken else asked.text,
        form_key=asked.form_key[:64],
        name=asked.name,
        contact=asked.contact,
        place=asked.place,
        is_public=asked.is_public and not spoken,
        at=at,
    )
    files.attach_files(batch=batch, case_id=case.pk, at=at)
    if asked.helped is not None:
        on_behalf.note_on_behalf(case=case, helped=asked.helped, at=at)
    return case
