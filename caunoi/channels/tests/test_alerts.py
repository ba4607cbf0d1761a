"""Those in charge are told once, not once an item."""

from datetime import timedelta

import pytest
from django.core import mail

from caunoi.channels import actions, alerts, queries, rules
from caunoi.channels.models import Alert, Channel
from caunoi.channels.terms import AlertKind
from caunoi.kit import jobs, keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def tree(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def make_channel(tree):
    def make(number, unit="bich_hao", **more):
        return actions.register_channel(
            unit_id=tree[unit].pk,
            connector_key=more.pop("connector_key", "facebook_page"),
            external_id=number,
            name=f"Trang {number}",
            by=None,
            at=MONDAY,
            **more,
        )

    return make


@pytest.fixture
def one_page(make_channel):
    return make_channel("1")


def test_many_dead_letters_are_one_word_an_hour(one_page):
    minutes = (0, 10, 50, 61)
    news = [
        alerts.raise_alert(
            channel=one_page, kind=AlertKind.DEAD, count=n + 1, at=MONDAY + timedelta(minutes=m)
        )
        for n, m in enumerate(minutes)
    ]

    assert news == [True, False, False, True]
    assert list(Alert.objects.order_by("slot").values_list("count", flat=True)) == [3, 4]


def test_slow_things_are_one_word_a_day(one_page):
    for hours in range(0, 15, 5):
        alerts.raise_alert(
            channel=one_page, kind=AlertKind.SILENT, count=1, at=MONDAY + hours * HOUR
        )

    assert Alert.objects.count() == 1


def test_one_mail_goes_to_each_person_in_charge_of_the_unit(tree, make_channel):
    make_staff(name="Hoàng Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    make_staff(name="Võ Văn Giáp", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)
    make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    for number in ("1", "2"):
        alerts.raise_alert(
            channel=make_channel(number), kind=AlertKind.RECONNECT, count=1, at=MONDAY
        )

    assert jobs.run("channels.mail_alerts", at=MONDAY) == 1
    assert jobs.run("channels.mail_alerts", at=MONDAY + timedelta(minutes=5)) == 0
    (letter,) = mail.outbox
    assert letter.to[0].startswith("hoang-thi-chi")
    assert "Trang 1" in letter.body
    assert "Trang 2" in letter.body
    assert "nối lại" in letter.body


def test_where_a_unit_has_nobody_the_unit_above_is_told(tree, one_page):
    make_staff(name="Võ Văn Giáp", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)
    make_staff(name="Tráng A Páo", unit_id=tree["lao_cai"].pk, role=Role.ADMINISTRATOR)
    alerts.raise_alert(channel=one_page, kind=AlertKind.RECONNECT, count=1, at=MONDAY)

    jobs.run("channels.mail_alerts", at=MONDAY)

    assert [letter.to[0].split("-0")[0].split("-1")[0] for letter in mail.outbox] == ["vo-van-giap"]


def test_dead_letters_are_told_to_those_who_may_send_them_again(tree, one_page):
    make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    alerts.raise_alert(channel=one_page, kind=AlertKind.DEAD, count=3, at=MONDAY)

    jobs.run("channels.mail_alerts", at=MONDAY)

    (letter,) = mail.outbox
    assert "3 tin" in letter.body


def test_a_mail_that_did_not_leave_is_tried_again(tree, one_page, monkeypatch):
    make_staff(name="Hoàng Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    alerts.raise_alert(channel=one_page, kind=AlertKind.RECONNECT, count=1, at=MONDAY)

    def broken(*_args, **_words):
        raise OSError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr(alerts, "send_mail", broken)
        assert jobs.run("channels.mail_alerts", at=MONDAY) == 0
    assert jobs.run("channels.mail_alerts", at=MONDAY + timedelta(minutes=5)) == 1


def test_every_kind_of_word_has_its_vietnamese_sentence(tree, one_page):
    make_staff(name="Hoàng Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    Channel.objects.update(token_expires_at=MONDAY + DAY)
    for kind in AlertKind:
        alerts.raise_alert(channel=one_page, kind=kind, count=2, at=MONDAY)

    jobs.run("channels.mail_alerts", at=MONDAY)

    lines = [x for x in mail.outbox[0].body.splitlines() if x.startswith("-")]
    assert len(lines) == len(AlertKind)
    assert len({line for line in lines if line.split(": ", 1)[1].strip()}) == len(AlertKind)


def test_a_token_that_ends_within_a_week_is_told_of_unless_it_renews_itself(make_channel):
    make_channel("soon", token_expires_at=MONDAY + 6 * DAY)
    make_channel("late", token_expires_at=MONDAY + 8 * DAY)
    make_channel("zalo", token_expires_at=MONDAY + DAY, connector_key="zalo_oa")

    jobs.run("channels.watch_channels", at=MONDAY)

    assert [a.channel.external_id for a in Alert.objects.all()] == ["soon"]


def test_a_page_without_a_post_for_a_month_is_told_of(make_channel):
    quiet, lively = make_channel("quiet"), make_channel("lively")
    make_channel("zalo", connector_key="zalo_oa")
    Channel.objects.filter(pk=lively.pk).update(last_posted_at=MONDAY + 29 * DAY)

    jobs.run("channels.watch_channels", at=MONDAY + 29 * DAY)
    assert not Alert.objects.exists()
    jobs.run("channels.watch_channels", at=MONDAY + 31 * DAY)

    assert [a.channel for a in Alert.objects.all()] == [quiet]


def test_nobody_sees_the_troubles_of_another_province(tree, make_channel):
    an = make_staff(name="Hoàng Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    make_channel("mine", token_expires_at=MONDAY + DAY)
    theirs = make_channel("theirs", "cao_son", token_expires_at=MONDAY + DAY)
    alerts.raise_alert(channel=theirs, kind=AlertKind.DEAF, count=1, at=MONDAY)

    found = queries.watch(an, at=MONDAY, on=MONDAY.date())

    assert [c.external_id for c in found.ending] == ["mine"]
    assert found.deaf == []
    assert not queries.alerts(an, on=MONDAY.date(), since=MONDAY - DAY).exists()


def test_slots():
    at = MONDAY + timedelta(minutes=37)

    assert rules.alert_slot(kind=AlertKind.DEAD, at=at) == MONDAY
    assert rules.alert_slot(kind=AlertKind.SILENT, at=at).hour == 0


def test_since_when_a_provider_is_asked():
    def since(known, registered):
        return rules.catch_up_since(known_until=known, registered_at=registered, at=MONDAY)

    assert since(None, MONDAY - DAY) == MONDAY - DAY
    assert since(MONDAY - HOUR, MONDAY - DAY) == MONDAY - HOUR - timedelta(minutes=10)
    assert since(MONDAY - 30 * DAY, MONDAY - 90 * DAY) == MONDAY - 14 * DAY
