"""The doors of working together."""
