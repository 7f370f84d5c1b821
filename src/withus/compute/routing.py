"""Which statement comes next: the one whose answer helps most, for what is known of all and for the person's place.

Plain Python, for one person, without loading anything (docs/methods/opinion-map.md, 9). What an answer is worth, for
each statement that she has not answered:

    for everybody   how much the interval of its share narrows by one more vote, after the votes that are published
    for her place   how much her ellipse shrinks, ½·log(1 + loadings · ellipse · loadings ÷ noise)

Both are divided by their largest value, and added. Each statement is drawn with the square of this, by the person's own
seed, so that none is always first. How many agree plays no part: what is disliked is not hidden.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from hashlib import blake2b
from math import log, log1p, sqrt

from withus.compute.placing import Model, ellipse

LEAST = 0.02  # what is added, so that even the least helpful statement comes
_MOST = 2**64


def next_statement(
    left: Iterable[int], answered: Container[int], heard: Mapping[int, int], model: Model, seed: bytes
) -> int | None:
    """The statement (by number) to show next of those that are left; None if none is.

    `heard`: published votes, none where it is silent; `model`: a map's, as in `placing`, or empty. Without a map the
    statement with the fewest published votes comes next. The same for the same seed, and until something changes.
    """
    numbers = sorted(left)
    if not model:
        return min(numbers, key=lambda one: (heard.get(one, 0), lot(seed, one)), default=None)
    weights = worth(numbers, answered, heard, model)
    return min(numbers, key=lambda one: -log(lot(seed, one)) / weights[one], default=None)


def worth(left: Sequence[int], answered: Container[int], heard: Mapping[int, int], model: Model) -> dict[int, float]:
    """What an answer to each statement that is left is worth: the chance to come next, but for one factor."""
    if not left:
        return {}
    width = [_narrows(heard.get(one, 0)) for one in left]
    telling = _telling(left, answered, model)
    whole = [one + other for one, other in zip(_scaled(width), _scaled(telling), strict=True)]
    return {one: LEAST + (1 - LEAST) * share * share for one, share in zip(left, _scaled(whole), strict=True)}


def lot(seed: bytes, statement: int) -> float:
    """A number over 0 and up to 1 that this seed gives the statement for good; random to whoever has not the seed."""
    return (int.from_bytes(blake2b(str(statement).encode(), key=seed, digest_size=8).digest()) + 1) / _MOST


def _narrows(votes: int) -> float:
    return 1 / sqrt(votes + 1) - 1 / sqrt(votes + 2)


def _telling(left: Sequence[int], answered: Container[int], model: Model) -> list[float]:
    """How much of her place each would tell; of what is not on the map yet, as much as a middling one."""
    xx, yy, xy = ellipse(answered, model)
    wanted = set(left)
    known = {
        int(one): 0.5 * log1p((x * x * xx + y * y * yy + 2 * x * y * xy) / noise)
        for one, _, x, y, noise in model
        if one in wanted
    }
    middling = sum(known.values()) / max(len(known), 1)
    return [known.get(one, middling) for one in left]


def _scaled(values: Sequence[float]) -> list[float]:
    most = max(max(values), 1e-300)
    return [value / most for value in values]
