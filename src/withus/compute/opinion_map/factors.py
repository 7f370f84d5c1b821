"""Two factors that explain who votes how, from the votes that were cast and nothing else.

    vote = mean + loadings · position + noise,   position ~ N(0, 1),   noise ~ N(0, noise of the statement)

The likelihood of the votes that exist is climbed by expectation and maximization (Rubin and Thayer 1982; with parameter
expansion, Liu, Rubin and Wu 1998). No missing vote is filled in, so nobody is drawn to the middle for having seen few
statements: such a person has a wide ellipse instead.
"""

from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map import axes
from withus.compute.opinion_map.compiled import Array, loop, real_table, whole_table
from withus.compute.opinion_map.conversation import Conversation

ROUNDS, FIRST_ROUNDS = 100, 15
SAMPLE = 20_000  # people; of many more than these, a model of some is where that of all begins
STILL = 1e-4  # the largest change of a loading after which it is done
RIDGE = 10.0  # as if ten people had been seen whose place says nothing about their vote
LEAST_NOISE = 0.05
_FINE = 2.0**20
_GRID = 2.0**30  # what is summed over people is rounded to 2⁻³⁰, so that its sums have no order


@dataclass(frozen=True, eq=False)
class Model:
    """For each statement its mean, two loadings, and the variance of what they do not explain."""

    mean: Array
    loadings: Array
    noise: Array

    @property
    def strength(self) -> Array:
        """How much of the votes' variance each factor carries, over the statements that were voted on."""
        return np.asarray((self.loadings**2).sum(axis=0))


@dataclass(frozen=True, eq=False)
class Places:
    """Where people stand (people × 2), and how unsure that is: variance of x, of y, and their covariance."""

    positions: Array
    spreads: Array


def fit(votes: Conversation, weights: Array | None = None, start: Model | None = None, rounds: int = ROUNDS) -> Model:
    """The model, its factors apart and the strongest first. `weights`: how often each person counts, whole numbers."""
    heavy = np.ones(votes.people, np.int64) if weights is None else np.asarray(weights, np.int64)
    if start is None:
        start = fit(votes.sample(SAMPLE)) if votes.people > 2 * SAMPLE else _best_start(votes, heavy)
    return turned(_climbed(votes, heavy, start, rounds))


def _climbed(votes: Conversation, weights: Array, model: Model, rounds: int) -> Model:
    for _ in range(rounds):
        sums, whole = votes.total(_expected, model.mean, model.loadings, model.noise, _GRID, by_person=(weights,))
        better = _maximized(sums.reshape(-1, 3, 6), whole, _GRID)
        change = abs(better.loadings - model.loadings).max(initial=0)
        model = better
        if change < STILL:
            break
    return model


def place(votes: Conversation, model: Model) -> Places:
    """Each person's position and ellipse, given her votes; on a fixed grid."""
    found = np.round(votes.each(_placed, model.mean, model.loadings, model.noise), 9) + 0.0
    return Places(np.ascontiguousarray(found[:, :2]), np.ascontiguousarray(found[:, 2:]))


def expected(model: Model, places: Places, people: Array, statements: Array) -> Array:
    """How far each of these people may be expected to agree with her statement, in standard deviations."""
    x, y = model.loadings[statements].T
    xx, yy, xy = places.spreads[people].T
    mean = model.mean[statements] + x * places.positions[people, 0] + y * places.positions[people, 1]
    return np.asarray(mean / np.sqrt(model.noise[statements] + x * x * xx + y * y * yy + 2 * x * y * xy))


def _best_start(votes: Conversation, weights: Array) -> Model:
    """Of several beginnings the one that is likeliest after some rounds: a single one can end on a lower hill."""
    agree, disagree, voted = votes.tallies.T
    mean = axes.means(votes)
    variance = np.maximum((agree + disagree) / np.maximum(voted, 1) - mean**2, LEAST_NOISE)
    tried = []
    for directions in _beginnings(votes):
        loadings = np.clip(np.ascontiguousarray(directions.T) * np.sqrt(0.25 * variance.sum()), -0.8, 0.8)
        noise = np.maximum(variance - (loadings**2).sum(axis=1), LEAST_NOISE)
        tried.append(_climbed(votes, weights, Model(mean, loadings, noise), FIRST_ROUNDS))
    return max(tried, key=lambda model: round(likelihood(votes, model), 6))


