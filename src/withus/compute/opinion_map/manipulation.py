"""Who may have made the list what it is: near-identical ballots, days with a rush, and each group in turn.

Nothing here says that anybody cheated: it shows the list without these people, for others to judge.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from typing import Any

import numpy as np

from withus.compute.opinion_map.agreement import Counts, counted, ranked
from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.conversation import AGREE, DISAGREE, VOTED, Conversation
from withus.compute.opinion_map.dice import mixed
from withus.compute.opinion_map.results import NOBODY
from withus.compute.opinion_map.votes import NO_DAY, Votes

LIST = 10
ENOUGH_VOTES = 5  # of six real conversations none has three equal ballots of so few votes
ALIKE = 0.9  # of all statements that one of two people voted on, both voted, and the same
FEWEST_ALIKE = 3
RARE = 1e-6  # how seldom chance alone may bring so many people together
MOST_COHORTS = 20
_BANDS, _ROWS = 6, 4  # alike ballots share one of six in 998 of 1,000 cases, others by chance next to never


@dataclass(frozen=True)
class Cohort:
    """Some people, and the head of the agreement list without them. `kept`: how many of the head stay in it."""

    kind: str
    name: str
    people: int
    kept: int
    top: tuple[int, ...]
    without: tuple[int, ...]


def cohorts(votes: Conversation, group_of: Array, groups: int, shown: Array, light: bool = True) -> tuple[Cohort, ...]:
    """All cohorts worth a look: those that change the list most first."""
    base = group_of if groups > 1 else np.zeros(votes.people, np.int32)
    number = max(groups, 1)
    top = _head(votes, base, number, shown, light)
    found = []
    for kind, name, members in [*_alike(votes, base), *_rushes(votes), *_each_group(base, groups)]:
        without = _head(votes, np.where(members, NOBODY, base).astype(np.int32), number, shown, light)
        found.append(Cohort(kind, name, int(members.sum()), len(set(top) & set(without)), top, without))
    return tuple(sorted(found, key=lambda one: (one.kept, -one.people, one.kind, one.name))[:MOST_COHORTS])


def alike_crowds(votes: Conversation, group_of: Array) -> list[Array]:
    """People with nearly the same ballot (booleans), the largest crowds first."""
    return [members for _, _, members in _alike(votes, group_of)]


def leaders_of_crowds(votes: Conversation, group_of: Array) -> Array:
    """Of each person the first whose ballot hers is like, where that is more than chance within the group; or NOBODY.

    Both bounds matter: people of one mind vote alike, and so does everybody where there are few statements.
    """
    leader = np.full(votes.people, NOBODY)
    sketches = votes.each(_sketches, votes.statement_ids, _BANDS, _ROWS)
    maybe = _with_twins(sketches, votes.lengths >= ENOUGH_VOTES)
    if not maybe.any():
        return leader
    some = votes.of_people(maybe).here()
    first = _leaders(some.starts, some.columns, some.values, sketches[maybe], ALIKE)
    by_group = counted(votes, group_of + 1, int(group_of.max()) + 2)  # those of no group are one too
    numbers, sizes = np.unique(first, return_counts=True)
    odd = [
        number
        for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True)
        if size >= FEWEST_ALIKE and _is_odd(some, number, size, by_group, int(group_of[maybe][number]) + 1)
    ]
    leader[maybe] = np.where(np.isin(first, odd), np.flatnonzero(maybe)[first], NOBODY)
    return leader


def _head(votes: Conversation, group_of: Array, groups: int, shown: Array, light: bool) -> tuple[int, ...]:
    sizes = np.bincount(group_of[group_of != NOBODY], minlength=groups)
    if not sizes.any():
        return ()
    order, _ = ranked(counted(votes, group_of, groups), sizes, votes.statement_ids, shown, light)
    return tuple(votes.statement_ids[order[:LIST]].tolist())


def _each_group(group_of: Array, groups: int) -> list[tuple[str, str, Array]]:
    return [("group", str(group), group_of == group) for group in range(groups)] if groups > 1 else []


def _rushes(votes: Conversation) -> list[tuple[str, str, Array]]:
    """Days on which far more people came than on a usual one (the upper tail of Poisson, Chernoff's bound)."""
    first = votes.first_days()
    days, counts = np.unique(first[first != NO_DAY], return_counts=True)
    if len(days) < 2:
        return []
    usual = max(float(np.median(counts)), 1.0)
    return [
        ("came on one day", (date(1970, 1, 1) + timedelta(days=int(day))).isoformat(), first == day)
        for day, count in zip(days.tolist(), counts.tolist(), strict=True)
        if count > usual and _tail(count, usual) * len(days) < RARE
    ]


def _tail(count: int, usual: float) -> float:
    return exp(count - usual - count * log(count / usual))


def _alike(votes: Conversation, group_of: Array) -> list[tuple[str, str, Array]]:
    """The largest crowds of people whose ballots are the same but for a few votes."""
    leader = leaders_of_crowds(votes, group_of)
    numbers, counts = np.unique(leader[leader != NOBODY], return_counts=True)
    return [
        ("near-identical ballots", f"like person {votes.participant_ids[number]}", leader == number)
        for number in numbers[np.argsort(-counts, kind="stable")[:MOST_COHORTS]].tolist()
    ]


def _is_odd(votes: Votes, person: int, size: int, by_group: Counts, group: int) -> bool:
    """Whether so many ballots like this person's are more than chance, by what others of the group say of the same.

    How many of its votes somebody says otherwise is taken as Poisson, which has more who say all the same.
    """
    at = slice(votes.starts[person], votes.starts[person + 1])
    columns, values = votes.columns[at], votes.values[at]
    agree, disagree, voted = (table[group, columns] for table in (by_group.agree, by_group.disagree, by_group.voted))
    said = np.where(values > 0, agree, np.where(values < 0, disagree, voted - agree - disagree))
    same = (np.maximum(said - size, 0) + 1) / (np.maximum(voted - size, 0) + len((AGREE, DISAGREE, VOTED)))
    otherwise = float((1 - same).sum())
    chance = part = exp(-otherwise)
    for number in range(1, int(len(columns) * (1 - ALIKE) + 1e-9) + 1):
        part *= otherwise / number
        chance += part
    usual = max(float(voted.min()) * chance, 1e-300)
    return size > usual and _tail(size, usual) < RARE


@loop
def _sketches(starts: Array, columns: Array, values: Array, statement_ids: Array, bands: int, rows: int) -> Array:
    """For each person and band a number that people with nearly the same ballot share (min-hash: Broder 1997).

    The last is of the whole ballot: copies find each other, whatever ballots stand before them in the other bands.
    """
    made = np.zeros((len(starts) - 1, bands + 1), np.uint64)
    least = np.zeros(bands * rows, np.uint64)
    for i in range(len(made)):
        for place in range(starts[i], starts[i + 1]):
            hashed = mixed(np.uint64(statement_ids[columns[place]]) * np.uint64(4) + np.uint64(values[place] + 1))
            made[i, bands] = mixed(made[i, bands] ^ hashed)
            for k in range(bands * rows):
                hashed = mixed(hashed)
                least[k] = hashed if place == starts[i] or hashed < least[k] else least[k]
        for band in range(bands):
            joined = np.uint64(band)
            for row in range(rows):
                joined = mixed(joined ^ least[band * rows + row])
            made[i, band] = joined
    return made


def _with_twins(sketches: Array, enough: Array) -> Array:
    """Who of those who voted enough (booleans) shares a sketch with another of them."""
    found = np.zeros(len(sketches), np.bool_)
    who = np.flatnonzero(enough)
    for keys in sketches[who].T:
        _, number, counts = np.unique(keys, return_inverse=True, return_counts=True)
        found[who[counts[number] > 1]] = True
    return found


def _leaders(starts: Array, columns: Array, values: Array, sketches: Array, alike: float) -> Array:
    """The first person of those with whom each shares nearly all votes."""
    leader = np.arange(len(starts) - 1)
    for keys in np.ascontiguousarray(sketches.T):
        _join(starts, columns, values, keys, np.argsort(keys, kind="stable"), leader, alike)
    for person in range(len(leader)):  # a leader comes before those she leads
        leader[person] = leader[leader[person]]
    return leader


@loop
def _join(starts: Array, columns: Array, values: Array, keys: Array, order: Array, leader: Array, alike: float) -> None:
    """Joins each person to the first with the same sketch, if their ballots are truly alike."""
    head: Any = np.int64(-1)  # a plain −1 would let a loop be compiled twice
    for i in order:
        if head < 0 or keys[i] != keys[head]:
            head = i
        elif _overlap(starts, columns, values, i, head) >= alike:
            one, other = i, head
            while leader[one] != one:
                one = leader[one]
            while leader[other] != other:
                other = leader[other]
            leader[max(one, other)] = min(one, other)


@loop
def _overlap(starts: Array, columns: Array, values: Array, one: int, other: int) -> float:
    """Same votes on the same statements, as a part of all statements that either voted on."""
    a, b, same, either = starts[one], starts[other], 0, 0
    while a < starts[one + 1] or b < starts[other + 1]:
        either += 1
        if b == starts[other + 1] or (a < starts[one + 1] and columns[a] < columns[b]):
            a += 1
        elif a == starts[one + 1] or columns[b] < columns[a]:
            b += 1
        else:
            same += values[a] == values[b]
            a += 1
            b += 1
    return same / either
