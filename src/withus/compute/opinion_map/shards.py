"""A conversation in parts by people, wherever some hands hold them: read, summed and joined to the same bits.

Here stands what is done; whose hands do it is said elsewhere (`running/cluster.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import BadVotes, Conversation, Made
from withus.compute.opinion_map.reading import Stretch, rows_of, stretches
from withus.compute.opinion_map.votes import MOST_PEOPLE, MOST_STATEMENTS, Votes, refuse_more

_SAMPLED = 1_000  # ids of people in each stretch, by which all are split into parts of about one size


class Hands(Protocol):
    """Whoever does the work: in this process, or on other machines. What they hold is named by handles."""

    number: int
    at_once: int

    def do(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Begins the work and gives a handle to what comes of it; arguments may be handles."""

    def lent(self, value: Any) -> Any:
        """The value, so that handing it to many costs little."""

    def fetched(self, handles: Sequence[Any]) -> list[Any]:
        """What came of it. Raises what the first work that failed raised."""


@dataclass(frozen=True, eq=False)
class Shards(Conversation):
    """Parts by people, in the order of their ids; `ends` says where each part's people end among all."""

    participant_ids: Array
    statement_ids: Array
    ends: tuple[int, ...]
    parts: tuple[Any, ...]
    hands: Hands

    @cached_property
    def lengths(self) -> Array:
        """How many votes each person cast."""
        return np.asarray(self.each(_lengths))

    def total(self, work: Callable[..., Any], *shared: Any, by_person: tuple[Array, ...] = ()) -> Any:
        """What a loop counts over the people of each part, added."""
        return _added(self._asked(work, shared, by_person))

    def each(self, work: Callable[..., Any], *shared: Any) -> Any:
        """What a loop finds for each person, part after part."""
        return _strung(self._asked(work, shared, ()))

    def _asked(self, work: Callable[..., Any], shared: tuple[Any, ...], by_person: tuple[Array, ...]) -> list[Any]:
        lent = [self.hands.lent(one) for one in shared]
        own = zip(*(self._split(one) for one in by_person), strict=True) if by_person else [()] * len(self.parts)
        name = work.__module__, work.__name__
        return self.hands.fetched([
            self.hands.do(_looped, part, name, *rows, *lent) for part, rows in zip(self.parts, own, strict=True)
        ])  # fmt: skip

    def _split(self, rows: Array) -> list[Array]:
        return np.split(rows, self.ends[:-1])

    def _of(self, parts: Sequence[Any], **other: Any) -> "Shards":
        return replace(self, parts=tuple(parts), **other)

    def first_days(self) -> Array:
        """The first day on which each person voted."""
        return np.asarray(_strung(self.hands.fetched([self.hands.do(Votes.first_days, part) for part in self.parts])))

    def of_people(self, chosen: Array) -> "Shards":
        """The votes of some people alone (booleans), over the same statements."""
        rows = self._split(chosen)
        parts = [self.hands.do(Votes.of_people, part, own) for part, own in zip(self.parts, rows, strict=True)]
        ends = tuple(np.cumsum([own.sum() for own in rows]).tolist())
        return self._of(parts, participant_ids=self.participant_ids[chosen], ends=ends)

    def on_statements(self, chosen: Array) -> "Shards":
        """The votes on some statements alone (booleans); people without any stay."""
        lent = self.hands.lent(chosen)
        parts = [self.hands.do(Votes.on_statements, part, lent) for part in self.parts]
        return self._of(parts, statement_ids=self.statement_ids[chosen])

    def half(self, seed: int, first: bool) -> "Shards":
        """One half of everybody's votes, or the other."""
        return self._of([self.hands.do(Votes.half, part, seed, first) for part in self.parts])

    def _dealt(self, seed: int, number: int) -> "Shards":
        """Each part leaves to the next what it has not dealt out."""
        left, parts = self.hands.lent(self.tallies), []
        for part in self.parts:
            made = self.hands.do(Votes.dealt_from, part, left, seed, number)
            parts.append(self.hands.do(itemgetter(0), made))
            left = self.hands.do(itemgetter(1), made)
        return self._of(parts)

    def _invented(self, leanings: Array, normal: Array, seed: int, number: int) -> "Shards":
        lent = self.hands.lent(leanings), self.hands.lent(normal)
        return self._of([self.hands.do(Votes._invented, part, *lent, seed, number) for part in self.parts])

    def here(self) -> Votes:
        """All of it in this process."""
        return Votes.joined(self.hands.fetched(self.parts))

    def several(self, work: Callable[[int], Made], times: int) -> Iterator[Made]:
        """As many at once as the hands can do, so that none waits for this process."""
        with ThreadPoolExecutor(self.hands.at_once) as pool:
            for first in range(0, times, self.hands.at_once):
                yield from pool.map(work, range(first, min(first + self.hands.at_once, times)))


