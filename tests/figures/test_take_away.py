"""What can be taken away from a body's page: feed, calendar, table, data. Others build on it, so names stay."""

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from tests import cast
from tests.figures import rows
from tests.recommendations.conftest import MONDAY, Table
from tests.texts import two_keys
from withus.compute.answering import Outcome
from withus.recommendations import actions, queries
from withus.recommendations.models import Recommendation

Days = Callable[[int], None]
BELOW = ("feed.rss", "deadlines.ics", "data.csv", "data.json")
SEEN = "On Tuesday the door was shut at ten."


def taken(reader: Client, table: Table, name: str) -> bytes:
    """What lies at this address."""
    answer = reader.get(f"{table.body.get_absolute_url()}{name}")
    assert answer.status_code == 200
    return answer.content


def feed(reader: Client, table: Table) -> list[tuple[str, str, str]]:
    """The feed's items: title, mark and day."""
    items = ElementTree.fromstring(taken(reader, table, "feed.rss")).iter("item")
    return [tuple(str(item.findtext(name)) for name in ("title", "guid", "pubDate")) for item in items]  # type: ignore[misc]


def calendar(reader: Client, table: Table) -> dict[str, Any]:
    """The calendar's events by UID."""
    events = Calendar.from_ical(taken(reader, table, "deadlines.ics")).walk("VEVENT")
    return {str(event["uid"]): event for event in events}


def after(days: int) -> datetime.date:
    return MONDAY + datetime.timedelta(days=days)


def whole_story(table: Table, on: Days, **more: str) -> Recommendation:
    """Sent, silent from day 31, answered, promised, delivered, disputed."""
    sent = table.sent(**more)
    on(33)
    table.answered(sent)
    promise = {"owner": "Health office", "measure": "Two people at night", "budget": "20,000", "language": "en"}
    actions.commit(table.odile.actor, sent, due_on=after(60), source="answer", source_words="", **promise)
    on(40)
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    on(41)
    check = {"organisation": table.everybody.peers, "evidence": SEEN, "language": "en", "minutes": 20}
    about = queries.public_checkable(sent)
    actions.verify(table.everybody.lu.actor, about, verdict="disputed", **check)
    return sent


def test_the_feed_tells_the_whole_story_by_days_and_its_marks_stay(table: Table, on: Days, reader: Client) -> None:
    whole_story(table, on)
    items = feed(reader, table)
    told = [title.split(": The room")[0] for title, _, _ in items]
    assert told == [
        "The peers checked: no, it is not done",
        "The body says that it is done",
        "The body promised to do it by 22 January 2027",
        "The answer is: accepted",
        "No answer came in time: silence began",
        "Sent by The peers",
    ]
    days = [datetime.datetime.strptime(day, "%a, %d %b %Y %H:%M:%S %z").date() for _, _, day in items]
    assert sorted(days, reverse=True) == days == [after(41), after(40), after(33), after(33), after(31), MONDAY]
    on(400)
    assert [mark for _, mark, _ in feed(reader, table)] == [mark for _, mark, _ in items]
    assert len({mark for _, mark, _ in items}) == len(items)


def test_a_broken_promise_is_told_on_the_day_after_and_stays_when_it_is_done_later(
    table: Table, on: Days, reader: Client
) -> None:
    sent, unnamed = table.sent(), table.sent()
    table.answered(sent)
    table.answered(unnamed)
    promise = {"owner": "Health office", "measure": "Two people at night", "budget": "20,000", "language": "en"}
    for days in (20, 40):
        actions.commit(table.odile.actor, sent, due_on=after(days), **promise)

    def broken() -> list[tuple[str, str, str]]:
        return [(title.split(": The room")[0], mark, day[5:16]) for title, mark, day in feed(reader, table)
                if mark.endswith(("broken", "undone"))]  # fmt: skip

    on(20)
    assert broken() == []
    on(21)
    ((title, mark, day),) = first = broken()
    assert title == "A promise was broken: by 13 December 2026 the body had not said that it is done"
    assert mark == f"{sent.commitments.first().code}.broken"
    assert day == "14 Dec 2026"
    on(30)
    for promise in sent.commitments.all():
        table.done(sent, promise)
    on(31)
    assert broken()[1:] == first
    assert broken()[0][0] == "Accepted and not done: by 23 December 2026 the body had not said that it is done"
    actions.deliver(table.odile.actor, unnamed, words="The other room is open every night now.", language="en")
    on(400)
    assert broken()[1:] == first, "the second promise was called done in time"
    assert len(broken()) == 2


