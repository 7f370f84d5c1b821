"""What of a map is for everybody: no small count, no person, nothing that one vote moves far."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.compute.opinion_data import conversation, votes_of

from withus.compute.opinion_map import OpinionMap, Votes, opinion_map
from withus.compute.opinion_map.agreement import counted
from withus.compute.opinion_map.publication import kept, published
from withus.compute.placing import SIDE, nearest, place
from withus.compute.suppression import PERCENT_FROM, Basis, in_fives, in_tens, may_redraw

BREXIT = conversation("brexit-consensus")


@pytest.fixture(scope="module")
def made() -> OpinionMap:
    return opinion_map(*BREXIT, shuffles=100, bootstraps=10, clouds=0)


def lists(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Every line with a share."""
    return [*content["agreement"], *(one for said in content["said"] for one in said)]


def test_shares_are_steps_of_five_and_never_all_or_none() -> None:
    assert [in_fives(share) for share in (0, 0.02, 0.07, 0.08, 0.5, 0.96, 1)] == [5, 5, 5, 10, 50, 95, 95]
    assert [in_fives(share, down=True) for share in (0, 0.04, 0.099, 0.1, 0.649, 0.65, 1)] == [5, 5, 5, 10, 60, 65, 95]
    assert [in_tens(people) for people in (4, 10, 14, 15, 108)] == [10, 10, 10, 20, 110]


def test_a_map_may_change_when_ten_votes_on_one_statement_or_ten_people_have() -> None:
    before = Basis({1: (20, 5, 0), 2: (9, 9, 9)}, 27)
    assert not may_redraw(before, before)
    assert not may_redraw(before, Basis({1: (25, 9, 0), 2: (9, 0, 9)}, 36))
    assert may_redraw(before, Basis({1: (25, 10, 0), 2: (9, 9, 9)}, 27))
    assert may_redraw(before, Basis(before.counts, 37))
    assert may_redraw(before, Basis({**before.counts, 3: (10, 0, 0)}, 27))
    assert not may_redraw(before, Basis({1: (20, 5, 0)}, 27))  # a statement that was taken back shows no vote
    assert not may_redraw(None, Basis({1: (9, 0, 0)}, 9))
    assert may_redraw(None, Basis({1: (9, 1, 0)}, 10))


def test_of_groups_that_hold_their_shapes_and_lists_are_told(made: OpinionMap) -> None:
    content = published(BREXIT[0], made)
    assert content["why"] == "supported"
    assert [group["people"] for group in content["groups"]] == [110, 80]
    assert 1 <= len(content["agreement"]) <= 10
    assert all(len(said) <= 5 for said in content["said"])
    assert all(len(one["without"]) == 2 for one in lists(content))
    shares = [value for one in lists(content) for name in ("floor", "share", "others") if (value := one.get(name))]
    assert all(share % 5 == 0 and 5 <= share <= 95 for share in shares)


