"""One map, however the votes came in and wherever they lie: rows in any order, people in any parts, any hands."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compute.opinion_data import conversation

from withus.compute.opinion_map import BadVotes, Conversation, Votes, opinion_map, polis_map, read_votes
from withus.compute.opinion_map.co_moments import CoMoments
from withus.compute.opinion_map.conversation import VOTED
from withus.compute.opinion_map.reading import rows_of, stretches
from withus.compute.opinion_map.seal import sealed
from withus.compute.opinion_map.shards import Shards, read_shards

Event = tuple[int, int, int, int]
HEAD = "timestamp,participant_id,statement_id,vote\n"
EVENTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(-1, 1), st.integers(0, 5)), min_size=1, max_size=150
)


@dataclass
class Here:
    """Hands in this process."""

    number: int
    at_once: int = 1

    def do(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    def lent(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            value = value.copy()
            value.flags.writeable = False  # as arrays are that come from elsewhere
        return value

    def fetched(self, handles: Sequence[Any]) -> list[Any]:
        return list(handles)


def of(events: Sequence[Event]) -> Votes:
    people, statements, values, times = (list(column) for column in zip(*events, strict=True))
    return Votes.of(people, statements, values, [1_500_000_000_000 + 86_400_000 * time for time in times])


def crowd(events: Sequence[Event]) -> Votes:
    """So many people besides, in two camps, that groups can be asked for."""
    camps = [
        (100 + person, statement, (1 if person % 2 else -1) * (1 if (person * statement) % 7 else -1), person % 3)
        for person in range(40)
        for statement in range(10)
    ]
    return of([*events, *camps])


def split(whole: Votes, cuts: Sequence[int], hands: Here) -> Shards:
    ends = [*sorted(min(cut, whole.people) for cut in cuts), whole.people]
    number = np.arange(whole.people)
    parts = [whole.of_people((number >= start) & (number < end)) for start, end in zip([0, *ends], ends, strict=False)]
    return Shards(whole.participant_ids, whole.statement_ids, tuple(ends), tuple(parts), hands)


def test_the_crowd_has_groups() -> None:
    assert opinion_map(crowd([(0, 0, 1, 0)]), [3], seed=4, shuffles=99, bootstraps=3, clouds=49).group_sizes == (20, 20)


def compatible(one: Conversation) -> str:
    made = polis_map(one, [3])
    return json.dumps([made.as_json(), sealed(one, made)])


def default(one: Conversation) -> str:
    made = opinion_map(one, [3], seed=4, shuffles=99, bootstraps=3, clouds=49)
    return json.dumps([made.as_json(), sealed(one, made)])


@pytest.mark.parametrize("method", [compatible, default])
@given(EVENTS, st.lists(st.integers(0, 85), max_size=4), st.integers(1, 3))
@settings(max_examples=15)
def test_a_map_does_not_depend_on_parts_nor_on_how_much_is_done_at_once(
    method: Callable[[Conversation], str], events: list[Event], cuts: list[int], at_once: int
) -> None:
    whole = crowd(events)
    assert method(split(whole, cuts, Here(1, at_once))) == method(whole)


@pytest.mark.parametrize("method", [compatible, default])
@given(EVENTS, st.randoms())
@settings(max_examples=15)
def test_a_map_does_not_depend_on_the_order_of_rows(
    method: Callable[[Conversation], str], events: list[Event], dice: Any
) -> None:
    shuffled = events[:]
    dice.shuffle(shuffled)
    assert method(crowd(events)) == method(crowd(shuffled))


@pytest.mark.parametrize("method", [compatible, default])
@given(EVENTS, st.integers(0, 40))
@settings(max_examples=15)
def test_a_map_without_a_person_is_that_of_the_others(
    method: Callable[[Conversation], str], events: list[Event], person: int
) -> None:
    everybody, others = crowd(events), crowd([event for event in events if event[0] != person])
    left = everybody.of_people(everybody.participant_ids != person)
    assert method(left.on_statements(left.tallies[:, VOTED] > 0)) == method(others)


@pytest.mark.parametrize("method", [compatible, default])
@given(EVENTS, st.integers(-1, 1))
@settings(max_examples=15)
def test_a_changed_vote_is_as_if_it_had_been_cast_like_that(
    method: Callable[[Conversation], str], events: list[Event], value: int
) -> None:
    person, statement, *_ = events[0]
    changed = [*events, (person, statement, value, 9)]
    straight = [event for event in events if event[:2] != (person, statement)] + [(person, statement, value, 9)]
    assert method(crowd(changed)) == method(crowd(straight))


@given(EVENTS, st.integers(1, 7), st.integers(1, 300))
@settings(max_examples=40)
def test_a_file_read_by_several_hands_is_the_file(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], number: int, longest: int
) -> None:
    path = tmp_path_factory.mktemp("votes") / "votes.csv"
    path.write_text(HEAD + "".join(f"{time * 90_000},{i},{j},{value}\n" for i, j, value, time in events))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("withus.compute.opinion_map.reading.LONGEST_STRETCH", longest)
        found, whole = read_shards(Here(number), path), read_votes(path)
    assert np.array_equal(found.lengths, whole.lengths)
    assert np.array_equal(found.first_days(), whole.first_days())
    for name in ("participant_ids", "statement_ids", "starts", "columns", "values", "days"):
        assert np.array_equal(getattr(found.here(), name), getattr(whole, name)), name


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_each_line_falls_into_one_stretch(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "votes.csv"
    path.write_bytes(b"participant_id,statement_id,vote\r\n" + b"\r\n".join(b"%d,7,1" % n for n in range(200)) + end)
    for number in range(1, 60):
        rows = [rows_of(one)[0] for one in stretches([path], number)]
        assert np.concatenate(rows).tolist() == list(range(200)), number


def test_co_moments_and_passes_of_parts_are_those_of_all() -> None:
    whole, _ = conversation("brexit-consensus")
    parts = split(whole, [10, 10, 150], Here(1))
    assert np.array_equal(parts.tallies, whole.tallies)
    first, *others = (CoMoments.of(part) for part in parts.parts)
    for other in others:
        first = first.merged(other)
    assert np.array_equal(first.tables, CoMoments.of(whole).tables)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: there are no names of columns"),
        (HEAD, "there are no votes"),
        (HEAD + ",1,2,1\n" * 50 + ",1,2,7\n", "line 52: a vote must be 1 .* not “,1,2,7”"),
    ],
)
def test_several_hands_find_the_same_wrong_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(text)
    for read in (read_votes, lambda path: read_shards(Here(3), path)):
        with pytest.raises(BadVotes, match=says) as problem:
            read(path)
        assert str(problem.value).startswith(f"{path}")


def test_too_many_are_refused_over_all_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(HEAD + "".join(f",{person},{person},1\n" for person in range(90)))
    monkeypatch.setattr("withus.compute.opinion_map.shards.MOST_STATEMENTS", 89)
    with pytest.raises(BadVotes, match="there are 90 statements; a map takes at most 89"):
        read_shards(Here(3), path)
    monkeypatch.undo()
    monkeypatch.setattr("withus.compute.opinion_map.shards.MOST_PEOPLE", 89)
    with pytest.raises(BadVotes, match="there are 90 people; a map takes at most 89"):
        read_shards(Here(3), path)


def test_dealing_leaves_each_order_equally_likely() -> None:
    """Four votes on one statement have twelve orders of one agree, one disagree and two passes."""
    one = Votes.of([1, 2, 3, 4], [7] * 4, [1, -1, 0, 0])
    seen: dict[bytes, int] = {}
    for number in range(12_000):
        dealt = one.dealt(0, number).values.tobytes()
        seen[dealt] = seen.get(dealt, 0) + 1
    assert len(seen) == 12
    assert sum((count - 1000) ** 2 / 1000 for count in seen.values()) < 31.3  # chi-squared, 11 degrees, one in 1,000
