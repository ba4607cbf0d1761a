"""A woman follows her commune by letter, her son far away by Mastodon: each is told once. Read-only for everybody else."""

import json
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.core import mail
from django.test import Client

from caunoi.fediverse import actions, delivery, rules, sealing
from caunoi.fediverse import tasks as fediverse
from caunoi.fediverse.models import Activity, Delivery, Follower, Inbox
from caunoi.journeys import reforming, taking_back
from caunoi.kit import clock, http, keyring
from caunoi.notices.tests.factories import TITLE
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.subscriptions import tasks
from tests.cast import MONDAY, TUESDAY
from tests.journeys.test_followers import FLOOD, follow, goes_out

pytestmark = pytest.mark.django_db
INBOX = "/ap/don-vi/xa-bich-hao/inbox"
JSON = {"HTTP_ACCEPT": "application/activity+json"}


class Mastodon:
    """Another server on this machine: its people have keys, an inbox each and one they share; what it is sent is checked and kept."""

    origin = "http://127.0.0.1:9"

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.got, self.answers_with, self.gone = [], 202, set()

    def actor(self, name):
        return f"{self.origin}/users/{name}"

    def document(self, name):
        pem = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        actor = self.actor(name)
        return {
            "id": actor, "type": "Person", "inbox": f"{actor}/inbox", "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
            "publicKey": {"id": f"{actor}#main-key", "owner": actor, "publicKeyPem": pem.decode()},
        }  # fmt: skip

    def answer(self, request):
        path = request.url.path
        if request.method == "GET":
            name = path.rpartition("/")[2]
            if name in self.gone:
                return httpx.Response(410)
            return httpx.Response(200, json=self.document(name))
        self.got.append((path, request, json.loads(request.content)))
        return httpx.Response(self.answers_with)

    def sends(self, name, what, *, at=MONDAY, path=INBOX, **changed):
        """Post a signed activity of one of its people to the unit."""
        body = json.dumps({"id": f"{self.origin}/a/1", "actor": self.actor(name)} | what).encode()
        headers = {
            "host": "testserver", "date": rules.http_date(at), "digest": rules.digest_of(body),
            "content-type": "application/activity+json",
        }  # fmt: skip
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        text = rules.signing_string("post", path, headers, rules.POST_NAMES)
        headers["signature"] = rules.signature_header(
            key_id=f"{self.actor(name)}#main-key", names=rules.POST_NAMES, raw=sealing.signed(text, pem)
        )  # fmt: skip
        headers |= changed
        given = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in headers.items() if k != "content-type"}  # fmt: skip
        with http.stand_in(self.answer):
            return Client().post(path, body, content_type=headers["content-type"], **given)

    def follows(self, name, **more):
        return self.sends(name, {"type": "Follow", "object": actor_address()}, **more)

    def is_told(self, at):
        with http.stand_in(self.answer):
            return delivery.send_due(at=at)


def actor_address(slug="xa-bich-hao"):
    return Client().get(f"/ap/don-vi/{slug}").json()["id"]


@pytest.fixture(autouse=True)
def on(settings, monkeypatch):
    settings.FEDIVERSE = True

    class Hand:
        at = MONDAY

    monkeypatch.setattr(clock, "now", lambda: Hand.at)
    return Hand


@pytest.fixture
def mastodon():
    return Mastodon()


@pytest.fixture
def writer(place):
    return make_staff(name="Lê Thị Chi", unit_id=place["nghe_an"].pk, role=Role.EDITOR)


@pytest.fixture
def boss(place):
    return make_staff(name="Hồ Văn Minh", unit_id=place["nghe_an"].pk, role=Role.APPROVER)


