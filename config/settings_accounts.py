"""Signing in: allauth, second factor, lock-out, OIDC. Owned by the room ``staff``."""

# Filled by the room staff.
