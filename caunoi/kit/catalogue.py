"""The Vietnamese catalogue: found in the code, kept in one ``.po`` file a room, compiled without any system program.

English sentences are the keys. A room's catalogue is ``caunoi/<room>/locale/vi/LC_MESSAGES/django.po``.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOMS = Path(__file__).resolve().parent.parent
FUNCTIONS = {
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "_": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": ("context", 0),
    "pgettext_lazy": ("context", 0),
}
TEMPLATE_CALL = re.compile(
    r"(?P<name>n?p?gettext|_)\((?P<arguments>(?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?\s*)+)",
    re.DOTALL,
)
ERROR_FILES = {
    "sheet.py",
    "successions.py",
    "account_actions.py",
    "actions.py",
    "agencies.py",
    "agency_links.py",
    "demo.py",
    "faces.py",
    "ground.py",
    "importing.py",
    "joining.py",
    "same_question.py",
    "hops.py",
    "proposals.py",
    "referrals.py",
    "reminders.py",
    "token_keeper.py",
    "undo.py",
    "versions.py",
}
HEADER = {
    "Project-Id-Version": "caunoi",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "vi",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said to a person, as it stands in the code."""

    msgid: str
    plural: str = ""
    context: str = ""


def sentences(room: Path) -> set[Sentence]:
    """Return every sentence in the Python files and templates of one room."""
    found: set[Sentence] = set()
    for file in room.rglob("*.py"):
        if "tests" not in file.parts and "migrations" not in file.parts:
            source = file.read_text(encoding="utf-8")
            found.update(in_python(source))
            if (
                file.name in ERROR_FILES
                or file.name.startswith("actions_")
                or "connectors" in file.parts
            ):
                found.update(in_errors(source))
    for file in (room / "templates").rglob("*"):
        if file.suffix in {".html", ".txt"}:
            found.update(in_template(file.read_text(encoding="utf-8"), str(file)))
    return found


def in_python(source: str) -> Iterator[Sentence]:
    """Yield what calls of gettext and its kin say; only plain strings can be found."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        words = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if name in FUNCTIONS and words and isinstance(node.args[0], ast.Constant):
            yield _sentence(name, words)


def in_errors(source: str) -> Iterator[Sentence]:
    """Yield the literal sentences of raised errors and of tables of explanations: doors translate them when they are shown."""
    for node in ast.walk(ast.parse(source)):
        raised = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args
        literals = [node.exc.args[0]] if raised else []  # type: ignore[union-attr,attr-defined]
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXPLAINED":
            literals = list(node.value.values) if isinstance(node.value, ast.Dict) else []
        for literal in literals:
            if (
                isinstance(literal, ast.Constant)
                and isinstance(literal.value, str)
                and literal.value.endswith(".")
            ):
                yield Sentence(literal.value)


def in_template(source: str, origin: str) -> Iterator[Sentence]:
    """Yield what ``translate`` and ``blocktranslate`` say."""
    from django.utils.translation import templatize

    for call in TEMPLATE_CALL.finditer(templatize(source, origin=origin)):
        words = ast.literal_eval("[" + call["arguments"].rstrip(", \n") + "]")
        yield _sentence(call["name"].replace("npgettext", "pgettext"), words)


def _sentence(name: str, words: list[str]) -> Sentence:
    shape = FUNCTIONS[name]
    if shape[0] == "context":
        return Sentence(words[1], context=words[0]) if len(words) > 1 else Sentence(words[0])
    return Sentence(words[0], plural=words[1] if len(shape) > 1 and len(words) > 1 else "")


def rooms() -> list[Path]:
    """Return the rooms that say anything."""
    return sorted(p for p in ROOMS.iterdir() if p.is_dir() and (p / "__init__.py").is_file())


def update_all() -> list[tuple[str, str]]:
    """Write every room's catalogue: new sentences without translation, vanished ones dropped. -> what lacks Vietnamese."""
    lacking: list[tuple[str, str]] = []
    for room in rooms():
        found = sentences(room)
        if not found:
            continue
        catalogue = _open(room)
        _merge(catalogue, found)
        target = _file(room)
        target.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(target))
        lacking += [(room.name, e.msgid) for e in catalogue if not _translated(e)]
    return lacking


def missing() -> list[tuple[str, str]]:
    """Return (room, sentence) for everything without finished Vietnamese; writes nothing."""
    lacking = []
    for room in rooms():
        known = {(e.msgid, e.msgctxt or "") for e in _open(room) if _translated(e)}
        lacking += [
            (room.name, s.msgid)
            for s in sorted(sentences(room), key=str)
            if (s.msgid, s.context) not in known
        ]
    return lacking


def compile_all() -> None:
    """Make the ``.mo`` files that are older than their catalogue."""
    for room in rooms():
        source = _file(room)
        target = source.with_suffix(".mo")
        if source.is_file() and (
            not target.is_file() or target.stat().st_mtime < source.stat().st_mtime
        ):
            polib.pofile(str(source)).save_as_mofile(str(target))


def _file(room: Path) -> Path:
    return room / "locale" / "vi" / "LC_MESSAGES" / "django.po"


def _open(room: Path) -> polib.POFile:
    file = _file(room)
    if file.is_file():
        return polib.pofile(str(file), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = dict(HEADER)
    return catalogue


def _merge(catalogue: polib.POFile, found: set[Sentence]) -> None:
    wanted = {(s.msgid, s.context): s for s in found}
    for entry in list(catalogue):
        sentence = wanted.pop((entry.msgid, entry.msgctxt or ""), None)
        if sentence is None:
            catalogue.remove(entry)
        elif sentence.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural, entry.msgstr = (
                sentence.plural,
                {0: entry.msgstr},
                "",
            )
    for sentence in sorted(wanted.values(), key=str):
        entry = polib.POEntry(msgid=sentence.msgid, msgctxt=sentence.context or None)
        if sentence.plural:
            entry.msgid_plural, entry.msgstr_plural = sentence.plural, {0: ""}
        if "%(" in sentence.msgid:
            entry.flags.append("python-format")
        catalogue.append(entry)
    catalogue.sort(key=lambda e: (e.msgctxt or "", e.msgid))


def _translated(entry: polib.POEntry) -> bool:
    text = entry.msgstr_plural.get(0) if entry.msgid_plural else entry.msgstr
    return bool(text) and "fuzzy" not in entry.flags
