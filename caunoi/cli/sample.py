"""The sample province: real units, invented people, simulated channels. Demo mode only; loaded once, never over real data."""

import argparse
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from caunoi.cli import (
    home,
    sample_again,
    sample_campaigns,
    sample_goods,
    sample_houses,
    sample_kinds,
    sample_notices,
    sample_passport,
    sample_reform,
    sample_register,
    sample_statements,
    sample_treasury,
    sample_voices,
    sample_works,
    sample_written,
)
from caunoi.cli.output import OK, CommandError, answer, say

FACEBOOK_APP = {
    "id": "456000000000001",
    "secret": "sample-facebook-secret",
    "verify_token": "sample-verify",
}
ZALO_APP = {
    "id": "456000000000002",
    "secret": "sample-zalo-secret",
    "oa_secret": "sample-oa-secret",
}
TOTP_SECRET = "JBSWY3DPEHPK3PXPCAUNOI4563TAPQRS"  # noqa: S105
BICH_HAO, CAO_SON, NGHE_AN = "xa-bich-hao", "xa-cao-son", "tinh-nghe-an"
PAGES = [
    {
        "id": "100178180000456",
        "name": "Mặt trận xã Bích Hào",
        "unit": BICH_HAO,
        "token": "page-token-bich-hao",
    },
    {
        "id": "100400000000456",
        "name": "Mặt trận tỉnh Nghệ An",
        "unit": NGHE_AN,
        "token": "page-token-nghe-an",
    },
    {
        "id": "100027820000456",
        "name": "Mặt trận xã Cao Sơn",
        "unit": CAO_SON,
        "token": "page-token-cao-son",
    },
]
OAS = [
    {"id": "431865706877456001", "name": "MTTQ xã Bích Hào", "unit": BICH_HAO},
    {"id": "431865706877456002", "name": "MTTQ tỉnh Nghệ An", "unit": NGHE_AN},
]
PEOPLE = [
    {"id": "246000000000000001", "name": "Lê Thị Dung"},
    {"id": "246000000000000002", "name": "Giàng A Sình"},
    {"id": "246000000000000003", "name": "Lù Thị Mỷ"},
    {"id": "246000000000000004", "name": "Vi Văn Khăm"},
]
POST = "Họp bình xét hộ làm nhà đợt 3 vào tối thứ Bảy tại nhà văn hoá. Bà con có điều gì chưa rõ, cứ hỏi dưới bài này."
STAFF = [
    ("an", "Nguyễn Thị An", BICH_HAO, "case_officer", ""),
    ("binh", "Trần Văn Bình", BICH_HAO, "approver", TOTP_SECRET),
    ("chi", "Hoàng Thị Chi", NGHE_AN, "administrator", TOTP_SECRET),
    ("duc", "Phan Văn Đức", "village", "contributor", ""),
    ("giang", "Võ Thị Giang", NGHE_AN, "auditor", ""),
    ("quy", "Đặng Thị Quý", NGHE_AN, "treasurer", TOTP_SECRET),
    ("phuc", "Lê Văn Phúc", NGHE_AN, "approver", TOTP_SECRET),
    ("hanh", "Hồ Thị Hạnh", NGHE_AN, "editor", ""),
    ("pao", "Tráng A Páo", CAO_SON, "case_officer", ""),
    ("mua", "Giàng Thị Mua", CAO_SON, "editor", ""),
    ("sua", "Thào Seo Sùa", CAO_SON, "approver", TOTP_SECRET),
]
QUESTIONS = [
    ("Bao giờ xã sửa đường vào xóm 4? Mưa là lầy, học sinh đi học nguy hiểm lắm.", 0),
    ("Nhà tôi làm xong móng rồi mà chưa thấy tiền hỗ trợ. Số của tôi là 0912 345 678.", 1),
    ("Sáp nhập xã rồi có phải đổi căn cước, sổ đỏ không?", 9),
    ("Giấy tờ ghi xã cũ còn dùng được không hay phải làm lại hết?", 3),
    ("Mẹ tôi 75 tuổi, hộ nghèo, có được trợ cấp hằng tháng không, làm hồ sơ ở đâu?", 12),
    ("Quỹ Vì người nghèo của xã năm nay thu được bao nhiêu, chi cho những ai?", 20),
    ("Bản em chưa có sóng điện thoại, bao giờ thì có trạm phát sóng?", 6),
    ("Trại lợn đầu xóm xả thải ra suối, hôi thối không chịu được.", 2),
]
ANSWERED = {
    2: "Không bắt buộc đổi ngay. Căn cước, sổ đỏ đã cấp vẫn dùng được đến khi hết hạn; bà con chỉ đổi khi có nhu cầu, xã làm không thu phí.",
    5: "Năm nay Quỹ thu 20.150.000 đồng, đã chi 18.000.000 đồng hỗ trợ 6 hộ sửa nhà. Danh sách niêm yết tại trụ sở xã và nhà văn hoá các xóm.",
}
Say = Callable[[str], None]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", choices=["small", "province", "national"], default="province")


