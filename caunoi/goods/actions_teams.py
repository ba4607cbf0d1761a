"""Writes about people who offered their days: on the roster by their own yes, off it by their own word or in time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from caunoi.goods import actions
from caunoi.goods.models import Team, Volunteer
from caunoi.goods.terms import KEEPS_VOLUNTEERS, GoodsError, NoConsent
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer


@transaction.atomic
def begin_team(*, unit_id: UUID, name: str, commodity: str, by: Viewer, at: datetime) -> Team:
    """Begin a team of that unit. Raises NotYourStock, GoodsError when it has one of that name."""
    actions.check_keeps(unit_id, by, at)
    try:
        with transaction.atomic():
            team = Team.objects.create(
                unit_id=unit_id,
                name=clean(name).strip(),
                commodity_id=commodity,
                made_at=at,
                made_by_id=by.account_id,
            )
    except IntegrityError as error:
        raise GoodsError(
            _("The unit has a team of that name. Add to it, or choose another name.")
        ) from error
    audit.record("goods.team.begun", on=team, by=by, at=at, unit_id=unit_id)
    return team


@transaction.atomic
def add_volunteer(
    *,
    team: Team,
    name: str,
    phone: str,
    skills: str,
    agreed: bool,
    by: Viewer,
    at: datetime,
    days: int = KEEPS_VOLUNTEERS.days,
) -> Volunteer:
    """Put somebody on the roster who said yes to being called. Raises NotYourStock, NoConsent"""
    actions.check_keeps(team.unit_id, by, at)
    if not agreed:
        raise NoConsent(_("Ask her first: nobody is on the roster who did not say yes."))
    until = clock.local_date(at) + min(timedelta(days=max(days, 1)), KEEPS_VOLUNTEERS)
    made = Volunteer.objects.create(
        team=team,
        name=clean(name).strip(),
        phone=clean(phone).strip(),
        skills=clean(skills).strip(),
        agreed_at=at,
        kept_until=until,
        taken_by_id=by.account_id,
    )
    audit.record("goods.volunteer.added", on=made, by=by, at=at, unit_id=team.unit_id)
    return made


@transaction.atomic
def forget_volunteer(*, volunteer: Volunteer, by: Viewer, at: datetime) -> None:
    """Take somebody off the roster; nothing of her stays. The days she gave stay as a number of her team."""
    actions.check_keeps(volunteer.team.unit_id, by, at)
    told = volunteer.team.unit_id
    audit.record("goods.volunteer.forgotten", on=volunteer, by=by, at=at, unit_id=told)
    volunteer.delete()


@transaction.atomic
def forget_due(*, at: datetime) -> int:
    """Forget everybody whose time on a roster is over. -> how many."""
    gone = Volunteer.objects.filter(kept_until__lt=clock.local_date(at))
    count, _by_table = gone.delete()
    return count


def note_called(*, team: Team, by: Viewer, at: datetime) -> None:
    """Note that the telephone numbers of a team were looked at."""
    audit.record("goods.team.called_up", on=team, by=by, at=at, unit_id=team.unit_id)
