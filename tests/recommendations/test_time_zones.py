"""A deadline ends at 24:00 where the body is, wherever the house and the reader are."""

import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from withus.compute.answering import Clock, State
from withus.compute.deadlines import Calendar, Counting
from withus.core import clock
from withus.processes.models import Body
from withus.recommendations.models import Recommendation

ZONES = st.sampled_from([
    "UTC", "Europe/Berlin", "Africa/Cairo", "Asia/Kathmandu", "Asia/Tehran", "America/St_Johns", "America/Santiago",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Chatham", "Australia/Lord_Howe", "Africa/Casablanca",
])  # fmt: skip
REGIONS = st.sampled_from(["", "DE-BE", "EG", "IR", "NZ", "CL"])
SECOND = datetime.timedelta(seconds=1)


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 12, 31)), st.integers(1, 90), ZONES, REGIONS)
def test_silence_begins_with_the_first_second_of_the_bodys_next_day(
    sent: datetime.date, days: int, zone: str, region: str
) -> None:
    asked = Recommendation(
        body=Body(time_zone=zone), sent_on=sent, acknowledge_days=1, reply_days=days, region=region,
        counting=Counting.CALENDAR.value, extension_days=0,
    )  # fmt: skip
    clock_of = Clock(1, days, Counting.CALENDAR, Calendar(region))
    due = clock_of.reply_by(sent)
    next_day = due + datetime.timedelta(days=1)
    ends = datetime.datetime.combine(next_day, datetime.time(), ZoneInfo(zone)).astimezone(datetime.UTC)
    asked.acknowledge_by, asked.due_on, asked.owed_on = clock_of.acknowledge_by(sent), due, due
    with patch.object(clock, "_system", lambda: ends - SECOND):
        assert asked.today() == due
        assert asked.standing().state(asked.today()) is not State.OVERDUE
    with patch.object(clock, "_system", lambda: ends):
        assert asked.today() == next_day
        assert asked.standing().state(asked.today()) is State.OVERDUE
