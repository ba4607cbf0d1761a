"""What a closing unit had planned and kept: invitations, voter meetings, views, who speaks which language, a list of numbers."""

from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.channels import numbers
from caunoi.channels.models import Channel, ListedNumber
from caunoi.handling.models import SavedView
from caunoi.kit import keyring
from caunoi.notices.models import LanguageReader
from caunoi.reform import actions, running
from caunoi.reform.terms import Outcome, Rule
from caunoi.staff.models import Invitation
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units import queries as units
from caunoi.voters import actions as voting
from caunoi.voters import queries as voters
from caunoi.voters.models import VoterMeeting
from caunoi.voters.terms import Row
from tests.cast import MONDAY
from tests.journeys import test_reform as story
from tests.journeys.test_reform import DAY, ON_THE_DAY, chi, dao, ground, now  # noqa: F401

pytestmark = pytest.mark.django_db
SENDER = "MTTQ"


def plans_of(unit_id, *, by):
    """An invitation, a meeting held and one to come, two views that look at the unit, somebody who speaks Mông."""
    who = {"entered_by_id": by.account_id, "entered_at": MONDAY}
    slug = units.slugs_of(unit_ids=[unit_id])[unit_id]
    for held_on in (DAY - timedelta(days=3), DAY + timedelta(days=9)):
        VoterMeeting.objects.create(
            unit_id=unit_id, held_on=held_on, place="Nhà văn hoá", level="commune", **who
        )
    Invitation.objects.create(
        email=f"{slug}@example.vn", full_name="Lô Văn Khăm", unit_id=unit_id, role="contributor", invited_at=MONDAY
    )  # fmt: skip
    for shared in (unit_id, None):
        SavedView.objects.create(
            account_id=by.account_id, unit_id=shared, name="Đất đai", query=f"unit={slug}&topic=dat_dai", created_at=MONDAY
        )  # fmt: skip
    LanguageReader.objects.create(
        unit_id=unit_id, account_id=by.account_id, language="hmn", named_by_id=by.account_id, named_at=MONDAY
    )  # fmt: skip


def list_of(unit_id, said, place):
    channel = channels.register_channel(
        unit_id=unit_id, connector_key="sms", external_id=f"{SENDER}/{place}", name=f"Tin nhắn {place}",
        secrets={"way": "http"}, by=None, at=MONDAY,
    )  # fmt: skip
    numbers.add_numbers(channel=channel, text=said, by=None, at=MONDAY)
    return channel


@pytest.fixture
def keys(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)


def test_what_was_planned_and_kept_goes_on_in_the_successor_once(keys, ground, chi, dao, an, now):  # noqa: F811
    old, other, new = (ground[n].pk for n in ("bich_hao", "tri_le", "new"))
    plans_of(old, by=an)
    plans_of(other, by=an)
    ends = list_of(old, "0912345678\n0977123456", "bich-hao")
    takes_in = list_of(other, "0977123456", "tri-le")
    plan = story.drawn_up(ground, chi)
    story.decided(plan, chi)
    actions.decide_by_rule(plan=plan, rule=Rule("channels", Outcome.KEPT, "sms"), by=chi, at=MONDAY)
    merged = plan.steps.get(holder="channels", ref=str(ends.pk))
    into = {"outcome": Outcome.MERGED, "into": str(takes_in.pk)}
    actions.decide(plan=plan, steps=[merged], by=chi, at=MONDAY, **into)
    listed = {s.holder: s.outcome for s in plan.steps.filter(closing__unit_id=old)}
    assert (
        listed | dict.fromkeys(("invitations", "meetings", "views", "readers"), "merged") == listed
    )
    assert running.rehearse(plan=plan, at=MONDAY)["failed"] == {}
    assert VoterMeeting.objects.filter(unit_id=old).count() == 2
    story.signed(plan, chi, dao)
    now.at = ON_THE_DAY
    for _twice in range(2):
        while running.run_due(at=ON_THE_DAY, limit=3):
            pass

    assert not plan.steps.exclude(state="done").exists()
    assert set(Invitation.objects.values_list("unit_id", flat=True)) == {new}
    meetings = VoterMeeting.objects.order_by("held_on").values_list("unit_id", flat=True)
    assert sorted(meetings[:2]) == sorted([old, other])
    assert list(meetings[2:]) == [new, new]
    what_was_held_before_is_read_and_gone_on_with(old, new)
    assert LanguageReader.objects.get().unit_id == new
    slug = units.slugs_of(unit_ids=[new])[new]
    views = SavedView.objects.values_list("unit_id", "query")
    assert sorted(views, key=str) == sorted(
        [(to, f"unit={slug}&topic=dat_dai") for to in (new, None)] * 2, key=str
    )
    kept = Channel.objects.get(pk=takes_in.pk)
    assert kept.unit_id == new
    heard = [numbers.open_number(channel=kept, ref=str(n.pk)) for n in kept.numbers.all()]
    assert sorted(heard) == ["84912345678", "84977123456"]
    assert not ListedNumber.objects.filter(channel_id=ends.pk).exists()


def what_was_held_before_is_read_and_gone_on_with(old, new):
    """The successor sees all four meetings, and a petition said before the reform becomes its case."""
    hoa = make_staff(name="Cao Thị Hoa", unit_id=new, role=Role.EDITOR, on=DAY)
    assert voters.visible_meetings(hoa, on=DAY).count() == 4
    assert voters.public_meetings(under=new, on=DAY).count() == 0
    held = VoterMeeting.objects.get(unit_id=old)
    rows = [Row(1, "Đường vào xóm 4 hỏng đã hai năm.")]
    (case,) = voting.keep_petitions(meeting=held, rows=rows, by=hoa, at=ON_THE_DAY)
    assert (case.owner_id, case.opened_unit_id) == (new, new)
    assert voters.public_meetings(under=new, on=DAY).get() == held
