"""What we believe about YouTube and could not check with a real channel. Change it here; reasons of refusals stand in ``errors.py``."""

MAX_TITLE = 100
MAX_TEXT = 1_500
"""A description has 5,000 bytes, a Vietnamese letter up to three; the link comes on top."""
PART_BYTES = 8 * 256 * 1024
"""Parts are whole multiples of 256 KiB, all but the last."""
TRIES = 4
"""How often we ask where the upload stands before we leave it for later."""
UPLOADS_A_DAY = 20
"""A brake of our own. Google gives one project 100 uploads a day, whichever channels they go to."""
CALLS_PER_MINUTE, CALLS_PER_MINUTE_ALL = 60, 300
CATEGORY = "25"
"""News and politics; the number is remembered."""
PRIVACY = "public"
"""Videos of a project that Google has not looked at stay private whatever is asked: see README."""
PROCESSED, LOST = "processed", frozenset({"failed", "rejected", "deleted"})
"""How ``uploadStatus`` ends."""
RESET_ZONE = "America/Los_Angeles"
"""At midnight there the day's quota begins anew."""
LIST_COUNT, LIST_PAGES = 50, 2
SCOPE = "https://www.googleapis.com/auth/youtube.upload https://www.googleapis.com/auth/youtube"
"""To upload, and to read back and delete what we uploaded; there is no narrower right for that (remembered)."""
PATHS = {
    "consent": "/o/oauth2/v2/auth",
    "token": "/token",
    "upload": "/upload/youtube/v3/videos",
    "videos": "/youtube/v3/videos",
    "channels": "/youtube/v3/channels",
    "uploads": "/youtube/v3/playlistItems",
}
WATCH = "https://www.youtube.com/watch?v="
