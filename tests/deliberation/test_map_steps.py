"""A published map changes in steps, never by one vote, and keeps its letters."""

import json
from typing import Any

import pytest
from tests.deliberation import scene
from tests.deliberation.test_maps import page

from withus.deliberation.maps import drawing
from withus.deliberation.maps.actions import publish
from withus.deliberation.maps.models import DrawnMap
from withus.processes.models import Process

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "fewer")]


def test_no_single_vote_changes_the_map_and_ten_do(talk: Process) -> None:
    before = DrawnMap.objects.get()
    first = talk.statements.get(number=1)
    scene.cast(first, agree=9)
    assert drawing.draw() == 0
    assert DrawnMap.objects.get().content == before.content
    scene.cast(first, agree=1)
    assert drawing.draw() == 1
    assert json.loads(DrawnMap.objects.get().inside)["people"] == 50


def told_of(content: str, number: int) -> list[Any]:
    """Everything that the map tells of a statement."""
    found = json.loads(content)
    lists = [found["agreement"], *found["said"], found["bridging"]]
    return [one for entries in lists for one in entries if one["statement"] == number]


def test_ten_accounts_that_vote_on_one_statement_show_nothing_of_votes_on_the_others(talk: Process) -> None:
    before = DrawnMap.objects.get().content
    scene.cast(talk.statements.get(number=2), agree=10)
    for person in scene.Participant.objects.order_by("pk")[:2]:  # a tenth of their group
        scene.Vote.objects.filter(participant=person, statement__number__gt=2).update(value=0)
    assert drawing.draw() == 1
    after = DrawnMap.objects.get().content
    told = [number for number in (1, *range(3, 11)) if told_of(before, number)]
    assert len(told) >= 5, "else there is little that could change"
    said = [told_of(before, number) for number in told]
    assert [told_of(after, number) for number in told] == said
    assert json.loads(after)["groups"] == json.loads(before)["groups"]
    for number in told:  # a single one may by chance be told as before: shares are rounded
        scene.cast(talk.statements.get(number=number), disagree=10)
    assert drawing.draw() == 1
    assert [told_of(DrawnMap.objects.get().content, number) for number in told] != said


def test_what_waits_for_new_votes_under_another_number_of_groups_is_not_called_nothing(talk: Process) -> None:
    drawn = DrawnMap.objects.get()
    inside = json.loads(drawn.inside)
    for row in inside["rows"]["by_group"].values():
        row["groups"] = 3
    drawn.inside = json.dumps({**inside, "sizes": [15, 15, 10]})
    drawn.save()
    scene.cast(talk.statements.get(number=1), agree=10)
    assert drawing.draw() == 1
    seen = page()
    assert "What groups say about 9 statements is not told yet: the number of groups has changed" in seen
    assert "Nothing is told yet" in seen
    assert "There is no statement on which surely half" not in seen
    assert "Nothing that is surely more than chance" not in seen


def test_a_sealed_map_keeps_the_letters_of_the_page_though_it_is_recounted_by_size(talk: Process) -> None:
    inside = json.loads(DrawnMap.objects.get().inside)
    votes = drawing._votes(talk, talk.current_phase())
    made = drawing._made(talk, votes)
    assert drawing._called_as_before(talk, votes, made) is made
    DrawnMap.objects.update(inside=json.dumps({**inside, "centers": inside["centers"][::-1]}))
    called = drawing._called_as_before(talk, votes, made)
    assert called.group_of.tolist() == [1 - group for group in made.group_of.tolist()]


def test_an_older_run_does_not_replace_what_a_newer_one_published_in_small_steps(talk: Process) -> None:
    drawn = DrawnMap.objects.get()
    content, inside = json.loads(drawn.content), json.loads(drawn.inside)
    inside["people"] += 9
    assert not publish(talk, content, inside)
    inside["people"] += 1
    assert publish(talk, content, inside)


def test_groups_keep_their_letters_when_the_smaller_one_becomes_the_larger() -> None:
    talk = scene.process()

    def drawn() -> tuple[list[int], list[set[bool]]]:
        """The sizes of the groups, and for each whether it is the first camp by what it says."""
        assert drawing.draw() == 1
        content = json.loads(DrawnMap.objects.get().content)
        odd = [
            {(one["statement"] % 2 == 1) == (one["direction"] == "agree") for one in said} for said in content["said"]
        ]
        return [group["people"] for group in content["groups"]], odd

    asked = scene.camps(talk, 30, 20)
    assert drawn() == ([30, 20], [{True}, {False}])
    scene.camps(talk, 0, 30, asked=asked)
    assert drawn() == ([30, 50], [{True}, {False}])
