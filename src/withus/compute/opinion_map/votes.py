"""All votes of a conversation in one place, in one order that does not depend on how they came in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from withus.compute.opinion_map import dice
from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.conversation import BadVotes, Conversation, Made
from withus.compute.opinion_map.frozen import Frozen, frozen
from withus.compute.opinion_map.machine import bare

MOST_STATEMENTS = 200_000
MOST_PEOPLE = 20_000_000
NEVER = -1  # the time of a vote that bears none
NO_DAY = np.iinfo(np.int32).max
_BRUIJN = np.uint64(0x022FDD63CC95386D)  # its 64 windows of six bits are all different: which bit stands alone
_BITS = np.empty(64, np.int32)
_BITS[[(int(_BRUIJN) << bit) % 2**64 >> 58 for bit in range(64)]] = np.arange(64)


@dataclass(frozen=True, eq=False)
class Votes(Frozen, Conversation):
    """The last vote of each person on each statement: 1 agree, −1 disagree, 0 pass; by person, then by statement.

    The votes of person `i` (an index into `participant_ids`) are `starts[i]:starts[i + 1]`; `columns` are indices into
    `statement_ids`. `days` counts days since 1970, or is None where no times were given; a time of day is never kept.
    """

    participant_ids: Array
    statement_ids: Array
    starts: Array
    columns: Array
    values: Array
    days: Array | None = None

    @classmethod
    def of(cls, participants: Any, statements: Any, values: Any, times: Any = None) -> "Votes":
        """From raw rows in any order; `times` in milliseconds since 1970, NEVER where unknown.

        Of several votes of one person on one statement the latest counts; at the same time the lower; without times
        the later row. Raises BadVotes.
        """
        rows = [np.asarray(column) for column in (participants, statements, values)]
        moments = None if times is None else np.asarray(times, np.int64)
        _refuse_impossible(*rows)
        people, row_of = _numbered(rows[0], MOST_PEOPLE, "people")
        columns, column_of = _numbered(rows[1], MOST_STATEMENTS, "statements")
        order, ends = _by_person(row_of, len(people))
        del row_of
        cast = np.ascontiguousarray(rows[2], np.int8)
        when = np.empty(0, np.int64) if moments is None else np.ascontiguousarray(moments)
        chosen, starts, kept, cast = _last(order, ends, len(columns), column_of, cast, when)
        days = None
        if moments is not None and (moments >= 0).any():
            days = np.where(moments >= 0, moments // 86_400_000, NEVER)[chosen].astype(np.int32)
        return cls(people, columns, starts, kept, cast, days)

    @classmethod
    def joined(cls, parts: "Sequence[Votes]") -> "Votes":
        """Of parts by people, in their order, over the same statements."""
        lengths = np.concatenate([part.lengths for part in parts])
        known = [np.full(len(part.values), NEVER, np.int32) if part.days is None else part.days for part in parts]
        days = None if all(part.days is None for part in parts) else np.concatenate(known)
        return cls(
            np.concatenate([part.participant_ids for part in parts]), parts[0].statement_ids,
            np.concatenate([[0], np.cumsum(lengths)]), np.concatenate([part.columns for part in parts]),
            np.concatenate([part.values for part in parts]), days,
        )  # fmt: skip

    @cached_property
    def lengths(self) -> Array:
        """How many votes each person cast."""
        return frozen(np.diff(self.starts))

    @cached_property
    def rows(self) -> Array:
        """The person of each vote, as an index."""
        return frozen(np.repeat(np.arange(self.people, dtype=np.int32), self.lengths))

    def total(self, work: Callable[..., Any], *shared: Any, by_person: tuple[Array, ...] = ()) -> Any:
        """What a loop counts over all people."""
        return work(self.starts, self.columns, self.values, *by_person, *shared)

    def each(self, work: Callable[..., Any], *shared: Any) -> Any:
        """What a loop finds for each person."""
        return work(self.starts, self.columns, self.values, *shared)

    def first_days(self) -> Array:
        """The first day on which each person voted."""
        first = np.full(self.people, NO_DAY, np.int32)
        if self.days is not None:
            np.minimum.at(first, self.rows, np.where(self.days < 0, NO_DAY, self.days))
        return first

    def here(self) -> "Votes":
        """Itself."""
        return self

    def several(self, work: Callable[[int], Made], times: int) -> Iterator[Made]:
        """One after the other."""
        return map(work, range(times))

    def of_people(self, chosen: Array) -> "Votes":
        """The votes of some people alone (booleans), over the same statements."""
        kept = np.repeat(chosen, self.lengths)
        starts = np.concatenate([[0], np.cumsum(self.lengths[chosen])])
        days = None if self.days is None else self.days[kept]
        return Votes(
            self.participant_ids[chosen], self.statement_ids, starts, self.columns[kept], self.values[kept], days
        )

    def on_statements(self, chosen: Array) -> "Votes":
        """The votes on some statements alone (booleans); people without any stay."""
        number = (np.cumsum(chosen) - 1).astype(np.int32)
        left = self.where(chosen[self.columns])
        return replace(left, statement_ids=self.statement_ids[chosen], columns=number[left.columns])

    def over(self, statement_ids: Array) -> "Votes":
        """The same votes among more statements (ids in order)."""
        number = np.searchsorted(statement_ids, self.statement_ids).astype(np.int32)
        return replace(self, statement_ids=statement_ids, columns=number[self.columns])

    def where(self, kept: Array) -> "Votes":
        """Some of the votes (booleans, one for each), over the same people and statements."""
        before = np.cumsum(kept, dtype=np.uint32)[np.maximum(self.starts - 1, 0)] if len(kept) else 0
        starts = np.where(self.starts > 0, before, 0).astype(np.int64)
        days = None if self.days is None else self.days[kept]
        return Votes(self.participant_ids, self.statement_ids, starts, self.columns[kept], self.values[kept], days)

    def half(self, seed: int, first: bool) -> "Votes":
        """One half of everybody's votes, or the other."""
        is_first = _is_first_half(self.starts, self.columns, self.participant_ids, self.statement_ids, seed)
        return self.where(is_first == first)

    def _dealt(self, seed: int, number: int) -> "Votes":
        return self.dealt_from(self.tallies, seed, number)[0]

    def dealt_from(self, left: Array, seed: int, number: int) -> "tuple[Votes, Array]":
        """Dealt from what people before these have left over; and what is left for those after."""
        values, after = dice.dealt(self.columns, np.require(left, requirements="W"), seed, number)
        return replace(self, values=values), after

    def _invented(self, leanings: Array, normal: Array, seed: int, number: int) -> "Votes":
        own, drawn = (np.require(one, requirements="W") for one in (leanings, normal))  # else compiled anew if lent
        people, statements = self.participant_ids, self.statement_ids
        values = dice.invented(self.starts, self.columns, people, statements, own, drawn, seed, number)
        return replace(self, values=values)


