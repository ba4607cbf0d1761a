"""The connectors of the house, each with a provider to speak to: the simulator, the loopback world, or none."""

import hashlib
import hmac
import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from caunoi.channels import registry
from caunoi.channels.contract import (
    Account,
    AppSecrets,
    MessageKind,
    OutboundPost,
    PostKind,
    Publication,
    RawDelivery,
    Video,
)
from caunoi.channels.testing import Trouble
from caunoi.connectors.sms.connector import Sms
from caunoi.connectors.youtube.connector import YouTube
from caunoi.connectors.zalo_group.connector import ZaloGroup
from simulator.testing import RunningSimulator

CLOSED_PORT = "http://127.0.0.1:9"
BESIDE = Publication(title="Thông báo", link="https://caunoi.example/thong-bao/TB-7/")
PAGE, OA = "100178180000456", "431865706877456001"
FACEBOOK_APP = {"id": "456000000000001", "secret": "app-secret", "verify_token": "verify"}
ZALO_APP = {"id": "456000000000002", "secret": "app-secret", "oa_secret": "oa-secret"}
people = (str(246_000_000_000_500_000 + n) for n in itertools.count())


class FacebookRig:
    """The connector ``facebook_page`` against the simulator."""

    says_how_long = True

    def __init__(self, outside: RunningSimulator) -> None:
        self.outside = outside
        self.connector = registry.connector_for("facebook_page")
        self.app = AppSecrets(
            FACEBOOK_APP["id"], {"app_secret": FACEBOOK_APP["secret"], "verify_token": "verify"}
        )
        outside.setup(
            facebook_app=FACEBOOK_APP, pages=[{"id": PAGE, "name": "Trang xã", "token": "t"}]
        )
        self.post = outside.facebook_post(page=PAGE, text="Bà con hỏi gì, xin hỏi dưới bài này.")

    def account(self) -> Account:
        return Account(PAGE, {"access_token": "t"}, {"graph_base": self.outside.url}, self.app)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.outside.health()["now_ms"] / 1000, UTC)

    def signed(self, body: bytes, at: datetime) -> RawDelivery:
        mac = hmac.new(FACEBOOK_APP["secret"].encode(), body, hashlib.sha256).hexdigest()
        return RawDelivery({"x-hub-signature-256": f"sha256={mac}"}, body, at)

    def heard(self, kind: MessageKind, text: str, *, external_id: str) -> bytes:
        at = int(self.now().timestamp())
        if kind is MessageKind.COMMENT:
            value = {
                "item": "comment",
                "verb": "add",
                "post_id": f"{PAGE}_900",
                "comment_id": external_id,
                "parent_id": f"{PAGE}_900",
                "from": {"id": "7", "name": "Dung"},
                "message": text,
                "created_time": at,
            }
            entry = {"id": PAGE, "changes": [{"field": "feed", "value": value}]}
        else:
            message = {"mid": external_id, "text": text}
            talk = {"sender": {"id": "7"}, "recipient": {"id": PAGE}, "timestamp": at * 1000}
            entry = {"id": PAGE, "messaging": [talk | {"message": message}]}
        return json.dumps({"object": "page", "entry": [entry]}).encode()

    def several(self, *bodies: bytes) -> bytes:
        entries = [entry for body in bodies for entry in json.loads(body)["entry"]]
        bad = [None, {"id": PAGE, "changes": [None, {"field": "feed", "value": {}}]}]
        return json.dumps({"object": "page", "entry": [entries[0], *bad, *entries[1:]]}).encode()

    def unknown_event(self) -> bytes:
        change = {"field": "feed", "value": {"item": "reaction", "verb": "add"}}
        return json.dumps({"entry": [{"id": PAGE, "changes": [change]}]}).encode()

    def target(self, kind: PostKind) -> OutboundPost:
        if kind is PostKind.PUBLICATION:
            return OutboundPost(kind, "", "notice:7", "", publication=BESIDE)
        person = next(people)
        if kind is PostKind.PRIVATE_MESSAGE:
            self.outside.facebook_message(page=PAGE, person=person, text="Xin hỏi")
            return OutboundPost(kind, person, person, "", window_opened_at=self.now())
        comment = self.outside.facebook_comment(post=self.post, person=person, text="Xin hỏi")
        opened = self.now() if kind is PostKind.PRIVATE_REPLY else None
        return OutboundPost(kind, comment, comment, "", window_opened_at=opened)

    def say(self, kind: MessageKind, text: str) -> str:
        person = next(people)
        if kind is MessageKind.COMMENT:
            return self.outside.facebook_comment(post=self.post, person=person, text=text)
        return self.outside.facebook_message(page=PAGE, person=person, text=text)

    def strike(self, trouble: Trouble, account: Account) -> Account:
        strike(self.outside, trouble, provider="facebook")
        if trouble is Trouble.UNREACHABLE:
            return replace(account, settings={"graph_base": CLOSED_PORT})
        return account

    def arrived(self, text: str) -> int:
        said = [c["text"] for c in self.outside.comments()]
        said += [m["text"] for m in self.outside.chat(provider="facebook") if not m["inbound"]]
        said += [p["message"] for p in self.outside.posts()]
        return said.count(text)

    def hidden(self, comment: str) -> bool:
        return next(c["hidden"] for c in self.outside.comments() if c["id"] == comment)


