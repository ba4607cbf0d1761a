"""How often one address may try the same thing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from caunoi.kit import limits
from caunoi.kit.limits import Limit
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
THREE = Limit("three", tries=3, per=timedelta(minutes=3))


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, full_at FROM kit_bucket")
        return cursor.fetchall()


def tries(count, *, who="203.0.113.7", at=MONDAY, limit=THREE):
    return [limits.take(limit, who=who, at=at).allowed for _ in range(count)]


def test_after_the_last_free_try_the_next_is_refused_with_the_moment_it_comes_back():
    assert tries(3) == [True, True, True]

    verdict = limits.take(THREE, who="203.0.113.7", at=MONDAY)

    assert not verdict.allowed
    assert verdict.again_at == MONDAY + timedelta(minutes=1)
    assert verdict.wait_seconds == 60


def test_one_try_comes_back_after_each_step_and_never_more_than_the_bucket_holds():
    tries(3)

    assert tries(2, at=MONDAY + timedelta(minutes=1)) == [True, False]
    assert tries(4, at=MONDAY + timedelta(days=1)) == [True, True, True, False]


def test_a_refused_try_does_not_prolong_the_wait():
    tries(3)
    tries(50, at=MONDAY + timedelta(seconds=30))

    assert tries(1, at=MONDAY + timedelta(minutes=1)) == [True]


def test_another_address_and_another_limit_have_their_own_bucket():
    tries(4)

    assert tries(1, who="203.0.113.8") == [True]
    assert tries(1, limit=Limit("other", tries=3, per=timedelta(minutes=3))) == [True]


def test_an_honest_try_is_given_back():
    for _ in range(20):
        assert limits.take(THREE, who="a", at=MONDAY).allowed
        limits.give_back(THREE, who="a", at=MONDAY)


def test_a_row_holds_no_address_and_two_limits_cannot_be_joined():
    tries(1)
    tries(1, limit=Limit("other", tries=3, per=timedelta(minutes=3)))

    keys = [bytes(key) for key, _ in rows()]

    assert len(set(keys)) == 2
    assert all(len(key) == 32 and b"203.0.113.7" not in key for key in keys)


def test_a_bucket_that_is_full_again_is_deleted_by_whoever_comes_next():
    tries(3)

    limits.take(THREE, who="somebody else", at=MONDAY + timedelta(minutes=4))

    assert len(rows()) == 1


def test_sweeping_deletes_what_is_over_and_nothing_else():
    tries(3, who="long gone")
    tries(1, who="here", at=MONDAY + timedelta(minutes=4))

    limits.sweep(at=MONDAY + timedelta(minutes=4))

    assert len(rows()) == 1
    assert tries(3, who="here", at=MONDAY + timedelta(minutes=4)) == [True, True, False]


def test_an_installation_can_widen_all_limits_or_switch_them_off(settings):
    settings.LIMITS_FACTOR = 2
    assert tries(7) == [True] * 6 + [False]

    settings.LIMITS_FACTOR = 0
    assert tries(50) == [True] * 50


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_no_window_ever_lets_more_through_than_two_full_buckets(gaps):
    connection.cursor().execute("DELETE FROM kit_bucket")
    at, passed = MONDAY, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        if limits.take(THREE, who="x", at=at).allowed:
            passed.append(at)

    for start in passed:
        inside = [p for p in passed if start <= p < start + THREE.per]
        assert len(inside) <= 2 * THREE.tries


def asked(**meta):
    return RequestFactory().get("/", **meta)


@pytest.mark.parametrize(
    ("meta", "proxies", "found"),
    [
        ({"REMOTE_ADDR": "203.0.113.7"}, 0, "203.0.113.7"),
        (
            {"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"},
            0,
            "203.0.113.7",
        ),
        (
            {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 198.51.100.1"},
            1,
            "198.51.100.1",
        ),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": ""}, 1, "127.0.0.1"),
        ({"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, 0, "2001:db8:1:2::/64"),
        ({"REMOTE_ADDR": "::ffff:203.0.113.7"}, 0, "203.0.113.7"),
        ({"REMOTE_ADDR": "unix:"}, 0, "unknown"),
    ],
)
def test_what_a_client_writes_itself_never_counts_as_its_address(settings, meta, proxies, found):
    settings.PROXIES = proxies

    assert limits.address(asked(**meta)) == found


@limits.limited(Limit("once", tries=1, per=timedelta(hours=1)))
def send(request):
    return HttpResponse("sent")


def test_the_page_for_too_many_tries_keeps_every_typed_word_and_no_password():
    words = {
        "text": "Bao giờ xã sửa đường vào xóm 4? <Mưa là lầy>",
        "topic": ["đường", "cầu"],
        "password": "bí mật",
    }
    send(RequestFactory().post("/x/?don-vi=a", words))

    answer = send(RequestFactory().post("/x/?don-vi=a", words))

    page = answer.content.decode()
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert "Xin chờ một lát" in page
    assert '<blockquote class="card keep-lines">Bao giờ xã sửa đường vào xóm 4? &lt;Mưa' in page
    assert page.count('name="topic"') == 2
    assert 'action="/x/?don-vi=a"' in page
    assert "bí mật" not in page


def test_reading_is_not_counted_where_only_sending_is():
    for _ in range(3):
        assert send(RequestFactory().get("/x/")).status_code == 200
