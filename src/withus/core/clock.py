"""The only clock. Tests and the demo can hold it; everything else asks here."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings

_moment: ContextVar[datetime.datetime | None] = ContextVar("moment", default=None)
_day: ContextVar[datetime.date | None] = ContextVar("day", default=None)


def now() -> datetime.datetime:
    """The present moment, in UTC, to the second."""
    moment = _moment.get()
    if moment is not None:
        return moment
    moment = _system().replace(microsecond=0)
    held: datetime.date | None = settings.WITHUS_TODAY
    return moment if held is None else datetime.datetime.combine(held, moment.timetz())


def today(zone: str | None = None) -> datetime.date:
    """The present day in `zone` (an IANA name; default: the instance's), or the day that the demo holds."""
    held: datetime.date | None = _day.get() or settings.WITHUS_TODAY
    return held if held is not None else day_of(now(), zone)


def day_of(moment: datetime.datetime, zone: str | None = None) -> datetime.date:
    """The day of a moment in `zone` (default: the instance's)."""
    return moment.astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()


@contextmanager
def standing_still() -> Iterator[None]:
    """Inside, no time passes: an act has one moment and one day, also when midnight comes while it is done."""
    token = _moment.set(now())
    try:
        yield
    finally:
        _moment.reset(token)


@contextmanager
def at(day: datetime.date) -> Iterator[None]:
    """Inside, it is noon of another day: for a demo that has a past."""
    noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    held, token = _day.set(day), _moment.set(noon)
    try:
        yield
    finally:
        _moment.reset(token)
        _day.reset(held)


def _system() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
