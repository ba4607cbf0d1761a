"""What runs later for people: mails."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from caunoi.staff import mail


@app.task(
    name=mail.INVITATION_JOB,
    queue="mail",
    retry=RetryStrategy(max_attempts=6, exponential_wait=30),
)
def mail_invitation(*, invitation_id: str, language: str) -> None:
    """Send one invitation; a mail server that is away is asked again later."""
    mail.send_invitation(invitation_id=invitation_id, language=language)
