"""k-means and silhouettes over weighted points, always begun in the same way."""

import numpy as np

from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.machine import bare, in_one_piece


def distinct(points: Array) -> Array:
    """The different points, smallest first coordinate first, then smallest second."""
    ordered = points[np.lexsort(points.T[::-1])]
    is_new = np.ones(len(points), bool)
    is_new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return ordered[is_new]


def nearest(points: Array, centers: Array) -> Array:
    """The nearest center of each point; the first of equals."""
    labels = np.empty(len(points), np.int32)
    _label(in_one_piece(points), in_one_piece(centers), labels)
    return labels


@bare
def _label(points: Array, centers: Array, labels: Array) -> None:
    for i in range(len(points)):
        best, own = np.inf, 0
        for c in range(len(centers)):
            distance = (points[i, 0] - centers[c, 0]) ** 2 + (points[i, 1] - centers[c, 1]) ** 2
            if distance < best:
                best, own = distance, c
        labels[i] = own


def settled(points: Array, weights: Array, begin: Array, most: int, still: float) -> Array:
    """The centers after k-means: until none moves by `still`, at most `most` times. Empty clusters vanish."""
    centers, labels, sums = begin.copy(), np.empty(len(points), np.int32), np.empty((len(begin), 3))
    return centers[: settle(in_one_piece(points), weights, centers, most, still, labels, sums)]


@bare
def settle(
    points: Array, weights: Array, centers: Array, most: int, still: float, labels: Array, sums: Array
) -> int:  # fmt: skip
    """The same within a loop: how many centers are left; they stand in front. `labels` and `sums` are for its work."""
    count = len(centers)
    for _ in range(most):
        _label(points, centers[:count], labels)
        for c in range(count):
            sums[c, 0] = sums[c, 1] = sums[c, 2] = 0.0
        for i in range(len(points)):
            sums[labels[i], 0] += weights[i] * points[i, 0]
            sums[labels[i], 1] += weights[i] * points[i, 1]
            sums[labels[i], 2] += weights[i]
        moved, kept = 0.0, 0
        for c in range(count):
            if sums[c, 2] > 0:
                x, y = sums[c, 0] / sums[c, 2], sums[c, 1] / sums[c, 2]
                moved = max(moved, (x - centers[c, 0]) ** 2 + (y - centers[c, 1]) ** 2)
                centers[kept, 0], centers[kept, 1] = x, y
                kept += 1
        has_vanished, count = kept < count, kept
        if moved <= still * still and not has_vanished:
            break
    return count


@loop
def spread(points: Array, weights: Array, centers: Array) -> float:
    """The weighted sum of squared distances to the nearest center."""
    total = 0.0
    for i in range(len(points)):
        best = np.inf
        for c in range(len(centers)):
            best = min(best, (points[i, 0] - centers[c, 0]) ** 2 + (points[i, 1] - centers[c, 1]) ** 2)
        total += weights[i] * best
    return total


def silhouettes(points: Array, weights: Array, labels: Array, groups: int) -> Array:
    """How much nearer each point is to its own group than to the next, from −1 to 1; 0 for one alone in its group."""
    made = np.zeros(len(points))
    _silhouettes(in_one_piece(points), weights, labels, np.zeros(groups), np.empty(groups), made)
    return made


@bare
def _silhouettes(points: Array, weights: Array, labels: Array, sizes: Array, away: Array, made: Array) -> None:
    for i in range(len(points)):
        sizes[labels[i]] += weights[i]
    for i in range(len(points)):
        own = labels[i]
        if sizes[own] <= 1:
            continue
        for group in range(len(sizes)):
            away[group] = 0.0
        for other in range(len(points)):
            x, y = points[i, 0] - points[other, 0], points[i, 1] - points[other, 1]
            away[labels[other]] += weights[other] * np.sqrt(x * x + y * y)
        inside, outside = away[own] / (sizes[own] - 1), np.inf
        for group in range(len(sizes)):
            if group != own and sizes[group] > 0:
                outside = min(outside, away[group] / sizes[group])
        if np.isfinite(outside) and max(inside, outside) > 0:
            made[i] = (outside - inside) / max(inside, outside)
