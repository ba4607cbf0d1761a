"""Passwords that everybody in the commune would try first."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from caunoi.kit.text import fold

WORDS = ("mattran", "caunoi", "matkhau", "danhoi", "vietnam", "uibanmttq")


SHORTEST = 10


class LongEnough:
    """Refuse a short password. (Django's own check has no Vietnamese.)"""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(
                _("Too short: at least %(n)d characters, a short sentence for example."),
                code="too_short",
                params={"n": SHORTEST},
            )

    def get_help_text(self) -> str:
        return _("At least 10 characters. A short sentence of your own is good.")


class NoPlaceWords:
    """Refuse a password that is little more than a word everybody here knows."""

    def validate(self, password: str, user: object = None) -> None:
        plain = fold(password).replace(" ", "")
        rest = plain
        for word in WORDS:
            rest = rest.replace(word, "")
        if len(rest) < 5:
            raise ValidationError(
                _("This password is one that others would try first. Use a few words of your own."),
                code="place_words",
            )

    def get_help_text(self) -> str:
        return _("At least 10 characters. A short sentence of your own is good.")