def test_a_follower_hears_of_a_question_more_time_and_dissent(table: Table, on: Days, reader: Client) -> None:
    sent, odile = table.sent(), table.odile.actor
    on(1)
    actions.clarify(odile, sent, question="Do you mean every night of the week?", language="en")
    on(2)
    reason = "The council meets only in the new year, and decides then."
    actions.extend(odile, sent, until=after(50), reason=reason, language="en")
    on(3)
    table.answered(sent, "rejected")
    on(4)
    for words in ("Two nights are not enough for us.", "Nobody asked us about the hours."):
        actions.dissent(table.everybody.lu.actor, sent, words=words, language="en")
    items = feed(reader, table)
    assert [title.split(": The room")[0] for title, _, _ in items] == [
        "Dissent of The peers stands beside the answer",
        "Dissent of The peers stands beside the answer",
        "The answer is: rejected",
        "The body took more time, until 12 January 2027",
        "The body asked a question back",
        "Sent by The peers",
    ]
    assert len({mark for _, mark, _ in items}) == 6
    assert feed(reader, table) == items


def test_silence_after_a_review_day_that_passed_is_told_too(table: Table, on: Days, reader: Client) -> None:
    sent = table.sent()
    table.answered(sent, "deferred", review_on=after(20))
    on(20)
    assert not [title for title, _, _ in feed(reader, table) if "silence began" in title]
    on(21)
    (silent,) = [mark for title, mark, _ in feed(reader, table) if "silence began" in title]
    table.answered(sent)
    assert silent in [mark for _, mark, _ in feed(reader, table)]


def test_a_feed_holds_words_with_signs_that_xml_cannot(table: Table, reader: Client) -> None:
    rows.save(table.everybody.peers, table.body, [rows.course(0, ())])
    Recommendation.objects.update(text="Bell \x07 & <b>\x0bold</b>")
    assert "Bell & <b> old</b>" in feed(reader, table)[0][0]
    assert calendar(reader, table)


def test_an_empty_feed_is_the_same_each_time(table: Table, reader: Client) -> None:
    assert feed(reader, table) == []
    assert taken(reader, table, "feed.rss") == taken(reader, table, "feed.rss")


def test_what_nobody_was_paid_to_check_says_so_in_the_feed(table: Table, on: Days, reader: Client) -> None:
    sent = table.sent()
    table.answered(sent)
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    check = {"organisation": table.everybody.peers, "evidence": SEEN, "language": "en"}
    actions.verify(table.everybody.lu.actor, queries.public_checkable(sent), verdict="confirmed", **check)
    assert any("No pay for the check has arrived" in title for title, _, _ in feed(reader, table))


def test_the_calendar_holds_each_deadline_that_runs_and_each_promise_as_whole_days(
    table: Table, on: Days, reader: Client
) -> None:
    sent = table.sent()
    actions.acknowledge(table.odile.actor, sent)
    (before,) = calendar(reader, table).items()
    assert before[1].decoded("dtstart") == after(30)
    reason = "The council meets only in the new year, and decides then."
    actions.extend(table.odile.actor, sent, until=after(50), reason=reason, language="en")
    (moved,) = calendar(reader, table).items()
    assert (moved[0], moved[1].decoded("dtstart")) == (before[0], after(50))
    table.answered(sent)
    (unnamed,) = calendar(reader, table).values()
    assert unnamed.decoded("dtstart") == after(30)
    promise = {"owner": "Health office", "measure": "Two people; at night, " * 9, "budget": "20", "language": "en"}
    actions.commit(table.odile.actor, sent, due_on=after(60), source="answer", source_words="", **promise)
    (promised,) = calendar(reader, table).values()
    assert promised.decoded("dtstart") == after(60)
    assert promised.decoded("dtend") == after(61)
    assert "Two people; at night" in promised["summary"]
    assert promised.decoded("dtstamp").date() == MONDAY


def test_a_kept_promise_leaves_the_calendar_and_a_disputed_one_comes_back(
    table: Table, on: Days, reader: Client
) -> None:
    sent = table.sent()
    table.answered(sent)
    promise = {"owner": "Health office", "measure": "Two people at night", "budget": "20", "language": "en"}
    actions.commit(table.odile.actor, sent, due_on=after(60), source="answer", source_words="", **promise)
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    assert not calendar(reader, table)
    check = {"organisation": table.everybody.peers, "evidence": SEEN, "language": "en", "minutes": 20}
    actions.verify(table.everybody.lu.actor, queries.public_checkable(sent), verdict="disputed", **check)
    assert list(calendar(reader, table))


def test_the_calendar_gives_back_what_was_written(table: Table, on: Days, reader: Client) -> None:
    words = "Open; at night, \\ and \\n too: “yes”"
    sent = table.sent(text=words)
    actions.acknowledge(table.odile.actor, sent)
    (event,) = calendar(reader, table).values()
    assert str(event["summary"]) == f"Answer due: {words}"
    assert str(event["description"]) == f"{words}\nhttp://testserver{sent.get_absolute_url()}"
    assert str(event["url"]) == f"http://testserver{sent.get_absolute_url()}"


