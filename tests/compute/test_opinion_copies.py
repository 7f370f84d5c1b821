"""Copied ballots make no groups, whatever they say; people who vote alike by themselves still do."""

import numpy as np
import pytest
from tests.compute.opinion_data import conversation, opposites
from tests.compute.test_opinion_map import rows_of
from tests.compute.test_opinion_shards import Here, split

from withus.compute.opinion_map import Votes, opinion_map
from withus.compute.opinion_map.publication import kept, published
from withus.compute.republishing import republished

TIMES = {"shuffles": 99, "bootstraps": 20, "clouds": 49}


def with_copies(votes: Votes, moderated: frozenset[int], many: int) -> Votes:
    """The votes, and so many accounts that disagree with the first nine of the agreement list."""
    first = [one.statement for one in opinion_map(votes, moderated, shuffles=0, bootstraps=0).agreement[:9]]
    copies = [np.repeat(np.arange(10**6, 10**6 + many), 9), np.tile(first, many), np.full(9 * many, -1)]
    return Votes.of(*map(np.concatenate, zip(rows_of(votes), copies, strict=True)))


@pytest.mark.parametrize(("name", "many"), [("brexit-consensus", 10), ("scoop-hivemind.affordable-housing", 19)])
def test_copied_ballots_make_no_groups_and_the_map_says_why(name: str, many: int) -> None:
    votes, moderated = conversation(name)
    attacked = with_copies(votes, moderated, many)
    assert opinion_map(attacked, moderated, alike=False, **TIMES).supported
    made = opinion_map(attacked, moderated, **TIMES)
    assert (made.supported, made.checks["alike"]) == (False, many)
    assert f"without {many} people whose ballots are nearly the same" in made.checks["says"]
    assert sum(one.floor >= 0.5 for one in made.agreement) > 10
    assert published(attacked, made)["is_without_alike"]
    (crowd,) = republished(None, published(attacked, made), kept(attacked, made))[1]["cohorts"]
    (line,) = made.cohorts
    assert crowd["people"] == line.people == many
    assert len(crowd["without"]) == 10


def test_where_copies_had_a_group_both_views_say_what_the_list_was_without_them() -> None:
    votes, moderated = conversation("brexit-consensus")
    attacked = with_copies(votes, moderated, 10)
    made = opinion_map(attacked, moderated, alike=False, **TIMES)
    content, inside = republished(None, published(attacked, made), kept(attacked, made))
    assert content["agreement"] == []
    small = next(one for one in inside["cohorts"] if one["group"] == 1)
    assert (small["kept"], small["top"], len(small["without"])) == (0, [], 10)
    assert content["freed"][1] == small["without"]
    assert len(content["freed"][1]) == 10
    assert next(one for one in made.cohorts if (one.kind, one.name) == ("group", "1")).kept == 0


def test_groups_of_others_stay_and_who_copied_stands_in_the_nearest_also_where_votes_lie_apart() -> None:
    votes = opposites((200, 170), 1 / 7, 1)
    copies = [np.repeat(np.arange(1000, 1030), 9), np.tile(np.arange(5, 14), 30), np.tile([1, -1, 1] * 3, 30)]
    attacked = Votes.of(*map(np.concatenate, zip(rows_of(votes), copies, strict=True)))
    camps = opinion_map(attacked, **TIMES)
    assert camps.checks["alike"] == 30
    assert len(camps.group_sizes) == 2
    assert sum(camps.group_sizes) == 400
    assert set(camps.certainty[-30:].tolist()) == {0}
    assert opinion_map(split(attacked, [150, 385], Here(2)), **TIMES).as_json() == camps.as_json()


def test_a_small_camp_that_votes_alike_by_itself_is_still_a_group() -> None:
    made = opinion_map(opposites((370, 30), 1 / 7, 0), **TIMES)
    assert (len(made.group_sizes), "alike" in made.checks) == (2, False)


def test_where_most_ballots_are_nearly_the_same_this_is_how_people_vote() -> None:
    made = opinion_map(opposites((40, 40), 0.01, 0), **TIMES)
    assert (made.group_sizes, "alike" in made.checks) == ((40, 40), False)
