"""How an answer will look, in each place it goes to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from caunoi.cases import actions_merge
from caunoi.cases.models import Case
from caunoi.cases.tests.factories import make_case
from caunoi.channels import registry
from caunoi.channels.contract import Window
from caunoi.inbox.models import Thread
from caunoi.journeys import previews
from caunoi.kit import clock
from caunoi.kit.templatetags.kit import until_words
from caunoi.staff.tests.factories import client_for
from tests import htmx
from tests.cast import MONDAY
from tests.journeys.test_ask_and_answer import arrives

pytestmark = pytest.mark.django_db
QUESTION = "Bao giờ xã tôi có nước sạch?"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def seen(case, text="Tháng 12 có nước. Gọi 0912 345 678.", at=MONDAY):
    return {p.kind: p for p in previews.places_of(case, text=text, agency="Xã Bích Hào", at=at)}


def test_under_a_comment_and_on_the_page_personal_data_is_hidden_in_a_chat_it_is_not(loopback):
    arrives(loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY))
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY, sender="khac"))

    comment = seen(Case.objects.get(origin="comment"))
    chat = seen(Case.objects.get(origin="private_message"))

    assert set(comment) == {"comment_reply", "private_reply", "page"}
    assert "0912 345 678" in comment["private_reply"].parts[0]
    for kind in ("comment_reply", "page"):
        assert "0912" not in comment[kind].parts[0]
    assert "0912 345 678" in chat["private_message"].parts[0]


def test_a_long_answer_shows_in_how_many_parts_it_goes(loopback, monkeypatch):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    connector = registry.connector_for("loopback")
    limit = connector.max_text["private_message"]

    shown = seen(Case.objects.get(), text="Câu trả lời dài. " * (limit // 8))["private_message"]

    assert shown.limit == limit
    assert len(shown.parts) > 1
    assert all(len(part) <= limit for part in shown.parts)
    assert shown.length == sum(map(len, shown.parts))


def test_both_places_of_one_asker_are_shown(loopback, an):
    arrives(loopback, loopback.comment("page", "c1", QUESTION, at=MONDAY, sender="dung"))
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY, sender="dung"))
    comment, chat = Case.objects.get(origin="comment"), Case.objects.get(origin="private_message")
    actions_merge.merge_case(case=chat, into=comment, by=an, at=MONDAY)

    assert set(seen(comment)) == {"comment_reply", "private_reply", "private_message", "page"}


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (
            Window(is_open=True, open_until=MONDAY + 29 * HOUR),
            "Trả lời miễn phí đến 14:00 ngày mai",
        ),
        (
            Window(is_open=True, open_until=MONDAY + 53 * HOUR, is_free=False),
            "Có tính phí, đến 14:00 thứ Tư",
        ),
        (Window(is_open=False, reason="Hết hạn."), "tin này không đi được"),
    ],
)
def test_the_window_is_said_in_words_and_a_closed_one_with_what_happens_then(
    loopback,
    an,
    monkeypatch,
    window,
    said,
):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    monkeypatch.setattr(registry.connector_for("loopback"), "window", lambda *_a, **_k: window)
    case = Case.objects.get()

    answer = client_for(an).post(
        reverse("journeys:case_preview", args=[case.number]), {"text": "Tháng 12."}
    )

    assert said in answer.content.decode()


def test_a_place_that_closes_within_a_day_is_marked(loopback, monkeypatch):
    arrives(loopback, loopback.message("page", "m1", QUESTION, at=MONDAY))
    soon = Window(is_open=True, open_until=MONDAY + 5 * HOUR)
    monkeypatch.setattr(registry.connector_for("loopback"), "window", lambda *_a, **_k: soon)

    assert seen(Case.objects.get())["private_message"].closes_soon


def test_somebody_told_in_person_has_no_way_back_here(place):
    from caunoi.channels.models import Channel

    channel = Channel.objects.create(
        unit=place["bich_hao"],
        connector_key="walk_in",
        external_id="w",
        name="Tiếp dân",
        registered_at=MONDAY,
    )
    thread = Thread.objects.create(
        channel=channel, thread_ref="w1", kind="walk_in", started_at=MONDAY
    )
    case = make_case(unit=place["bich_hao"], origin="walk_in", thread_id=thread.pk, is_public=False)

    assert [(p.kind, p.parts) for p in seen(case).values()] == [("told", ())]


def test_the_part_htmx_swaps_is_the_part_of_the_page_without_javascript(place, an):
    case = make_case(unit=place["bich_hao"])
    client = client_for(an)
    address = reverse("journeys:case_preview", args=[case.number])
    fields = {"text": "Chào {bà con}", "agency": "", "base": ""}

    part = client.post(address, fields, headers={"HX-Request": "true", "HX-Target": "preview"})
    page = client.post(address, fields)

    one = htmx._soup(part).select_one("#preview").prettify()
    assert one == htmx._soup(page).select_one("#preview").prettify()
    assert htmx._soup(page).select_one("form [name=text]")["value"] == "Chào {bà con}"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (3, "12:00 hôm nay"),
        (24, "09:00 ngày mai"),
        (48, "09:00 thứ Tư"),
        (24 * 9, "09:00 02/12/2026"),
    ],
)
def test_until_when_is_said_as_people_say_it(hours, said):
    from django.utils.translation import override

    with override("vi"):
        assert until_words(MONDAY + hours * HOUR, MONDAY) == said
