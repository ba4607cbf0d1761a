"""The push service of a browser."""
