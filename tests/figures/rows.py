"""Many recommendations at once, as rows whose dates follow from a course: made up, not done by deeds."""

import datetime
from collections.abc import Iterable

from withus.compute.answering import Check, Clock, Course, Delivery, Outcome, Promise, Response, Verdict
from withus.compute.deadlines import Calendar, Counting, Extension, Question
from withus.people.models import Organisation
from withus.processes.models import Body
from withus.recommendations.models import Recommendation

CLOCK = Clock(10, 30, Counting.CALENDAR, Calendar())


def row(of: Organisation, to: Body, course: Course) -> Recommendation:
    """A recommendation with this course; what was said in it is not there, only its dates."""
    about = {"text": "Open the room at night.", "asked_change": "Open it until two.", "written_on": DAY}
    terms = {"acknowledge_days": 10, "reply_days": 30, "extension_days": 30, "counting": "calendar"}
    made = Recommendation(organisation=of, body=to, sent_on=course.sent_on, **about, **terms)
    made.settle(course.standing())
    return made


DAY = datetime.date(2026, 1, 1)


def save(of: Organisation, to: Body, courses: Iterable[Course]) -> None:
    """All of them."""
    Recommendation.objects.bulk_create(row(of, to, course) for course in courses)


def course(sent: int | None, answers: Iterable[tuple[int, Outcome]], **later: int | None) -> Course:
    """A course by days: sent so many days after `DAY`, answered and so on after that."""
    if sent is None:
        return Course(CLOCK, None)
    start = DAY + datetime.timedelta(days=sent)

    def after(name: str) -> datetime.date | None:
        days = later.get(name)
        return None if days is None else start + datetime.timedelta(days=days)

    said = [(start + datetime.timedelta(days=days), outcome) for days, outcome in sorted(answers)]
    responses = tuple(
        Response(day, outcome, day + datetime.timedelta(days=40) if outcome is Outcome.DEFERRED else None)
        for day, outcome in said
    )
    asked, until, promised, delivered = map(after, ("asked", "until", "promised", "delivered"))
    made = responses[0].said_on if responses else start
    promised = promised and max(promised, made)  # no answer promises a day that has passed
    said = (Delivery(delivered, _checks(later.get("checks") or 0, delivered)),) if delivered else ()
    return Course(
        CLOCK,
        start,
        question=Question(asked) if asked else None,
        extensions=(Extension(start, until),) if until else (),
        responses=responses,
        promises=(Promise(made, promised, said),) if promised else (),
        deliveries=() if promised else said,
    )


def _checks(number: int, day: datetime.date) -> tuple[Check, ...]:
    """None, then one of each kind: confirmed, unpaid, partly, disputed, and by somebody whom the body pays."""
    kinds = (
        (),
        (Check(day, Verdict.CONFIRMED),),
        (Check(day, Verdict.CONFIRMED, was_paid=False),),
        (Check(day, Verdict.PARTLY),),
        (Check(day, Verdict.DISPUTED),),
        (Check(day, Verdict.CONFIRMED, is_independent=False),),
    )
    return kinds[number]
