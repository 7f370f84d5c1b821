"""One cloud or several: no groups among people without a gap between them, and groups where there are some."""

import os

import numpy as np
import pytest
from tests.compute.opinion_data import CONVERSATIONS, asked, asked_again, conversation

from withus.compute.opinion_map import factors, one_cloud, opinion_map
from withus.compute.opinion_map.conversation import AGREE, DISAGREE, VOTED
from withus.compute.opinion_map.withus import CONTINUUM, SUPPORTED

SOAK = bool(os.environ.get("WITHUS_SOAK"))
CLOUDS = ["round", "disc", "heavy tails", "line", "even line"]
SIZES = [(150, 40, 20), (600, 80, 30)] if SOAK else [(150, 40, 20)]
SEEDS = 24 if SOAK else 4
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


def test_groups_that_stand_apart_are_found_among_few_people_too() -> None:
    made = [opinion_map(asked("groups", seed), bootstraps=30) for seed in range(SEEDS)]
    assert sum(len(one.group_sizes) == 3 for one in made) > SEEDS // 2
    assert {one.checks["why"] for one in made} <= {SUPPORTED, CONTINUUM}


@pytest.mark.parametrize("name", CONVERSATIONS[1:] if SOAK else [BREXIT, "15-per-hour-seattle"])
def test_real_conversations_whose_people_lie_in_one_cloud_say_so(name: str) -> None:
    made = opinion_map(*conversation(name))
    assert not made.supported
    if made.checks["why"] == CONTINUUM:
        assert "there are no separate groups" in made.checks["says"]
        assert min(made.checks["cloud"].chances.values()) > one_cloud.CLEAR


def test_invented_votes_keep_ballots_shares_and_loadings_and_are_others_each_time() -> None:
    votes, _ = conversation(BREXIT)
    model = factors.fit(votes)
    leanings, normal = one_cloud.leanings(votes, model), one_cloud.normal_numbers()
    first, again, other = (votes.invented(leanings, normal, 5, number) for number in (0, 0, 1))
    assert first.values.tolist() == again.values.tolist() != other.values.tolist()
    assert np.array_equal(first.tallies[:, VOTED], votes.tallies[:, VOTED])
    many = sum(votes.invented(leanings, normal, 5, number).tallies for number in range(200)) / 200
    for answer in (AGREE, DISAGREE):
        away = (many[:, answer] - votes.tallies[:, answer]) / votes.tallies[:, VOTED]
        assert abs(away).max() < 0.03
    found = factors.fit(first, None, model, one_cloud.WARM_ROUNDS).strength
    assert found[0] == pytest.approx(model.strength[0], rel=0.2)


@pytest.mark.parametrize(("apart", "clear"), [(0.0, 0.63), (8.0, 0.94)])
def test_a_gap_is_what_lies_between_two_groups_and_not_within_them(apart: float, clear: float) -> None:
    dice = np.random.default_rng(3)
    points = dice.normal(size=(4000, 2))
    points[:, 0] += np.where(np.arange(4000) % 2, apart / 2, -apart / 2)
    found = one_cloud.gap(points, (points[:, 0] > 0).astype(np.int32), 2)
    assert found == pytest.approx(clear, abs=0.02)  # of a normal distribution cut in half: 2 / pi


def test_a_group_without_people_has_no_gap() -> None:
    assert one_cloud.gap(np.zeros((3, 2)), np.zeros(3, np.int32), 2) == 0.0
