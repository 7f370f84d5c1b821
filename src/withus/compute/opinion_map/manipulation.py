"""Who may have made the list what it is: near-identical ballots, days with a rush, and each group in turn.

Nothing here says that anybody cheated: it shows the list without these people, for others to judge.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from typing import Any

import numpy as np

from withus.compute.opinion_map.agreement import counted, ranked
from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.dice import mixed
from withus.compute.opinion_map.results import NOBODY
from withus.compute.opinion_map.votes import NO_DAY

LIST = 10
ENOUGH_VOTES = 10  # a shorter ballot is often the same by chance
ALIKE = 0.9  # of all statements that one of two people voted on, both voted, and the same
FEWEST_ALIKE = 3
RUSH_CHANCE = 1e-6
FEWEST_RUSH = 10
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


def cohorts(votes: Conversation, group_of: Array, groups: int, shown: Array) -> tuple[Cohort, ...]:
    """All cohorts worth a look: those that change the list most first."""
    base = group_of if groups > 1 else np.zeros(votes.people, np.int32)
    number = max(groups, 1)
    top = _head(votes, base, number, shown)
    found = []
    for kind, name, members in [*_alike(votes), *_rushes(votes), *_each_group(base, groups)]:
        without = _head(votes, np.where(members, NOBODY, base).astype(np.int32), number, shown)
        found.append(Cohort(kind, name, int(members.sum()), len(set(top) & set(without)), top, without))
    return tuple(sorted(found, key=lambda one: (one.kept, -one.people, one.kind, one.name))[:MOST_COHORTS])


def alike_crowds(votes: Conversation) -> list[Array]:
    """People with nearly the same ballot (booleans), the largest crowds first."""
    found = sorted((members for _, _, members in _alike(votes)), key=lambda members: -int(members.sum()))
    return found[:MOST_COHORTS]


def _head(votes: Conversation, group_of: Array, groups: int, shown: Array) -> tuple[int, ...]:
    sizes = np.bincount(group_of[group_of != NOBODY], minlength=groups)
    if not sizes.any():
        return ()
    order, _ = ranked(counted(votes, group_of, groups), sizes, votes.statement_ids, shown)
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
        if count >= FEWEST_RUSH and count > usual and _tail(count, usual) * len(days) < RUSH_CHANCE
    ]


def _tail(count: int, usual: float) -> float:
    return exp(count - usual - count * log(count / usual))


def _alike(votes: Conversation) -> list[tuple[str, str, Array]]:
    """People whose ballots are the same but for a few votes."""
    sketches = votes.each(_sketches, votes.statement_ids, _BANDS, _ROWS)
    maybe = _with_twins(sketches, votes.lengths >= ENOUGH_VOTES)
    some = votes.of_people(maybe).here()
    leader = np.full(votes.people, NOBODY)
    leader[maybe] = np.flatnonzero(maybe)[_leaders(some.starts, some.columns, some.values, sketches[maybe], ALIKE)]
    numbers, counts = np.unique(leader[leader != NOBODY], return_counts=True)
    return [
        ("near-identical ballots", f"like person {votes.participant_ids[number]}", leader == number)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)
        if count >= FEWEST_ALIKE
    ]


@loop
def _sketches(starts: Array, columns: Array, values: Array, statement_ids: Array, bands: int, rows: int) -> Array:
    """For each person and band a number that people with nearly the same ballot share (min-hash: Broder 1997)."""
    made = np.zeros((len(starts) - 1, bands), np.uint64)
    least = np.zeros(bands * rows, np.uint64)
    for i in range(len(made)):
        for place in range(starts[i], starts[i + 1]):
            hashed = mixed(np.uint64(statement_ids[columns[place]]) * np.uint64(4) + np.uint64(values[place] + 1))
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
