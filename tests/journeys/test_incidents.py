"""Personal data got out: it is written down, the clock of 72 hours runs, those in charge are told in time, the notice is an official paper."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from docx import Document

from caunoi.kit import jobs
from caunoi.privacy import actions_incidents as incidents
from caunoi.privacy.models import Incident
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/su-co/"
FOUND = {
    "what": "Máy tính của xã bị mất, trong máy có danh sách gọi lại",
    "found_at": "2026-11-23T09:00",
    "data_kinds": "Tên, số điện thoại",
    "people": 42,
    "measures": "Đã khoá tài khoản, đổi mật khẩu",
}


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def chi(place):
    return make_staff(name="Phạm Thị Chi", unit_id=place["bich_hao"].pk, role=Role.ADMINISTRATOR)


def reported(client):
    client.post(f"{LIST}moi/", FOUND)
    return Incident.objects.get()


def test_the_clock_of_72_hours_runs_from_the_finding(chi):
    incident = reported(client_for(chi))

    assert incident.due_at == incident.found_at + timedelta(hours=72)
    assert incident.people == 42


def test_those_in_charge_are_told_once_when_a_day_is_left(chi):
    reported(client_for(chi))

    too_early = incidents.warn_due(at=MONDAY + timedelta(hours=47))
    in_time = incidents.warn_due(at=MONDAY + timedelta(hours=49))
    again = incidents.warn_due(at=MONDAY + timedelta(hours=50))

    assert (too_early, in_time, again) == (0, 1, 0)
    assert mail.outbox[0].to == [chi.email]
    assert "danh sách" not in mail.outbox[0].body
    assert "privacy.warn_of_incidents" in jobs.SCHEDULE


def test_the_notice_is_an_official_paper_with_a_number(chi):
    client = client_for(chi)
    incident = reported(client)

    client.post(f"{LIST}{incident.pk}/thong-bao/")
    answer = client.get(f"{LIST}{incident.pk}/tep/docx/")

    paper = "\n".join(p.text for p in Document(BytesIO(answer.content)).paragraphs)
    assert "THÔNG BÁO" in paper
    assert "42" in paper
    incident.refresh_from_db()
    assert "/TB-" in incident.paper.symbol
    assert client.get(f"{LIST}{incident.pk}/tep/pdf/").content.startswith(b"%PDF")


def test_after_it_is_sent_and_dealt_with_it_is_closed(chi):
    client = client_for(chi)
    incident = reported(client)

    client.post(f"{LIST}{incident.pk}/da-bao/", {"words": "Cục A05, Bộ Công an"})
    client.post(f"{LIST}{incident.pk}/dong/", {"words": "Đã thu hồi máy"})

    incident.refresh_from_db()
    assert incident.state == "closed"
    assert incident.notified_to == "Cục A05, Bộ Công an"
    assert incidents.warn_due(at=MONDAY + timedelta(days=9)) == 0


@pytest.mark.parametrize("role", [Role.APPROVER, Role.CASE_OFFICER, Role.EDITOR])
def test_others_do_not_see_incidents(place, role):
    somebody = make_staff(name="Vi Thị Hoa", unit_id=place["bich_hao"].pk, role=role)

    assert client_for(somebody).get(LIST).status_code == 404


def test_an_auditor_reads_and_changes_nothing(place, chi):
    incident = reported(client_for(chi))
    auditor = make_staff(name="Lò Văn Tú", unit_id=place["bich_hao"].pk, role=Role.AUDITOR)
    client = client_for(auditor)

    assert client.get(f"{LIST}{incident.pk}/").status_code == 200
    assert client.post(f"{LIST}{incident.pk}/dong/", {"words": "x"}).status_code == 404
    assert client.get(f"{LIST}?xlsx=1").status_code == 200
