"""What we believe about Zalo and could not check with a real account. Change it here; error codes stand in ``errors.py``."""

MAX_TEXT = 2000
FREE_HOURS = 48
WINDOW_DAYS = 7
CALLS_PER_MINUTE = 120
STALE_MINUTES = 15
STALE_RETRY_HOURS = 2

PAGE_COUNT = 10
"""Zalo gives at most ten rows a call."""
READ_BACK_PAGES = 10
CATCH_UP_CHAT_PAGES = 20
"""How many chats are looked through after an outage: ten times this many."""
