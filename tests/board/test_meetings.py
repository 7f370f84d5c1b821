"""Meetings: anyone seated brings items up, seats vote in public, and what was said stays."""

import datetime
import json
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.board.conftest import TALKED, Board, Days, day, seat_of
from withus.core import clock
from withus.core.errors import Denied, Refused
from withus.policy.facts import SYSTEM
from withus.processes.board import actions, queries, telling
from withus.processes.board.models import Decision, Item, Meeting, Objection, SeatVote
from withus.processes.board.speaking import Side, Speaker
from withus.public_log import append, publish
from withus.public_log.models import LogEntry
from withus.public_log.wording import FACTS

URGENT = "The lease of the night room ends on Friday."
BOUGHT = "Tea is bought, for every night of the week."
CONFLICT = "It sells tea to the town itself."
NOT_ENOUGH = "Tea is not enough, and nobody asked the night room."
SAID = {"title": "Tea", "summary": "Warm, at night.", "wanted": "decide", "language": "en"}


def records() -> list[dict[str, Any]]:
    """The whole log."""
    append.append_pending()
    return [json.loads(bytes(one.body)) for one in LogEntry.objects.order_by("seq")]


def codes(board: Board, **by_name: str) -> dict[str, str]:
    """What is said of seats, by their codes."""
    return {board.seats[name].code: value for name, value in by_name.items()}


def concluded(board: Board, **more: Any) -> Decision:
    """Tea is decided."""
    said = {"words": BOUGHT, "language": "en", "votes": {}} | more
    return actions.conclude(board.mina, Item.objects.get(title="Tea"), **said)


def test_ana_brings_an_item_up_for_her_seat_and_lu_for_her_organisation(board: Board) -> None:
    board.adopted()
    board.seated("Nights", who=board.everybody.ana)
    meeting, ana = board.meeting(), board.everybody.ana.actor
    own = queries.speakers(ana, board.body)
    assert [(one.side, one.code) for one in own] == [(Side.PEERS, board.seats["Nights"].code)]
    item = actions.bring_up(ana, meeting, speaker=own[0], **SAID)
    (speaker,) = queries.speakers(board.lu, board.body)
    assert speaker.organisation == board.peers
    actions.bring_up(board.lu, meeting, speaker=speaker, **SAID)
    (office,) = queries.speakers(board.mina, board.body)
    actions.bring_up(board.mina, meeting, speaker=office, **SAID)
    assert [(one.side, one.is_on_agenda) for one in Item.objects.all()] == [
        (Side.PEERS, True), (Side.PEERS, True), (Side.BODY, True),
    ]  # fmt: skip
    written = {record["facts"].get("item"): record for record in records()}
    assert (written[item.code]["actor"], "at" in written[item.code]) == ("peers", False)
    assert written[item.code]["facts"]["seat"] == board.seats["Nights"].code
    assert set(written[item.code]["facts"]["title"]) == {"commit"}


def test_nobody_speaks_for_a_seat_or_an_organisation_of_others(board: Board) -> None:
    board.seated("Nights", who=board.everybody.ana)
    meeting = board.meeting()
    for speaker in (
        Speaker(Side.PEERS, organisation=board.peers),
        Speaker(Side.BODY, organisation=board.body.organisation),
    ):
        with pytest.raises(Refused, match="for which you can speak") as no:
            actions.bring_up(board.everybody.ana.actor, meeting, speaker=speaker, **SAID)
        assert no.value.field == "speaker"
    for who in (board.everybody.bo, board.everybody.cem, board.everybody.hedy):
        with pytest.raises(Denied, match="seated today"):
            actions.bring_up(who.actor, meeting, speaker=seat_of(board, "Nights"), **SAID)


