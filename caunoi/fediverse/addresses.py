"""Where everything of a unit stands for other servers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def host() -> str:
    """Return the name of this house in handles."""
    return urlsplit(settings.PUBLIC_URL).netloc


def actor(slug: str) -> str:
    """Return the unit's id."""
    return settings.PUBLIC_URL + reverse("fediverse:actor", args=[slug])


def note(number: str) -> str:
    """Return a notice's id."""
    return settings.PUBLIC_URL + reverse("fediverse:note", args=[number])


def page_of_unit(slug: str) -> str:
    """Return the page people read about the unit."""
    return settings.PUBLIC_URL + reverse("portal:unit", args=[slug])


def page_of_notice(number: str) -> str:
    """Return the notice's permanent page."""
    return settings.PUBLIC_URL + reverse("notices:public", args=[number])


def picture(number: str, pk: object) -> str:
    """Return where a picture of the notice stands."""
    return settings.PUBLIC_URL + reverse("notices:picture", args=[number, pk])
