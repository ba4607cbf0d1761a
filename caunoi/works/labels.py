"""How the words of the room are said."""

from django.utils.translation import gettext_lazy as _

from caunoi.works.terms import Kind, Land, Thing

KINDS = {
    Kind.ROAD: _("road"),
    Kind.CULTURE: _("house of culture"),
    Kind.CANAL: _("canal"),
    Kind.LIGHT: _("street light"),
    Kind.SCHOOL: _("school"),
    Kind.WATER: _("clean water"),
    Kind.BRIDGE: _("bridge"),
    Kind.OTHER: _("other work"),
}
LANDS = {
    Land.AGRICULTURAL: _("agricultural land"),
    Land.RESIDENTIAL: _("residential land"),
    Land.FOREST: _("forest land"),
    Land.OTHER: _("other land"),
}
THINGS = {Thing.MONEY: _("money"), Thing.LAND: _("land"), Thing.LABOUR: _("days of labour")}
UNIT_WORDS = {Thing.MONEY: "đồng", Thing.LAND: "m²", Thing.LABOUR: "ngày công"}
"""Content, so always Vietnamese."""
