"""What is typed about a campaign at the desk."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from caunoi.campaigns import launching, rules, words
from caunoi.campaigns.models import Campaign
from caunoi.campaigns.terms import Kind, Priority
from caunoi.funds import vietqr
from caunoi.funds.models import Commodity
from caunoi.kit.fields import DayField
from caunoi.kit.text import clean, slug
from caunoi.units.fields import UnitField
from caunoi.units.terms import Level

BIGGEST_SHEET = 2 * 1024 * 1024
LEVELS = [
    (Level.PROVINCE.value, _("Province")),
    (Level.COMMUNE.value, _("Commune")),
    (Level.VILLAGE.value, _("Village")),
]
TAKEN_SLUGS = frozenset({"loi-hua"})
TEXT = {
    "purpose": "purpose",
    "legal_basis": "legal_basis",
    "bring": "bring",
    "do_not_bring": "do_not_bring",
}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AmountField(forms.CharField):
    """An amount as people write it: 1.250.000, 2 triệu, 60. Gives the whole number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text and not self.required:
            return None
        amount = rules.read_amount(text)
        if amount is None or not 0 < amount <= rules.MOST_OF_ALL:
            raise forms.ValidationError(
                gettext("Write how much as a whole number, like 60 or 500.000 or 2 triệu.")
            )
        return amount


class CampaignForm(forms.Form):
    """A campaign as it is written."""

    kind = forms.ChoiceField(
        label=_("What for"), choices=[(k.value, w) for k, w in words.KINDS.items()]
    )
    title = forms.CharField(label=_("Title"), max_length=120)
    launched_by = forms.CharField(
        label=_("Launching body, as it signs"),
        max_length=200,
        help_text=_("Who may launch what stands on the page of rules."),
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=2000,
        widget=_area(2),
        help_text=_("The rule or decision, with number and day"),
    )
    area = UnitField(label=_("Area"))
    purpose = forms.CharField(label=_("What it is for"), max_length=6000, widget=_area(5))
    purposes = forms.CharField(
        label=_("Purposes that givers may choose, one a line"),
        required=False,
        max_length=2000,
        widget=_area(3),
        help_text=_("What is given for one of them is used for nothing else."),
    )
    bring = forms.CharField(
        label=_("What is needed"), required=False, max_length=3000, widget=_area(3)
    )
    do_not_bring = forms.CharField(
        label=_("Please do not bring"), required=False, max_length=3000, widget=_area(3)
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Left empty: a standing fund")
    )
    hand_out_by = DayField(label=_("Handed out by"), required=False)
    bank = forms.ChoiceField(
        label=_("Bank"),
        required=False,
        choices=[("", _("no account")), *((b, f"{n} ({b})") for b, n in words.BANKS.items())],
    )
    account_number = forms.CharField(label=_("Account number"), required=False, max_length=40)
    account_holder = forms.CharField(
        label=_("Account holder"),
        required=False,
        max_length=120,
        help_text=_("As the bank writes it. Each campaign has an account of its own."),
    )
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    picture_says = forms.CharField(
        label=_("What the photo shows"),
        required=False,
        max_length=200,
        help_text=_("For those who do not see it"),
    )

    def __init__(self, *args: Any, on_day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].on = on_day  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        self._days(fields)
        self._account(fields)
        if fields.get("photo") and not fields.get("picture_says"):
            self.add_error(
                "picture_says", gettext("Say what the photo shows, for those who do not see it.")
            )
        return fields

    def _days(self, fields: dict[str, Any]) -> None:
        if not {"kind", "starts_on", "ends_on", "hand_out_by"} <= fields.keys():
            return
        problem = launching.wrong_days(
            kind=Kind(fields["kind"]),
            starts_on=fields["starts_on"],
            ends_on=fields["ends_on"],
            hand_out_by=fields["hand_out_by"],
        )
        if problem:
            self.add_error("ends_on", problem)

    def _account(self, fields: dict[str, Any]) -> None:
        bank, number = fields.get("bank", ""), fields.get("account_number", "")
        number = "".join(number.replace("-", " ").split())
        if not bank and not number:
            return
        try:
            vietqr.payload(vietqr.Payment(bank, number))
        except vietqr.NoVietQR:
            self.add_error(
                "account_number",
                gettext(
                    "Choose the bank and write the number of the account: at most 19 digits or letters."
                ),
            )
            return
        fields["account_number"] = number
        if not fields.get("account_holder"):
            self.add_error("account_holder", gettext("Write in whose name the account stands."))

    def table_fields(self, *, taken: Campaign | None = None) -> dict[str, Any]:
        """Return the fields of the table, cleaned; the address word is made from the title once."""
        fields = self.cleaned_data
        given = {
            name: clean(fields[name]).strip()
            for name in ("title", "launched_by", "account_holder", "picture_says", *TEXT)
        }
        days = {name: fields[name] for name in ("kind", "starts_on", "ends_on", "hand_out_by")}
        bank = {"bank": fields["bank"], "account_number": fields["account_number"]}
        bank["bank_name"] = words.BANKS.get(fields["bank"], "")
        address = {} if taken else {"slug": _free_slug(given["title"])}
        return given | days | bank | address | {"area_id": fields["area"].id}

    def purpose_names(self) -> dict[str, str]:
        """Return the purposes by their code."""
        lines = [clean(x).strip()[:120] for x in self.cleaned_data["purposes"].splitlines()]
        return {slug(line)[:40].strip("-"): line for line in lines[:20] if slug(line)}


