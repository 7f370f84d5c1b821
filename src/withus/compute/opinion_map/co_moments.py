"""The exact core: whole numbers for each pair of statements, from which the axes follow without any vote.

A single vote, a changed one, or a person who leaves changes a row of them; shards are added. They take 12 bytes for
each pair: past MOST statements `axes_of` passes over the votes, and finds the same axes.
"""

from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map import axes
from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.conversation import BadVotes
from withus.compute.opinion_map.votes import Votes

MOST = 4_000
PRODUCTS, SUMS, COUNTS = range(3)


@dataclass(frozen=True, eq=False)
class CoMoments:
    """For statements a and b, over the people who voted on both: Σ v_a·v_b, Σ v_a, and how many; three int32 tables.

    The methods change the tables in place. A `ballot` is what the person voted so far, without the vote in question:
    columns (indices into `statement_ids`, int32) and values (int8).
    """

    statement_ids: Array
    tables: Array

    @classmethod
    def empty(cls, statement_ids: Array) -> "CoMoments":
        """Of no votes, over these statements (in order). Raises BadVotes if they are too many."""
        size = len(statement_ids)
        if size > MOST:
            raise BadVotes(f"{size} statements are too many for exact pairs (at most {MOST}); pass over the votes")
        return cls(np.asarray(statement_ids, np.int64), np.zeros((3, size, size), np.int32))

    @classmethod
    def of(cls, votes: Votes) -> "CoMoments":
        """Of all these votes."""
        made = cls.empty(votes.statement_ids)
        _add_all(made.tables, votes.starts, votes.columns, votes.values)
        return made

    def cast(self, columns: Array, values: Array, column: int, value: int) -> None:
        """A person with this ballot votes on one more statement."""
        _fold(self.tables, columns, values, column, value, 1)

    def take_back(self, columns: Array, values: Array, column: int, value: int) -> None:
        """A person takes one vote back and keeps this ballot. A changed vote is taken back, then cast."""
        _fold(self.tables, columns, values, column, value, -1)

    def remove(self, columns: Array, values: Array) -> None:
        """A person leaves with all votes, as if she had never been."""
        _remove(self.tables, columns, values)

    def merged(self, other: "CoMoments") -> "CoMoments":
        """Of the people of two shards together."""
        made = CoMoments.empty(np.union1d(self.statement_ids, other.statement_ids))
        for part in (self, other):
            at = np.searchsorted(made.statement_ids, part.statement_ids)
            made.tables[:, at[:, None], at[None, :]] += part.tables
        return made

    def centered(self) -> Array:
        """Σ (v_a − mean_a)(v_b − mean_b) over the people who voted on both."""
        products, sums, counts = self.tables
        mean = np.diag(sums) / np.maximum(np.diag(counts), 1)
        return np.asarray(products - mean[None, :] * sums - mean[:, None] * sums.T + np.outer(mean, mean) * counts)

    def axes(self) -> axes.Axes:
        """The two leading axes: those of `axes.leading` over the same votes."""
        return axes.of_matrix(self.centered())


def axes_of(votes: Votes) -> axes.Axes:
    """The two leading axes, whatever the number of statements: from exact pairs up to MOST, past it over the votes."""
    return CoMoments.of(votes).axes() if votes.statements <= MOST else axes.leading(votes, axes.PRECISE)


@loop
def _fold(tables: Array, columns: Array, values: Array, column: int, value: int, sign: int) -> None:
    for place in range(len(columns)):
        other, voted = columns[place], values[place]
        product = np.int32(sign * value * voted)
        tables[0, column, other] += product
        tables[0, other, column] += product
        tables[1, column, other] += sign * value
        tables[1, other, column] += sign * voted
        tables[2, column, other] += sign
        tables[2, other, column] += sign
    tables[0, column, column] += sign * value * value
    tables[1, column, column] += sign * value
    tables[2, column, column] += sign


@loop
def _remove(tables: Array, columns: Array, values: Array) -> None:
    for place in range(len(columns)):
        _fold(tables, columns[:place], values[:place], columns[place], values[place], -1)


@loop
def _add_all(tables: Array, starts: Array, columns: Array, values: Array) -> None:
    for i in range(len(starts) - 1):
        for place in range(starts[i], starts[i + 1]):
            before = slice(starts[i], place)
            _fold(tables, columns[before], values[before], columns[place], values[place], 1)
