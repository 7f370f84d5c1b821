"""Which statement the vote page asks next: by what is public and by which she answered; each comes, none twice."""

import html
import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.deliberation import scene

from withus.core import clock, codes
from withus.deliberation import actions
from withus.deliberation.maps.models import DrawnMap
from withus.deliberation.maps.queries import next_left
from withus.deliberation.models import Participant, Statement, StatementState, TallyRelease, Vote
from withus.processes.models import Process

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
HERE = "/processes/TALK/vote"


@pytest.fixture
def talk() -> Process:
    """An open process."""
    return scene.process()


def map_of(talk: Process, *, why: str = "supported") -> None:
    """A map of all statements so far, on which those with even numbers tell nothing of a person's place."""
    numbers = talk.statements.order_by("number").values_list("number", flat=True)
    model = [[number, 0.1, 0.5 * (number % 2), 0.2 * (number % 2), 0.5] for number in numbers]
    content, inside = {"why": why, "groups": [{}, {}] if why == "supported" else []}, {"placing": model}
    values = {"content": json.dumps(content), "inside": json.dumps(inside), "drawn_on": clock.today()}
    DrawnMap.objects.update_or_create(process=talk, defaults=values)


def answer(talk: Process, code: str, tie: str, value: int = 1) -> None:
    actions.vote(scene.ANA, actions.queries.public_votable(talk.code, code), value=value, tie=tie)


def first_of(talk: Process, people: int) -> list[str]:
    """What as many newcomers are asked first."""
    return [next_left(scene.ANA, talk, f"{person:064x}")[0] or "" for person in range(people)]


@pytest.mark.parametrize("prepare", [lambda talk: None, map_of], ids=["no map", "a map"])
def test_each_is_asked_everything_once_in_an_order_of_her_own_that_stays(
    talk: Process, prepare: Callable[[Process], None]
) -> None:
    everything = {scene.statement(talk).code for _ in range(8)}
    prepare(talk)
    orders = []
    for name in ("ana", "bo", "eve"):
        tie, asked = scene.tie(name, talk), list[str]()
        while (found := next_left(scene.ANA, talk, tie)) != (None, 0):
            assert found == next_left(scene.ANA, talk, tie)
            assert found == (found[0], 8 - len(asked))
            asked.append(found[0] or "")
            answer(talk, asked[-1], tie)
        orders.append(tuple(asked))
    assert all(len(asked) == 8 and set(asked) == everything for asked in orders)
    assert len(set(orders)) == 3


def test_how_she_answers_does_not_change_what_comes(talk: Process) -> None:
    for _ in range(6):
        scene.statement(talk)
    map_of(talk)
    tie, orders = scene.tie("ana", talk), []
    for value in (1, -1, 0):
        asked = []
        while code := next_left(scene.ANA, talk, tie)[0]:
            asked.append(code)
            answer(talk, code, tie, value)
        orders.append(asked)
        Vote.objects.all().delete()
    assert orders[0] == orders[1] == orders[2]


def test_before_there_is_a_map_the_least_heard_come_first_by_published_counts_alone(talk: Process) -> None:
    heard, quiet, new = (scene.statement(talk) for _ in range(3))
    scene.cast(heard, agree=40)
    scene.cast(quiet, agree=12)
    actions.release_tallies(talk)
    assert set(first_of(talk, 20)) == {new.code}
    scene.cast(new, agree=9)  # nobody may see these nine, so nothing moves
    before = first_of(talk, 20)
    actions.release_tallies(talk)
    assert first_of(talk, 20) == before
    scene.cast(new, agree=11)
    actions.release_tallies(talk)
    assert set(first_of(talk, 20)) == {quiet.code}


def test_a_count_that_is_held_back_does_not_show_in_the_order(talk: Process) -> None:
    """30 and 3 are told as "30 and under ten": like 30 and 9."""
    one, other = scene.statement(talk), scene.statement(talk)
    scene.cast(one, agree=30, disagree=3)
    scene.cast(other, agree=30, disagree=9)
    actions.release_tallies(talk)
    assert set(first_of(talk, 30)) == {one.code, other.code}


