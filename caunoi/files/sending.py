"""Give a file to a browser so that it can be nothing but what it is: fixed type, no guessing, kept by no one on the way."""

import re

from django.http import HttpRequest, HttpResponse

from caunoi.files import queries
from caunoi.files.models import StoredFile
from caunoi.files.terms import FileKind

ENDINGS = {
    "image/webp": "webp",
    "audio/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}


ONLY_ITSELF = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)
PART = re.compile(r"bytes=(\d+)-(\d*)")


def answer_with(
    request: HttpRequest, file: StoredFile, *, for_everybody: bool = False
) -> HttpResponse:
    """Return the file, its small picture (``?nho=1``), or the part of it that a player asks for.

    for_everybody  a released photo, which caches on the way may keep for some minutes; anything else stays in the one browser
    """
    body = queries.bytes_of(file=file, preview="nho" in request.GET)
    word = "anh" if file.kind == FileKind.PHOTO else "ghi-am"
    name = f"{word}-{str(file.pk)[:8]}.{ENDINGS[file.media_type]}"
    return answer_bytes(
        request, body, media_type=file.media_type, name=name, for_everybody=for_everybody
    )


def answer_bytes(
    request: HttpRequest, body: bytes, *, media_type: str, name: str, for_everybody: bool = False
) -> HttpResponse:
    """Return a picture or a recording, or the part of it that a player asks for."""
    response = _part(request, body) or HttpResponse(body)
    response["Content-Type"] = media_type
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = ONLY_ITSELF
    response["Cache-Control"] = "public, max-age=300" if for_everybody else "private, max-age=600"
    response["Accept-Ranges"] = "bytes"
    # A part of a file must not be compressed on the way out.
    response["Content-Encoding"] = "identity"
    return response


def _part(request: HttpRequest, body: bytes) -> HttpResponse | None:
    """Players of iPhones play nothing that cannot be asked for in parts."""
    asked = PART.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return None
    first = int(asked[1])
    last = min(int(asked[2] or len(body)), len(body) - 1)
    if first > last:
        return None
    response = HttpResponse(body[first : last + 1], status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    return response
