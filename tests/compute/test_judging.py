"""What may be published of those who spoke, and what it says."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compute.test_answering import after, done, promise, promised

from withus.compute.answering import Check, Course, Delivery, State, Verdict
from withus.compute.judging import LEAST_DAYS, Judged, judged, may_publish, moved

COUNTS = st.tuples(st.integers(0, 60), st.integers(0, 60))
YES, NO, SPLIT = Judged(20, 90), Judged(20, 10), Judged(20, 50)


@given(COUNTS)
def test_of_fewer_than_ten_nothing_is_known_and_of_more_never_all_or_none(counts: tuple[int, int]) -> None:
    shown = judged(counts)
    assert (shown is None) == (sum(counts) < 10)
    if shown:
        assert (shown.people % 10, shown.percent % 5) == (0, 0)
        assert 5 <= shown.low <= shown.percent <= shown.high <= 95
        assert abs(shown.people - sum(counts)) <= 5
        assert abs(shown.percent - 100 * counts[0] / sum(counts)) <= 5


def test_that_all_of_ten_say_so_looks_as_if_one_of_fourteen_did_not() -> None:
    assert judged((10, 0)) == judged((13, 1)) == Judged(10, 95)
    assert judged((0, 10)) == judged((1, 13)) == Judged(10, 5)


def test_they_contradict_only_if_surely_more_than_half_do() -> None:
    says = {(yes, no): shown.says for yes, no in product(range(11), repeat=2) if (shown := judged((yes, no)))}
    assert [says[yes, 10 - yes] for yes in range(11)] == ["no", "no", "no", "", "", "", "", "", "yes", "yes", "yes"]
    assert Judged(100, 45).says == ""
    assert Judged(100, 40).says == "no"


@given(COUNTS, COUNTS)
def test_a_snapshot_changes_only_when_ten_people_have_said_something_new(
    before: tuple[int, int], now: tuple[int, int]
) -> None:
    assert not may_publish(before, now, LEAST_DAYS - 1)
    if may_publish(before, now, LEAST_DAYS):
        assert sum(now) >= 10
        assert moved(before, now) >= 10


@given(COUNTS, st.lists(st.sampled_from([(1, 0), (0, 1), (-1, 0), (0, -1), (1, -1), (-1, 1)]), max_size=9))
def test_nine_deeds_of_whichever_kind_move_no_snapshot(before: tuple[int, int], deeds: list[tuple[int, int]]) -> None:
    now = (max(0, before[0] + sum(one for one, _ in deeds)), max(0, before[1] + sum(one for _, one in deeds)))
    assert not may_publish(before, now, 400)


def said(verdict: Verdict | None, shown: Judged | None, on: int = 30, **more: bool) -> Delivery:
    checks = (Check(after(on + 1), verdict, **more),) if verdict else ()
    return Delivery(after(on), checks, f"D{on}", shown)


def found(*deliveries: Delivery) -> tuple[State | None, bool]:
    standing = promised(whole=deliveries).standing()
    return standing.verdict, standing.is_denied


@pytest.mark.parametrize("verdict", [Verdict.CONFIRMED, Verdict.PARTLY])
def test_their_no_disputes_what_an_organisation_calls_true(verdict: Verdict) -> None:
    assert found(said(verdict, NO)) == (State.DISPUTED, True)
    assert found(said(verdict, NO, was_paid=False)) == (State.DISPUTED, True)
    assert found(said(verdict, NO, is_independent=False)) == (State.DISPUTED, True)
    assert found(said(verdict, YES))[1] is found(said(verdict, SPLIT))[1] is False
    assert found(said(verdict, SPLIT)) == found(said(verdict, None))


def test_an_organisations_no_stays_whatever_they_say_and_they_alone_say_nothing() -> None:
    for shown in (YES, NO, SPLIT):
        assert found(said(Verdict.DISPUTED, shown)) == (State.DISPUTED, False)
        assert found(said(None, shown)) == (None, False)


def test_no_organisation_alone_lifts_their_no_with_a_new_done_but_two_do_and_so_do_they() -> None:
    no, again = said(Verdict.CONFIRMED, NO), said(Verdict.CONFIRMED, None, 40)
    assert found(no, again) == (State.DISPUTED, True)
    assert found(no, said(None, None, 40)) == (State.DISPUTED, True)
    assert found(no, replace(again, judged=YES)) == (State.CONFIRMED, False)
    assert found(no, replace(again, judged=SPLIT)) == (State.CONFIRMED, False)
    assert found(no, replace(again, checks=again.checks * 2)) == (State.CONFIRMED, False)
    theirs = Check(after(41), Verdict.CONFIRMED, is_independent=False)
    assert found(no, replace(again, checks=(*again.checks, theirs))) == (State.DISPUTED, True)


def test_a_new_promise_does_not_lift_their_no_either() -> None:
    no = said(Verdict.CONFIRMED, NO, 25)
    once_more = promised(promise(60, said(Verdict.CONFIRMED, None, 40), made=26), whole=(no,))
    assert once_more.standing().verdict is State.DISPUTED
    asked_again = promised(promise(60, said(Verdict.CONFIRMED, YES, 40), made=26), whole=(no,))
    assert asked_again.standing().verdict is State.CONFIRMED
    unchecked = promised(promise(60, said(Verdict.CONFIRMED, None, 40), made=26), whole=(said(None, NO, 25),))
    assert unchecked.standing().verdict is State.DISPUTED


def test_what_they_deny_is_past_due_and_open_to_be_done() -> None:
    (part,) = promised(promise(40, said(Verdict.CONFIRMED, NO))).parts()
    assert (part.is_open, part.is_kept, part.denied()) == (True, False, {"D30"})
    assert promised(promise(40, said(Verdict.CONFIRMED, NO))).standing().undone_by == after(40)


SHOWN = st.none() | st.builds(Judged, st.sampled_from([10, 20, 100]), st.sampled_from([5, 20, 50, 80, 95]))
CHECKED = st.lists(st.sampled_from(Verdict), max_size=2)
SAID = st.builds(lambda checks, shown: replace(done(30, *checks), judged=shown), CHECKED, SHOWN)


@given(st.lists(SAID, max_size=4))
def test_those_who_spoke_never_make_anything_better_than_organisations_alone(deliveries: list[Delivery]) -> None:
    with_them, careful = promised(whole=tuple(deliveries)), [State.DISPUTED, State.PARTLY, None, State.CONFIRMED]
    alone = promised(whole=tuple(replace(one, judged=None) for one in deliveries))
    better = careful.index(alone.standing().verdict) - careful.index(with_them.standing().verdict)
    assert better >= 0
    assert with_them.standing().is_denied == (better > 0 and _nobody_else(with_them))


def _nobody_else(course: Course) -> bool:
    return all(part.found.is_denied for part in course.parts() if part.verdict is State.DISPUTED)
