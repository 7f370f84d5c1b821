"""The bridging score's objective by descent, as Community Notes climbs it: all votes at once, Adam, a fixed stop.

Their program cannot be installed from a registry; this is its objective and its way, in numpy, so that both what is
reached and what an epoch costs can be seen in the same run.
"""

from typing import Any

import numpy as np

from withus.compute.opinion_map import Votes
from withus.compute.opinion_map.bridging import OWN, STANDS

RATE, STILL, MOST = 0.2, 1e-7, 300  # their first learning rate, and the change of the loss at which they stop


def descended(votes: Votes, seed: int = 0) -> tuple[float, int]:
    """The objective that descent reaches, and how many epochs it took."""
    dice = np.random.default_rng(seed)
    people, statements = votes.people, votes.statements
    held = {"base": OWN, "own": OWN, "part": OWN, "stand": STANDS, "place": STANDS}
    sizes = {"base": 1, "own": people, "part": statements, "stand": people, "place": statements}
    now = {name: dice.normal(0, 0.1 if name in ("stand", "place") else 0, size) for name, size in sizes.items()}
    first, second = ({name: np.zeros(size) for name, size in sizes.items()} for _ in range(2))
    like, before = (votes.values + 1) / 2, np.inf
    for epoch in range(1, MOST + 1):
        loss, slopes = _slopes(votes, like, now, held, sizes)
        if abs(before - loss) < STILL:
            return loss, epoch
        before = loss
        for name, slope in slopes.items():
            first[name] = 0.9 * first[name] + 0.1 * slope
            second[name] = 0.999 * second[name] + 0.001 * slope**2
            step = np.sqrt(second[name] / (1 - 0.999**epoch)) + 1e-8
            now[name] -= RATE * first[name] / (1 - 0.9**epoch) / step
    return before, MOST


def _slopes(votes: Votes, like: Any, now: Any, held: Any, sizes: Any) -> tuple[float, dict[str, Any]]:
    rows, columns, n = votes.rows, votes.columns, len(votes.values)
    stand, place = now["stand"][rows], now["place"][columns]
    rest = like - now["base"] - now["own"][rows] - now["part"][columns] - stand * place

    def summed(at: Any, weights: Any, name: str) -> Any:
        return -2 * np.bincount(at, weights, sizes[name]) / n + 2 * held[name] * now[name] / sizes[name]

    slopes = {
        "base": -2 * rest.mean(keepdims=True) + 2 * OWN * now["base"],
        "own": summed(rows, rest, "own"),
        "part": summed(columns, rest, "part"),
        "stand": summed(rows, rest * place, "stand"),
        "place": summed(columns, rest * stand, "place"),
    }
    return float((rest**2).mean() + sum(held[name] * (now[name] ** 2).mean() for name in now)), slopes
