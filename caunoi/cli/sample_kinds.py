"""Sample channels of the newer kinds: text messages, a Zalo group of an account, a video channel; one notice that reached them. Invented."""

from datetime import datetime, timedelta
from typing import Any

YOUTUBE_APP = {"id": "456000000000003.apps.example", "secret": "sample-google-secret"}
# SMPP takes at most eight characters of a password.
SMS = {"login": "bichhao", "password": "samplepw", "sender": "MTTQ BHAO"}
NUMBERS = ("0912 000 001", "0912 000 002", "0983 000 003", "0353 000 004")
GROUP, VIDEOS = "f414c8f76f", "UCmttqNgheAn456456456456"
PHONE_OFF = "The phone was off for too long; the message did not arrive."
"""As the carrier's receipt says it."""
COLD = {
    "title": "Rét đậm: giữ ấm cho người già và trâu bò",
    "short_text": "Ba đêm tới rét dưới 8 độ. Bà con che chuồng, cho trâu bò ăn đủ, giữ ấm người già và trẻ nhỏ.",
    "long_text": "Không đốt than trong phòng kín. Nhà nào thiếu chăn ấm, báo trưởng ban công tác Mặt trận xóm.",
}


def load_kinds(
    people: dict[str, Any], places: dict[str, Any], account: dict[str, str], at: datetime
) -> None:
    """Register them, and let one notice go out to the list and the group as if yesterday; two phones of four got it, one did not."""
    from caunoi.channels import numbers
    from caunoi.custody import actions_register as custody

    unit = places["bich_hao"]
    listed, group = _register(unit, places["nghe_an"], account, at)
    numbers.add_numbers(channel=listed, text="\n".join(NUMBERS), by=people["chi"], at=at)
    custody.adopt_channels(at=at)
    _tell(unit, people, [listed, group], at - timedelta(days=1))


def _register(unit: Any, province: Any, account: dict[str, str], at: datetime) -> tuple[Any, Any]:
    from caunoi.channels import actions as channels

    google = channels.register_app(
        connector_key="youtube",
        app_id=YOUTUBE_APP["id"],
        secrets={"app_secret": YOUTUBE_APP["secret"]},
        by=None,
        at=at,
    )

    def keep(kind: str, number: str, name: str, owner: Any = unit, **more: Any) -> Any:
        return channels.register_channel(
            unit_id=owner.id,
            connector_key=kind,
            external_id=number,
            name=name,
            by=None,
            at=at,
            **more,
        )

    secrets = {"login": SMS["login"], "access_token": SMS["password"]}
    listed = keep("sms", SMS["sender"], "Tin nhắn MTTQ xã Bích Hào", secrets=secrets)
    group = keep("zalo_group", f"{account['id']}/{GROUP}", "Nhóm Mặt trận xã Bích Hào")
    keep(
        "youtube",
        VIDEOS,
        "Mặt trận tỉnh Nghệ An",
        province,
        app=google,
        secrets={"refresh_token": "sample-consent"},
        url=f"https://www.youtube.com/channel/{VIDEOS}",
    )
    return listed, group


def _tell(unit: Any, people: dict[str, Any], channels: list[Any], at: datetime) -> None:
    from caunoi.cli import sample_notices
    from caunoi.notices import actions as notices

    notice = sample_notices.approved(COLD, unit, people, at)
    notice = notices.mark_sending(notice=notice, at=at)
    sample_notices.send(notice, at, kinds=("hand_posted", "sms", "zalo_group"))
    _arrived(notice, channels, at)
    notices.mark_done(notice=notice, at=at)


def _arrived(notice: Any, channels: list[Any], at: datetime) -> None:
    """The carrier took all and told of three: two phones have it, one was off for too long."""
    from caunoi.channels.contract import SendResult
    from caunoi.outbox import actions, arrivals
    from caunoi.outbox.models import OutboundMessage
    from caunoi.outbox.terms import SendState

    sent = OutboundMessage.objects.filter(reference=f"notice:{notice.pk}", channel__in=channels)
    sent.update(state=SendState.SENDING.value, lease_until=at)
    for message in sent.select_related("channel"):
        result = SendResult(f"sample-{message.seq}")
        actions.record_sent(message=message, result=result, worker="sample", at=at)
    later = at + timedelta(minutes=2)
    listed = sent.filter(channel=channels[0]).order_by("seq")
    got = [
        arrivals.Arrival(channels[0], [ref], "", False, later, failed=failed)
        for ref, failed in zip(
            listed.values_list("external_id", flat=True)[:3],
            ("", "", PHONE_OFF),
            strict=True,
        )
    ]
    arrivals.record_receipts(got)


def wishes(account: dict[str, str]) -> dict[str, Any]:
    """What the simulator is told of them."""
    return {
        "zalo_groups": [{"id": GROUP, "oa": account["id"], "name": "Nhóm Mặt trận xã Bích Hào"}],
        "sms_accounts": [SMS],
        "youtube_channels": [
            {"id": VIDEOS, "name": "Mặt trận tỉnh Nghệ An", "refresh_token": "sample-consent"}
        ],
    }
