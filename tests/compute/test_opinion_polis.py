"""method="polis" against red-dwarf 0.4.0 and against Polis' own production output."""

from typing import Any

import numpy as np
import pytest
from tests.compute.opinion_data import CONVERSATIONS, adjusted_rand, conversation, golden, votes_of

from withus.compute.opinion_map import PolisMap, Votes, axes, polis_map
from withus.compute.opinion_map.agreement import counted, group_aware
from withus.compute.opinion_map.polis import described, grouped
from withus.compute.opinion_map.results import NOBODY

BREXIT, NATURE = "brexit-consensus", "scoop-hivemind.biodiversity"
RED_DWARF = [(BREXIT, "red-dwarf"), (NATURE, "red-dwarf")]
ALL = [*RED_DWARF, (NATURE, "clojure")]


def made(name: str, tool: str) -> tuple[Votes, PolisMap, dict[str, Any]]:
    expected = golden(name, tool)
    votes, _ = conversation(name)
    return votes, polis_map(votes, expected["mod_out_statement_ids"], expected["meta_statement_ids"]), expected


def groups_of(votes: Votes, expected: dict[str, Any]) -> Any:
    if "groups" not in expected:
        return np.array([NOBODY if group is None else group for group in expected["participants"]["group"]])
    labels = np.full(votes.people, NOBODY)
    for group, people in expected["groups"].items():
        labels[np.isin(votes.participant_ids, people)] = int(group)
    return labels


def with_their_groups(name: str, tool: str) -> tuple[PolisMap, dict[str, Any]]:
    votes, ours, expected = made(name, tool)
    hidden, meta = votes.columns_of(ours.moderated), votes.columns_of(expected["meta_statement_ids"])
    theirs = described(
        votes, groups_of(votes, expected), hidden, meta, ours.center, ours.axes, np.zeros(2), ours.positions, {}
    )
    return theirs, expected


def dense(votes: Votes, hidden: Any) -> tuple[Any, Any]:
    table, seen = np.zeros((votes.people, votes.statements)), np.zeros((votes.people, votes.statements), bool)
    table[votes.rows, votes.columns], seen[votes.rows, votes.columns] = votes.values, True
    centered = np.where(seen, table - table.sum(axis=0) / np.maximum(seen.sum(axis=0), 1), 0)
    centered[:, hidden] = 0
    _, singular, directions = np.linalg.svd(centered, full_matrices=False)
    stretch = np.sqrt(votes.statements / np.maximum((seen | hidden).sum(axis=1), 1))
    return singular[:2] ** 2 / (votes.people - 1), centered @ directions[:2].T * stretch[:, None]


@pytest.mark.parametrize(("name", "tool"), ALL)
def test_axes_and_center_are_theirs(name: str, tool: str) -> None:
    _, ours, expected = made(name, tool)

    for axis, part in zip(ours.axes, ("pc1", "pc2"), strict=True):
        theirs = np.array(expected["pca"][part])
        assert abs(axis @ theirs) / np.linalg.norm(theirs) >= 1 - 1e-9
    sign = -1 if tool == "clojure" else 1
    np.testing.assert_allclose(sign * ours.center, expected["pca"]["center"], atol=1e-12)


@pytest.mark.parametrize(("name", "loose"), [(BREXIT, 1e-9), (NATURE, 3e-9)])
def test_explained_variance_is_theirs(name: str, loose: float) -> None:
    _, ours, expected = made(name, "red-dwarf")
    np.testing.assert_allclose(ours.explained_variance, expected["pca"]["explained_variance"], rtol=loose)


@pytest.mark.parametrize(("name", "loose"), [(BREXIT, 1e-6), (NATURE, 5e-4)])
def test_positions_are_theirs(name: str, loose: float) -> None:
    _, ours, expected = made(name, "red-dwarf")
    theirs = np.array([expected["participants"]["x"], expected["participants"]["y"]]).T
    signs = np.sign((theirs * ours.positions).sum(axis=0))
    np.testing.assert_allclose(ours.positions * signs, theirs, atol=loose)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_axes_variance_and_positions_are_those_of_a_dense_decomposition(name: str) -> None:
    votes, moderated = conversation(name)
    ours = polis_map(votes, moderated)
    variance, positions = dense(votes, votes.columns_of(moderated))

    np.testing.assert_allclose(ours.explained_variance, variance, rtol=1e-11)
    signs = np.sign((positions * ours.positions).sum(axis=0))
    np.testing.assert_allclose(ours.positions * signs, positions, atol=2e-8)


