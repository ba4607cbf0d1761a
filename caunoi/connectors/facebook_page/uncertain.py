"""What we believe about Facebook and could not check with a real Page. Change it here; error codes stand in ``errors.py``."""

MAX_COMMENT = 8000
MAX_MESSAGE = 2000
STANDARD_WINDOW_HOURS = 24
HUMAN_AGENT_DAYS = 7
PRIVATE_REPLY_DAYS = 7
CALLS_PER_MINUTE = 60

LONGEST_PAUSE_SECONDS = 86_400.0
PAGE_SIZE = "100"
READ_BACK_PAGES = 20
CATCH_UP_PAGES = 10
CATCH_UP_POSTS = 25
"""How many of the newest posts are looked through for comments nobody told us of; each is one call."""
CATCH_UP_POST_DAYS = 60
