"""One letter to one address through the mail server of the settings, and what its answers mean."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from caunoi.channels.contract import Account, OutboundPost
from caunoi.connectors.email import errors, uncertain

NO_ANSWER = (smtplib.SMTPServerDisconnected, OSError)


def send(post: OutboundPost, account: Account, *, key: str) -> str:
    """Hand the letter to the mail server. -> its Message-ID, which has our key in it.

    Raises TryLater, Refused, ReconnectNeeded before the server took it; Unclear when its answer got lost.
    """
    letter = _letter(post, account, key)
    with _open() as server:
        try:
            taken = server.send_messages([letter])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            raise errors.from_answer(*_said(error)) from error
        except NO_ANSWER as error:
            raise errors.NO_ANSWER.error(type(error).__name__) from error
    if not taken:
        raise errors.NO_ANSWER.error("")
    return str(letter.extra_headers["Message-ID"])


def knock() -> None:
    """Open and close a connection. Raises TryLater, ReconnectNeeded."""
    with _open():
        pass


@contextmanager
def _open() -> Iterator[BaseEmailBackend]:
    """Give a connection that is open: until then nothing was sent."""
    server = mail.get_connection(timeout=uncertain.TIMEOUT_SECONDS)
    try:
        server.open()
    except smtplib.SMTPAuthenticationError as error:
        raise errors.NOT_LET_IN.error(error.smtp_code) from error
    except (smtplib.SMTPException, OSError) as error:
        raise errors.UNREACHABLE.error(type(error).__name__) from error
    try:
        yield server
    finally:
        _close(server)


def _close(server: BaseEmailBackend) -> None:
    """A server that hangs up while we say goodbye changes nothing about the letter."""
    try:
        server.close()
    except (smtplib.SMTPException, OSError):
        return


def _letter(post: OutboundPost, account: Account, key: str) -> mail.EmailMessage:
    beside = post.publication
    title = beside.title if beside and beside.title else post.text.split("\n")[0]
    link = beside.link if beside else ""
    below = "" if not link or link in post.text else f"\n\n{link}"
    letter = mail.EmailMessage(
        subject=" ".join(title.split())[: uncertain.MAX_SUBJECT],
        body=post.text + below,
        to=[account.external_id],
        headers={
            "Message-ID": f"<{key}@{mail.utils.DNS_NAME}>",
            "Auto-Submitted": "auto-generated",
            "List-Id": account.external_id.replace("@", "."),
        },
    )
    for one in (*beside.pictures, *beside.files) if beside else ():
        letter.attach(one.name, one.body, one.media_type)
    return letter


def _said(error: smtplib.SMTPException) -> tuple[int, bool]:
    """Return the server's code, and whether it is about the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), 550), True
    return (error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0), False