def test_a_term_that_ended_yesterday_ends_the_right_to_speak(board: Board, on: Days) -> None:
    board.seated("Nights", who=board.everybody.ana)
    on(100)
    meeting = board.meeting()
    actions.bring_up(board.everybody.ana.actor, meeting, speaker=seat_of(board, "Nights"), **SAID)
    on(101)
    with pytest.raises(Denied, match="A term that has ended ends this too"):
        actions.bring_up(board.everybody.ana.actor, meeting, speaker=seat_of(board, "Nights"), **SAID)
    page = cast.browser(board.everybody.ana).get(f"/bodies/{board.body.code}/meetings/{meeting.code}/items/new")
    assert page.status_code == 403
    assert "A term that has ended ends this too" in page.content.decode()


def test_items_come_until_the_day_before_once_and_stay(board: Board, on: Days) -> None:
    board.seated("Nights")
    meeting = board.meeting(1, urgency=URGENT)
    board.item(meeting, "Tea", seat_of(board, "Nights"))
    with pytest.raises(Refused, match="kept the first time"):
        board.item(meeting, "Tea", seat_of(board, "Nights"))
    assert not Item.objects.get().is_on_agenda  # no terms give the right
    on(1)
    with pytest.raises(Refused, match="until the day before"):
        board.item(meeting, "Late")
    page = cast.browser().get(meeting.get_absolute_url()).content.decode()
    assert "these terms give no right to the agenda" in page


def test_a_meeting_is_called_beforehand_by_the_office(board: Board) -> None:
    for days in (-1, 0):
        with pytest.raises(Refused, match="from tomorrow on") as no:
            board.meeting(days, urgency=URGENT)
        assert no.value.field == "day"
    board.meeting()
    with pytest.raises(Refused, match="kept the first time"):
        board.meeting()
    with pytest.raises(Denied):
        actions.call(board.lu, board.body, day=day(9), place="Here", planned_minutes=60, language="en")


def test_less_than_a_weeks_notice_needs_a_reason_that_everybody_reads(board: Board) -> None:
    board.meeting(7)
    for wrong in ("", "Urgent.", "Very urgent"):
        with pytest.raises(Refused, match="why it cannot wait") as no:
            board.meeting(6, urgency=wrong)
        assert no.value.field == "urgency"
    mina, soon = cast.browser(board.everybody.mina), day(1).isoformat()
    said = {"day": soon, "place": "The hall", "planned_minutes": "60", "language": "en"}
    address = f"/bodies/{board.body.code}/meetings/new"
    assert "why it cannot wait" in mina.post(address, said).content.decode()
    assert mina.post(address, said | {"urgency": URGENT}).status_code == 303
    pages = {one.day: cast.browser().get(one.get_absolute_url()).content.decode() for one in Meeting.objects.all()}
    assert [URGENT in pages[day(days)] for days in (1, 7)] == [True, False]
    facts = [record["facts"] for record in records() if record["type"] == "meeting.called"]
    assert [set(one["urgency"]) for one in facts] == [{"commit"}] * 2


