"""Typed reading of the environment: a wrong value stops the start with a sentence that says what to write."""

import os
from pathlib import Path

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class SettingError(ValueError):
    """A setting in the environment cannot be used."""


def text(name: str, default: str = "") -> str:
    """Return ``NAME``, or the content of the file named by ``NAME_FILE``, or ``default``."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no setting. Raises SettingError for any other word."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise SettingError(f"{name}={value!r}: write 1 or 0")


def number(name: str, default: int) -> int:
    """Return a whole number. Raises SettingError for anything else."""
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise SettingError(f"{name}={value!r}: write a whole number") from error


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without empty words."""
    return [w.strip() for w in text(name, default).split(",") if w.strip()]