def test_a_woman_by_letter_and_her_son_by_mastodon_hear_a_warning_and_a_notice_once_each(
    place, writer, boss, mastodon, settings, on
):
    page = Client().get("/nhan-tin/?don-vi=xa-bich-hao&tin=thong-bao").content.decode()
    host = settings.PUBLIC_URL.split("//")[1]
    assert f"@xa-bich-hao@{host}" in page
    found = Client().get(f"/.well-known/webfinger?resource=acct:xa-bich-hao@{host}").json()
    (link,) = [x for x in found["links"] if x["rel"] == "self"]
    actor = Client().get(link["href"].removeprefix(settings.PUBLIC_URL), **JSON).json()
    assert (actor["preferredUsername"], actor["name"]) == ("xa-bich-hao", "Xã Bích Hào")
    follow("xa-bich-hao")

    assert mastodon.follows("son").status_code == 202
    assert mastodon.follows("ban").status_code == 202
    mastodon.is_told(MONDAY)
    accepted = [(path, said["type"], said["object"]["actor"]) for path, _request, said in mastodon.got]  # fmt: skip
    assert accepted == [(f"/users/{n}/inbox", "Accept", mastodon.actor(n)) for n in ("son", "ban")]
    mastodon.got.clear()

    for fields in ({}, {"fields": FLOOD}):
        goes_out(place, writer, boss, **fields)
    for minutes in range(3):
        tasks.tell(TUESDAY + timedelta(minutes=minutes))
        mastodon.is_told(TUESDAY + timedelta(minutes=minutes))

    assert sorted(m.subject.split(":")[0] for m in mail.outbox) == ["Cảnh báo", "Thông báo"]
    # two of one server follow: it is told once
    assert [path for path, _r, _s in mastodon.got] == ["/inbox", "/inbox"]
    told = [said["object"] for _path, _request, said in mastodon.got]
    assert [TITLE in told[0]["content"], FLOOD.title in told[1]["content"]] == [True, True]
    request = mastodon.got[0][1]
    signature = rules.signature_of(request.headers["signature"])
    text = rules.signing_string("post", "/inbox", dict(request.headers), signature.names)
    assert sealing.is_signed(text, signature.raw, actor["publicKey"]["publicKeyPem"])
    assert signature.key_id == actor["publicKey"]["id"]
    on.at = TUESDAY
    box = Client().get("/ap/don-vi/xa-bich-hao/outbox?page=1").json()
    assert {item["object"]["id"] for item in box["orderedItems"]} == {t["id"] for t in told}
    assert Client().get("/ap/don-vi/xa-bich-hao/followers").json() == {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{actor['id']}/followers", "type": "OrderedCollection", "totalItems": 2,
    }  # fmt: skip

    for name in ("son", "ban"):
        undo = {"type": "Undo", "object": {"type": "Follow", "object": actor["id"]}}
        assert mastodon.sends(name, undo, at=TUESDAY).status_code == 202
    assert not Follower.objects.exists()
    assert not Inbox.objects.exists()


def test_a_recalled_notice_is_taken_away_there_and_a_tombstone_stands_here(
    place, writer, boss, mastodon, on
):
    mastodon.follows("son")
    notice = goes_out(place, writer, boss)
    taking_back.recall_notice(notice=notice, reason="Sai ngày", by=boss, at=TUESDAY)
    mastodon.is_told(TUESDAY)

    assert [said["type"] for _p, _r, said in mastodon.got] == ["Accept", "Create", "Delete"]
    on.at = TUESDAY
    stone = Client().get(f"/ap/thong-bao/{notice.number}")
    assert (stone.status_code, stone.json()["type"]) == (410, "Tombstone")


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"signature": ""}, MONDAY),
        ({"digest": "SHA-256=x"}, MONDAY),
        ({"date": rules.http_date(MONDAY + timedelta(hours=1))}, MONDAY),
        ({}, MONDAY - timedelta(hours=13)),
    ],
)
def test_a_follow_that_is_not_signed_as_it_came_is_refused(place, mastodon, changed, at):
    assert mastodon.follows("son", at=at, **changed).status_code == 401
    assert not Follower.objects.exists()


def test_the_key_of_another_house_and_an_address_inside_are_not_believed(place, mastodon):
    other = 'keyId="http://127.0.0.1:8/users/son#main-key",headers="(request-target) host date digest",signature="QQ=="'
    assert mastodon.follows("son", signature=other).status_code == 401
    inside = ("http://127.0.0.1/a", "https://u:p@x.example/", "https://x.example:8443/")
    assert not any(rules.is_callable(address, loopback=False) for address in inside)
    assert rules.is_callable("https://x.example/a", loopback=False)
    thief = mastodon.document("son") | {"inbox": "https://elsewhere.example/inbox"}
    assert rules.remote_of(thief) is None


