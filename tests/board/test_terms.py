"""Terms of reference: in versions, never over one another, and never for the past."""

import datetime
import json
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.board.conftest import STATED, Board, Days, day
from withus.compute.deadlines import Calendar, Counting, end
from withus.core.errors import Denied, Refused
from withus.policy.facts import Role
from withus.processes.board import actions, queries
from withus.processes.board.models import Terms
from withus.processes.board.terms import LIMITS, TEXTS
from withus.public_log.models import LogEntry, LogOpening


def sent(**more: Any) -> dict[str, Any]:
    """What a browser sends to adopt terms."""
    plain = {name: value for name, value in STATED.items() if value not in (None, "", False)}
    return plain | {"in_force_on": day(0).isoformat(), "review_on": day(365).isoformat()} | more


def test_a_new_version_stands_beside_the_one_before(board: Board, on: Days) -> None:
    first = board.adopted()
    on(5)
    second = board.adopted(reply_days=60, in_force_on=day(9))
    assert [one.version for one in queries.public_versions(board.body)] == [2, 1]
    assert [queries.public_terms(board.body, day(n)) for n in (-1, 0, 8, 9)] == [None, first, first, second]
    changed = [(p.name, p.before, p.words) for p in queries.public_points(second, first) if p.is_changed]
    assert ("Days to answer a recommendation", "30", "60") in changed
    assert len(changed) == 3  # and the two days


def test_terms_are_current_until_the_day_on_which_they_are_looked_at_again(board: Board) -> None:
    terms = board.adopted()
    assert [queries.public_current(terms, day(n)) for n in (-1, 0, 365, 366)] == [False, True, True, False]
    assert not queries.public_current(None, day(0))


