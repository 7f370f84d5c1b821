"""method="withus": groups where there are some, none where there are not, and the same map for everybody who counts."""

import os
from typing import Any

import numpy as np
import pytest
from tests.compute.opinion_data import (
    CONVERSATIONS,
    adjusted_rand,
    asked,
    conversation,
    held_out,
    known_groups,
    votes_of,
)

from withus.compute.opinion_map import BadVotes, OpinionMap, Votes, factors, groups, opinion_map, polis_map
from withus.compute.opinion_map.results import NOBODY
from withus.compute.opinion_map.withus import UNCHECKED

SOAK = bool(os.environ.get("WITHUS_SOAK"))
BREXIT = "brexit-consensus"


def rows_of(votes: Votes) -> list[Any]:
    return [votes.participant_ids[votes.rows], votes.statement_ids[votes.columns], votes.values]


def same(one: OpinionMap, other: OpinionMap) -> bool:
    return one.as_json() == other.as_json()


@pytest.mark.parametrize("seed", range(20) if SOAK else [0, 6])  # 6: one beginning alone ends on a lower hill
def test_known_groups_are_found_where_polis_finds_few_of_them(seed: int) -> None:
    votes, truth = known_groups(seed)
    made, compatible = opinion_map(votes, shuffles=99, bootstraps=20), polis_map(votes)

    assert len(made.group_sizes) == 4
    ours, theirs = adjusted_rand(made.group_of, truth), adjusted_rand(compatible.group_of, truth)
    assert ours >= 0.70
    assert theirs < ours - 0.2


@pytest.mark.parametrize("name", CONVERSATIONS if SOAK else [BREXIT, "15-per-hour-seattle"])
def test_shuffled_votes_show_groups_in_at_most_one_of_twenty(name: str) -> None:
    votes, moderated = conversation(name)
    votes = votes.on_statements(~votes.columns_of(moderated))
    times = 100 if SOAK else 20
    shown = sum(opinion_map(votes.dealt(seed, 0), seed=seed, bootstraps=30).supported for seed in range(1, times + 1))
    assert shown <= times // 20


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_held_out_votes_are_predicted_at_least_as_well_as_by_the_compatible_map(name: str) -> None:
    votes, moderated = conversation(name)
    votes = votes.on_statements(~votes.columns_of(moderated))
    areas = held_out(votes, range(10))
    assert areas["withus"] >= areas["compatible"]
    assert areas["withus"] >= areas["not stretched"] - 0.001  # on one conversation it is 0.0002 better


def test_few_people_are_not_grouped() -> None:
    london = opinion_map(*conversation("london.youth.policing"))
    assert not london.supported
    assert (london.groups, london.group_sizes, london.representative) == ({}, (), ())
    assert "groups need at least 30" in london.checks["says"]
    assert london.agreement[0].floor > 0.8


def test_the_map_does_not_depend_on_the_order_of_rows() -> None:
    votes, moderated = conversation("15-per-hour-seattle")
    order = np.random.default_rng(3).permutation(len(votes.values))
    again = Votes.of(*(column[order] for column in rows_of(votes)))
    plain = Votes.of(*rows_of(votes))
    assert same(opinion_map(plain, moderated, bootstraps=10), opinion_map(again, moderated, bootstraps=10))


def test_a_seed_gives_the_same_map_and_another_seed_the_same_groups() -> None:
    votes, moderated = conversation(BREXIT)
    one, again, other = (opinion_map(votes, moderated, seed, bootstraps=20, clouds=0) for seed in (7, 7, 8))
    assert same(one, again)
    assert adjusted_rand(one.group_of, other.group_of) > 0.97


def test_groups_keep_their_numbers_from_run_to_run() -> None:
    votes, moderated = conversation(BREXIT)
    first = opinion_map(votes, moderated, bootstraps=20, clouds=0)
    turned = {person: 1 - group for person, group in first.groups.items()}
    fewer = votes.of_people(votes.participant_ids % 10 != 3)

    again = opinion_map(fewer, moderated, bootstraps=20, clouds=0, previous=turned)

    kept = [turned[person] == group for person, group in again.groups.items()]
    assert np.mean(kept) > 0.95


def test_with_four_groups_two_of_which_merged_no_number_is_given_twice() -> None:
    now = np.array([0, 0, 0, 1, 1, 2, 2, NOBODY])
    before = np.array([3, 3, 1, 0, 0, 0, NOBODY, 2])
    assert groups.renamed(now, 3, before).tolist() == [1, 1, 1, 0, 0, 2, 2, NOBODY]


def test_few_votes_make_a_wide_ellipse() -> None:
    votes, moderated = conversation(BREXIT)
    made = opinion_map(votes, moderated, shuffles=0, bootstraps=0)
    wide = made.spreads[:, 0]
    few, many = votes.lengths <= 5, votes.lengths >= 40
    assert wide[few].min() > wide[many].max()


def test_nothing_is_shown_that_was_not_checked() -> None:
    assert not opinion_map(*conversation(BREXIT), shuffles=0, bootstraps=0).supported
    votes = asked("groups", 0)
    for few in ({"shuffles": 98}, {"clouds": 48}):
        assert opinion_map(votes, bootstraps=3, **few).checks["why"] == UNCHECKED
    assert opinion_map(votes, bootstraps=3, shuffles=99, clouds=49).checks["why"] != UNCHECKED


@pytest.mark.parametrize(
    "table",
    [
        [[1]],
        [[1, -1, 0]],
        [[1], [-1], [0]],
        [[1] * 10] * 40,
        [[0] * 10] * 40,
        [[1, -1, 9], [9, 9, 1]],
    ],
    ids=["one vote", "one person", "one statement", "all agree", "all pass", "statements in common with nobody"],
)
def test_next_to_nothing_makes_a_map_that_says_so(table: Any) -> None:
    for made in (opinion_map(votes_of(table), shuffles=20, bootstraps=5), polis_map(votes_of(table))):
        assert np.isfinite(made.positions).all()
        assert np.isfinite(made.axes).all()
        assert all(np.isfinite([one.floor, one.gac]).all() for one in made.agreement)
        if isinstance(made, OpinionMap):
            assert not made.supported
            assert made.checks["says"]


def test_a_map_of_declined_statements_alone_is_refused() -> None:
    votes = votes_of([[1, -1], [1, 1]])
    for make in (opinion_map, polis_map):
        with pytest.raises(BadVotes, match="nothing is left"):
            make(votes, [0, 1])


def test_declined_statements_change_nothing_but_keep_their_place() -> None:
    votes, _ = conversation(BREXIT)
    made = opinion_map(votes, [0, 3], shuffles=0, bootstraps=0)
    assert made.axes.shape == (2, 50)
    assert made.axes[:, votes.columns_of([0, 3])].tolist() == [[0, 0], [0, 0]]
    assert not {0, 3} & {one.statement for one in made.agreement}


def test_a_group_of_which_nobody_was_drawn_is_not_found_again_and_that_is_no_error() -> None:
    odd = [[-1] * 12, [1, -1] * 6, [1] * 3 + [-1] * 9]
    votes = votes_of([[1] * 12] * 40 + odd)
    model = factors.fit(votes)
    tried = groups.splits(votes, model, factors.place(votes, model), 0, 40, lambda *told: None)
    assert tried
    assert all(np.isfinite(split.jaccards).all() for split in tried.values())
