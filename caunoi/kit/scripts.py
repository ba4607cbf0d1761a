"""Letters that phones and printers may lack: cut from installed fonts when static files are gathered, never committed.

Khmer comes from the package ``fontpkg-noto-sans-khmer`` (OFL 1.1). For Tai Viet and Cham there is no such package: they are taken
from where the system's own packages put them (Debian: fonts-noto-core, OFL 1.1), or from a file named in the settings
(``SCRIPT_FONTS``); without either the letters are left to the fonts of the phone, and pages for those who write say so.

    kit/scripts.css                 which language is set in which letters; a browser fetches a font only when it meets its letters
    kit/noto-sans-khmer.woff2       about 30 kB
"""

import hashlib
import importlib.util
import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

RECIPE = 1
"""One more when what is made of the same font file changes."""
WEIGHTS = (400, 700)


@dataclass(frozen=True, slots=True)
class Letters:
    """One script: its languages, its letters, what phones call their own font for it, and the package that holds one."""

    script: str
    family: str
    tags: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    others: tuple[str, ...]
    package: str = ""

    @property
    def file_name(self) -> str:
        return self.family.lower().replace(" ", "-") + ".woff2"

    @property
    def unicode_range(self) -> str:
        return ",".join(f"U+{first:X}-{last:X}" for first, last in self.ranges)


SCRIPTS = (
    Letters(
        "Khmr",
        "Noto Sans Khmer",
        ("km",),
        ((0x1780, 0x17FF), (0x19E0, 0x19FF)),
        ("Khmer OS", "Khmer UI", "Leelawadee UI", "Khmer Sangam MN"),
        "fontpkg_noto_sans_khmer",
    ),
    Letters("Tavt", "Noto Sans Tai Viet", ("blt", "twh"), ((0xAA80, 0xAADF),), ("Tai Heritage Pro",)),
    Letters("Cham", "Noto Sans Cham", ("cjm",), ((0xAA00, 0xAA5F),), ()),
)  # fmt: skip


def font_of(letters: Letters) -> Path | None:
    """Return the font file that holds these letters: the one named in the settings, else the package's; None when there is none."""
    named = settings.SCRIPT_FONTS.get(letters.script, "")
    if named:
        return Path(named) if Path(named).is_file() else None
    found = importlib.util.find_spec(letters.package) if letters.package else None
    if found is None or not found.submodule_search_locations:
        return _of_system(letters)
    folder = Path(next(iter(found.submodule_search_locations)))
    return next(iter(sorted(folder.rglob("*.ttf"))), None)


def _of_system(letters: Letters) -> Path | None:
    name = letters.family.replace(" ", "") + "-Regular.ttf"
    places = (Path(folder, name) for folder in settings.SYSTEM_FONT_FOLDERS)
    return next((p for p in places if p.is_file()), None)


def without_font(script: str) -> bool:
    """True when texts in these letters (ISO 15924) can be neither sent along with a page nor printed here."""
    return any(x.script == script and font_of(x) is None for x in SCRIPTS)


def made_folder() -> Path:
    """Return where what was made lies."""
    return Path(settings.MADE_FOLDER)


def make_all() -> list[str]:
    """Make what is missing or was made of another font file. -> the paths below the static address, the style sheet first."""
    folder = made_folder() / "static" / "kit"
    folder.mkdir(parents=True, exist_ok=True)
    fonts = [(letters, source) for letters in SCRIPTS if (source := font_of(letters))]
    for letters, source in fonts:
        _once(folder / letters.file_name, source, partial(cut, source, letters))
    sheet = style_sheet([letters for letters, _source in fonts])
    there = folder / "scripts.css"
    if not there.is_file() or there.read_text(encoding="utf-8") != sheet:
        there.write_text(sheet, encoding="utf-8")
    return ["kit/scripts.css", *(f"kit/{letters.file_name}" for letters, _source in fonts)]


def printing_folders(text: str) -> list[Path]:
    """Return folders with fonts for the scripts this text is written in; none for Latin letters alone.

    What is cut for the browser is too narrow for paper, so a sheet has the whole font, upright and in one weight.
    """
    folder = made_folder() / "paper"
    wanted = [x for x in SCRIPTS if any(a <= ord(c) <= b for c in text for a, b in x.ranges)]
    there = []
    for letters in wanted:
        source = font_of(letters)
        if source is not None:
            target = folder / letters.script / letters.file_name.replace(".woff2", ".ttf")
            target.parent.mkdir(parents=True, exist_ok=True)
            _once(target, source, partial(one_weight, source))
            there.append(target.parent)
    return there


def _once(target: Path, source: Path, make: Callable[[], bytes]) -> None:
    """Write the file unless it was made of this very source; many processes may do it at once."""
    stat = source.stat()
    mark = hashlib.sha256(f"{RECIPE}:{source}:{stat.st_size}:{stat.st_mtime_ns}".encode()).hexdigest()  # fmt: skip
    note = target.with_suffix(".made")
    if target.is_file() and note.is_file() and note.read_text() == mark:
        return
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_bytes(make())
    draft.replace(target)
    note.write_text(mark)


def cut(source: Path, letters: Letters) -> bytes:
    """Return a WOFF2 with these letters and what shapes them, light and bold in one where the font allows."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(source, lazy=False)
    options = subset.Options(layout_features=["*"], hinting=False, name_IDs=[0, 1, 2, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[c for first, last in letters.ranges for c in range(first, last + 1)])
    cutter.subset(font)
    if "fvar" in font:
        font = _narrowed(font, weights=WEIGHTS)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def one_weight(source: Path) -> bytes:
    """Return the whole font in its regular weight: what sets paper knows no fonts that vary."""
    from fontTools.ttLib import TTFont

    font = TTFont(source, lazy=False)
    if "fvar" in font:
        font = _narrowed(font, weights=(WEIGHTS[0], WEIGHTS[0]))
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _narrowed(font: Any, *, weights: tuple[int, int]) -> Any:
    from fontTools.varLib import instancer

    axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
    wanted: dict[str, Any] = dict(axes)
    if "wght" in axes:
        wanted["wght"] = weights if weights[0] != weights[1] else weights[0]
    return instancer.instantiateVariableFont(font, wanted)


def style_sheet(made: Iterable[Letters]) -> str:
    """Return the style sheet: a face for each font that was made, a stack of fonts for every script."""
    faces = [
        f'@font-face{{font-family:"{x.family}";src:url("{x.file_name}") format("woff2");'
        f"font-weight:{WEIGHTS[0]} {WEIGHTS[1]};font-display:swap;unicode-range:{x.unicode_range}}}"
        for x in made
    ]
    stacks = []
    for x in SCRIPTS:
        # Fonts of other scripts lack Vietnamese letters, so a Latin one comes first.
        names = ", ".join(f'"{n}"' for n in ("Noto Sans", x.family, *x.others))
        where = ",".join(f":lang({tag})" for tag in x.tags)
        stacks.append(f"{where}{{font-family:{names}, system-ui, sans-serif;line-height:1.8}}")
    return "\n".join([*faces, *stacks, ""])


class MadeFiles(BaseFinder):
    """Finds what ``make_all`` makes, as if it lay in a static folder."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=made_folder() / "static")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [self.storage.path(p) for p in make_all() if p == path.replace("\\", "/")]
        if find_all or kwargs.get("all"):
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        for path in make_all():
            yield path, self.storage
