"""What a notice says on each channel: the fields of its kind, in full or in short, and whether the channel takes it. No database."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from caunoi.kit.texting import sms_segments
from caunoi.notices import looking, posts, rules, telling, words
from caunoi.notices.terms import Code, Draft, NoticeKind, Surface, Weight
from tests.cast import MONDAY

ADDRESS = "https://x.vn/thong-bao/abc234/"
FLOOD = Draft(
    kind=NoticeKind.WARNING,
    title="Cảnh báo lũ quét",
    short_text="Mưa to từ chiều nay.",
    long_text="Mưa to từ chiều nay. Nước suối lên nhanh.",
    details={
        "sender": "Đài Khí tượng Thuỷ văn tỉnh",
        "area": "Các xóm ven suối xã Bích Hào",
        "instruction": "Lên nhà văn hoá trước 19 giờ.",
        "start": "2026-11-23T20:00",
        "end": "2026-11-24T05:00",
    },
    valid_until=datetime(2026, 11, 24, 6, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
)
RUMOUR = Draft(
    kind=NoticeKind.CORRECTION,
    title="Không thu tiền đổi căn cước",
    short_text="Bà con không nộp tiền cho ai.",
    details={
        "claim": "Đổi căn cước mất 200.000 đ.",
        "facts": "Đổi căn cước không mất phí.",
        "sources": "Công an xã Bích Hào\nhttps://congan.nghean.gov.vn/1",
    },
)
SEASON = Draft(
    kind=NoticeKind.CALENDAR,
    title="Lịch vụ xuân",
    short_text="Bà con gieo cấy đúng lịch.",
    details={"steps": "15/1/2027 – 25/1/2027: Gieo mạ\n5/2/2027: Cấy", "place": "Cánh đồng Rộ"},
)
LONG = ("facebook_page", "zalo_oa", "email")
SHORT = ("zalo_group", "hand_posted", "sms")


@pytest.mark.parametrize("kind", [*LONG, *SHORT, "loudspeaker"])
def test_what_people_should_do_stands_on_every_channel(kind):
    plain = rules.without_accents if kind == "sms" else str
    text = posts.text_of(FLOOD, kind, address=ADDRESS)

    assert plain("Lên nhà văn hoá trước") in text
    assert plain("ven suối xã Bích Hào") in text
    if kind in SHORT:
        assert text.index(plain("Lên nhà")) < text.index(plain("Mưa to"))
    if kind in LONG:
        assert "Cơ quan phát: Đài Khí tượng Thuỷ văn tỉnh" in text
        assert "Bắt đầu: 20:00 23/11/2026\nKết thúc: 05:00 24/11/2026" in text
        assert "Hiệu lực đến: 06:00 24/11/2026" in text
        assert "Nước suối lên nhanh" in text


def test_a_claim_is_told_with_the_truth_and_its_sources_but_no_address_is_read_aloud():
    for kind in LONG:
        text = posts.text_of(RUMOUR, kind)
        assert text.index("Tin đồn: Đổi căn cước mất") < text.index("Sự thật: Đổi căn cước không")
        assert "Nguồn:\nCông an xã Bích Hào\nhttps://congan.nghean.gov.vn/1" in text
    short = posts.text_of(RUMOUR, "zalo_group")
    assert "Sự thật: Đổi căn cước không mất phí." in short
    assert "Nguồn: Công an xã Bích Hào" in short
    assert "congan.nghean" not in short
    read_out = posts.text_of(RUMOUR, "loudspeaker")
    assert "Sự thật: Đổi căn cước không mất phí." in read_out
    assert "congan" not in read_out.lower().replace("công an", "")
    assert "Su that: Doi can cuoc khong mat phi." in posts.text_of(RUMOUR, "sms")


def test_an_article_and_a_post_have_the_steps_of_a_season_and_its_place():
    for kind in (*LONG, "hand_posted", "loudspeaker"):
        text = posts.text_of(SEASON, kind)
        assert "Gieo mạ" in text, kind
        assert "Cánh đồng Rộ" in text, kind
    assert not posts.text_of(SEASON, "zalo_oa").startswith(SEASON.title)


def test_what_the_words_say_already_is_not_said_twice_and_a_text_of_its_own_stands_alone():
    said = replace(FLOOD, short_text="Lên nhà văn hoá trước 19 giờ.", long_text="")

    assert telling.said(said, Surface.FACEBOOK).count("Lên nhà văn hoá") == 1
    own = replace(FLOOD, wordings={"zalo": "Lời riêng", "sms": "Chay len cao"})
    assert posts.text_of(own, "zalo_oa") == posts.text_of(own, "zalo_group") == "Lời riêng"
    assert posts.text_of(own, "sms") == "Chay len cao"


def test_a_preview_counts_what_is_sent():
    shown = {(c.surface, c.article): c for c in looking.cards(FLOOD, address=ADDRESS)}
    for kind in ("hand_posted", "loudspeaker"):
        surface = posts.room_of(kind).surface
        assert shown[surface, False].text == posts.text_of(FLOOD, kind, address=ADDRESS)
    assert ADDRESS not in shown["loudspeaker", False].text
    sms, article = shown["sms", False], shown["zalo", True]

    assert sms.text == posts.seen_on(FLOOD, "sms", address=ADDRESS)
    assert sms.segments == sms_segments(sms.text)[2]
    assert article.text.startswith(posts.text_of(FLOOD, "zalo_oa"))
    assert (article.limit, shown["zalo", False].limit) == (20_000, 1_750)
    assert (sms.limit, sms.length) == (1_530, len(posts.text_of(FLOOD, "sms")))


def found(draft, *kinds):
    rooms = posts.rooms_of(kinds, audience="public", has_video=False)
    return [f for f in rules.checks(replace(draft, rooms=rooms), MONDAY) if f.code == Code.TOO_LONG]


@pytest.mark.parametrize(
    ("kind", "own", "limit"),
    [
        ("zalo_group", {"zalo": "ạ" * 1_800}, 1_750),
        ("zalo_oa", {"zalo": "ạ" * 20_050}, 20_000),
        ("sms", {"sms": "ạ" * 700}, 670),
        ("sms", {"sms": "a" * 1_580}, 1_530),
        ("facebook_page", {"facebook": "ạ" * 63_256}, 63_206),
        ("hand_posted", {"group": "ạ" * 2_050}, 2_000),
    ],
)
def test_a_text_that_a_channel_of_the_audience_would_refuse_is_refused_before(kind, own, limit):
    draft = replace(FLOOD, wordings=own)
    stopped = [f for f in found(draft, kind) if f.weight == Weight.STOP]

    assert [(f.values["limit"], f.values["kind"]) for f in stopped] == [(limit, kind)]
    sentence = words.said(stopped[0])
    assert str(words.CHANNELS[kind]) in sentence
    assert str(stopped[0].values["over"]) in sentence
    assert found(draft, "web_portal") == []
    assert found(FLOOD, kind) == []


def test_a_reading_of_more_than_two_minutes_is_refused_where_a_loudspeaker_is_unless_it_is_cut():
    words_of_one = "Bà con chú ý giữ gìn vệ sinh. " * 30
    long = replace(FLOOD, wordings={"loudspeaker": words_of_one * 2})

    assert [f.weight for f in found(long, "facebook_page")] == [Weight.LOOK]
    [refused] = found(long, "loudspeaker")
    assert refused.weight == Weight.STOP
    assert str(refused.values["length"]) in words.said(refused)
    assert "---" in words.said(refused)

    cut = replace(long, wordings={"loudspeaker": f"{words_of_one}\n---\n{words_of_one}"})
    assert found(cut, "loudspeaker") == []
    script = posts.text_of(cut, "loudspeaker")
    assert script.startswith("Phần một.")
    assert "Phần hai." in script
    card = next(c for c in looking.cards(cut, address=ADDRESS) if c.surface == "loudspeaker")
    assert (card.parts, card.too_long) == (2, False)