class ZaloRig:
    """The connector ``zalo_oa`` against the simulator."""

    says_how_long = True

    def __init__(self, outside: RunningSimulator) -> None:
        self.outside = outside
        self.connector = registry.connector_for("zalo_oa")
        self.app = AppSecrets(
            ZALO_APP["id"], {"app_secret": ZALO_APP["secret"], "oa_secret": ZALO_APP["oa_secret"]}
        )
        tokens = {"access_token": "first-access", "refresh_token": "first-refresh"}
        outside.setup(zalo_app=ZALO_APP, oas=[{"id": OA, "name": "MTTQ xã"} | tokens])

    def account(self) -> Account:
        tokens = self.outside.zalo_tokens(OA)
        secrets = {name: tokens[name] or "" for name in ("access_token", "refresh_token")}
        base = {"api_base": self.outside.url, "oauth_base": self.outside.url}
        return Account(OA, secrets, base, self.app)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.outside.health()["now_ms"] / 1000, UTC)

    def signed(self, body: bytes, at: datetime) -> RawDelivery:
        stamp = str(json.loads(body)["timestamp"])
        mac = hashlib.sha256(
            ZALO_APP["id"].encode() + body + stamp.encode() + ZALO_APP["oa_secret"].encode()
        ).hexdigest()
        return RawDelivery({"x-zevent-signature": f"mac={mac}"}, body, at)

    def heard(self, kind: MessageKind, text: str, *, external_id: str) -> bytes:
        event = self._event("user_send_text") | {"message": {"msg_id": external_id, "text": text}}
        return json.dumps(event).encode()

    def several(self, *bodies: bytes) -> None:
        return None

    def unknown_event(self) -> bytes:
        return json.dumps(self._event("user_send_group_text")).encode()

    def _event(self, name: str) -> dict:
        stamp = str(int(self.now().timestamp() * 1000))
        who = {"sender": {"id": "246845883529197922"}, "recipient": {"id": OA}}
        return {"app_id": ZALO_APP["id"], "event_name": name, "timestamp": stamp} | who

    def target(self, kind: PostKind) -> OutboundPost:
        if kind is PostKind.PUBLICATION:
            return OutboundPost(kind, "", "notice:7", "", publication=BESIDE)
        person = next(people)
        self.outside.zalo_message(oa=OA, person=person, text="Xin hỏi")
        return OutboundPost(kind, person, person, "", window_opened_at=self.now())

    def say(self, kind: MessageKind, text: str) -> str:
        return self.outside.zalo_message(oa=OA, person=next(people), text=text)

    def strike(self, trouble: Trouble, account: Account) -> Account:
        strike(self.outside, trouble, provider="zalo")
        if trouble is Trouble.UNREACHABLE:
            return replace(account, settings=dict.fromkeys(account.settings, CLOSED_PORT))
        return account

    def arrived(self, text: str) -> int:
        said = [m["text"] for m in self.outside.chat(provider="zalo") if not m["inbound"]]
        said += [a["paragraphs"][0] for a in self.outside.articles()]
        return said.count(text)

    def hidden(self, comment: str) -> bool:
        return False


