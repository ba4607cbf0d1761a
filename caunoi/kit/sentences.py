"""Sentences that were stored in English and are read in the reader's language."""

import re

from django.utils.translation import gettext

CODE = re.compile(r"^(?P<sentence>.*) \[(?P<code>[^\[\]]{1,60})\]$", re.DOTALL)


def said(stored: str) -> str:
    """Return the stored sentence in the reader's language; a code in brackets behind it stays as it is."""
    found = CODE.match(stored)
    if found is None:
        return gettext(stored) if stored else ""
    return f"{gettext(found['sentence'])} ({found['code']})"
