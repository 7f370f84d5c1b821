"""One cloud or several: no groups among people without a gap between them, and groups where there are some."""

import os

import numpy as np
import pytest
from tests.compute.opinion_data import CONVERSATIONS, asked, asked_again, conversation, near_ones, opposites, two_camps

from withus.compute.opinion_map import factors, one_cloud, opinion_map
from withus.compute.opinion_map.conversation import AGREE, DISAGREE, VOTED
from withus.compute.opinion_map.withus import CONTINUUM, SUPPORTED

SOAK = bool(os.environ.get("WITHUS_SOAK"))
CLOUDS = ["round", "disc", "heavy tails", "line", "even line"]
SIZES = [(150, 40, 20), (600, 80, 30)] if SOAK else [(150, 40, 20)]
SEEDS = 24 if SOAK else 4
NEAR = ["sharp", "wide", "soft", "normal", "half", "ring"]
ALLOWED_OF_100 = 10
BREXIT = "brexit-consensus"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_one_cloud_shows_groups_in_at_most_one_of_ten_conversations(size: tuple[int, int, int]) -> None:
    made = {kind: [opinion_map(asked(kind, seed, *size), bootstraps=30) for seed in range(SEEDS)] for kind in CLOUDS}
    shown = {kind: sum(one.supported for one in found) for kind, found in made.items()}
    assert sum(shown.values()) <= len(CLOUDS) * SEEDS // 10, shown
    for kind, found in made.items():
        assert any(one.checks["why"] == CONTINUUM for one in found), f"{kind}: nothing was stable, so nothing is tried"


@pytest.mark.parametrize("kind", CLOUDS)
def test_nor_on_the_ballots_of_real_conversations(kind: str) -> None:
    shown = tried = 0
    for name in CONVERSATIONS[1:] if SOAK else [BREXIT]:
        votes, moderated = conversation(name)
        votes = votes.on_statements(~votes.columns_of(moderated))
        for seed in range(10 if SOAK else 2):
            tried += 1
            shown += opinion_map(asked_again(votes, kind, seed), bootstraps=30).supported
    assert shown <= tried // 10


@pytest.mark.parametrize("kind", NEAR)
def test_an_unbroken_line_of_people_who_agree_with_what_is_near_has_no_groups(kind: str) -> None:
    seeds = 100 if SOAK else 3
    shown = sum(opinion_map(near_ones(kind, seed), bootstraps=20).supported for seed in range(seeds))
    assert shown <= (seeds * ALLOWED_OF_100 // 100 if SOAK else 1)


@pytest.mark.parametrize("kind", ["sharp", "soft"])
def test_two_camps_on_such_a_line_are_found(kind: str) -> None:
    seeds = 20 if SOAK else 3
    made = [opinion_map(near_ones(kind, seed, 0.3), bootstraps=20) for seed in range(seeds)]
    assert sum(one.supported for one in made) > seeds // 2


def test_a_bow_has_no_gap_though_the_line_between_its_halves_is_empty() -> None:
    dice = np.random.default_rng(3)
    turn = dice.uniform(-0.75 * np.pi, 0.75 * np.pi, 4000)
    points = np.column_stack([np.cos(turn), np.sin(turn)]) + dice.normal(size=(4000, 2)) / 20
    halves = (turn > 0).astype(np.int32)
    assert one_cloud.gap(points, halves, 2, straight=True) > 0.6
    assert one_cloud.gap(points, halves, 2) < 0.3


def test_groups_that_stand_apart_are_found_among_few_people_too() -> None:
    made = [opinion_map(asked("groups", seed), bootstraps=30) for seed in range(SEEDS)]
    assert sum(len(one.group_sizes) == 3 for one in made) > SEEDS // 2
    assert {one.checks["why"] for one in made} <= {SUPPORTED, CONTINUUM}


@pytest.mark.parametrize(("share", "apart"), [(0.5, 5), (0.3, 5), (0.2, 5), *([(0.5, 4)] * SOAK)])
def test_two_camps_far_apart_are_found_though_one_is_smaller(share: float, apart: float) -> None:
    seeds = 20 if SOAK else 3
    made = [opinion_map(two_camps(share, apart, seed), bootstraps=20) for seed in range(seeds)]
    assert sum(one.supported for one in made) > seeds // 2


@pytest.mark.parametrize("sizes", [(370, 30), (170, 30)])
def test_few_people_who_say_the_opposite_of_many_are_a_group(sizes: tuple[int, int]) -> None:
    seeds = 8 if SOAK else 3
    made = [opinion_map(opposites(sizes, 0.15, seed), bootstraps=20).group_sizes for seed in range(seeds)]
    assert sum(len(one) == 2 and abs(one[1] - sizes[1]) <= 3 for one in made) > seeds // 2


@pytest.mark.parametrize("name", CONVERSATIONS[1:] if SOAK else [BREXIT, "15-per-hour-seattle"])
def test_real_conversations_whose_people_lie_in_one_cloud_say_so(name: str) -> None:
    made = opinion_map(*conversation(name))
    assert not made.supported
    if made.checks["why"] == CONTINUUM:
        assert "we cannot tell these people from one crowd without gaps" in made.checks["says"]
        assert min(made.checks["cloud"].chances.values()) > one_cloud.CLEAR


def test_invented_votes_keep_ballots_shares_and_loadings_and_are_others_each_time() -> None:
    votes, _ = conversation(BREXIT)
    model = factors.fit(votes)
    leanings, normal = one_cloud.leanings(votes, model)[None], one_cloud.normal_numbers()
    first, again, other = (votes.invented(leanings, normal, 5, number) for number in (0, 0, 1))
    assert first.values.tolist() == again.values.tolist() != other.values.tolist()
    assert np.array_equal(first.tallies[:, VOTED], votes.tallies[:, VOTED])
    many = sum(votes.invented(leanings, normal, 5, number).tallies for number in range(200)) / 200
    for answer in (AGREE, DISAGREE):
        away = (many[:, answer] - votes.tallies[:, answer]) / votes.tallies[:, VOTED]
        assert abs(away).max() < 0.03
    found = factors.fit(first, None, model, one_cloud.WARM_ROUNDS).strength
    assert found[0] == pytest.approx(model.strength[0], rel=0.2)


@pytest.mark.parametrize("share", [0.5, 0.08])
@pytest.mark.parametrize(("apart", "clear"), [(0.0, 0.0), (8.0, 1.0)])
def test_a_gap_is_a_valley_whatever_the_sizes(share: float, apart: float, clear: float) -> None:
    dice = np.random.default_rng(3)
    points = dice.normal(size=(8000, 2))
    points[:, 0] += np.where(dice.random(8000) < share, apart, 0)
    cut = np.quantile(points[:, 0], 1 - share)
    found = one_cloud.gap(points, (points[:, 0] > cut).astype(np.int32), 2)
    assert found == pytest.approx(clear, abs=0.05)


def test_a_group_without_people_has_no_gap() -> None:
    assert one_cloud.gap(np.zeros((3, 2)), np.zeros(3, np.int32), 2) == 0.0
    assert one_cloud.gap(np.zeros((4, 2)), np.arange(4, dtype=np.int32) % 2, 2) == 0.0  # nor two on one spot