class ZaloGroupRig(ZaloRig):
    """The connector ``zalo_group`` against the simulator, with the tokens of its account."""

    GROUP = "f414c8f76fa586fbdfb4"

    def __init__(self, outside: RunningSimulator) -> None:
        super().__init__(outside)
        self.connector = ZaloGroup()
        outside.setup(zalo_groups=[{"id": self.GROUP, "oa": OA, "name": "Nhóm xã"}])

    def account(self) -> Account:
        return replace(super().account(), external_id=f"{OA}/{self.GROUP}")

    def arrived(self, text: str) -> int:
        said = [m["text"] for m in self.outside.group_messages(self.GROUP)]
        return [one.removesuffix(f"\n\n{BESIDE.link}") for one in said].count(text)


class SmppRig:
    """The connector ``sms`` against the simulated carrier."""

    says_how_long = False
    driver = "smpp"

    def __init__(self, outside: RunningSimulator) -> None:
        self.outside = outside
        self.connector = Sms()
        self.app = AppSecrets("a", {"secret": "s"})
        account = {"login": "caunoi", "password": "secret08", "sender": "MTTQ BHAO"}
        outside.setup(sms_accounts=[account])
        self.port = outside.health()["smpp_port"]

    def account(self) -> Account:
        where = {"driver": self.driver, "host": "127.0.0.1", "port": str(self.port)}
        secrets = {"login": "caunoi", "access_token": "secret08"}
        return Account("MTTQ BHAO/xom-4", secrets, where | {"gateway": self.outside.url})

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.outside.health()["now_ms"] / 1000, UTC)

    def target(self, kind: PostKind) -> OutboundPost:
        phone = f"849{int(next(people)) % 100_000_000:08d}"
        return OutboundPost(kind, phone, "notice:7:1", "", publication=BESIDE)

    def strike(self, trouble: Trouble, account: Account) -> Account:
        if trouble is Trouble.UNREACHABLE:
            return replace(account, settings={**account.settings, "port": "9"})
        kind = {
            Trouble.BUSY: "429",
            Trouble.DROPPED: "drop",
            Trouble.GARBLED: "malformed",
            Trouble.REFUSED: "sms_error",
        }.get(trouble, "revoked")
        where = "bind" if trouble is Trouble.TOKEN_GONE else "submit_sm"
        self.outside.fault(f"SMPP /smpp/{where}", kind, code=0x0B)
        return account

    def arrived(self, text: str) -> int:
        said = [m["text"].removesuffix(f" {BESIDE.link}") for m in self.outside.text_messages()]
        return said.count(text)

    def hidden(self, comment: str) -> bool:
        return False


class GatewayRig(SmppRig):
    """The same connector against the simulated reseller."""

    says_how_long = True
    driver = "http"

    def strike(self, trouble: Trouble, account: Account) -> Account:
        if trouble is Trouble.UNREACHABLE:
            return replace(account, settings={**account.settings, "gateway": CLOSED_PORT})
        kind = {
            Trouble.BUSY: "429",
            Trouble.DROPPED: "drop",
            Trouble.GARBLED: "malformed",
            Trouble.REFUSED: "sms_error",
        }.get(trouble, "revoked")
        self.outside.fault("POST /MainService.svc/", kind, code=99, seconds=7)
        return account


FILM = bytes(range(256)) * 12_000
"""Three megabytes that are no film; nobody looks inside."""


def film(body: bytes = FILM) -> Video:
    return Video("video/mp4", "phim.mp4", len(body), 30, lambda at, size: body[at : at + size])