def _refuse_impossible(participants: Array, statements: Array, values: Array) -> None:
    if not len(participants) == len(statements) == len(values):
        raise BadVotes("people, statements and votes differ in number; give one of each for every vote")
    if len(values) == 0:
        raise BadVotes("there are no votes; give at least one")
    for ids in (participants, statements):
        if ids.dtype.kind not in "iu" or ids.min() < 0:
            raise BadVotes("ids must be whole numbers from 0 to 9223372036854775807")
    if values.dtype.kind not in "iu" or values.min() < -1 or values.max() > 1:
        raise BadVotes("a vote must be 1 (agree), -1 (disagree) or 0 (pass)")


def _numbered(ids: Array, most: int, what: str) -> tuple[Array, Array]:
    """The ids in order, and each row's place among them. Small ids are counted, not sorted."""
    largest = int(ids.max())
    if largest < 4 * len(ids) + 1_000_000:
        seen = np.zeros(largest + 1, np.bool_)
        seen[ids] = True
        found = np.flatnonzero(seen)
        number = ids if len(found) == len(seen) else (np.cumsum(seen, dtype=np.int32) - np.int32(1))[ids]
    else:
        found, number = np.unique(ids, return_inverse=True)
    refuse_more(len(found), most, what)
    return found.astype(np.int64), number.astype(np.int32, copy=False)


