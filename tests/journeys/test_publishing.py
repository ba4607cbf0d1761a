"""A notice of the province goes down the tree through mixed channels of the simulated providers, a third of whose calls fail.

What is shown: every send ends, and the providers' own record holds every publication exactly once.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from caunoi.cases.models import Case
from caunoi.channels import actions as channels
from caunoi.channels import upkeep
from caunoi.channels.afterwards import Totals
from caunoi.channels.models import Channel, ProviderApp
from caunoi.inbox.models import Post
from caunoi.journeys import catch_up, publishing
from caunoi.kit import clock, keyring
from caunoi.notices import actions as notices
from caunoi.notices import looking, posts
from caunoi.notices import queries as read
from caunoi.notices.models import Notice
from caunoi.notices.terms import Fields, Line, NoticeKind, Reach
from caunoi.notices.tests.factories import approved
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox import delivery, queries
from caunoi.outbox.models import OutboundMessage
from caunoi.receipts import actions as receipts
from caunoi.receipts import queries as boards
from caunoi.receipts import rules, seen
from caunoi.receipts.models import SeenCount, ShortLink
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import queries as units
from caunoi.units.models import Unit
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit
from simulator.testing import RunningSimulator

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("publishing")]
WORDS = Fields(
    kind=NoticeKind.NOTICE,
    title="Ngày hội Đại đoàn kết 18/11",
    short_text="Mời bà con đến nhà văn hoá xóm lúc 7 giờ ngày 18/11.",
    long_text="Tỉnh tổ chức Ngày hội Đại đoàn kết.\n\nMời bà con đến nhà văn hoá xóm lúc 7 giờ ngày 18/11.",
)
FAULTS = ("500", "429", "reset", "drop", "malformed")
"""Each strikes six calls in a hundred: three of them before anything is done, two after."""
PAUSES = (0, 6, 20, 70, 70, 120, 360, 700, 2_000, 4_000, 8_000, 20_000, 30_000, 40_000)


@dataclass
class Cascade:
    """The province with all its channels, in our house and outside."""

    outside: RunningSimulator
    province: Unit
    kinds: Counter = field(default_factory=Counter)
    levels: Counter = field(default_factory=Counter)
    """How many units have others below them."""
    later: float = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.outside.health()["now_ms"] / 1000, UTC)

    def wait(self, seconds: float) -> None:
        """Let time pass, here and there."""
        self.later += seconds
        self.outside.clock(self.later)

    def send(self) -> None:
        """Let the worker do whatever is due now."""
        at = self.now()
        publishing.publish_due(at=at)
        while delivery.deliver_once(worker="w", now=lambda: at, limit=50, held=publishing.HELD):
            pass
        publishing.finish(at=at)

    def arrived(self) -> Counter:
        """How often each page and account holds the notice, as the providers say."""
        held = Counter(p["page"] for p in self.outside.posts() if not p["removed"])
        held += Counter(a["oa"] for a in self.outside.articles() if not a["removed"])
        held += Counter(m["group_id"] for m in self.outside.group_messages())
        return held + Counter(who for one in self.outside.letters() for who in one["to"])


class Builder:
    """Makes the tree and its channels: a Page and a Zalo account for every unit above the village, a list by e-mail for every third of them and
    a Zalo group for every fourth; a Page or a group without an API for every village."""

    def __init__(self, cascade: Cascade, apps: dict[str, ProviderApp], at: datetime) -> None:
        self.cascade, self.apps, self.at = cascade, apps, at
        self.pages: list[dict] = []
        self.oas: list[dict] = []
        self.groups: list[dict] = []
        self.count = 0

    def unit(self, name: str, level: Level, parent: Unit | None) -> Unit:
        made = make_unit(name=name, level=level, parent=parent)
        self.channels(made, level)
        return made

    def channels(self, unit: Unit, level: Level) -> None:
        self.count += 1
        self.cascade.levels[level] += level != Level.VILLAGE
        number = f"{self.count:06d}"
        if level != Level.VILLAGE:
            self.page(unit, number)
            self.oa(unit, number)
            if not self.count % 3:
                self.register(unit, "email", f"ds-{number}@example.vn", {})
            if not self.count % 4:
                self.group(unit, number)
        elif int(number) % 2:
            self.page(unit, number)
        else:
            self.register(unit, "hand_posted", f"nhom-{number}", {})

    def page(self, unit: Unit, number: str) -> None:
        page = {"id": f"100{number}456", "name": f"Trang {number}", "token": f"page-{number}"}
        self.pages.append(page)
        self.register(unit, "facebook_page", page["id"], {"access_token": page["token"]})

    def oa(self, unit: Unit, number: str) -> None:
        tokens = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
        oa = {"id": f"431{number}456", "name": f"OA {number}"} | tokens
        self.oas.append(oa)
        self.register(unit, "zalo_oa", oa["id"], tokens)

    def group(self, unit: Unit, number: str) -> None:
        oa, group = self.oas[-1], f"g{number}"
        self.groups.append({"id": group, "oa": oa["id"], "name": f"Nhóm {number}"})
        self.register(unit, "zalo_group", f"{oa['id']}/{group}", {})

    def register(self, unit: Unit, kind: str, external_id: str, secrets: dict) -> None:
        self.cascade.kinds[kind] += 1
        channels.register_channel(
            unit_id=unit.pk,
            connector_key=kind,
            external_id=external_id,
            name=f"Kênh {external_id}",
            app=self.apps.get(kind),
            secrets=secrets,
            token_expires_at=self.at + timedelta(hours=25) if kind == "zalo_oa" else None,
            by=None,
            at=self.at,
        )


@pytest.fixture
def outside(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    with RunningSimulator(seed=7) as running:
        bases = dict.fromkeys(("api_base", "oauth_base", "graph_base"), running.url)
        kinds = ("zalo_oa", "zalo_group", "facebook_page")
        settings.CONNECTOR_SETTINGS = dict.fromkeys(kinds, bases)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.health()["smtp_port"]
        yield running


@pytest.fixture
def build(outside):
    """Build a province with so many communes, and so many villages in all, shared out among them."""

    def make(*, communes: int, villages: int, districts: int = 0) -> Cascade:
        at = datetime.fromtimestamp(outside.health()["now_ms"] / 1000, UTC)
        facebook = {"id": "456000000000001", "secret": "s", "verify_token": "v"}
        zalo = {"id": "456000000000002", "secret": "s", "oa_secret": "o"}
        secrets = {"app_secret": "s", "verify_token": "v", "oa_secret": "o"}
        apps = {
            key: channels.register_app(
                connector_key=key, app_id=app["id"], secrets=secrets, by=None, at=at
            )
            for key, app in (("facebook_page", facebook), ("zalo_oa", zalo))
        }
        province = make_unit(name="Tỉnh Nghệ An", level=Level.PROVINCE, code="40")
        cascade = Cascade(outside, province)
        builder = Builder(cascade, apps, at)
        builder.channels(province, Level.PROVINCE)
        above = [
            builder.unit(f"Huyện {n}", Level.DISTRICT, province) for n in range(districts)
        ] or [province]
        for n in range(communes):
            commune = builder.unit(f"Xã {n}", Level.COMMUNE, above[n % len(above)])
            for v in range(n, villages, communes):
                builder.unit(f"Xóm {v}", Level.VILLAGE, commune)
        outside.setup(
            facebook_app=facebook,
            zalo_app=zalo,
            pages=builder.pages,
            oas=builder.oas,
            zalo_groups=builder.groups,
        )
        return cascade

    return make


def ready(cascade, *, fields=WORDS):
    """Write a notice of the province to all below it, and let two approve it."""
    people = [
        make_staff(name=name, unit_id=cascade.province.pk, role=role)
        for name, role in (
            ("Vũ Thị Mai", Role.EDITOR),
            ("Hoàng Thị Thảo", Role.APPROVER),
            ("Lê Văn Việt", Role.APPROVER),
        )
    ]
    at = cascade.now()
    lines = [Line(cascade.province.pk, Reach.SUBTREE)]
    notice = approved(
        by=people[0], approver=people[1], unit=cascade.province, at=at, lines=lines, fields=fields
    )
    return notices.approve_notice(notice=notice, seen_version=1, by=people[2], at=at)


def fail_a_third(outside):
    for kind in FAULTS:
        for path in ("POST /v26.0/*", "POST /v2.0/article/create", "POST /v3.0/oa/group/message"):
            outside.fault(path, kind, probability=0.066)
    # a mail server cannot be asked afterwards: what it may do to us is to refuse for now
    outside.fault("SMTP /smtp/data", "503", probability=0.3)


def cascade_with_faults(cascade):
    notice = ready(cascade)
    fail_a_third(cascade.outside)
    for pause in PAUSES:
        cascade.wait(pause)
        cascade.send()
        if Notice.objects.get(pk=notice.pk).state == "done":
            break
    return notice


def shown_by_the_record(cascade, notice):
    """Every send has ended or waits at a person who posts by hand, and nobody holds the notice twice."""
    states = queries.states_of(reference=f"notice:{notice.pk}")
    struck = sum(call["fault"] is not None for call in cascade.outside.record())
    providers = sum(cascade.kinds.values()) - cascade.kinds["hand_posted"]
    arrived = cascade.arrived()

    assert states == {"confirmed": 1, "sent": providers, "handed": cascade.kinds["hand_posted"]}
    assert set(arrived.values()) == {1}
    assert len(arrived) == providers
    assert struck > providers / 4
    assert Notice.objects.get(pk=notice.pk).state == "done"


def receipts_add_up(cascade, notice):
    """Two of three village cadres say that they posted it; two days later every level's board is the sum of those below, and those who said
    nothing are the silent ones."""
    told_by = make_staff(name="Phan Thị Yến", unit_id=cascade.province.pk, role=Role.EDITOR)
    notice = Notice.objects.get(pk=notice.pk)
    handed = OutboundMessage.objects.filter(reference=f"notice:{notice.pk}", state="handed")
    rows = list(handed.select_related("channel").order_by("seq"))
    for row in rows:
        if row not in rows[::3]:
            receipts.declare_posted(send=row, by=told_by, at=cascade.now())
    quiet, late = {row.channel.unit_id for row in rows[::3]}, cascade.now() + timedelta(hours=49)
    root = units.as_of(unit_id=cascade.province.pk, on=clock.local_date(cascade.now()))
    levels = Counter()

    def board_below(unit):
        found = boards.board_of(told_by, notice=notice, root=unit, at=late)
        levels[unit.level] += 1
        assert found.total == rules.add_up(r.tally for r in found.rows)
        for row in found.rows:
            if not row.own and row.unit.level != Level.VILLAGE:
                assert board_below(row.unit) == row.tally
        return found.total

    total = board_below(root)
    silent, how_many = boards.silent_units(told_by, notice=notice, root=root, at=late, limit=9_000)

    assert levels == cascade.levels
    assert total.units == Unit.objects.count()
    assert sum(total.sends.values()) == sum(cascade.kinds.values()) + 1
    assert (total.reached, total.silent) == (total.units - len(quiet), len(quiet))
    assert {s.unit_id for s in silent} == quiet
    assert how_many == len(quiet) == len(silent)


def test_a_notice_of_the_province_reaches_every_channel_exactly_once_though_a_third_of_calls_fail(
    build,
):
    cascade = build(communes=14, villages=168)

    notice = cascade_with_faults(cascade)

    assert sum(cascade.kinds.values()) > 150
    shown_by_the_record(cascade, notice)
    receipts_add_up(cascade, notice)


@pytest.mark.slow
def test_the_whole_province_of_four_thousand_units_gets_it_exactly_once(build):
    cascade = build(districts=21, communes=460, villages=3_804)
    notice = cascade_with_faults(cascade)

    assert cascade.levels == Counter(province=1, district=21, commune=460)
    assert sum(cascade.kinds.values()) > 4_286
    shown_by_the_record(cascade, notice)
    receipts_add_up(cascade, notice)


def test_what_was_published_is_one_place_to_ask_and_a_comment_under_it_becomes_a_case(build):
    cascade = build(communes=0, villages=0)
    notice = ready(cascade)
    cascade.send()
    (post,) = cascade.outside.posts()
    cascade.outside.facebook_comment(
        post=post["id"], person="246845883529197922", text="Xóm tôi họp mấy giờ ạ?"
    )
    page = Channel.objects.get(connector_key="facebook_page")

    for minutes in (5, 10):
        catch_up.catch_up(channel=page, at=cascade.now() + timedelta(minutes=minutes))
        page.refresh_from_db()

    row = OutboundMessage.objects.get(channel=page, kind="publication")
    assert Post.objects.get().external_id == post["id"] == row.external_id
    assert row.state == "confirmed"
    assert row.permalink == f"https://www.facebook.com/{post['id']}"
    assert [c.text for c in Case.objects.all()] == ["Xóm tôi họp mấy giờ ạ?"]
    of_kind = ShortLink.objects.get(notice=notice, connector_key="facebook_page")
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; SM-A107F) Mobile Safari/537.36"}
    opened = Client(headers=phone).get(urlsplit(post["link"]).path)
    of_kind.refresh_from_db()
    assert post["link"].endswith(f"/l/{of_kind.code}")
    assert opened["Location"].endswith(f"/thong-bao/{notice.number}/")
    assert not opened.cookies
    assert (of_kind.opened_total, of_kind.channel_id) == (1, None)


def test_how_many_saw_it_is_asked_once_a_day_and_kept_as_totals_of_a_kind_only(build):
    cascade = build(communes=1, villages=0)
    notice = ready(cascade)
    cascade.send()
    for number, post in enumerate(cascade.outside.posts()):
        cascade.outside.readers(post["id"], seen=100 + number, people=80, acted=7)
    for article in cascade.outside.articles():
        cascade.outside.readers(article["id"], seen=50, acted=3)
    told_by = make_staff(name="Phan Thị Yến", unit_id=cascade.province.pk, role=Role.EDITOR)

    def ask(*, hours):
        cascade.wait(hours * 3600)
        return seen.count_seen(at=cascade.now())

    def known():
        return boards.seen_by_kind(told_by, notice=notice)

    answered = [ask(hours=0), ask(hours=2), ask(hours=3)]
    first = known()
    cascade.outside.limits(facebook_metrics_retired=["post_total_media_view_unique"])
    answered.append(ask(hours=24))
    page = client_for(told_by).get(f"/quan-tri/thong-bao/{notice.number}/ket-qua/kenh/")

    # A Page and an account of the province and of the commune
    assert answered == [0, 4, 0, 4]
    assert first == {
        "facebook_page": Totals(seen=201, people=160, acted=14),
        "zalo_oa": Totals(seen=100, acted=6),
    }
    assert known()["facebook_page"] == Totals(seen=201, acted=14)
    assert ">201<" in page.content.decode()
    kept = {f.name for f in SeenCount._meta.get_fields()}
    totals = {"seen_total", "people_total", "acted_total"}
    assert kept == {"send", "notice", "connector_key", "counted_at", "asked_at"} | totals


def test_a_page_nobody_can_see_waits_until_it_is_shown_again(build):
    cascade = build(communes=1, villages=0)
    pages = list(Channel.objects.filter(connector_key="facebook_page").order_by("external_id"))
    cascade.outside.setup(pages=[{"id": pages[0].external_id, "published": False}])
    notice = ready(cascade)
    cascade.send()
    hidden = Channel.objects.get(pk=pages[0].pk)
    row = OutboundMessage.objects.get(channel=hidden)
    meanwhile = (hidden.state, row.state, Notice.objects.get(pk=notice.pk).state)

    cascade.outside.setup(pages=[{"id": hidden.external_id, "published": True}])
    upkeep.check_channel(channel=hidden, at=cascade.now())
    cascade.send()

    assert meanwhile == ("reconnect_needed", "queued", "done")
    assert row.trouble.startswith("The Page is unpublished")
    assert cascade.arrived()[hidden.external_id] == 1


def is_what_the_preview_showed(cascade, notice):
    """Word for word, the link among it; only its code is not known before."""
    draft = read.draft_of(notice=notice)
    cards = {c.name: c for c in looking.cards(draft, address=publishing.address_of(notice))}
    codes = dict(ShortLink.objects.values_list("connector_key", "code"))
    articles = {"\n\n".join(a["paragraphs"]) for a in cascade.outside.articles()}
    posted = {f"{p['message']}\n\n{p['link']}" for p in cascade.outside.posts()}

    assert {a.replace(codes["zalo_oa"], posts.CODE) for a in articles} == {cards["Zalo OA"].text}
    assert {p.replace(codes["facebook_page"], posts.CODE) for p in posted} == {
        cards["Facebook"].text
    }
    assert all("Dời lên nhà văn hoá" in words for words in articles | posted)


def test_a_warning_goes_to_every_followers_phone_and_a_month_that_is_used_up_is_said(build):
    cascade = build(communes=1, villages=0)
    cascade.outside.limits(zalo_broadcasts_a_month=0)
    accounts = Channel.objects.filter(connector_key="zalo_oa")
    warning = Fields(
        kind=NoticeKind.WARNING,
        title="Cảnh báo lũ quét",
        short_text="Mưa to từ chiều nay.",
        details={
            "sender": "Đài Khí tượng Thuỷ văn tỉnh",
            "area": "Các xóm ven suối",
            "instruction": "Dời lên nhà văn hoá trước 19 giờ.",
        },
    )
    notice = ready(cascade, fields=warning)
    cascade.send()
    cascade.send()
    is_what_the_preview_showed(cascade, notice)
    waiting = OutboundMessage.objects.filter(kind="broadcast", state="queued")
    reasons = set(waiting.values_list("trouble", flat=True))
    cascade.outside.limits(zalo_broadcasts_a_month=4)
    cascade.wait(2 * 3600)
    cascade.send()

    assert Notice.objects.get(pk=notice.pk).state == "done"
    assert len(reasons) == 1
    assert reasons.pop().endswith("[-211]")
    assert [a["broadcasts"] for a in cascade.outside.articles()] == [1] * accounts.count()


def test_a_group_without_an_api_is_told_by_whoever_posts_there(build):
    cascade = build(communes=1, villages=4)
    ready(cascade)
    cascade.send()
    waiting = OutboundMessage.objects.filter(state="handed").select_related("channel")
    duc = make_staff(name="Phan Văn Đức", unit_id=waiting[0].channel.unit_id, role=Role.CONTRIBUTOR)
    count = waiting.count()

    outbox.declare_posted(message=waiting[0], by=duc, at=cascade.now(), permalink="")

    assert count == cascade.kinds["hand_posted"] > 1
    assert (
        OutboundMessage.objects.filter(state="confirmed", declared_by=duc.account_id).count() == 1
    )
