"""What every template may use: the mode, the public address, the signed-in person."""

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """Return ``demo`` (sample data strip), ``staff`` (Viewer or None) and ``public_url``."""
    return {
        "demo": settings.DEMO,
        "staff": getattr(request, "staff", None),
        "public_url": settings.PUBLIC_URL,
    }
