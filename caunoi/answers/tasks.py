"""Jobs of the answers library."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.answers import index
from caunoi.kit import jobs


@jobs.every("*/15 * * * *", title=gettext_noop("Index the answered questions anew"))
def reindex(at: datetime) -> int:
    """Build the index again when the word lists changed with a new release; most rounds find nothing to do."""
    del at
    return 0 if index.is_current() else index.rebuild()
