"""One cloud or several: whether groups stand farther apart than those of people among whom there is no gap at all.

k-means cuts every cloud, and of a cloud with a shape of its own it finds the same pieces again. So conversations are
invented: the same statements with their shares and loadings, asked of the same number of people with the same votes
missing, who are spread evenly over one disc, without any gap. Of round clouds the even one looks most like groups
(decision 0044). Where real people are foretold as well by a place on a curve, crowds lie along it (`curves`, 0077).

    lean = slopes · position + chance,   agree if lean > high, disagree if lean < low
"""

from dataclasses import dataclass, replace
from functools import cache
from statistics import NormalDist

import numpy as np

from withus.compute.opinion_map import factors
from withus.compute.opinion_map.compiled import Array, loop, real_table, whole_table
from withus.compute.opinion_map.conversation import AGREE, DISAGREE, VOTED, Conversation

CLEAR = 0.02  # how seldom one cloud may look as clearly split as the real people
BRIDGED = 0.1  # the same along bows, for people who do not follow a curve: bows are crowded by chance too
WARM_ROUNDS = 3  # of a model that begins where that of the real votes ended
STEEPEST = 0.97  # of a slope, so that chance is never nothing
_MANY = 5000  # people, of whom not all are counted along bows
_FINE = 4096  # how finely a normal number is drawn
_BINS, _BEYOND, _WIDTH = 40, 12, 4  # of the way between two middles; beyond each of them; of the bell that smooths it
_BENDS = (-1.0, 0.0, 1.0)  # where round a bow turns: so far beside the middle of the line, in halves of it


@dataclass(frozen=True)
class Cloud:
    """For each number of groups how clear the real gaps are, the median over clouds without groups, and the chance.

    `chances`: how often a cloud has, under any number of groups, gaps that are as far above what is usual for it.
    """

    clouds: int
    gaps: dict[int, float]
    usual: dict[int, float]
    chances: dict[int, float]

    def is_clear(self, number: int) -> bool:
        """Whether a split into so many groups is clearer than what one cloud gives."""
        return self.chances[number] <= CLEAR

    def unless_bridged(self, bows: "Cloud") -> "Cloud":
        """The same; with the chances along bows where these are high: a way round the gap has people on it."""
        chances = {k: max(own, bows.chances[k] * (bows.chances[k] > BRIDGED)) for k, own in self.chances.items()}
        return replace(self, chances=chances)

    @property
    def fewest(self) -> int:
        """How many clouds were split as clearly as the real people in their clearest split."""
        return min(map(self.reached, self.chances))

    def reached(self, number: int) -> int:
        """How many clouds were split as clearly."""
        return round(self.chances[number] * (self.clouds + 1)) - 1


def compared(real: dict[int, float], invented: list[dict[int, float]]) -> Cloud:
    """The gaps of real people beside those of clouds, each number of groups in units of its own usual spread."""
    numbers, clouds = sorted(real), len(invented)
    table = np.array([[one[k] for k in numbers] for one in invented])
    middle, spread = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-9)
    most = ((table - middle) / spread).max(axis=1)
    above = (np.array([real[k] for k in numbers]) - middle) / spread
    chances = (1 + (most[:, None] >= above).sum(axis=0)) / (1 + clouds)
    usual = np.median(table, axis=0)
    return Cloud(clouds, real, *(dict(zip(numbers, one.tolist(), strict=True)) for one in (usual, chances)))


def gap(points: Array, labels: Array, groups: int, *, straight: bool = False) -> float:
    """How deep the valley is between the least clear group and another: up to 1, and at most 0 if there is none.

    On the way from middle to middle that has the highest valley, along the line or a bow, to any other group: 1 -
    fewest people ÷ those at the lower peak. `straight`: along the line to the nearest alone. Sizes do not matter.
    """
    sizes = np.bincount(labels, minlength=groups)
    if sizes.min() == 0:
        return 0.0
    centers = np.array([points[labels == group].mean(axis=0) for group in range(groups)])
    if straight:
        return float(_least_gap(points, labels, centers, np.empty(0), True, _kernel()))
    fewer = len(points) // _MANY + 1
    return float(_least_gap(points[::fewer], labels[::fewer], centers, np.array(_BENDS), False, _kernel()))


