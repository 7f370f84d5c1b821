"""What all groups agree on: counts by group, and floors that say how sure it is (docs/methods/opinion-map.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.machine import bare
from withus.compute.opinion_map.results import NOBODY, Agreed
from withus.compute.suppression import Z_90

SMALLEST = 7  # people; and one in twenty of those in groups: a smaller group is not counted in a floor, unless it
SMALLEST_SHARE = 20  # has so many people and surely fewer than half of them say so (`_bounds`)


@dataclass(frozen=True, eq=False)
class Counts:
    """Votes by group and statement (groups × statements), each an integer table."""

    agree: Array
    disagree: Array
    voted: Array

    def of(self, chosen: Array) -> "Counts":
        """Those of some groups (booleans)."""
        return Counts(self.agree[chosen], self.disagree[chosen], self.voted[chosen])


def counted(votes: Conversation, group_of: Array, groups: int) -> Counts:
    """The votes of each group; people in no group are left out."""
    tables = votes.total(_counted, groups, votes.statements, by_person=(group_of.astype(np.int32),))
    disagree, passed, agree = tables.reshape(groups, 3, votes.statements).swapaxes(0, 1)
    return Counts(agree, disagree, agree + disagree + passed)


def of_everybody(votes: Conversation) -> Counts:
    """The votes of all people as one group."""
    return Counts(*votes.tallies.T[:, None])


def _counted(starts: Array, columns: Array, values: Array, group_of: Array, groups: int, statements: int) -> Array:
    tables = np.zeros((3 * groups, statements), np.int64)
    _count(starts, columns, values, group_of, tables)
    return tables


@bare
def _count(starts: Array, columns: Array, values: Array, group_of: Array, tables: Array) -> None:
    for i in range(len(group_of)):
        if group_of[i] < 0:
            continue
        for place in range(starts[i], starts[i + 1]):
            tables[3 * group_of[i] + values[place] + 1, columns[place]] += 1


def wilson_low(count: Array, n: Array, z: float = Z_90) -> Array:
    """The lower bound of shares, one-sided 90 % as elsewhere; 0 where nobody voted."""
    known = np.maximum(n, 1)
    share, square = count / known, z * z
    low = (share + square / (2 * known) - z * np.sqrt((share * (1 - share) + square / (4 * known)) / known)) / (
        1 + square / known
    )
    return np.where(n > 0, np.maximum(low, 0), 0)


def group_aware(counts: Counts) -> Array:
    """Polis' group-aware consensus: the product over the groups of (agree + 1) ÷ (voted + 2)."""
    return np.asarray(np.prod((counts.agree + 1) / (counts.voted + 2), axis=0))


def floors(counts: Counts, sizes: Array, light: bool = True) -> Array:
    """The lower bound of the least-agreeing group of those that count (`light`: see `_bounds`)."""
    return _least(counts.agree, counts.voted, sizes, light)


def _least(said: Array, voted: Array, sizes: Array, light: bool) -> Array:
    return np.asarray(_bounds(said, voted, sizes, light).min(axis=0))


def heavy_enough(sizes: Array) -> Array:
    """Which groups are large enough to be counted in every floor; all that have people, if none is."""
    heavy = sizes >= max(SMALLEST, -(-int(sizes.sum()) // SMALLEST_SHARE))
    return np.asarray(heavy if heavy.any() else sizes > 0)


def uncounted(sizes: Sequence[int]) -> list[int]:
    """The groups that are too small for that: they count only where surely fewer than half of them agree."""
    return np.flatnonzero(~heavy_enough(np.array(sizes))).tolist() if len(sizes) else []


def _bounds(said: Array, voted: Array, sizes: Array, light: bool) -> Array:
    """The lower bounds of each group's shares (groups × statements), 1 where the group does not count in the floor.

    What a group surely does not say is not said by every group, however few people it has. Without `light` those who
    are not heavy enough never count, as in seals of form 3.
    """
    lows, heavy = wilson_low(said, voted), heavy_enough(sizes)
    for group in np.flatnonzero(~heavy).tolist():
        is_heard = light and sizes[group] >= SMALLEST
        surely_not = is_heard & (wilson_low(voted[group] - said[group], voted[group]) > 1 / 2)
        lows[group] = np.where(surely_not, lows[group], 1)
    return lows


def ranked(counts: Counts, sizes: Array, statement_ids: Array, shown: Array, light: bool = True) -> tuple[Array, Array]:
    """The shown statements (booleans) as indices, highest floor first, and all floors: the list, from counts alone.

    Counts can be kept up vote by vote, so this is what a page asks for after each.
    """
    low = floors(counts, sizes, light)
    order = np.lexsort((statement_ids, -np.round(low, 6)))
    return order[shown[order]], low


def agreement(
    votes: Conversation, group_of: Array, groups: int, shown: Array, light: bool = True
) -> tuple[Agreed, ...]:
    """All shown statements (booleans), highest floor first. Without groups, over all people as one."""
    everybody = of_everybody(votes)
    by_group = counted(votes, group_of, groups) if groups > 1 else everybody
    sizes = np.bincount(group_of[group_of != NOBODY], minlength=groups)
    return listed(by_group, everybody, sizes, votes.statement_ids, shown, light)


def listed(
    by_group: Counts, everybody: Counts, sizes: Array, statement_ids: Array, shown: Array, light: bool = True
) -> tuple[Agreed, ...]:
    """The same from counts alone: no vote is looked at, so it is made anew in less than a millisecond."""
    has_groups = len(sizes) > 1
    by_group, sizes = (by_group, sizes) if has_groups else (everybody, np.ones(1))
    order, low = ranked(by_group, sizes, statement_ids, shown, light)
    against = _least(by_group.disagree, by_group.voted, sizes, light)
    product = group_aware(by_group)[order].tolist()
    agree, disagree, voted = (counts[0, order] for counts in (everybody.agree, everybody.disagree, everybody.voted))
    without = _without_each(by_group, sizes, light)[:, order].T.tolist() if has_groups else [()] * len(order)
    columns = (statement_ids[order], low[order], against[order], agree, disagree, voted - agree - disagree)
    ids, floor, *rest = (column.tolist() for column in columns)
    mean = [one ** (1 / len(sizes)) for one in product]  # not by numpy, whose last bit depends on the processor
    return tuple(map(Agreed._make, zip(ids, floor, product, mean, *rest, map(tuple, without), strict=True)))


def floors_left(counts: Counts, sizes: Array, left: Array, light: bool = True) -> Array:
    """The floors of the groups that are left (booleans) when people are; who is heavy is judged by the sizes of all.

    Where none is left that always counts, all that are left do.
    """
    return _left(_bounds(counts.agree, counts.voted, sizes, light), counts, sizes, left)


def _left(bounds: Array, counts: Counts, sizes: Array, left: Array) -> Array:
    heard = bounds[left] if heavy_enough(sizes)[left].any() else wilson_low(counts.agree[left], counts.voted[left])
    return np.asarray(heard.min(axis=0))


def _without_each(counts: Counts, sizes: Array, light: bool) -> Array:
    """The floors with each group left out (groups × statements)."""
    bounds, each = _bounds(counts.agree, counts.voted, sizes, light), np.arange(len(sizes))
    return np.array([_left(bounds, counts, sizes, each != group) for group in each])
