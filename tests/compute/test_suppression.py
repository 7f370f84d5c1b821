"""Small counts: nothing that is published gives one back, and no published change shows one person."""

import itertools
from collections import defaultdict
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from withus.compute.suppression import (
    ANSWERS,
    Z_90,
    Turnout,
    may_replace,
    part_of,
    share_of,
    shown,
    turnout_of,
    wilson_low,
)


def test_a_small_count_is_held_back_and_the_total_with_it() -> None:
    row = shown(60, 4, 12)
    assert (row.cells, row.hidden, row.total) == ({"agree": 60, "pass": 12}, ("disagree",), None)
    assert (row.at_least, row.at_most) == (72, 81)


def test_a_row_without_small_counts_is_shown_whole() -> None:
    row = shown(60, 10, 10)
    assert (row.cells, row.hidden, row.total) == ({"agree": 60, "disagree": 10, "pass": 10}, (), 80)


def test_nobody_disagreed_is_never_said() -> None:
    assert shown(14, 0, 0) == shown(14, 3, 2)
    assert (shown(14, 0, 0).cells, shown(14, 0, 0).at_most) == ({"agree": 14}, 23)


def test_two_small_counts_are_bounded_in_one_sum() -> None:
    assert (shown(14, 9, 9).at_least, shown(14, 9, 9).at_most) == (24, 32)


def test_a_row_of_small_counts_says_only_whether_it_is_ten_or_more() -> None:
    assert (shown(5, 0, 4).cells, shown(5, 0, 4).at_least, shown(5, 0, 4).at_most) == ({}, 0, 9)
    assert (shown(5, 1, 4).cells, shown(5, 1, 4).at_least, shown(5, 1, 4).at_most) == ({}, 10, 27)


@pytest.mark.parametrize("floor", [3, 5])
def test_whoever_knows_the_rules_and_all_that_is_published_cannot_narrow_a_count_that_is_held_back(floor: int) -> None:
    """Every row, with every number from paper and of people, grouped by what is published of them together.

    In each group a hidden count may be anything from 1 to floor − 1: paper, people and the row give nothing away.
    """
    behind: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(2 * floor + 1), repeat=3):
        row, total = shown(*counts, floor), sum(counts)
        for paper in {0, 1, floor - 1, floor, total - floor, total - 1, total} & set(range(total + 1)):
            part = part_of(paper, row.total, floor)
            for people in range(total, 7 * floor):
                told = turnout_of(people, 0, [row], floor)
                key = (tuple(row.cells.items()), row.at_least, row.at_most, part or -1, told.people, told.at_least)
                behind[key].append(counts)
    for key, rows in behind.items():
        cells = dict(key[0])  # type: ignore[index]
        for place, name in enumerate(ANSWERS):
            if name not in cells:
                assert {row[place] for row in rows} >= set(range(1, floor)), key


def test_people_are_counted_only_where_that_bounds_nothing() -> None:
    rows = [shown(20, 3, 3), shown(12, 12, 12)]
    assert turnout_of(29, 0, rows).people is None
    assert turnout_of(29, 0, rows).at_least == 36
    assert turnout_of(40, 12, rows) == Turnout(40, 40, 12)
    assert turnout_of(None, 0, []) == Turnout(None, 0, None)


def test_paper_is_told_if_neither_it_nor_the_rest_is_few() -> None:
    assert [part_of(paper, 30) for paper in (0, 3, 10, 20, 25, 30)] == [0, None, 10, 20, None, 30]
    assert part_of(12, None) is None


@pytest.mark.parametrize(("counts", "floor"), [((-1, 0, 0), 10), ((1, 0, 0), 0)])
def test_impossible_counts_are_refused(counts: tuple[int, int, int], floor: int) -> None:
    with pytest.raises(ValueError, match="counts are not negative"):
        shown(*counts, floor)


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
    share = share_of(shown(60, 4, 12), "agree")
    assert share is not None
    assert (share.percent, share.n, share.is_at_least) == (74, 81, True)
    assert share.percent <= 100 * 60 / 76
    assert share.more_than <= share.low < share.more_than + 1
    told = share_of(shown(60, 11, 12), "agree")
    assert told is not None
    assert (told.more_than, round(told.low)) == (65, 66)


def test_there_is_no_percentage_under_ten_votes_or_of_a_count_that_is_held_back() -> None:
    assert share_of(shown(9, 0, 0), "agree") is None
    assert share_of(shown(60, 4, 12), "disagree") is None
    assert share_of(shown(10, 0, 0), "agree") is not None
