"""Groups, and whether there are any: as many as stay the same when the people are drawn again, or none."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map import axes, clusters, curves, dice, factors, one_cloud
from withus.compute.opinion_map.compiled import Array, loop, real_table
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.polis import CELLS, MOST_GROUPS, MOST_POINTS, gathered
from withus.compute.opinion_map.results import NOBODY

SHUFFLES, BOOTSTRAPS, CLOUDS = 200, 100, 100
RARE = 0.01  # how seldom shuffled votes may look as structured as the real ones
STABLE = 0.75  # Hennig's mark (2007) for a group that is the same group again
FEWEST = 10  # people in a group, as on the pages
_STARTS = 12
_ROUNDS = 100
_STEPS = 4  # passes for the eigenvalue of a shuffle; the real votes get the same number, so the test stays exact
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Reality:
    """The strength of the first axis beside that of shuffled votes. `chance`: how often those reach the real one."""

    strength: float
    shuffled_median: float
    shuffled_most: float
    shuffles: int
    chance: float

    @property
    def is_structure(self) -> bool:
        """Whether there is more than chance."""
        return self.chance <= RARE


@dataclass(frozen=True, eq=False)
class Split:
    """The groups of those who take part. `jaccards`: for each group how far it is the same when people are redrawn."""

    labels: Array
    sizes: tuple[int, ...]
    silhouette: float
    jaccards: tuple[float, ...]
    certainty: Array

    @property
    def is_stable(self) -> bool:
        """Whether each group is found again."""
        return min(self.jaccards) >= STABLE and min(self.sizes) >= FEWEST


def too_few(times: int, level: float) -> bool:
    """Whether so few inventions could not show that something is as seldom as the level, even if none reached it."""
    return 1 / (1 + times) > level


def reality(votes: Conversation, seed: int, shuffles: int, tell: Tell) -> Reality:
    """Parallel analysis by permutation (Horn 1965): each statement's votes are dealt out anew among its own voters."""
    real = axes.strength(votes, _STEPS)
    chance: list[float] = []
    for one in votes.several(lambda number: axes.strength(votes.dealt(seed, number), _STEPS), shuffles):
        tell("shuffles", len(chance), shuffles)
        chance.append(one)
    reached = sum(one >= real for one in chance)
    return Reality(real, float(np.median(chance)), max(chance), shuffles, (1 + reached) / (1 + shuffles))


def splits(
    votes: Conversation, model: factors.Model, places: factors.Places, seed: int, bootstraps: int, tell: Tell
) -> dict[int, Split]:
    """For each number of groups from two: the best split, and how well it is found again."""
    inside = votes.taking_part
    points = places.positions[inside]
    numbers = [k for k in range(2, MOST_GROUPS + 1) if len(clusters.distinct(points)) >= k * 2]
    labels = {k: ordered(points, clusters.nearest(points, best_centers(points, k, seed))) for k in numbers}
    labels = {k: found for k, found in labels.items() if found.max() == k - 1}
    jaccards = {k: np.zeros(k) for k in labels}
    kept = {k: np.zeros(len(points)) for k in labels}
    present = np.zeros(len(points))

    def drawn_again(number: int) -> tuple[Array, Array]:
        weights = dice.drawn_again(votes.people, seed, number)
        again = factors.place(votes, factors.fit(votes, weights, model, one_cloud.WARM_ROUNDS)).positions
        return weights[inside], again[inside]

    for number, (drawn, again) in enumerate(votes.several(drawn_again, bootstraps)):
        tell("bootstraps", number, bootstraps)
        present += drawn > 0
        for k, found in labels.items():
            others = clusters.nearest(again, best_centers(again, k, seed, drawn))
            shared = _crossed(found, others, drawn, k)
            either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
            alike = shared / np.maximum(either, 1)  # of a small group nobody may have been drawn
            jaccards[k] += alike.max(axis=1)
            kept[k] += (alike.argmax(axis=1)[found] == others) & (drawn > 0)
    return {
        k: Split(
            found, tuple(np.bincount(found, minlength=k).tolist()), silhouette(points, found, k),
            tuple((jaccards[k] / max(bootstraps, 1)).tolist()), kept[k] / np.maximum(present, 1),
        )
        for k, found in labels.items()
    }  # fmt: skip


def cloud(
    votes: Conversation, model: factors.Model, numbers: Collection[int], seed: int, clouds: int, tell: Tell,
    straight: bool = False,
) -> one_cloud.Cloud:  # fmt: skip
    """How far apart groups stand, beside those of invented people among whom there is no gap; of many people, some.

    With `straight` beside discs alone, and along straight lines.
    """
    asked = votes.sample(factors.SAMPLE) if votes.people > 2 * factors.SAMPLE else votes
    inside, positions = asked.taking_part, factors.place(asked, model).positions
    along = None if straight else curves.leanings(asked, model, positions)
    leanings = one_cloud.leanings(votes, model)[None] if along is None else along

    def parted(positions: Array, straight: bool) -> dict[int, float]:
        points = positions[inside]
        labels = {k: clusters.nearest(points, best_centers(points, k, seed)) for k in numbers}
        return {k: one_cloud.gap(points, found, k, straight=straight) for k, found in labels.items()}

    ways = [True] if straight else [False] if along is not None else [True, False]

    def invented(number: int) -> list[dict[int, float]]:
        one = asked.invented(leanings, one_cloud.normal_numbers(), seed, number)
        found = factors.place(one, factors.fit(one, None, model, one_cloud.WARM_ROUNDS)).positions
        return [parted(found, way) for way in ways]

    made: list[list[dict[int, float]]] = []
    for one in asked.several(invented, clouds):
        tell("clouds", len(made), clouds)
        made.append(one)
    real = [parted(positions, way) for way in ways]
    first, *bows = [one_cloud.compared(*pair) for pair in zip(real, map(list, zip(*made, strict=True)), strict=True)]
    return first.unless_bridged(bows[0]) if bows else first


