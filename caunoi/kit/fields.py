"""Form fields that three rooms need."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

LARGEST = 10**12


class DayField(forms.DateField):
    """A calendar day: picked, or typed as 22/11/2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)


class AmountField(forms.CharField):
    """A whole amount, as people type it: 60.000.000, 60 000 000, 60000000 đ. Left empty where it may be, it is nought."""

    def __init__(self, *, most: int = LARGEST, least: int = 1, **more: Any) -> None:
        self.most, self.least = most, least
        more.setdefault("max_length", 24)
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        text = re.sub(r"[\s.]|đ(ồng)?$", "", super().clean(value).strip().lower())
        if not text:
            return 0
        if not (text.isascii() and text.isdigit()) or not self.least <= int(text) <= self.most:
            raise forms.ValidationError(_("Write a whole number, like 60.000.000."))
        return int(text)
