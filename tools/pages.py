"""The pages of the product, each in the states that matter: for screenshots and for the tests of what people see."""

import io
import time
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page

from caunoi.cli import sample
from caunoi.staff import demo
from tools import (
    pages_campaigns,
    pages_goods,
    pages_houses,
    pages_notices,
    pages_statements,
    pages_treasury,
    pages_works,
)
from tools.look import Look, press

Rows = Callable[..., list[tuple]]


def looks(rows: Rows) -> list[Look]:
    """Return every page with addresses of the running copy whose database ``rows`` asks."""
    numbers = [_number(rows, text) for text, _days in sample.QUESTIONS]
    opened, answered, submitted = numbers[0], numbers[2], numbers[3]
    one = {
        name: rows(sql)[0][0]
        for name, sql in {
            "channel": "SELECT id FROM channels_channel WHERE connector_key = 'zalo_oa' ORDER BY name LIMIT 1",
            "person": "SELECT id FROM staff_account ORDER BY id LIMIT 1",
            "rule": "SELECT id FROM routing_rule ORDER BY id LIMIT 1",
            "body": "SELECT id FROM routing_body ORDER BY name LIMIT 1",
            "told": "SELECT number FROM notices_notice WHERE title = 'Tiêm phòng trâu bò đợt cuối năm' LIMIT 1",
            # the board with most columns
            "wide": "SELECT n.number FROM notices_notice n JOIN outbox_outboundmessage m ON m.reference = 'notice:' || n.id"
            " JOIN channels_channel c ON c.id = m.channel_id GROUP BY n.number ORDER BY count(DISTINCT c.connector_key) DESC LIMIT 1",
            "internal": "SELECT number FROM notices_notice WHERE audience = 'internal' LIMIT 1",
            "handed": "SELECT m.id FROM outbox_outboundmessage m JOIN channels_channel c ON c.id = m.channel_id"
            " WHERE m.state = 'handed' AND c.connector_key = 'hand_posted' ORDER BY c.name, m.seq LIMIT 1",
            **pages_notices.ASKED,
            **pages_statements.ASKED,
            "asset": "SELECT id FROM custody_asset ORDER BY sort_key LIMIT 1",
            "paper": "SELECT id FROM documents_paper ORDER BY issued_at LIMIT 1",
            "review": "SELECT id FROM notices_notice WHERE state = 'review' LIMIT 1",
            "draft": "SELECT id FROM notices_notice WHERE state = 'draft' LIMIT 1",
            "sent": "SELECT id FROM notices_notice WHERE title LIKE 'Tiêm phòng%' LIMIT 1",
            "spoken": "SELECT notice_id FROM notices_spokenscript LIMIT 1",
            "spoken_number": "SELECT n.number FROM notices_notice n JOIN notices_spokenscript s ON s.notice_id = n.id LIMIT 1",
            "aired": "SELECT m.id FROM outbox_outboundmessage m JOIN channels_channel c ON c.id = m.channel_id"
            " JOIN notices_spokenscript s ON m.reference = 'notice:' || s.notice_id"
            " WHERE m.state = 'handed' AND c.connector_key = 'loudspeaker' ORDER BY c.name LIMIT 1",
            **{
                kind: f"SELECT number FROM notices_notice WHERE state = 'done' AND audience = 'public' AND kind = '{kind}' LIMIT 1"
                for kind in ("notice", "warning", "correction", "calendar")
            },
        }.items()
    }
    return [
        *_public(answered, opened),
        *_library(answered, opened),
        *_desk(opened, submitted, answered),
        *_office(one),
        *_agencies(one),
        *pages_notices.proof(one),
        *pages_notices.notices(one),
        *pages_notices.kinds(one),
        *pages_goods.looks(rows),
        *pages_statements.statements(one),
        *pages_houses.looks(rows),
        *pages_treasury.looks(rows),
        *pages_works.looks(rows),
        *pages_campaigns.looks(rows),
    ]


