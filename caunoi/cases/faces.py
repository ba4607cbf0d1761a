"""How content an asker is: one face an answer, changeable for seven days, kept without case, name or time of day."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from caunoi.answers.rules import redact
from caunoi.cases.models import Case, Satisfaction
from caunoi.cases.terms import Face, NotNow
from caunoi.kit import clock
from caunoi.kit.text import clean

SALT = b"caunoi.cases.faces"
CHANGEABLE_DAYS = 7


@transaction.atomic
def rate_answer(*, case: Case, face: Face, text: str, at: datetime) -> Satisfaction:
    """Keep the face given for the case's answer, or change it within seven days. The door has checked number and code.

    text   personal data is hidden before it is stored
    Raises NotNow (not answered, or the seven days are over)
    Not done here: an audit row; it would tie the face to the case
    """
    if case.answered_at is None:
        raise NotNow("There is no answer yet.")
    today = clock.local_date(at)
    words = redact(clean(text), names=(case.asker_name,)).text[:600]
    given = Satisfaction.objects.select_for_update(of=("self",)).filter(key=key_of(case)).first()
    if given is None:
        return Satisfaction.objects.create(
            key=key_of(case),
            unit_id=case.owner_id,
            topic=case.topic,
            month=clock.local_date(case.answered_at).replace(day=1),
            face=face.value,
            text=words,
            first_on=today,
        )
    if today > given.first_on + timedelta(days=CHANGEABLE_DAYS):
        raise NotNow("The seven days in which it can be changed are over.")
    given.face, given.text = face.value, words
    given.save(update_fields=["face", "text"])
    return given


def face_of(case: Case) -> Satisfaction | None:
    """Return the face given for this answer, for the asker who has the code."""
    return Satisfaction.objects.filter(key=key_of(case)).first()


def key_of(case: Case) -> bytes:
    """Return the keyed hash of this answer: a second answer after a reopening may be rated on its own."""
    secret = sha256(SALT + settings.SECRET_KEY.encode()).digest()
    which = f"{case.number}:{case.reopened_at.isoformat() if case.reopened_at else ''}"
    return hmac.digest(secret, which.encode(), "sha256")