class YouTubeRig(SmppRig):
    """The connector ``youtube`` against the simulator."""

    says_how_long = True
    CHANNEL = "UCbichhao00000000000000x"

    def __init__(self, outside: RunningSimulator) -> None:
        self.outside = outside
        self.connector = YouTube()
        self.app = AppSecrets("client", {"app_secret": "s"})
        channel = {"id": self.CHANNEL, "name": "MTTQ xã", "refresh_token": "consent"}
        outside.setup(youtube_channels=[channel])

    def account(self) -> Account:
        where = {"api_base": self.outside.url, "token_base": self.outside.url}
        return Account(self.CHANNEL, {"refresh_token": "consent"}, where, self.app)

    def target(self, kind: PostKind) -> OutboundPost:
        beside = replace(BESIDE, title=f"Thông báo {next(people)}", video=film())
        return OutboundPost(kind, "", "notice:7", "", publication=beside)

    def strike(self, trouble: Trouble, account: Account) -> Account:
        if trouble is Trouble.UNREACHABLE:
            return replace(account, settings=dict.fromkeys(account.settings, CLOSED_PORT))
        if trouble in {Trouble.DROPPED, Trouble.GARBLED}:
            # the first part passes; the last one's answer is lost, and so is every answer after it
            kind = {Trouble.DROPPED: "drop", Trouble.GARBLED: "malformed"}[trouble]
            self.outside.fault("PUT /upload-session/", "slow", count=1, seconds=0)
            self.outside.fault("PUT /upload-session/", kind, count=9)
            return account
        kind = {Trouble.BUSY: "429", Trouble.REFUSED: "youtube_error"}.get(trouble, "revoked")
        where = "/upload/youtube/" if trouble is Trouble.REFUSED else "/token"
        code = {"code": 400} if trouble is Trouble.REFUSED else {}
        self.outside.fault(f"POST {where}", kind, seconds=7, **code)
        return account

    def arrived(self, text: str) -> int:
        said = [v["description"] for v in self.outside.videos("youtube")]
        return [one.removesuffix(f"\n\n{BESIDE.link}") for one in said].count(text)


def strike(outside: RunningSimulator, trouble: Trouble, *, provider: str) -> None:
    """Order the simulator's fault for the next call of that provider."""
    ways = {"facebook": "/v26.0/", "zalo": ".0/"}
    if trouble is Trouble.TOKENS_LOST:
        outside.fault("/v4/oa/access_token", "drop")
    elif trouble is Trouble.BUSY:
        outside.fault(ways[provider], "429", seconds=7)
    elif trouble is Trouble.REFUSED:
        code = {"facebook": 100, "zalo": -201}[provider]
        outside.fault(ways[provider], f"{provider}_error", code=code)
    elif trouble is not Trouble.UNREACHABLE:
        kinds = {
            Trouble.DROPPED: "drop",
            Trouble.GARBLED: "malformed",
            Trouble.TOKEN_GONE: "revoked",
        }
        writing = trouble in {Trouble.DROPPED, Trouble.GARBLED}
        outside.fault(f"{'POST ' if writing else ''}{ways[provider]}", kinds[trouble])


