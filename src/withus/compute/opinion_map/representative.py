"""What a group says clearly more often than the others, after ruling out chance.

Groups are found by half of the votes and tested on the other half, both ways round, so that no vote is asked twice:
whoever splits people by their answers always finds that the answers differ.
"""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from withus.compute.opinion_map import factors
from withus.compute.opinion_map.agreement import Counts, counted
from withus.compute.opinion_map.clusters import nearest
from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.groups import best_centers, renamed
from withus.compute.opinion_map.results import NOBODY

FALSE_RATE = 0.05  # of what is listed, at most this part is expected to be chance
FEWEST_VOTES = 5  # on a statement, inside the group and outside
LONGEST = 10
_ROUNDS = 20  # of the model of half of the votes; it only has to tell groups apart
Z_INTERVAL = 1.6448536269514722  # 90 %, two-sided


@dataclass(frozen=True)
class Representative:
    """A statement on which a group answers differently. `effect`: its share less the others' share, with an interval.

    `without` holds the effect with each group left out of the others, `n_without` how many votes of others are then
    left; None and 0 for the group itself, and where nobody is left to compare with.
    """

    statement: int
    direction: str
    effect: float
    low: float
    high: float
    share: float
    others: float
    n: int
    n_others: int
    chance: float
    without: tuple[float | None, ...]
    n_without: tuple[int, ...]


def representative(
    votes: Conversation, group_of: Array, groups: int, seed: int
) -> tuple[tuple[Representative, ...], ...]:
    """For each group up to ten statements, clearest first."""
    counts = crossed_counts(votes, group_of, groups, seed)
    found: list[list[Representative]] = [[] for _ in range(groups)]
    tables = {"agree": counts.agree, "disagree": counts.disagree}
    chances = {name: _chance(table, counts.voted) for name, table in tables.items()}
    known = (counts.voted >= FEWEST_VOTES) & (counts.voted.sum(axis=0) - counts.voted >= FEWEST_VOTES)
    most = _largest_kept(np.concatenate([chance[known] for chance in chances.values()]))
    for name, table in tables.items():
        for group, j in np.argwhere(known & (chances[name] <= most)).tolist():
            found[group].append(_described(votes, name, table, counts.voted, group, j, chances[name][group, j]))
    return tuple(tuple(sorted(one, key=lambda it: (-round(it.low, 6), it.statement))[:LONGEST]) for one in found)


def crossed_counts(votes: Conversation, group_of: Array, groups: int, seed: int) -> Counts:
    """Votes by group, each vote counted in the group that the person's other half of votes puts her in."""
    halves = votes.half(seed, True), votes.half(seed, False)
    inside, total = group_of != NOBODY, None
    for seen, asked in (halves, halves[::-1]):
        some = seen.sample(factors.SAMPLE) if seen.people > 2 * factors.SAMPLE else seen
        points = factors.place(seen, factors.fit(some, rounds=_ROUNDS)).positions
        labels = np.full(votes.people, NOBODY, np.int32)
        labels[inside] = nearest(points[inside], best_centers(points[inside], groups, seed))
        counts = counted(asked, renamed(labels, groups, group_of), groups)
        total = counts if total is None else Counts(
            total.agree + counts.agree, total.disagree + counts.disagree, total.voted + counts.voted
        )  # fmt: skip
    assert total is not None
    return total


def _chance(said: Array, voted: Array) -> Array:
    """How likely a share so far above the others' is by chance (two shares, pooled, one-sided)."""
    others, others_voted = said.sum(axis=0) - said, voted.sum(axis=0) - voted
    n, m = np.maximum(voted, 1), np.maximum(others_voted, 1)
    pooled = (said + others) / np.maximum(voted + others_voted, 1)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    z = np.where(error > 0, (said / n - others / m) / np.where(error > 0, error, 1), 0)
    return np.array([0.5 * erfc(one / sqrt(2)) for one in z.ravel().tolist()]).reshape(z.shape)


def _largest_kept(chances: Array) -> float:
    """The largest chance that still counts (Benjamini and Hochberg 1995); −1 if none does."""
    ordered = np.sort(chances)
    kept = np.flatnonzero(ordered <= FALSE_RATE * np.arange(1, len(ordered) + 1) / max(len(ordered), 1))
    return float(ordered[kept[-1]]) if len(kept) else -1.0


def _described(
    votes: Conversation, direction: str, said: Array, voted: Array, group: int, j: int, chance: float
) -> Representative:
    inside, n = int(said[group, j]), int(voted[group, j])
    outside, m = int(said[:, j].sum()) - inside, int(voted[:, j].sum()) - n
    low, high = difference(inside, n, outside, m)
    without: list[float | None] = []
    n_without = []
    for other in range(len(voted)):
        left, left_n = outside - int(said[other, j]), 0 if other == group else m - int(voted[other, j])
        without.append(inside / n - left / left_n if left_n else None)
        n_without.append(left_n)
    return Representative(
        int(votes.statement_ids[j]), direction, inside / n - outside / m, low, high, inside / n, outside / m, n, m,
        float(chance), tuple(without), tuple(n_without),
    )  # fmt: skip


def difference(one: int, n: int, other: int, m: int) -> tuple[float, float]:
    """A 90 % interval for the difference of two shares, from their score bounds (Newcombe 1998, method 10)."""
    p, q = one / n, other / m
    (low, high), (other_low, other_high) = _bounds(p, n), _bounds(q, m)
    below, above = (p - low) ** 2 + (other_high - q) ** 2, (high - p) ** 2 + (q - other_low) ** 2
    return p - q - sqrt(below), p - q + sqrt(above)


def _bounds(p: float, n: int) -> tuple[float, float]:
    square = Z_INTERVAL**2
    middle, wide = p + square / (2 * n), Z_INTERVAL * sqrt((p * (1 - p) + square / (4 * n)) / n)
    return (middle - wide) / (1 + square / n), (middle + wide) / (1 + square / n)