def _beginnings(votes: Conversation) -> list[Array]:
    """Directions of length one: the plain axes, as if each missing vote were the mean, and two that know nothing."""
    number = np.arange(1, votes.statements + 1)
    made = [axes.leading(votes, precise=1e-3).directions]
    for one, other in ((0.6180339887498949, 0.4142135623730951), (0.7320508075688772, 0.2360679774997896)):
        blind = np.stack([(number * one) % 1 - 0.5, (number * other) % 1 - 0.5])
        made.append(blind / np.maximum(np.sqrt((blind**2).sum(axis=1, keepdims=True)), 1e-12))
    return made


def likelihood(votes: Conversation, model: Model) -> float:
    """The logarithm of how likely the votes are, but for a constant."""
    noise = np.log(model.noise)
    return -0.5 * float(votes.total(_likelihood, model.mean, model.loadings, model.noise, noise, _FINE) / _FINE)


@loop
def _likelihood(
    starts: Array, columns: Array, values: Array, mean: Array, loadings: Array, noise: Array, logarithms: Array,
    grid: float,
) -> np.int64:  # fmt: skip
    total = np.int64(0)
    for i in range(len(starts) - 1):
        x, y, xx, yy, xy = _position(starts[i], starts[i + 1], columns, values, mean, loadings, noise)
        rest = -np.log(xx * yy - xy * xy)
        for place in range(starts[i], starts[i + 1]):
            j = columns[place]
            away = values[place] - mean[j]
            rest += logarithms[j] + away * (away - x * loadings[j, 0] - y * loadings[j, 1]) / noise[j]
        total += np.int64(np.rint(rest * grid))
    return total


@loop
def _position(
    start: int, stop: int, columns: Array, values: Array, mean: Array, loadings: Array, noise: Array
) -> tuple[float, float, float, float, float]:
    a, b, c = 1.0, 1.0, 0.0  # the precision of a position: [[a, c], [c, b]]
    p = q = 0.0
    for place in range(start, stop):
        j = columns[place]
        x, y = loadings[j, 0], loadings[j, 1]
        inverse = 1.0 / noise[j]
        away = (values[place] - mean[j]) * inverse
        a += x * x * inverse
        b += y * y * inverse
        c += x * y * inverse
        p += x * away
        q += y * away
    whole = a * b - c * c
    xx, yy, xy = b / whole, a / whole, -c / whole
    return xx * p + xy * q, xy * p + yy * q, xx, yy, xy


@loop
def _placed(starts: Array, columns: Array, values: Array, mean: Array, loadings: Array, noise: Array) -> Array:
    found = real_table(len(starts) - 1, loadings.shape[1] + 3)
    for i in range(len(found)):
        x, y, xx, yy, xy = _position(starts[i], starts[i + 1], columns, values, mean, loadings, noise)
        found[i, 0], found[i, 1], found[i, 2], found[i, 3], found[i, 4] = x, y, xx, yy, xy
    return found


@loop
def _expected(
    starts: Array, columns: Array, values: Array, weights: Array, mean: Array, loadings: Array, noise: Array,
    grid: float,
) -> tuple[Array, Array]:  # fmt: skip
    """Weights, positions and their squares, summed over who disagreed, passed and agreed, and over all people."""
    mine, whole = np.zeros(6, np.int64), np.zeros(6, np.int64)
    sums = whole_table(3 * len(mean), len(mine))
    for i in range(len(starts) - 1):
        weight = weights[i]
        if weight == 0 or starts[i] == starts[i + 1]:
            continue
        x, y, xx, yy, xy = _position(starts[i], starts[i + 1], columns, values, mean, loadings, noise)
        mine[0] = weight
        mine[1], mine[2] = weight * np.int64(np.rint(x * grid)), weight * np.int64(np.rint(y * grid))
        mine[3] = weight * np.int64(np.rint((x * x + xx) * grid))
        mine[4] = weight * np.int64(np.rint((y * y + yy) * grid))
        mine[5] = weight * np.int64(np.rint((x * y + xy) * grid))
        for k in range(6):
            whole[k] += mine[k]
        for place in range(starts[i], starts[i + 1]):
            row = np.uint32(3 * columns[place] + values[place] + 1)
            for k in range(6):
                sums[row, k] += mine[k]
    return sums, whole


