"""How far ahead a body can promise and put off, and what words have to tell, at least."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.recommendations.conftest import WORDS, Table
from tests.recommendations.test_clock import REASON, day, state
from withus.compute.answering import State
from withus.core.errors import Refused
from withus.policy.facts import SYSTEM
from withus.processes.models import Body
from withus.public_log.models import LogEntry
from withus.recommendations import actions, queries
from withus.recommendations.models import Commitment, Recommendation, Response

Days = Callable[[int], None]
PROMISE = {"owner": "Health office", "measure": "Two people at night", "budget": "20,000", "language": "en"}


def test_more_time_is_not_counted_from_a_pause_that_may_never_be(table: Table, on: Days) -> None:
    sent, odile = table.sent(), table.odile.actor
    on(7)
    actions.clarify(odile, sent, question="Do you mean every night of the week?", language="en")
    with pytest.raises(Refused, match="not after") as no:
        actions.extend(odile, sent, until=day(61), reason=REASON, language="en")
    assert no.value.field == "until"
    actions.extend(odile, sent, until=day(60), reason=REASON, language="en")
    actions.explain(table.everybody.lu.actor, sent, answer="Every night of the week, please.", language="en")
    assert queries.public_course(sent).due_on == day(60)


EMPTY_WORDS = ("", "No.", "Budget", "aaaaaaaaaaaa aaaaaaaaaaa aaaaaaa", "x " * 40, "12345 67890 12345 67890")


@pytest.mark.parametrize("reason", EMPTY_WORDS)
def test_a_reason_says_something(table: Table, reason: str) -> None:
    sent = table.sent()
    with pytest.raises(Refused) as no:
        table.answered(sent, "rejected", reason=reason)
    assert no.value.field == "reason"
    assert state(sent) is State.OPEN


def test_a_promise_is_kept_within_ten_years(table: Table, on: Days) -> None:
    sent, odile = table.sent(), table.odile.actor
    table.answered(sent)
    for due_on, says in ((day(-1), "has passed"), (day(3654), "until 23 November 2036"), (datetime.date.max, "until")):
        with pytest.raises(Refused, match=says) as no:
            actions.commit(odile, sent, due_on=due_on, **PROMISE)
        assert no.value.field == "due_on"
    actions.commit(odile, sent, due_on=day(3653), **PROMISE)
    assert Commitment.objects.count() == 1


def test_nothing_is_put_off_for_longer_than_a_year(table: Table, on: Days) -> None:
    for review_on in (day(0), day(367), datetime.date.max):
        with pytest.raises(Refused, match="from tomorrow, within a year") as no:
            table.answered(table.sent(), "deferred", review_on=review_on)
        assert no.value.field == "review_on"
    assert table.answered(table.sent(), "deferred", review_on=day(366))


DEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "clarify": ("question", {}),
    "explain": ("answer", {}),
    "dissent": ("words", {}),
    "deliver": ("words", {}),
    "commit": ("measure", {"owner": "Health office", "budget": "none", "due_on": day(40)}),
    "correct": ("reason", {}),
    "extend": ("reason", {"until": day(40)}),
    "respond": ("reason", {"outcome": "rejected"}),
    "draft": ("reason", {"outcome": "rejected"}),
}


@pytest.mark.parametrize("words", ["", "No.", "Unfortunately", "x " * 40])
@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_says_nothing(table: Table, on: Days, deed: str, words: str) -> None:
    sent = table.sent()
    if deed == "explain":
        actions.clarify(SYSTEM, sent, question="Which of the two rooms do you mean?", language="en")
    if deed in {"dissent", "deliver", "correct", "commit"}:
        table.answered(sent)
    before, (field, more) = LogEntry.objects.count(), DEEDS[deed]
    subject = sent.responses.get() if deed == "correct" else sent
    with pytest.raises(Refused, match="sentence") as no:
        getattr(actions, deed)(SYSTEM, subject, **{field: words}, language="en", **more)
    assert no.value.field == field
    who = table.everybody.lu if deed in {"explain", "dissent"} else table.odile
    form = {name: str(value) for name, value in more.items()} | {field: words}
    page = cast.browser(who).post(f"{sent.get_absolute_url()}{deed}", form).content.decode()
    assert f'href="#id_{field}"' in page
    assert LogEntry.objects.count() == before


def test_a_reason_needs_more_than_two_words_and_peers_do_not(table: Table) -> None:
    with pytest.raises(Refused, match="Give a reason"):
        table.answered(table.sent(), reason="Closed, sorry")
    assert table.sent(text="No soap.", asked_change="Buy soap.")


@pytest.mark.parametrize(
    ("field", "says"), [("text", "what is wrong or needed"), ("asked_change", "what should change")]
)
def test_what_is_asked_says_something(table: Table, field: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as no:
        table.sent(**{field: "Open!"})
    assert no.value.field == field


def wrong(who: Client, place: str, said: dict[str, Any]) -> list[str]:
    """The questions to which the summary of what is wrong leads; beside each stands a sentence."""
    page = who.post(place, said).content.decode()
    found = re.findall(r'href="#id_(\w+)"', page)
    assert [f'id="id_{field.removesuffix("_0")}-error"' in page for field in found] == [True] * len(found)
    return found


def test_a_form_says_all_that_is_wrong_with_it_at_once(table: Table, on: Days) -> None:
    lu, odile = cast.browser(table.everybody.lu), cast.browser(table.odile)
    said = {"text": "Open", "asked_change": "Yes", "organisation": table.everybody.peers.code, "language": "en"}
    assert wrong(lu, "/recommendations/new", said) == ["body", "text", "asked_change"]
    assert wrong(lu, "/recommendations/new", said | {"body": table.body.code}) == ["text", "asked_change"]
    assert not Recommendation.objects.exists()
    place = table.sent().get_absolute_url()
    assert wrong(odile, f"{place}extend", {"until": "soon", "reason": "x"}) == ["until", "reason"]
    assert wrong(odile, f"{place}extend", {"until": "2020-01-01", "reason": "x"}) == ["until", "reason"]
    put_off = {"outcome": "deferred", "reason": "x", "review_on": "2020-01-01", "language": "en"}
    for deed in ("respond", "draft"):
        assert wrong(odile, f"{place}{deed}", put_off) == ["reason", "review_on"]
    said = {"verdict": "", "evidence": "Shut", "minutes": "none"}
    assert wrong(lu, f"{place}verify", said) == ["verdict_0", "evidence", "minutes"]
    assert not Response.objects.exists()


def test_what_only_the_record_can_tell_is_told_at_once_too(
    table: Table, letter: Recommendation, clinic: Body, on: Days
) -> None:
    lu, odile = cast.browser(table.everybody.lu), cast.browser(table.odile)
    sent = table.sent()

    promise = PROMISE | {"due_on": day(-18_264), "source": "law", "source_words": ""}
    assert wrong(odile, f"{sent.get_absolute_url()}commit", promise) == ["due_on", "source_words"]
    served = {"how": "hand", "words": "Them", "served_on": day(9)}
    assert wrong(lu, f"{letter.get_absolute_url()}serve", served) == ["words", "served_on"]
    table.answered(sent, "deferred", review_on=day(9))
    again = {"outcome": "deferred", "reason": REASON, "review_on": day(-1), "language": "en"}
    with pytest.raises(Refused) as no:
        table.answered(sent, **again | {"reason": "Later"})
    assert [one.field for one in no.value.several] == ["reason", "outcome"]
    said = WORDS | {"organisation": table.everybody.peers.code, "body": clinic.code, "language": "en"}
    said |= {"evidence": "/statements/NOBODY\n/processes/NOBODY\nThe diary of the drop-in"}
    page = lu.post("/recommendations/new", said).content.decode()
    assert [f"Nothing stands at /{kind}/NOBODY" in page for kind in ("statements", "processes")] == [True, True]
