"""The map as Polis makes it, free of order: its production formulas, without its randomness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from withus.compute.opinion_map import axes, clusters, polis_lists
from withus.compute.opinion_map.agreement import counted, listed, of_everybody
from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.machine import bare, in_one_piece
from withus.compute.opinion_map.results import NOBODY, Map

MOST_GROUPS = 5
BASE_CLUSTERS = 100
MOST_POINTS = 2_000  # people who are clustered one by one; more are gathered in cells first
CELLS = 40  # in each direction
_ROUNDS = 100
_FINE = 2.0**38


@dataclass(frozen=True, eq=False)
class PolisMap(Map):
    """Polis' map, with what its own result holds besides. `meta`: the moderated statements that are about the talk."""

    meta: tuple[int, ...]
    center: Array
    extremity: Array
    priority: Array
    silhouettes: Mapping[int, float]
    consensus: Mapping[str, tuple[polis_lists.PolisStatement, ...]]

    def content(self) -> dict[str, Any]:
        """The map for `result.json`."""
        more = ("center", "extremity", "priority", "silhouettes", "consensus")
        return super().content() | {name: getattr(self, name) for name in more}


def polis_map(
    votes: Conversation, moderated: Iterable[int] = (), meta: Iterable[int] = (), *, light: bool = True
) -> PolisMap:
    """The map by Polis' formulas. `moderated`: statements left out (also the `meta` ones, which it is told besides).

    Without `light` a group of under one in twenty never counts in a floor, as in seals of form 3.
    """
    hidden = votes.columns_of({*moderated, *meta})
    found = axes.leading(votes.shown(hidden))
    directions = np.zeros((2, votes.statements))
    directions[:, ~hidden] = found.directions
    center = np.where(hidden, 0.0, axes.means(votes))
    positions = projected(votes, center, directions, hidden)
    inside = votes.taking_part
    labels, silhouettes = grouped(positions[inside])
    group_of = np.full(votes.people, NOBODY, np.int32)
    group_of[inside] = labels
    return described(votes, group_of, hidden, votes.columns_of(meta), center, directions, found.eigenvalues, positions,
                     silhouettes, light)  # fmt: skip


def described(
    votes: Conversation, group_of: Array, hidden: Array, meta: Array, center: Array, directions: Array,
    eigenvalues: Array, positions: Array, silhouettes: Mapping[int, float], light: bool = True,
) -> PolisMap:  # fmt: skip
    """All that Polis says of these groups."""
    groups = int(group_of.max(initial=NOBODY)) + 1
    counts, everybody = counted(votes, group_of, groups), of_everybody(votes)
    sizes = np.bincount(group_of[group_of != NOBODY], minlength=groups)
    says = "all positions are the same" if sizes.any() else "nobody voted often enough"
    extremity = np.sqrt(votes.statements) * abs(1 - center) * np.sqrt((directions**2).sum(axis=0))
    return PolisMap(
        method="polis",
        seed=0,
        participant_ids=votes.participant_ids,
        statement_ids=votes.statement_ids,
        moderated=tuple(votes.statement_ids[hidden].tolist()),
        axes=directions,
        explained_variance=eigenvalues / max(1, votes.people - 1),
        positions=positions,
        group_of=group_of,
        group_sizes=tuple(sizes.tolist()),
        representative=polis_lists.representative(counts, votes.statement_ids, ~hidden) if groups > 1 else (),
        agreement=listed(counts, everybody, sizes, votes.statement_ids, ~hidden, light),
        supported=groups > 1,
        checks={"reality": "this method does not check whether its groups are more than chance"}
        | ({} if groups > 1 else {"says": says}),
        meta=tuple(votes.statement_ids[meta].tolist()),
        center=center,
        extremity=extremity,
        priority=polis_lists.priorities(counts, extremity, meta),
        silhouettes=silhouettes,
        consensus=polis_lists.consensus(everybody, votes.statement_ids, ~hidden),
    )


def projected(votes: Conversation, center: Array, directions: Array, hidden: Array) -> Array:
    """Where people stand: stretched by √(statements ÷ votes), moderated columns counting as votes of everybody."""
    summed, seen = votes.each(_summed, center, directions, hidden)
    stretch = np.sqrt(votes.statements / np.maximum(seen + int(hidden.sum()), 1))
    return np.asarray(
        np.round(summed * stretch[:, None], 9) + 0.0
    )  # a fixed grid, so that no last bit decides who is grouped how


def _summed(
    starts: Array, columns: Array, values: Array, center: Array, directions: Array, hidden: Array
) -> tuple[Array, Array]:
    summed, seen = np.zeros((len(starts) - 1, 2)), np.zeros(len(starts) - 1, np.int64)
    _sum(starts, columns, values, center, directions, hidden, summed, seen)
    return summed, seen


@bare
def _sum(
    starts: Array, columns: Array, values: Array, center: Array, directions: Array, hidden: Array, summed: Array,
    seen: Array,
) -> None:  # fmt: skip
    for i in range(len(starts) - 1):
        for place in range(starts[i], starts[i + 1]):
            j = columns[place]
            if not hidden[j]:
                away = values[place] - center[j]
                summed[i, 0] += away * directions[0, j]
                summed[i, 1] += away * directions[1, j]
                seen[i] += 1


def grouped(points: Array) -> tuple[Array, dict[int, float]]:
    """Groups by k-means, as many as the silhouette likes best (of equals the most); and the silhouettes."""
    places, weights = (points, np.ones(len(points))) if len(points) <= MOST_POINTS else gathered(points, CELLS)
    begin = clusters.distinct(places)
    most = min(MOST_GROUPS, 2 + min(BASE_CLUSTERS, len(begin)) // 12, len(begin))
    silhouettes, centers = {}, begin[:1]
    for wanted in range(2, most + 1):
        tried = clusters.settled(places, weights, begin[:wanted], _ROUNDS, 0.0)
        labels = clusters.nearest(places, tried)
        each = clusters.silhouettes(places, weights, labels, len(tried))
        silhouettes[wanted] = float((each * weights).sum() / weights.sum())
        if silhouettes[wanted] >= max(silhouettes.values()):
            centers = tried
    return clusters.nearest(points, centers), silhouettes


def gathered(points: Array, cells: int, weights: Array | None = None) -> tuple[Array, Array]:
    """Points that lie close together as one, with their weight: the means of the cells of a grid."""
    columns = np.ascontiguousarray(points.T)  # of which numpy finds the ends thirty times as fast
    low = columns.min(axis=1)
    width = np.maximum(columns.max(axis=1) - low, 1e-12)
    heavy = np.ones(len(points), np.int64) if weights is None else weights.astype(np.int64)
    sums = np.zeros((cells * cells, 3), np.int64)
    _gather(in_one_piece(points), low, width, heavy, cells, sums)
    used = np.flatnonzero(sums[:, 2])
    return low + sums[used, :2] / sums[used, 2:] / _FINE * width, sums[used, 2].astype(np.float64)


@bare
def _gather(points: Array, low: Array, width: Array, weights: Array, cells: int, sums: Array) -> None:
    """Sums and weight of each cell; whole numbers, whose sums have no order."""
    for i in range(len(points)):
        x, y = (points[i, 0] - low[0]) / width[0], (points[i, 1] - low[1]) / width[1]
        cell = min(int(x * cells), cells - 1) * cells + min(int(y * cells), cells - 1)
        sums[cell, 0] += weights[i] * np.int64(np.rint(x * _FINE))
        sums[cell, 1] += weights[i] * np.int64(np.rint(y * _FINE))
        sums[cell, 2] += weights[i]
