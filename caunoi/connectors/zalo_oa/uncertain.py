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

MAX_TITLE, MAX_AUTHOR, MAX_DESCRIPTION = 150, 50, 300
"""Seen in other people's programs only."""
MAX_ARTICLE = 20_000
"""A guess: Zalo names no limit for the body of an article."""
ARTICLE_LOOKS_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Pauses before each look whether an article is ready; Zalo only says that it takes a while."""
ARTICLE_LIST_COUNT, ARTICLE_LIST_PAGES = 10, 5
BROADCASTS_A_MONTH = 4
"""What a follower may get from one account; the plan of the account may allow less, and Zalo then says so."""
CALLS_PER_MINUTE_ALL = 3_600
"""Zalo counts 4,000 a minute for all accounts of one application; a tenth is left for what people ask meanwhile."""
