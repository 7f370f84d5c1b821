"""Deadlines over calendars, holidays, extensions and questions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from withus.compute.deadlines import (
    LONGEST_PAUSE,
    Calendar,
    Counting,
    Extension,
    Question,
    end,
    is_region,
    moved,
    pause,
)

BERLIN, PLAIN, EGYPT = Calendar("DE-BE"), Calendar(), Calendar("EG")
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
LENGTHS = st.integers(1, 90)
CALENDARS = st.sampled_from([PLAIN, BERLIN, EGYPT, Calendar("FR"), Calendar("NZ"), Calendar("IL")])
COUNTINGS = st.sampled_from(list(Counting))


@pytest.mark.parametrize(
    ("sent", "days", "counting", "calendar", "last"),
    [
        (date(2026, 11, 23), 30, Counting.CALENDAR, PLAIN, date(2026, 12, 23)),
        (date(2026, 11, 26), 30, Counting.CALENDAR, BERLIN, date(2026, 12, 28)),  # second day of Christmas, a Saturday
        (date(2026, 11, 25), 30, Counting.CALENDAR, BERLIN, date(2026, 12, 28)),  # Christmas Day, a Friday
        (date(2026, 11, 25), 30, Counting.CALENDAR, PLAIN, date(2026, 12, 25)),
        (date(2026, 11, 23), 10, Counting.WORKING, PLAIN, date(2026, 12, 7)),
        (date(2026, 12, 23), 3, Counting.WORKING, BERLIN, date(2026, 12, 29)),
        (date(2026, 11, 27), 1, Counting.CALENDAR, PLAIN, date(2026, 11, 30)),  # Friday; Saturday moves to Monday
        (date(2026, 11, 27), 2, Counting.CALENDAR, PLAIN, date(2026, 12, 1)),  # two working days at least
        (date(2026, 11, 26), 1, Counting.CALENDAR, EGYPT, date(2026, 11, 29)),  # Friday and Saturday are the weekend
        (date(2028, 2, 28), 1, Counting.CALENDAR, PLAIN, date(2028, 2, 29)),
        (date(2027, 12, 31), 1, Counting.WORKING, PLAIN, date(2028, 1, 3)),
    ],
)
def test_a_deadline_as_a_clerk_counts_it(
    sent: date, days: int, counting: Counting, calendar: Calendar, last: date
) -> None:
    assert end(sent, days, counting, calendar) == last


@given(DAYS, LENGTHS, COUNTINGS, CALENDARS)
def test_a_deadline_ends_on_a_working_day_and_gives_what_it_promises(
    sent: date, days: int, counting: Counting, calendar: Calendar
) -> None:
    last = end(sent, days, counting, calendar)
    assert calendar.is_working(last)
    between = [sent + timedelta(days=n) for n in range(1, (last - sent).days + 1)]
    working = sum(map(calendar.is_working, between))
    if counting is Counting.WORKING:
        assert working == days
    else:
        assert len(between) >= days
        assert working >= min(days, 2)
        assert not any(map(calendar.is_working, between[days:-1])) or days >= 2 > sum(
            map(calendar.is_working, between[:days])
        )


@given(DAYS, LENGTHS, COUNTINGS, CALENDARS)
def test_who_sends_later_is_never_answered_earlier(
    sent: date, days: int, counting: Counting, calendar: Calendar
) -> None:
    assert end(sent, days, counting, calendar) <= end(sent + timedelta(days=1), days, counting, calendar)
    assert end(sent, days, counting, calendar) <= end(sent, days + 1, counting, calendar)
    if counting is Counting.CALENDAR:
        assert end(sent, days, counting, calendar) <= end(sent, days, Counting.WORKING, calendar)


@given(DAYS, st.none() | st.integers(0, 60), CALENDARS)
def test_a_question_stops_the_clock_for_ten_working_days_at_most(
    asked: date, answered_after: int | None, calendar: Calendar
) -> None:
    answered = None if answered_after is None else asked + timedelta(days=answered_after)
    length = pause(Question(asked, answered), calendar)
    assert 0 <= length <= LONGEST_PAUSE
    assert length <= pause(Question(asked), calendar) == LONGEST_PAUSE
    if answered_after == 0:
        assert length == 0


EVENTS = st.lists(
    st.builds(Extension, DAYS, DAYS)
    | st.tuples(DAYS, st.none() | st.integers(0, 60)).map(
        lambda q: Question(q[0], None if q[1] is None else q[0] + timedelta(days=q[1]))
    ),
    max_size=4,
)


@given(DAYS, CALENDARS, EVENTS, st.randoms())
def test_nothing_brings_a_deadline_forward_and_the_order_of_telling_does_not_matter(
    due: date, calendar: Calendar, events: list[Extension | Question], random: object
) -> None:
    then = moved(due, calendar, *events)
    assert then >= due
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert moved(due, calendar, *shuffled) == then


@given(DAYS, LENGTHS, COUNTINGS, CALENDARS, EVENTS)
def test_no_deadline_ends_on_a_weekend_or_a_holiday_however_it_was_moved(
    sent: date, days: int, counting: Counting, calendar: Calendar, events: list[Extension | Question]
) -> None:
    assert calendar.is_working(moved(end(sent, days, counting, calendar), calendar, *events))


def test_more_time_until_a_saturday_ends_on_the_next_working_day() -> None:
    longer = Extension(date(2026, 11, 25), date(2026, 12, 26))  # second day of Christmas, a Saturday
    assert moved(date(2026, 12, 1), BERLIN, longer) == date(2026, 12, 28)


def test_regions_are_those_whose_holidays_are_known() -> None:
    assert [region for region in ("", "DE", "DE-BE", "XX", "DE-XX", "de", "DE-BE-1") if is_region(region)] == [
        "",
        "DE",
        "DE-BE",
    ]
