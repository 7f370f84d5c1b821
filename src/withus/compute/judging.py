"""What sources and participants said of a delivery, as it may be published (docs/methods/third-key.md).

Only from ten on, in tens of people and in steps of five percent, and anew only when ten have said something new: so
nobody is told by it. Whether they contradict is read from what is published, so that everyone can read it again.
"""

from dataclasses import dataclass

from withus.compute.suppression import PUBLIC_FLOOR, in_fives, in_tens, wilson_low

LEAST_DAYS = 7  # between two snapshots
_HALF = 0.5
Counts = tuple[int, int]  # how many say "it is true", and how many "it is not true"


@dataclass(frozen=True)
class Judged:
    """About how many spoke, in tens, and how many percent of them say that it is true, in steps of five."""

    people: int
    percent: int

    @property
    def low(self) -> int:
        """The least share that is likely (one-sided 90 %), in steps of five."""
        return in_fives(self._sure(self.percent), down=True)

    @property
    def high(self) -> int:
        """The largest share that is likely, in steps of five."""
        return 100 - in_fives(self._sure(100 - self.percent), down=True)

    @property
    def is_no(self) -> bool:
        """Whether surely more than half of them say that it is not true: of about ten, three in four."""
        return self._sure(100 - self.percent) > _HALF

    @property
    def is_yes(self) -> bool:
        """Whether surely more than half of them say that it is true."""
        return self._sure(self.percent) > _HALF

    @property
    def says(self) -> str:
        """The same in a word: yes, no; empty if they do not agree."""
        return "no" if self.is_no else "yes" if self.is_yes else ""

    def _sure(self, percent: int) -> float:
        return wilson_low(percent * self.people / 100, self.people)


def judged(counts: Counts) -> Judged | None:
    """The snapshot of these counts; None for so few that it would show somebody."""
    people = sum(counts)
    return Judged(in_tens(people), in_fives(counts[0] / people)) if people >= PUBLIC_FLOOR else None


def moved(before: Counts, now: Counts) -> int:
    """How many people must have said something new, at least: whoever changed her mind moved both counts by one."""
    more, fewer = now[0] - before[0], now[1] - before[1]
    return max(abs(more), abs(fewer), abs(more + fewer))


def may_publish(before: Counts | None, now: Counts, days: int) -> bool:
    """Whether a snapshot may be made, so many days after the last one."""
    if sum(now) < PUBLIC_FLOOR:
        return False
    return before is None or (days >= LEAST_DAYS and moved(before, now) >= PUBLIC_FLOOR)
