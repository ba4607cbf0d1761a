"""How forms are drawn: every field through ``kit/field.html``."""

from django.forms.renderers import TemplatesSetting


class KitRenderer(TemplatesSetting):
    """Draw forms and fields with the kit's own templates."""

    form_template_name = "kit/form.html"
    field_template_name = "kit/field.html"
