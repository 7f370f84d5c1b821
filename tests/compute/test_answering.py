"""Where a recommendation stands, from its dates alone."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from withus.compute.answering import (
    YES,
    Check,
    Clock,
    Course,
    Delivery,
    Outcome,
    Promise,
    Response,
    Standing,
    State,
    Verdict,
)
from withus.compute.deadlines import Calendar, Counting, Extension, Question, moved
from withus.compute.weighing import weighed

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
    promised = replace(yes, promises=(promise(60), promise(40)))
    assert [promised.state(after(n)) for n in (40, 41)] == [State.PROMISED, State.LATE]
    said = replace(promised, deliveries=(done(58),))
    assert said.state(after(300)) is State.DELIVERED
    for verdict in Verdict:
        checked = replace(promised, deliveries=(done(58, verdict),))
        assert checked.state(after(300)).value == verdict.value


def promise(due: int, *said: Delivery, made: int = 20) -> Promise:
    return Promise(after(made), after(due), said, f"until {due}, made {made}")


def done(on: int, *verdicts: Verdict, was_paid: bool = True) -> Delivery:
    return Delivery(after(on), tuple(Check(after(on + 1), one, was_paid) for one in verdicts))


def promised(*promises: Promise, whole: tuple[Delivery, ...] = ()) -> Course:
    return replace(answered(Outcome.ACCEPTED), promises=promises, deliveries=whole)


def test_one_promise_that_is_kept_does_not_keep_the_other() -> None:
    one_kept = promised(promise(40, done(30)), promise(60))
    assert (one_kept.standing().done_by, one_kept.standing().undone_by) == (after(40), after(60))
    assert [one_kept.state(after(n)) for n in (30, 41, 60, 61)] == [State.PROMISED] * 3 + [State.LATE]
    assert one_kept.standing().delivered_on is None
    both = promised(promise(40, done(30)), promise(60, done(50)))
    assert (both.standing().delivered_on, both.state(after(61))) == (after(50), State.DELIVERED)


def test_a_broken_promise_makes_it_late_although_a_later_one_was_kept() -> None:
    broken = promised(promise(40), promise(60, done(30, Verdict.CONFIRMED)))
    assert [broken.state(after(n)) for n in (40, 41)] == [State.PROMISED, State.LATE]


def test_what_is_said_done_after_its_day_is_late_until_peers_say_so_too() -> None:
    late = promised(promise(40, done(41)), promise(60))
    assert (late.standing().undone_by, late.state(after(45))) == (after(40), State.LATE)
    for verdict in (Verdict.CONFIRMED, Verdict.PARTLY):
        seen = promised(promise(40, done(41, verdict)), promise(60))
        assert seen.standing().undone_by == after(60)
    unpaid = promised(promise(40, done(41, Verdict.CONFIRMED, was_paid=False)))
    assert unpaid.standing().undone_by == after(40)


def test_a_check_of_one_promise_confirms_no_other() -> None:
    yes = done(30, Verdict.CONFIRMED)
    assert promised(promise(40, yes), promise(60)).standing().verdict is None
    assert promised(promise(40, yes), promise(60, done(50))).standing().verdict is None
    assert promised(promise(40, yes), promise(60, yes)).standing().verdict is State.CONFIRMED
    unpaid = done(30, Verdict.CONFIRMED, was_paid=False)
    assert promised(promise(40, yes), promise(60, unpaid)).standing().verdict is State.UNPAID
    assert promised(promise(40, yes), promise(60, done(30, Verdict.PARTLY))).standing().verdict is State.PARTLY
    disputed = promised(promise(40, yes), promise(60, done(30, Verdict.DISPUTED)), promise(90))
    assert disputed.state(after(31)) is State.DISPUTED


def test_a_new_promise_lifts_no_dispute_until_peers_have_looked_at_it() -> None:
    no = done(25, Verdict.DISPUTED)
    assert promised(whole=(no,)).state(after(26)) is State.DISPUTED
    assert promised(promise(60, made=26), whole=(no,)).state(after(26)) is State.DISPUTED
    assert promised(promise(60, done(40), made=26), whole=(no,)).state(after(41)) is State.DISPUTED
    kept = promised(promise(60, done(40, Verdict.CONFIRMED), made=26), whole=(no,))
    assert kept.state(after(41)) is State.CONFIRMED
    two = promised(promise(60, done(40, Verdict.CONFIRMED), made=26), promise(70, made=27), whole=(no,))
    assert two.state(after(41)) is State.DISPUTED


def test_done_said_of_the_whole_holds_for_what_was_promised_by_then_and_for_nothing_later() -> None:
    whole = (done(30, Verdict.CONFIRMED),)
    assert promised(promise(40), promise(60), whole=whole).state(after(70)) is State.CONFIRMED
    later = promised(promise(40), promise(60, made=31), whole=whole)
    assert (later.standing().verdict, later.state(after(60)), later.state(after(61))) == (
        None,
        State.PROMISED,
        State.LATE,
    )


def test_only_what_has_not_been_said_or_was_looked_at_and_not_confirmed_can_be_said_done() -> None:
    said = (promise(40), promise(41, done(30)), promise(42, done(30, Verdict.DISPUTED)))
    said = (*said, promise(43, done(30, Verdict.CONFIRMED)), promise(44, done(30, Verdict.CONFIRMED, was_paid=False)))
    assert [part.is_open for part in promised(*said).parts()] == [True, False, True, False, True]
    assert [part.waits_for_check for part in promised(*said).parts()] == [False, True, False, False, False]


def test_a_yes_of_those_whom_the_body_pays_takes_no_no_away() -> None:
    theirs = Delivery(after(40), (Check(after(41), Verdict.CONFIRMED, is_independent=False),))
    assert promised(promise(60, done(30, Verdict.DISPUTED), theirs)).state(after(42)) is State.DISPUTED


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


SAID = st.lists(
    st.builds(done, st.integers(21, 90), st.sampled_from(Verdict), was_paid=st.booleans())
    | st.builds(done, st.integers(21, 90)),
    max_size=3,
).map(lambda found: tuple(sorted(found, key=lambda one: one.said_on)))
PROMISES = st.builds(lambda due, said, made: promise(due, *said, made=made), st.integers(21, 120), SAID, st.just(20))


@given(st.lists(PROMISES, min_size=1, max_size=4), st.integers(0, 200))
def test_the_whole_is_done_and_true_only_as_far_as_each_promise_is(promises: list[Promise], days: int) -> None:
    course, day = promised(*promises), after(days)
    standing, parts = course.standing(), course.parts()
    verdicts = {part.verdict for part in parts}
    assert (standing.delivered_on is not None) == all(part.deliveries for part in parts)
    assert (standing.verdict is State.CONFIRMED) == (verdicts == {State.CONFIRMED})
    assert (standing.state(day) is State.DISPUTED) == (State.DISPUTED in verdicts)
    broken = [one for one in promises if one.due_on < day and not one.deliveries]
    if broken:
        assert standing.undone_by
        assert standing.undone_by < day
        assert standing.state(day) in {State.LATE, State.DISPUTED}
    if standing.state(day) is State.LATE:
        assert any(not part.is_kept and part.state(day) in {State.LATE, *STALE} for part in parts)


STALE = frozenset({State.DELIVERED, State.UNPAID})  # said after its day, and peers have not said so too


@given(st.lists(PROMISES, max_size=3), SAID, PROMISES, st.integers(91, 120))
def test_nothing_that_is_promised_later_makes_anything_better(
    promises: list[Promise], whole: tuple[Delivery, ...], one: Promise, made: int
) -> None:
    before = promised(*promises, whole=whole)
    after_it = promised(*promises, promise(made + 30, made=made), whole=whole)
    assert CAREFUL.index(after_it.standing().verdict) <= CAREFUL.index(before.standing().verdict)
    assert after_it.parts()[:-1] == before.parts()[: len(promises)]
    assert promised(*promises, one, whole=whole).parts()[:-1] == before.parts()[: len(promises)]


CAREFUL = [State.DISPUTED, State.PARTLY, None, State.UNPAID, State.CONFIRMED]

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
    working = clock.calendar.from_then_on
    first_more = moved(working(clock.reply_by(sent) + timedelta(days=more)), clock.calendar, asked_then)
    assert paused.due_on <= longer.due_on <= max(working(paused.due_on + timedelta(days=more)), first_more)


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


def test_a_law_that_others_name_neither_stands_for_the_whole_nor_takes_it_back() -> None:
    clock = Clock(10, 30, Counting.CALENDAR, Calendar(""))
    sent, yes = date(2026, 1, 5), Response(date(2026, 1, 20), Outcome.ACCEPTED)
    checked = (Check(date(2026, 2, 3), Verdict.CONFIRMED),)
    done = Delivery(date(2026, 2, 2), checked, "D")
    law = Promise(date(2026, 1, 25), date(2026, 2, 10), (), "L", is_of_answer=False, is_of_body=False)

    def stands(promise: Promise, *of_all: Delivery) -> Standing:
        return Course(clock, sent, responses=(yes,), promises=(promise,), deliveries=of_all).standing()

    only_the_law = stands(replace(law, deliveries=(done,)))
    assert (only_the_law.verdict, only_the_law.delivered_on) == (None, None)
    assert only_the_law.undone_by == only_the_law.done_by == date(2026, 2, 19)
    named_later = stands(replace(law, said_on=date(2026, 3, 1), due_on=date(2025, 6, 1)), done)
    assert (named_later.verdict, named_later.delivered_on) == (State.CONFIRMED, date(2026, 2, 2))
    assert (named_later.done_by, named_later.undone_by) == (date(2026, 2, 19), date(2025, 6, 1))
