"""What the Page says to everybody: text with a link, one photo, several photos; and taking it away again."""

from datetime import datetime, timedelta

from caunoi.channels.afterwards import Totals
from caunoi.channels.contract import (
    Account,
    OutboundPost,
    Picture,
    Publication,
    ReconnectNeeded,
    Refused,
    SendResult,
    TryLater,
)
from caunoi.connectors.facebook_page import errors, graph, reader, uncertain, videos
from caunoi.kit.text import fold

CLOCKS_DIFFER = timedelta(minutes=2)
NO_METRIC = "100"
NOTHING_BESIDE = Publication(title="", link="")


def publish(account: Account, post: OutboundPost) -> SendResult:
    """Put it on the Page. Raises TryLater, Refused, Unclear, ReconnectNeeded (also for a Page that nobody can see)."""
    require_seen(account)
    beside = post.publication or NOTHING_BESIDE
    if beside.video is not None:
        return videos.publish(account, beside.video, title=beside.title, text=words(post))
    pictures = beside.pictures[: uncertain.PICTURES_A_POST]
    for picture in pictures:
        if len(picture.body) > uncertain.LARGEST_PICTURE_BYTES:
            raise errors.PICTURE_TOO_LARGE.error("")
    if not pictures:
        link = {"link": beside.link} if beside.link else {}
        return _on_feed(account, {"message": post.text, **link})
    if len(pictures) == 1:
        return _one_photo(account, words(post), pictures[0])
    kept = [_keep(account, picture) for picture in pictures]
    attached = [{"media_fbid": photo} for photo in kept]
    return _on_feed(account, {"message": words(post), "attached_media": attached})


def require_seen(account: Account) -> None:
    """Raise ReconnectNeeded when the Page is unpublished: a post on it would reach nobody."""
    if graph.get(account, account.external_id, fields="is_published").get("is_published") is False:
        raise errors.UNPUBLISHED.error("")


def words(post: OutboundPost) -> str:
    """Return the text with the link below it; under photos Facebook takes no link of its own."""
    link = post.publication.link if post.publication else ""
    return post.text if not link or link in post.text else f"{post.text}\n\n{link}"


def take_away(account: Account, post_id: str) -> SendResult:
    """Delete our post; one that is gone already is as good. Raises TryLater, Refused, Unclear, ReconnectNeeded."""
    try:
        graph.delete(account, post_id)
    except Refused as error:
        if error.code != errors.GONE_CODE:
            raise
    return SendResult(f"deleted:{post_id}")


def is_gone(account: Account, post_id: str) -> SendResult | None:
    """Return the result when our post is not there any more. Raises as graph.get."""
    try:
        graph.get(account, post_id, fields="id")
    except Refused as error:
        if error.code != errors.GONE_CODE:
            raise
        return SendResult(f"deleted:{post_id}")
    return None


def find(account: Account, post: OutboundPost, *, since: datetime) -> SendResult | None:
    """Return our own post with this text since then. Raises as graph.pages."""
    wanted = {fold(post.text), fold(words(post))}
    for there in graph.pages(
        account,
        f"{account.external_id}/published_posts",
        at_most=uncertain.READ_BACK_PAGES,
        fields="id,message,created_time,permalink_url",
        since=str(int((since - CLOCKS_DIFFER).timestamp())),
        limit=uncertain.PAGE_SIZE,
    ):
        if reader.moment(there.get("created_time", 0)) < since - CLOCKS_DIFFER:
            return None
        if fold(str(there.get("message", ""))) in wanted:
            return SendResult(str(there["id"]), str(there.get("permalink_url") or ""))
    return None


def totals(account: Account, post_id: str) -> Totals:
    """Return how many saw the post. One unknown metric spoils a whole call, so they are then asked one by one. Raises as graph.get."""
    wanted = (uncertain.SEEN, uncertain.PEOPLE, uncertain.ACTED)
    try:
        found = _insights(account, post_id, wanted)
    except Refused as error:
        if not error.code.startswith(NO_METRIC) or error.code == errors.GONE_CODE:
            raise
        found = {}
        for one in wanted:
            try:
                found |= _insights(account, post_id, (one,))
            except Refused as refused:
                if not refused.code.startswith(NO_METRIC) or refused.code == errors.GONE_CODE:
                    raise
    return Totals(*(found.get(metric) for metric in wanted))


def _insights(account: Account, post_id: str, metrics: tuple[str, ...]) -> dict[str, int]:
    path, asked = f"{post_id}/insights", ",".join(metrics)
    rows = graph.get(account, path, metric=asked, period="lifetime").get("data") or []
    found = {}
    for row in rows:
        values = row.get("values") or [{}]
        number = values[0].get("value")
        if isinstance(number, int) and number >= 0:
            found[str(row.get("name"))] = number
    return found


def _on_feed(account: Account, body: dict[str, object]) -> SendResult:
    asked = body | {"published": True, "fields": "id,permalink_url"}
    told = graph.write(account, f"{account.external_id}/feed", asked, wanted="id")
    return SendResult(str(told["id"]), str(told.get("permalink_url") or ""))


def _one_photo(account: Account, text: str, picture: Picture) -> SendResult:
    fields = {"caption": text, "alt_text_custom": picture.alt, "published": "true"}
    path = f"{account.external_id}/photos"
    told = graph.publish_picture(account, path, fields, picture, wanted="post_id")
    return SendResult(str(told["post_id"]), _address(account, str(told["post_id"])))


def _keep(account: Account, picture: Picture) -> str:
    fields = {"alt_text_custom": picture.alt, "published": "false"}
    return graph.keep_picture(account, f"{account.external_id}/photos", fields, picture)


def _address(account: Account, post_id: str) -> str:
    """Return where the post can be seen; empty when Facebook does not say, as the post is there anyway."""
    try:
        return str(graph.get(account, post_id, fields="permalink_url").get("permalink_url") or "")
    except (TryLater, Refused, ReconnectNeeded):
        return ""