def refuse_more(number: int, most: int, what: str) -> None:
    """Raises BadVotes if there are more than a map takes."""
    if number > most:
        raise BadVotes(f"there are {number} {what}; a map takes at most {most}, so split the conversation")


def _by_person(rows: Array, people: int) -> tuple[Array, Array]:
    """The rows of the file by person, in the order in which they came; and where each person's end."""
    ends, order = np.zeros(people + 1, np.int64), np.empty(len(rows), np.uint32)
    _lay_out(rows, ends, order)
    return order, ends


@bare
def _lay_out(rows: Array, ends: Array, order: Array) -> None:
    for row in rows:
        ends[row + 1] += 1
    for person in range(len(ends) - 1):
        ends[person + 1] += ends[person]
    for number in range(len(rows)):
        order[ends[rows[number]]] = number
        ends[rows[number]] += 1


def _last(
    order: Array, ends: Array, statements: int, columns: Array, values: Array, times: Array
) -> tuple[Array, Array, Array, Array]:
    """The rows that count, one for each person and statement; and of these starts, columns and values."""
    starts, held = np.zeros(len(ends), np.int64), np.empty(statements, np.uint32)
    marks, found = np.zeros(-(-statements // 64), np.uint64), np.empty(-(-statements // 64), np.int32)
    kept, cast = np.empty(len(order), np.int32), np.empty(len(order), np.int8)
    count = _chosen(order, ends, columns, values, times, starts, held, marks, found, _BITS, kept, cast)
    if count < len(order):
        kept, cast = kept[:count].copy(), cast[:count].copy()
    return order[:count], starts, kept, cast


@bare
def _chosen(
    order: Array, ends: Array, columns: Array, values: Array, times: Array, starts: Array, held: Array, marks: Array,
    found: Array, bits: Array, kept: Array, cast: Array,
) -> int:  # fmt: skip
    """How many rows count; they take the front of `order`. Statements are put in order by marking them in a row."""
    count, begin, one = 0, np.int64(0), np.uint64(1)
    for person in range(len(ends) - 1):
        used = 0
        for place in range(begin, ends[person]):
            row = order[place]
            column = columns[row]
            word, mark = column >> 6, one << np.uint64(column & 63)
            if not marks[word]:
                found[used] = word
                used += 1
            if marks[word] & mark:
                before = held[column]
                is_later = len(times) == 0 or times[row] > times[before]
                if not is_later and times[row] == times[before]:
                    is_later = times[row] < 0 or values[row] < values[before]
                if not is_later:
                    continue
            marks[word] |= mark
            held[column] = row
        _sort(found, used)
        for place in range(used):
            word = found[place]
            left, marks[word] = marks[word], np.uint64(0)
            while left:
                lowest = left & (~left + one)
                column = (word << 6) + bits[(lowest * _BRUIJN) >> np.uint64(58)]
                row = held[column]
                order[count], kept[count], cast[count] = row, column, values[row]
                count += 1
                left ^= lowest
        begin = ends[person]
        starts[person + 1] = count
    return count


@loop
def _sort(numbers: Array, size: int) -> None:
    """Sorts the first so many, which seldom are many: D. L. Shell's way, with Knuth's gaps."""
    gap = 1
    while gap < size // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for place in range(gap, size):
            held, at = numbers[place], place
            while at >= gap and numbers[at - gap] > held:
                numbers[at] = numbers[at - gap]
                at -= gap
            numbers[at] = held
        gap //= 3


@loop
def _is_first_half(
    starts: Array, columns: Array, participant_ids: Array, statement_ids: Array, seed: int
) -> Array:  # fmt: skip
    found = np.empty(len(columns), np.bool_)
    for i in range(len(participant_ids)):
        own = dice.mixed(dice.mixed(np.uint64(seed)) + np.uint64(participant_ids[i]))
        for place in range(starts[i], starts[i + 1]):
            other = dice.mixed(np.uint64(statement_ids[columns[place]]))
            found[place] = dice.mixed(own ^ other) >> np.uint64(63)
    return found