def test_everything_else_is_dropped_without_asking_anybody(place, mastodon, on):
    for what in (
        {"type": "Create", "object": {"type": "Note", "content": "Chào xã"}},
        {"type": "Like", "object": actor_address()},
        {"type": "Delete", "object": mastodon.actor("stranger")},
        {"type": "Follow", "object": "https://elsewhere.example/users/x"},
        {"type": "Undo", "object": {"type": "Follow"}},
    ):
        mastodon.answer = lambda _request: pytest.fail("nobody is to be asked")
        assert mastodon.sends("stranger", what).status_code == 202
    assert Client().post(INBOX, b"[", content_type="application/json").status_code == 202
    assert not Follower.objects.exists()
    assert not Activity.objects.exists()


def test_an_actor_that_is_gone_and_a_server_that_is_gone_are_forgotten(
    place, writer, boss, mastodon
):
    mastodon.follows("son")
    mastodon.gone.add("son")
    gone = {"type": "Delete", "object": mastodon.actor("son")}
    assert mastodon.sends("son", gone, signature='keyId="x"').status_code == 401
    assert mastodon.sends("son", gone).status_code == 202
    assert not Follower.objects.exists()

    mastodon.follows("ban")
    mastodon.is_told(MONDAY)
    goes_out(place, writer, boss)
    mastodon.answers_with = 503
    mastodon.is_told(TUESDAY)
    assert Delivery.objects.filter(sent_at=None).count() == 1
    mastodon.answers_with = 410
    mastodon.is_told(TUESDAY + timedelta(minutes=5))
    assert not Inbox.objects.exists()
    assert fediverse.forget_old(TUESDAY + timedelta(days=100)) > 0


def test_with_the_setting_off_units_are_read_and_nothing_leaves(
    place, writer, boss, mastodon, settings, on
):
    settings.FEDIVERSE = False

    assert mastodon.follows("son").status_code == 404
    goes_out(place, writer, boss)

    on.at = TUESDAY
    assert Client().get("/ap/don-vi/xa-bich-hao/outbox").json()["totalItems"] == 1
    assert not Activity.objects.exists()
    assert mastodon.is_told(TUESDAY) == 0
    for asked in ("acct:xa-bich-hao@elsewhere.example", "acct:khong-co@127.0.0.1:8000", "x"):
        assert Client().get("/.well-known/webfinger", {"resource": asked}).status_code == 404


def test_a_merged_unit_asks_its_followers_over_to_the_successor(place, mastodon):
    path = "/ap/don-vi/xa-tri-le/inbox"
    mastodon.sends("son", {"type": "Follow", "object": actor_address("xa-tri-le")}, path=path)
    tri_le, bich_hao = place["tri_le"].pk, place["bich_hao"].pk
    assert reforming._follower_counts(unit_ids=[tri_le, bich_hao]) == {tri_le: 1}

    for _ in range(2):
        actions.move_followers(unit_id=tri_le, to_unit_id=bich_hao, at=TUESDAY)
    mastodon.is_told(TUESDAY)

    moved = mastodon.got[-1][2]
    assert (moved["type"], moved["object"], moved["target"]) == ("Move", actor_address("xa-tri-le"), actor_address())  # fmt: skip
    assert len(mastodon.got) == 2


def test_followers_stand_sealed_and_a_new_key_of_the_ring_seals_them_again(place, mastodon, settings):  # fmt: skip
    mastodon.follows("son")
    (kept,), (inbox,) = Follower.objects.all(), Inbox.objects.filter(followers__isnull=False)

    assert b"son" not in bytes(kept.actor_hash) + bytes(inbox.sealed_address)
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    assert sealing.seal_again() > 2
    assert sealing.seal_again() == 0
    assert mastodon.is_told(MONDAY) == 1
