"""Rates of formal acts: who was answered in time, what was done and checked, how long it is silent."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from withus.compute import rates
from withus.compute.answering import Outcome, Standing, State
from withus.compute.rates import Item, Quarter, Rate

DAY = date(2026, 11, 28)
NOW = Quarter(2026, 4)
DUE = date(2026, 11, 2)


def sent(**more: object) -> Standing:
    """A recommendation that was due on 2 November and is not answered."""
    known: dict[str, object] = {"acknowledge_by": date(2026, 10, 12), "due_on": DUE, "owed_on": DUE}
    return Standing(**known | more)  # type: ignore[arg-type]


def answered(days: int, outcome: Outcome = Outcome.REJECTED, **more: object) -> Standing:
    """One that was answered so many days after its deadline."""
    known: dict[str, object] = {"owed_on": None, "answered_on": DUE + timedelta(days=days), "outcome": outcome}
    return sent(**known | more)


def test_an_answer_on_the_due_day_is_in_time_and_one_on_the_day_after_is_not() -> None:
    assert rates.answered([answered(-5), answered(0), answered(1), sent()], NOW, DAY) == Rate(2, 4)


def test_every_outcome_is_an_answer() -> None:
    assert rates.answered([answered(0, outcome) for outcome in Outcome], NOW, DAY) == Rate(5, 5)


def test_a_deadline_counts_once_it_has_ended() -> None:
    one = [answered(-5)]
    assert rates.answered(one, NOW, DUE) == Rate(0, 0)
    assert rates.answered(one, NOW, DUE + timedelta(days=1)) == Rate(1, 1)


def test_a_deadline_counts_in_the_quarter_in_which_it_ended() -> None:
    edges = [sent(due_on=day) for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1))]
    later = date(2027, 6, 1)
    assert [rates.answered(edges, quarter, later).denominator for quarter in rates.quarters(date(2027, 1, 1))] == [
        1,
        2,
        1,
        0,
    ]


def test_a_letter_that_was_not_served_counts_nowhere() -> None:
    letter = [Standing()]
    assert rates.answered(letter, NOW, DAY) == rates.verified(letter, NOW, DAY) == rates.silence(letter, DAY).rate
    assert rates.silence(letter, DAY) == rates.Silence(Rate(0, 0), 0)


def test_done_needs_a_check_that_somebody_was_paid_for() -> None:
    yes = {"outcome": Outcome.IN_PART, "done_by": DUE}
    verdicts = (None, State.CONFIRMED, State.UNPAID, State.PARTLY, State.DISPUTED)
    kept = [answered(-9, **yes, delivered_on=DUE, verdict=verdict) for verdict in verdicts]
    broken = [answered(-9, **yes)]
    still_open = [answered(-9, outcome=Outcome.ACCEPTED, done_by=DAY)]
    rejected = [answered(-9, outcome=Outcome.REJECTED, done_by=DUE)]
    assert rates.verified([*kept, *broken, *still_open, *rejected], NOW, DAY) == Rate(1, 6)


def test_silence_counts_what_waits_and_how_long_the_longest_waits() -> None:
    later = DAY + timedelta(days=30)
    put_off = answered(0, Outcome.DEFERRED, owed_on=DAY - timedelta(days=3))
    waits = sent(due_on=later, owed_on=later)
    assert rates.silence([sent(), put_off, waits, answered(3)], DAY) == rates.Silence(Rate(2, 3), 26)
    assert rates.silence([sent()], DUE) == rates.Silence(Rate(0, 1), 0)


def test_where_nothing_was_due_there_is_no_value() -> None:
    assert Rate(0, 0).value is None
    assert Rate(0, 4).value == 0
    assert Rate(3, 4).value == 0.75


def test_agenda_power_tells_what_became_of_peers_items_and_how_many_were_theirs() -> None:
    items = [Item(True, True), Item(True, False), Item(True, True), Item(False, True)]
    assert rates.agenda(items) == rates.Agenda(Rate(2, 3), Rate(3, 4))
    assert rates.agenda([]) == rates.Agenda(Rate(0, 0), Rate(0, 0))


def test_spread_of_voice_is_the_highest_share_of_one_seat() -> None:
    assert rates.spread(["a", "b", "a", "c"]) == Rate(2, 4)
    assert rates.spread([]) == Rate(0, 0)


def test_formal_seats_add_up_over_the_register() -> None:
    assert sum(map(rates.formal_seats, (True, False, True)), rates.NOTHING) == Rate(2, 3)
    assert rates.formal_seats(True, is_closed=True) == rates.NOTHING


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_day_lies_in_one_quarter_and_quarters_leave_no_gap(day: date) -> None:
    found = rates.quarters(day)
    assert day in found[0]
    assert len(found) == 4
    for newer, older in pairwise(found):
        assert older.last + timedelta(days=1) == newer.first
        assert day not in older
    assert 90 <= (found[0].last - found[0].first).days + 1 <= 92


def test_a_quarter_is_named_by_year_and_number() -> None:
    assert [str(one) for one in rates.quarters(date(2026, 2, 1))] == ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2"]