def test_the_log_keeps_days_and_rights_and_commits_to_the_words(board: Board) -> None:
    terms = board.adopted()
    entry = json.loads(bytes(LogEntry.objects.order_by("seq").last().body))
    assert (entry["type"], entry["actor"], entry["body"]) == ("terms.adopted", "body", board.body.code)
    facts = entry["facts"]
    assert (facts["reply_days"], facts["agenda_right"], facts["in_force_on"]) == (30, True, day(0).isoformat())
    assert set(facts["mandate"]) == {"commit"}
    assert LogOpening.objects.get(subject=terms.code, path="facts.mandate").content == "It advises on nights."


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"in_force_on": day(-1)}, "in_force_on", "This day has passed"),
        ({"review_on": day(-1)}, "review_on", "Choose a day after the one from which"),
        ({"review_on": day(0)}, "review_on", "Choose a day after the one from which"),
        ({"in_force_on": day(366), "review_on": day(400)}, "in_force_on", "at most a year away"),
        ({"review_on": day(1097)}, "review_on", "at most three years"),
        ({"cap": 9}, "cap", "Write ten or more"),
        ({"acknowledge_days": 31}, "acknowledge_days", "cannot take longer than the answer"),
        ({"extension_days": 31}, "extension_days", "cannot be longer than the time for the answer"),
        ({"region": "XX-Y"}, "region", "no public holidays of this region"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_a_sentence(
    board: Board, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as no:
        board.adopted(**wrong)
    assert no.value.field == field
    typed = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in wrong.items()}
    answer = cast.browser(board.everybody.mina).post(f"/bodies/{board.body.code}/terms/new", sent(**typed))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Terms.objects.exists()


@pytest.mark.parametrize("number", [-1, 366, 10_000, 100_000])
@pytest.mark.parametrize("field", ["acknowledge_days", "reply_days", "question_days", "extension_days", "peer_seats"])
def test_a_number_that_makes_no_sense_is_refused_with_its_bounds(board: Board, field: str, number: int) -> None:
    least, most = LIMITS[field]
    with pytest.raises(Refused, match=f"Write a number from {least} to {most}") as no:
        board.adopted(**{field: number})
    assert no.value.field == field
    answer = cast.browser(board.everybody.mina).post(f"/bodies/{board.body.code}/terms/new", sent(**{field: number}))
    assert f"Write a number from {least} to {most}." in answer.content.decode()
    assert not Terms.objects.exists()


def test_a_deadline_of_no_days_is_none(board: Board) -> None:
    for field, most in (("acknowledge_days", 31), ("reply_days", 183), ("question_days", 183)):
        with pytest.raises(Refused, match=f"Write a number from 1 to {most}"):
            board.adopted(**{field: 0})
    with pytest.raises(Refused, match=r"Write a number from 10 to 1\D000"):
        board.adopted(cap=1_001)
    board.adopted(acknowledge_days=1, reply_days=1, question_days=1, extension_days=0, peer_seats=0, cap=1_000)
    board.adopted(acknowledge_days=31, reply_days=183, question_days=183, extension_days=183, peer_seats=99, cap=10)


def test_terms_of_before_that_gave_a_year_stay_and_hold_until_there_are_others(board: Board, client: Client) -> None:
    days = {"in_force_on": day(0), "review_on": day(300), "endorsed_on": day(0)}
    old = Terms.objects.create(body=board.body, version=1, **STATED | days | {"reply_days": 365, "extension_days": 365})
    old.full_clean()
    assert queries.public_terms(board.body, day(1)) == old
    assert "365" in client.get(f"/bodies/{board.body.code}/terms").content.decode()
    page = cast.browser(board.everybody.mina).post(f"/bodies/{board.body.code}/terms/new", sent(reply_days=365))
    assert "Write a number from 1 to 183." in page.content.decode()


@pytest.mark.parametrize("field", TEXTS)
def test_words_of_terms_that_say_nothing_are_refused_beside_their_question(board: Board, field: str) -> None:
    with pytest.raises(Refused, match="one word tells them nothing") as no:
        board.adopted(**{field: "x"})
    assert no.value.field == field
    answer = cast.browser(board.everybody.mina).post(f"/bodies/{board.body.code}/terms/new", sent(**{field: "x"}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="#id_{field}"' in page
    assert "one word tells them nothing" in page


def test_a_form_tells_of_all_that_is_wrong_with_terms_at_once(board: Board) -> None:
    wrong = {
        "in_force_on": "2020-01-01",
        "review_on": "2019-01-01",
        "cap": 3,
        "region": "ZZ",
        "reply_days": 9,
        "pay": "no",
    }
    answer = cast.browser(board.everybody.mina).post(f"/bodies/{board.body.code}/terms/new", sent(**wrong))
    said = re.findall(r'href="#id_(\w+)"', answer.content.decode())
    assert said == ["acknowledge_days", "extension_days", "region", "cap", "pay", "in_force_on", "review_on"]
    with pytest.raises(Refused) as no:
        board.adopted(mandate="x", pay="0", reply_days=0, acknowledge_days=0, region="XX", cap=3)
    fields = ["mandate", "pay", "reply_days", "acknowledge_days", "extension_days", "region", "cap"]
    assert sorted(str(one.field) for one in no.value.several) == sorted(fields)
    assert not Terms.objects.exists()


def test_the_page_says_of_days_what_is_counted(board: Board) -> None:
    def said(**more: Any) -> str:
        board.adopted(**more)
        return cast.browser().get(f"/bodies/{board.body.code}/terms").content.decode()

    assert "if the last one is a weekend or a holiday, it moves to the next working day" in said()
    saturday = datetime.date(2026, 11, 28)
    assert end(saturday - datetime.timedelta(days=9), 9, Counting.CALENDAR, Calendar()) == day(7)
    assert "only working days count: no weekends, no holidays" in said(counting="working")


@pytest.mark.parametrize(
    "wrong",
    [
        {"cap": 9}, {"cap": 1_001}, {"reply_days": 0}, {"reply_days": 366}, {"extension_days": 366},
        {"acknowledge_days": 31}, {"review_on": day(0)}, {"in_force_on": day(-1)},
    ],
)  # fmt: skip
def test_the_database_keeps_no_such_terms_either(board: Board, wrong: dict[str, Any]) -> None:
    days = {"in_force_on": day(0), "review_on": day(9), "endorsed_on": day(0)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Terms.objects.create(body=board.body, version=1, **(STATED | days | wrong))


def test_only_the_bodys_office_adopts(board: Board) -> None:
    elsewhere = make.somebody(Role.BODY_SECRETARY, make.organisation("Another", "body"))
    for who in (board.everybody.lu, board.everybody.hedy, elsewhere):
        with pytest.raises(Denied, match="answer for this body"):
            actions.adopt(who.actor, board.body, terms=Terms(**STATED, in_force_on=day(0), review_on=day(9)))


def test_the_form_says_that_clocks_keep_their_terms_and_begins_with_the_last_ones_words(board: Board) -> None:
    address, mina = f"/bodies/{board.body.code}/terms/new", cast.browser(board.everybody.mina)
    assert mina.post(address, sent()).status_code == 303
    page = mina.get(address).content.decode()
    assert "Clocks that run keep the terms that they began with" in page
    assert "It advises on nights." in page
    twice = mina.post(address, sent())
    assert twice.status_code == 200
    assert "what version 1 says already" in twice.content.decode()
    assert Terms.objects.count() == 1


def test_the_page_says_what_holds_what_changed_and_what_is_not_stated(board: Board, on: Days) -> None:
    def seen() -> str:
        return cast.browser().get(f"/bodies/{board.body.code}/terms").content.decode()

    assert "No terms of reference are in force" in seen()
    board.adopted(pay="")
    board.adopted(pay="", agenda_right=False, mandate="It decides on nights.")
    page = seen()
    assert "not stated" in page
    assert "Anyone seated can put items on the agenda: was yes, is no" in page
    assert "What it is there for: other words" in page
    assert "clocks that run stay as they are" in page
    on(366)
    assert "should have been looked at again" in seen()
    with CaptureQueriesContext(connection) as few:
        seen()
    for number in range(5):
        board.adopted(reply_days=40 + number)
    with CaptureQueriesContext(connection) as many:
        seen()
    assert len(many) == len(few)
