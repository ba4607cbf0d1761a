"""A notice that went out, and sends of it in every state; made directly, so that each test says only what it is about."""

import itertools
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.notices.models import AudienceLine, Notice
from caunoi.outbox.models import Content, OutboundMessage
from caunoi.receipts import actions
from caunoi.staff.rules import Staff
from caunoi.units.models import Unit, UnitVersion
from caunoi.units.queries import subtree
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


def spread(*, notice: Notice, on: date, at: datetime, by: Staff) -> dict[str, int]:
    """Give every unit below the notice's own that has no channel those such units have, and each send a state: like a real day after.

    -> how many units and sends there are
    """
    found = subtree(unit_id=notice.unit_id, on=on).values_list("unit_id", "level")
    found = found.exclude(unit_id__in=Channel.objects.values("unit_id"))
    kinds = {"village": ("hand_posted", "loudspeaker"), "commune": ("facebook_page", "web_portal")}
    channels = [
        Channel(
            unit_id=unit_id,
            connector_key=kind,
            external_id=f"{kind}-{unit_id}",
            name=f"Kênh {n}",
            registered_at=at,
        )
        for n, (unit_id, level) in enumerate(found)
        for kind in kinds.get(level, ("facebook_page",))
    ]
    Channel.objects.bulk_create(channels, batch_size=2000)
    states = itertools.cycle(["confirmed", "confirmed", "handed", "sent", "failed", "uncertain"])
    sends = [_send_of(notice, c, next(states), at, by) for c in channels]
    OutboundMessage.objects.bulk_create(sends, batch_size=2000)
    actions.make_links(notice=notice, channels=channels)
    return {"units": len(found), "sends": len(sends)}


def _send_of(
    notice: Notice, channel: Channel, state: str, at: datetime, by: Staff
) -> OutboundMessage:
    declared = state == "confirmed" and channel.connector_key in {"hand_posted", "loudspeaker"}
    return OutboundMessage(
        key=f"notice:{notice.pk}:1:{channel.pk}",
        channel=channel,
        kind="publication",
        thread_ref=f"notice:{notice.pk}",
        reference=f"notice:{notice.pk}",
        text=notice.short_text,
        state=state,
        not_before=at,
        created_at=at,
        sent_at=at if state in {"confirmed", "sent"} else None,
        declared_by_id=by.account_id if declared else None,
        declared_at=at if declared else None,
    )


def crowd(*, commune: Unit, villages: int, on: date) -> None:
    """Put so many villages below a commune, in two statements."""
    above = UnitVersion.objects.get(unit=commune, valid__contains=on)
    made = [Unit(slug=f"dong-{commune.slug}-{n}") for n in range(villages)]
    Unit.objects.bulk_create(made, batch_size=2000)
    UnitVersion.objects.bulk_create(
        [
            UnitVersion(
                unit=unit,
                valid=DateRange(on, None),
                level="village",
                type="thon",
                code=f"D{n:05}",
                name=f"Xóm {n}",
                full_name=f"Xóm {n}",
                parent=commune,
                path=f"{above.path}.{unit.pk.hex}",
            )
            for n, unit in enumerate(made)
        ],
        batch_size=2000,
    )
