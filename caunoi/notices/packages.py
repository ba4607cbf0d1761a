"""What the keeper of a loudspeaker takes along: the script as text, the reading as MP3 and WAV, recordings in other languages."""

import io
import zipfile
from datetime import datetime

from caunoi.files.sending import ENDINGS
from caunoi.kit.templatetags.kit import vi_datetime
from caunoi.kit.text import slug
from caunoi.notices import languages, queries_variants
from caunoi.notices.models import Notice
from caunoi.notices.speech import script_seconds
from caunoi.notices.terms import Form
from caunoi.notices.variant_models import SpokenScript, Variant


def file_name_of(variant: Variant) -> str:
    """Return what a recording or a picture is called when it is taken along: tieng-mong.webm."""
    ending = ENDINGS.get(variant.media_type, "bin")
    return f"{slug(languages.name_of(variant.language))}.{ending}"


def script_page(notice: Notice, *, unit_name: str, at: datetime) -> str:
    """Return the script as a text file with what it is on top. Content, so Vietnamese."""
    script = queries_variants.script_of(notice=notice)
    head = (
        f"{unit_name}\nBản đọc loa: {notice.title}\nSố thông báo: {notice.number}\n"
        f"Dài khoảng {script_seconds(script)} giây. Lấy lúc {vi_datetime(at)}.\n"
    )
    return f"{head}{'-' * 40}\n{script}\n"


def package_of(
    notice: Notice,
    *,
    spoken: SpokenScript | None,
    recordings: list[Variant],
    unit_name: str,
    at: datetime,
) -> bytes:
    """Return a zip: ban-doc.txt always, ban-doc.mp3 and .wav when there is a reading, one file a recording.

    The sound is packed as it is: MP3, Opus and AAC do not shrink; only text and WAV do.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        text = script_page(notice, unit_name=unit_name, at=at).replace("\n", "\r\n")
        # Windows reads a text as UTF-8 when it begins with this mark
        file.writestr("ban-doc.txt", text.encode("utf-8-sig"), zipfile.ZIP_DEFLATED)
        if spoken is not None:
            mp3, wav = queries_variants.sound_of(spoken=spoken)
            file.writestr("ban-doc.mp3", mp3)
            if wav:
                file.writestr("ban-doc.wav", wav, zipfile.ZIP_DEFLATED)
        for variant in recordings:
            if variant.form == Form.AUDIO:
                name = "ghi-am-" + file_name_of(variant)
                file.writestr(name, queries_variants.content_of(variant=variant))
    return out.getvalue()
