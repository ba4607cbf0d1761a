"""What we believe about Facebook and could not check with a real Page. Change it here."""

MAX_COMMENT = 8000
MAX_MESSAGE = 2000
STANDARD_WINDOW_HOURS = 24
HUMAN_AGENT_DAYS = 7
PRIVATE_REPLY_DAYS = 7
CALLS_PER_MINUTE = 60

PASSING = frozenset(
    {1, 2, 4, 17, 32, 341, 613, 1200, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008}
)
SLOW = frozenset({368})
SLOW_SECONDS = 3600
RECONNECT = frozenset({102, 190})
# Pause where the provider names none.
PAUSE_SECONDS = 60
STOP_AT_USAGE_PCT = 95

EXPLAINED = {
    10: "The app lacks a permission, or the time to answer this person is over.",
    100: "Facebook does not accept this message in this form.",
    200: "The app lacks the permission to do this on the Page.",
    230: "The app lacks the permission to write messages.",
    506: "Facebook sees the same text as already posted.",
    551: "This person cannot be reached by message now.",
    10900: "This comment was already answered privately; only one private reply is allowed.",
    10903: "Facebook does not allow a private reply to this comment.",
    10904: "Messages are switched off for this Page.",
}
