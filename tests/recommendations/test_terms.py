"""What a body's terms, a named law and this host each give to what is sent; and what they cannot take back."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from tests.recommendations.conftest import MONDAY, Table
from withus.core import clock
from withus.core.errors import Refused
from withus.policy.facts import SYSTEM
from withus.processes.board import actions as board
from withus.processes.board.models import Terms
from withus.public_log.models import LogEntry
from withus.recommendations import queries
from withus.recommendations.letters import actions as letters
from withus.recommendations.letters.queries import public_norm_of
from withus.recommendations.models import Recommendation

Days = Callable[[int], None]
LAW = {
    "words": "Act on petitions, article 7: an office answers whoever writes to it.", "acknowledge_days": 5,
    "reply_days": 14, "question_days": 7, "extension_days": 0, "counting": "working", "region": "DE-BE",
}  # fmt: skip


def day(number: int) -> datetime.date:
    """So many days after the Monday."""
    return MONDAY + datetime.timedelta(days=number)


def adopted(table: Table, **more: Any) -> Terms:
    """Terms of the ministry, in force from today."""
    about = {"kind": "advisory", "mandate": "To advise on hours.", "who_decides": "The council.", "peer_seats": 3}
    days = {"acknowledge_days": 10, "reply_days": 30, "question_days": 20, "extension_days": 30, "counting": "calendar"}
    held = {"in_force_on": clock.today(), "review_on": clock.today() + datetime.timedelta(days=300)}
    made = Terms(**about | days | held | {"peer_vote": True, "agenda_right": True} | more)
    return board.adopt(table.everybody.mina.actor, table.body, terms=made)


def read(of: Recommendation) -> Recommendation:
    """The row as it is now."""
    return queries.public_whole().get(pk=of.pk)


def test_what_is_sent_keeps_the_terms_of_its_day_however_they_change(table: Table, on: Days) -> None:
    adopted(table, reply_days=20, extension_days=20)
    before = table.sent()
    on(2)
    adopted(table, reply_days=90, cap=10)
    after = table.sent()
    assert (read(before).due_on, read(after).due_on) == (day(21), day(92))  # each a Monday or later; day 20 is a Sunday
    assert (read(before).terms_version, read(after).terms_version) == (1, 2)
    assert read(before).course().standing() == read(before).standing()
    on(22)
    assert read(before).standing().days_silent(day(22)) == 1


def test_terms_that_begin_later_give_nothing_yet(table: Table, on: Days) -> None:
    adopted(table, reply_days=90, in_force_on=day(5), review_on=day(200))
    assert read(table.sent()).terms_version is None
    on(5)
    assert read(table.sent()).terms_version == 1


def test_a_formal_question_has_the_days_that_the_terms_give_it(table: Table, on: Days) -> None:
    adopted(table, reply_days=30, question_days=7)
    assert read(table.sent(kind="question")).due_on == day(7)


def test_a_named_law_holds_until_the_body_has_terms(table: Table, on: Days) -> None:
    letters.cite(SYSTEM, queries.public_addressee(table.body), organisation=table.everybody.peers, language="en", **LAW)
    sent = read(table.sent())
    assert (sent.norm_version, sent.reply_days, sent.counting, sent.region) == (1, 14, "working", "DE-BE")
    adopted(table)
    assert (read(table.sent()).norm_version, read(sent).norm_version) == (None, 1)
    assert public_norm_of(sent).words == LAW["words"]  # type: ignore[union-attr]


def test_the_cap_of_the_terms_refuses_and_the_log_says_who_asked(table: Table, on: Days) -> None:
    adopted(table, cap=10)
    for _ in range(10):
        table.sent()
    with pytest.raises(Refused, match="wait for 10 answers at once"):
        table.sent()
    assert Recommendation.objects.count() == 10
    assert b"recommendation.capped" in bytes(LogEntry.objects.order_by("seq").last().body)  # type: ignore[union-attr]
    table.answered(Recommendation.objects.order_by("id")[0], "rejected")
    table.sent()


def test_whoever_is_silent_past_the_day_is_not_sheltered_by_the_cap(table: Table, on: Days) -> None:
    adopted(table, cap=10, reply_days=30)
    for _ in range(10):
        table.sent()
    on(30)
    with pytest.raises(Refused, match="wait for 10 answers at once"):
        table.sent()
    on(31)
    table.sent()
    assert queries.public_waiting(table.body) == 11