def test_the_database_keeps_no_meeting_of_the_day_on_which_it_was_called(board: Board) -> None:
    about = {"place": "The hall", "planned_minutes": 60, "urgency": URGENT, "called_on": day(0)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(body=board.body, day=day(0), **about)


WORDLESS = ("Tea.", "Unfortunately!", "ok ok ok ok ok ok ok ok ok ok")


@pytest.mark.parametrize("words", WORDLESS)
def test_words_that_others_have_to_understand_are_a_sentence(board: Board, held: Meeting, words: str) -> None:
    with pytest.raises(Refused, match="what was said and done") as no:
        actions.write_minutes(board.mina, held, words=words, duration=50, present=[], language="en")
    assert no.value.field == "words"
    board.minutes(held, "Nights", "Guest")
    out = {"conflicts": [board.seats["Guest"].code]}
    for wrong, field in (({"words": words}, "words"), ({**out, "conflict_words": words}, "conflict_words")):
        with pytest.raises(Refused, match="in a sentence") as no:
            concluded(board, **wrong)
        assert no.value.field == field
    decision = concluded(board)
    with pytest.raises(Refused, match="what you hold against it") as no:
        actions.object_to(SYSTEM, decision, speaker=seat_of(board, "Nights"), words=words, language="en")
    assert no.value.field == "words"
    assert not Objection.objects.exists()


@pytest.mark.parametrize("title", ["", "x", "?!", " 1 "])
def test_titles_can_be_short_and_are_something(board: Board, held: Meeting, title: str) -> None:
    item, nights = Item.objects.get(), seat_of(board, "Nights")
    for wrong in ({"title": title}, {"where": title}):
        paper = {"title": "Pay", "where": "Desk", "language": "en"} | wrong
        with pytest.raises(Refused, match="at least a word") as no:
            actions.add_paper(SYSTEM, item, speaker=nights, **paper)
        assert no.value.field == next(iter(wrong))
    with pytest.raises(Refused, match="at least a word"):
        board.seat(title)
    with pytest.raises(Refused, match="at least a word"):
        board.meeting(40, place=title)
    coming = board.meeting(50)
    for wrong in ({"title": title}, {"summary": title}):
        with pytest.raises(Refused, match="at least a word"):
            actions.bring_up(SYSTEM, coming, speaker=nights, **SAID | wrong)
    actions.add_paper(SYSTEM, item, speaker=nights, title="茶", where="Ok", language="en")


def test_papers_say_when_they_came_and_whether_they_are_in_plain_words(board: Board, held: Meeting) -> None:
    item = Item.objects.get()
    paper = {"title": "Prices", "where": "At the desk", "language": "en", "is_plain": True}
    actions.add_paper(board.everybody.ana.actor, item, speaker=seat_of(board, "Nights"), **paper)
    with pytest.raises(Refused, match="kept the first time"):
        actions.add_paper(board.everybody.ana.actor, item, speaker=seat_of(board, "Nights"), **paper)
    with pytest.raises(Denied):
        actions.add_paper(board.everybody.bo.actor, item, speaker=seat_of(board, "Nights"), **paper)
    page = cast.browser().get(held.get_absolute_url()).content.decode()
    assert "in plain words" in page
    assert "At the desk" in page


def test_the_office_does_it_all_in_a_browser(board: Board, held: Meeting) -> None:
    mina, here = cast.browser(board.everybody.mina), held.get_absolute_url()
    present = [board.seats[name].code for name in ("Nights", "Office")]
    minutes = {"words": TALKED, "duration": "50", "present": present, "language": "en"}
    assert mina.post(f"{here}minutes", minutes).status_code == 303
    again = mina.post(f"{here}minutes", minutes)
    assert "minutes already" in again.content.decode()
    item = Item.objects.get()
    address = f"/bodies/{board.body.code}/items/{item.code}/conclude"
    asked = mina.get(address).content.decode()
    assert "How did “Nights” vote?" in asked
    assert "How did “Days” vote?" not in asked
    said = {"words": BOUGHT, "language": "en", f"seat_{present[0]}": "conflict", f"seat_{present[1]}": "in_favor"}
    assert "Say which conflict" in mina.post(address, said).content.decode()
    assert mina.post(address, said | {"conflict_words": CONFLICT}).status_code == 303
    assert [vote.seat.code for vote in SeatVote.objects.all()] == [present[1]]


def test_pages_cost_as_much_for_many_as_for_few(board: Board, held: Meeting) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert cast.browser().get(address).status_code == 200
        return len(asked)

    def full(title: str) -> None:
        with clock.at(day(5)):
            item = board.item(held, title, seat_of(board, "Nights"))
            for name in ("Nights", "Days"):
                paper = {"title": name, "where": "At the desk", "language": "en"}
                actions.add_paper(SYSTEM, item, speaker=seat_of(board, name), **paper)
        votes = codes(board, Nights="in_favor", Office="against")
        out = [board.seats["Guest"].code]
        decision = actions.conclude(
            board.mina,
            item,
            words="So it was agreed for the winter.",
            language="en",
            votes=votes,
            conflicts=out,
            conflict_words=CONFLICT,
        )
        actions.object_to(SYSTEM, decision, speaker=seat_of(board, "Nights"), words=NOT_ENOUGH, language="en")

    board.minutes(held, "Nights", "Office", "Guest")
    pages = [held.get_absolute_url(), f"/bodies/{board.body.code}/meetings/"]
    full("One")
    few = [cost(page) for page in pages]
    for title in ("Two", "Three", "Four"):
        full(title)
    board.meeting(30)
    assert [cost(page) for page in pages] == few


def test_every_record_stands_in_its_row_and_is_told_in_words(board: Board, held: Meeting) -> None:
    minutes = board.minutes(held, "Nights", "Office")
    decision = concluded(board, votes=codes(board, Nights="in_favor"))
    words = {"words": NOT_ENOUGH, "language": "en"}
    actions.object_to(SYSTEM, decision, speaker=Speaker(Side.PEERS, organisation=board.peers), **words)
    paper = {"title": "Prices", "where": "At the desk", "language": "en"}
    actions.add_paper(SYSTEM, decision.item, speaker=seat_of(board, "Nights"), **paper)
    actions.approve_minutes(SYSTEM, minutes, organisation=board.peers)
    actions.vacate(SYSTEM, board.seats["Nights"], ends_on=day(30))
    why = {"reason": "The council has taken this over for good.", "language": "en"}
    actions.end_seat(board.mina, board.seats["Guest"], ends_on=day(40), **why)

    def plain(facts: Any, words: Any) -> str:
        return json.dumps({key: value for key, value in facts.items() if key not in words}, sort_keys=True)

    told = list(telling._rows())
    assert {one.type for one in told} == set(telling.TYPES)
    words_of = {one.type: set(one.words) for one in told}
    logged = [(r["type"], plain(r["facts"], words_of[r["type"]])) for r in records() if r["type"] in telling.TYPES]
    assert sorted(logged) == sorted((one.type, plain(one.facts, one.words)) for one in told)
    assert {key for one in told for key in (*one.facts, *one.words)} <= set(FACTS)
    publish.publish()
    page = cast.browser().get("/log/").content.decode()
    for kind in telling.TYPES:
        assert kind not in page
    assert "The minutes of" in page


def test_what_is_counted_of_a_table_is_that_of_its_day(board: Board, held: Meeting, on: Days) -> None:
    short = queries.public_board(board.body)
    assert (short.seats, short.filled, short.peer_seats, short.peers_filled) == (4, 4, 2, 2)
    assert (short.is_current, short.next_meeting) == (True, None)
    coming = board.meeting(7)
    assert queries.public_board(board.body).next_meeting == coming
    on(150)
    short = queries.public_board(board.body)
    assert (short.filled, short.peers_filled, short.next_meeting) == (0, 0, None)
    page = cast.browser().get(f"/bodies/{board.body.code}/").content.decode()
    assert "0 of 4 are filled" in page
    assert isinstance(short.terms and short.terms.review_on, datetime.date)


def test_a_form_of_the_table_tells_of_all_that_is_wrong_at_once(board: Board) -> None:
    def wrong(place: str, said: dict[str, Any]) -> list[str]:
        page = cast.browser(board.everybody.mina).post(f"/bodies/{board.body.code}/{place}", said)
        return re.findall(r'href="#id_(\w+)"', page.content.decode())

    called = {"day": day(2), "place": "x", "planned_minutes": 60, "language": "en"}
    assert wrong("meetings/new", called) == ["place", "urgency"]
    seat = board.seat("Nights")
    assert wrong("seats/new", {"name": "nights", "side": "peers", "language": "en"}) == ["name", "organisation"]
    ended = {"reason": "Over", "ends_on": day(-1), "language": "en"}
    assert wrong(f"seats/{seat.code}/end", ended) == ["reason", "ends_on"]
