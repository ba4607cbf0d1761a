"""Form fields that three rooms need."""

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A calendar day: picked, or typed as 22/11/2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)
