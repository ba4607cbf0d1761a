"""Forms of statements: a file of a bank, its columns, what is looked for, what is done with a line."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.funds import codes
from caunoi.kit.fields import DayField
from caunoi.statements import figures, layouts
from caunoi.statements.queries import FAR, LAST, Wanted
from caunoi.statements.rules import SHORTEST_SEARCH
from caunoi.statements.terms import Column, UnreadableFile

LONGEST_SEARCH = 80
COLUMN_LABELS = {
    Column.ON: _("Day"),
    Column.CREDIT: _("What came in"),
    Column.DEBIT: _("What went out"),
    Column.AMOUNT: _("Amount (in and out in one column)"),
    Column.MEMO: _("Words of the transfer"),
    Column.REFERENCE: _("Number of the bank"),
    Column.BALANCE: _("Balance"),
    Column.OTHER_NAME: _("Name of the other side"),
    Column.OTHER_ACCOUNT: _("Account of the other side"),
    Column.CURRENCY: _("Currency"),
}


class AmountField(forms.CharField):
    """So many đồng, typed as 500000 or 500.000."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return figures.amount_of(text)
        except UnreadableFile:
            raise forms.ValidationError(_("Write the amount in figures, like 500.000.")) from None


class UploadForm(forms.Form):
    """A file of a bank and the account it is of."""

    campaign = forms.ChoiceField(label=_("Campaign"))
    bank = forms.ChoiceField(label=_("Bank"), required=False)
    number = forms.CharField(
        label=_("Account number"),
        max_length=40,
        required=False,
        help_text=_("Empty: the account that stands in the appeal."),
    )
    sole = forms.BooleanField(
        label=_("The account takes money for this campaign only"),
        required=False,
        help_text=_("Then a transfer without a code is taken as meant for the campaign too."),
    )
    file = forms.FileField(
        label=_("The bank's file"),
        help_text=_("XLSX, CSV, CAMT.053 or MT940 as the bank gives it, up to 100 MB and 1,000,000 lines; a larger CSV goes into a ZIP."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaigns: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].choices = campaigns  # type: ignore[attr-defined]
        banks = [(one.bank, one.name) for one in layouts.SHIPPED.values()]
        self.fields["bank"].choices = banks  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """Which column of the sheet says what."""

    def __init__(self, *args: Any, header: Sequence[str], chosen: dict[Column, int], month_first: bool, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        none: list[tuple[str, Any]] = [("", _("not in this sheet"))]
        places = [(str(n), f"{_letter(n)}: {name[:60]}") for n, name in enumerate(header) if name]
        for column, label in COLUMN_LABELS.items():
            self.fields[column.value] = forms.TypedChoiceField(
                label=label,
                choices=none + places,
                coerce=int,
                empty_value=None,
                required=False,
                initial=str(chosen[column]) if column in chosen else "",
            )
        self.fields["month_first"] = forms.BooleanField(
            label=_("The month stands before the day (11/23/2026)"),
            required=False,
            initial=month_first,
        )

    def columns(self) -> dict[Column, int]:
        """Return what was chosen."""
        said = {c: self.cleaned_data.get(c.value) for c in COLUMN_LABELS}
        return {c: n for c, n in said.items() if n is not None}


def _letter(place: int) -> str:
    return chr(65 + place) if place < 26 else f"{chr(64 + place // 26)}{chr(65 + place % 26)}"


class SearchForm(forms.Form):
    """What everybody looks for in a statement."""

    q = forms.CharField(
        label=_("Code, name or words of your transfer"),
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    tien = AmountField(label=_("Amount"), required=False)
    tu = DayField(label=_("From day"), required=False)
    den = DayField(label=_("To day"), required=False)

    def clean_q(self) -> str:
        text = " ".join(self.cleaned_data["q"].split())
        if text and codes.number_of(text) is None and len(text) < SHORTEST_SEARCH:
            raise forms.ValidationError(_("Type at least three letters."))
        return text

    def wanted(self, after: str) -> Wanted:
        """Return what is looked for; ``after`` is the last line of the page before, as ``mark`` wrote it."""
        said = self.cleaned_data
        number = codes.number_of(said["q"]) if said["q"] else None
        return Wanted(
            text="" if number is not None else said["q"],
            code=number,
            amount=said["tien"],
            first_on=said["tu"] or Wanted().first_on,
            last_on=said["den"] or FAR,
            after=read_mark(after),
        )


def mark(on: Any, pk: int) -> str:
    """Return how the last line of a page stands in an address."""
    return f"{on:%Y%m%d}-{pk}"


def read_mark(text: str) -> tuple[Any, int]:
    """Read what ``mark`` wrote; anything else is the beginning."""
    day, _sign, pk = text.partition("-")
    on = figures.day_of(f"{day[:4]}-{day[4:6]}-{day[6:8]}") if len(day) == 8 and day.isascii() and day.isdigit() else None  # fmt: skip
    if on is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return FAR, LAST
    return on, int(pk)


class MatchForm(forms.Form):
    """For what money without a code was meant."""

    purpose = forms.ChoiceField(label=_("For what"), required=False)
    code = forms.CharField(
        label=_("Code of a promise or a need"),
        max_length=40,
        required=False,
        help_text=_("Empty: the campaign as a whole."),
    )

    def __init__(self, *args: Any, purposes: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", _("free for all purposes")), *purposes]  # type: ignore[attr-defined]

    def clean_code(self) -> int | None:
        text = self.cleaned_data["code"].strip()
        number = codes.number_of(text) if text else None
        if text and number is None:
            raise forms.ValidationError(_("This is no code. It looks like UH0123456 with a check sign at the end."))  # fmt: skip
        return number


class SoleForm(forms.Form):
    """From which day on an account takes money for its campaign only, or no longer."""

    sole = forms.ChoiceField(
        label=_("A transfer without a code"),
        choices=[("1", _("is meant for the campaign")), ("0", _("waits to be matched"))],
    )  # fmt: skip
    since = DayField(label=_("From day"))
    reason = forms.CharField(label=_("Why"), max_length=200)


class ReasonForm(forms.Form):
    """Why a whole file is taken back."""

    reason = forms.CharField(
        label=_("Why is the whole file taken back?"), max_length=300, min_length=10,
        help_text=_("For example: brought in under a wrong account number. It stays in the history."),
    )  # fmt: skip


class NoteForm(forms.Form):
    """Where money that went out stands in the books."""

    note = forms.CharField(label=_("Number of the voucher, or why it is set aside"), max_length=200)
