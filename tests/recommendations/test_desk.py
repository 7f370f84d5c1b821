"""The desk: all that waits, by its day, for those who answer and for those who check."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.figures import rows
from tests.recommendations.conftest import MONDAY, Table, mark
from tests.recommendations.joined import contests
from withus.people import actions as people
from withus.people.models import Account, Membership, Organisation
from withus.policy.facts import SYSTEM, Role, Standing
from withus.processes import actions as processes
from withus.processes.board import actions as board
from withus.recommendations import actions, desk, queries
from withus.recommendations.models import Recommendation
from withus.web.tasks import in_stretches

Days = Callable[[int], None]
PROMISE = {"owner": "Health office", "measure": "Two people at night", "budget": "20,000", "language": "en"}


def office(table: Table) -> list[tuple[str, int | None]]:
    """What Odile finds on her desk, and in how many days from the first Monday it ends."""
    found = desk.everything(table.odile.actor)
    return [(task.deed.rsplit("/", 1)[-1], (task.due_on - MONDAY).days if task.due_on else None) for task in found]


def peers(table: Table) -> list[str]:
    """What Lu finds on hers."""
    return [task.deed.rsplit("/", 1)[-1] for task in desk.everything(table.everybody.lu.actor)]


def dismissed(table: Table, who: make.Somebody, role: Role) -> None:
    """Her role ends."""
    people.dismiss(SYSTEM, table.everybody.ministry, pseudonym=who.pseudonym, role=role)


def test_an_answer_stays_on_the_desk_until_it_is_sent_and_then_its_promise_does(table: Table, on: Days) -> None:
    sent, mina, odile = table.sent(), table.everybody.mina.actor, table.odile.actor
    assert office(table) == [("acknowledge", 10), ("draft", 30)]
    actions.acknowledge(mina, sent)
    actions.draft(mina, sent, outcome="accepted", reason="There is money for it from spring on.", language="en")
    assert office(table) == [("endorse", 30)]
    table.signed(sent)
    assert office(table) == [("send", 30)]
    actions.send(mina, sent, seen=mark(sent))
    assert office(table) == [("commit", 30)]
    actions.commit(odile, sent, due_on=MONDAY.replace(month=12, day=31), **PROMISE)
    assert office(table) == [("deliver", 38)]
    actions.deliver(odile, sent, words="The room is open every night now.", language="en")
    assert office(table) == []
    assert peers(table) == ["verify"]
    check = {"organisation": table.everybody.peers, "evidence": "It was shut on both nights.", "language": "en"}
    actions.verify(table.everybody.lu.actor, queries.public_checkable(sent), verdict="disputed", minutes=45, **check)
    assert office(table) == [("deliver", 38)]
    assert peers(table) == []


def test_a_law_that_others_name_stands_under_its_own_day_beside_what_was_accepted(table: Table, on: Days) -> None:
    sent, lu = table.sent(), table.everybody.lu.actor
    table.answered(sent)
    law = {"source": "law", "source_words": "Health Act, section 9"}
    named = actions.commit(lu, sent, due_on=MONDAY + datetime.timedelta(days=60), **PROMISE | law)
    sent.refresh_from_db()
    assert sent.done_by is not None
    accepted = ("commit", (sent.done_by - MONDAY).days)
    assert sorted(office(table)) == [accepted, ("deliver", 60)]
    table.done(sent, named)
    table.checked(sent, "disputed")
    assert sorted(office(table)) == [accepted, ("deliver", 60)], (
        "what peers refute is to be done again, by the same day"
    )


def test_a_check_says_how_long_it_usually_takes(table: Table, on: Days) -> None:
    sent, odile, lu = table.sent(), table.odile.actor, table.everybody.lu.actor
    table.answered(sent)
    check = {"organisation": table.everybody.peers, "evidence": "It was shut on both nights.", "language": "en"}
    actions.deliver(odile, sent, words="The room is open every night now.", language="en")
    assert [task.minutes for task in desk.everything(lu)] == [None]
    actions.verify(lu, queries.public_checkable(sent), verdict="disputed", minutes=45, **check)
    actions.deliver(odile, sent, words="The lock was changed; now it is open.", language="en")
    assert [task.minutes for task in desk.everything(lu)] == [45]


def test_the_peers_desk_holds_letters_and_questions_back(table: Table, on: Days) -> None:
    sent = table.sent()
    actions.clarify(table.odile.actor, sent, question="Which of the two rooms do you mean here?", language="en")
    assert peers(table) == ["explain"]
    about = {"name": "The clinic", "decides": "Doses", "language": "en"}
    table.sent(processes.open_body(SYSTEM, table.everybody.peers, **about))
    assert peers(table) == ["explain", "serve"]


def test_whoever_takes_the_role_over_finds_everything(table: Table, on: Days) -> None:
    table.sent()
    before = office(table)
    dismissed(table, table.odile, Role.DUTY_BEARER)
    assert (
        office(Table(table.everybody, table.body, make.somebody(Role.DUTY_BEARER, table.everybody.ministry))) == before
    )


def test_the_desk_is_sorted_by_when_things_end(table: Table, on: Days) -> None:
    table.sent()
    on(8)
    table.sent()
    on(31)
    tasks = desk.everything(table.odile.actor)
    assert [(one.title, len(one.tasks)) for one in in_stretches(tasks, MONDAY.replace(month=12, day=24))] == [
        ("Past its day", 3),
        ("In the next seven days", 1),
    ]


def many(table: Table, number: int) -> None:
    """So many that nobody has answered, by the days on which they were sent."""
    courses = (rows.course(day // 10, ()) for day in range(number))
    rows.save(table.everybody.peers, table.body, courses)


def test_a_page_of_the_desk_is_as_light_with_two_thousand_as_with_sixty(
    table: Table, on: Days, django_assert_num_queries: Callable[[int], Any]
) -> None:
    odile = cast.browser(table.odile)
    many(table, 60)
    odile.get("/desk/")  # what is read once an edition
    with CaptureQueriesContext(connection) as few:
        light = odile.get("/desk/")
    statements = len(few)
    many(table, 2000)
    odile.get("/desk/")
    with django_assert_num_queries(statements):
        heavy = odile.get("/desk/")
    assert len(heavy.content) < len(light.content) + 500
    assert len(brotli.compress(heavy.content)) < 6_000
    shown = heavy.content.decode()
    assert "4,120 are past their day.".replace(",", "\u202f") in shown
    assert "Page 1 of 83" in shown


def test_the_pages_of_the_desk_hold_every_task_once_by_its_day(table: Table, on: Days) -> None:
    many(table, 60)
    tasks = desk.everything(table.odile.actor)
    assert len(tasks) == 120
    pages = [tasks[start : start + 50] for start in range(0, len(tasks), 50)]
    assert [task for page in pages for task in page] == list(tasks)
    assert len({(task.about, task.deed) for task in tasks}) == 120
    days = [task.due_on for task in tasks]
    assert days == sorted(days)
    assert tasks[0] == pages[0][0]


def with_both_roles(who: make.Somebody, role: Role, of: Organisation) -> make.Somebody:
    """Whoever has a role here takes one there too; her browser knows."""
    account = Account.objects.get(pk=who.actor.account)
    Membership.objects.create(account=account, organisation=of, role=role, since=MONDAY)
    return replace(who, actor=replace(who.actor, standings=who.actor.standings | {Standing(role, of.code)}))


def test_no_link_of_a_desk_leads_where_its_reader_may_not_go(table: Table, on: Days) -> None:
    sent, body, everybody = table.sent(), table.body, table.everybody
    table.answered(sent)
    table.done(sent)
    board.add_seat(SYSTEM, body, name="Nights", side="peers", organisation=everybody.peers, language="en")
    meeting = board.call(SYSTEM, body, day=MONDAY + datetime.timedelta(days=9), place="The hall", planned_minutes=60,
                         language="en")  # fmt: skip
    on(9)
    board.write_minutes(SYSTEM, meeting, words="Everybody spoke of nights.", duration=50, present=[], language="en")
    board.call(SYSTEM, body, day=MONDAY + datetime.timedelta(days=30), place="The hall", planned_minutes=60,
               language="en")  # fmt: skip
    lu = with_both_roles(everybody.lu, Role.BODY_SECRETARY, everybody.ministry)
    tasks = [task for task in desk.everything(lu.actor) if task.organisation == everybody.peers.name]
    assert {str(task.what).split(",")[0].split(":")[0] for task in tasks} >= {
        "Check whether it is done",
        "Fill your seat",
    }
    browser = cast.browser(lu)
    for task in desk.everything(lu.actor):
        assert browser.get(task.deed).status_code == 200, task.deed
    alone = cast.browser(everybody.lu)
    assert any(task.deed.endswith("/verify") for task in desk.everything(everybody.lu.actor))
    assert alone.get("/desk/").status_code == 200


def test_a_steward_of_the_house_who_answers_for_a_body_is_led_to_its_page(joined: Any) -> None:
    contests(joined)
    hedy = joined.table.everybody.hedy
    (task,) = [one for one in desk.everything(hedy.actor) if "Say who holds this page" in str(one.what)]
    assert task.deed.endswith("/attest")
    both = with_both_roles(hedy, Role.DUTY_BEARER, joined.body.organisation)
    (task,) = [one for one in desk.everything(both.actor) if "Say who holds this page" in str(one.what)]
    assert task.deed == joined.body.get_absolute_url()


def test_the_desk_says_what_was_taken_away(table: Table, on: Days) -> None:
    table.sent()
    Recommendation.objects.update(text="")
    assert {task.text for task in desk.everything(table.odile.actor)} == {"Words that were taken away"}


@pytest.mark.parametrize(("who", "status"), [("mina", 200), ("lu", 200), ("ana", 403), ("hedy", 200), ("", 403)])
def test_the_desk_is_for_those_who_speak(table: Table, on: Days, who: str, status: int) -> None:
    table.sent()
    browser = cast.browser(getattr(table.everybody, who)) if who else Client()
    answer = browser.get("/desk/")
    assert answer.status_code == status
    if who == "mina":
        assert b"Say that it has arrived" in answer.content
    if who == "lu":
        assert b"Nothing waits for your organisation" in answer.content
