"""Nobody signs or sends a text that she has not seen, and nothing that is sent twice is there twice."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import cast, make
from tests.deliberation.test_races import at_once
from tests.people.test_cards import text
from tests.recommendations.conftest import MONDAY, WORDS, Table, mark
from withus.core import clock
from withus.core.errors import Refused
from withus.policy.facts import SYSTEM
from withus.processes import actions as processes
from withus.recommendations import actions, queries
from withus.recommendations.models import (
    Commitment,
    Delivery,
    Dissent,
    Draft,
    Question,
    Recommendation,
    Response,
    Verification,
)

Days = Callable[[int], None]
YES = {"outcome": "accepted", "reason": "There is money for it from spring on.", "language": "en"}
NO = {"outcome": "rejected", "reason": "There is no money for it, not even in spring.", "language": "en"}


def seen_on(page: str) -> str:
    """The mark in the form of a page."""
    found = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    return found[1] if found else ""


# --- What was seen ---


@pytest.mark.parametrize("deed", ["endorse", "send"])
def test_an_answer_that_was_changed_meanwhile_is_shown_and_not_signed_or_sent(table: Table, deed: str) -> None:
    sent, mina, odile = table.sent(), table.everybody.mina.actor, cast.browser(table.odile)
    actions.draft(mina, sent, **YES)
    table.signed(sent)
    address = f"{sent.get_absolute_url()}{deed}"
    before = odile.get(address).content.decode()
    assert (YES["reason"] in before, seen_on(before)) == (True, mark(sent))
    actions.draft(mina, sent, **NO)
    if deed == "send":
        table.signed(sent)
    for old in ({"seen": seen_on(before)}, {}, {"seen": "\0"}):
        answer = odile.post(address, old)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'role="alert"' in page
        assert (NO["reason"] in page, YES["reason"] in page) == (True, False)
        assert seen_on(page) == mark(sent)
    assert "The answer is not the one that you saw: it was changed." in text(odile.post(address, {"seen": "x"}))
    assert not Response.objects.exists()
    assert Draft.objects.get().signed_on == (MONDAY if deed == "send" else None)
    assert odile.post(address, {"seen": mark(sent)}).status_code == 303


def test_each_part_of_an_answer_makes_another_mark(table: Table) -> None:
    sent, mina = table.sent(), table.everybody.mina.actor
    other = processes.open_body(SYSTEM, None, name="The region", decides="Money", language="en")
    place = "The office for housing in the town hall"
    answers: list[dict[str, Any]] = [
        YES, NO, YES | {"reason": NO["reason"]}, YES | {"language": "ar"},
        YES | {"outcome": "deferred", "review_on": MONDAY + datetime.timedelta(days=9)},
        YES | {"outcome": "deferred", "review_on": MONDAY + datetime.timedelta(days=8)},
        YES | {"outcome": "transferred", "passed_to": other}, YES | {"outcome": "transferred", "transferred_to": place},
    ]  # fmt: skip
    marks = set()
    for answer in answers:
        actions.draft(mina, sent, **answer)
        marks.add(mark(sent))
    assert len(marks) == len(answers)


# --- Sent twice ---


def twice(client: Client, place: str, form: dict[str, Any], kind: Any) -> None:
    """The same form again is one row, and a sentence."""
    assert client.post(place, form).status_code == 303
    again = client.post(place, form)
    assert (again.status_code, 'role="alert"' in again.content.decode()) == (200, True)
    assert kind.objects.count() == 1


def forms(table: Table) -> dict[str, dict[str, Any]]:
    """What people type."""
    return {
        "clarify": {"question": "Which of the two rooms do you mean here?"},
        "dissent": {"words": "The law says nothing about nights."},
        "commit": {"owner": "The office", "measure": "A key for all", "due_on": day(20).isoformat(), "budget": "none"},
        "deliver": {"words": "The room is open every night now."},
        "verify": {"verdict": "partly", "evidence": "It was shut on one night of three.", "minutes": "9"},
        "correct": {"reason": "We meant the budget of this year, not the next."},
    }


def day(number: int) -> datetime.date:
    """So many days after the Monday."""
    return MONDAY + datetime.timedelta(days=number)


def test_a_recommendation_that_is_sent_twice_is_there_once(table: Table, on: Days) -> None:
    lu = cast.browser(table.everybody.lu)
    twice(lu, "/recommendations/new", WORDS | {"body": table.body.code}, Recommendation)
    on(1)
    lu = cast.browser(table.everybody.lu)
    assert lu.post("/recommendations/new", WORDS | {"body": table.body.code}).status_code == 303, "another day, anew"
    assert lu.post("/recommendations/new", WORDS | {"body": table.body.code, "kind": "question"}).status_code == 303


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        ("clarify", Question),
        ("dissent", Dissent),
        ("commit", Commitment),
        ("deliver", Delivery),
        ("verify", Verification),
    ],
)
def test_what_is_said_twice_is_there_once(table: Table, deed: str, kind: Any) -> None:
    sent = table.sent()
    if deed != "clarify":
        table.answered(sent)
    if deed == "verify":
        actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    who = table.everybody.lu if deed in {"dissent", "verify"} else table.odile
    twice(cast.browser(who), f"{sent.get_absolute_url()}{deed}", forms(table)[deed], kind)


def test_better_words_that_are_sent_twice_stand_beside_the_answer_once(table: Table) -> None:
    sent, odile = table.sent(), cast.browser(table.odile)
    table.answered(sent)
    for status in (303, 200):
        said = forms(table)["correct"]
        assert odile.post(f"{sent.get_absolute_url()}correct", said).status_code == status
    assert Response.objects.count() == 2


@pytest.mark.usefixtures("own_database")
def test_whatever_is_sent_four_times_at_once_is_there_once() -> None:
    make.instance()
    peers = make.recognised()
    body = processes.open_body(SYSTEM, peers, name="The clinic", decides="Doses", language="en")
    said, today = {"organisation": peers, "language": "en"}, clock.today()
    to = queries.public_addressee(body)

    def four(deed: Callable[[], object], kind: Any) -> None:
        wrong = at_once(*(deed for _ in range(4)))
        assert [type(one) for one in wrong] == [Refused] * 3
        assert kind.objects.count() == 1

    four(lambda: actions.recommend(SYSTEM, to, **WORDS, **said), Recommendation)
    sent = lambda: Recommendation.objects.get()  # noqa: E731  each thread holds its own
    actions.acknowledge(SYSTEM, sent())
    four(lambda: actions.clarify(SYSTEM, sent(), question=WORDS["text"], language="en"), Question)
    actions.respond(SYSTEM, sent(), **YES)
    four(lambda: actions.dissent(SYSTEM, sent(), words=WORDS["text"], language="en"), Dissent)
    promise = {"owner": "The office", "measure": "A key for all", "due_on": today, "budget": "none", "language": "en"}
    four(lambda: actions.commit(SYSTEM, sent(), **promise), Commitment)
    four(lambda: actions.deliver(SYSTEM, sent(), words=WORDS["text"], language="en"), Delivery)
    check = {"verdict": "confirmed", "evidence": WORDS["text"]} | said
    four(lambda: actions.verify(SYSTEM, queries.public_checkable(sent()), **check), Verification)
