"""Random numbers that depend on a seed and on nothing else: not on the machine, nor on any library's version."""

import numpy as np

from withus.compute.opinion_map.compiled import Array, loop

_STEP = np.uint64(0x9E3779B97F4A7C15)
MOVED = 8  # a statement asks at most this part of a curve farther along in an invented crowd
_ONE, _TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@loop
def mixed(number: np.uint64) -> np.uint64:
    """A well-mixed 64-bit number from another (SplitMix64: Steele, Lea and Flood 2014)."""
    z = number + _STEP
    z = (z ^ (z >> np.uint64(30))) * _ONE
    z = (z ^ (z >> np.uint64(27))) * _TWO
    return z ^ (z >> np.uint64(31))


@loop
def seeded(seed: int, purpose: int, number: int) -> np.uint64:
    """Where a run of random numbers begins."""
    return mixed(mixed(mixed(np.uint64(seed)) + np.uint64(purpose)) + np.uint64(number))


@loop
def below(state: np.uint64, most: int) -> int:
    """A whole number from 0 to most − 1, by multiplication of the upper half."""
    return int(((state >> np.uint64(32)) * np.uint64(most)) >> np.uint64(32))


@loop
def share(state: np.uint64) -> float:
    """A number from 0 to just under 1."""
    return float(state >> np.uint64(11)) / 9007199254740992.0


@loop
def dealt(columns: Array, left: Array, seed: int, number: int) -> tuple[Array, Array]:
    """A vote for each place, drawn from what its statement has left (agree, disagree, all); and what is left then.

    Drawn one after the other without replacement: each order of a statement's votes is as likely as any other.
    """
    made, left = np.empty(len(columns), np.int8), left.copy()
    keys = np.empty(len(left), np.uint64)
    for column in range(len(keys)):
        keys[column] = seeded(seed, 1, number) ^ mixed(np.uint64(column))
    for place in range(len(columns)):
        j = columns[place]
        drawn = below(mixed(keys[j] + np.uint64(left[j, 2]) * _STEP), left[j, 2])
        is_yes, is_no = np.int64(drawn < left[j, 0]), np.int64(drawn >= left[j, 2] - left[j, 1])
        made[place] = is_yes - is_no
        left[j, 0] -= is_yes
        left[j, 1] -= is_no
        left[j, 2] -= 1
    return made, left


@loop
def spread_evenly(state: np.uint64) -> tuple[float, float]:
    """A place drawn from a disc of which each part is as likely; along each direction its variance is one."""
    away = 2.0 * np.sqrt(share(mixed(state)))
    turn = 2.0 * np.pi * share(mixed(mixed(state)))
    return away * np.cos(turn), away * np.sin(turn)


@loop
def invented(
    starts: Array, columns: Array, participant_ids: Array, statement_ids: Array, leanings: Array, normal: Array,
    seed: int, number: int,
) -> Array:  # fmt: skip
    """A vote for each place, of people spread evenly over one cloud; ids alone decide it.

    `leanings`: as `one_cloud` gives them, for each place on a curve on which people are spread evenly (`curves`).
    """
    made, moved, most = np.empty(len(columns), np.int8), np.empty(len(statement_ids), np.int64), len(leanings) // MOVED
    for j in range(len(moved)):
        moved[j] = below(mixed(seeded(seed, 6, number) ^ mixed(np.uint64(statement_ids[j]))), 2 * most + 1) - most
    for i in range(len(participant_ids)):
        own = mixed(seeded(seed, 5, number) + np.uint64(participant_ids[i]))
        x, y = spread_evenly(own)
        own_place = below(mixed(own), len(leanings))
        for place in range(starts[i], starts[i + 1]):
            j = columns[place]
            chance = normal[below(mixed(own ^ mixed(np.uint64(statement_ids[j]))), len(normal))]
            at = min(max(own_place + moved[j], 0), len(leanings) - 1)
            lean = leanings[at, j, 2] * x + leanings[at, j, 3] * y + leanings[at, j, 4] * chance
            made[place] = np.int8(lean > leanings[at, j, 1]) - np.int8(lean < leanings[at, j, 0])
    return made


@loop
def drawn_again(people: int, seed: int, number: int) -> Array:
    """How often each person is drawn when as many as there are are drawn with replacement."""
    times = np.zeros(people, np.int64)
    state = seeded(seed, 2, number)
    for _ in range(people):
        state = mixed(state)
        times[below(state, people)] += 1
    return times
