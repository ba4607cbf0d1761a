"""Pages of notices, of their proof, of channels of every kind, and of the reform."""

from playwright.sync_api import Page

from tools.look import Look, press

PLAN = "SELECT id FROM reform_plan ORDER BY made_at LIMIT 1"
ASKED = {
    "list": "SELECT id FROM channels_channel WHERE connector_key = 'sms' LIMIT 1",
    "videos": "SELECT id FROM channels_channel WHERE connector_key = 'youtube' LIMIT 1",
    "cold": "SELECT number FROM notices_notice WHERE title LIKE 'Rét đậm%' LIMIT 1",
    "planned": "SELECT id FROM notices_notice WHERE title LIKE 'Ngày hội Đại đoàn kết%' LIMIT 1",
    "gongs": "SELECT notice_id FROM notices_repetition ORDER BY id LIMIT 1",
    "plan": PLAN,
    "step": "SELECT id FROM reform_step WHERE holder = 'channels' AND outcome = '' ORDER BY id LIMIT 1",
}


def notices(one: dict[str, object]) -> list[Look]:
    return [
        Look("notice", f"/thong-bao/{one['notice']}/"),
        Look("notice-warning", f"/thong-bao/{one['warning']}/"),
        Look("notice-correction", f"/thong-bao/{one['correction']}/"),
        Look("notice-calendar", f"/thong-bao/{one['calendar']}/"),
        Look("notices-unit", "/don-vi/xa-bich-hao/thong-bao/"),
        Look("notices-unit-nothing", "/don-vi/xa-tri-le/thong-bao/"),
        Look("notices-board", "/don-vi/xa-bich-hao/bang-tin/"),
        Look("composer", "/quan-tri/thong-bao/moi/", "binh"),
        Look("composer-error", "/quan-tri/thong-bao/moi/", "binh", then=press),
        Look("composer-again", "/quan-tri/thong-bao/moi/", "binh", then=_again),
        Look("composer-draft", f"/quan-tri/thong-bao/{one['draft']}/", "binh"),
        Look("notice-video", f"/quan-tri/thong-bao/{one['draft']}/phim/", "binh"),
        Look("channel-register", "/quan-tri/kenh/moi/", "chi"),
        Look("notices", "/quan-tri/thong-bao/", "binh"),
        Look("notices-nothing", "/quan-tri/thong-bao/?q=khongcogi", "binh"),
        Look("notices-month", "/quan-tri/thong-bao/lich/", "binh"),
        Look("notice-approve", f"/quan-tri/thong-bao/{one['review']}/", "binh"),
        Look("notice-sent", f"/quan-tri/thong-bao/{one['sent']}/", "binh"),
        Look("notice-versions", f"/quan-tri/thong-bao/{one['review']}/ban/", "an"),
        *_languages(one),
    ]


def _languages(one: dict[str, object]) -> list[Look]:
    told, desk = (
        f"/thong-bao/{one['spoken_number']}/",
        f"/quan-tri/thong-bao/{one['spoken']}/tieng/",
    )
    return [
        Look("notice-heard", told),
        Look("notice-khmer", f"{told}tieng/km/"),
        Look("notice-mong", f"{told}tieng/hmn/"),
        Look("notices-board-khmer", "/don-vi/xa-bich-hao/bang-tin/km/"),
        Look("voices", desk, "binh"),
        Look("voice-new", f"{desk}ium/audio/", "binh"),
        Look("voice-error", f"{desk}ium/text/", "binh", then=_give),
        Look("voice-read", f"/quan-tri/thong-bao/{one['sent']}/tieng/hmn/audio/", "binh"),
        Look("voice-picture", f"{desk}km/picture/", "an"),
        Look("voices-to-read", "/quan-tri/thong-bao/can-doc/", "binh"),
        Look("voices-to-read-nothing", "/quan-tri/thong-bao/can-doc/", "an"),
        Look("language-readers", "/quan-tri/thong-bao/nguoi-doc/", "binh"),
        Look("language-readers-nothing", "/quan-tri/thong-bao/nguoi-doc/?q=khongcoai", "binh"),
        Look("to-air", f"/quan-tri/dang-ho/{one['aired']}/", "an"),
    ]