@pytest.mark.parametrize("why", ["supported", "continuum", "unstable"])
def test_where_people_differ_what_tells_most_comes_most_often_and_everything_comes(talk: Process, why: str) -> None:
    made = [scene.statement(talk) for _ in range(6)]
    for one in made:
        scene.cast(one, agree=20)
    actions.release_tallies(talk)
    map_of(talk, why=why)
    first = first_of(talk, 300)
    telling = {one.code for one in made if one.number % 2}
    assert set(first) == {one.code for one in made}
    assert sum(code in telling for code in first) > 200
    for says_nothing in ("few", "chance"):  # of anybody: all are alike again
        map_of(talk, why=says_nothing)
        assert 110 < sum(code in telling for code in first_of(talk, 300)) < 190


def test_a_new_statement_reaches_voters_though_the_map_is_older(talk: Process) -> None:
    for one in [scene.statement(talk) for _ in range(20)]:
        scene.cast(one, agree=30)
    actions.release_tallies(talk)
    map_of(talk)
    new = scene.statement(talk)
    assert first_of(talk, 200).count(new.code) > 30  # by lot, ten


@pytest.mark.parametrize("prepare", [lambda talk: None, map_of], ids=["no map", "a map"])
@pytest.mark.parametrize("state", [StatementState.DECLINED, StatementState.PENDING, StatementState.WITHDRAWN])
def test_nobody_is_asked_what_is_not_accepted(
    talk: Process, prepare: Callable[[Process], None], state: StatementState
) -> None:
    kept, gone = scene.statement(talk), scene.statement(talk)
    prepare(talk)
    Statement.objects.filter(pk=gone.pk).update(state=state, decline_reason="unclear")
    elsewhere = scene.statement(scene.process("ELSE"))
    assert set(first_of(talk, 30)) == {kept.code}
    assert next_left(scene.ANA, elsewhere.process, scene.tie("ana", talk)) == (elsewhere.code, 1)


def test_the_page_asks_what_comes_next_and_says_how_many_are_left(talk: Process) -> None:
    made = {scene.statement(talk, f"Sentence {number}").code for number in range(3)}
    map_of(talk)
    ana = scene.signed_in("ana")
    for left in (3, 2, 1):
        page = ana.get(HERE).content.decode()
        code = re.findall(r'name="statement" value="([^"]+)"', page)[0]
        assert (code, left) == next_left(scene.ANA, talk, scene.tie("ana", talk))
        assert code in made
        assert f"{left} statement" in html.unescape(page)
        made.remove(code)
        ana.post(HERE, {"statement": code, "value": "1"})
    assert "You have answered everything" in html.unescape(ana.get(HERE).content.decode())


def test_among_a_thousand_the_page_takes_as_few_questions_and_no_time(
    talk: Process, django_assert_max_num_queries: Any
) -> None:
    day = clock.today()
    made = Statement.objects.bulk_create(
        Statement(process=talk, number=number, text=f"Sentence {number}", state="accepted", proposed_on=day)
        for number in range(1, 1001)
    )
    TallyRelease.objects.bulk_create(
        TallyRelease(statement=one, agrees=10 + one.number % 90, disagrees=20, passes=3, released_on=day)
        for one in made
    )
    map_of(talk)
    ana = scene.signed_in("ana")
    own = Participant.objects.create(process=talk, tie=scene.tie("ana", talk), code=codes.code())
    Vote.objects.bulk_create(Vote(participant=own, statement=one, value=1) for one in made[:300])
    ana.get(HERE)
    began = time.process_time()
    with django_assert_max_num_queries(10):  # within the test's transaction nothing is kept from the page before
        page = ana.get(HERE).content.decode()
    assert time.process_time() - began < 0.2
    assert "700 statements left" in page
