"""Since when nothing more is to come of a recommendation."""

from datetime import date, timedelta

import pytest

from withus.compute.answering import Check, Clock, Course, Delivery, Outcome, Promise, Response, Verdict
from withus.compute.deadlines import Calendar, Counting

CLOCK, DAY = Clock(10, 30, Counting.CALENDAR, Calendar()), date(2026, 1, 1)


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def after(outcome: Outcome | None, *promises: Promise, said: tuple[Delivery, ...] = ()) -> Course:
    """Sent on the first day, answered on the tenth."""
    review = on(40) if outcome is Outcome.DEFERRED else None
    answers = (Response(on(9), outcome, review),) if outcome else ()
    return Course(CLOCK, DAY, responses=answers, promises=promises, deliveries=said)


def checked(verdict: Verdict, **more: bool) -> Delivery:
    return Delivery(on(20), (Check(on(25), verdict, **more),))


@pytest.mark.parametrize(
    ("course", "closed"),
    [
        (Course(CLOCK, None), None),
        (after(None), None),
        (after(Outcome.REJECTED), on(9)),
        (after(Outcome.TRANSFERRED), on(9)),
        (after(Outcome.DEFERRED), None),
        (after(Outcome.ACCEPTED), None),
        (after(Outcome.ACCEPTED, said=(Delivery(on(20)),)), None),
        (after(Outcome.ACCEPTED, said=(checked(Verdict.CONFIRMED),)), on(25)),
        (after(Outcome.ACCEPTED, said=(checked(Verdict.CONFIRMED, was_paid=False),)), None),
        (after(Outcome.ACCEPTED, said=(checked(Verdict.DISPUTED),)), None),
        (after(Outcome.IN_PART, Promise(on(9), on(30), (checked(Verdict.CONFIRMED),))), on(25)),
        (after(Outcome.IN_PART, Promise(on(9), on(30), (checked(Verdict.PARTLY),))), None),
        (after(Outcome.REJECTED, Promise(on(9), on(30), is_of_answer=False)), None),
        (after(Outcome.REJECTED, Promise(on(9), on(30), (checked(Verdict.CONFIRMED),), is_of_answer=False)), on(25)),
    ],
)
def test_it_is_closed_when_nothing_more_can_come(course: Course, closed: date | None) -> None:
    assert course.closed_on() == closed
