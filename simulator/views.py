"""Turning a template into a page that people can read."""

from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

VIETNAM = timezone(timedelta(hours=7))
SAFETY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def hour_and_day(at_ms: int) -> str:
    """-> the moment as people in Vietnam write it."""
    return datetime.fromtimestamp(at_ms / 1000, tz=VIETNAM).strftime("%H:%M, %d/%m/%Y")


def initials(name: str) -> str:
    """-> one or two letters that stand for a name."""
    words = name.split()
    return (words[0][:1] + words[-1][:1]).upper() if len(words) > 1 else name[:1].upper()


@cache
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = hour_and_day
    environment.filters["initials"] = initials
    return environment


def page(name: str, *, status: int = 200, watch: bool = False, **values: object) -> HTMLResponse:
    """-> the page; with *watch* it loads itself again every few seconds."""
    text = templates().get_template(name).render(watch=watch, **values)
    return HTMLResponse(text, status_code=status, headers=SAFETY)