@pytest.mark.parametrize("name", ["positions", "axes", "group_of", "explained_variance", "spreads", "certainty"])
def test_a_result_cannot_be_written_into(made: OpinionMap, name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(made, name)[:] = 0


def test_every_shape_lies_in_the_picture_in_whole_steps(made: OpinionMap) -> None:
    for shape in published(BREXIT[0], made)["groups"]:
        reach = max(shape["wide"], shape["tall"])
        assert all(isinstance(value, int) for value in shape.values())
        assert reach <= shape["x"] <= SIDE - reach
        assert reach <= shape["y"] <= SIDE - reach


def test_a_statement_with_few_votes_in_one_group_stands_in_no_list(made: OpinionMap) -> None:
    votes = BREXIT[0]
    content = published(votes, made)
    told = {one["statement"] for one in lists(content)}
    of_group = made.group_of[votes.rows] == 1
    for statement in sorted(told)[:3]:
        about = votes.statement_ids[votes.columns] == statement
        spared = np.flatnonzero(about & of_group)[PERCENT_FROM - 1 :]
        fewer = votes.where(~np.isin(np.arange(len(votes.values)), spared))
        assert int(counted(fewer, made.group_of, 2).voted[1, votes.statement_ids == statement][0]) == PERCENT_FROM - 1
        assert statement not in {one["statement"] for one in lists(published(fewer, made))}


def test_the_others_without_a_group_are_told_only_over_ten_votes(made: OpinionMap) -> None:
    first = made.representative[0][0]
    three = replace(first, without=(None, 0.4, 0.3), n_without=(0, 9, 10))
    content = published(BREXIT[0], replace(made, representative=((three,), ())))
    assert content["said"][0][0]["without"] == [None, None, in_fives(first.share - 0.3)]


def test_what_bridges_needs_ten_votes_on_either_side(made: OpinionMap) -> None:
    few = tuple(replace(one, least=9) for one in made.bridging)
    assert published(BREXIT[0], made)["bridging"]
    assert published(BREXIT[0], replace(made, bridging=few))["bridging"] == []


def test_cohorts_of_fewer_than_five_stay_away_also_from_those_who_read(made: OpinionMap) -> None:
    for people in (4, 5):
        alike = np.arange(20) < people
        table = np.where(alike[:, None], 1, np.random.default_rng(5).integers(-1, 2, (20, 12)))
        votes = votes_of(table.tolist())
        found = kept(votes, opinion_map(votes, shuffles=0, bootstraps=0))
        assert [(one["group"], one["people"]) for one in found["cohorts"]] == [(None, 5)] * (people == 5)
    assert [one["people"] for one in kept(BREXIT[0], made)["cohorts"][:2]] == list(made.group_sizes)
    (crowd,) = found["cohorts"]
    assert {low % 5 for low in crowd["lows"].values()} == {0}
    assert all(low <= found["lows"][one] for one, low in crowd["lows"].items())
    fewer = votes.where(~((votes.columns == 3) & (votes.rows >= 14)))  # nine votes are left without the five
    assert "3" in kept(fewer, opinion_map(fewer, shuffles=0, bootstraps=0))["lows"]
    inside = kept(fewer, opinion_map(fewer, shuffles=0, bootstraps=0))
    assert all("3" not in one["lows"] for one in inside["cohorts"])


def test_without_groups_nothing_but_the_reason_is_told() -> None:
    london = opinion_map(*conversation("london.youth.policing"))
    assert published(conversation("london.youth.policing")[0], london) == {
        "why": "few", "groups": [], "agreement": [], "said": [], "freed": [], "bridging": [],
    }  # fmt: skip


def test_of_one_cloud_it_is_told_how_many_crowds_without_a_gap_look_alike_and_what_bridges() -> None:
    content = published(BREXIT[0], opinion_map(*BREXIT, shuffles=100, bootstraps=10))
    assert (content["why"], content["groups"], content["clouds"]) == ("continuum", [], 100)
    assert content["as_clear"] > 5
    assert content["bridging"]


@pytest.mark.parametrize("table", [[[1]], [[1], [-1], [0]], [[1] * 10] * 40], ids=["one", "column", "equal"])
def test_next_to_nothing_can_be_published_too(table: list[list[int]]) -> None:
    votes = votes_of(table)
    made = opinion_map(votes, shuffles=20, bootstraps=5)
    assert published(votes, made)["groups"] == []
    inside = kept(votes, made)
    assert (inside["people"], len(inside["counts"])) == (votes.people, votes.statements)


def own_votes(votes: Votes, person: int) -> dict[int, int]:
    mine = slice(votes.starts[person], votes.starts[person + 1])
    return dict(zip(votes.statement_ids[votes.columns[mine]].tolist(), votes.values[mine].tolist(), strict=True))


def test_one_is_placed_as_all_are(made: OpinionMap) -> None:
    votes = BREXIT[0]
    inside = kept(votes, made)
    told = {int(one) for one, *_ in inside["placing"]}
    for person in range(0, votes.people, 10):
        if not told.issuperset(own_votes(votes, person)):
            continue
        at = place(own_votes(votes, person), inside["placing"])
        assert (at.x, at.y) == pytest.approx(made.positions[person].tolist(), abs=1e-4)
        xx, yy, xy = made.spreads[person].tolist()
        turn = np.radians(at.turn)
        wide, tall = at.wide**2, at.tall**2
        assert wide * np.cos(turn) ** 2 + tall * np.sin(turn) ** 2 == pytest.approx(xx, abs=1e-4)
        assert (wide - tall) * np.sin(turn) * np.cos(turn) == pytest.approx(xy, abs=1e-4)
        assert yy + xx == pytest.approx(wide + tall, abs=1e-4)
        if made.group_of[person] >= 0:
            assert nearest(at.x, at.y, inside["centers"]) == made.group_of[person]


def test_a_statement_of_fewer_than_ten_votes_says_nothing_of_ones_place(made: OpinionMap) -> None:
    votes = BREXIT[0]
    told = {int(one) for one, *_ in kept(votes, made)["placing"]}
    of_all = dict(zip(votes.statement_ids.tolist(), votes.tallies[:, 2].tolist(), strict=True))
    assert told == {one for one, cast in of_all.items() if cast >= 10} - set(made.moderated)
    about = np.flatnonzero(votes.statement_ids[votes.columns] == min(told))
    for left in (9, 10):
        fewer = votes.where(~np.isin(np.arange(len(votes.values)), about[left:]))
        assert (min(told) in {int(one) for one, *_ in kept(fewer, made)["placing"]}) == (left == 10)


def test_without_a_group_it_is_asked_of_the_others_alone_whether_enough_voted(made: OpinionMap) -> None:
    votes = BREXIT[0]
    about, of_group = votes.statement_ids[votes.columns] == made.agreement[0].statement, made.group_of[votes.rows] == 1
    fewer = votes.where(~(about & of_group))
    told = kept(fewer, made)["rows"]["by_group"][str(made.agreement[0].statement)]
    assert told["floor"] is None
    assert told["without"][0] is None
    assert told["without"][1] == in_fives(made.agreement[0].without[1], down=True)


def test_what_bridges_is_told_with_the_shares_of_both_sides(made: OpinionMap) -> None:
    for one in published(BREXIT[0], made)["bridging"]:
        assert len(one["shares"]) == 2
        assert all(share % 5 == 0 and 50 <= share <= 95 for share in one["shares"])


def test_who_voted_on_nothing_of_the_map_stands_nowhere(made: OpinionMap) -> None:
    at = place({10**9: 1}, kept(BREXIT[0], made)["placing"])
    assert (at.x, at.y, at.wide, at.votes) == (0, 0, 1, 0)
