"""What a map says of its statements: floors, bridging, what stands for a group, and who may have changed the list."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.compute.opinion_data import CONVERSATIONS, conversation, known_groups, opposites, votes_of
from tests.compute.test_opinion_map import rows_of

from withus.compute import suppression
from withus.compute.opinion_map import Votes, axes, polis_map
from withus.compute.opinion_map.agreement import agreement, heavy_enough, wilson_low
from withus.compute.opinion_map.bridging import OWN, STANDS, Bridging, bridging, liked_on_both_sides
from withus.compute.opinion_map.manipulation import alike_crowds, cohorts
from withus.compute.opinion_map.representative import FALSE_RATE, _largest_kept, difference, representative

BREXIT = "brexit-consensus"


def objective(votes: Votes, found: Bridging) -> float:
    like = (votes.values + 1) / 2
    said = found.base + found.person_own[votes.rows] + found.score[votes.columns]
    said = said + found.person_stand[votes.rows] * found.stand[votes.columns]
    own = (found.person_own**2).mean() + (found.score**2).mean() + found.base**2
    stands = (found.person_stand**2).mean() + (found.stand**2).mean()
    return float(((like - said) ** 2).mean() + OWN * own + STANDS * stands)


def everything(votes: Votes) -> Any:
    return np.ones(votes.statements, bool)


def test_the_bound_is_the_one_that_pages_use() -> None:
    for count, n in ((0, 0), (3, 10), (10, 10), (180, 200)):
        assert wilson_low(np.array([count]), np.array([n]))[0] == pytest.approx(suppression.wilson_low(count, n))


def test_the_floor_is_the_least_agreeing_groups_and_is_told_without_each_group() -> None:
    votes = votes_of([[1, 1]] * 20 + [[1, -1]] * 20)
    first, second = agreement(votes, np.repeat([0, 1], 20), 2, everything(votes))

    assert (first.statement, second.statement) == (0, 1)
    assert first.floor == pytest.approx(suppression.wilson_low(20, 20))
    assert second.floor == 0
    assert second.without == (0, pytest.approx(suppression.wilson_low(20, 20)))
    assert (second.agree, second.disagree, second.passed) == (20, 20, 0)
    assert second.gac == pytest.approx(21 / 22 * 1 / 22)
    assert second.gac_mean == pytest.approx((21 / 22 * 1 / 22) ** 0.5)


def test_a_small_group_has_no_veto() -> None:
    assert heavy_enough(np.array([200, 100, 6])).tolist() == [True, True, False]
    assert heavy_enough(np.array([200, 100, 15])).tolist() == [True, True, False]
    assert heavy_enough(np.array([200, 100, 16])).tolist() == [True, True, True]
    assert heavy_enough(np.array([4, 3])).tolist() == [True, True]


def test_the_bridging_score_reaches_the_least_objective() -> None:
    votes, _ = conversation(BREXIT)
    found = bridging(votes, axes.leading(votes).directions[0])
    assert objective(votes, found) == pytest.approx(found.objective, abs=1e-6)

    best = found
    for _ in range(400):  # plain descent along the gradient finds nothing better
        best = _descended(votes, best)
    assert found.objective <= objective(votes, best) * (1 + 1e-3)


def _descended(votes: Votes, found: Bridging) -> Bridging:
    n, step = len(votes.values), 0.5
    rest = (votes.values + 1) / 2 - found.base - found.person_own[votes.rows] - found.score[votes.columns]
    rest -= found.person_stand[votes.rows] * found.stand[votes.columns]

    def summed(weights: Any, at: Any, size: int) -> Any:
        return np.bincount(at, weights=weights, minlength=size) / n

    people, statements = votes.people, votes.statements
    return replace(
        found,
        base=found.base + step * (rest.mean() - OWN * found.base),
        person_own=found.person_own + step * (summed(rest, votes.rows, people) - OWN * found.person_own / people),
        score=found.score + step * (summed(rest, votes.columns, statements) - OWN * found.score / statements),
        person_stand=found.person_stand
        + step * (summed(rest * found.stand[votes.columns], votes.rows, people) - STANDS * found.person_stand / people),
        stand=found.stand
        + step
        * (
            summed(rest * found.person_stand[votes.rows], votes.columns, statements) - STANDS * found.stand / statements
        ),
    )


def test_what_both_sides_like_scores_above_what_one_side_likes_more() -> None:
    """Statement 0 has fewer agrees than statement 1, which the larger camp alone likes."""
    camps = np.where(np.arange(100) < 70, 1, -1)
    liked = np.where(np.arange(100) % 3 < 2, 1, -1)
    often = [np.where(np.arange(100) % 20 == k, -camps, camps) for k in range(8)]
    table = np.column_stack([liked, camps, *often])
    votes = votes_of(table)
    found = bridging(votes, axes.leading(votes).directions[0])
    assert found.score[0] > found.score[1]
    both, shares, least = liked_on_both_sides(votes, found)
    assert both.tolist()[:2] == [True, False]
    one_side = int((found.person_stand > 0).sum())
    assert least.tolist()[:2] == [min(one_side, 100 - one_side)] * 2
    assert shares[:, 1].min() == 0


@pytest.mark.parametrize(("agree", "is_liked"), [(13, False), (15, False), (18, True)])
def test_both_sides_like_what_surely_more_than_half_of_each_agree_with(agree: int, is_liked: bool) -> None:
    """Of the smaller side so many of 25 agree, and five pass: more than disagree is not enough."""
    stand = np.repeat([1.0, -1.0], [40, 30])
    votes = votes_of([[1]] * 40 + [[1]] * agree + [[-1]] * (25 - agree) + [[0]] * 5)
    found = Bridging(np.zeros(1), np.zeros(1), 0.5, np.zeros(70), stand, 0.0, 0)
    both, shares, least = liked_on_both_sides(votes, found)
    assert both.tolist() == [is_liked]
    assert shares.T.tolist() == [[agree / 25, 1]]
    assert least.tolist() == [25]


def test_halves_are_of_people_and_statements_alone() -> None:
    votes, _ = conversation(BREXIT)
    even = votes.participant_ids % 2 == 0
    first, second = votes.half(0, True), votes.half(0, False)
    assert np.array_equal(first.of_people(even).columns, votes.of_people(even).half(0, True).columns)
    assert np.array_equal(first.lengths + second.lengths, votes.lengths)
    assert 0.45 < first.cast / votes.cast < 0.55


def test_groups_of_shuffled_votes_are_said_to_stand_for_nothing() -> None:
    """Polis' own lists are full here: it tests groups by the very votes that made them."""
    votes, moderated = conversation(BREXIT)
    ours = theirs = 0
    for seed in range(1, 11):
        noise = votes.dealt(seed, 0)
        compatible = polis_map(noise, moderated)
        theirs += sum(map(len, compatible.representative))
        found = representative(noise, compatible.group_of, len(compatible.group_sizes), seed)
        ours += sum(map(len, found))
    assert theirs >= 50
    assert ours <= 5


