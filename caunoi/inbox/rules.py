"""Decisions about what comes in: pure."""

import re
from datetime import timedelta

from caunoi.kit.text import fold

ORPHAN_WAITS = timedelta(minutes=10)
LEASE = timedelta(seconds=60)
RETRY_SECONDS = (5, 30, 120, 600, 3600)
"""Pauses before a delivery that could not be read is tried again; then it is failed and waits for a person."""

SMALL_TALK = re.compile(
    r"^(da|vang|da vang|vang a|ok|oke|okie|cam on|cam on .{0,20}|xin cam on.{0,20}|chao.{0,12}|xin chao.{0,12}|alo+|hi|hello|like|\.+|chuc.{0,40})$"
)
LETTER = re.compile(r"[^\W\d_]")


def is_question(text: str) -> bool:
    """True when a message asks or reports something; greetings, thanks, single marks and empty texts do not.

    In doubt it is a question: a person decides quickly, and nobody is left without an answer.
    """
    plain = fold(text)
    if len(LETTER.findall(plain)) < 4:
        return False
    return SMALL_TALK.match(plain.rstrip(" .!~?a")) is None


def retry_after(attempts: int) -> timedelta | None:
    """Return the pause before attempt ``attempts + 1``; None when it was the last."""
    if attempts > len(RETRY_SECONDS):
        return None
    return timedelta(seconds=RETRY_SECONDS[attempts - 1])
