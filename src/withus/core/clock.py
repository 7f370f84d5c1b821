"""The only clock. Tests and the demo can hold it; everything else asks here."""

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime.datetime:
    """The present moment, in UTC, to the second."""
    moment = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    held: datetime.date | None = settings.WITHUS_TODAY
    return moment if held is None else datetime.datetime.combine(held, moment.timetz())


def today(zone: str | None = None) -> datetime.date:
    """The present day in `zone` (an IANA name; default: the instance's), or the day that the demo holds."""
    held: datetime.date | None = settings.WITHUS_TODAY
    return held if held is not None else now().astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()
