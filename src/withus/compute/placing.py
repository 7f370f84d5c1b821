"""Where one person stands on a published map, and how unsure that is: from her votes and the map's model alone.

The same formula as for all of them together (docs/methods/opinion-map.md), for one, without loading any of it.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot, sqrt

Model = Sequence[Sequence[float]]  # of each statement its number, mean, two loadings, noise
SIDE, STEP = 300, 15  # of the picture, and in which one's own place is told


@dataclass(frozen=True)
class Place:
    """A position; half axes and turn (degrees) of its ellipse, one standard error; on how many votes it rests."""

    x: float
    y: float
    wide: float
    tall: float
    turn: float
    votes: int


def ellipse(answered: Container[int], model: Model) -> tuple[float, float, float]:
    """How unsure a place is after answers to these statements: variance of x, of y, covariance."""
    a, b, c = 1.0, 1.0, 0.0  # the precision [[a, c], [c, b]]
    for statement, _, x, y, noise in model:
        if statement in answered:
            a, b, c = a + x * x / noise, b + y * y / noise, c + x * y / noise
    whole = a * b - c * c
    return b / whole, a / whole, -c / whole


def place(own: Mapping[int, int], model: Model) -> Place:
    """The likeliest place of whoever voted so."""
    xx, yy, xy = ellipse(own, model)
    p, q, count = 0.0, 0.0, 0
    for statement, mean, x, y, noise in model:
        if statement in own:
            away = (own[int(statement)] - mean) / noise
            p, q, count = p + x * away, q + y * away, count + 1
    middle, half = (xx + yy) / 2, hypot((xx - yy) / 2, xy)
    return Place(
        xx * p + xy * q, xy * p + yy * q, sqrt(middle + half), sqrt(max(middle - half, 0)),
        degrees(atan2(2 * xy, xx - yy)) / 2, count,
    )  # fmt: skip


def nearest(x: float, y: float, centers: Sequence[Sequence[float]]) -> int:
    """The group whose middle is nearest; the first of equals."""
    return min(range(len(centers)), key=lambda group: hypot(x - centers[group][0], y - centers[group][1]))
