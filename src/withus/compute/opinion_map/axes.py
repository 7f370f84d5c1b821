"""The two leading axes of a conversation, by passes over the votes; people × statements is never written out.

Sums over people are sums of whole numbers (what is summed is rounded to a fixed grid first), so they do not depend on
the order of people, on threads, or on how the people were split into shards.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map.compiled import Array, loop, real_table
from withus.compute.opinion_map.conversation import VOTED, Conversation
from withus.compute.opinion_map.machine import bare, in_one_piece

PRECISE, PRECISE_ENOUGH = 1e-13, 1e-7  # of the first eigenvalue: what may be left over, with few votes and with many
MANY = 1_000_000
MOST_STEPS = 200
_LONGEST, _KEPT = 26, 8  # vectors in the search, and after a restart
_BITS = 61


@dataclass(frozen=True, eq=False)
class Axes:
    """Directions (2 × statements) of length one, and how much the votes spread along each (sum of squares)."""

    directions: Array
    eigenvalues: Array


def means(votes: Conversation) -> Array:
    """The mean vote on each statement; 0 where nobody voted."""
    agree, disagree, voted = votes.tallies.T
    return np.asarray((agree - disagree) / np.maximum(voted, 1))


def leading(votes: Conversation, precise: float | None = None, start: Array | None = None) -> Axes:
    """The axes of the centered votes, missing ones being 0."""
    if precise is None:
        precise = PRECISE_ENOUGH if votes.cast > MANY else PRECISE
    return _krylov(_passing(votes), votes.tallies[:, VOTED] > 0, precise, start)


def strength(votes: Conversation, steps: int) -> float:
    """How much the votes spread along their first axis, after so many steps towards it."""
    return float(_krylov(_passing(votes), votes.tallies[:, VOTED] > 0, 0.0, None, steps).eigenvalues[0])


def _passing(votes: Conversation) -> Callable[[Array], Array]:
    """What turns two vectors into the matrix of co-moments times them, by a pass over the votes."""
    mean, grid = means(votes), _grid(votes)

    def apply(block: Array) -> Array:
        sums = votes.total(_there_and_back, mean, np.ascontiguousarray(block.T), grid).reshape(-1, 3, 2)
        return np.asarray((sums[:, 2] - sums[:, 0] - mean[:, None] * sums.sum(axis=1)).T / grid)

    return apply


def of_matrix(matrix: Array, precise: float = PRECISE) -> Axes:
    """The axes from the matrix of co-moments: the same, without the votes."""

    def apply(block: Array) -> Array:
        return _times(matrix, block)

    return _krylov(apply, np.diag(matrix) > 0, precise, None)


def _grid(votes: Conversation) -> float:
    """How fine positions may be told apart so that no sum passes 2^61; a power of two."""
    farthest = 2.0 * np.sqrt(float(votes.lengths.max(initial=1)))
    most = max(1, int(votes.tallies[:, VOTED].max(initial=1)))
    return float(2.0 ** np.floor(_BITS - np.log2(farthest * most)))


def _there_and_back(starts: Array, columns: Array, values: Array, mean: Array, block: Array, grid: float) -> Array:
    """For two vectors: Σ y over those who disagreed, passed and agreed, where y are the people's positions."""
    parts, sums = np.empty((3 * len(mean), 2)), np.zeros((3 * len(mean), 2), np.int64)
    _pass(starts, columns, values, mean, block, grid, parts, sums)
    return sums


@bare
def _pass(
    starts: Array, columns: Array, values: Array, mean: Array, block: Array, grid: float, parts: Array, sums: Array
) -> None:
    for j in range(len(mean)):
        for vote in range(3):
            for k in range(2):
                parts[3 * j + vote, k] = (vote - 1) * block[j, k] - mean[j] * block[j, k]
    for i in range(len(starts) - 1):
        first = second = 0.0
        for place in range(starts[i], starts[i + 1]):
            row = np.uint32(3 * columns[place] + values[place] + 1)
            first += parts[row, 0]
            second += parts[row, 1]
        one, two = np.int64(np.rint(first * grid)), np.int64(np.rint(second * grid))
        for place in range(starts[i], starts[i + 1]):
            row = np.uint32(3 * columns[place] + values[place] + 1)
            sums[row, 0] += one
            sums[row, 1] += two


@loop
def _times(matrix: Array, block: Array) -> Array:
    """matrix · blockᵀ for two vectors, summed in one order."""
    size = len(matrix)
    product = real_table(len(block), size)
    for row in range(size):
        first = second = 0.0
        for column in range(size):
            first += matrix[row, column] * block[0, column]
            second += matrix[row, column] * block[1, column]
        product[0, row], product[1, row] = first, second
    return product


def _krylov(
    apply: Callable[[Array], Array], live: Array, precise: float, start: Array | None, steps: int = MOST_STEPS
) -> Axes:
    """Block Lanczos with two vectors, full orthogonalization and thick restarts (Wu and Simon 2000)."""
    size, most = len(live), int(live.sum())
    basis, images = np.empty((0, size)), np.empty((0, size))
    block = _start(size, live) if start is None else start * live
    for _ in range(steps):
        block = _orthogonal(block, basis)
        basis = np.concatenate([basis, block])
        image = apply(np.concatenate([block, np.zeros((2 - len(block), size))]))[: len(block)]
        images = np.concatenate([images, image])
        values, vectors = eigen(inner(basis, images))
        found = _combined(vectors[:, :2], basis)
        misses = _combined(vectors[:, :2], images) - values[:2, None] * found
        length = np.sqrt((misses**2).sum(axis=1)).max(initial=0)
        is_close = length <= precise * abs(values).max(initial=1e-300)
        if (is_close and len(found) == min(2, most)) or len(basis) >= most or len(block) == 0:
            break
        if len(basis) >= _LONGEST:
            basis, images = _combined(vectors[:, :_KEPT], basis), _combined(vectors[:, :_KEPT], images)
        block = misses
    return _signed(found, np.maximum(values[:2], 0))