def _public(answered: str, opened: str) -> list[Look]:
    return [
        Look("home", "/"),
        Look("home-found", "/?q=thanh+xuan"),
        Look("home-nothing", "/?q=khongcoxanao"),
        Look("unit-home", "/don-vi/xa-bich-hao/"),
        Look("unit-gone", "/don-vi/huyen-thanh-chuong/"),
        Look("ask-1", "/hoi/?don-vi=xa-bich-hao"),
        Look("ask-error", "/hoi/?don-vi=xa-bich-hao", then=press),
        Look("ask-2", "/hoi/?don-vi=xa-bich-hao", then=lambda page: ask(page, 1)),
        Look("ask-3", "/hoi/?don-vi=xa-bich-hao", then=lambda page: ask(page, 2)),
        Look("ask-4", "/hoi/?don-vi=xa-bich-hao", then=lambda page: ask(page, 3)),
        Look("ask-photos", "/hoi/?don-vi=xa-bich-hao", then=_photos),
        Look("ask-not-a-photo", "/hoi/?don-vi=xa-bich-hao", then=_no_photo),
        Look("ask-neighbour", "/hoi/?don-vi=xa-bich-hao", then=_neighbour),
        Look("ask-sent", "/hoi/?don-vi=xa-bich-hao", then=_sent),
        Look("ask-offline", "/hoi/ngoai-tuyen/"),
        Look("more-files", f"/hoi/{answered}/them-tep/"),
        Look("near", "/gan-day/?noi=xa-bich-hao"),
        Look("near-choose", "/gan-day/?q=bich+hao"),
        Look("near-nothing", "/gan-day/?q=khongcoxanao"),
        Look("question", f"/hoi/{answered}/"),
        Look("question-open", f"/hoi/{opened}/"),
        Look("follow", "/theo-doi/"),
        Look("follow-error", "/theo-doi/", then=press),
        Look("answers", "/hoi-dap/"),
        Look("answers-nothing", "/hoi-dap/?q=khongcogi"),
        Look("lookup", "/tra-cuu-don-vi/?q=thanh+xuan"),
        Look("official", "/kenh-chinh-thuc/?q=mat+tran"),
        Look("official-not", "/kenh-chinh-thuc/?q=lua+dao"),
        Look("impostor", "/kenh-chinh-thuc/bao-gia-mao/"),
        Look("impostor-error", "/kenh-chinh-thuc/bao-gia-mao/", then=press),
        Look("help", "/giup-do/"),
        Look("machines", "/api/"),
        Look("sign-in", "/tai-khoan/login/"),
        Look("sign-in-error", "/tai-khoan/login/", then=_wrong_password),
        Look("reset", "/tai-khoan/password/reset/"),
        Look("reset-sent", "/tai-khoan/password/reset/done/"),
        Look("reset-used", "/tai-khoan/password/reset/key/1-x/"),
        Look("invitation-spent", "/loi-moi/x/", status=410),
        Look("not-there", "/khong-co-trang-nay/", status=404),
        Look("rights", "/quyen-rieng-tu/"),
        Look("held-door", f"/hoi/{opened}/du-lieu/"),
        Look("held-link-spent", "/du-lieu/mo/x/", status=410),
        Look("specimen", "/bang-mau/"),
    ]


def _library(answered: str, opened: str) -> list[Look]:
    return [
        Look("answers-unit", "/hoi-dap/?don-vi=xa-bich-hao"),
        Look("answers-which", "/hoi-dap/?don-vi=thanh"),
        Look("figures", "/don-vi/tinh-nghe-an/tra-loi/"),
        Look("figures-commune", "/don-vi/xa-bich-hao/tra-loi/?ky=365"),
        Look("figures-nothing", "/don-vi/xa-tri-le/tra-loi/"),
        Look("tell-me", f"/nhan-tin/?cau-hoi={opened}"),
        Look("tell-me-error", f"/nhan-tin/?cau-hoi={opened}", then=press),
        Look("tell-me-unit", "/nhan-tin/?don-vi=xa-bich-hao"),
        Look("tell-me-asked", "/nhan-tin/?don-vi=xa-bich-hao", then=_leave_address),
        Look("tell-me-notices", "/nhan-tin/?don-vi=xa-bich-hao&tin=thong-bao"),
        Look("tell-me-notices-error", "/nhan-tin/?don-vi=xa-bich-hao&tin=thong-bao", then=press),
        Look("tell-me-spent", "/nhan-tin/thoi/x/", status=410),
        Look("answer-history", f"/hoi/{answered}/lich-su/"),
        Look("answer-sheet", f"/hoi/{answered}/to-in/"),
        Look("manage-nothing", "/quan-tri/hoi-dap/?q=khongcogi", "binh"),
        Look("manage-answer", f"/quan-tri/hoi-dap/{answered}/", "binh"),
        Look("followers", "/quan-tri/nhan-tin/", "binh"),
    ]


