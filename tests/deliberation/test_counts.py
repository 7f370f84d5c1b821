"""Counts as they are published: late enough, in large steps, sealed at the end."""

import datetime
import hashlib
import json
from typing import Any

import pytest
from tests.deliberation import scene

from withus.core import clock
from withus.core.errors import Denied, Refused
from withus.deliberation import actions, jobs, queries
from withus.deliberation.models import SealedTally, TallyRelease, TurnoutRelease

pytestmark = pytest.mark.django_db


def ended(days_ago: int = 1) -> scene.Process:
    """A conversation whose only phase has ended."""
    talk = scene.process()
    talk.phases.update(
        opens_on=clock.today() - datetime.timedelta(days=9), closes_on=clock.today() - datetime.timedelta(days=days_ago)
    )
    return talk


def test_nothing_is_published_of_nine_votes_and_the_tenth_brings_them_out() -> None:
    talk = scene.process()
    one = scene.statement(talk)
    scene.cast(one, agree=9)
    assert (jobs.release(), TallyRelease.objects.count(), TurnoutRelease.objects.count()) == (0, 0, 0)
    assert queries.public_results(talk)[0].counts.total is None
    scene.cast(one, agree=1)
    assert jobs.release() == 1
    row = queries.public_results(talk)[0]
    assert (row.counts.cells, row.counts.at_least, row.counts.at_most) == ({"agree": 10}, 10, 19)


def test_a_single_vote_never_shows_in_what_is_published() -> None:
    talk = scene.process()
    one = scene.statement(talk)
    scene.cast(one, agree=20, disagree=15)
    jobs.release()
    before = queries.public_results(talk)[0].counts
    for _ in range(9):
        scene.cast(one, agree=1)
        assert jobs.release() == 0
        assert queries.public_results(talk)[0].counts == before
    scene.cast(one, disagree=1)
    assert jobs.release() == 1
    assert queries.public_results(talk)[0].counts.cells == {"agree": 29, "disagree": 16}
    assert jobs.release() == 0


def test_how_many_people_voted_is_told_only_where_it_bounds_no_small_count() -> None:
    talk = scene.process()
    scene.cast(scene.statement(talk), agree=30, disagree=4)
    jobs.release()
    turnout = queries.public_turnout(talk, queries.public_results(talk))
    assert (turnout.people, turnout.at_least) == (None, 30)  # 34 − 30 would give the four away
    scene.cast(scene.statement(talk), agree=12)
    jobs.release()
    assert queries.public_turnout(talk, queries.public_results(talk)).people == 46


def test_what_most_agree_on_is_surely_over_a_half_with_its_number() -> None:
    talk = scene.process()
    strong, weak, small = (scene.statement(talk) for _ in range(3))
    scene.cast(strong, agree=40, disagree=10, passed=10)
    scene.cast(weak, agree=26, disagree=24)
    scene.cast(small, agree=9)
    jobs.release()
    rows = queries.public_agreement(queries.public_results(talk))
    assert [(row.statement, row.agree.percent, row.agree.n, round(row.agree.low)) for row in rows if row.agree] == [
        (strong, 67, 60, 59)
    ]


def test_paper_is_marked_and_held_back_when_it_is_few() -> None:
    talk = scene.process()
    one = scene.statement(talk)
    scene.cast(one, agree=20, disagree=10, passed=10)
    actions.enter(scene.LU, talk, ballots=[{one.number: 1}] * 12, token="a" * 26)
    jobs.release()
    assert queries.public_results(talk)[0].from_paper == 12
    other = scene.statement(talk)
    scene.cast(other, agree=20)
    actions.enter(scene.LU, talk, ballots=[{other.number: 1}] * 3, token="b" * 26)
    jobs.release()
    assert queries.public_results(talk)[1].from_paper is None
    third = scene.statement(talk)
    scene.cast(third, agree=3)
    actions.enter(scene.LU, talk, ballots=[{third.number: 1}] * 12, token="c" * 26)
    jobs.release()
    assert queries.public_results(talk)[2].from_paper is None  # 15 − 12 would give the three others away


