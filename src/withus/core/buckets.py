"""Keys that end: all that expires in one week is closed once more under that week's key, beside the keys of the house.

Deleting the file makes every copy of what it closed unreadable: rows, write-ahead files, and back-ups of any age.
"""

from collections.abc import Container
from datetime import date, timedelta

from withus.core import keys, sealing

_NAME = "week-{}.key"


def week_of(day: date) -> str:
    """The ISO week in which something expires, such as "2027-W05": its key ends once that week is over."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def last_day(week: str) -> date:
    """The last day of a week: until then what expires in it can be read."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 7)


def _is_over(week: str, today: date) -> bool:
    return week < week_of(today)  # both are written with as many digits


def close(week: str, plain: bytes, purpose: str, row: str) -> bytes:
    """What was sealed already, closed once more until its week is over. Raises CannotSeal, also without a key."""
    with sealing.or_nothing():
        return sealing.shut(_key(week), plain, purpose, row)


def reopen(week: str, closed: bytes, purpose: str, row: str) -> bytes:
    """The inverse of `close`; raises Unreadable, also when the week's key is gone, or its file holds none."""
    return sealing.unshut(_key(week), closed, purpose, row)


def _key(week: str) -> bytes:
    try:
        key = keys.read(file_of(week))
    except ValueError as problem:
        raise sealing.Unreadable from problem
    if key is None:
        raise sealing.Unreadable
    return key


def file_of(week: str) -> str:
    """The name of the file in which its key lies."""
    return _NAME.format(week)


def make(week: str) -> None:
    """Makes the key of a week that has none. Only for a week in which nothing ends yet: a lost key is not replaced."""
    keys.read_or_make(file_of(week))


def prepare(today: date, longest: timedelta, used: Container[str] = ()) -> int:
    """Makes the keys of all weeks from today on in which something may end, so that no file tells when one was first
    needed; none for a week that is used and has lost its key. Returns how many."""
    days = (today + timedelta(days=ahead) for ahead in range(longest.days + 1))
    weeks = {week for week in map(week_of, days) if week not in used} - set(kept())
    for week in weeks:
        make(week)
    return len(weeks)


def kept() -> list[str]:
    """The weeks that have a key, the oldest first."""
    names = keys.named(file_of("*"))
    return sorted(name.removeprefix("week-").removesuffix(".key") for name in names)


def end(today: date) -> int:
    """Deletes the keys of all weeks that are over; returns how many."""
    return sum(keys.forget(file_of(week)) for week in kept() if _is_over(week, today))


def overdue(today: date) -> list[str]:
    """The weeks that are over and still have a key: what expired in them can still be read."""
    return [week for week in kept() if _is_over(week, today)]
