"""Figures are counts of units; small ones are guarded before anybody sees them."""

from caunoi.kit.holding import Free, Holding

HOLDINGS: tuple[Holding, ...] = ()
FREE = (
    Free("figures.figuresday", ("answer_days",), why="numbers of days"),
    Free("figures.figuresperiod", ("period",), why="a code"),
)
