"""The next statement: the same for the same seed, never by constant priorities, and where an answer helps most."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compute.opinion_data import CONVERSATIONS, conversation

from withus.compute.opinion_map import factors
from withus.compute.routing import LEAST, lot, next_statement, worth

Model = list[list[float]]


def model(loadings: list[tuple[float, float]]) -> Model:
    return [[number, 0.0, x, y, 0.5] for number, (x, y) in enumerate(loadings)]


def seeds(how_many: int) -> Iterator[bytes]:
    return (number.to_bytes(32, "big") for number in range(how_many))


def test_fewer_published_votes_make_an_answer_worth_more() -> None:
    found = worth([0, 1, 2, 3], set(), {0: 400, 1: 60, 2: 10}, model([(0.3, 0.3)] * 4))
    assert found[3] == 1
    assert found[0] < found[1] < found[2] < found[3]


def test_what_tells_people_apart_is_worth_more_until_her_place_is_known() -> None:
    heard, known = dict.fromkeys(range(4), 50), model([(0, 0), (0.5, 0), (0, 0.6), (0.8, 0)])
    found = worth([0, 1, 2], set(), heard, known)
    assert found[0] < found[1] < found[2]
    after = worth([0, 1, 2], {3}, heard, known)  # an answer along the first axis: another one tells less
    assert after[1] / after[2] < found[1] / found[2]


def test_without_a_map_the_least_heard_comes_first_and_new_ones_before_all() -> None:
    heard = {1: 30, 2: 10, 3: 10}
    for seed in seeds(20):
        asked = []
        while (one := next_statement({1, 2, 3, 4} - set(asked), asked, heard, [], seed)) is not None:
            asked.append(one)
        assert (asked[0], asked[3]) == (4, 1)
        assert set(asked[1:3]) == {2, 3}
    first = Counter(next_statement([2, 3], (), heard, [], seed) for seed in seeds(400))
    assert min(first.values()) > 150


@given(st.binary(min_size=32, max_size=32), st.integers(1, 30), st.booleans())
def test_the_same_seed_asks_the_same_and_nothing_twice(seed: bytes, statements: int, has_map: bool) -> None:
    dice = np.random.default_rng(statements)
    known = model([(x, y) for x, y in dice.normal(size=(statements, 2)).tolist()]) if has_map else []
    heard = {number: int(dice.integers(0, 90)) for number in range(0, statements, 2)}
    left, asked = set(range(statements)), set()
    while (one := next_statement(left, asked, heard, known, seed)) is not None:
        assert one == next_statement(sorted(left, reverse=True), asked, heard, known, seed)
        left.remove(one)
        asked.add(one)
    assert asked == set(range(statements))


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_priorities_are_never_constant_and_each_statement_comes(name: str) -> None:
    votes, moderated = conversation(name)
    votes = votes.shown(votes.columns_of(moderated))
    fitted = factors.fit(votes)
    rows = zip(fitted.mean.tolist(), fitted.loadings.tolist(), fitted.noise.tolist(), strict=True)
    known: Model = [[number, mean, *loadings, noise] for number, (mean, loadings, noise) in enumerate(rows)]
    left, heard = list(range(votes.statements)), dict(enumerate(votes.tallies[:, 2].tolist()))
    found = worth(left, set(), heard, known)

    assert max(found.values()) == 1
    assert min(found.values()) < 0.5
    assert len({round(weight, 9) for weight in found.values()}) >= 20
    # next_statement takes the least of these: a thousand seeds are drawn at once
    lots = np.array([[lot(seed, one) for one in left] for seed in seeds(1000)])
    weights = np.array([found[one] for one in left])
    came = np.bincount((-np.log(lots) / weights).argmin(axis=1), minlength=len(left))
    assert came.tolist() != sorted(came.tolist())
    tenth = max(1, len(left) // 10)
    best = came[np.argsort(-weights)]
    assert best[:tenth].mean() > 2 * best[-tenth:].mean()
    for row, seed in zip(lots[:3], seeds(3), strict=True):
        assert next_statement(left, set(), heard, known, seed) == (-np.log(row) / weights).argmin()


def test_the_chance_is_the_worth_and_even_the_least_helpful_comes() -> None:
    known, heard = model([(0.4, 0.1)] * 19 + [(0, 0)]), dict.fromkeys(range(19), 10) | {19: 10_000}
    found = worth(list(range(20)), set(), heard, known)
    assert found[19] == pytest.approx(LEAST, abs=1e-6)
    asked = Counter(next_statement(range(20), (), heard, known, seed) for seed in seeds(4000))
    assert len(asked) == 20
    assert max(asked.values()) < 300
    assert asked[19] == pytest.approx(4000 * LEAST / (19 + LEAST), abs=12)


def test_what_nobody_heard_yet_comes_soon_though_the_map_does_not_know_it() -> None:
    """In a conversation of two hundred, more than half of those who answer twenty are asked it; by lot one in ten."""
    dice = np.random.default_rng(5)
    known = model([(x, y) for x, y in dice.normal(0, 0.4, (200, 2)).tolist()])
    heard, came = {number: int(dice.integers(20, 200)) for number in range(200)}, 0
    for seed in seeds(60):
        left, asked = set(range(201)), set[int]()
        while len(asked) < 20 and 200 not in asked:
            one = next_statement(left, asked, heard, known, seed)
            assert one is not None
            left.remove(one)
            asked.add(one)
        came += 200 in asked
    assert came > 60 / 2


def test_how_many_agree_changes_nothing() -> None:
    liked, disliked = ([[number, mean, 0.3, 0.1, 0.5] for number in range(5)] for mean in (0.9, -0.9))
    assert worth(range(5), {1}, {}, liked) == worth(range(5), {1}, {}, disliked)
