"""How variants are called and shown: forms, states, who did what."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from caunoi.notices import languages, queries_variants
from caunoi.notices.languages import StepKind, VariantState
from caunoi.notices.models import Notice
from caunoi.notices.terms import Form
from caunoi.notices.variant_models import Variant

FORM_NAMES: Mapping[str, object] = {
    Form.TEXT.value: pgettext_lazy("form of a notice", "Written"),
    Form.AUDIO.value: pgettext_lazy("form of a notice", "Recorded"),
    Form.PICTURE.value: pgettext_lazy("form of a notice", "Picture"),
}
FORM_ICONS: Mapping[str, str] = {
    Form.TEXT.value: "file-text",
    Form.AUDIO.value: "mic",
    Form.PICTURE.value: "image",
}
STATE_NAMES: Mapping[str, tuple[object, str, str]] = {
    VariantState.DRAFT.value: (pgettext_lazy("variant", "Draft"), "idle", "pencil"),
    VariantState.TO_READ.value: (
        pgettext_lazy("variant", "Waits for a second person"),
        "warn",
        "hourglass",
    ),
    VariantState.READ.value: (pgettext_lazy("variant", "Read, shown"), "ok", "check"),
    VariantState.REJECTED.value: (pgettext_lazy("variant", "Given back"), "bad", "undo-2"),
}
STEP_NAMES: Mapping[str, object] = {
    StepKind.WRITTEN.value: gettext_lazy("wrote or recorded it"),
    StepKind.HANDED_IN.value: gettext_lazy("gave it to a second person"),
    StepKind.READ.value: gettext_lazy("read or heard it: it is right"),
    StepKind.REJECTED.value: gettext_lazy("gave it back"),
}


def face_of(variant: Variant, *, older: bool) -> dict[str, Any]:
    """Return one variant as lists and pages show it."""
    state, tone, icon = STATE_NAMES[variant.state]
    return {
        "variant": variant,
        "language": languages.LANGUAGES.get(variant.language),
        "name": languages.name_of(variant.language),
        "within": languages.within(languages.name_of(variant.language)),
        "form": FORM_NAMES[variant.form],
        "form_icon": FORM_ICONS[variant.form],
        "state": state,
        "tone": tone,
        "icon": icon,
        "older": older,
    }


def rows_of(notice: Notice) -> list[dict[str, Any]]:
    """Return the variants of a notice as rows."""
    found = queries_variants.variants_of(notice=notice)
    return [face_of(v, older=v.older) for v in found]  # type: ignore[attr-defined]


def waiting_row(variant: Variant, unit_name: str) -> dict[str, Any]:
    """Return a variant that waits for its second reader."""
    return face_of(variant, older=False) | {"unit_name": unit_name}


def steps_of(variant: Variant) -> list[dict[str, Any]]:
    """Return what was done with a variant, newest first, in words."""
    return [
        {"step": step, "did": STEP_NAMES[step.kind]}
        for step in queries_variants.steps_of(variant=variant)
    ]
