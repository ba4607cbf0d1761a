"""What mail servers commonly bear; every one has rules of its own. Change it here."""

MAX_SUBJECT = 200
MAX_TEXT = 100_000
LETTERS_PER_MINUTE = 10
LETTERS_PER_MINUTE_ALL = 300
TIMEOUT_SECONDS = 20
