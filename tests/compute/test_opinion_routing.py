"""The next statement: deterministic, never with constant priorities, and where an answer helps most."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compute.opinion_data import CONVERSATIONS, conversation

from withus.compute.opinion_map import factors
from withus.compute.opinion_map.agreement import counted
from withus.compute.opinion_map.factors import Model
from withus.compute.opinion_map.routing import next_statement, worth

NEWCOMER = np.array([1.0, 1.0, 0.0])


def model(loadings: Any) -> Model:
    size = len(loadings)
    return Model(np.zeros(size), np.asarray(loadings, float), np.full(size, 0.5))


def test_fewer_votes_in_any_group_make_an_answer_worth_more() -> None:
    found = worth(model([[0.3, 0.3]] * 3), NEWCOMER, np.array([[100, 100, 100], [100, 10, 0]]))
    assert found.to_all[0] < found.to_all[1] < found.to_all[2]
    assert np.argmax(found.together) == 2


def test_what_tells_people_apart_is_worth_more_to_somebody_whose_place_is_unsure() -> None:
    votes = np.full((2, 3), 50)
    found = worth(model([[0, 0], [0.5, 0], [0, 0.5]]), np.array([0.2, 0.9, 0.0]), votes)
    assert found.to_place[0] == 0
    assert found.to_place[0] < found.to_place[1] < found.to_place[2]


def test_nobody_is_asked_what_she_has_answered() -> None:
    found = worth(model([[0.1, 0.2]] * 4), NEWCOMER, np.ones((1, 4)))
    assert next_statement(found, np.array([False, False, True, False]), 0, 5) == 2
    assert next_statement(found, np.zeros(4, bool), 0, 5) is None


@given(st.integers(0, 2**40), st.integers(0, 2**62), st.integers(1, 30))
@settings(deadline=None)
def test_the_same_person_is_asked_the_same(seed: int, person: int, statements: int) -> None:
    dice = np.random.default_rng(statements)
    found = worth(model(dice.normal(size=(statements, 2))), NEWCOMER, dice.integers(0, 90, (2, statements)))
    left = dice.random(statements) < 0.7
    first = next_statement(found, left, seed, person)
    assert first == next_statement(found, left, seed, person)
    assert (first is None) == (not left.any())
    assert first is None or left[first]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_priorities_are_never_constant_and_each_statement_comes(name: str) -> None:
    votes, moderated = conversation(name)
    votes = votes.shown(votes.columns_of(moderated))
    groups = counted(votes, (np.arange(votes.people) % 2).astype(np.int32), 2)
    found = worth(factors.fit(votes), NEWCOMER, groups.voted)

    assert np.ptp(found.together) > 0.3
    assert len(np.unique(np.round(found.together, 9))) >= 20
    assert np.isfinite(found.together).all()
    everything = np.ones(votes.statements, bool)
    came = Counter(next_statement(found, everything, 1, person) for person in range(200 * votes.statements))
    assert len(came) >= 0.9 * votes.statements
    best = np.argsort(-found.together)
    often = np.array([came[int(j)] for j in best])
    tenth = max(1, votes.statements // 10)
    assert often[:tenth].mean() > 2 * often[-tenth:].mean()


def test_two_people_are_not_all_asked_the_same() -> None:
    found = worth(model([[0.4, 0.1]] * 20), NEWCOMER, np.full((1, 20), 10))
    asked = Counter(next_statement(found, np.ones(20, bool), 3, person) for person in range(2000))
    assert len(asked) == 20
    assert max(asked.values()) < 200


def test_what_most_disagree_with_is_not_shown_less() -> None:
    loadings = [[0.3, 0.0], [0.3, 0.0]]
    liked = Model(np.array([0.9, -0.9]), np.array(loadings), np.full(2, 0.5))
    found = worth(liked, NEWCOMER, np.full((1, 2), 40))
    assert found.together[0] == found.together[1]
