"""A group of under one in twenty: it pulls no share down, and nothing is said of every group that it surely rejects."""

import re

import numpy as np
import pytest

from withus.compute.opinion_map import OpinionMap, Votes, opinion_map
from withus.compute.opinion_map.agreement import Counts, floors, floors_left, listed, uncounted, wilson_low
from withus.compute.opinion_map.drawing import drawing
from withus.compute.opinion_map.publication import _lows, kept, published
from withus.compute.opinion_map.results import NOBODY
from withus.compute.republishing import republished

TIMES = {"shuffles": 99, "bootstraps": 20, "clouds": 49}
SIZES = np.array([384, 16])


def small_camp(many: int = 16, people: int = 400, seed: int = 0) -> Votes:
    """People who agree with the first half of the statements, but for so many who do not; each votes on 30 of 40."""
    dice = np.random.default_rng(seed)
    rows = np.repeat(np.arange(people), 30)
    columns = np.concatenate([dice.choice(40, 30, replace=False) for _ in range(people)])
    likely = np.where(columns < 20, 0.9, np.where(dice.uniform(size=40)[columns] < 0.5, 0.6, 0.4))
    likely = np.where((rows < many) & (columns < 20), 0.1 + 0.15 * dice.uniform(size=len(rows)), likely)
    return Votes.of(rows, columns, np.where(dice.uniform(size=len(rows)) < likely, 1, -1))


@pytest.fixture(scope="module")
def votes() -> Votes:
    return small_camp()


@pytest.fixture(scope="module")
def made(votes: Votes) -> OpinionMap:
    found = opinion_map(votes, **TIMES)
    assert found.group_sizes == (384, 16)
    return found


def by_group(*agree: tuple[int, int], voted: tuple[int, int] = (384, 16)) -> Counts:
    """Of each statement how many of either group agree; all others disagree."""
    yes = np.array(agree).T
    of = np.repeat(np.array(voted)[:, None], len(agree), axis=1)
    return Counts(yes, of - yes, of)


def test_a_light_group_counts_only_where_surely_fewer_than_half_of_it_agree() -> None:
    counts = by_group((380, 16), (380, 6), (380, 5), (380, 0))
    large, small = wilson_low(np.array([380]), np.array([384]))[0], wilson_low(counts.agree[1], counts.voted[1])
    assert 1 - wilson_low(np.array([10, 11]), np.array([16, 16])) == pytest.approx([0.535, 0.472], abs=1e-3)
    assert floors(counts, SIZES).tolist() == [large, large, small[2], small[3]]
    assert floors(counts, SIZES, light=False).tolist() == [large] * 4


def test_a_handful_counts_nowhere_and_no_small_group_may_put_anything_on_the_list() -> None:
    handful = by_group((380, 0), (0, 6), voted=(384, 6))
    alone = wilson_low(handful.agree[0], handful.voted[0])
    assert floors(handful, np.array([384, 6])).tolist() == alone.tolist()
    assert floors(by_group((0, 16)), SIZES).tolist() == [0]
    assert floors(by_group((380, 0), voted=(384, 0)), SIZES)[0] == alone[0]  # who has not voted rejects nothing


def test_which_groups_are_not_counted() -> None:
    assert [uncounted(sizes) for sizes in ((), (384, 16), (380, 20), (9, 9, 6), (4, 3))] == [[], [1], [], [2], []]


def test_each_group_is_left_out_by_the_same_rule() -> None:
    counts = by_group((380, 0), (380, 10))
    everybody = Counts(*(table.sum(axis=0)[None] for table in (counts.agree, counts.disagree, counts.voted)))
    first, second = listed(counts, everybody, SIZES, np.arange(2), np.ones(2, bool))
    assert (first.statement, second.statement) == (1, 0)
    large = wilson_low(np.array([380]), np.array([384]))[0]
    assert first.without == (wilson_low(np.array([10]), np.array([16]))[0], large)
    assert (second.floor, second.without) == (0, (0, large))


def test_who_is_counted_without_some_people_is_judged_by_the_sizes_of_all() -> None:
    counts, sizes = by_group((180, 10), (180, 0), voted=(184, 16)), np.array([384, 16])
    large = wilson_low(np.array([180]), np.array([184]))[0]
    assert floors_left(counts, sizes, np.array([True, True])).tolist() == [large, 0]
    alone = wilson_low(counts.agree[1], counts.voted[1]).tolist()
    assert floors_left(counts, sizes, np.array([False, True])).tolist() == alone


def test_a_small_group_stays_uncounted_when_many_of_the_large_one_are_left_out() -> None:
    base = np.repeat([0, 1], [290, 14])
    agrees = np.where((base == 0) | (np.arange(304) % 2 == 0), 1, -1)
    asked = Votes.of(np.arange(304), np.zeros(304, np.int64), agrees)
    assert _lows(asked, base, base) == {"0": 95}
    assert _lows(asked, np.where(np.arange(304) < 50, NOBODY, base), base) == {"0": 95}


def test_one_more_vote_does_not_tell_that_a_group_has_passed_one_in_twenty(votes: Votes, made: OpinionMap) -> None:
    told = [kept(votes, made, sizes)["rows"]["by_group"] for sizes in ((384, 16), (376, 24))]
    assert [{tuple(one["uncounted"]) for one in rows.values()} for rows in told] == [{(1,)}, {()}]
    assert told[0] == kept(votes, made)["rows"]["by_group"]
    floor = [{number: one["floor"] for number, one in rows.items() if one["floor"] is not None} for rows in told]
    assert floor[0].keys() == floor[1].keys()
    assert all(low >= floor[1][number] for number, low in floor[0].items())
    assert floor[0] != floor[1]


def test_nothing_is_agreed_by_all_that_a_shown_group_rejects(votes: Votes, made: OpinionMap) -> None:
    content, _ = republished(None, published(votes, made), kept(votes, made))
    rejected = {one["statement"] for one in content["said"][1] if one["direction"] == "disagree"}
    assert len(rejected) == 5
    assert not rejected & {one["statement"] for one in content["agreement"]}
    assert {3, 7} <= set(content["freed"][1])
    assert content["agreement"]
    assert all(one["uncounted"] == [1] for one in content["agreement"])
    (small,) = (one for one in made.cohorts if (one.kind, one.name) == ("group", "1"))
    assert set(small.top) != set(small.without)


def test_the_drawing_names_who_is_not_counted(made: OpinionMap) -> None:
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)", drawing(made, {})))
    assert "At least so many of every group (not counted: B) agree" in words
    assert "Not counted: a group of under one in 20 people, or under 7;" in words
    listed_there = set(re.findall(r"\d % ?: (statement \d+)", words.partition("What all agree on")[2]))
    rejected = set(re.findall(r"disagree: (statement \d+)", words.partition("B: 16 people")[2]))
    assert len(rejected) == len(listed_there) == 5
    assert not rejected & listed_there


def test_where_all_groups_count_no_other_words_are_needed() -> None:
    made = opinion_map(small_camp(40), **TIMES)
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)", drawing(made, {})))
    assert "At least so many of every group agree" in words
    assert "Not counted" not in words


def test_maps_of_before_are_made_by_their_own_rule(votes: Votes, made: OpinionMap) -> None:
    before = opinion_map(votes, **TIMES, light=False)
    assert before.agreement[0].statement == 3
    assert before.agreement[0].floor > 0.9
    assert before.agreement != made.agreement
    assert before.group_sizes == made.group_sizes