def test_what_stands_for_known_groups_is_found_with_its_interval() -> None:
    votes, truth = known_groups(0)
    found = representative(votes, truth.astype(np.int32), 4, 0)
    assert [len(one) for one in found] == [10] * 4
    for group, statements in enumerate(found):
        for one in statements:
            assert 0 < one.low <= one.effect <= one.high
            assert one.effect == pytest.approx(one.share - one.others)
            assert one.without[group] is None
            assert sum(rest is not None for rest in one.without) == 3


def test_benjamini_and_hochberg_keep_what_is_unlikely_among_so_many() -> None:
    assert _largest_kept(np.array([0.5, 0.02, 0.9, 0.6])) == -1
    assert _largest_kept(np.array([0.001, 0.02, 0.03, 0.6])) == 0.03
    assert _largest_kept(np.array([])) == -1
    assert FALSE_RATE == 0.05


def test_the_interval_of_a_difference_is_newcombes() -> None:
    low, high = difference(56, 70, 48, 80)  # his example (1998, table II, a), there at 95 %
    assert (low, high) == (pytest.approx(0.0767, abs=2e-3), pytest.approx(0.3145, abs=2e-3))


def with_fakes(votes: Votes, count: int, day: int | None = None) -> Votes:
    """The votes, and accounts that all disagree with what most agree on."""
    people, statements, values = (list(column) for column in rows_of(votes))
    targets = [one.statement for one in agreement(votes, np.zeros(votes.people, np.int32), 1, everything(votes))[:20]]
    for fake in range(count):
        people += [10_000 + fake] * 20
        statements += targets
        values += [-1] * 20
    times = None if day is None else [86_400_000 * (day if person >= 10_000 else person % 40) for person in people]
    return Votes.of(people, statements, values, times)


