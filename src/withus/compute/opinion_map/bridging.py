"""Bridging score: what is liked also by people who usually disagree (Community Notes' objective, Wojcik et al. 2022).

    like = base + of the person + of the statement + stand of the person × stand of the statement

with like = 1 for agree, ½ for pass, 0 for disagree. The score is the statement's own part, after the stands have taken
what is explained by who usually agrees with whom. Solved by alternating least squares: each step is exact.
"""

from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map.agreement import counted, wilson_low
from withus.compute.opinion_map.compiled import Array, loop, real_table, whole_table
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.factors import SAMPLE
from withus.compute.opinion_map.results import NOBODY

OWN, STANDS = 0.15, 0.03  # how much the parts of one's own, and the stands, are held back
MORE = 0.5  # of those who agree or disagree: what agree more than, surely, on each side
MOST_ROUNDS = 60
STILL = 1e-6  # the part of the objective that a round must still win
_GRID, _COARSE = 2.0**34, 2.0**10


@dataclass(frozen=True, eq=False)
class Bridging:
    """For each statement its score (own part) and stand, for each person likewise; rounds and objective it took."""

    score: Array
    stand: Array
    base: float
    person_own: Array
    person_stand: Array
    objective: float
    rounds: int


def bridging(votes: Conversation, stands: Array, rounds: int = MOST_ROUNDS, start: Bridging | None = None) -> Bridging:
    """The scores. `stands`: where to begin, one number for each statement (the first axis)."""
    if start is None and votes.people > 2 * SAMPLE:
        start = bridging(votes.sample(SAMPLE), stands, rounds)
    size = max(np.sqrt(float((stands**2).mean())), 1e-12) if len(stands) else 1.0
    own = np.zeros(votes.statements) if start is None else start.score
    stand = stands / size * 0.5 if start is None else start.stand
    scale, before, done = votes.cast, np.inf, 0
    agree, disagree, counts = votes.tallies.T
    likes = (agree - disagree + counts) / 2
    base = float(likes.sum() / scale) if start is None else start.base
    people = np.array([OWN, STANDS]) * scale / votes.people
    statements = np.array([OWN, STANDS]) * scale / votes.statements
    while True:
        sums, error = votes.total(_summed, base, own, stand, people, _GRID)
        held = statements[0] * (own**2).sum() + statements[1] * (stand**2).sum() + scale * OWN * base**2
        objective = float((error * _COARSE / _GRID + held) / scale)
        if done == rounds or before - objective < STILL * objective:
            found = votes.each(_people, base, own, stand, people)
            return Bridging(own, stand, base, found[:, 0], found[:, 1], objective, done)
        before, done = objective, done + 1
        own, stand, base = _statements(sums / _GRID, likes, counts, base, statements)


def liked_on_both_sides(votes: Conversation, found: Bridging) -> tuple[Array, Array, Array]:
    """Whether surely (90 %) more agree than disagree, among those of the one stand and among those of the other.

    And how many agree of those who do either, on each side; and how many these are, on the side with fewer of them.
    """
    sides = np.where(found.person_stand == 0, NOBODY, (found.person_stand > 0).astype(np.int32))
    counts = counted(votes, sides, 2)
    either = counts.agree + counts.disagree
    liked = (wilson_low(counts.agree, either) > MORE).all(axis=0)
    return np.asarray(liked), counts.agree / np.maximum(either, 1), np.asarray(either.min(axis=0))


@loop
def _best(
    start: int, stop: int, columns: Array, values: Array, base: float, own: Array, stand: Array, hold: Array
) -> tuple[float, float, float]:
    """The best part and stand of a person with these votes, and what is left, her held parts included."""
    n, sf, sff, sr, srf, srr = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for place in range(start, stop):
        j = columns[place]
        rest = 0.5 + 0.5 * values[place] - base - own[j]
        n += 1.0
        sf += stand[j]
        sff += stand[j] * stand[j]
        sr += rest
        srf += rest * stand[j]
        srr += rest * rest
    a, b = n + hold[0], sff + hold[1]
    whole = a * b - sf * sf
    part, place_of = (b * sr - sf * srf) / whole, (a * srf - sf * sr) / whole
    return part, place_of, srr - part * sr - place_of * srf


@loop
def _people(
    starts: Array, columns: Array, values: Array, base: float, own: Array, stand: Array, hold: Array
) -> Array:  # fmt: skip
    """The best part and stand of each person."""
    found = real_table(len(starts) - 1, len(hold))
    for i in range(len(found)):
        found[i, 0], found[i, 1], _ = _best(starts[i], starts[i + 1], columns, values, base, own, stand, hold)
    return found


@loop
def _summed(
    starts: Array, columns: Array, values: Array, base: float, own: Array, stand: Array, hold: Array, grid: float
) -> tuple[Array, np.int64]:  # fmt: skip
    """The sums over people that statements need, and over all what is left."""
    sums, error = whole_table(len(own), len(hold) + 3), np.int64(0)
    for i in range(len(starts) - 1):
        part, place_of, rest = _best(starts[i], starts[i + 1], columns, values, base, own, stand, hold)
        error += np.int64(np.rint(rest * grid / _COARSE))
        one, two = np.int64(np.rint(part * grid)), np.int64(np.rint(place_of * grid))
        three, four = np.int64(np.rint(place_of * place_of * grid)), np.int64(np.rint(part * place_of * grid))
        for place in range(starts[i], starts[i + 1]):
            j = columns[place]
            sums[j, 0] += one
            sums[j, 1] += two
            sums[j, 2] += three
            sums[j, 3] += four
            sums[j, 4] += (1 + np.int64(values[place])) * two
    return sums, error


def _statements(sums: Array, likes: Array, counts: Array, base: float, hold: Array) -> tuple[Array, Array, float]:
    """The best part and stand of each statement, given the people's; then the base, given both."""
    own_sum, stand_sum, squares, products, liked = sums.T
    free = likes - own_sum
    rest, rest_stand = free - base * counts, liked / 2 - base * stand_sum - products
    a, b = counts + hold[0], squares + hold[1]
    whole = a * b - stand_sum**2
    own = (b * rest - stand_sum * rest_stand) / whole
    stand = (a * rest_stand - stand_sum * rest) / whole
    left = free - own * counts - stand * stand_sum
    return own, stand, float(left.sum() / (counts.sum() * (1 + OWN)))
