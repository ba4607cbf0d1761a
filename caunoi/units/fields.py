"""A form field that names one unit of a day's tree."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caunoi.units import queries
from caunoi.units.terms import UnitNow

SHOWN_CHOICES = 6


class UnitField(forms.CharField):
    """A full name, official code or address word; the form sets ``on``. Gives the unit, or says which ones fit."""

    on: date

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Unit"))
        kwargs.setdefault("help_text", gettext_lazy("Name or code, like Xã Bích Hào or 17818"))
        super().__init__(max_length=140, **kwargs)

    def clean(self, value: Any) -> UnitNow | None:
        text = super().clean(value)
        if not text:
            return None
        found = queries.named(text=text, on=self.on)
        if len(found) == 1:
            return found[0].unit
        if not found:
            raise forms.ValidationError(_("No unit of that name or code exists today."))
        places = "; ".join(
            f"{f.unit.full_name}, {f.within} ({f.unit.slug})" for f in found[:SHOWN_CHOICES]
        )
        raise forms.ValidationError(
            _("Several units fit: %(places)s. Write the word in brackets.") % {"places": places}
        )
