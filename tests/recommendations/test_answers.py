"""Answers: drafted, signed, sent once, put off once, and never by whose role has ended."""

import pytest

from tests import cast
from tests.recommendations.conftest import Table, mark
from tests.recommendations.test_clock import REASON, Days, day, state
from withus.compute.answering import State
from withus.core.errors import Denied, Refused
from withus.people import actions as people
from withus.public_log.models import LogEntry
from withus.recommendations import actions
from withus.recommendations.models import Draft, Response


def test_an_answer_is_drafted_countersigned_and_sent_and_a_change_takes_the_signature_away(
    table: Table, on: Days
) -> None:
    sent, mina = table.sent(), table.everybody.mina.actor
    words = {"outcome": "rejected", "reason": REASON, "language": "en"}
    with pytest.raises(Refused, match="No answer is drafted"):
        table.signed(sent)
    actions.draft(mina, sent, **words)
    with pytest.raises(Denied):
        actions.endorse(mina, sent, seen=mark(sent))
    with pytest.raises(Refused, match="countersign the answer first"):
        actions.send(mina, sent, seen=mark(sent))
    table.signed(sent)
    actions.draft(mina, sent, **words | {"outcome": "accepted"})
    with pytest.raises(Refused, match="countersign the answer first"):
        actions.send(mina, sent, seen=mark(sent))
    table.signed(sent)
    actions.send(mina, sent, seen=mark(sent))
    assert state(sent) is State.ACCEPTED
    with pytest.raises(Refused, match="countersign the answer first"):
        actions.send(mina, sent, seen=mark(sent))
    assert not Draft.objects.exists()


def test_there_is_one_answer_and_better_words_stand_beside_it(table: Table, on: Days) -> None:
    sent = table.sent()
    first = table.answered(sent, "rejected")
    with pytest.raises(Refused, match="an answer already"):
        table.answered(sent, "accepted")
    actions.correct(table.odile.actor, first, reason="We meant the budget of this year, not the next.", language="en")
    assert [(one.outcome, one.corrects_id) for one in Response.objects.order_by("id")] == [
        ("rejected", None),
        ("rejected", first.pk),
    ]
    assert state(sent) is State.REJECTED
    assert Response.objects.first().reason == "The budget of next year has room for this."


def test_what_is_put_off_comes_back(table: Table, on: Days) -> None:
    sent = table.sent()
    for review in (None, day(0), day(367)):
        with pytest.raises(Refused, match="take it up again"):
            table.answered(sent, "deferred", review_on=review)
    table.answered(sent, "deferred", review_on=day(90))
    on(90)
    assert state(sent) is State.DEFERRED
    on(91)
    assert state(sent) is State.OVERDUE
    table.answered(sent, "accepted_in_part")
    assert state(sent) is State.ACCEPTED
    with pytest.raises(Refused, match="to which it is passed on"):
        table.answered(table.sent(), "transferred")


def test_an_answer_waits_for_a_signature_and_nobody_else_sees_it(table: Table) -> None:
    sent, mina = table.sent(), table.everybody.mina
    said = {"outcome": "accepted", "reason": "We planned it for the spring already.", "language": "en"}
    before = LogEntry.objects.count()
    actions.draft(mina.actor, sent, **said)
    assert (LogEntry.objects.count(), state(sent)) == (before, State.OPEN)
    with pytest.raises(Denied, match="duty bearer"):
        actions.respond(mina.actor, sent, **said)
    address = sent.get_absolute_url()
    assert "in the spring" not in cast.browser(table.everybody.lu).get(address).content.decode()
    assert "for the spring" in cast.browser(mina).get(address).content.decode()
    page = cast.browser(table.odile).get(f"{address}respond").content.decode()
    assert "We planned it for the spring already." in page
    assert cast.browser(table.odile).post(f"{address}respond", said).status_code == 303
    assert not Draft.objects.exists()


def test_whose_role_ended_yesterday_answers_no_more(table: Table, on: Days) -> None:
    sent = table.sent()
    gone = {"pseudonym": table.odile.pseudonym, "role": "duty_bearer"}
    people.dismiss(table.everybody.mina.actor, table.everybody.ministry, **gone)
    on(1)
    client = cast.browser(table.odile)
    said = {"outcome": "rejected", "reason": REASON, "language": "en"}
    answer = client.post(f"{sent.get_absolute_url()}respond", said)
    assert answer.status_code == 403
    assert "duty bearer" in answer.content.decode()
    assert state(sent) is State.OPEN


def test_something_is_put_off_once(table: Table, on: Days) -> None:
    sent = table.sent()
    table.answered(sent, "deferred", review_on=day(50))
    with pytest.raises(Refused, match="put off once already"):
        table.answered(sent, "deferred", review_on=day(90))
    table.answered(sent, "rejected")
