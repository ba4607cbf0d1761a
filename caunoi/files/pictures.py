"""Open a picture from a stranger, turn it upright, shrink it, and write it anew, so that nothing but its points is left."""

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_noop
from PIL import Image, ImageOps

from caunoi.files import rules
from caunoi.files.terms import NotAPhoto, PhotoTooBig

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
NOT_OPENED = gettext_noop("This file is no photo that we can open. Send it as JPEG, PNG or WebP.")
TOO_BIG = gettext_noop("This photo is too big to open. Take it again in normal size.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture written anew, and a small one for lists."""

    body: bytes
    preview: bytes
    width: int
    height: int


def draw(content: bytes) -> Drawn:
    """Return the picture as WebP of at most 1600 points an edge and 300 kB, with a preview of at most 40 kB, without metadata.

    Raises NotAPhoto for what is no picture (or a broken one), PhotoTooBig for one that unfolds to more than we open
    """
    picture = _opened(content)
    body, (width, height) = _within(picture, rules.SIZES, rules.HEAVIEST_PHOTO)
    preview, _ = _within(picture, (rules.PREVIEW_EDGE, 320, 200), rules.HEAVIEST_PREVIEW)
    return Drawn(body=body, preview=preview, width=width, height=height)


def as_jpeg(content: bytes) -> bytes:
    """Return a picture we drew ourselves as JPEG, for channels that take nothing newer."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        _on_white(picture).save(out, "JPEG", quality=88)
    return out.getvalue()


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Our own bound follows; Pillow's only warns at the size of many phones' photos.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > rules.MOST_POINTS:
                raise PhotoTooBig(TOO_BIG)
            # A JPEG can be read at half size or less: a phone's photo then needs a fraction of the memory.
            picture.draft("RGB", (rules.LONGEST_EDGE, rules.LONGEST_EDGE))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError as error:
        raise PhotoTooBig(TOO_BIG) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as error:
        raise NotAPhoto(NOT_OPENED) from error
    return _on_white(upright)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a copy that is points alone, on white where it was transparent."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    plain = picture.convert("RGB")
    bare = Image.new("RGB", plain.size)
    bare.paste(plain)
    return bare


def _within(
    picture: Image.Image, edges: tuple[int, ...], heaviest: int
) -> tuple[bytes, tuple[int, int]]:
    """Return the best WebP that is light enough: quality goes first, then size."""
    for edge in edges:
        small = picture.copy()
        small.thumbnail((edge, edge))
        for quality in rules.QUALITIES:
            out = io.BytesIO()
            small.save(out, "WEBP", quality=quality, method=2)
            if out.tell() <= heaviest:
                return out.getvalue(), small.size
    raise PhotoTooBig(TOO_BIG)