def eigen(matrix: Array) -> tuple[Array, Array]:
    """Eigenvalues of a small symmetric matrix, largest first, and its vectors as columns (Jacobi's rotations)."""
    left, vectors = in_one_piece((matrix + matrix.T) / 2), np.eye(len(matrix))
    _rotate(left, vectors)
    values = np.diag(left)
    order = np.argsort(-values, kind="stable")
    return values[order], vectors[:, order]


@bare
def _rotate(left: Array, vectors: Array) -> None:
    """Makes `left` diagonal, and its vectors the columns of the other."""
    size, whole = len(left), 0.0
    for row in range(size):
        for column in range(size):
            whole += left[row, column] ** 2
    for _ in range(60):
        rest = 0.0
        for row in range(size):
            for column in range(row):
                rest += left[row, column] ** 2
        if rest <= 1e-32 * whole:
            break
        for p in range(size):
            for q in range(p + 1, size):
                if left[p, q] == 0.0:
                    continue
                turn = (left[q, q] - left[p, p]) / (2 * left[p, q])
                tangent = (1.0 if turn >= 0 else -1.0) / (abs(turn) + np.sqrt(turn * turn + 1))
                cosine = 1 / np.sqrt(tangent * tangent + 1)
                sine = tangent * cosine
                for k in range(size):
                    one, two = left[k, p], left[k, q]
                    left[k, p], left[k, q] = cosine * one - sine * two, sine * one + cosine * two
                for k in range(size):
                    one, two = left[p, k], left[q, k]
                    left[p, k], left[q, k] = cosine * one - sine * two, sine * one + cosine * two
                    one, two = vectors[k, p], vectors[k, q]
                    vectors[k, p], vectors[k, q] = cosine * one - sine * two, sine * one + cosine * two


def _start(size: int, live: Array) -> Array:
    """Two fixed vectors that are no axis of anything: the fractional parts of multiples of irrational numbers."""
    number = np.arange(1, size + 1)
    return np.stack([(number * 0.6180339887498949) % 1 - 0.5, (number * 0.4142135623730951) % 1 - 0.5]) * live


def inner(left: Array, right: Array) -> Array:
    """All inner products, summed in one order."""
    products = np.empty((len(left), len(right)))
    _inner(in_one_piece(left), in_one_piece(right), products)
    return products


@bare
def _inner(left: Array, right: Array, products: Array) -> None:
    for a in range(len(left)):
        for b in range(len(right)):
            total = 0.0
            for j in range(left.shape[1]):
                total += left[a, j] * right[b, j]
            products[a, b] = total


def _combined(weights: Array, rows: Array) -> Array:
    """Each column of `weights` as a sum of rows."""
    made = np.zeros((weights.shape[1], rows.shape[1]))
    _combine(in_one_piece(weights), in_one_piece(rows), made)
    return made


@bare
def _combine(weights: Array, rows: Array, made: Array) -> None:
    for k in range(weights.shape[1]):
        for a in range(len(rows)):
            for j in range(rows.shape[1]):
                made[k, j] += weights[a, k] * rows[a, j]


def _orthogonal(block: Array, basis: Array) -> Array:
    """The block at right angles to the basis and to itself, of length one; what is left of nothing is dropped."""
    held = len(basis)
    rows = np.concatenate([basis, np.zeros_like(block)])
    for vector in block:
        whole = np.sqrt((vector * vector).sum())
        rows[held] = vector
        length = _straightened(rows, held)
        held += bool(length > 1e-12 * whole and length > 0)
    return rows[len(basis) : held]


@bare
def _straightened(rows: Array, last: int) -> float:
    """Makes a row stand at right angles to those before it, and of length one; how long it was then."""
    size, length = rows.shape[1], 0.0
    for _ in range(3):
        for other in range(last):
            total = 0.0
            for j in range(size):
                total += rows[last, j] * rows[other, j]
            for j in range(size):
                rows[last, j] -= total * rows[other, j]
    for j in range(size):
        length += rows[last, j] ** 2
    length = length**0.5
    if length > 0:
        for j in range(size):
            rows[last, j] /= length
    return float(length)


def _signed(directions: Array, eigenvalues: Array) -> Axes:
    """Two axes, whose largest part (the first of equals) is positive; an axis that does not exist is zero."""
    size = directions.shape[1]
    directions = np.concatenate([directions, np.zeros((2 - len(directions), size))])
    eigenvalues = np.concatenate([eigenvalues, np.zeros(2 - len(eigenvalues))])
    directions[eigenvalues <= 1e-12 * max(eigenvalues.max(), 1e-300)] = 0
    if size:
        sizes = abs(directions)
        largest = (sizes >= sizes.max(axis=1, keepdims=True) * (1 - 1e-9)).argmax(axis=1)
        directions *= np.where(directions[[0, 1], largest] < 0, -1.0, 1.0)[:, None]
    return Axes(directions, eigenvalues)
