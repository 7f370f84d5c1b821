"""Beside each rate stand the days of what it counts: no later terms make an old rate look quick or patient."""

import csv
import datetime
import io
import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.figures import rows
from tests.figures.test_page import shown
from tests.figures.test_table import Seated, seated, terms
from tests.recommendations.conftest import Table
from tests.recommendations.test_laws import cite
from withus.compute.answering import Outcome
from withus.core import clock
from withus.figures import queries, telling, times
from withus.processes.board.models import Terms
from withus.processes.models import Body
from withus.recommendations import actions
from withus.recommendations.in_force import DEFAULT

__all__ = ["seated"]

Days = Callable[[int], None]
HOST = "as this host states for bodies without terms"


def said(body: Body) -> dict[str, str]:
    """What stands beside each rate today."""
    return telling.deadlines(queries.public_record(body))


def test_where_nothing_is_counted_yet_the_days_of_today_stand_there(table: Table) -> None:
    today = f"within 20 to 30 days, {HOST}"
    found = said(table.body)
    more = f"within 20 to 30 days (up to 30 days more with a public reason), {HOST}"
    assert found["I-02"] == found["I-04"] == found["label"] == more
    assert found["I-03"] == f"by the day that was promised; where none was, {today}, counted from the yes"


def test_later_terms_change_nothing_beside_what_was_sent_before(table: Table, on: Days) -> None:
    terms(table.body, reply_days=90, question_days=60)
    slow = table.sent()
    on(1)
    table.sent(kind="question")
    terms(table.body, acknowledge_days=5, reply_days=9, question_days=7, extension_days=9)
    before = "as its terms of reference said on the day of sending"
    assert said(table.body)["I-02"].startswith("within 7 to 9 days (up to 9 days more with")
    assert said(table.body)["I-04"] == f"within 60 to 90 days, {before}"
    more = "(up to {} days more with a public reason)"
    label = f"within 7 to 9 days {more.format(9)}, as its terms of reference say; "
    assert said(table.body)["label"] == f"{label}within 60 to 90 days {more.format(30)}, {before}"
    on(64)
    assert said(table.body)["I-02"] == f"within 60 days, {before}", "its clock alone has ended"
    on(120)
    assert said(table.body)["I-02"] == f"within 60 to 90 days, {before}"
    table.answered(slow)
    assert said(table.body)["I-03"].startswith("by the day that was promised; where none was, within 7 to 9 days")
    on(300)
    assert f"where none was, within 90 days, {before}, counted" in said(table.body)["I-03"]
    on(900)
    assert said(table.body)["I-02"].startswith("within 7 to 9 days"), "older than the four quarters"


def test_more_time_is_told_where_somebody_took_it(table: Table, on: Days) -> None:
    sent, other = table.sent(), table.sent()
    reason = "The council meets only in the new year, and decides then."
    assert "more" not in said(table.body)["I-04"]
    actions.extend(table.odile.actor, sent, until=clock.today() + datetime.timedelta(days=50), reason=reason,
                   language="en")  # fmt: skip
    assert said(table.body)["I-04"] == f"within 30 days (up to 30 days more with a public reason), {HOST}"
    table.answered(sent)
    assert "more" not in said(table.body)["I-04"], "the other one waits as it was sent"
    on(31)
    assert "more" not in said(table.body)["I-02"]
    on(51)
    assert said(table.body)["I-02"] == f"within 30 days (up to 30 days more with a public reason), {HOST}"
    table.answered(other)


def test_days_of_each_source_and_kind_stand_side_by_side(table: Table, clinic: Body, on: Days) -> None:
    table.sent(clinic)
    rows.save(table.everybody.peers, clinic, [rows.course(0, ())])
    cite(table, clinic, counting="working")
    law = "Act on petitions, article 7: an office answers whoever writes to it"
    table.sent(clinic)
    assert said(clinic)["I-02"] == f"within 30 days, {HOST}"
    assert said(clinic)["label"].startswith(f"within 14 to 28 working days, as the law says: \u2068{law}\u2069; within")
    cited = table.sent(clinic)
    actions.serve(table.everybody.lu.actor, cited, how="hand", words="The front office of the clinic took it.",
                  served_on=clock.today())  # fmt: skip
    assert said(clinic)["I-04"] == (
        f"within 28 working days, as the law says: \u2068{law}\u2069; within 30 days, {HOST}"
    )
    cite(table, clinic, reply_days=9)
    assert said(clinic)["I-04"].startswith("within 28 working days, as the law says that counted on the day of sending")


def test_the_label_stands_with_the_days_of_old_terms_that_gave_a_year(seated: Seated, on: Days, reader: Client) -> None:
    body = seated.table.body
    Terms.objects.update(reply_days=365, extension_days=365)  # as terms of before could
    due = "Answers are due within 20 to 365 days (up to 365 days more with a public reason), "
    due += "as its terms of reference say."
    assert seated.missing() == ()
    assert (
        f"Nothing is past due: no answer, no word that something has arrived, and nothing that was promised. {due}"
        in shown(reader, seated.table)
    )
    poster = f"{body.get_absolute_url()}poster"
    assert f"<strong>Involves peers.</strong> {due}" in reader.get(poster).content.decode()
    seated.table.sent()
    terms(body, acknowledge_days=5, reply_days=9, question_days=9, extension_days=0)
    more = "(up to 365 days more with a public reason)"
    says = f"within 9 days, as its terms of reference say; within 365 days {more}, as its terms"
    assert says in shown(reader, seated.table)
    on(300)
    on(366)
    for below in ("", "poster"):
        page = reader.get(f"{body.get_absolute_url()}{below}").content.decode()
        assert f"{telling.MISSING['overdue']} Answers are due within" in page


def test_data_and_table_say_it_in_the_same_words(table: Table, on: Days, reader: Client) -> None:
    terms(table.body, reply_days=90)
    table.sent()
    terms(table.body)
    place = table.body.get_absolute_url()
    assert json.loads(reader.get(f"{place}data.json").content)["deadlines"] == said(table.body)
    (row,) = csv.DictReader(io.StringIO(reader.get(f"{place}data.csv").content.decode("utf-8-sig")))
    assert (
        row["deadline"]
        == said(table.body)["I-04"]
        == ("within 90 days, as its terms of reference said on the day of sending")
    )
    page = shown(reader, table)
    for key in ("I-02", "I-03", "I-04"):
        assert f"Deadline: {said(table.body)[key]}." in page
    assert "Accept-Language" in reader.get(f"{place}data.json")["Vary"]


@pytest.mark.parametrize("many", [0, 1, 40])
def test_it_takes_one_statement_however_many_there_are(table: Table, many: int) -> None:
    made = [rows.course(number, [(3, Outcome.ACCEPTED)]) for number in range(many)]
    rows.save(table.everybody.peers, table.body, made)
    with CaptureQueriesContext(connection) as seen:
        times.public_times(table.body, clock.today(), DEFAULT)
    assert len(seen) == 2, "and the days of others, which a page reads once an edition"