def _free_slug(title: str) -> str:
    word = slug(title)[:70].strip("-") or "van-dong"
    taken = set(Campaign.objects.filter(slug__startswith=word).values_list("slug", flat=True))
    taken |= TAKEN_SLUGS
    tries = [word, *(f"{word}-{n}" for n in range(2, 1000))]
    return next(t for t in tries if t not in taken)


class NeedForm(forms.Form):
    """What a unit needs."""

    unit = UnitField(label=_("Unit"))
    thing = forms.ChoiceField(label=_("Thing"))
    amount = AmountField(label=_("How much"))
    priority = forms.ChoiceField(
        label=_("How soon"),
        choices=[(p.value, w) for p, w in words.PRIORITIES.items()],
        initial=Priority.SOON.value,
    )
    households = forms.IntegerField(
        label=pgettext_lazy("how many", "Households"),
        required=False,
        min_value=0,
        max_value=1_000_000,
    )
    needed_by = DayField(label=_("Needed by"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=300,
        widget=_area(2),
        help_text=_("Everybody reads it: no names of households"),
    )

    def __init__(
        self, *args: Any, on_day: date, campaign: Campaign, fixed: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].on = on_day  # type: ignore[attr-defined]
        self.fields["thing"].choices = things()  # type: ignore[attr-defined]
        names = [(p.code, p.name) for p in campaign.purposes.order_by("pk")]
        if names:
            self.fields["purpose"].choices = [("", _("no purpose of its own")), *names]  # type: ignore[attr-defined]
        else:
            del self.fields["purpose"]
        if fixed:
            del self.fields["unit"], self.fields["thing"]

    def table_fields(self) -> dict[str, Any]:
        """Return what beside unit, thing and amount is kept."""
        fields = self.cleaned_data
        kept = {name: fields.get(name) or "" for name in ("priority", "purpose", "note")}
        return kept | {
            "households": fields.get("households") or 0,
            "needed_by": fields.get("needed_by"),
        }


def things() -> list[tuple[str, str]]:
    """Return everything that is counted, with the word for one of it."""
    return [(c.pk, f"{c.name} ({c.unit_word})") for c in Commodity.objects.order_by("sort", "name")]


class SheetForm(forms.Form):
    """Needs in a file."""

    file = forms.FileField(label=_("XLSX file"), help_text=_("At most 2 MB and 500 needs."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BIGGEST_SHEET:
            raise forms.ValidationError(gettext("The file is larger than 2 MB. Split it."))
        return file


class ReasonForm(forms.Form):
    """Why one is sent back, or ends early."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=_area(2))


class ProofForm(forms.Form):
    """That something was published."""

    done_on = DayField(label=_("Published on"))
    proof = forms.CharField(
        label=_("Where"),
        max_length=400,
        help_text=_("An address, a notice board, a meeting with its minutes"),
    )
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )


class UpdateForm(forms.Form):
    """A word on how it goes."""

    text = forms.CharField(label=_("How it goes"), max_length=4000, widget=_area(4))
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    picture_says = forms.CharField(label=_("What the photo shows"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if fields.get("photo") and not fields.get("picture_says"):
            self.add_error(
                "picture_says", gettext("Say what the photo shows, for those who do not see it.")
            )
        return fields


class RuleForm(forms.Form):
    """Who may launch what, from a day on."""

    kind = forms.ChoiceField(
        label=_("What for"), choices=[(k.value, w) for k, w in words.KINDS.items()]
    )
    level = forms.ChoiceField(label=_("Level"), choices=LEVELS)
    body = forms.CharField(
        label=_("Launching body"),
        required=False,
        max_length=200,
        help_text=_("Left empty: no unit of this level launches it"),
    )
    source = forms.CharField(label=_("Source, with number and day"), max_length=200)
    valid_from = DayField(label=_("Valid from"))
