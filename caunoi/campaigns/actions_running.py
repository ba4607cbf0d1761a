"""Writes about a campaign that is open: ending it, publishing, telling how it goes, settling."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.campaigns import launching
from caunoi.campaigns.launching import check
from caunoi.campaigns.models import Campaign, LaunchRule, Publication, Update
from caunoi.campaigns.terms import NoReason, NotSettled, State, WrongState
from caunoi.files import actions as files
from caunoi.files.models import Picture
from caunoi.funds import queries as books
from caunoi.funds.terms import Place
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

STILL_THERE = (Place.PLEDGED, Place.UNMATCHED, Place.ON_HAND, Place.ALLOCATED)


@transaction.atomic
def end_early(*, campaign: Campaign, reason: str, by: Viewer, at: datetime) -> Campaign:
    """Let today be the last day on which something is accepted. Raises NotYourCampaign, WrongState, NoReason."""
    check(Permission.CAMPAIGNS_APPROVE, campaign.unit_id, by, at)
    why, today = clean(reason).strip()[:300], clock.local_date(at)
    if not why:
        raise NoReason(_("Say why; everybody reads it on the campaign's page."))
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if held.state != State.OPEN or (held.ends_on is not None and held.ends_on <= today):
        raise WrongState(_("It accepts nothing any more."))
    before = {"ends_on": held.ends_on.isoformat() if held.ends_on else None}
    held.ends_on, held.ended_because = max(today, held.starts_on), why
    held.save(update_fields=["ends_on", "ended_because"])
    launching.plan_publications(campaign=held, on=today)
    audit.record(
        "campaigns.campaign.ended",
        on=held,
        by=by,
        at=at,
        unit_id=held.unit_id,
        before=before,
        after={"ends_on": held.ends_on.isoformat()},
    )
    return held


@transaction.atomic
def settle(*, campaign: Campaign, by: Viewer, at: datetime) -> Campaign:
    """Close a campaign for good: it has ended, everything was published, and nothing lies anywhere.

    Raises NotYourCampaign, WrongState, NotSettled
    """
    check(Permission.CAMPAIGNS_APPROVE, campaign.unit_id, by, at)
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    today = clock.local_date(at)
    if held.state != State.OPEN or held.ends_on is None or held.ends_on >= today:
        raise WrongState(_("Only a campaign that has ended is settled."))
    if left := left_open(campaign=held):
        raise NotSettled(" ".join(left))
    held.state = State.SETTLED.value
    held.save(update_fields=["state"])
    audit.record("campaigns.campaign.settled", on=held, by=by, at=at, unit_id=held.unit_id)
    return held


def left_open(*, campaign: Campaign) -> list[str]:
    """Return what keeps a campaign from being settled, in sentences."""
    said = []
    if campaign.publications.filter(done_on=None).exists():
        said.append(_("Not everything was published yet."))
    stands = books.balances(fund_id=campaign.fund_id) if campaign.fund_id else {}
    if any(n for where, n in stands.items() if where.place in STILL_THERE):
        said.append(_("Something still stands as promised, unmatched, on hand or allocated."))
    return said


@transaction.atomic
def publish(
    *,
    publication: Publication,
    done_on: date,
    proof: str,
    by: Viewer,
    at: datetime,
    photo: bytes | None = None,
) -> Publication:
    """Note that something was published, and what proves it. Raises NotYourCampaign, NoReason, NotAPhoto, PhotoTooBig."""
    campaign = publication.campaign
    check(Permission.CAMPAIGNS_WRITE, campaign.unit_id, by, at)
    words = clean(proof).strip()[:400]
    if not words:
        raise NoReason(_("Say where it was published: an address, a notice board, a meeting."))
    if done_on > clock.local_date(at):
        raise WrongState(_("That day has not come yet."))
    if photo:
        publication.picture = files.keep_picture(content=photo, at=at, by=by)
    publication.done_on, publication.proof = done_on, words
    publication.done_by_id = by.account_id
    publication.save(update_fields=["done_on", "proof", "picture", "done_by"])
    told = {"duty": publication.duty, "done_on": done_on.isoformat()}
    audit.record(
        "campaigns.publication.done",
        on=publication,
        by=by,
        at=at,
        unit_id=campaign.unit_id,
        after=told,
    )
    return publication


@transaction.atomic
def tell(
    *,
    campaign: Campaign,
    text: str,
    by: Viewer,
    at: datetime,
    photo: bytes | None = None,
    picture_says: str = "",
) -> Update:
    """Tell everybody how it goes. Raises NotYourCampaign, WrongState, NoReason, NotAPhoto, PhotoTooBig."""
    check(Permission.CAMPAIGNS_WRITE, campaign.unit_id, by, at)
    if campaign.state not in (State.OPEN, State.SETTLED):
        raise WrongState(_("The campaign is not open yet."))
    says = clean(picture_says).strip()[:200]
    if photo and not says:
        raise NoReason(_("Say what the photo shows, for those who do not see it."))
    update = Update.objects.create(
        campaign=campaign,
        text=clean(text).strip(),
        picture=files.keep_picture(content=photo, at=at, by=by) if photo else None,
        picture_says=says if photo else "",
        at=at,
        by_id=by.account_id,
    )
    audit.record("campaigns.update.told", on=update, by=by, at=at, unit_id=campaign.unit_id)
    return update


@transaction.atomic
def show_picture(
    *, campaign: Campaign, photo: bytes, says: str, by: Viewer, at: datetime
) -> Picture:
    """Give a campaign its picture. Raises NotYourCampaign, NoReason, NotAPhoto, PhotoTooBig."""
    check(Permission.CAMPAIGNS_WRITE, campaign.unit_id, by, at)
    if not clean(says).strip():
        raise NoReason(_("Say what the photo shows, for those who do not see it."))
    campaign.picture = files.keep_picture(content=photo, at=at, by=by)
    campaign.picture_says = clean(says).strip()[:200]
    campaign.save(update_fields=["picture", "picture_says"])
    audit.record("campaigns.picture.shown", on=campaign, by=by, at=at, unit_id=campaign.unit_id)
    return campaign.picture


@transaction.atomic
def rule_launching(
    *,
    kind: str,
    level: str,
    valid_from: date,
    body: str,
    source: str,
    unit_id: UUID,
    by: Viewer,
    at: datetime,
) -> LaunchRule:
    """Enter who may launch a kind of campaign from a day on. The same day twice is the newer word. Raises NotYourCampaign, NoReason."""
    check(Permission.CAMPAIGNS_APPROVE, unit_id, by, at)
    if not clean(source).strip():
        raise NoReason(_("Say which paper rules it, with number and day."))
    rule, _made = LaunchRule.objects.update_or_create(
        kind=kind,
        level=level,
        valid_from=valid_from,
        defaults={
            "body": clean(body).strip()[:200],
            "source": clean(source).strip()[:200],
            "status": "",
            "entered_by_id": by.account_id,
            "entered_at": at,
        },
    )
    told = {"kind": kind, "level": level, "body": rule.body}
    audit.record("campaigns.rule.entered", on=rule, by=by, at=at, unit_id=unit_id, after=told)
    return rule
