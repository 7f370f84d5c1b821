"""Small counts: nothing that is published gives one back, and no published change shows one person."""

import itertools
from collections import defaultdict
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from withus.compute.suppression import Z_90, capped, may_replace, share_of, shown, wilson_low


def test_small_counts_are_held_back_and_the_total_with_them() -> None:
    row = shown({"agree": 60, "disagree": 4, "pass": 12})
    assert (row.cells, row.total, row.at_most) == ({"agree": 60, "disagree": None, "pass": 12}, None, 81)


def test_a_row_without_small_counts_is_shown_whole_and_zero_is_nobodys() -> None:
    row = shown({"agree": 60, "disagree": 10, "pass": 0})
    assert (row.cells, row.total, row.at_most) == ({"agree": 60, "disagree": 10, "pass": 0}, 70, 70)


def test_a_row_under_the_floor_is_held_back_whole() -> None:
    row = shown({"agree": 5, "disagree": 0, "pass": 4})
    assert (row.cells, row.total, row.at_most) == ({"agree": None, "disagree": None, "pass": None}, None, 9)


def test_nobody_has_voted_is_said() -> None:
    assert shown({"agree": 0, "disagree": 0, "pass": 0}).total == 0


@pytest.mark.parametrize("floor", [5, 10])
def test_whoever_knows_the_rule_still_cannot_narrow_a_count_that_is_held_back(floor: int) -> None:
    """Every possible row, grouped by what is published of it: a hidden count may be anything from 1 to floor − 1."""
    behind: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(2 * floor + 2), repeat=3):
        row = shown(dict(zip("adp", counts, strict=True)), floor)
        behind[(tuple(row.cells.values()), row.total, row.at_most)].append(counts)
    for (cells, total, _), rows in behind.items():
        for place, cell in enumerate(cells):
            if cell is None:
                assert {row[place] for row in rows} >= set(range(1, floor))
        assert (total is None) == (None in cells)


@pytest.mark.parametrize(("counts", "floor"), [({"agree": -1}, 10), ({"agree": 1}, 0)])
def test_impossible_counts_are_refused(counts: dict[str, int], floor: int) -> None:
    with pytest.raises(ValueError, match="counts are not negative"):
        shown(counts, floor)


def test_a_row_is_first_published_at_ten_votes() -> None:
    assert not may_replace(None, (5, 4, 0))
    assert may_replace(None, (5, 4, 1))


@given(st.tuples(*[st.integers(0, 50)] * 3), st.tuples(*[st.integers(0, 50)] * 3))
def test_a_published_row_changes_only_by_ten_votes_or_more(old: tuple[int, ...], new: tuple[int, ...]) -> None:
    differ = sum(abs(a - b) for a, b in zip(old, new, strict=True))
    assert may_replace(old, new) == (differ >= 10)


@given(st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_the_lower_bound_solves_wilsons_equation(counted: tuple[int, int]) -> None:
    count, n = counted
    low = wilson_low(count, n)
    assert 0 < low < count / n
    assert isclose(count / n - low, Z_90 * (low * (1 - low) / n) ** 0.5, rel_tol=1e-9)


def test_without_votes_the_lower_bound_is_nothing() -> None:
    assert wilson_low(0, 0) == 0.0
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson_low(3, 2)


def test_a_share_over_an_unknown_total_is_the_least_that_it_can_be() -> None:
    share = share_of(shown({"agree": 60, "disagree": 4, "pass": 12}), "agree")
    assert share is not None
    assert (share.percent, share.n, share.is_at_least) == (74, 81, True)
    assert share.percent <= 100 * 60 / 76


def test_there_is_no_percentage_under_ten_votes_or_of_a_count_that_is_held_back() -> None:
    assert share_of(shown({"agree": 9, "disagree": 0, "pass": 0}), "agree") is None
    assert share_of(shown({"agree": 60, "disagree": 4, "pass": 12}), "disagree") is None
    assert share_of(shown({"agree": 10, "disagree": 0, "pass": 0}), "agree") is not None


def test_a_group_is_never_all_or_none() -> None:
    assert (capped(100), capped(0), capped(61.6)) == (95, 5, 62)