def test_where_two_keys_took_words_away_each_file_says_so(table: Table, on: Days, reader: Client) -> None:
    sent = table.sent()
    gone = two_keys.taken_away(two_keys.words_of("recommendation.sent", sent.code, "text"), table.everybody.peers)
    note = (
        "Taken away on 23 November 2026, because they are a danger to somebody; by a steward of this house and "
        f"The peers. http://testserver{gone.get_absolute_url()}"
    )
    ((title, _, _),) = feed(reader, table)
    assert title.startswith("Sent by The peers: Taken away on 23 November 2026, because they are")
    assert note in taken(reader, table, "feed.rss").decode()
    event = calendar(reader, table)[f"{sent.code}.answer"]
    assert str(event["summary"]).startswith("Answer due: Taken away on 23 November 2026")
    assert str(event["description"]).startswith(note)
    (row,) = csv.DictReader(io.StringIO(taken(reader, table, "data.csv").decode("utf-8-sig")))
    assert row["text"] == note
    on(31)  # past its day, it stands among the silent on the body's page and on the poster
    for page in ("/recommendations/", "/log/", table.body.get_absolute_url(), sent.get_absolute_url()):
        assert "ords that were taken away</" in reader.get(page).content.decode(), page
    for page in (sent.get_absolute_url(), f"{table.body.get_absolute_url()}poster"):
        assert f'href="{gone.get_absolute_url()}"' in reader.get(page).content.decode(), page


def test_the_calendars_lines_are_folded_as_the_format_asks(table: Table, on: Days, reader: Client) -> None:
    table.sent(text="Öffnet den Raum bei Nacht, denn dann brauchen ihn die meisten von uns. " * 4)
    content = taken(reader, table, "deadlines.ics")
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)


@pytest.mark.parametrize("name", BELOW)
def test_other_sites_may_read_feeds_and_everybody_may_ask_whether_it_is_still_so(
    table: Table, reader: Client, name: str
) -> None:
    rows.save(table.everybody.peers, table.body, [rows.course(0, [(2, Outcome.ACCEPTED)])])
    address = f"{table.body.get_absolute_url()}{name}"
    first = reader.get(address)
    is_feed = name in {"feed.rss", "deadlines.ics"}  # the table of docs/interface.md names feeds, and no other data
    assert first["Cross-Origin-Resource-Policy"] == ("cross-origin" if is_feed else "same-origin")
    assert reader.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert reader.get(table.body.get_absolute_url())["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_calendar_holds_by_when_it_has_to_be_said_that_something_arrived(
    table: Table, on: Days, reader: Client
) -> None:
    sent = table.sent()
    assert calendar(reader, table)[f"{sent.code}.arrived"]["dtstart"].dt == after(10)
    actions.acknowledge(table.odile.actor, sent)
    assert set(calendar(reader, table)) == {f"{sent.code}.answer"}


def test_peers_have_a_calendar_of_what_they_wait_for_and_of_what_waits_for_them(
    table: Table, on: Days, reader: Client
) -> None:
    peers, odile = table.everybody.peers, table.odile.actor
    address = f"{peers.get_absolute_url()}deadlines.ics"
    assert f'href="{address}"' in cast.browser(table.everybody.lu).get("/desk/").content.decode()

    def events() -> dict[str, Any]:
        found = Calendar.from_ical(reader.get(address).content).walk("VEVENT")
        return {str(event["uid"]): event["dtstart"].dt for event in found}

    asked, done = table.sent(), table.sent()
    actions.clarify(odile, asked, question="Which of the two rooms do you mean?", language="en")
    table.answered(done)
    on(3)
    said = table.done(done)
    asked.refresh_from_db()
    assert events() == {
        f"{asked.code}.answer": asked.owed_on,
        f"{asked.code}.asked": asked.still_until,
        f"{said.code}.check": after(3),
    }
    actions.explain(table.everybody.lu.actor, asked, answer="The one at the back of the house.", language="en")
    table.checked(done)
    asked.refresh_from_db()
    assert events() == {f"{asked.code}.answer": asked.owed_on}
    assert reader.get(f"{table.everybody.ministry.get_absolute_url()}deadlines.ics").status_code == 404


def test_the_calendar_of_peers_takes_as_many_statements_for_many_as_for_one(table: Table, reader: Client) -> None:
    taken_by = []
    for many in (1, 40):
        rows.save(table.everybody.peers, table.body, [rows.course(number, ()) for number in range(many)])
        with CaptureQueriesContext(connection) as seen:
            assert reader.get(f"{table.everybody.peers.get_absolute_url()}deadlines.ics").status_code == 200
        taken_by.append(len(seen))
    assert taken_by[0] == taken_by[1]
