"""Dead letters on a page: seen with their reason in Vietnamese, tried again one by one, chosen, or all."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from caunoi.kit.models import AuditEntry
from caunoi.outbox import actions, queries
from caunoi.outbox.models import Attempt, OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
PAGE, MANY = "/quan-tri/gui-di/", "/quan-tri/gui-di/nhieu/"
DAY = timedelta(days=1)


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def dead(channel):
    """Make a dead letter; its reason is one a provider gave."""

    def make(text="Tháng 12 có nước.", *, on=None, at=MONDAY, state="failed", **more):
        row = OutboundMessage.objects.create(
            key=f"dead-{text}",
            channel=on or channel,
            kind="private_message",
            target_ref=text[:20],
            thread_ref=text[:20],
            text=text,
            reference="r",
            state=state,
            attempts=3,
            trouble="The message is too long for Zalo. [-210]",
            not_before=at,
            created_at=at,
            **more,
        )
        Attempt.objects.create(
            message=row, at=at, outcome="refused", reason=row.trouble, worker="w"
        )
        return row

    return make


def page(staff, query=""):
    return client_for(staff).get(PAGE + query).content.decode()


def states(*rows):
    return [OutboundMessage.objects.get(pk=r.pk).state for r in rows]


def test_the_reason_is_said_in_vietnamese_with_the_providers_code(an, dead):
    dead()

    shown = page(an, "?state=failed")

    assert "Tin quá dài với Zalo. (-210)" in shown
    assert "too long" not in shown


def test_everything_that_needs_a_person_stands_on_one_page(an, dead):
    dead("Bị từ chối")
    dead("Thôi gửi", state="dead")
    dead("Chưa rõ", state="uncertain", looks=5)
    dead("Còn đang xem", state="uncertain", looks=1)
    dead("Đã gửi", state="sent")

    shown = page(an, "?state=person")

    assert [t in shown for t in ("Bị từ chối", "Thôi gửi", "Chưa rõ")] == [True] * 3
    assert [t in shown for t in ("Còn đang xem", "Đã gửi qua")] == [False] * 2
    assert queries.waiting_for_a_person(an, on=MONDAY.date()) == 3


def test_one_is_tried_again_from_its_beginning(an, dead, send, loopback):
    row = dead()

    client_for(an).post(f"{PAGE}{row.pk}/gui-lai/")
    send(MONDAY + 400 * DAY)

    assert states(row) == ["sent"]
    assert [s["text"] for s in loopback.world.sent] == ["Tháng 12 có nước."]


def test_the_chosen_ones_are_tried_again_and_no_others(an, dead):
    first, second, third = dead("Một"), dead("Hai"), dead("Ba")

    client_for(an).post(
        MANY, {"which": "chosen", "do": "replay", "send": [first.pk, third.pk, "x"]}
    )

    assert states(first, second, third) == ["queued", "failed", "queued"]


def test_all_that_the_filters_show_are_tried_again(an, dead, make_channel, channel):
    other = make_channel("other")
    early, late = dead("Sớm"), dead("Muộn", at=MONDAY + 3 * DAY)
    elsewhere = dead("Kênh khác", on=other)

    filters = {"state": "failed", "channel": str(channel.pk), "since": "2026-11-24"}
    client_for(an).post(MANY, {"which": "all", "do": "replay", **filters})

    assert states(early, late, elsewhere) == ["failed", "queued", "failed"]


def test_many_at_once_are_asked_about_first(an, dead):
    rows = [dead(f"Tin {n}") for n in range(21)]
    client = client_for(an)

    asked = client.post(MANY, {"which": "all", "do": "replay", "state": "failed"})
    before = set(states(*rows))
    client.post(MANY, {"which": "all", "do": "replay", "state": "failed", "sure": "1"})

    assert "Gửi lại 21 tin?" in asked.content.decode()
    assert before == {"failed"}
    assert set(states(*rows)) == {"queued"}


def test_trying_again_twice_sends_once(an, dead, send, loopback):
    row = dead()
    for _ in range(2):
        client_for(an).post(MANY, {"which": "all", "do": "replay", "state": "failed"})
        send(MONDAY + 400 * DAY)

    assert states(row) == ["sent"]
    assert len(loopback.world.sent) == 1


def test_what_can_no_longer_be_answered_stays_and_is_said(an, dead):
    closed = dead("Quá hạn", window_opened_at=MONDAY - 300 * DAY)
    fine = dead("Còn hạn")

    shown = client_for(an).post(
        MANY, {"which": "all", "do": "replay", "state": "failed"}, follow=True
    )

    assert states(closed, fine) == ["failed", "queued"]
    assert "Còn 1 tin ở lại" in shown.content.decode()


def test_what_needs_nothing_any_more_is_put_aside_and_stays_on_record(an, dead):
    row = dead()

    client_for(an).post(MANY, {"which": "chosen", "do": "aside", "send": [row.pk]})

    assert states(row) == ["cancelled"]
    assert Attempt.objects.filter(message=row).count() == 1
    assert "Tháng 12" in page(an, "?state=cancelled")


def test_each_channel_has_one_row_in_the_record_however_many_were_tried(an, dead, make_channel):
    other = make_channel("other")
    for n in range(3):
        dead(f"Tin {n}")
        dead(f"Khác {n}", on=other)

    done = actions.replay_many(messages=OutboundMessage.objects.all(), by=an, at=MONDAY)

    rows = AuditEntry.objects.filter(event="outbox.sends.replayed")
    assert done.count == 6
    assert [r.after for r in rows] == [{"sends": 3}] * 2


def test_a_letter_tried_again_after_months_is_not_given_up_at_the_first_wait(
    an, dead, send, loopback
):
    row = dead(first_tried_at=MONDAY - 90 * DAY)
    actions.replay(message=row, by=an, at=MONDAY)
    loopback.world.faults += ["later"]

    send(MONDAY)

    assert states(row) == ["queued"]


def test_who_may_only_look_sees_no_buttons_and_changes_nothing(tree, dead):
    auditor = make_staff(name="Võ Thị Giang", unit_id=tree["bich_hao"].pk, role=Role.AUDITOR)
    row = dead()

    shown = page(auditor, "?state=failed")
    answer = client_for(auditor).post(MANY, {"which": "all", "do": "replay", "state": "failed"})

    assert "Tháng 12" in shown
    assert "Gửi lại" not in shown
    assert answer.status_code in {403, 404}
    assert states(row) == ["failed"]


def test_looking_in_one_unit_and_deciding_in_another_are_kept_apart(tree, dead, make_channel):
    from django.db.backends.postgresql.psycopg_any import DateRange

    from caunoi.staff.models import Account, RoleGrant

    both = make_staff(name="Võ Thị Giang", unit_id=tree["tri_le"].pk, role=Role.AUDITOR)
    RoleGrant.objects.create(
        account=Account.objects.get(pk=both.account_id),
        unit_id=tree["bich_hao"].pk,
        role=Role.CASE_OFFICER,
        valid=DateRange(MONDAY.date().replace(year=2020), None),
    )
    theirs = dead("Của Tri Lễ", on=make_channel("tri-le", "tri_le"))
    mine = dead("Của Bích Hào")

    client_for(both).post(MANY, {"which": "all", "do": "replay", "state": "failed"})

    assert states(theirs, mine) == ["failed", "queued"]


def test_the_list_is_a_table_too_without_sealed_words(an, dead):
    dead("Mở")
    dead("Kín", is_confidential=True)

    answer = client_for(an).get(f"{PAGE}?state=failed&xlsx=1")

    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][1:5] == ("Kênh", "Tình trạng", "Số lần thử", "Lý do")
    assert {row[6] for row in rows[1:]} == {"Mở", None}
    assert {row[4] for row in rows[1:]} == {"Tin quá dài với Zalo. (-210)"}


def test_the_list_asks_the_database_as_often_for_fifty_rows_as_for_one(an, dead):
    client = client_for(an)

    def asked():
        client.get(f"{PAGE}?state=failed")
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            client.get(f"{PAGE}?state=failed")
        return len(queries_made)

    dead("Một")
    few = asked()
    for n in range(49):
        dead(f"Tin {n}")

    assert asked() == few
    assert few < 25