def read_shards(hands: Hands, *paths: str | Path) -> Shards:
    """As `read_votes`, by hands that all see the files under these paths. Raises BadVotes, OSError."""
    rows = [hands.do(_rows, one) for one in stretches(paths, hands.number)]
    known = hands.fetched([hands.do(_known, one) for one in rows])
    statement_ids = np.unique(np.concatenate([statements for statements, _ in known]))
    sample = np.sort(np.concatenate([people for _, people in known]))
    try:
        refuse_more(len(statement_ids), MOST_STATEMENTS, "statements")
        if not len(sample):
            raise BadVotes("there are no votes; give at least one")
        number = max(hands.number, len(rows))
        cuts = np.unique(sample[[len(sample) * one // number for one in range(number)]])[1:]
        parts = _dealt_out(hands, rows, cuts, hands.lent(statement_ids))
        people = hands.fetched([hands.do(_people, part) for part in parts])
        refuse_more(sum(map(len, people)), MOST_PEOPLE, "people")
    except BadVotes as problem:
        raise BadVotes(f"{paths[0]}: {problem}") from problem
    ends = tuple(np.cumsum([len(ids) for ids in people]).tolist())
    return Shards(np.concatenate(people), statement_ids, ends, parts, hands)


def _dealt_out(hands: Hands, rows: Sequence[Any], cuts: Array, statement_ids: Any) -> tuple[Any, ...]:
    """Parts by people, from stretches in which people stand anywhere."""
    piles = [hands.do(_piles, one, cuts) for one in rows]
    return tuple(
        hands.do(_part, statement_ids, *(hands.do(itemgetter(number), one) for one in piles))
        for number in range(len(cuts) + 1)
    )


def _rows(stretch: Stretch) -> list[Array]:
    path = stretch.path
    try:
        if path.stat().st_size != stretch.size:
            raise BadVotes(f"{path}: a worker sees another file there; let all machines see the same one")
        return rows_of(stretch)
    except OSError as problem:
        says = f"a worker cannot read it ({problem.strerror}); let all machines see it under this path"
        raise BadVotes(f"{path}: {says}") from problem


def _known(rows: list[Array]) -> tuple[Array, Array]:
    """The statements, and some of the people."""
    people = np.unique(rows[0])
    return np.unique(rows[1]), people[:: max(1, len(people) // _SAMPLED)]


def _piles(rows: list[Array], cuts: Array) -> list[list[Array]]:
    """The rows of each part, in the order in which they stand."""
    pile = np.searchsorted(cuts, rows[0], "right")
    order = np.argsort(pile, kind="stable")
    ends = np.cumsum(np.bincount(pile, minlength=len(cuts) + 1))[:-1]
    return [list(one) for one in zip(*(np.split(column[order], ends) for column in rows), strict=True)]


def _part(statement_ids: Array, *piles: list[Array]) -> Votes:
    people, statements, values, times = (np.concatenate(columns) for columns in zip(*piles, strict=True))
    if not len(people):
        return Votes(*(np.empty(0, np.int64), statement_ids, np.zeros(1, np.int64)), statements, values)
    return Votes.of(people, statements, values, times if (times >= 0).any() else None).over(statement_ids)


def _people(part: Votes) -> Array:
    return part.participant_ids


def _looped(part: Votes, name: tuple[str, str], *arguments: Any) -> Any:
    """A loop by its name, over one part. What came from elsewhere is copied where it may not be written to: a loop
    would be compiled anew for it.
    """
    work = getattr(import_module(name[0]), name[1])
    own = [np.require(one, requirements="W") if isinstance(one, np.ndarray) else one for one in arguments]
    return work(part.starts, part.columns, part.values, *own)


def _lengths(starts: Array, columns: Array, values: Array) -> Array:
    return np.diff(starts)


def _added(results: Sequence[Any]) -> Any:
    if isinstance(results[0], tuple):
        return tuple(_added(one) for one in zip(*results, strict=True))
    return sum(results[1:], results[0])


def _strung(results: Sequence[Any]) -> Any:
    if isinstance(results[0], tuple):
        return tuple(_strung(one) for one in zip(*results, strict=True))
    return np.concatenate(results)
