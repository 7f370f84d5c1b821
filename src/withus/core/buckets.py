"""Keys that end: all that expires in one week is closed once more under that week's key, beside the keys of the house.

Deleting the file makes every copy of what it closed unreadable: rows, write-ahead files, and back-ups of any age.
"""

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
    """What was sealed already, closed once more until its week is over. Raises CannotSeal."""
    with sealing.or_nothing():
        return sealing.shut(keys.read_or_make(_NAME.format(week)), plain, purpose, row)


def reopen(week: str, closed: bytes, purpose: str, row: str) -> bytes:
    """The inverse of `close`; raises Unreadable, also when the week's key is gone."""
    key = keys.read(_NAME.format(week))
    if key is None:
        raise sealing.Unreadable
    return sealing.unshut(key, closed, purpose, row)


def prepare(today: date, longest: timedelta) -> int:
    """Makes the keys of all weeks from today on in which something may end, so that no file tells when one was first
    needed; returns how many."""
    weeks = {week_of(today + timedelta(days=ahead)) for ahead in range(longest.days + 1)} - set(kept())
    for week in weeks:
        keys.read_or_make(_NAME.format(week))
    return len(weeks)


def kept() -> list[str]:
    """The weeks that have a key, the oldest first."""
    names = keys.named(_NAME.format("*"))
    return sorted(name.removeprefix("week-").removesuffix(".key") for name in names)


def end(today: date) -> int:
    """Deletes the keys of all weeks that are over; returns how many."""
    return sum(keys.forget(_NAME.format(week)) for week in kept() if _is_over(week, today))


def overdue(today: date) -> list[str]:
    """The weeks that are over and still have a key: what expired in them can still be read."""
    return [week for week in kept() if _is_over(week, today)]
