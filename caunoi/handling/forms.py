"""What people choose and write in the inbox."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from caunoi.cases.filtering import DUE, ME, NOBODY, SORTS
from caunoi.cases.queries import VIEWS, Filters
from caunoi.handling import labels
from caunoi.units import queries as units

Choices = Iterable[tuple[str, Any]]
ANY = ("", _("any"))


def _choice(name: str, known: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=labels.FILTERS[name], required=False, choices=[ANY, *known.items()]
    )


class FilterForm(forms.Form):
    """The inbox's filters as they stand in the address; what makes no sense is dropped, never refused."""

    view = forms.ChoiceField(required=False, choices=[(v, labels.VIEWS[v]) for v in VIEWS])
    q = forms.CharField(label=labels.FILTERS["q"], required=False, max_length=150)
    due = _choice("due", {d: labels.DUE[d] for d in DUE})
    assignee = forms.CharField(label=labels.FILTERS["assignee"], required=False, max_length=20)
    topic = forms.CharField(label=labels.FILTERS["topic"], required=False, max_length=40)
    kind = _choice("kind", labels.KINDS)
    state = _choice("state", labels.STATES)
    origin = _choice("origin", labels.ORIGINS)
    channel = _choice("channel", labels.CHANNELS)
    unit = forms.CharField(label=labels.FILTERS["unit"], required=False, max_length=140)
    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", ""), *((s, labels.SORTS[s]) for s in SORTS)]
    )

    def offer(self, name: str, choices: Choices) -> None:
        """Let the field be chosen from a list instead of typed."""
        known = [ANY, *choices]
        given = self.data.get(name, "")
        if given and given not in {k for k, _label in known}:
            known.append((given, given))
        self.fields[name].widget = forms.Select(choices=known)

    def chosen(self) -> dict[str, str]:
        """Return what was chosen and makes sense, in the order of the fields; the plain view is left out."""
        self.is_valid()
        words = {n: str(self.cleaned_data.get(n) or "") for n in self.fields}
        if not _is_assignee(words["assignee"]):
            words["assignee"] = ""
        return {n: w for n, w in words.items() if w and (n, w) != ("view", "todo")}


def _is_assignee(word: str) -> bool:
    return word in {ME, NOBODY} or (word.isascii() and word.isdigit() and len(word) < 16)


def filters_of(chosen: Mapping[str, str], *, on: date) -> Filters:
    """Return the filters these words of an address mean; an unknown unit is no filter."""
    unit = units.by_slug(slug=chosen["unit"], on=on) if chosen.get("unit") else None
    named = {k: v for k, v in chosen.items() if k not in {"q", "unit"}}
    return Filters(**named, text=chosen.get("q", ""), unit_id=unit.id if unit else None)


def words_of(query: str) -> dict[str, str]:
    """Return what a saved view's words choose."""
    return FilterForm(QueryDict(query)).chosen()


def address_of(chosen: Mapping[str, str]) -> str:
    """Return the words as they stand in an address, always in the same order."""
    return urlencode(dict(chosen))


class ViewForm(forms.Form):
    """Keep the view under a name."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    query = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    unit = forms.UUIDField(label=_("For whom"), required=False)

    def clean_query(self) -> str:
        return address_of(words_of(self.cleaned_data["query"]))