@pytest.mark.parametrize(("name", "tool"), ALL)
def test_groups_are_theirs(name: str, tool: str) -> None:
    votes, ours, expected = made(name, tool)
    theirs = groups_of(votes, expected)
    both = (theirs != NOBODY) & (ours.group_of != NOBODY)

    assert len(ours.group_sizes) == expected["k"]
    assert adjusted_rand(theirs[both], ours.group_of[both]) >= (0.95 if tool == "clojure" else 1)
    if tool == "red-dwarf":
        assert (theirs != NOBODY).tolist() == (ours.group_of != NOBODY).tolist()
        best = expected["silhouette_by_k"][str(expected["k"])]
        assert ours.silhouettes[expected["k"]] == pytest.approx(best, abs=1e-4)


def listed(statement: Any) -> dict[str, Any]:
    return {
        "tid": statement.statement, "repful-for": statement.direction, "n-success": statement.successes,
        "n-trials": statement.trials, "p-success": statement.p, "p-test": statement.p_test,
        "repness": statement.repness, "repness-test": statement.repness_test, "best-agree": statement.is_best_agree,
    }  # fmt: skip


@pytest.mark.parametrize(("name", "tool"), ALL)
def test_representative_statements_are_theirs_in_their_order(name: str, tool: str) -> None:
    theirs, expected = with_their_groups(name, tool)
    loose = 1e-6 if tool == "clojure" else 1e-12

    for group, statements in expected["repness"].items():
        ours = [listed(one) for one in theirs.representative[int(group)]]
        wanted = [{"best-agree": False} | {k: v for k, v in one.items() if k != "n-agree"} for one in statements]
        assert [one["tid"] for one in ours] == [one["tid"] for one in wanted]
        assert [one.pop("repful-for") for one in ours] == [one.pop("repful-for") for one in wanted]
        assert ours == [pytest.approx(one, rel=loose, abs=loose) for one in wanted]


@pytest.mark.parametrize(("name", "tool"), ALL)
def test_consensus_lists_are_theirs(name: str, tool: str) -> None:
    theirs, expected = with_their_groups(name, tool)

    for direction, statements in expected["consensus"].items():
        ours = [listed(one) for one in theirs.consensus[direction]]
        assert [one["tid"] for one in ours] == [one["tid"] for one in statements]
        assert [one["p-test"] for one in ours] == pytest.approx([one["p-test"] for one in statements], abs=1e-12)


@pytest.mark.parametrize(("name", "off", "priority_off"), [(BREXIT, 1e-12, 1e-12), (NATURE, 2e-4, 1e-4)])
def test_extremity_and_priority_are_theirs_as_far_as_their_second_axis_is(
    name: str, off: float, priority_off: float
) -> None:
    votes, _, expected = made(name, "red-dwarf")
    theirs, _ = with_their_groups(name, "red-dwarf")
    for figures, key, most in ((theirs.extremity, "extremity", off), (theirs.priority, "priority", priority_off)):
        wanted = [expected[f"comment_{key}"][str(one)] for one in votes.statement_ids.tolist()]
        np.testing.assert_allclose(figures, wanted, rtol=0, atol=most)


@pytest.mark.parametrize(("name", "tool"), ALL)
def test_group_aware_consensus_and_priorities_are_theirs(name: str, tool: str) -> None:
    votes, _, expected = made(name, tool)
    theirs, _ = with_their_groups(name, tool)
    labels = groups_of(votes, expected)
    product = group_aware(counted(votes, labels, labels.max() + 1))

    place = {int(one): j for j, one in enumerate(votes.statement_ids)}
    for statement, value in expected["group_aware_consensus"]["agree"].items():
        assert product[place[int(statement)]] == pytest.approx(value, abs=1e-12), statement
    for statement, value in expected["comment_priority"].items():
        loose = 2e-3 if tool == "red-dwarf" and name == NATURE else 1e-12
        assert theirs.priority[place[int(statement)]] == pytest.approx(value, rel=loose, abs=1e-12), statement


def test_axes_found_again_from_another_start_are_the_same() -> None:
    votes, _ = conversation(BREXIT)
    one = axes.leading(votes)
    other = axes.leading(votes, start=np.eye(2, votes.statements))
    np.testing.assert_allclose(one.directions, other.directions, atol=1e-9)


def test_two_people_who_disagree_are_two_groups() -> None:
    ours = polis_map(votes_of([[1, 1, -1], [-1, -1, 1]]))
    assert ours.group_sizes == (1, 1)


def test_many_points_are_gathered_without_changing_the_groups() -> None:
    dice = np.random.default_rng(5)
    points = np.concatenate([dice.normal(center, 0.6, (4000, 2)) for center in ((0, 0), (5, 0), (0, 5))])
    labels, silhouettes = grouped(points)
    assert len(set(labels.tolist())) == 3
    assert adjusted_rand(labels, np.repeat([0, 1, 2], 4000)) > 0.99
    assert silhouettes[3] == max(silhouettes.values())