def run(options: argparse.Namespace) -> int:
    """Load the sample data into this copy's database. Raises CommandError outside demo mode or over real data."""
    with home.database_answers():
        home.setup_django()
        from django.conf import settings

        if not settings.DEMO:
            raise CommandError("Sample data is for demo mode only (CAUNOI_MODE=demo).")
        from caunoi.cli import prepare

        prepare.migrate(say if not options.json else lambda _text: None)
        loaded = load_once(say if not options.json else lambda _text: None, scale=options.scale)
    answer({"loaded": loaded}, as_json=options.json)
    return OK


def load_once(tell: Say, *, scale: str = "province") -> bool:
    """Load everything unless it is there. Raises CommandError when accounts that are no samples exist."""
    from django.db import transaction

    from caunoi.figures import actions as figures
    from caunoi.kit import clock
    from caunoi.staff.demo import DOMAIN
    from caunoi.staff.models import Account
    from caunoi.units import load

    if Account.objects.filter(email__endswith=DOMAIN).exists():
        return False
    if Account.objects.exists():
        raise CommandError(
            "This database holds real accounts; sample data is not loaded over them."
        )
    tell("Nạp cây đơn vị và dữ liệu mẫu… / Loading units and sample data…")
    load.load_demo(scale=scale)
    with transaction.atomic():
        village = _unit("village")
        people = _staff(clock.now())
        _channels(clock.now())
        places = {"bich_hao": _unit(BICH_HAO), "nghe_an": _unit(NGHE_AN)}
        bodies = sample_passport.load_rules(places, clock.now())
        _cases(people, clock.now())
        _key(people["an"], clock.now())
        sample_passport.send_petition(people, places, bodies, clock.now())
        sample_notices.load_notices(people, places, clock.now())
        sample_written.load_written(places, people, clock.now())
        sample_voices.load_voices(people, clock.now())
        sample_kinds.load_kinds(people, places, OAS[0], clock.now())
        sample_again.load_again(people, places, clock.now())
        sample_reform.load_reform(people, places, clock.now())
        sample_register.load_register(people, places, clock.now())
        sample_campaigns.load_campaigns(people, places, clock.now())
        homes = places | {"cao_son": _unit(CAO_SON), "village": village}
        sample_houses.load_houses(people, homes, clock.now())
        sample_treasury.load_treasury(people, places, clock.now())
        sample_goods.load_goods(people, homes, clock.now())
        sample_works.load_works(people, homes, clock.now())
        sample_statements.load_statements(people, places["nghe_an"].id, clock.now())
    figures.count(at=clock.now())
    return True


def _unit(word: str) -> Any:
    from caunoi.kit import clock
    from caunoi.units import queries as units

    on = clock.local_date(clock.now())
    if word == "village":
        return units.children(unit_id=_unit(BICH_HAO).id, on=on)[0]
    found = units.by_slug(slug=word, on=on)
    if found is None:
        raise CommandError(f"The unit tree has no {word}.")
    return found


def _staff(at: datetime) -> dict[str, Any]:
    from caunoi.kit import clock
    from caunoi.staff import demo
    from caunoi.staff import queries as staff
    from caunoi.staff.terms import Role

    made = {}
    for word, name, unit, role, secret in STAFF:
        account = demo.make_demo_account(
            word=word,
            full_name=name,
            unit_id=_unit(unit).id,
            role=Role(role),
            totp_secret=secret,
            at=at,
        )
        made[word] = staff.viewer_for(
            account=account, on=clock.local_date(at), has_second_factor=bool(secret)
        )
    return made


def _channels(at: datetime) -> None:
    from django.conf import settings

    from caunoi.channels import actions
    from caunoi.custody import actions_register as custody

    facebook = {"app_secret": FACEBOOK_APP["secret"], "verify_token": FACEBOOK_APP["verify_token"]}
    zalo = {"app_secret": ZALO_APP["secret"], "oa_secret": ZALO_APP["oa_secret"]}
    apps = {
        "facebook_page": actions.register_app(
            connector_key="facebook_page",
            app_id=FACEBOOK_APP["id"],
            secrets=facebook,
            by=None,
            at=at,
        ),
        "zalo_oa": actions.register_app(
            connector_key="zalo_oa", app_id=ZALO_APP["id"], secrets=zalo, by=None, at=at
        ),
    }
    for page in PAGES:
        actions.register_channel(
            unit_id=_unit(page["unit"]).id,
            connector_key="facebook_page",
            external_id=page["id"],
            name=page["name"],
            url=f"{settings.SIMULATOR_URL}/facebook/{page['id']}",
            app=apps["facebook_page"],
            secrets={"access_token": page["token"]},
            by=None,
            at=at,
        )
    for oa in OAS:
        actions.register_channel(
            unit_id=_unit(oa["unit"]).id,
            connector_key="zalo_oa",
            external_id=oa["id"],
            name=oa["name"],
            url=f"{settings.SIMULATOR_URL}/zalo/{oa['id']}/chat",
            app=apps["zalo_oa"],
            secrets={
                "access_token": f"first-access-{oa['id']}",
                "refresh_token": f"first-refresh-{oa['id']}",
            },
            token_expires_at=at + timedelta(hours=25),
            by=None,
            at=at,
        )
    custody.adopt_channels(at=at)


