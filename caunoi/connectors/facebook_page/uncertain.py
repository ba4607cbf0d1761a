"""What we believe about Facebook and could not check with a real Page. Change it here; error codes stand in ``errors.py``."""

MAX_COMMENT = 8000
MAX_MESSAGE = 2000
MAX_POST = 63_206
"""Seen in a public tool that posts to Pages, not on a Page of our own."""
PICTURES_A_POST = 10
LARGEST_PICTURE_BYTES = 4 * 1024 * 1024
"""Facebook recommends four megabytes and refuses somewhere below ten. Ours are drawn at 300 kB at most."""
VIDEO_PART_BYTES = 2 * 1024 * 1024
"""Facebook says after each part how much it wants next; we never send more at once than this."""
VIDEO_TRIES = 4
"""How often a part is tried again from where Facebook has it."""
VIDEO_READY, VIDEO_LOST = frozenset({"ready", "upload_complete"}), frozenset({"error", "expired"})
"""How ``status.video_status`` of a video ends."""
LARGEST_VIDEO_BYTES, LONGEST_VIDEO_SECONDS = 10 * 1024**3, 4 * 3600
"""Limits we remember; ours are far below."""
STANDARD_WINDOW_HOURS = 24
HUMAN_AGENT_DAYS = 7
PRIVATE_REPLY_DAYS = 7
CALLS_PER_MINUTE = 60
SEEN, PEOPLE, ACTED = (
    "post_media_view",
    "post_total_media_view_unique",
    "post_reactions_like_total",
)
"""Metrics of a post that took the place of the impressions retired in 2025 and 2026; seen in public tools, not on a Page of our own."""

LONGEST_PAUSE_SECONDS = 86_400.0
PAGE_SIZE = "100"
READ_BACK_PAGES = 20
CATCH_UP_PAGES = 10
CATCH_UP_POSTS = 25
"""How many of the newest posts are looked through for comments nobody told us of; each is one call."""
CATCH_UP_POST_DAYS = 60
