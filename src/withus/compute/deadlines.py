"""When a deadline ends, after Regulation (EEC, Euratom) No 1182/71, Article 3, and when a pause moves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice, takewhile

LONGEST_PAUSE = 10  # working days that one question can stop a clock
_DAY = timedelta(days=1)
_WEEKEND = frozenset({5, 6})  # Saturday and Sunday, where no region says otherwise


class Counting(StrEnum):
    """Whether the days of a deadline are all days or working days."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked on in a region such as `DE` or `DE-BE`; empty: nowhere a holiday, weekends only."""

    region: str = ""

    def is_working(self, day: date) -> bool:
        """Neither weekend nor public holiday."""
        weekend, holidays = _closed(self.region, day.year)
        return day.weekday() not in weekend and day not in holidays

    def working_days_after(self, day: date) -> Iterator[date]:
        """The working days after this one, without end."""
        while True:
            day += _DAY
            if self.is_working(day):
                yield day

    def later(self, day: date, working_days: int) -> date:
        """The day so many working days after this one; the day itself for none."""
        return next(islice(self.working_days_after(day), working_days - 1, None)) if working_days else day

    def from_then_on(self, day: date) -> date:
        """The day itself, or else the next working day."""
        return day if self.is_working(day) else self.later(day, 1)


@lru_cache(maxsize=1024)
def _closed(region: str, year: int) -> tuple[frozenset[int], frozenset[date]]:
    """Weekend days and public holidays; raises NotImplementedError for a region that nobody knows."""
    if not region:
        return _WEEKEND, frozenset()
    import holidays  # noqa: PLC0415 half a second that only deadlines need

    country, _, part = region.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=[year])
    return frozenset(found.weekend), frozenset(found)


def is_region(region: str) -> bool:
    """Whether its public holidays are known."""
    try:
        _closed(region, 2026)
    except NotImplementedError:
        return False
    return True


def end(sent: date, days: int, counting: Counting, calendar: Calendar) -> date:
    """The last day of a deadline; it ends at 24:00. The day of sending does not count.

    `days` ≥ 1. A last day that is not worked on moves to the next working day (Article 3(4)), and a deadline of two
    days or more holds at least two working days (Article 3(5)).
    """
    if counting is Counting.WORKING:
        return calendar.later(sent, days)
    last = calendar.from_then_on(sent + timedelta(days=days))
    return max(last, calendar.later(sent, 2)) if days >= 2 else last


@dataclass(frozen=True)
class Extension:
    """More time, said in public with its reason before the deadline ended."""

    said_on: date
    until: date


@dataclass(frozen=True)
class Question:
    """The one question back: the clock stands still until it is answered, at most ten working days."""

    asked_on: date
    answered_on: date | None = None

    def goes_on(self, calendar: Calendar) -> date:
        """The last day on which the clock can stand still for it."""
        longest = calendar.later(self.asked_on, LONGEST_PAUSE)
        return min(self.answered_on, longest) if self.answered_on else longest


def pause(question: Question, calendar: Calendar) -> int:
    """For how many working days the clock stands still for the question: 0 to 10, ten while nobody has answered it."""
    until = question.goes_on(calendar)
    return sum(1 for _ in takewhile(lambda working: working <= until, calendar.working_days_after(question.asked_on)))


def moved(due: date, calendar: Calendar, *events: Extension | Question) -> date:
    """The deadline after extensions and questions; never earlier than before them, in whatever order they are told.

    A day that is not worked on moves to the next working day, as every deadline does (Article 3(4)).

    An open question moves it by the most that it can, so that the day depends on what was said and not on who looks
    when; an answer to it can only bring it nearer again.
    """
    for event in sorted(events, key=_when):
        if isinstance(event, Extension):
            due = max(due, calendar.from_then_on(event.until))
        else:
            due = calendar.later(due, pause(event, calendar))
    return due


def _when(event: Extension | Question) -> tuple[date, bool]:
    return (event.said_on, False) if isinstance(event, Extension) else (event.asked_on, True)
