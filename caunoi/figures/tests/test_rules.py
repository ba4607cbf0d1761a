"""What is shown of what was counted."""

import pytest

from caunoi.figures import rules


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(4, 4, None), (0, 0, None), (5, 5, 100), (0, 9, 0), (999, 1000, 99), (1, 1000, 1), (2, 3, None), (4, 6, 67)],
)  # fmt: skip
def test_a_share_is_whole_percents_and_hidden_below_five(part, whole, shown):
    assert rules.share_pct(part, whole) == shown


def test_a_unit_counts_for_itself_and_everything_above():
    assert rules.counted_with(["a.b.c"]) == ["a", "b", "c"]


def test_a_divided_unit_counts_only_for_what_stands_above_all_parts():
    assert rules.counted_with(["a.b.c", "a.b.d"]) == ["a", "b"]
    assert rules.counted_with(["a.b", "x.y"]) == []
    assert rules.counted_with([]) == []
