"""Where a recommendation stands, from its dates alone."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from withus.compute.answering import YES, Check, Clock, Course, Outcome, Response, State, Verdict, weighed
from withus.compute.deadlines import Calendar, Counting, Extension, Question, moved

SENT = date(2026, 11, 23)  # a Monday
CLOCK = Clock(10, 30, Counting.CALENDAR, Calendar())
SILENT = Course(CLOCK, SENT)


def after(days: int) -> date:
    return SENT + timedelta(days=days)


def answered(outcome: Outcome, days: int = 20, review: date | None = None) -> Course:
    return replace(SILENT, responses=(Response(after(days), outcome, review),))


def test_silence_becomes_public_on_the_day_after_the_deadline() -> None:
    states = [(n, SILENT.state(after(n)), SILENT.days_silent(after(n))) for n in (0, 10, 11, 30, 31, 45)]
    assert states == [
        (0, State.OPEN, 0),
        (10, State.OPEN, 0),
        (11, State.UNACKNOWLEDGED, 0),
        (30, State.UNACKNOWLEDGED, 0),
        (31, State.OVERDUE, 1),
        (45, State.OVERDUE, 15),
    ]


def test_nothing_runs_before_a_letter_is_served() -> None:
    unserved = replace(SILENT, sent_on=None)
    assert (unserved.state(after(400)), unserved.due_on, unserved.days_silent(after(400))) == (
        State.UNSERVED,
        None,
        0,
    )


def test_acknowledging_does_not_answer() -> None:
    acknowledged = replace(SILENT, acknowledged_on=after(3))
    assert [acknowledged.state(after(n)) for n in (3, 30, 31)] == [
        State.ACKNOWLEDGED,
        State.ACKNOWLEDGED,
        State.OVERDUE,
    ]


def test_one_question_stops_the_clock_and_ten_working_days_start_it_again() -> None:
    asked = replace(SILENT, question=Question(after(7)))  # Monday 30 November
    assert asked.state(after(7)) is State.ASKED
    assert asked.state(after(21)) is State.ASKED  # Monday 14 December, the tenth working day
    assert asked.state(after(22)) is State.ACKNOWLEDGED
    assert asked.due_on == date(2027, 1, 6)  # ten working days after Wednesday 23 December
    quick = replace(SILENT, question=Question(after(7), after(9)))
    assert quick.due_on == date(2026, 12, 25)


def test_an_extension_moves_the_day_and_nothing_else() -> None:
    longer = replace(SILENT, extensions=(Extension(after(20), after(50)),))
    assert [longer.state(after(n)) for n in (31, 50, 51)] == [State.ACKNOWLEDGED, State.ACKNOWLEDGED, State.OVERDUE]


def test_a_deferral_has_its_own_clock() -> None:
    deferred = answered(Outcome.DEFERRED, review=after(100))
    assert [(deferred.state(after(n)), deferred.days_silent(after(n))) for n in (20, 100, 101)] == [
        (State.DEFERRED, 0),
        (State.DEFERRED, 0),
        (State.OVERDUE, 1),
    ]
    taken_up = replace(deferred, responses=(*deferred.responses, Response(after(90), Outcome.REJECTED)))
    assert taken_up.state(after(400)) is State.REJECTED


def test_a_yes_has_to_be_done_by_a_day_and_done_needs_two_keys() -> None:
    yes = answered(Outcome.ACCEPTED)
    assert [yes.state(after(n)) for n in (20, 50, 51)] == [State.ACCEPTED, State.ACCEPTED, State.LATE]
    promised = replace(yes, promised_by=(after(60), after(40)))
    assert [promised.state(after(n)) for n in (40, 41)] == [State.PROMISED, State.LATE]
    said = replace(promised, delivered_on=(after(58),))
    assert said.state(after(300)) is State.DELIVERED
    for verdict in Verdict:
        checked = replace(said, checks=(Check(after(70), verdict),))
        assert checked.state(after(300)).value == verdict.value


def test_several_organisations_that_check_are_weighed_to_the_careful_side() -> None:
    assert weighed([]) is None
    assert found(Verdict.CONFIRMED, Verdict.CONFIRMED) is State.CONFIRMED
    assert found(Verdict.CONFIRMED, Verdict.PARTLY) is State.PARTLY
    assert found(Verdict.PARTLY, Verdict.CONFIRMED, Verdict.DISPUTED) is State.DISPUTED


def found(*verdicts: Verdict, **more: bool) -> State | None:
    """The one word for these verdicts."""
    return weighed(Check(after(70), one, **more) for one in verdicts)


def test_what_nobody_was_paid_to_check_is_never_called_confirmed() -> None:
    assert found(Verdict.CONFIRMED, was_paid=False) is State.UNPAID
    assert found(Verdict.DISPUTED, was_paid=False) is State.DISPUTED
    unpaid, paid = Check(after(1), Verdict.CONFIRMED, was_paid=False), Check(after(1), Verdict.CONFIRMED)
    assert weighed([unpaid, paid]) is State.CONFIRMED


def test_whom_the_body_pays_can_dispute_and_not_confirm_alone() -> None:
    paid_by_it, other = Check(after(1), Verdict.CONFIRMED, is_independent=False), Check(after(1), Verdict.CONFIRMED)
    assert weighed([paid_by_it]) is None
    assert weighed([paid_by_it, other]) is State.CONFIRMED
    assert weighed([paid_by_it, replace(other, was_paid=False)]) is State.UNPAID
    assert weighed([replace(paid_by_it, verdict=Verdict.DISPUTED), other]) is State.DISPUTED
    assert weighed([replace(paid_by_it, verdict=Verdict.PARTLY), other]) is State.PARTLY


DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))
CLOCKS = st.builds(
    Clock,
    st.integers(1, 60),
    st.integers(1, 180),
    st.sampled_from(list(Counting)),
    st.sampled_from([Calendar(), Calendar("DE-BE"), Calendar("EG"), Calendar("PT")]),
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """A course as the actions allow it: everything in its order."""
    sent, clock = draw(DAYS), draw(CLOCKS)
    due = clock.reply_by(sent)
    until_due = st.dates(sent, due)
    question = draw(st.none() | st.builds(Question, until_due))
    if question and draw(st.booleans()):
        question = Question(question.asked_on, question.asked_on + timedelta(days=draw(st.integers(0, 40))))
    said = draw(st.none() | until_due)
    extensions = (Extension(said, due + timedelta(days=draw(st.integers(1, 90)))),) if said else ()
    return Course(clock, sent, draw(st.none() | until_due), question, extensions)


@given(courses(), st.integers(0, 500))
def test_silence_grows_by_a_day_each_day_and_ends_with_an_answer_only(course: Course, later: int) -> None:
    assert course.sent_on
    day = course.sent_on + timedelta(days=later)
    silent = course.days_silent(day)
    assert course.days_silent(day + timedelta(days=1)) - silent in {0, 1}
    if silent:
        assert course.state(day) is State.OVERDUE
        assert course.days_silent(day + timedelta(days=1)) == silent + 1
    reply = replace(course, responses=(Response(day, Outcome.REJECTED),))
    assert reply.days_silent(day + timedelta(days=400)) == 0
    assert reply.standing().was_answered_in_time() == (day <= reply.due_on if reply.due_on else False)


@given(courses())
def test_no_act_of_a_body_brings_its_own_deadline_forward_or_back_into_the_past(course: Course) -> None:
    assert course.sent_on
    plain = Course(course.clock, course.sent_on)
    with_all, without = course.due_on, plain.due_on
    assert with_all
    assert without
    assert with_all >= without


@given(courses(), st.integers(0, 500))
def test_an_open_question_never_ends_before_its_clock_goes_on(course: Course, later: int) -> None:
    assert course.sent_on
    day = course.sent_on + timedelta(days=later)
    standing = course.standing()
    if standing.still_until and day <= standing.still_until:
        assert standing.state(day) is State.ASKED
        assert standing.days_silent(day) == 0


GAPS = st.integers(0, 40)


@given(CLOCKS, DAYS, GAPS, GAPS, GAPS, st.booleans(), st.integers(0, 90))
def test_more_time_is_never_made_longer_by_days_for_which_no_clock_stood_still(
    clock: Clock, sent: date, asked: int, waits: int, answers: int, is_answered: bool, more: int
) -> None:
    asked_on = sent + timedelta(days=asked)
    said_on = asked_on + timedelta(days=waits)
    course = Course(clock, sent, question=Question(asked_on))
    allowed = course.extendable(more, said_on)
    assert allowed
    asked_then = Question(asked_on, said_on + timedelta(days=answers) if is_answered else None)
    paused = replace(course, question=asked_then)
    longer = replace(paused, extensions=(Extension(said_on, allowed[1]),))
    assert paused.due_on
    assert longer.due_on
    first_more = moved(clock.reply_by(sent) + timedelta(days=more), clock.calendar, asked_then)
    assert paused.due_on <= longer.due_on <= max(paused.due_on + timedelta(days=more), first_more)


def test_a_question_that_is_answered_at_once_gives_no_days_on_top_of_more_time() -> None:
    asked = replace(SILENT, question=Question(after(7)))
    assert asked.due_on == after(44)
    assert asked.extendable(30, after(7)) == (after(30), after(60))
    assert asked.extendable(30, after(9)) == (after(32), after(62)), "for two working days it has stood still"
    assert asked.extendable(30, after(22)) == (after(44), after(74)), "nobody has answered in ten working days"
    assert replace(asked, sent_on=None).extendable(30, after(9)) is None


@given(courses(), st.sampled_from(list(Outcome)), st.integers(0, 300), st.integers(0, 600))
def test_every_course_has_a_state_on_every_day(course: Course, outcome: Outcome, said: int, seen: int) -> None:
    assert course.sent_on
    reply = Response(course.sent_on + timedelta(days=said), outcome)
    state = replace(course, responses=(reply,)).state(course.sent_on + timedelta(days=seen))
    assert (state in {State.ACCEPTED, State.LATE}) == (outcome in YES)