class LoopbackRig:
    """The connector ``loopback``: its provider lives in this process."""

    says_how_long = True

    NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def __init__(self, connector=None) -> None:
        self.connector = connector or registry.connector_for("loopback")
        self.app = AppSecrets("a", {"secret": "s"})
        self.world = self.connector.world
        self.world.reset()

    def account(self) -> Account:
        return Account("page", {"access_token": "t", "refresh_token": "r"})

    def now(self) -> datetime:
        return self.NOW

    def signed(self, body: bytes, at: datetime) -> RawDelivery:
        mac = hmac.new(b"s", body, hashlib.sha256).hexdigest()
        return RawDelivery({"x-loopback": mac}, body, at)

    def _event(self, kind: MessageKind, text: str, external_id: str) -> dict:
        if kind is MessageKind.COMMENT:
            return self.connector.comment("page", external_id, text, at=self.NOW)
        return self.connector.message("page", external_id, text, at=self.NOW)

    def heard(self, kind: MessageKind, text: str, *, external_id: str) -> bytes:
        return json.dumps({"events": [self._event(kind, text, external_id)]}).encode()

    def several(self, *bodies: bytes) -> bytes:
        events = [event for body in bodies for event in json.loads(body)["events"]]
        return json.dumps({"events": [events[0], None, {"what": 1}, *events[1:]]}).encode()

    def unknown_event(self) -> bytes:
        event = {"what": "wave", "account": "page", "id": "1", "at": self.NOW.isoformat()}
        return json.dumps({"events": [event]}).encode()

    def target(self, kind: PostKind) -> OutboundPost:
        person = next(people)
        beside = BESIDE if kind is PostKind.PUBLICATION else None
        return OutboundPost(kind, person, person, "", window_opened_at=self.NOW, publication=beside)

    def say(self, kind: MessageKind, text: str) -> str:
        external_id = next(people)
        self.world.said.append(self._event(kind, text, external_id))
        return external_id

    def strike(self, trouble: Trouble, account: Account) -> Account:
        names = {
            Trouble.BUSY: "later",
            Trouble.UNREACHABLE: "later",
            Trouble.DROPPED: "drop",
            Trouble.GARBLED: "unclear",
            Trouble.TOKEN_GONE: "reconnect",
            Trouble.REFUSED: "refuse",
            Trouble.TOKENS_LOST: "drop",
        }
        self.world.faults.append(names[trouble])
        return account

    def arrived(self, text: str) -> int:
        return [s["text"] for s in self.world.sent].count(text)

    def hidden(self, comment: str) -> bool:
        return comment in self.world.hidden


class EmailRig:
    """The connector ``email`` against the simulator's mail server."""

    says_how_long = False
    ADDRESS = "mttq-bichhao@example.vn"

    def __init__(self, outside: RunningSimulator, settings: Any) -> None:
        self.outside, self.settings = outside, settings
        self.connector = registry.connector_for("email")
        self.app = AppSecrets("a", {"secret": "s"})
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", outside.health()["smtp_port"]
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "mttq", "secret"

    def account(self) -> Account:
        return Account(self.ADDRESS, {})

    def now(self) -> datetime:
        return LoopbackRig.NOW

    def target(self, kind: PostKind) -> OutboundPost:
        return OutboundPost(kind, "", "notice:7", "", publication=BESIDE)

    def strike(self, trouble: Trouble, account: Account) -> Account:
        if trouble is Trouble.UNREACHABLE:
            self.settings.EMAIL_PORT = int(CLOSED_PORT.rpartition(":")[2])
            return account
        where, kind, code = {
            Trouble.TOKEN_GONE: ("auth", "revoked", None),
            Trouble.BUSY: ("data", "503", None),
            Trouble.REFUSED: ("rcpt", "mail_error", 550),
            Trouble.GARBLED: ("data", "malformed", None),
            Trouble.DROPPED: ("data", "drop", None),
        }[trouble]
        self.outside.fault(f"SMTP /smtp/{where}", kind, **({"code": code} if code else {}))
        return account

    def arrived(self, text: str) -> int:
        said = [one["text"].rstrip("\n") for one in self.outside.letters()]
        return [one.removesuffix(f"\n\n{BESIDE.link}") for one in said].count(text.rstrip("\n"))

    def hidden(self, comment: str) -> bool:
        return False


class LocalRig:
    """A door of the house itself: no provider at all."""

    says_how_long = True

    def __init__(self, key: str) -> None:
        self.connector = registry.connector_for(key)
        self.app = AppSecrets("a", {"secret": "s"})

    def account(self) -> Account:
        return Account("unit", {})

    def now(self) -> datetime:
        return LoopbackRig.NOW

    def hidden(self, comment: str) -> bool:
        return False
