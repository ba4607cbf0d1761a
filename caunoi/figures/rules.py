"""What is shown of what was counted: pure."""

from collections.abc import Sequence

from caunoi.figures.terms import FEWEST


def share_pct(part: int, whole: int) -> int | None:
    """Return the share in whole percents, never 100 or 0 by rounding; None below five."""
    if whole < FEWEST:
        return None
    pct = round(100 * part / whole)
    if pct == 100 and part < whole:
        return 99
    return 1 if pct == 0 and part else pct


def counted_with(paths: Sequence[str]) -> list[str]:
    """Return the labels of the units with which a unit is counted, from the paths of who it is today.

    One path: the unit (or its one successor) and everything above. Several, for a unit that was divided: only what stands
    above all of them, for nobody can say to which part a question belonged.
    """
    if len(paths) == 1:
        return paths[0].split(".")
    shared = []
    for labels in zip(*(p.split(".")[:-1] for p in paths), strict=False):
        if len(set(labels)) > 1:
            break
        shared.append(labels[0])
    return shared
