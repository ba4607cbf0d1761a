"""Sample notices that went out: village groups without an interface, what was declared, who is silent, one for officers. Names are invented."""

from datetime import datetime, timedelta
from typing import Any

VACCINES = {
    "title": "Tiêm phòng trâu bò đợt cuối năm",
    "short_text": "Bà con đưa trâu bò đến nhà văn hoá xóm lúc 7 giờ sáng thứ Bảy tuần này để tiêm phòng. Không thu tiền.",
    "long_text": "Thú y xã đến từng xóm. Bà con buộc trâu bò chắc chắn, nhớ mang sổ tiêm nếu có. Hộ nào chưa kịp thì báo trưởng ban công tác Mặt trận xóm.",
}
ROAD = {
    "title": "Cấm xe tải qua cầu tràn ba ngày",
    "short_text": "Từ mai, xe tải không qua cầu tràn trong ba ngày để sửa mặt cầu. Xe máy và người đi bộ vẫn qua được.",
    "long_text": "Bà con chở hàng nặng đi đường liên xã. Có việc gấp, gọi công an xã để được hướng dẫn.",
}
MEETING = {
    "title": "Họp giao ban công tác Mặt trận tháng này",
    "short_text": "Mời trưởng ban công tác Mặt trận các xóm họp lúc 14 giờ thứ Sáu tại hội trường xã.",
    "long_text": "Nội dung: rà soát nhà tạm, quỹ Vì người nghèo, lịch tiêm phòng. Đề nghị bấm xác nhận đã đọc.",
}
GROUPS = 8
"""Villages of the sample commune that have a group and a loudspeaker."""


def load_notices(people: dict[str, Any], places: dict[str, Any], at: datetime) -> None:
    """Let two public notices and one for officers go out in the sample commune, as if three days ago, just now and yesterday."""
    unit = places["bich_hao"]
    _groups(unit, at)
    old = _out(VACCINES, unit, people, at - timedelta(days=3))
    _publish(ROAD, unit, people, at)
    _out(MEETING, unit, people, at - timedelta(days=1), internal=True)
    _declare(old, people, at - timedelta(days=2, hours=20))


def _groups(unit: Any, at: datetime) -> None:
    from caunoi.channels import actions as channels
    from caunoi.kit import clock
    from caunoi.units import queries as units

    for village in units.children(unit_id=unit.id, on=clock.local_date(at))[:GROUPS]:
        for kind, name in (("hand_posted", "Nhóm Zalo"), ("loudspeaker", "Loa")):
            channels.register_channel(
                unit_id=village.id,
                connector_key=kind,
                external_id=f"{kind}-{village.slug}",
                name=f"{name} {village.full_name}",
                by=None,
                at=at,
            )


def _publish(words: dict[str, str], unit: Any, people: dict[str, Any], at: datetime) -> None:
    """Approve one two hours ago and publish it now: the worker sends it to the commune's Page and Zalo account as it starts."""
    from caunoi.journeys import publishing

    publishing.publish_notice(notice=approved(words, unit, people, at - timedelta(hours=2)), at=at)


def _out(
    words: dict[str, str],
    unit: Any,
    people: dict[str, Any],
    at: datetime,
    *,
    internal: bool = False,
) -> Any:
    from caunoi.notices import actions as notices

    notice = approved(words, unit, people, at, internal=internal)
    notice = notices.mark_sending(notice=notice, at=at)
    if not internal:
        send(notice, at)
    return notices.mark_done(notice=notice, at=at)


def approved(
    words: dict[str, str],
    unit: Any,
    people: dict[str, Any],
    at: datetime,
    *,
    internal: bool = False,
) -> Any:
    from caunoi.notices import actions as notices
    from caunoi.notices.terms import Audience, Fields, Line, NoticeKind

    an, binh = people["an"], people["binh"]
    fields = Fields(
        kind=NoticeKind.NOTICE,
        title=words["title"],
        short_text=words["short_text"],
        long_text=words["long_text"],
    )
    notice = notices.create_notice(unit_id=unit.id, fields=fields, by=an, at=at)
    if internal:
        notice = notices.set_audience(
            notice=notice,
            lines=[Line(unit.id)],
            by=an,
            at=at,
            audience=Audience.INTERNAL,
            must_acknowledge=True,
            acknowledge_by=(at + timedelta(days=4)).date(),
        )
    notice = notices.hand_in(notice=notice, by=an, at=at)
    return notices.approve_notice(notice=notice, seen_version=notice.version, by=binh, at=at)


def send(
    notice: Any, at: datetime, *, kinds: tuple[str, ...] = ("hand_posted", "loudspeaker")
) -> None:
    """Queue it for the channels of these kinds: people of groups and loudspeakers find it waiting."""
    from django.conf import settings

    from caunoi.kit import clock
    from caunoi.notices import posts
    from caunoi.notices import queries as notices
    from caunoi.outbox import actions_publishing as outbox

    address = f"{settings.PUBLIC_URL}/thong-bao/{notice.number}/"
    found = notices.audience_channels(notice=notice, on=clock.local_date(at))
    draft = notices.draft_of(notice=notice, with_pictures=False)
    for kind in kinds:
        said = outbox.keep_content(
            title=notice.title,
            text=posts.text_of(draft, kind, address=address),
            link=address,
            at=at,
        )
        outbox.queue_publications(
            content=said,
            channels=list(found.filter(connector_key=kind)),
            key_prefix=f"notice:{notice.pk}:{notice.version}",
            reference=f"notice:{notice.pk}",
            at=at,
        )


def _declare(notice: Any, people: dict[str, Any], at: datetime) -> None:
    """Some villages have said what they did with the old notice; one cannot, the rest are silent."""
    from caunoi.outbox.models import OutboundMessage
    from caunoi.receipts import actions
    from caunoi.receipts.terms import WhyNot

    waiting = OutboundMessage.objects.filter(
        reference=f"notice:{notice.pk}", channel__connector_key="hand_posted"
    ).select_related("channel", "content")
    sends = list(waiting.order_by("channel__name"))
    actions.give_links(sends=sends)
    for send in sends[:4]:
        actions.declare_posted(send=send, by=people["an"], at=at)
    for send in sends[4:5]:
        actions.declare_not_posted(
            send=send, why=WhyNot.NOT_ADMIN, note="trưởng nhóm đi vắng", by=people["an"], at=at
        )
