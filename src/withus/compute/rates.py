"""What the record says of a body in numbers: I-01 to I-05, I-07 and I-08 (docs/methods/indicators.md).

They are full counts of formal acts: no sample, so no interval; of bodies, seats and recommendations, not of people, so
nothing is held back: but for I-08, which counts voices. Where nothing was due, there is no value.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from withus.compute.answering import YES, Standing, State
from withus.compute.suppression import PUBLIC_FLOOR

_MONTHS = 3
SHOWN = 4  # quarters: the present one, and the three before


@dataclass(frozen=True)
class Rate:
    """So many of so many; or held back, because they are people and few."""

    numerator: int
    denominator: int
    is_held_back: bool = False

    @property
    def value(self) -> float | None:
        """The share; None where nothing was due."""
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)


NOTHING, HELD_BACK = Rate(0, 0), Rate(0, 0, is_held_back=True)


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year; both ends count whole."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that the day lies in."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        following = date(self.year + self.number // 4, self.number % 4 * _MONTHS + 1, 1)
        return following - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def quarters(day: date) -> tuple[Quarter, ...]:
    """The quarter that the day lies in, and the three before, the newest first."""
    found = [Quarter.of(day)]
    while len(found) < SHOWN:
        found.append(found[-1].before)
    return tuple(found)


def formal_seats(has_seats: bool, is_closed: bool = False) -> Rate:
    """I-01 of one body; added up, of the register. A body that was closed counts nowhere."""
    return NOTHING if is_closed else Rate(int(has_seats), 1)


def answered(all_sent: Iterable[Standing], quarter: Quarter, day: date) -> Rate:
    """I-02: of those whose deadline ended in the quarter, before the day: answered on or before their due day."""
    due = [one for one in all_sent if one.due_on and one.due_on in quarter and one.due_on < day]
    return Rate(sum(one.was_answered_in_time() for one in due), len(due))


def verified(all_sent: Iterable[Standing], quarter: Quarter, day: date) -> Rate:
    """I-03: of the accepted ones that had to be done in the quarter, before it: confirmed, by peers who were paid."""
    accepted = [one for one in all_sent if one.outcome in YES]
    due = [one for one in accepted if one.done_by and one.done_by in quarter and one.done_by < day]
    return Rate(sum(one.verdict is State.CONFIRMED for one in due), len(due))


@dataclass(frozen=True)
class Silence:
    """I-04 on a day: how many of those that wait are past due, and for how many days the longest."""

    rate: Rate
    longest: int


def silence(all_sent: Iterable[Standing], day: date) -> Silence:
    """I-04: past due, of all that wait for a reply: the first one, or the one that was put off to a day."""
    waiting = [one.days_silent(day) for one in all_sent if one.owed_on]
    return Silence(Rate(sum(map(bool, waiting)), len(waiting)), max(waiting, default=0))


@dataclass(frozen=True)
class Item:
    """A point for the agenda of a meeting that was held."""

    by_peers: bool
    was_tabled: bool


@dataclass(frozen=True)
class Agenda:
    """I-05: what became of peers' items, and how many of all items were theirs."""

    tabled: Rate
    share: Rate


def agenda(items: Iterable[Item]) -> Agenda:
    """I-05 of the meetings held in a quarter."""
    found = list(items)
    theirs = [item for item in found if item.by_peers]
    return Agenda(Rate(sum(item.was_tabled for item in theirs), len(theirs)), Rate(len(theirs), len(found)))


def in_tens(told: int, voices: int) -> Rate:
    """I-08 as it may be published: of the voices in steps of ten, the share that was told in time.

    Held back where fewer than ten are told of, or fewer than ten of one of both sides: pages say which finding was told
    in time, so a small part would say how many voices that one finding has.
    """
    if not voices:
        return NOTHING
    if any(0 < part < PUBLIC_FLOOR for part in (voices, told, voices - told)):
        return HELD_BACK
    shown = voices // PUBLIC_FLOOR * PUBLIC_FLOOR
    return Rate(round(shown * told / voices), shown)


def spread(attended: Iterable[object]) -> Rate:
    """I-07 of a quarter: of all times that a peer seat sat in a meeting, how many were one and the same seat's."""
    counts = Counter(attended)
    return Rate(max(counts.values(), default=0), counts.total())
