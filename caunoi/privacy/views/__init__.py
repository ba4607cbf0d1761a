"""Doors of the room: for askers (``own``), for staff (``desk``), for everybody (``open``)."""