def _agencies(one: dict[str, object]) -> list[Look]:
    return [
        Look("agency-mine", "/co-quan/", "an"),
        Look("rules", "/quan-tri/dieu-phoi/", "chi"),
        Look("rule-new", "/quan-tri/dieu-phoi/moi/", "chi"),
        Look("rule-error", "/quan-tri/dieu-phoi/moi/", "chi", then=press),
        Look("rule", f"/quan-tri/dieu-phoi/{one['rule']}/", "chi"),
        Look("bodies", "/quan-tri/co-quan/", "chi"),
        Look("body-error", "/quan-tri/co-quan/moi/", "chi", then=press),
        Look("body", f"/quan-tri/co-quan/{one['body']}/", "chi"),
        Look("topics", "/quan-tri/chu-de/", "chi"),
        Look("topic", "/quan-tri/chu-de/nong_nghiep/", "chi"),
        Look("topic-error", "/quan-tri/chu-de/moi/", "chi", then=press),
        Look("papers", "/van-ban/", "chi"),
        Look("paper", f"/van-ban/{one['paper']}/", "chi"),
        Look("letterhead", "/quan-tri/mau-van-ban/xa-bich-hao/", "chi"),
    ]


def _desk(opened: str, submitted: str, answered: str) -> list[Look]:
    return [
        Look("today", "/hom-nay/", "an"),
        Look("today-approver", "/hom-nay/", "binh"),
        Look("today-province", "/hom-nay/", "chi"),
        Look("board", "/quan-tri/tien-do/", "chi"),
        Look("board-topic", "/quan-tri/tien-do/?topic=nha_o", "chi"),
        Look("board-commune", "/quan-tri/tien-do/?don-vi=xa-bich-hao&xep=overdue", "binh"),
        Look("habits", "/toi/cach-lam-viec/", "an"),
        Look("keys", "/hom-nay/", "an", then=_keys),
        Look("inbox", "/hop-thu/", "an"),
        Look("inbox-filters", "/hop-thu/", "an", then=_filters),
        Look("inbox-filters-plain", "/hop-thu/?loc=1&dem=1", "an"),
        Look("inbox-nothing", "/hop-thu/?q=khongcogi", "an"),
        Look("case", f"/vu-viec/{opened}/", "an"),
        Look("case-submitted", f"/vu-viec/{submitted}/", "binh"),
        Look("case-answered", f"/vu-viec/{answered}/", "an"),
        Look("walk-in", "/tiep-dan/", "an"),
        Look("walk-in-error", "/tiep-dan/", "an", then=press),
        Look("inbox-agency", "/hop-thu/?view=agency", "an"),
        Look("inbox-starred", "/hop-thu/?view=starred", "an"),
        Look("inbox-back", "/hop-thu/?view=back", "an"),
        Look("merge", f"/vu-viec/{opened}/gop/", "an"),
        Look("split", f"/vu-viec/{opened}/tach/", "an"),
        Look("orphans", "/quan-tri/vu-viec-don-vi-cu/", "an"),
        Look("canned", "/quan-tri/mau-tra-loi/", "binh"),
        Look("search", "/tim/?q=giay", "an"),
        Look("search-nothing", "/tim/?q=khongcogi", "an"),
        Look("more", "/them/", "an"),
        Look("desk-help", "/huong-dan/", "an"),
        Look("account", "/toi/", "an"),
        Look("manage", "/quan-tri/hoi-dap/", "binh"),
        Look("old-answers", "/quan-tri/hoi-dap/nhap/", "binh"),
        Look("old-answers-error", "/quan-tri/hoi-dap/nhap/", "binh", then=press),
        Look("data-requests", "/quan-tri/du-lieu-ca-nhan/", "binh"),
        Look("password", "/tai-khoan/password/change/", "an", then=press),
        Look("sessions", "/tai-khoan/sessions/", "an"),
        Look("second-factor", "/tai-khoan/2fa/", "binh"),
        Look("app-on", "/tai-khoan/2fa/totp/activate/", "an"),
        Look("app-off", "/tai-khoan/2fa/totp/deactivate/", "binh"),
        Look("recovery-codes", "/tai-khoan/2fa/recovery-codes/generate/", "binh"),
        Look("passkeys", "/tai-khoan/2fa/webauthn/", "binh"),
        Look("passkey-new", "/tai-khoan/2fa/webauthn/add/", "binh"),
        Look("once-more", "/tai-khoan/reauthenticate/", "an"),
    ]


