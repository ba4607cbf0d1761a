"""Words of working together."""

from caunoi.kit.terms import Foreseen


class HandlingError(Foreseen):
    """Something about working together that cannot be done."""


class TooManyViews(HandlingError):
    """Twenty views are as many as one can look at; remove one first."""


class NotYourView(HandlingError):
    """Only whoever made a view, or who handles cases in its unit, may change it."""
