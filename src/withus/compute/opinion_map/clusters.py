"""k-means and silhouettes over weighted points, always begun in the same way."""

import numpy as np

from withus.compute.opinion_map.compiled import Array, loop, real_table


def distinct(points: Array) -> Array:
    """The different points, smallest first coordinate first, then smallest second."""
    return np.unique(points, axis=0)


@loop
def nearest(points: Array, centers: Array) -> Array:
    """The nearest center of each point; the first of equals."""
    labels = np.zeros(len(points), np.int32)
    for i in range(len(points)):
        best = np.inf
        for c in range(len(centers)):
            distance = (points[i, 0] - centers[c, 0]) ** 2 + (points[i, 1] - centers[c, 1]) ** 2
            if distance < best:
                best, labels[i] = distance, c
    return labels


@loop
def settled(points: Array, weights: Array, centers: Array, most: int, still: float) -> Array:
    """The centers after k-means: until none moves by `still`, at most `most` times. Empty clusters vanish."""
    for _ in range(most):
        labels = nearest(points, centers)
        sums = real_table(len(centers), centers.shape[1] + 1)
        for i in range(len(points)):
            sums[labels[i], 0] += weights[i] * points[i, 0]
            sums[labels[i], 1] += weights[i] * points[i, 1]
            sums[labels[i], 2] += weights[i]
        moved, kept = 0.0, 0
        for c in range(len(centers)):
            if sums[c, 2] > 0:
                x, y = sums[c, 0] / sums[c, 2], sums[c, 1] / sums[c, 2]
                moved = max(moved, (x - centers[c, 0]) ** 2 + (y - centers[c, 1]) ** 2)
                centers[kept, 0], centers[kept, 1] = x, y
                kept += 1
        has_vanished = kept < len(centers)
        centers = centers[:kept].copy()
        if moved <= still * still and not has_vanished:
            break
    return centers


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


@loop
def silhouettes(points: Array, weights: Array, labels: Array, groups: int) -> Array:
    """How much nearer each point is to its own group than to the next, from −1 to 1; 0 for one alone in its group."""
    made = np.zeros(len(points))
    sizes = np.zeros(groups)
    for i in range(len(points)):
        sizes[labels[i]] += weights[i]
    for i in range(len(points)):
        own = labels[i]
        if sizes[own] <= 1:
            continue
        away = np.zeros(groups)
        for other in range(len(points)):
            x, y = points[i, 0] - points[other, 0], points[i, 1] - points[other, 1]
            away[labels[other]] += weights[other] * np.sqrt(x * x + y * y)
        inside, outside = away[own] / (sizes[own] - 1), np.inf
        for group in range(groups):
            if group != own and sizes[group] > 0:
                outside = min(outside, away[group] / sizes[group])
        if np.isfinite(outside) and max(inside, outside) > 0:
            made[i] = (outside - inside) / max(inside, outside)
    return made