def _office(one: dict[str, object]) -> list[Look]:
    return [
        Look("incidents", "/quan-tri/su-co/", "chi"),
        Look("incident-error", "/quan-tri/su-co/moi/", "chi", then=press),
        Look("retention", "/quan-tri/du-lieu-ca-nhan/thoi-han/", "chi"),
        Look("retention-rule", "/quan-tri/du-lieu-ca-nhan/thoi-han/question/", "chi"),
        Look("holds", "/quan-tri/du-lieu-ca-nhan/giu-lai/", "chi"),
        Look("consent-texts", "/quan-tri/du-lieu-ca-nhan/loi-bao/", "chi"),
        Look("units", "/quan-tri/don-vi/?cap=commune", "chi"),
        Look("unit", "/quan-tri/don-vi/xa-bich-hao/", "chi"),
        Look("units-found", "/quan-tri/don-vi/?q=thanh+xuan", "chi"),
        Look("units-below", "/quan-tri/don-vi/?trong=xa-bich-hao&cap=village", "chi"),
        Look("unit-ended", "/quan-tri/don-vi/huyen-thanh-chuong/", "chi"),
        Look("unit-then", "/quan-tri/don-vi/huyen-thanh-chuong/?ngay=2025-01-01", "chi"),
        *(
            Look(f"event-{kind}", f"/quan-tri/don-vi/xa-bich-hao/{kind}/", "chi")
            for kind in ("doi-ten", "nhap", "tach", "chuyen", "giai-the", "lap-moi")
        ),
        Look("event-error", "/quan-tri/don-vi/xa-bich-hao/nhap/", "chi", then=press),
        Look("event-check", "/quan-tri/don-vi/xa-bich-hao/nhap/", "chi", then=_merge),
        *pages_notices.reform(one),
        Look("people", "/quan-tri/nguoi/", "chi"),
        Look("people-nobody", "/quan-tri/nguoi/?q=khongcoai&unit=thanh+xuan", "chi"),
        Look("people-list", "/quan-tri/nguoi/danh-sach/", "chi"),
        Look("person", f"/quan-tri/nguoi/{one['person']}/", "chi"),
        Look("invite-error", "/quan-tri/nguoi/moi/", "chi", then=press),
        Look("channels", "/quan-tri/kenh/", "chi"),
        Look("channel", f"/quan-tri/kenh/{one['channel']}/", "chi"),
        Look("assets", "/quan-tri/tai-san-kenh/", "chi"),
        Look("assets-waiting", "/quan-tri/tai-san-kenh/?unconfirmed=1", "chi"),
        Look("asset", f"/quan-tri/tai-san-kenh/{one['asset']}/", "chi"),
        Look("asset-ask", "/quan-tri/tai-san-kenh/moi/", "chi"),
        Look("asset-error", "/quan-tri/tai-san-kenh/moi/", "chi", then=press),
        Look("asset-pattern", "/quan-tri/tai-san-kenh/dat-ten/", "chi"),
        Look("impostors", "/quan-tri/tai-san-kenh/bao-gia-mao/", "chi"),
        Look("outbox", "/quan-tri/gui-di/", "chi"),
        Look("keys", "/quan-tri/khoa-api/", "chi"),
        Look("key-error", "/quan-tri/khoa-api/moi/", "chi", then=press),
        Look("webhooks", "/quan-tri/webhook/", "chi"),
        Look("webhook-error", "/quan-tri/webhook/moi/", "chi", then=press),
        Look("health", "/quan-tri/suc-khoe/", "chi"),
        Look("audit", "/quan-tri/nhat-ky/", "chi"),
    ]


_doors: dict[tuple[str, str], list[Any]] = {}


