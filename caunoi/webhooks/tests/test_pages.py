import pytest

from caunoi.kit.models import AuditEntry
from caunoi.staff.tests.factories import client_for
from caunoi.webhooks import actions
from caunoi.webhooks.models import Delivery, Endpoint, Event
from caunoi.webhooks.terms import EventType
from caunoi.webhooks.tests.factories import ADDRESS, administrator, endpoint_of
from tests.cast import MONDAY


@pytest.fixture
def chi(tree):
    return administrator(tree["bich_hao"])


@pytest.fixture
def client(chi):
    return client_for(chi)


def test_a_new_address_shows_its_secret_once(tree, client):
    answer = client.post(
        "/quan-tri/webhook/moi/",
        {
            "name": "i-Office",
            "url": ADDRESS,
            "unit": tree["bich_hao"].pk,
            "events": ["case.opened", "answer.published"],
        },
    )

    page = answer.content.decode()
    assert "whsec_" in page
    assert answer["Cache-Control"] == "no-store"
    endpoint = Endpoint.objects.get()
    assert "whsec_" not in client.get(f"/quan-tri/webhook/{endpoint.pk}/").content.decode()
    told = AuditEntry.objects.get(event="webhooks.endpoint.added")
    assert "whsec_" not in str(told.after)


def test_an_address_outside_is_refused_in_its_field(tree, client, settings):
    settings.LOOPBACK_ONLY = False

    answer = client.post(
        "/quan-tri/webhook/moi/",
        {
            "name": "x",
            "url": "https://10.0.0.8/",
            "unit": tree["bich_hao"].pk,
            "events": ["case.opened"],
        },
    )

    assert answer.status_code == 422
    assert "mạng nội bộ" in answer.content.decode()


def test_a_test_is_sent_and_stands_on_the_page(tree, chi, client):
    endpoint, _ = endpoint_of(tree["bich_hao"], by=chi)

    client.post(f"/quan-tri/webhook/{endpoint.pk}/thu/")

    assert Event.objects.get().type == "webhook.test"
    assert "đang chờ" in client.get(f"/quan-tri/webhook/{endpoint.pk}/").content.decode()


def test_a_foreign_administrator_finds_nothing(tree, chi):
    endpoint, _ = endpoint_of(tree["bich_hao"], by=chi)
    stranger = client_for(administrator(tree["tri_le"], name="Người khác"))

    assert stranger.get(f"/quan-tri/webhook/{endpoint.pk}/").status_code == 404
    assert stranger.post(f"/quan-tri/webhook/{endpoint.pk}/khoa-moi/").status_code == 404
    assert "i-Office" not in stranger.get("/quan-tri/webhook/").content.decode()


def test_the_list_of_deliveries_asks_as_often_for_many_as_for_few(
    tree, chi, client, django_assert_max_num_queries
):
    endpoint, _ = endpoint_of(tree["bich_hao"], by=chi)
    events = Event.objects.bulk_create(
        Event(type=EventType.CASE_OPENED.value, number=f"NA-2026-{n:06d}", path="/x", at=MONDAY)
        for n in range(2000)
    )
    Delivery.objects.bulk_create(
        Delivery(event=e, endpoint=endpoint, next_at=MONDAY, state="dead") for e in events
    )

    with django_assert_max_num_queries(22):
        page = client.get(f"/quan-tri/webhook/{endpoint.pk}/?xem=dead").content.decode()

    assert "NA-2026-001999" in page
    found = client.get(f"/quan-tri/webhook/{endpoint.pk}/?q=NA-2026-000007").content.decode()
    assert "NA-2026-000007" in found
    assert "NA-2026-000008" not in found
    assert client.get(f"/quan-tri/webhook/{endpoint.pk}/?xlsx").content[:2] == b"PK"


def test_everything_given_up_is_sent_again_in_one_go(tree, chi, client):
    endpoint, _ = endpoint_of(tree["bich_hao"], by=chi)
    actions.tell(
        EventType.CASE_OPENED, number="x", path="/x", unit_ids=[tree["bich_hao"].pk], at=MONDAY
    )
    Delivery.objects.update(state="dead")

    client.post(f"/quan-tri/webhook/{endpoint.pk}/gui-lai/")

    assert Delivery.objects.get().state == "waiting"