def _cases(people: dict[str, Any], at: datetime) -> None:
    """A few questions of the last weeks, in every state, so that no page is empty."""
    from caunoi.cases import actions as cases
    from caunoi.journeys import ask_and_answer

    unit = _unit(BICH_HAO)
    for number, (text, days) in enumerate(QUESTIONS):
        opened = at - timedelta(days=days, hours=3)
        case = ask_and_answer.ask_on_web(
            unit_id=unit.id,
            text=text,
            form_key=f"sample-{number}",
            name=PEOPLE[number % 4]["name"],
            contact="0912 345 678",
            at=opened,
        )
        if number in ANSWERED:
            cases.save_draft(
                case=case, text=ANSWERED[number], by=people["an"], at=opened + timedelta(hours=5)
            )
            cases.submit_draft(case=case, by=people["an"], at=opened + timedelta(hours=6))
            ask_and_answer.answer_and_publish(
                case=case, approver=people["binh"], at=opened + timedelta(days=1)
            )
        elif number == 3:
            cases.save_draft(
                case=case,
                text="Giấy tờ cũ vẫn dùng được, bà con không phải làm lại.",
                by=people["an"],
                at=at,
            )
            cases.submit_draft(case=case, by=people["an"], at=at)
        elif number == 6:
            cases.refer_case(
                case=case,
                to_unit_id=_unit(NGHE_AN).id,
                reason="Việc đặt trạm phát sóng thuộc cấp tỉnh.",
                by=people["an"],
                at=at,
            )


def _key(an: Any, at: datetime) -> None:
    """One key to try the interface with."""
    from caunoi.api import demo
    from caunoi.staff.models import Account

    account = Account.objects.get(pk=an.account_id)
    demo.make_demo_key(account=account, unit_id=_unit(BICH_HAO).id, at=at)


def introduce_to_simulator(tell: Say) -> None:
    """Tell the simulator its pages, accounts and people, and make one post to comment on; it keeps what it knows."""
    from django.conf import settings

    from caunoi.kit import http

    hooks = f"http://127.0.0.1:{settings.PORT}/hooks"
    wishes = {
        "facebook_app": FACEBOOK_APP
        | {"webhook_url": f"{hooks}/facebook_page/{FACEBOOK_APP['id']}/"},
        "zalo_app": ZALO_APP | {"webhook_url": f"{hooks}/zalo_oa/{ZALO_APP['id']}/"},
        "pages": [{k: p[k] for k in ("id", "name", "token")} for p in PAGES],
        "oas": [
            {
                "id": o["id"],
                "name": o["name"],
                "access_token": f"first-access-{o['id']}",
                "refresh_token": f"first-refresh-{o['id']}",
            }
            for o in OAS
        ],
        "people": PEOPLE,
    } | sample_kinds.wishes(OAS[0])
    with http.client(settings.SIMULATOR_URL, timeout_seconds=30) as client:
        _wait_for(client)
        made = client.post("/_control/setup", json=wishes)
        if made.status_code != 200:
            raise CommandError(f"The simulator refused the sample setup: {made.text[:300]}")
        for page in PAGES:
            if not client.get("/_control/posts", params={"page": page["id"]}).json()["posts"]:
                client.post("/_control/facebook/post", json={"page": page["id"], "text": POST})


def _wait_for(client: Any, seconds: float = 30) -> None:
    import time

    deadline = time.monotonic() + seconds
    while True:
        try:
            client.get("/_control/health")
        except OSError:
            pass
        except Exception as error:
            if time.monotonic() > deadline:
                raise CommandError(f"The simulator does not answer: {error}") from error
        else:
            return
        time.sleep(0.2)


def first_steps() -> list[str]:
    """Return what the first page says in demo mode."""
    from django.conf import settings

    from caunoi.staff.demo import DOMAIN, PASSWORD

    return [
        "  1. Làm người dân / be the resident:  "
        + f"{settings.SIMULATOR_URL}/facebook/{PAGES[0]['id']}",
        "     (bình luận dưới bài, hoặc nhắn Zalo / comment under the post, or write on Zalo: "
        + f"{settings.SIMULATOR_URL}/ )",
        "  2. Làm cán bộ / be the officer:      " + f"{settings.PUBLIC_URL}/hom-nay/",
        f"     an{DOMAIN} (cán bộ, officer) · binh{DOMAIN} (duyệt, approver) · chi{DOMAIN} (quản trị tỉnh, administrator)",
        f"     mật khẩu / password: {PASSWORD}   (mã 6 số hiện ở trang đăng nhập / six-digit codes are on the sign-in page)",
        "  3. Soạn, gửi duyệt, đăng nhập bằng Bình để duyệt, rồi xem trả lời dưới bình luận.",
        "     Write, send for approval, approve as Bình, then see the answer under the comment.",
        "  4. Một món quà đến tay hộ dân / a gift reaches a household: "
        + f"{settings.PUBLIC_URL}/van-dong/",
        f"     quy{DOMAIN} (thủ quỹ, treasurer) · phuc{DOMAIN} (duyệt, approver)",
        "",
    ]
