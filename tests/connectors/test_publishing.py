"""What a Page and an account publish: pictures, links, articles, what nobody could see, and taking it away again."""

from dataclasses import replace

import pytest

from caunoi.channels.contract import (
    OutboundPost,
    Picture,
    PostKind,
    Publication,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)
from caunoi.connectors.zalo_oa import uncertain
from tests.connectors import rigs
from tests.connectors.rigs import OA, PAGE

pytestmark = pytest.mark.xdist_group("connectors")
LINK = "https://caunoi.example/thong-bao/TB-7/"
TEXT = "Sáng thứ Bảy tiêm phòng trâu bò.\n\nBà con dắt trâu bò ra sân nhà văn hoá."


def picture(number=1, body=b"\xff\xd8\xff jpeg", url=""):
    return Picture("image/jpeg", f"Ảnh {number}", f"anh-{number}.jpg", body, url)


def publication(*pictures, text=TEXT):
    beside = Publication(title="Tiêm phòng trâu bò", link=LINK, pictures=pictures)
    return OutboundPost(PostKind.PUBLICATION, "", "notice:7", text, publication=beside)


@pytest.fixture
def page(outside):
    return rigs.FacebookRig(outside)


@pytest.fixture
def oa(outside):
    return rigs.ZaloRig(outside)


def send(rig, post, key="k"):
    return rig.connector.send(post, rig.account(), key=key, at=rig.now())


def newest(rig):
    return rig.outside.posts(PAGE)[-1]


def test_a_post_of_words_carries_the_link_and_says_where_it_stands(page):
    result = send(page, publication())

    assert (newest(page)["message"], newest(page)["link"]) == (TEXT, LINK)
    assert result.permalink == f"https://www.facebook.com/{result.external_id}"


@pytest.mark.parametrize("count", [1, 3])
def test_photos_stand_in_one_post_with_the_link_under_the_words(page, count):
    before = len(page.outside.posts(PAGE))

    result = send(page, publication(*(picture(n) for n in range(count))))

    post = newest(page)
    assert len(page.outside.posts(PAGE)) == before + 1
    assert post["id"] == result.external_id
    assert post["message"] == f"{TEXT}\n\n{LINK}"
    assert post["photos"].count(",") == count - 1
    assert page.connector.find_sent(
        publication(), page.account(), key="k", since=page.now()
    ) == type(result)(post["id"], result.permalink)


def test_no_call_more_than_was_said_beforehand(page):
    for count in (0, 1, 3):
        post, since = publication(*(picture(n) for n in range(count))), page.outside.record()[-1:]
        send(page, post)
        calls = page.outside.record(since=since[0]["id"] if since else 0)

        assert len(calls) <= page.connector.calls(post)


def test_a_lost_upload_is_tried_again_as_nobody_saw_it(page):
    page.outside.fault("POST /v26.0/*/photos", "drop")
    before = len(page.outside.posts(PAGE))

    with pytest.raises(TryLater):
        send(page, publication(picture(1), picture(2)))

    assert len(page.outside.posts(PAGE)) == before


def test_a_photo_whose_answer_was_lost_may_stand_there(page):
    page.outside.fault("POST /v26.0/*/photos", "drop")

    with pytest.raises(Unclear):
        send(page, publication(picture()))


def test_a_picture_that_is_too_large_is_refused_before_anything_is_posted(page):
    before = len(page.outside.posts(PAGE))

    with pytest.raises(Refused):
        send(page, publication(picture(1), picture(2, body=b"x" * (4 * 1024 * 1024 + 1))))

    assert len(page.outside.posts(PAGE)) == before


def test_nothing_is_put_on_a_page_nobody_can_see(page):
    page.outside.setup(pages=[{"id": PAGE, "published": False}])
    before = len(page.outside.posts(PAGE))

    with pytest.raises(ReconnectNeeded) as caught:
        send(page, publication())

    assert "unpublished" in caught.value.reason
    assert len(page.outside.posts(PAGE)) == before
    assert not page.connector.check(page.account(), at=page.now()).ok


@pytest.mark.parametrize("which", ["page", "oa"])
def test_what_was_published_is_taken_away_once_and_again_without_harm(which, request):
    rig = request.getfixturevalue(which)
    result = send(rig, publication())
    take = OutboundPost(PostKind.DELETE_POST, result.external_id, "notice:7", "")
    standing = rig.connector.find_sent(take, rig.account(), key="k", since=rig.now())

    first, again = send(rig, take), send(rig, take)

    assert standing is None
    assert first == again
    assert rig.connector.find_sent(take, rig.account(), key="k", since=rig.now()) == first
    there = rig.outside.posts(PAGE) if which == "page" else rig.outside.articles(OA)
    assert there[-1]["removed"]


def test_an_article_has_title_words_picture_and_link(oa):
    send(oa, publication(picture(url="https://caunoi.example/anh/1.jpg"), picture(2)))

    (article,) = oa.outside.articles(OA)
    assert article["title"] == "Tiêm phòng trâu bò"
    assert article["paragraphs"] == [*TEXT.split("\n\n"), LINK]
    assert article["pictures"] == [{"url": "https://caunoi.example/anh/1.jpg", "alt": "Ảnh 1"}]
    assert article["cover"] == "https://caunoi.example/anh/1.jpg"


def test_an_article_that_takes_its_time_is_waited_for_and_then_looked_up(oa, monkeypatch):
    monkeypatch.setattr(uncertain, "ARTICLE_LOOKS_SECONDS", (0.0, 0.0))
    oa.outside.limits(zalo_article_looks=2)
    in_time = send(oa, publication())
    oa.outside.limits(zalo_article_looks=9)
    slow = publication(text="Bài khác")
    slow = replace(slow, publication=Publication(title="Bài khác", link=LINK))

    with pytest.raises(Unclear):
        send(oa, slow)

    found = oa.connector.find_sent(slow, oa.account(), key="k", since=oa.now())
    assert [in_time.external_id, found.external_id] == [a["id"] for a in oa.outside.articles(OA)]


def test_a_token_that_dies_between_the_two_steps_leaves_no_second_article(oa):
    oa.outside.fault("/article/verify", "revoked")

    with pytest.raises(Unclear):
        send(oa, publication())

    assert len(oa.outside.articles(OA)) == 1


def test_an_article_goes_to_all_followers_until_the_month_is_used_up(oa):
    article = send(oa, publication()).external_id
    oa.outside.limits(zalo_broadcasts_a_month=1)
    everybody = OutboundPost(PostKind.BROADCAST, article, "notice:7", "")

    send(oa, everybody)

    with pytest.raises(TryLater):
        send(oa, everybody)
    assert oa.outside.articles(OA)[0]["broadcasts"] == 1
    with pytest.raises(TryLater):
        oa.connector.find_sent(everybody, oa.account(), key="k", since=oa.now())