def chosen(found: Mapping[int, Split], numbers: Iterable[int]) -> int:
    """Of these numbers of groups the one whose groups are nearest to themselves (silhouette); 0 of none."""
    return max(numbers, key=lambda k: (round(found[k].silhouette, 6), -k), default=0)


def silhouette(points: Array, labels: Array, groups: int) -> float:
    """The mean silhouette over people; of many people by cells."""
    if len(points) <= MOST_POINTS:
        return float(clusters.silhouettes(points, np.ones(len(points)), labels, groups).mean())
    centers = np.array([points[labels == group].mean(axis=0) for group in range(groups)])
    cells, weights = gathered(points, CELLS)
    each = clusters.silhouettes(cells, weights, clusters.nearest(cells, centers), groups)
    return float((each * weights).sum() / weights.sum())


def best_centers(points: Array, groups: int, seed: int, weights: Array | None = None) -> Array:
    """The centers with the least spread, of several starts. Points that nobody weighs do not count."""
    heavy = np.ones(len(points)) if weights is None else weights.astype(np.float64)
    points, heavy = points[heavy > 0], heavy[heavy > 0]
    if len(points) > MOST_POINTS:
        points, heavy = gathered(points, CELLS, heavy)
    return _best_centers(points, heavy, groups, seed, _STARTS, _ROUNDS)


@loop
def _best_centers(points: Array, weights: Array, groups: int, seed: int, starts: int, rounds: int) -> Array:
    best, centers = np.inf, points[:groups].copy()
    labels, sums = np.empty(len(points), np.int32), real_table(groups, points.shape[1] + 1)
    for start in range(starts):
        tried = _begun(points, weights, groups, seed, start)
        tried = tried[: clusters.settle(points, weights, tried, rounds, 1e-6, labels, sums)]
        spread = clusters.spread(points, weights, tried)
        if spread < best * (1 - 1e-9) and len(tried) == groups:
            best, centers = spread, tried
    return centers


@loop
def _begun(points: Array, weights: Array, groups: int, seed: int, start: int) -> Array:
    """Starting centers: each drawn by how far points are from those already drawn (Arthur and Vassilvitskii 2007)."""
    state = dice.seeded(seed, 3, start * 16 + groups)
    centers = real_table(groups, points.shape[1])
    away = weights.copy()
    for c in range(groups):
        state, whole = dice.mixed(state), 0.0
        for one in away:
            whole += one
        wanted, place = dice.share(state) * whole, 0
        for i in range(len(points)):
            wanted -= away[i]
            place = i
            if wanted < 0:
                break
        centers[c, 0], centers[c, 1] = points[place, 0], points[place, 1]
        for i in range(len(points)):
            distance = (points[i, 0] - centers[c, 0]) ** 2 + (points[i, 1] - centers[c, 1]) ** 2
            away[i] = weights[i] * distance if c == 0 else min(away[i], weights[i] * distance)
    return centers


def _crossed(one: Array, other: Array, drawn: Array, groups: int) -> Array:
    """How many people who were drawn are in both a group of the one and a group of the other."""
    both = (one * groups + other)[drawn > 0]
    return np.bincount(both, minlength=groups * groups).reshape(groups, groups)


def ordered(points: Array, labels: Array) -> Array:
    """Groups numbered by size, the largest first; of equals the one with the smaller first coordinates."""
    numbers = np.unique(labels)
    keys = [(-int((labels == old).sum()), *points[labels == old].min(axis=0).tolist()) for old in numbers]
    renamed = np.zeros(int(labels.max(initial=0)) + 1, np.int32)
    for new, (_, old) in enumerate(sorted(zip(keys, numbers.tolist(), strict=True))):
        renamed[old] = new
    return renamed[labels]


def matched(participant_ids: Array, group_of: Array, groups: int, previous: Mapping[int, int]) -> Array:
    """The same groups under the numbers they had before, as far as they are the same people."""
    before = np.array([previous.get(person, NOBODY) for person in participant_ids.tolist()])
    return renamed(group_of, groups, before)


def renamed(group_of: Array, groups: int, before: Array) -> Array:
    """Groups numbered like the earlier ones with which they share most people; the rest by the numbers left over."""
    shared = np.zeros((groups, max(groups, int(before.max(initial=NOBODY)) + 1)), np.int64)
    both = (before != NOBODY) & (group_of != NOBODY)
    np.add.at(shared, (group_of[both], before[both]), 1)
    names: dict[int, int] = {}
    for place in np.argsort(-shared, axis=None, kind="stable").tolist():
        now, old = divmod(place, shared.shape[1])
        if now not in names and old not in names.values() and old < groups and shared[now, old]:
            names[now] = old
    free = iter([name for name in range(groups) if name not in names.values()])
    order = np.array([names[now] if now in names else next(free) for now in range(groups)], np.int32)
    return np.where(group_of == NOBODY, NOBODY, order[group_of]).astype(np.int32) if groups else group_of