def _maximized(sums: Array, whole: Array, grid: float) -> Model:
    """The model under which the expected sums are likeliest; then positions are given variance one again."""
    disagree, _, agree = sums.transpose(1, 2, 0)
    n, *moments = sums.sum(axis=1).T
    x, y, xx, yy, xy = np.array(moments) / grid
    v, vx, vy = (agree - disagree)[:3]
    vx, vy, vv = vx / grid, vy / grid, agree[0] + disagree[0]
    empty = n == 0
    ones = np.where(empty, 1.0, n)
    left = np.zeros((len(n), 3, 3))
    left[:, 0] = np.stack([ones, x, y], axis=1)
    left[:, 1] = np.stack([x, xx + RIDGE, xy], axis=1)
    left[:, 2] = np.stack([y, xy, yy + RIDGE], axis=1)
    right = np.stack([v, vx, vy], axis=1)
    found = _solved(left, right)
    rest = vv - (found * right).sum(axis=1)
    pooled = rest.sum() / max(n.sum(), 1)
    noise = np.maximum((rest + 4 * pooled) / (n + 4), LEAST_NOISE)
    means = whole[1:3] / grid / whole[0]
    spread = np.array([[whole[3], whole[5]], [whole[5], whole[4]]]) / grid / whole[0] - np.outer(means, means)
    a = np.sqrt(spread[0, 0])
    b = spread[1, 0] / a
    root = np.array([[a, 0.0], [b, np.sqrt(max(spread[1, 1] - b * b, 1e-12))]])
    loadings = found[:, 1:]
    mean = found[:, 0] + loadings[:, 0] * means[0] + loadings[:, 1] * means[1]
    turned_by = np.stack(
        [loadings[:, 0] * root[0, 0] + loadings[:, 1] * root[1, 0], loadings[:, 1] * root[1, 1]], axis=1
    )
    return Model(np.where(empty, 0.0, mean), np.where(empty[:, None], 0.0, turned_by), noise)


def _solved(left: Array, right: Array) -> Array:
    """Many systems of three symmetric equations, by Cholesky, written out."""
    a = np.sqrt(left[:, 0, 0])
    b, c = left[:, 1, 0] / a, left[:, 2, 0] / a
    d = np.sqrt(np.maximum(left[:, 1, 1] - b * b, 1e-12))
    e = (left[:, 2, 1] - b * c) / d
    f = np.sqrt(np.maximum(left[:, 2, 2] - c * c - e * e, 1e-12))
    p = right[:, 0] / a
    q = (right[:, 1] - b * p) / d
    r = (right[:, 2] - c * p - e * q) / f
    z = r / f
    y = (q - e * z) / d
    x = (p - b * y - c * z) / a
    return np.stack([x, y, z], axis=1)


def turned(model: Model) -> Model:
    """The same model with its factors at right angles, the strongest first, the largest loading of each positive."""
    loadings = model.loadings
    inner = axes.inner(loadings.T, loadings.T)
    angle = 0.5 * np.arctan2(2 * inner[0, 1], inner[0, 0] - inner[1, 1])
    cosine, sine = np.cos(angle), np.sin(angle)
    first = loadings[:, 0] * cosine + loadings[:, 1] * sine
    second = loadings[:, 1] * cosine - loadings[:, 0] * sine
    turned_to = np.stack([first, second], axis=1)
    if len(turned_to):
        largest = (abs(turned_to) >= abs(turned_to).max(axis=0) * (1 - 1e-9)).argmax(axis=0)
        turned_to = turned_to * np.where(turned_to[largest, [0, 1]] < 0, -1.0, 1.0)
    return Model(model.mean, turned_to, model.noise)
