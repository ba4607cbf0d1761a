"""A notice that went out, and sends of it in every state; made directly, so that each test says only what it is about."""

from datetime import datetime
from itertools import count
from typing import Any

from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.notices.models import AudienceLine, Notice
from caunoi.outbox.models import Content, OutboundMessage
from caunoi.staff.rules import Staff
from caunoi.units.models import Unit
from tests.cast import MONDAY

_numbers = count(1)


def make_notice(
    *,
    unit: Unit,
    by: Staff,
    to: Unit | None = None,
    reach: str = "subtree",
    at: datetime = MONDAY,
    **more: Any,
) -> Notice:
    """A notice of ``unit`` that went out at ``at`` to ``to`` (the unit itself when None) and so far below."""
    n = next(_numbers)
    notice = Notice.objects.create(
        **{
            "number": f"t{n:05}",
            "unit": unit,
            "kind": "notice",
            "state": "done",
            "title": "Lịch tiêm phòng trâu bò tháng 12",
            "short_text": "Bà con đưa trâu bò ra nhà văn hoá sáng thứ Bảy.",
            "created_at": at,
            "created_by_id": by.account_id,
            "edited_at": at,
            "edited_by_id": by.account_id,
            "published_at": at,
            **more,
        }
    )
    AudienceLine.objects.create(notice=notice, unit=to or unit, reach=reach)
    return notice


def make_channel(*, unit: Unit, kind: str = "hand_posted", name: str = "Nhóm Zalo xóm") -> Channel:
    return Channel.objects.create(
        unit=unit,
        connector_key=kind,
        external_id=f"{kind}-{next(_numbers)}",
        name=name,
        state=ChannelState.ACTIVE,
        registered_at=MONDAY,
    )


def make_send(
    *, notice: Notice, channel: Channel, state: str = "handed", at: datetime = MONDAY, **more: Any
) -> OutboundMessage:
    content, _new = Content.objects.get_or_create(
        sha256=notice.pk.hex * 2,
        defaults={
            "title": notice.title,
            "text": f"{notice.title}. {notice.short_text}",
            "link": f"http://127.0.0.1/thong-bao/{notice.number}/",
            "created_at": at,
        },
    )
    return OutboundMessage.objects.create(
        **{
            "key": f"notice:{notice.pk}:{next(_numbers)}:{channel.pk}",
            "channel": channel,
            "kind": "publication",
            "thread_ref": f"notice:{notice.pk}",
            "reference": f"notice:{notice.pk}",
            "content": content,
            "state": state,
            "not_before": at,
            "created_at": at,
            **more,
        }
    )
