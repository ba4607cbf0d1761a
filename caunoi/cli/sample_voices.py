"""A sample notice in other languages: Khmer words, a recording that stands for Mông, one that waits, the reading for the loudspeaker."""

import io
import math
import struct
import wave
from datetime import datetime
from typing import Any

KHMER = {
    "title": "ហាមរថយន្តដឹកទំនិញឆ្លងស្ពាន",
    "text": "ពីថ្ងៃស្អែក រថយន្តដឹកទំនិញមិនអាចឆ្លងស្ពានបានបីថ្ងៃ។\nម៉ូតូ និងអ្នកដើរអាចឆ្លងបាន។",
}
"""Written for the letters' sake; nobody who speaks Khmer has read it."""
STANDS_FOR = "Bản mẫu: một tiếng chuông thay cho giọng nói."


def load_voices(people: dict[str, Any], at: datetime) -> None:
    """Tell the notice about the bridge in Khmer and Mông, and let the one about the cattle wait for a second person."""
    from caunoi.cli.sample_notices import ROAD, VACCINES
    from caunoi.notices import actions_spoken, actions_variants
    from caunoi.notices.actions_variants import Told
    from caunoi.notices.models import Notice
    from caunoi.staff.models import Account

    an, binh = people["an"], people["binh"]
    road, cattle = (
        Notice.objects.filter(title=w["title"]).latest("edited_at") for w in (ROAD, VACCINES)
    )
    for who in (an, binh):
        for language in ("hmn", "km"):
            actions_variants.name_reader(
                unit_id=road.unit_id,
                account=Account.objects.get(pk=who.account_id),
                language=language,
                by=binh,
                at=at,
            )
    bell = Told(text=STANDS_FOR, content=_bell())
    for notice, language, form, told, read in (
        (road, "km", "text", Told(title=KHMER["title"], text=KHMER["text"]), True),
        (road, "hmn", "audio", bell, True),
        (cattle, "hmn", "audio", bell, False),
    ):
        kept = actions_variants.write_variant(
            notice=notice, language=language, form=form, told=told, seen_version=0, by=an, at=at
        )
        kept = actions_variants.hand_in_variant(variant=kept, by=an, at=at)
        if read:
            actions_variants.say_right(
                variant=kept,
                seen_version=kept.version,
                seen_source=notice.version,
                by=binh,
                at=at,
            )
    asked = actions_spoken.ask_reading(notice=road, voice="", by=binh, at=at)
    mark = asked.asked_at.isoformat()
    if actions_spoken.make_reading(notice_id=road.pk, asked_at=mark) == "ready":
        actions_spoken.mark_heard(notice=road, asked_at=mark, by=binh, at=at)


def _bell(seconds: int = 2, rate: int = 8000) -> bytes:
    """A bell that fades, as WAV."""
    tone = (
        int(12_000 * math.exp(-2 * n / rate) * math.sin(2 * math.pi * 660 * n / rate))
        for n in range(seconds * rate)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", x) for x in tone))
    return out.getvalue()
