"""What we believe about groups of an Official Account and could not check with a real one. Change it here."""

PATHS = {
    "send": "/v3.0/oa/group/message",
    "look": "/v3.0/oa/group/getgroup",
    "read": "/v3.0/oa/group/conversation",
}
"""``send`` was seen in other people's programs; ``look`` and ``read`` are names we remember."""
MAX_MESSAGE = 2000
"""The limit of a message to one person; Zalo names none for groups."""
LINK_ROOM = 250
"""Kept free for the link below the words."""
MESSAGES_A_DAY = 20
"""A brake of our own: a group that gets more is muted. Zalo lets an account write to its group at any hour."""
CALLS_PER_MINUTE = 60
READ_COUNT, READ_PAGES = 10, 5
