"""Crowds along a curve, for people whose votes follow one: in the order in which they lie on a line or a bow.

Who is asked whether a statement is near her, and not on which side of it she is, lies on a bow in two axes. Where the
edges of several statements meet people look thin on it, and crowded at its ends, without any gap among them. So a crowd
without a gap answers as people do who are near one another in that order, and where each statement is asked on the
curve is moved by chance (`dice.MOVED`): of a true gap, at which all statements change at once, nothing is left.
"""

from functools import cache

import numpy as np

from withus.compute.opinion_map.compiled import Array, loop, real_table, whole_table
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.factors import Model
from withus.compute.opinion_map.one_cloud import normal_numbers

PLACES = 32  # along the curve, with as many people each
AS_WELL = 1.03  # a curve foretells votes as well if its squared errors are not more than those of two axes by this
_NEAR = 0.6  # places: the width of the bell over those that count as near
_ROUNDS = 2  # in which people move to where on the curve their answers are likelier
_GRID = 2.0**20


def leanings(votes: Conversation, model: Model, positions: Array) -> Array | None:
    """For each place on the curve and each statement what `one_cloud.leanings` gives; None if two axes fit better."""
    orders = _orders(positions[votes.taking_part])
    placed, near = max((_settled(votes, order) for order in orders), key=lambda one: -_missed(votes, *one))
    flat = votes.total(_flat_errors, model.mean, model.loadings, _GRID, by_person=(positions, placed))
    if _missed(votes, placed, near) > AS_WELL * flat:
        return None
    shares = _shares(near)
    normal = np.array([-np.inf, *normal_numbers(), np.inf])
    steps = np.rint(shares * (len(normal) - 2)).astype(np.int64)
    made = np.zeros((*shares.shape[:2], 5))
    made[:, :, 0], made[:, :, 1] = normal[steps[:, :, 0] + 1], normal[len(normal) - 2 - steps[:, :, 2]]
    made[:, :, 4] = 1.0
    return made


def _orders(points: Array) -> list[Array]:
    """People along the first axis; and round their middle, from where the circle is widest open."""
    x, y = (points - points.mean(axis=0)).T
    turns = np.arctan2(y, x)
    circle = np.argsort(turns, kind="stable")
    opening = np.diff(turns[circle], append=turns[circle[0]] + 2 * np.pi)
    return [np.argsort(x, kind="stable"), np.roll(circle, -1 - int(np.argmax(opening)))]


def _settled(votes: Conversation, order: Array) -> tuple[Array, Array]:
    """Everybody's place (-1 for who takes no part) after some moved; and how those near each place answered."""
    placed = _placed(votes, order)
    near = _near(votes, placed)
    for _ in range(_ROUNDS):
        likely = votes.each(_likely, np.log(np.maximum(_shares(near), 1e-3)))[votes.taking_part]
        placed = _placed(votes, np.argsort(np.round(likely, 9), kind="stable"))
        near = _near(votes, placed)
    return placed, near


def _placed(votes: Conversation, order: Array) -> Array:
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order)) * PLACES // max(len(order), 1)
    placed = np.full(votes.people, -1, np.int64)
    placed[votes.taking_part] = ranks
    return placed


def _near(votes: Conversation, placed: Array) -> Array:
    """For each place and statement how many near it disagree, pass and agree, and one more as all people do."""
    counts = votes.total(_counted, votes.statements, PLACES, by_person=(placed,))
    counts = counts.reshape(PLACES, votes.statements, 3).astype(np.float64)
    near = np.einsum("pq,qsk->psk", _bell(), counts)
    return np.asarray(near + _shares(counts.sum(axis=0)))


def _shares(counts: Array) -> Array:
    return np.asarray(counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1e-9))


def _missed(votes: Conversation, placed: Array, near: Array) -> int:
    return int(votes.total(_curved_errors, near, _GRID, by_person=(placed,)))


@loop
def _counted(starts: Array, columns: Array, values: Array, placed: Array, statements: int, places: int) -> Array:
    made = whole_table(places * statements, 3)
    for i in range(len(placed)):
        if placed[i] >= 0:
            for at in range(starts[i], starts[i + 1]):
                made[placed[i] * statements + columns[at], values[at] + 1] += 1
    return made


@loop
def _likely(starts: Array, columns: Array, values: Array, logs: Array) -> Array:
    """Where on the curve each person is likely to be."""
    made: Array = real_table(1, len(starts) - 1)[0]
    fits = real_table(1, len(logs))[0]
    for i in range(len(made)):
        fits[:] = 0.0
        for at in range(starts[i], starts[i + 1]):
            for place in range(len(logs)):
                fits[place] += logs[place, columns[at], values[at] + 1]
        most, whole = fits.max(), 0.0
        for place in range(len(logs)):
            weight = np.exp(fits[place] - most)
            made[i] += weight * place
            whole += weight
        made[i] /= whole
    return made


@loop
def _curved_errors(
    starts: Array, columns: Array, values: Array, placed: Array, near: Array, grid: float
) -> np.int64:  # fmt: skip
    """The squares of what a place does not foretell of votes, by the answers of the others there."""
    total = np.int64(0)
    for i in range(len(placed)):
        if placed[i] >= 0:
            for at in range(starts[i], starts[i + 1]):
                disagree, skip, agree = near[placed[i], columns[at]]
                others = max(disagree + skip + agree - 1.0, 1e-9)
                away = values[at] - (agree - disagree - values[at]) / others
                total += np.int64(np.rint(min(away * away, 4.0) * grid))
    return total


@loop
def _flat_errors(
    starts: Array, columns: Array, values: Array, positions: Array, placed: Array, mean: Array, loadings: Array,
    grid: float,
) -> np.int64:  # fmt: skip
    """The same of the two axes."""
    total = np.int64(0)
    for i in range(len(placed)):
        if placed[i] >= 0:
            for at in range(starts[i], starts[i + 1]):
                j = columns[at]
                away = values[at] - mean[j] - loadings[j, 0] * positions[i, 0] - loadings[j, 1] * positions[i, 1]
                total += np.int64(np.rint(away * away * grid))
    return total


@cache
def _bell() -> Array:
    away = np.subtract.outer(np.arange(PLACES), np.arange(PLACES))
    return np.asarray(np.exp(-0.5 * (away / _NEAR) ** 2))
