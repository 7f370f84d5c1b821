"""Which statement comes next: the one whose answer helps most, for the floor of agreement and for the person's place.

What an answer is worth, for each statement that is open and that the person has not voted on:

    for everybody   how much the interval of its share narrows by one more vote, in the group that is least sure
    for her place   how much her ellipse shrinks, ½·log(1 + loadings · ellipse · loadings ÷ noise)

Both are divided by their largest value, and added. A draw with these weights, by seed and person, keeps any statement
from being always first; the weights never depend on how many agree, so what is disliked is not hidden.
"""

from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map import dice
from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.factors import Model

LEAST = 0.05  # the weight that even the least helpful statement keeps
UNSEEN_VOTES = 1.0  # a statement without votes counts as having had one


@dataclass(frozen=True, eq=False)
class Worth:
    """What one more answer is worth for each statement: to all, to this person's place, and together (0 to 1)."""

    to_all: Array
    to_place: Array
    together: Array


def worth(model: Model, ellipse: Array, group_votes: Array) -> Worth:
    """`ellipse`: variance of x, of y, covariance (1, 1, 0 for a newcomer); `group_votes`: groups × statements."""
    fewest = np.asarray(group_votes, np.float64).min(axis=0)
    width = 1 / np.sqrt(fewest + UNSEEN_VOTES) - 1 / np.sqrt(fewest + UNSEEN_VOTES + 1)
    xx, yy, xy = (float(one) for one in ellipse)
    x, y = model.loadings.T
    place = 0.5 * np.log1p((x * x * xx + y * y * yy + 2 * x * y * xy) / model.noise)
    together = _scaled(width) + _scaled(place)
    return Worth(width, place, _scaled(together))


def next_statement(found: Worth, open_to_her: Array, seed: int, person: int) -> int | None:
    """The statement (an index) to show next, among those open to her (booleans); None if none is left.

    The same for the same seed, person and votes; each open statement can come, the most helpful come first most often.
    """
    places = np.flatnonzero(open_to_her)
    if not len(places):
        return None
    weights = np.maximum(found.together[places], LEAST)
    sums = np.cumsum(weights)
    wanted = dice.one_share(seed, person, len(places)) * sums[-1]
    return int(places[min(int(np.searchsorted(sums, wanted, "right")), len(places) - 1)])


def _scaled(values: Array) -> Array:
    return np.asarray(values / max(float(values.max(initial=0)), 1e-300))