def sign_in(page: Page, who: str) -> None:
    """Sign in a sample account, with its code when it is asked for; the second time on one copy the first sign-in still holds."""
    page.goto("/tai-khoan/login/")
    door = (page.url, who)
    if door in _doors:
        page.context.add_cookies(_doors[door])
        page.goto("/hom-nay/")
        return
    page.locator("#id_login").fill(who + demo.DOMAIN)
    page.locator("#id_password").fill(demo.PASSWORD)
    press(page)
    page.wait_for_url(lambda address: "/login/" not in address)
    if page.locator("#id_code").count():
        page.locator("#id_code").fill(fresh_code(who))
        press(page)
    page.wait_for_url("**/hom-nay/")
    _doors[door] = page.context.cookies()


def code_now() -> str:
    """Return the six digits that the sample accounts' authenticator shows at this moment."""
    from allauth.mfa.totp.internal import auth as totp

    return totp.format_hotp_value(totp.hotp_value(sample.TOTP_SECRET, int(time.time()) // 30))


_given: set[tuple[str, int]] = set()


def fresh_code(who: str) -> str:
    """Return a code that this person has not used here yet: a code opens one door only, so wait for the next one (30 s at most)."""
    while (who, int(time.time()) // 30) in _given:
        time.sleep(0.5)
    _given.add((who, int(time.time()) // 30))
    return code_now()


def ask(page: Page, steps: int) -> None:
    """Go so many steps through the public form."""
    page.locator("#id_text").fill("Đường điện xóm 2 chập chờn mấy tuần nay, bao giờ sửa?")
    for _ in range(steps):
        if page.locator("#id_name").is_visible():
            page.locator("#id_name").fill("Lê Thị Dung")
        press(page)


def _keys(page: Page) -> None:
    """Open the help of the keys."""
    page.keyboard.press("?")


def _filters(page: Page) -> None:
    """Open the filters, which are fetched then."""
    page.locator("summary", has_text="Lọc").click()
    page.locator("#inbox-filter select").first.wait_for()


def _picture() -> FilePayload:
    """A small photo, drawn here."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(out, "JPEG")
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def _fresh(page: Page) -> None:
    """Let this browser forget what was begun on the look before."""
    page.evaluate("askOutbox.forget()")
    page.reload()


def _photos(page: Page) -> None:
    """Add a photo and go back to the first step, where the house shows what it keeps."""
    _fresh(page)
    page.locator("#id_photos").set_input_files([_picture()])
    page.locator("[data-thumbs] img").wait_for()
    ask(page, 1)
    with page.expect_navigation():
        page.locator("[name=back][value=words]").click()


def _no_photo(page: Page) -> None:
    _fresh(page)
    page.locator("#id_photos").set_input_files(
        [{"name": "bai.txt", "mimeType": "text/plain", "buffer": b"khong phai anh"}]
    )
    page.locator("[data-thumbs] img").wait_for()
    ask(page, 1)


def _neighbour(page: Page) -> None:
    """Choose to ask for somebody else, forgetting that she must agree."""
    _fresh(page)
    ask(page, 2)
    page.locator("[name=asker][value=other]").check()
    page.locator("#id_helped_name").fill("Lầu Y Mỷ")
    press(page)


def _sent(page: Page) -> None:
    """Ask for a neighbour to the end."""
    _fresh(page)
    ask(page, 2)
    page.locator("[name=asker][value=other]").check()
    page.locator("#id_helped_name").fill("Lầu Y Mỷ")
    page.locator("#id_agreed").check()
    press(page)
    press(page)


def _merge(page: Page) -> None:
    """Fill in a merger up to the page that shows what would change."""
    page.locator(".pick-list input").nth(3).check()
    page.locator("#id_full_name").fill("Xã Bích Lễ")
    page.locator("#id_code").fill("17000")
    page.locator("#id_on").fill("2027-01-01")
    page.locator("#id_legal_reference").fill("Nghị quyết 12/NQ-HĐND")
    press(page)


def _leave_address(page: Page) -> None:
    page.locator("#id_email").fill("dung@mau.caunoi.example")
    press(page)


def _wrong_password(page: Page) -> None:
    page.locator("#id_login").fill("ai-do@mau.caunoi.example")
    page.locator("#id_password").fill("sai-mat-khau")
    press(page)


def _number(rows: Rows, text: str) -> str:
    return rows("SELECT number FROM cases_case WHERE text = %s ORDER BY number LIMIT 1", text)[0][0]
