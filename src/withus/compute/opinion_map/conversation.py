"""A conversation's votes, wherever they lie: in one place (`votes`), or in parts by people (`shards`)."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from withus.compute.opinion_map import dice
from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.frozen import frozen
from withus.compute.opinion_map.machine import bare

if TYPE_CHECKING:
    from withus.compute.opinion_map.votes import Votes

ENOUGH = 7  # votes; with fewer a person has a position, but belongs to no group
AGREE, DISAGREE, VOTED = range(3)
Made = TypeVar("Made")


class BadVotes(ValueError):
    """Votes that no map can be made of; the text says what is wrong, and what to do."""


class Conversation(ABC):
    """People in the order of their ids, statements likewise, and what can be asked of the votes between them.

    Nothing that is made of the votes asks for more than `total` (whole numbers, added over people) and `each` (a row
    for every person), so it is the same to the bit however the people are split. A loop gets the votes as `starts`,
    `columns` and `values`, then what there is `by_person` (a row for each), then what all people share.
    """

    participant_ids: Array
    statement_ids: Array

    @property
    @abstractmethod
    def lengths(self) -> Array:
        """How many votes each person cast."""

    @abstractmethod
    def total(self, work: Callable[..., Any], *shared: Any, by_person: tuple[Array, ...] = ()) -> Any:
        """What a loop counts, over all people: whole numbers, tables of them, or a tuple of such."""

    @abstractmethod
    def each(self, work: Callable[..., Any], *shared: Any) -> Any:
        """What a loop finds for each person: an array with a row for each, or a tuple of such."""

    @abstractmethod
    def first_days(self) -> Array:
        """The first day on which each person voted, in days since 1970; NO_DAY where none is known."""

    @abstractmethod
    def of_people(self, chosen: Array) -> "Conversation":
        """The votes of some people alone (booleans), over the same statements."""

    @abstractmethod
    def on_statements(self, chosen: Array) -> "Conversation":
        """The votes on some statements alone (booleans); people without any stay."""

    @abstractmethod
    def half(self, seed: int, first: bool) -> "Conversation":
        """One half of everybody's votes, or the other; into which a vote falls, person and statement say alone."""

    @abstractmethod
    def _dealt(self, seed: int, number: int) -> "Conversation": ...

    def dealt(self, seed: int, number: int) -> "Conversation":
        """Each statement's votes dealt out anew among its own voters: the same shares and ballots, no structure."""
        made = self._dealt(seed, number)
        vars(made).update(tallies=self.tallies, lengths=self.lengths)
        return made

    @abstractmethod
    def _invented(self, leanings: Array, normal: Array, seed: int, number: int) -> "Conversation": ...

    def invented(self, leanings: Array, normal: Array, seed: int, number: int) -> "Conversation":
        """The same ballots with other votes: those of people among whom there is no gap (`one_cloud`)."""
        made = self._invented(leanings, normal, seed, number)
        vars(made).update(lengths=self.lengths)
        return made

    @abstractmethod
    def here(self) -> "Votes":
        """All of it in one place."""

    @abstractmethod
    def several(self, work: Callable[[int], Made], times: int) -> Iterator[Made]:
        """What comes of the work for 0, 1, …, in this order, however much of it is done at once."""

    @property
    def people(self) -> int:
        """How many people."""
        return len(self.participant_ids)

    @property
    def statements(self) -> int:
        """How many statements."""
        return len(self.statement_ids)

    @cached_property
    def tallies(self) -> Array:
        """For each statement (AGREE, DISAGREE, VOTED) how many did."""
        return frozen(np.asarray(self.total(_tallied, self.statements, len((AGREE, DISAGREE, VOTED)))))

    @property
    def cast(self) -> int:
        """How many votes."""
        return int(self.tallies[:, VOTED].sum())

    @cached_property
    def taking_part(self) -> Array:
        """Whether each person voted often enough to belong to a group."""
        return frozen(np.asarray(self.lengths >= min(ENOUGH, self.statements)))

    def columns_of(self, statement_ids: Iterable[int]) -> Array:
        """Which statements are among these ids, as booleans; unknown ids are passed over."""
        return np.isin(self.statement_ids, np.fromiter(statement_ids, np.int64))

    def shown(self, hidden: Array) -> "Conversation":
        """The votes on all but the hidden statements. Raises BadVotes if nothing is left."""
        left = self if not hidden.any() else self.on_statements(~hidden)
        if not left.cast:
            raise BadVotes("every statement that was voted on is declined; nothing is left to map")
        return left

    def sample(self, most: int, seed: int = 0) -> "Votes":
        """The votes of about so many people, chosen by their ids alone."""
        return self.of_people(_chosen(self.participant_ids, most / max(self.people, 1), seed)).here()


def _tallied(starts: Array, columns: Array, values: Array, statements: int, kinds: int) -> Array:
    made = np.zeros((statements, kinds), np.int64)
    _tally(columns, values, made)
    return made


@bare
def _tally(columns: Array, values: Array, made: Array) -> None:
    for place in range(len(columns)):
        made[columns[place], AGREE] += values[place] == 1
        made[columns[place], DISAGREE] += values[place] == -1
        made[columns[place], VOTED] += 1


@loop
def _chosen(participant_ids: Array, part: float, seed: int) -> Array:
    found = np.empty(len(participant_ids), np.bool_)
    for i in range(len(found)):
        found[i] = dice.share(dice.mixed(dice.mixed(np.uint64(seed)) + np.uint64(participant_ids[i]))) < part
    return found