def test_near_identical_ballots_are_shown_with_the_list_without_them() -> None:
    votes, _ = conversation(BREXIT)
    honest = cohorts(votes, np.zeros(votes.people, np.int32), 0, everything(votes))
    attacked = with_fakes(votes, 60)
    found = cohorts(attacked, np.zeros(attacked.people, np.int32), 0, everything(attacked))

    assert found[0].kind == "near-identical ballots"
    assert found[0].people == 60
    assert found[0].kept <= 5
    assert all(one.people < 5 and one.kept == 10 for one in honest if one.kind == "near-identical ballots")
    clean = agreement(votes, np.zeros(votes.people, np.int32), 1, everything(votes))[:10]
    assert list(found[0].without) == [one.statement for one in clean]


def test_a_day_with_a_rush_is_shown() -> None:
    votes, _ = conversation(BREXIT)
    attacked = with_fakes(votes, 60, day=77)
    found = cohorts(attacked, np.zeros(attacked.people, np.int32), 0, everything(attacked))
    assert [(one.name, one.people) for one in found if one.kind == "came on one day"] == [("1970-03-19", 60)]


@pytest.mark.parametrize("count", [10, 11])
def test_ten_on_one_day_are_no_rush_though_one_came_on_others(count: int) -> None:
    people = np.arange(2 + count)
    votes = Votes.of(people, 0 * people, 0 * people + 1, 86_400_000 * np.minimum(people, 2))
    found = cohorts(votes, np.zeros(votes.people, np.int32), 0, everything(votes))
    assert [one.people for one in found if one.kind == "came on one day"] == [11] * (count == 11)


@pytest.mark.parametrize(("each", "many", "found"), [(4, 40, 0), (5, 14, 14), (9, 8, 8), (5, 3, 0)])
def test_ballots_are_alike_from_five_votes_on_and_the_fewer_votes_the_more_people_it_takes(
    each: int, many: int, found: int
) -> None:
    votes, _ = conversation(BREXIT)
    first = [one.statement for one in agreement(votes, np.zeros(votes.people, np.int32), 1, everything(votes))[:each]]
    fakes = [np.repeat(np.arange(10_000, 10_000 + many), each), np.tile(first, many), np.full(each * many, -1)]
    attacked = Votes.of(*map(np.concatenate, zip(rows_of(votes), fakes, strict=True)))
    crowds = alike_crowds(attacked, np.zeros(attacked.people, np.int32))
    assert [int(one.sum()) for one in crowds] == [found] * bool(found)


def test_of_honest_people_hardly_any_crowds_are_found() -> None:
    """In six real conversations two, of nine people; where camps vote alike and on all statements, none."""
    alarms = []
    for name in CONVERSATIONS:
        votes, moderated = conversation(name)
        seen = votes.on_statements(~votes.columns_of(moderated))
        alarms += [int(one.sum()) for one in alike_crowds(seen, np.zeros(seen.people, np.int32))]
    assert alarms == [6, 3]
    few = votes_of(np.random.default_rng(3).choice([1, 1, 1, -1], (300, 7)))
    assert alike_crowds(few, np.zeros(300, np.int32)) == []
    for sizes in ((370, 30), (200, 200)):
        camps = opposites(sizes, 1 / 7, 0)
        assert alike_crowds(camps, np.repeat([0, 1], sizes).astype(np.int32)) == []


def test_each_group_is_left_out_in_turn() -> None:
    votes, truth = known_groups(1, people=400, statements=40, each=12)
    found = cohorts(votes, truth.astype(np.int32), 4, everything(votes))
    assert sorted(one.name for one in found if one.kind == "group") == ["0", "1", "2", "3"]
