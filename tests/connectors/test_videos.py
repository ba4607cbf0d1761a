"""A video goes out in parts: carried on after a cut, seen by nobody before its end, and never twice."""

from dataclasses import replace
from hashlib import sha256

import pytest

from caunoi.channels.afterwards import Became
from caunoi.channels.contract import OutboundPost, PostKind, ReconnectNeeded, Refused, TryLater
from caunoi.connectors.youtube import calls
from tests.connectors import rigs
from tests.connectors.rigs import BESIDE, FILM, PAGE, film

pytestmark = pytest.mark.xdist_group("connectors")
TEXT = "Mời bà con xem cách tiêm phòng trâu bò <ở nhà>."


def post(video=None, text=TEXT, **more):
    beside = replace(BESIDE, title="Tiêm phòng trâu bò", video=video or film(), **more)
    return OutboundPost(PostKind.PUBLICATION, "", "notice:7", text, publication=beside)


def send(rig, what, key="k"):
    return rig.connector.send(what, rig.account(), key=key, at=rig.now())


@pytest.fixture
def page(outside):
    return rigs.FacebookRig(outside)


@pytest.fixture
def channel(outside):
    return rigs.YouTubeRig(outside)


@pytest.mark.parametrize("fault", [None, "drop", "500", "malformed"])
def test_a_video_of_the_page_is_carried_on_from_where_facebook_has_it(page, fault):
    if fault:
        page.outside.fault(f"POST /v26.0/{PAGE}/videos", "slow", count=2, seconds=0)
        page.outside.fault(f"POST /v26.0/{PAGE}/videos", fault)

    result = send(page, post())

    (video,) = page.outside.videos("facebook")
    assert (video["size"], video["title"]) == (len(FILM), "Tiêm phòng trâu bò")
    assert page.outside.posts(PAGE)[-1]["message"] == f"{TEXT}\n\n{BESIDE.link}"
    assert result.external_id == video["video"]
    assert result.permalink == f"https://www.facebook.com/{PAGE}/videos/{video['video']}/"

    gone = replace(post(), kind=PostKind.DELETE_POST, target_ref=result.external_id)
    send(page, gone)
    assert not page.outside.videos("facebook")


def test_a_video_that_never_arrives_whole_is_seen_by_nobody_and_tried_again_later(page):
    page.outside.fault(f"POST /v26.0/{PAGE}/videos", "slow", count=1, seconds=0)
    page.outside.fault(f"POST /v26.0/{PAGE}/videos", "500", count=9)

    with pytest.raises(TryLater):
        send(page, post())

    assert not page.outside.videos("facebook")
    assert len(page.outside.posts(PAGE)) == 1


@pytest.mark.parametrize("fault", [None, "drop", "503", "reset"])
def test_an_upload_to_youtube_goes_on_from_where_it_was_cut(channel, fault):
    if fault:
        channel.outside.fault("PUT /upload-session/", fault)

    result = send(channel, post())

    (video,) = channel.outside.videos("youtube")
    assert video["sha256"] == sha256(FILM).hexdigest()
    assert video["title"] == "Tiêm phòng trâu bò"
    assert video["description"] == f"{TEXT.replace('<', '‹').replace('>', '›')}\n\n{BESIDE.link}"
    assert result.permalink == f"https://www.youtube.com/watch?v={video['id']}"
    begun = channel.outside.record(path="POST /upload/youtube")
    assert len(begun) == 1

    gone = replace(post(), kind=PostKind.DELETE_POST, target_ref=video["id"])
    assert send(channel, gone) == send(channel, gone)
    assert channel.outside.videos("youtube")[0]["removed"]


def test_the_last_answer_lost_and_found_again_leaves_one_video(channel):
    short = film(FILM[:1000])
    channel.outside.fault("PUT /upload-session/", "drop")

    assert send(channel, post(short)).external_id
    assert len(channel.outside.videos("youtube")) == 1


@pytest.mark.parametrize(
    ("status", "became", "said"),
    [
        ({"uploadStatus": "uploaded"}, Became.WORKING, ""),
        ({"uploadStatus": "processed"}, Became.SEEN, ""),
        (
            {"uploadStatus": "processed", "privacyStatus": "private"},
            Became.HIDDEN,
            "YouTube Studio",
        ),
        ({"uploadStatus": "rejected", "rejectionReason": "copyright"}, Became.FAILED, "rights"),
        ({"uploadStatus": "failed", "failureReason": "codec"}, Became.FAILED, "could not make use"),
    ],
)
def test_youtube_says_what_became_of_a_video(channel, status, became, said):
    number = send(channel, post(film(FILM[:1000]))).external_id
    channel.outside.limits(youtube_status=status)

    told = channel.connector.outcome(channel.account(), number, at=channel.now())

    assert told.became is became
    assert said in told.reason
    gone = channel.connector.outcome(channel.account(), "nowhere", at=channel.now())
    assert gone.became is Became.FAILED


@pytest.mark.parametrize(
    ("state", "became"),
    [("processing", Became.WORKING), ("ready", Became.SEEN), ("error", Became.FAILED)],
)
def test_facebook_says_what_became_of_a_video(page, state, became):
    number = send(page, post(film(FILM[:1000]))).external_id
    page.outside.limits(facebook_video_status=state)

    assert page.connector.outcome(page.account(), number, at=page.now()).became is became


def test_a_day_that_is_used_up_waits_for_midnight_in_california(channel):
    channel.outside.limits(youtube_uploads_a_day=0)

    with pytest.raises(TryLater) as caught:
        send(channel, post())

    assert caught.value.after_seconds == pytest.approx(calls.until_reset(channel.now()), abs=5)
    assert not channel.outside.videos("youtube")


def test_no_video_another_channel_and_a_consent_taken_back_are_said(channel):
    with pytest.raises(Refused) as caught:
        send(channel, replace(post(), publication=replace(BESIDE, video=None)))
    assert "YouTube takes only notices with a video." in caught.value.reason

    other = replace(channel.account(), external_id="UCother")
    assert not channel.connector.check(other, at=channel.now()).ok

    gone = replace(channel.account(), secrets={"refresh_token": "taken back"})
    with pytest.raises(ReconnectNeeded):
        channel.connector.send(post(), gone, key="k", at=channel.now())
