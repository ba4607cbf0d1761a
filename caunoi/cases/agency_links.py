"""One-time links for agencies without an account: made, sent again, withdrawn, opened, used.

The address carries the link's id and a signature; the database holds no secret, so a copy of it opens nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from procrastinate.contrib.django import app

from caunoi.cases.ground import lock_for
from caunoi.cases.models import AgencyLink, Case, Referral
from caunoi.cases.terms import NotWaiting
from caunoi.kit import audit
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

SALT = "caunoi.cases.agency_link"
GRACE = timedelta(days=15)
SHORTEST = timedelta(days=30)
MAIL_TASK = "cases.mail_agency_link"


def make_link(*, referral: Referral, email: str, by: Viewer | None, at: datetime) -> AgencyLink:
    """Open a one-time door for the agency, and queue the letter when there is an address. Called in the referral's transaction.

    -> good until 15 days after the agency's deadline, at least 30 days
    """
    until = max(at + SHORTEST, (referral.due_at or at) + GRACE)
    link = AgencyLink.objects.create(
        referral=referral,
        email=email,
        made_at=at,
        made_by_id=by.account_id if by else None,
        expires_at=until,
    )
    if email:
        app.configure_task(MAIL_TASK).defer(link_id=str(link.pk))
    return link


@transaction.atomic
def renew_link(*, referral: Referral, email: str, by: Viewer, at: datetime) -> AgencyLink:
    """Withdraw the agency's link and make a new one, sent to ``email`` ("" = to print). Raises NotYourCase, NotWaiting."""
    case = lock_for(referral.case, by, Permission.CASES_REFER, at)
    hop = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if hop.done_at is not None or hop.to_body_id is None:
        raise NotWaiting("Nobody outside is asked any more.")
    revoke_links(referral=hop, at=at)
    link = make_link(referral=hop, email=email, by=by, at=at)
    audit.record("cases.link.renewed", on=hop, by=by, at=at, unit_id=case.owner_id)
    return link


@transaction.atomic
def withdraw_link(*, referral: Referral, by: Viewer, at: datetime) -> int:
    """Close the agency's door without calling the case back; returns how many links it had. Raises NotYourCase."""
    case = lock_for(referral.case, by, Permission.CASES_REFER, at)
    closed = revoke_links(referral=referral, at=at)
    audit.record("cases.link.withdrawn", on=referral, by=by, at=at, unit_id=case.owner_id)
    return closed


def revoke_links(*, referral: Referral, at: datetime) -> int:
    """Close every open link of the referral; returns how many there were."""
    return AgencyLink.objects.filter(referral=referral, used_at=None, revoked_at=None).update(
        revoked_at=at
    )


def close_links_of(*, case: Case, at: datetime) -> int:
    """The case is finished: no link of it opens any more."""
    return AgencyLink.objects.filter(referral__case=case, used_at=None, revoked_at=None).update(
        revoked_at=at
    )


def open_again(*, case: Case, closed_at: datetime) -> int:
    """The closing of that moment is taken back: the links that it shut open again, until their day. -> how many."""
    return AgencyLink.objects.filter(referral__case=case, revoked_at=closed_at).update(
        revoked_at=None
    )


def token_of(link: AgencyLink) -> str:
    """Return what stands in the link's address."""
    return signing.Signer(salt=SALT).sign(link.pk.hex)


def link_by_token(token: str) -> AgencyLink | None:
    """Return the link of an address, in whatever state it is, or None when nobody signed it."""
    try:
        pk = UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    found = AgencyLink.objects.select_related("referral__case", "referral__to_body")
    return found.filter(pk=pk).first()


def note_opened(*, link: AgencyLink, at: datetime) -> None:
    """The agency opened its page for the first time: the hop counts as received."""
    AgencyLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=at)
    Referral.objects.filter(pk=link.referral_id, received_at=None).update(received_at=at)


def note_printed(*, link: AgencyLink, at: datetime) -> None:
    """The link was printed."""
    AgencyLink.objects.filter(pk=link.pk).update(printed_at=at)


def note_mailed(*, link: AgencyLink, at: datetime) -> None:
    """The letter with the link went out."""
    AgencyLink.objects.filter(pk=link.pk).update(mailed_at=at)


def is_open(link: AgencyLink, *, at: datetime) -> bool:
    """True when the agency may still answer through it."""
    return (
        link.used_at is None
        and link.revoked_at is None
        and at < link.expires_at
        and link.referral.done_at is None
    )
