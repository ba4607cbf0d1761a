"""Doors of the room: the board and its lists, one household, the village's reviews, what everybody sees."""