def _give(page: Page) -> None:
    """Give an empty variant to the second person."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    with page.expect_navigation():
        page.locator("button[value=hand_in]").click()


def proof(one: dict[str, object]) -> list[Look]:
    board = f"/quan-tri/thong-bao/{one['told']}/ket-qua/"
    return [
        Look("proof", board, "binh"),
        Look("proof-wide", f"/quan-tri/thong-bao/{one['wide']}/ket-qua/", "binh"),
        Look("proof-kinds", f"{board}kenh/", "binh"),
        Look("proof-followers", f"/quan-tri/nhan-tin/thong-bao/{one['told']}/", "binh"),
        Look("proof-readers", f"/quan-tri/thong-bao/{one['internal']}/ket-qua/ai-da-doc/", "binh"),
        Look("proof-silent", f"{board}im-lang/", "binh"),
        Look("proof-names-hidden", f"{board}ai-da-doc/", "an"),
        Look("to-post", "/quan-tri/dang-ho/", "an"),
        Look("to-post-nothing", "/quan-tri/dang-ho/?q=khongcogi", "an"),
        Look("to-post-item", f"/quan-tri/dang-ho/{one['handed']}/", "an"),
        Look("to-post-error", f"/quan-tri/dang-ho/{one['handed']}/", "an", then=_cannot_post),
        Look("to-post-tell", f"/quan-tri/dang-ho/ghi/{one['told']}/", "an"),
        Look("internal", "/noi-bo/", "binh"),
        Look("internal-notice", f"/noi-bo/{one['internal']}/", "binh"),
    ]


def _cannot_post(page: Page) -> None:
    """Say that it cannot be posted, without a reason."""
    page.locator("details.card summary").click()
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    with page.expect_navigation():
        page.locator("details.card form .button").click()


def _again(page: Page) -> None:
    """Unfold for whom and when it is, and let it go out again every week."""
    page.evaluate("document.querySelectorAll('.part').forEach((part) => { part.open = true })")
    page.locator("[name=r_every][value=week]").check()


def kinds(one: dict[str, object]) -> list[Look]:
    """Channels with a list or a consent, and a notice that went to a list."""
    return [
        Look("text-sign-up", "/nhan-tin/tin-nhan/?don-vi=xa-bich-hao"),
        Look("text-sign-up-error", "/nhan-tin/tin-nhan/?don-vi=xa-bich-hao", then=press),
        Look("text-sign-up-code", "/nhan-tin/tin-nhan/?don-vi=xa-bich-hao", then=_number),
        Look("channel-list", f"/quan-tri/kenh/{one['list']}/", "chi"),
        Look("numbers", f"/quan-tri/kenh/{one['list']}/so-dien-thoai/", "chi"),
        Look("channel-videos", f"/quan-tri/kenh/{one['videos']}/", "chi"),
        Look("proof-list", f"/quan-tri/thong-bao/{one['cold']}/ket-qua/", "binh"),
        Look("proof-list-kinds", f"/quan-tri/thong-bao/{one['cold']}/ket-qua/kenh/", "binh"),
        Look("notice-planned", f"/quan-tri/thong-bao/{one['planned']}/", "binh"),
        Look("notice-repeated", f"/quan-tri/thong-bao/{one['gongs']}/", "binh"),
    ]


def _number(page: Page) -> None:
    """Type a number in, and come to the code."""
    page.locator("#id_phone").fill("0912 000 009")
    press(page)


def reform(one: dict[str, object]) -> list[Look]:
    """The wizard with a plan half decided."""
    plan = f"/quan-tri/sap-xep/{one['plan']}/"
    return [
        Look("reforms", "/quan-tri/sap-xep/", "chi"),
        Look("reform-begin", "/quan-tri/sap-xep/moi/", "chi"),
        Look("reform-error", "/quan-tri/sap-xep/moi/", "chi", then=press),
        Look("reform-plan", plan, "chi"),
        Look("reform-rule", f"{plan}quy-tac/", "chi"),
        Look("reform-print", f"{plan}in/", "chi"),
        Look("reform-step", f"{plan}buoc/{one['step']}/", "chi"),
        Look("reform-words", f"{plan}loi-ghim/", "chi"),
        Look("reform-units", f"{plan}don-vi/", "chi"),
    ]
