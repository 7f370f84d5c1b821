"""Which counts of what people said may be shown, and when a published one may change (docs/methods/tallies.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

PUBLIC_FLOOR = 10
INSIDE_FLOOR = 5
PERCENT_FROM = 10
GROUP_CAP = (5, 95)  # percent: a group is never shown as "all" or "none"
Z_90 = 1.2815515655446004  # one-sided 90 %


@dataclass(frozen=True)
class Shown:
    """A row of counts as it may be published: None is "fewer than the floor"; `at_most` bounds a total not shown."""

    cells: Mapping[str, int | None]
    total: int | None
    at_most: int


@dataclass(frozen=True)
class Share:
    """A share with its one-sided 90 % lower bound, in percent; `n` is the number of votes that it is over."""

    percent: int
    low: float
    n: int
    is_at_least: bool


def shown(cells: Mapping[str, int], floor: int = PUBLIC_FLOOR) -> Shown:
    """The row without counts from 1 to `floor` − 1; the total goes with them, so that no subtraction gives them back.

    Each count held back may then still be anything from 1 to `floor` − 1 (a test tries every row). Zeros stay: they are
    nobody's. A row that is in sum under the floor is held back whole. Raises ValueError for impossible input.
    """
    if floor < 1 or any(count < 0 for count in cells.values()):
        raise ValueError("counts are not negative, and a floor is at least 1")
    total = sum(cells.values())
    if 0 < total < floor:
        return Shown(dict.fromkeys(cells), None, floor - 1)
    row = {name: None if 0 < count < floor else count for name, count in cells.items()}
    hidden = sum(count is None for count in row.values())
    return Shown(row, None if hidden else total, sum(count or 0 for count in row.values()) + hidden * (floor - 1))


def may_replace(published: Sequence[int] | None, new: Sequence[int], floor: int = PUBLIC_FLOOR) -> bool:
    """Whether a published row of counts may change to the new one: only in steps too large to show one person.

    The first time when the sum reaches the floor, later when the counts differ by at least the floor in sum.
    """
    if published is None:
        return sum(new) >= floor
    return sum(abs(old - now) for old, now in zip(published, new, strict=True)) >= floor


def wilson_low(count: int, n: int, z: float = Z_90) -> float:
    """Lower bound of a share (0 to 1) by E. B. Wilson, JASA 22 (1927) 209; 0 without votes."""
    if not 0 <= count <= n:
        raise ValueError("a count lies between 0 and n")
    if n == 0:
        return 0.0
    share, square = count / n, z * z
    return max(
        0.0, (share + square / (2 * n) - z * sqrt((share * (1 - share) + square / (4 * n)) / n)) / (1 + square / n)
    )


def share_of(row: Shown, name: str) -> Share | None:
    """The share of one shown cell, from published counts alone, so that everyone can count it again.

    Over an unknown total it is the least that it can be. None under `PERCENT_FROM` votes, or if the cell is held back.
    """
    count, n = row.cells[name], row.at_most
    if count is None or (row.total if row.total is not None else count) < PERCENT_FROM:
        return None
    return Share(
        100 * count // n if row.total is None else round(100 * count / n),
        100 * wilson_low(count, n),
        n,
        row.total is None,
    )


def capped(percent: float) -> int:
    """A group's percentage, never "all" and never "none"."""
    low, high = GROUP_CAP
    return round(min(max(percent, low), high))