@loop
def _least_gap(
    points: Array, labels: Array, centers: Array, bends: Array, is_nearest_alone: bool, kernel: Array
) -> float:
    least = 1.0
    for group in range(len(centers)):
        other, best = group, np.inf
        for one in range(len(centers)):
            away = (centers[one, 0] - centers[group, 0]) ** 2 + (centers[one, 1] - centers[group, 1]) ** 2
            if one != group and away < best:
                other, best = one, away
        if not best > 0:
            return 0.0
        for one in range(len(centers)):
            if one == other if is_nearest_alone else one > group:
                ways = _counted(points, labels, centers, group, one, bends, len(kernel) // 2)
                for way in range(len(ways)):
                    least = min(least, _valley(ways[way], kernel))
    return least


@loop
def _counted(points: Array, labels: Array, centers: Array, group: int, other: int, bends: Array, reach: int) -> Array:
    """The people of two groups along each way between their middles: the line, and both ways round each bend."""
    counts = whole_table(1 + 2 * len(bends), _BINS + 2 * _BEYOND + 2 * reach)
    first = _BEYOND + reach
    x, y = centers[other, 0] - centers[group, 0], centers[other, 1] - centers[group, 1]
    best = x**2 + y**2
    x, y = x / best, y / best
    for i in range(len(points)):
        if labels[i] == group or labels[i] == other:
            right, up = points[i, 0] - centers[group, 0], points[i, 1] - centers[group, 1]
            at, beside = right * x + up * y, right * y - up * x
            _count(counts[0], first + int(np.floor(at * _BINS)))
            for bend in range(len(bends)):  # turning from one middle, seen from there, to the other
                turn = np.arctan2(2 * at - 1, 2 * beside - bends[bend])
                half = np.arctan2(1.0, -bends[bend])
                _count(counts[1 + 2 * bend], first + int(np.floor((turn / half + 1) / 2 * _BINS)))
                turn, half = (np.pi if turn > 0 else -np.pi) - turn, np.pi - half
                _count(counts[2 + 2 * bend], first + int(np.floor((turn / half + 1) / 2 * _BINS)))
    return counts


@loop
def _count(counts: Array, place: int) -> None:
    if 0 <= place < len(counts):
        counts[place] += 1


@loop
def _valley(counts: Array, kernel: Array) -> float:
    heights = real_table(1, len(counts) - len(kernel) + 1)[0]
    for place in range(len(heights)):
        for step in range(len(kernel)):
            heights[place] += counts[place + step] * kernel[step]
    inner = _BEYOND + 2 * _BINS // 5  # a peak lies in the two fifths of its own side, or beyond the middle
    first, last = np.argmax(heights[:inner]), len(heights) - inner + np.argmax(heights[-inner:])
    low, lower_peak = heights[first : last + 1].min(), min(heights[first], heights[last])
    return float(1.0 - (low + 0.5) / (lower_peak + 0.5))


@cache
def _kernel() -> Array:
    """How much people near a place count there, so that a height is the people on a third of the line."""
    steps = np.arange(-3 * _WIDTH, 3 * _WIDTH + 1)
    bell = np.exp(-0.5 * (steps / _WIDTH) ** 2)
    return np.asarray(bell / bell.sum() * _BINS / 3)


def leanings(votes: Conversation, model: factors.Model) -> Array:
    """For each statement low, high, two slopes and the size of chance, so that shares and loadings are those seen."""
    normal = NormalDist()
    made = np.zeros((votes.statements, 5))
    for j, counts in enumerate(votes.tallies.tolist()):
        n = max(counts[VOTED], 1)
        low, high = (normal.inv_cdf(min(max(share, 1e-6), 1 - 1e-6)) for share in
                     (counts[DISAGREE] / n, 1 - counts[AGREE] / n))  # fmt: skip
        steep = model.loadings[j] / max(normal.pdf(low) + normal.pdf(high), 1e-3)
        length = max(float(np.hypot(*steep)), 1e-9)
        steep *= min(STEEPEST, np.sqrt(np.sin(min(length**2, np.pi / 2)))) / length  # of cut leans: Sheppard's arcsine
        made[j] = low, high, *steep, np.sqrt(1 - steep[0] ** 2 - steep[1] ** 2)
    return made


@cache
def normal_numbers() -> Array:
    """Numbers of which each is as likely as any other in a normal distribution."""
    return np.array([NormalDist().inv_cdf((place + 0.5) / _FINE) for place in range(_FINE)])
