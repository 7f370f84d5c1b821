"""The database counts what the pure rates count; and one statement counts everything."""

import datetime
from typing import Any

import pytest
from bench import much
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import make
from tests.figures import rows
from tests.figures.rows import DAY
from tests.recommendations.conftest import Table
from withus.compute import rates
from withus.compute.answering import YES, Course, Outcome, State
from withus.figures import queries
from withus.pay.models import PayLine, Payment
from withus.people.models import OrganisationKind
from withus.policy.facts import SYSTEM
from withus.processes import actions as processes
from withus.recommendations.models import Commitment, Delivery, Recommendation, Verification
from withus.recommendations.queries import public_some, public_whole

_MAYBE = st.one_of(st.none(), st.integers(0, 120))
COURSES = st.builds(
    rows.course,
    sent=st.one_of(st.none(), st.integers(0, 400)),
    answers=st.lists(st.tuples(st.integers(0, 80), st.sampled_from(Outcome)), max_size=2),
    asked=st.one_of(st.none(), st.integers(0, 25)),
    until=st.one_of(st.none(), st.integers(25, 60)),
    promised=_MAYBE,
    delivered=_MAYBE,
    checks=st.integers(0, 5),
)

TRUE = {State.CONFIRMED, State.PARTLY}  # said by peers too


@settings(max_examples=60)
@given(courses=st.lists(COURSES, max_size=12), days=st.integers(0, 700))
def test_the_database_counts_what_the_rates_count(table: Table, courses: list[Course], days: int) -> None:
    day = DAY + datetime.timedelta(days=days)
    standings = [one.standing() for one in courses]
    with transaction.atomic():
        rows.save(table.everybody.peers, table.body, courses)
        counted = queries.public_counts(table.body, day)
        silent = [one.standing().days_silent(day) for one in queries.public_silent(table.body, day)]
        transaction.set_rollback(True)
    shown = rates.quarters(day)
    assert counted.in_time == {quarter: rates.answered(standings, quarter, day) for quarter in shown}
    assert counted.verified == {quarter: rates.verified(standings, quarter, day) for quarter in shown}
    assert counted.silence == rates.silence(standings, day)
    assert counted.sent == sum(one.sent_on is not None for one in courses)
    assert counted.answered == sum(one.answered_on is not None for one in standings)
    assert counted.checked == sum(one.verdict is not None for one in standings)
    assert counted.answers_overdue == len(silent)
    assert silent == sorted(filter(None, (one.days_silent(day) for one in standings)), reverse=True)
    states = [one.state(day) for one in standings]
    waiting = [one for one in standings if one.acknowledge_by and not one.was_heard and not one.answered_on]
    assert counted.unheard == sum(one.acknowledge_by < day for one in waiting if one.acknowledge_by)
    assert counted.promises_overdue == sum(
        state in {State.LATE, State.DISPUTED} or (one.delivered_on > one.done_by and one.verdict not in TRUE)
        for state, one in zip(states, standings, strict=True)
        if one.outcome in YES and one.done_by and one.done_by < day
    )


def test_the_three_counts_are_as_long_as_the_lists_that_they_link_to(table: Table) -> None:
    made = [
        rows.course(None, ()),
        rows.course(5, ()),
        rows.course(5, [(3, Outcome.REJECTED)]),
        rows.course(5, [(3, Outcome.ACCEPTED)], delivered=9, checks=2),
    ]
    rows.save(table.everybody.peers, table.body, made)
    counted = queries.public_counts(table.body, DAY)
    listed = {name: public_some(name, table.body).count() for name in ("sent", "answered", "checked")}
    assert (counted.sent, counted.answered, counted.checked) == (3, 2, 1)
    assert listed == {"sent": 3, "answered": 2, "checked": 1}


def test_another_bodys_recommendations_count_for_that_body_alone(table: Table) -> None:
    other = make.organisation("The council", OrganisationKind.BODY)
    about = {"name": "", "decides": "Streets", "language": "en", "organisation": other}
    rows.save(table.everybody.peers, processes.open_body(SYSTEM, None, **about), [rows.course(0, ())] * 3)
    assert queries.public_counts(table.body, DAY).sent == 0


def test_everything_is_counted_in_one_statement(table: Table, django_assert_num_queries: Any) -> None:
    rows.save(table.everybody.peers, table.body, [rows.course(number, ()) for number in range(40)])
    with django_assert_num_queries(1):
        queries.public_counts(table.body, DAY)


@pytest.mark.parametrize("below", ["", "poster", "feed.rss", "deadlines.ics", "data.csv", "data.json"])
def test_what_is_there_for_a_body_takes_as_many_statements_for_many_as_for_one(
    table: Table, reader: Any, below: str
) -> None:
    taken = []
    for many in (1, 60):
        rows.save(table.everybody.peers, table.body, [rows.course(number, ()) for number in range(many)])
        with CaptureQueriesContext(connection) as seen:
            assert reader.get(f"{table.body.get_absolute_url()}{below}").status_code == 200
        taken.append(len(seen))
    assert taken[0] == taken[1] <= 42  # five for the days of others, which a page reads once an edition


def test_what_the_bench_makes_and_measures_takes_as_many_statements_for_fifty_as_for_five(table: Table) -> None:
    def taken() -> dict[str, list[float]]:
        return {name: seen["statements"] for name, seen in much.measure(table.body, 1).items()}

    much.make(table.body, table.everybody.peers, table.fund, 5)
    few = taken()
    much.make(table.body, table.everybody.peers, table.fund, 50)
    assert taken() == few
    kinds = (Recommendation, Commitment, Delivery, Verification, PayLine, Payment)
    assert min(kind.objects.count() for kind in kinds) > 5
    for one in public_whole():
        assert one.course().standing() == one.standing(), "what was made is told by its dates and by its rows alike"
