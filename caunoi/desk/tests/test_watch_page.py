"""The health page shows what the watch finds and whether the watch itself goes round."""

from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.channels import alerts
from caunoi.channels.terms import AlertKind
from caunoi.kit import clock, jobs, keyring
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tree(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def chi(tree):
    return make_staff(name="Hoàng Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)


def health(staff):
    return client_for(staff).get("/quan-tri/suc-khoe/").content.decode()


def test_a_quiet_house_says_that_nothing_is_wrong_and_that_no_job_ran_yet(chi):
    shown = health(chi)

    assert "Canh gác" in shown
    assert "chưa chạy" in shown
    assert "Làm mới mã kết nối trước khi hết hạn" in shown


def test_what_the_watch_finds_stands_on_the_page(chi, tree):
    now = clock.now()
    page = channels.register_channel(
        unit_id=tree["bich_hao"].pk,
        connector_key="facebook_page",
        external_id="1",
        name="Trang xã Bích Hào",
        token_expires_at=now + 3 * DAY,
        by=None,
        at=now - 40 * DAY,
    )
    OutboundMessage.objects.create(
        key="k",
        channel=page,
        kind="comment_reply",
        target_ref="1",
        thread_ref="1",
        text="t",
        reference="r",
        not_before=now - timedelta(minutes=20),
        created_at=now - timedelta(minutes=20),
    )
    alerts.raise_alert(channel=page, kind=AlertKind.DEAF, count=4, at=now)

    shown = health(chi)

    assert shown.count("Trang xã Bích Hào") >= 4
    assert "20 phút trước" in shown
    assert "có 4 tin đến mà nhà cung cấp không báo" in shown


def test_a_job_that_failed_or_is_late_is_seen(chi):
    now = clock.now()
    jobs.run("outbox.watch_sends", at=now - timedelta(hours=2))
    jobs.run("channels.watch_channels", at=now)

    shown = health(chi)

    assert "trễ" in shown
    assert "vừa xong" in shown or "phút trước" in shown
