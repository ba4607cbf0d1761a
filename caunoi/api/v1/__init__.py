"""Version 1 of the interface for machines: one file a subject, put together in ``interface.py``."""
