"""What an administrator fills in about topics, bodies and rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caunoi.kit import clock
from caunoi.routing import queries
from caunoi.routing.models import Body
from caunoi.routing.terms import BodyKind, Mode
from caunoi.staff.models import Account
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

BODY_KINDS = {
    BodyKind.DEPARTMENT: _("Department"),
    BodyKind.OFFICE: _("Office or centre"),
    BodyKind.COMMITTEE: _("People's Committee"),
    BodyKind.COUNCIL: _("People's Council"),
    BodyKind.NA_DELEGATION: _("National Assembly delegation"),
    BodyKind.POLICE: _("Police"),
    BodyKind.BORDER_GUARD: _("Border guard"),
    BodyKind.SERVICE: _("Public service company"),
    BodyKind.OTHER: _("Another body"),
}
KINDS = {
    "question": _("Question"),
    "report": _("Report"),
    "petition": _("Petition"),
    "voter_petition": _("Voters' petition"),
    "complaint": _("Complaint"),
    "denunciation": _("Denunciation"),
    "tip_off": _("Tip-off"),
    "emergency": _("Emergency"),
}
ANY = [("", pgettext_lazy("rule", "any"))]


class UnitField(forms.CharField):
    """A unit by its name or address; several of one name are refused with their surroundings, so that one can choose."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("max_length", 140)
        more.setdefault(
            "help_text", _("Name, with or without accents, or its address like xa-bich-hao.")
        )
        super().__init__(**more)
        self.widget.attrs.setdefault("list", "places")

    def clean(self, value: Any) -> UnitNow | None:  # type: ignore[override]
        text = super().clean(value).strip()
        return find_unit(text) if text else None


def find_unit(text: str) -> UnitNow:
    """Return the one living unit of that name or address. Raises ValidationError that says what else to write."""
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=text, on=on)
    if unit is not None and (unit.valid_to is None or unit.valid_to > on):
        return unit
    hits = units.search(text=text, on=on, limit=8, old=False)
    same = [h for h in hits if h.unit.full_name.casefold() == text.casefold()] or hits
    if len(same) == 1:
        return same[0].unit
    if not same:
        raise forms.ValidationError(_("No unit of that name exists today."))
    listed = "; ".join(f"{h.unit.full_name}, {h.within} ({h.unit.slug})" for h in same)
    raise forms.ValidationError(
        _("Several units fit. Write the address in brackets: %(units)s"), params={"units": listed}
    )


class TopicForm(forms.Form):
    """A topic and the words by which it is proposed."""

    name = forms.CharField(label=_("Name"), max_length=80)
    keywords = forms.CharField(
        label=_("Words that point to it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One a line. With accents; texts without accents are recognised too."),
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=9999, initial=100
    )
    is_active = forms.BooleanField(label=_("Offered for new cases"), required=False, initial=True)


class NewTopicForm(TopicForm):
    """The same with its short name, which never changes."""

    code = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Lower case without accents, like nong_nghiep. It never changes."),
    )
    field_order = ["code", "name", "keywords", "position", "is_active"]


class BodyForm(forms.Form):
    """A competent body."""

    name = forms.CharField(label=_("Name"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(k.value, n) for k, n in BODY_KINDS.items()])
    unit = UnitField(label=_("Belongs to which unit"))
    office = forms.CharField(
        label=_("Office"),
        max_length=60,
        required=False,
        help_text=_(
            "What such bodies are called everywhere, like Phòng Kinh tế: one rule then serves them in all communes."
        ),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("The one-time link goes there.")
    )
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    days = forms.IntegerField(
        label=_("Days to answer"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=_("Empty: the table of deadlines says."),
    )
    valid_from = forms.DateField(label=_("In force from"))
    valid_until = forms.DateField(label=_("Until (not included)"), required=False)
    members = forms.CharField(
        label=_("Who signs in for it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "E-mail addresses of accounts, one a line. Empty: it answers through a one-time link."
        ),
    )

    def clean_office(self) -> str:
        return " ".join(self.cleaned_data["office"].split())

    def clean_kind(self) -> BodyKind:
        return BodyKind(self.cleaned_data["kind"])

    def clean_members(self) -> list[Account]:
        wanted = [w.strip().lower() for w in self.cleaned_data["members"].split() if w.strip()]
        found = {a.email: a for a in Account.objects.filter(email__in=wanted, is_active=True)}
        unknown = [w for w in wanted if w not in found]
        if unknown:
            raise forms.ValidationError(
                _("No account with this address: %(emails)s"), params={"emails": ", ".join(unknown)}
            )
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        begins, ends = fields.get("valid_from"), fields.get("valid_until")
        if begins and ends and ends <= begins:
            self.add_error("valid_until", _("The end must come after the beginning."))
        return fields


class RuleForm(forms.Form):
    """Topic × place × kind → who is competent."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of case"), required=False, choices=[*ANY, *KINDS.items()]
    )
    place = UnitField(label=_("Place (with everything below it)"))
    to_office = forms.ChoiceField(
        label=_("To the nearest body with this office"),
        required=False,
    )
    to_body = forms.ChoiceField(label=_("Or to this body"), required=False)
    to_unit = UnitField(label=_("Or to this unit"), required=False)
    mode = forms.ChoiceField(
        label=_("What happens"),
        widget=forms.RadioSelect,
        initial=Mode.PROPOSE.value,
        choices=[
            (Mode.PROPOSE.value, _("Propose, an officer accepts")),
            (Mode.AUTOMATIC.value, _("Apply at once to new cases")),
        ],
    )
    priority = forms.IntegerField(
        label=_("Priority"),
        initial=100,
        min_value=0,
        max_value=999,
        help_text=_("The smaller number wins."),
    )
    legal_source = forms.CharField(
        label=_("Legal source"),
        max_length=200,
        required=False,
        help_text=_("Shown with the reason on the case."),
    )
    valid_from = forms.DateField(label=_("In force from"))
    valid_until = forms.DateField(label=_("Until (not included)"), required=False)

    def __init__(self, *args: Any, bodies: list[Body], **more: Any) -> None:
        super().__init__(*args, **more)
        offices = sorted({b.office for b in bodies if b.office})
        self.fields["topic"].choices = [*ANY, *((t.pk, t.name) for t in queries.topics())]  # type: ignore[attr-defined]
        self.fields["to_office"].choices = [("", "–"), *((o, o) for o in offices)]  # type: ignore[attr-defined]
        self.fields["to_body"].choices = [("", "–"), *((str(b.pk), b.name) for b in bodies)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        named = [n for n in ("to_office", "to_body", "to_unit") if fields.get(n)]
        if len(named) != 1 and not self.errors:
            self.add_error("to_office", _("Name exactly one: an office, a body or a unit."))
        begins, ends = fields.get("valid_from"), fields.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", _("The end must come after the beginning."))
        return fields


class TryForm(forms.Form):
    """What would happen to a case: a text or a topic, a kind, a place."""

    text = forms.CharField(label=_("A question"), required=False, max_length=2000)
    topic = forms.ChoiceField(label=_("or a topic"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of case"), required=False, choices=[*ANY, *KINDS.items()]
    )
    place = UnitField(label=_("Asked in"), help_text="")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["topic"].choices = [*ANY, *((t.pk, t.name) for t in queries.topics())]  # type: ignore[attr-defined]
