"""Votes and co-moments: the same whatever the order, however they are split, and exact after every change."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compute.opinion_data import CONVERSATIONS, conversation, votes_of

from withus.compute.opinion_map import BadVotes, Votes, axes, co_moments, polis_map
from withus.compute.opinion_map.co_moments import MOST, CoMoments

EVENTS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(-1, 1), st.integers(0, 3)), min_size=1, max_size=60
)


def of(events: list[tuple[int, int, int, int]]) -> Votes:
    return Votes.of(*(list(column) for column in zip(*events, strict=True)))


def same(one: Votes, other: Votes) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("participant_ids", "statement_ids", "starts", "columns", "values", "days")
    )


@given(EVENTS, st.randoms())
def test_votes_are_the_same_in_any_order(events: list[tuple[int, int, int, int]], dice: Any) -> None:
    shuffled = events[:]
    dice.shuffle(shuffled)
    assert same(of(events), of(shuffled))


@given(EVENTS)
def test_the_latest_vote_counts_and_at_one_time_the_lower(events: list[tuple[int, int, int, int]]) -> None:
    wanted: dict[tuple[int, int], tuple[int, int]] = {}
    for person, statement, value, time in events:
        kept = wanted.get((person, statement))
        if kept is None or (time, -value) > (kept[0], -kept[1]):
            wanted[person, statement] = (time, value)
    votes = of(events)
    got = {
        (int(votes.participant_ids[i]), int(votes.statement_ids[j])): int(value)
        for i, j, value in zip(votes.rows, votes.columns, votes.values, strict=True)
    }
    assert got == {pair: value for pair, (_, value) in wanted.items()}


def test_long_ballots_are_put_in_order_too() -> None:
    dice = np.random.default_rng(3)
    people, statements = dice.integers(0, 3, 6_000), dice.integers(0, 900, 6_000)
    values = dice.integers(-1, 2, 6_000)
    wanted = {(i, j): v for i, j, v in zip(people.tolist(), statements.tolist(), values.tolist(), strict=True)}
    votes = Votes.of(people, statements, values)
    got = zip(votes.rows.tolist(), votes.statement_ids[votes.columns].tolist(), votes.values.tolist(), strict=True)
    assert [((i, j), v) for i, j, v in got] == sorted(wanted.items())


def test_without_times_the_later_row_counts() -> None:
    assert Votes.of([1, 1, 1], [5, 5, 5], [1, 0, -1]).values.tolist() == [-1]


def test_days_are_kept_and_times_of_day_are_not() -> None:
    assert Votes.of([1, 2], [5, 5], [1, 0], [86_400_000 * 3 + 77, -1]).days.tolist() == [3, -1]  # type: ignore[union-attr]


def test_ids_past_two_to_the_53_are_told_apart() -> None:
    votes = Votes.of([2**53, 2**53 + 1], [2**62, 2**62 + 1], [1, -1])
    assert votes.participant_ids.tolist() == [2**53, 2**53 + 1]
    assert votes.statement_ids.tolist() == [2**62, 2**62 + 1]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (([], [], []), "no votes"),
        (([1], [1], [2]), "a vote must be 1"),
        (([-1], [1], [1]), "ids must be whole numbers"),
        (([1.5], [1], [1]), "ids must be whole numbers"),
        (([1], [1, 2], [1]), "differ in number"),
    ],
)
def test_impossible_votes_are_refused(rows: Any, says: str) -> None:
    with pytest.raises(BadVotes, match=says):
        Votes.of(*rows)


@given(EVENTS, st.data())
@settings(max_examples=60)
def test_co_moments_of_shards_and_of_single_votes_are_those_of_all(
    events: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    votes = of(events)
    whole = CoMoments.of(votes)
    cut = np.array(data.draw(st.lists(st.booleans(), min_size=votes.people, max_size=votes.people)))
    shards = CoMoments.of(votes.of_people(cut)).merged(CoMoments.of(votes.of_people(~cut)))
    assert np.array_equal(whole.tables, shards.tables)

    live, done = CoMoments.empty(votes.statement_ids), np.zeros(len(votes.values), bool)
    for place in data.draw(st.permutations(range(len(votes.values)))):
        mine = done & (votes.rows == votes.rows[place])
        live.cast(votes.columns[mine], votes.values[mine], int(votes.columns[place]), int(votes.values[place]))
        done[place] = True
    assert np.array_equal(whole.tables, live.tables)


@given(EVENTS, st.data())
@settings(max_examples=60)
def test_a_person_who_leaves_or_changes_a_vote_leaves_nothing_behind(
    events: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    votes = of(events)
    person = data.draw(st.integers(0, votes.people - 1))
    mine = slice(votes.starts[person], votes.starts[person + 1])
    columns, values = votes.columns[mine], votes.values[mine]
    live = CoMoments.of(votes)

    live.take_back(columns[1:], values[1:], int(columns[0]), int(values[0]))
    live.cast(columns[1:], values[1:], int(columns[0]), -1)
    changed = values.copy()
    changed[0] = -1
    live.remove(columns, changed)

    others = np.arange(votes.people) != person
    assert np.array_equal(live.tables, CoMoments.of(votes.of_people(others)).tables)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_axes_from_pairs_are_those_from_passes(name: str) -> None:
    votes, moderated = conversation(name)
    votes = votes.on_statements(~votes.columns_of(moderated))
    passed, pairs = axes.leading(votes), CoMoments.of(votes).axes()

    np.testing.assert_allclose(passed.eigenvalues, pairs.eigenvalues, rtol=1e-12)
    for one, other in zip(passed.directions, pairs.directions, strict=True):
        assert abs(one @ other) >= 1 - 1e-12


def test_axes_are_the_same_on_both_sides_of_the_limit_of_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    votes, _ = conversation("brexit-consensus")
    found = {}
    for most in (votes.statements, votes.statements - 1):
        with monkeypatch.context() as lowered:
            lowered.setattr(co_moments, "MOST", most)
            if most < votes.statements:
                lowered.delattr(CoMoments, "of")  # past the limit no table of pairs is made
            else:
                lowered.delattr(axes, "leading")
            found[most] = co_moments.axes_of(votes)
    one, other = found.values()
    np.testing.assert_allclose(one.eigenvalues, other.eigenvalues, rtol=1e-12)
    np.testing.assert_allclose(one.directions, other.directions, atol=1e-6)
    assert all(abs(first @ second) >= 1 - 1e-12 for first, second in zip(one.directions, other.directions, strict=True))


def test_too_many_statements_for_pairs_are_passed_over_instead() -> None:
    statements = MOST + 1
    votes = Votes.of(np.arange(statements) % 40, np.arange(statements), np.ones(statements, int))
    with pytest.raises(BadVotes, match="too many for exact pairs"):
        CoMoments.of(votes)
    assert polis_map(votes).axes.shape == (2, statements)


def test_sums_of_a_pass_do_not_depend_on_shards() -> None:
    votes, _ = conversation("brexit-consensus")
    half = np.arange(votes.people) % 2 == 0
    mean, block, grid = axes.means(votes), np.linspace(-1, 1, 2 * votes.statements).reshape(-1, 2), 2.0**40
    whole, one, other = (
        axes._there_and_back(part.starts, part.columns, part.values, mean, block, grid)
        for part in (votes, votes.of_people(half), votes.of_people(~half))
    )
    assert np.array_equal(whole, one + other)


def test_a_matrix_of_votes_is_read_as_it_stands() -> None:
    votes = votes_of([[1, 9, -1], [0, 1, 9]])
    assert votes.rows.tolist() == [0, 0, 1, 1]
    assert votes.columns.tolist() == [0, 2, 0, 1]
    assert votes.values.tolist() == [1, -1, 0, 1]


@given(st.integers(1, 12), st.integers(0, 1000))
@settings(max_examples=40)
def test_eigenvalues_of_small_matrices_are_those_of_a_library(size: int, seed: int) -> None:
    matrix = np.random.default_rng(seed).normal(size=(size, size))
    matrix = matrix + matrix.T
    values, vectors = axes.eigen(matrix)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix)[::-1], atol=1e-10)
    np.testing.assert_allclose(matrix @ vectors, vectors * values, atol=1e-9)
