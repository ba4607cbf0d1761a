"""What holds for launching a campaign: who may, for how long, and what must be published when."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from caunoi.campaigns import rules
from caunoi.campaigns.models import Campaign, LaunchRule, Publication
from caunoi.campaigns.terms import Duty, Kind, NotLaunched, NotYourCampaign
from caunoi.deadlines import queries as deadlines
from caunoi.deadlines.terms import Term
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

LONGEST, HAND_OUT = "relief.receive.max", "relief.distribute.max"
RECEIVED, HANDED_OUT = "relief.publish.received", "relief.publish.distributed"
APPEAL_SOURCE = "NĐ 93/2021/NĐ-CP: lời kêu gọi được công khai khi phát động"


def check(permission: Permission, unit_id: UUID, by: Viewer, at: datetime) -> None:
    """Raise NotYourCampaign unless the permission is held at that unit today."""
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(permission, path):
        raise NotYourCampaign(_("This is a campaign of another unit."))


def rule_of(*, kind: str, unit_id: UUID, on: date) -> LaunchRule | None:
    """Return the rule for a unit that wants to launch a campaign of that kind on that day, or None when none is known."""
    unit = units.as_of(unit_id=unit_id, on=on)
    if unit is None:
        return None
    known = LaunchRule.objects.filter(kind=kind, level=unit.level.value, valid_from__lte=on)
    return known.order_by("-valid_from").first()


def terms_of(*, on: date) -> dict[str, Term]:
    """Return how long receiving, handing out and publishing may take for what begins on that day."""
    return {
        code: deadlines.term(code=code, on=on) for code in (LONGEST, HAND_OUT, RECEIVED, HANDED_OUT)
    }


def refuse_against_rules(*, campaign: Campaign, on: date) -> None:
    """Raise NotLaunched when this body may not launch it, or not with these days."""
    rule = rule_of(kind=campaign.kind, unit_id=campaign.unit_id, on=on)
    if rule is None or not rule.body:
        why = rule.source if rule else _("no rule is entered for this level")
        raise NotLaunched(
            _("A unit of this level does not launch such a campaign (%(why)s).") % {"why": why}
        )
    if problem := wrong_days(
        kind=campaign.kind,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        hand_out_by=campaign.hand_out_by,
    ):
        raise NotLaunched(problem)


def wrong_days(
    *, kind: str, starts_on: date, ends_on: date | None, hand_out_by: date | None
) -> str:
    """Return what is wrong with the days, as a sentence, or nothing. The limits of the decree hold for relief."""
    terms = terms_of(on=starts_on)
    longest, hand_out = terms[LONGEST], terms[HAND_OUT]
    relief = kind == Kind.RELIEF
    if relief and ends_on is None:
        return _("An appeal for relief says on which day it ends.")
    found = rules.wrong_days(
        starts_on=starts_on,
        ends_on=ends_on,
        hand_out_by=hand_out_by,
        longest=longest.amount if relief else 36_500,
        hand_out=hand_out.amount if relief else 36_500,
    )
    said = {
        "": "",
        "order": _(
            "The days are not in order: it begins, it ends, and then the last is handed out."
        ),
        "too_long": _("Reception lasts at most %(n)d days (%(source)s). End it earlier.")
        % {"n": longest.amount, "source": longest.source},
        "hand_out_late": _("What came is handed out within %(n)d days after the end (%(source)s).")
        % {"n": hand_out.amount, "source": hand_out.source},
    }
    return said[found]


def plan_publications(*, campaign: Campaign, on: date) -> None:
    """Write down what must be published until when; what is done already stays as it is."""
    terms = terms_of(on=campaign.starts_on)
    days = {Duty.RECEIVED: terms[RECEIVED].amount, Duty.HANDED_OUT: terms[HANDED_OUT].amount}
    due = rules.duties(
        starts_on=max(campaign.starts_on, on) if campaign.ends_on is None else campaign.starts_on,
        ends_on=campaign.ends_on,
        hand_out_by=campaign.hand_out_by,
        days=days,
    )
    sources = {Duty.APPEAL: APPEAL_SOURCE, Duty.RECEIVED: terms[RECEIVED].source}
    for duty, day in due.items():
        row, made = Publication.objects.get_or_create(
            campaign=campaign,
            duty=duty.value,
            defaults={"due_on": day, "source": sources.get(duty, terms[HANDED_OUT].source)},
        )
        if not made and row.done_on is None and row.due_on != day:
            row.due_on = day
            row.save(update_fields=["due_on"])
