"""Mails to colleagues: queued with the row they belong to, sent by the worker."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from caunoi.staff.models import Invitation

INVITATION_JOB = "staff.mail_invitation"
SALT = "caunoi.staff.invitation"


def link_token(invitation: Invitation) -> str:
    """Return the signed word of the invitation's address."""
    return signing.dumps(str(invitation.pk), salt=SALT)


def link_of(invitation: Invitation) -> str:
    """Return the whole address that opens the door; whoever has it can use it once."""
    return settings.PUBLIC_URL + reverse("staff:accept", args=[link_token(invitation)])


def queue_invitations(invitations: Iterable[Invitation]) -> None:
    """Queue one mail an invitation, in the caller's transaction, in the language of this moment."""
    job = app.configure_task(INVITATION_JOB, queue="mail")
    language = translation.get_language() or settings.LANGUAGE_CODE
    jobs: list[dict[str, Any]] = [
        {"invitation_id": str(i.pk), "language": language} for i in invitations
    ]
    if jobs:
        job.batch_defer(*jobs)


def send_invitation(*, invitation_id: str, language: str) -> None:
    """Send the link; an invitation that was used or withdrawn meanwhile is left alone."""
    invitation = Invitation.objects.filter(
        pk=invitation_id, used_at=None, withdrawn_at=None
    ).first()
    if invitation is None:
        return
    with translation.override(language):
        words = {"invitation": invitation, "link": link_of(invitation)}
        text = render_to_string("staff/mail/invitation.txt", words)
        send_mail(_("Your account in Cầu Nối"), text, None, [invitation.email])
