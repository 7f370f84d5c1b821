"""Which counts of what people said may be shown, and when a published one may change (docs/methods/tallies.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

PUBLIC_FLOOR, INSIDE_FLOOR = 10, 5  # for everybody, and for those who look after a conversation
PERCENT_FROM = 10
Z_90 = 1.2815515655446004  # one-sided 90 %
ANSWERS = ("agree", "disagree", "pass")


@dataclass(frozen=True)
class Shown:
    """A statement's counts as they may be published: `cells` are told, `hidden` names the answers held back.

    The number of votes lies from `at_least` to `at_most`; it is told exactly only if nothing is held back.
    """

    cells: Mapping[str, int]
    hidden: tuple[str, ...]
    at_least: int
    at_most: int

    @property
    def total(self) -> int | None:
        """How many votes; None if any count is held back, or subtraction would give it back."""
        return None if self.hidden else self.at_most


@dataclass(frozen=True)
class Share:
    """A share with its one-sided 90 % lower bound, in percent; `n` is the number of votes that it is over."""

    percent: int
    low: float
    n: int
    is_at_least: bool

    @property
    def more_than(self) -> int:
        """The bound in whole percent, never rounded up."""
        return int(self.low + 1e-9)


@dataclass(frozen=True)
class Basis:
    """What a map was made from: statement → agree, disagree, pass; and how many people voted."""

    counts: Mapping[int, Sequence[int]]
    people: int


@dataclass(frozen=True)
class Turnout:
    """How many people voted: exactly, or only `at_least`; `from_paper` None is not told."""

    people: int | None
    at_least: int
    from_paper: int | None


def shown(agree: int, disagree: int, passed: int, floor: int = PUBLIC_FLOOR) -> Shown:
    """A row in which no count under `floor` is told, zeros included: "nobody disagreed" says how each one voted.

    Of what is held back only this is said: whether it is under the floor in sum, or from there to the most it can be.
    So each may still be anything from 1 (alone or in a small sum from 0) to `floor` − 1; a test tries every row.
    Raises ValueError for impossible input.
    """
    counts = dict(zip(ANSWERS, (agree, disagree, passed), strict=True))
    if floor < 1 or min(counts.values()) < 0:
        raise ValueError("counts are not negative, and a floor is at least 1")
    cells = {name: count for name, count in counts.items() if count >= floor}
    hidden, told = tuple(name for name in ANSWERS if name not in cells), sum(cells.values())
    if not hidden:
        return Shown(cells, (), told, told)
    is_many = sum(counts[name] for name in hidden) >= floor
    least, most = (floor, len(hidden) * (floor - 1)) if is_many else (0, floor - 1)
    return Shown(cells, hidden, told + least, told + most)


def part_of(part: int, whole: int | None, floor: int = PUBLIC_FLOOR) -> int | None:
    """How many of a published whole came from paper: told if neither they nor the others are few, or if there are none.

    Never told of a whole that is held back: the sum could not be smaller than its part.
    """
    if part == 0:
        return 0
    return part if whole is not None and part >= floor and (whole == part or whole - part >= floor) else None


def turnout_of(people: int | None, on_paper: int, rows: Iterable[Shown], floor: int = PUBLIC_FLOOR) -> Turnout:
    """How many people, told only if it bounds no count held back: no statement has more votes than there are people.

    It is told where it is over the largest sum that is possible; that it is not told says no more than this. Otherwise
    only what the rows show by themselves is said. `people` None: nothing is released yet.
    """
    seen = list(rows)
    at_least = max((row.at_least for row in seen), default=0)
    widest = max((row.at_most for row in seen if row.total is None), default=0)
    if people is None or people <= widest or people < at_least:
        return Turnout(None, at_least if at_least >= floor else 0, None)
    return Turnout(people, people, part_of(on_paper, people, floor))


def may_replace(published: Sequence[int] | None, new: Sequence[int], floor: int = PUBLIC_FLOOR) -> bool:
    """Whether a published row of counts may change to the new one: only in steps too large to show one person.

    The first time when the sum reaches the floor, later when the counts differ by at least the floor in sum.
    """
    if published is None:
        return sum(new) >= floor
    return sum(abs(old - now) for old, now in zip(published, new, strict=True)) >= floor


def may_redraw(before: Basis | None, now: Basis) -> bool:
    """Whether a published map may change: once a statement's votes, or the people, have moved in such a step."""
    known = before.counts if before else {}
    moved = any(may_replace(known.get(statement), counts) for statement, counts in now.counts.items())
    return moved or may_replace((before.people,) if before else None, (now.people,))


def in_tens(people: int) -> int:
    """About how many people: next to another sum an exact number could give a small rest away."""
    return 10 * max(1, (people + 5) // 10)


def in_fives(share: float, *, down: bool = False) -> int:
    """A share in percent, in steps of five, so that one vote seldom shows; from 5 to 95: never none of them, nor all.

    `down`: the step below, for what is said to be at least so much.
    """
    return min(95, max(5, 5 * int(20 * share + (1e-9 if down else 0.5))))


def wilson_low(count: float, n: int, z: float = Z_90) -> float:
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
    count, n = row.cells.get(name), row.at_most
    if count is None or row.at_least < PERCENT_FROM:
        return None
    is_at_least = row.total is None
    return Share(
        100 * count // n if is_at_least else round(100 * count / n), 100 * wilson_low(count, n), n, is_at_least
    )