def test_a_phase_that_ended_is_sealed_once_with_its_hash_in_the_public_log() -> None:
    talk = ended()
    one = scene.statement_of_the_past(talk)
    scene.cast(one, agree=30, disagree=4)
    assert (jobs.seal(), jobs.seal()) == (1, 0)
    sealed = SealedTally.objects.get()
    content = json.loads(sealed.content)
    assert content["statements"] == [
        {
            "statement": one.code,
            "agree": 30,
            "disagree": None,
            "pass": None,
            "votes_at_least": 30,
            "votes_at_most": 39,
            "from_paper": 0,
        }
    ]
    record = scene.records()[-1]
    assert (record["type"], record["actor"]) == ("tallies.sealed", "system")
    assert record["facts"]["sha256"] == hashlib.sha256(sealed.content.encode()).hexdigest() == sealed.sha256
    answer = scene.Client().get(f"/processes/TALK/phases/{sealed.phase.code}/tallies.json")
    assert hashlib.sha256(answer.content).hexdigest() == sealed.sha256


def test_a_phase_that_runs_today_is_not_sealed() -> None:
    scene.process()
    assert (jobs.seal(), SealedTally.objects.count()) == (0, 0)


def two_phases() -> tuple[Any, Any]:
    """A conversation whose first phase ended yesterday with 62 votes, and whose second began today; no job has run."""
    talk = ended()
    one = scene.statement_of_the_past(talk)
    scene.cast(one, agree=30, disagree=20, passed=12)
    scene.phase(talk)
    return talk, one


@pytest.mark.parametrize("deed", ["vote", "change", "take back", "paper"])
def test_what_is_voted_in_a_later_phase_never_counts_in_the_seal_of_an_earlier_one(deed: str) -> None:
    talk, one = two_phases()
    tie = scene.tie("ana", talk)
    if deed in {"change", "take back"}:
        scene.Participant.objects.filter(pk=one.votes.filter(value=1)[0].participant_id).update(tie=tie)
    facts = queries.public_votable("TALK", one.code)
    assert facts
    if deed == "paper":
        actions.enter(scene.LU, talk, ballots=[{1: -1}] * 20, token="late")
    elif deed == "take back":
        actions.take_back(scene.ANA, facts, tie=tie)
    else:
        actions.vote(scene.ANA, facts, value=-1, tie=tie)

    (first,) = [one for one in talk.phases.all() if one.sealed_on]
    (row,) = json.loads(first.sealed_tally.content)["statements"]
    assert (row["agree"], row["disagree"], row["pass"]) == (30, 20, 12)
    assert one.votes.filter(value=1).count() == {"vote": 30, "change": 29, "take back": 29, "paper": 30}[deed]
    assert jobs.seal() == 0


def test_two_runs_at_once_seal_a_phase_once() -> None:
    talk, _ = two_phases()
    phase, again = talk.phases.first(), talk.phases.first()
    actions.seal(scene.SYSTEM, phase)
    with pytest.raises(Refused, match="sealed already"):
        actions.seal(scene.SYSTEM, again)
    assert [one["type"] for one in scene.records()].count("tallies.sealed") == 1


def test_a_sealed_phase_takes_no_votes_even_if_the_clock_runs_back_into_it(settings: Any) -> None:
    talk = ended()
    one = scene.statement_of_the_past(talk)
    jobs.seal()
    settings.WITHUS_TODAY = clock.today() - datetime.timedelta(days=1)
    facts = queries.public_votable("TALK", one.code)
    assert facts
    with pytest.raises(Denied, match="not open now"):
        actions.vote(scene.ANA, facts, value=1, tie=scene.tie("ana", talk))
    with pytest.raises(Denied, match="not open now"):
        actions.enter(scene.LU, talk, ballots=[{1: 1}], token="back")
    assert one.votes.count() == 0


def test_releasing_costs_the_same_few_statements_for_one_and_for_thirty_statements(
    django_assert_max_num_queries: object,
) -> None:
    talk = scene.process()
    for _ in range(30):
        scene.cast(scene.statement(talk), agree=10)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert actions.release_tallies(talk) == 30
