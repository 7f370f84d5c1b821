"""What a body's table gives to the label and to the figures: terms, filled seats, items, who was there."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.figures.test_page import asked, shown
from tests.recommendations.conftest import MONDAY, Table
from withus.compute.rates import Agenda, Quarter, Rate
from withus.core import clock
from withus.figures import queries, table
from withus.figures.table import public_formal_seats
from withus.pay import actions as pay
from withus.pay.queries import public_agreeable
from withus.people import actions as people
from withus.people.models import OrganisationKind
from withus.policy.facts import SYSTEM
from withus.processes import actions as processes
from withus.processes.board import actions as board
from withus.processes.board.models import Item, Meeting, Seat, Terms
from withus.processes.board.speaking import Side, Speaker
from withus.processes.queries import public_bodies

Days = Callable[[int], None]
NOW, THEN = Quarter(2026, 4), Quarter(2027, 1)


def after(days: int) -> datetime.date:
    return MONDAY + datetime.timedelta(days=days)


@dataclass
class Seated:
    """A body with terms and three seats: two of peers, one of its own."""

    table: Table
    seats: list[Seat]

    def missing(self) -> tuple[str, ...]:
        """What the label lacks today."""
        return queries.public_record(public_bodies().get(pk=self.table.body.pk)).label.missing

    def meeting(self, days: int) -> Meeting:
        """A meeting so many days after the Monday."""
        about = {"place": "Town hall", "planned_minutes": 60, "language": "en"}
        about["urgency"] = "Some of these meetings are called with few days to go."
        return board.call(SYSTEM, self.table.body, day=after(days), **about)

    def item(self, meeting: Meeting, seat: int) -> Item:
        """An item that this seat brought up."""
        speaker = Speaker(self.seats[seat].side, seat=self.seats[seat])
        words = {"title": "Nights", "summary": "Hours at night", "wanted": "decide", "language": "en"}
        return board.bring_up(SYSTEM, meeting, speaker=speaker, **words)

    def minutes(self, meeting: Meeting, *present: int) -> None:
        """Minutes with these seats."""
        codes = [self.seats[number].code for number in present]
        board.write_minutes(
            SYSTEM,
            meeting,
            words="We met, and everybody spoke about the nights.",
            duration=60,
            present=codes,
            language="en",
        )


def terms(body: Any, **more: Any) -> Terms:
    """Terms of reference that give peers everything, as the next version."""
    about = {"kind": "advisory", "mandate": "To advise on hours.", "who_decides": "The council.", "pay": "20 an hour."}
    days = {"acknowledge_days": 10, "reply_days": 30, "question_days": 20, "extension_days": 30, "counting": "calendar"}
    rights = {"peer_seats": 3, "peer_vote": True, "agenda_right": True}
    held = {"in_force_on": clock.today(), "review_on": after(300)}
    return board.adopt(SYSTEM, body, terms=Terms(**about | days | rights | held | more))


def seat(body: Any, of: Any, side: str = Side.PEERS, *, is_filled: bool = True, **more: Any) -> Seat:
    """A seat with a vote."""
    about = {"name": f"Seat {Seat.objects.count()}", "side": side, "language": "en", "has_vote": True} | more
    made = board.add_seat(SYSTEM, body, organisation=None if side == Side.BODY else of, **about)
    if is_filled:
        board.fill(SYSTEM, made, since=clock.today(), until=after(300))
    return made


@pytest.fixture
def seated(table: Table) -> Seated:
    """Everything that the label needs, on that Monday."""
    terms(table.body)
    asked(table)
    peers = table.everybody.peers
    seats = [seat(table.body, peers), seat(table.body, peers), seat(table.body, None, Side.BODY)]
    return Seated(table, seats)


def test_a_body_that_shows_everything_may_say_that_it_involves_peers(seated: Seated, reader: Client) -> None:
    assert seated.missing() == ()
    page = shown(reader, seated.table)
    assert "Not shown to involve peers" not in page
    assert "This rests on the record of today:" in page
    found = json.loads(reader.get(f"{seated.table.body.get_absolute_url()}data.json").content)
    assert found["label"] == {"holds": True, "missing": []}
    assert found["indicators"]["I-01"]["value"] == 1


def test_terms_past_their_review_day_take_the_label_away_by_themselves(seated: Seated, on: Days) -> None:
    on(300)
    assert not {"terms", "agenda", "pay"} & set(seated.missing())
    on(301)
    assert {"terms", "agenda", "pay"} <= set(seated.missing())


def test_a_seat_that_lapsed_terms_gave_counts_for_nothing(seated: Seated, on: Days, reader: Client) -> None:
    body = seated.table.body
    on(299)  # these seats are held beyond the day on which the terms lapse
    for one in seated.seats[:2]:
        board.vacate(SYSTEM, one, ends_on=after(299))
    on(300)
    for one in seated.seats[:2]:
        board.fill(SYSTEM, one, since=after(300), until=after(400))
    assert public_formal_seats() == Rate(1, 1)
    assert "seats" not in seated.missing()
    on(301)
    assert public_formal_seats() == Rate(0, 1)
    assert "seats" in seated.missing()
    assert queries.public_record(body).formal_seats == Rate(0, 1)
    assert "No terms that hold today give peers two seats with a vote" in shown(reader, seated.table)
    terms(body, review_on=after(500))
    assert public_formal_seats() == Rate(1, 1)


def test_a_seat_counts_while_it_is_filled_with_a_vote_by_a_recognised_peer_organisation(
    seated: Seated, on: Days
) -> None:
    body, peers = seated.table.body, seated.table.everybody.peers
    on(1)
    board.vacate(SYSTEM, seated.seats[0], ends_on=after(1))
    assert seated.missing() == ()
    on(2)
    assert seated.missing() == ("seats",)
    seat(body, peers, is_filled=False)
    seat(body, peers, has_vote=False)
    seat(body, make.organisation("Known to its host only"))
    seat(body, None, Side.BODY)
    assert seated.missing() == ("seats",)
    seat(body, peers)
    assert seated.missing() == ()


def test_a_seat_whose_holder_has_left_counts_no_more(seated: Seated, on: Days) -> None:
    ana = seated.table.everybody.ana
    on(1)
    board.vacate(SYSTEM, seated.seats[0], ends_on=after(1))
    on(2)
    board.fill(SYSTEM, seated.seats[0], since=after(2), until=after(300), pseudonym=ana.pseudonym)
    assert seated.missing() == ()
    people.leave(ana.actor, None, key=ana.key, stays=True)
    assert seated.missing() == ("seats",)
    assert public_formal_seats() == Rate(0, 1)


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({"peer_vote": False}, ("seats",)),
        ({"peer_seats": 1}, ("seats",)),
        ({"agenda_right": False}, ("agenda",)),
        ({"pay": ""}, ("pay",)),
    ],
)
def test_newer_terms_that_give_less_take_the_label_away(
    seated: Seated, more: dict[str, Any], missing: tuple[str, ...]
) -> None:
    terms(seated.table.body, **more)
    assert seated.missing() == missing


def test_what_is_stated_of_pay_and_what_is_agreed_stand_beside_the_label(
    seated: Seated, on: Days, reader: Client
) -> None:
    body, words = seated.table.body, "Peers get nothing at all.\nNot even <b>travel</b>."
    version = terms(body, pay=words + " And so on." * 20).version
    assert seated.missing() == (), "terms state pay: which, everybody can read here"
    place = body.get_absolute_url()
    page = reader.get(place).content.decode()
    assert '<q lang="en" dir="ltr">Peers get nothing at all. Not even &lt;b&gt;travel&lt;/b&gt;. And so on.' in page
    assert "…</q>" in page
    assert f'href="{place}terms#version-{version}"' in page
    assert "No rate for seats or meetings is agreed." in page
    about = {"amount": Decimal(20), "currency": "EUR", "per": "hour", "words": "In cash, each time.", "language": "en"}
    about |= {"worked_for": seated.table.everybody.peers, "from_on": after(2)}
    pay.agree_rate(SYSTEM, public_agreeable(pay.offer_rate(SYSTEM, body.organisation, kind="checking", **about)))
    meeting = pay.offer_rate(SYSTEM, body.organisation, kind="meeting", **about)
    on(2)
    assert "No rate for seats or meetings is agreed." in shown(reader, seated.table), "offered, and of another kind"
    pay.agree_rate(SYSTEM, public_agreeable(meeting))
    assert "Agreed and in force for a meeting: " in shown(reader, seated.table)
    on(1)
    assert "No rate for seats or meetings is agreed." in shown(reader, seated.table), "not in force yet"
    terms(body, pay="")
    assert "What the terms say of pay" not in shown(reader, seated.table)


def test_a_closed_body_involves_nobody_and_is_not_counted_in_the_register(seated: Seated, reader: Client) -> None:
    body = seated.table.body
    assert "Voting seats of peers that recognised peer organisations fill: <strong>2 of 2" in shown(
        reader, seated.table
    )
    assert (queries.public_record(body).formal_seats, public_formal_seats()) == (Rate(1, 1), Rate(1, 1))
    why = "The council has joined both boards into one."
    processes.close_body(SYSTEM, body, reason=why, language="en")
    body = public_bodies().get(pk=body.pk)
    assert seated.missing() == ("seats", "open")
    assert (queries.public_record(body).formal_seats, public_formal_seats()) == (Rate(0, 0), Rate(0, 0))
    page = shown(reader, seated.table)
    assert "<li>This body was closed.</li>" in page
    assert 'id="I-01"' not in page
    assert "nothing to count" in reader.get("/bodies/").content.decode()


def test_terms_count_from_the_day_on_which_they_are_in_force(seated: Seated, on: Days) -> None:
    terms(seated.table.body, in_force_on=after(5), agenda_right=False)
    on(4)
    assert seated.missing() == ()
    on(5)
    assert seated.missing() == ("agenda",)


def test_agenda_power_counts_meetings_that_are_past_and_items_that_they_came_to(seated: Seated, on: Days) -> None:
    first, later = seated.meeting(3), seated.meeting(60)
    heard, unheard = seated.item(first, 0), seated.item(first, 1)
    theirs = seated.item(first, 2)
    seated.item(later, 0)
    on(3)
    assert table.public_agenda(seated.table.body, clock.today())[NOW] == Agenda(Rate(0, 0), Rate(0, 0))
    on(4)
    assert table.public_agenda(seated.table.body, clock.today())[NOW] == Agenda(Rate(0, 2), Rate(2, 3))
    seated.minutes(first, 0, 2)
    for item in (heard, theirs):
        board.conclude(SYSTEM, item, words="We agreed to open it at night.", language="en", votes={})
    found = table.public_agenda(seated.table.body, clock.today())
    assert found[NOW] == Agenda(Rate(1, 2), Rate(2, 3))
    on(61)
    found = table.public_agenda(seated.table.body, clock.today())
    assert (found[NOW].tabled, found[THEN].tabled) == (Rate(1, 2), Rate(0, 1))
    assert unheard.meeting == first


def test_spread_of_voice_counts_how_often_each_peer_seat_was_there(seated: Seated, on: Days) -> None:
    met = [seated.meeting(days) for days in (1, 2, 60)]
    on(61)
    seated.minutes(met[0], 0, 1, 2)
    seated.minutes(met[1], 0, 2)
    seated.minutes(met[2], 1)
    found = table.public_spread(seated.table.body, clock.today())
    assert (found[NOW], found[THEN]) == (Rate(2, 3), Rate(1, 1))


def test_the_page_shows_who_sets_the_agenda_before_the_seats(seated: Seated, on: Days, reader: Client) -> None:
    met = seated.meeting(3)
    seated.item(met, 0)
    on(4)
    seated.minutes(met, 0, 1)
    page = shown(reader, seated.table)
    order = ["Who still waits?", "Whose table is it?", "0 of 1 (0\xa0%)", "1 of 1 (100\xa0%)", "1 of 2 (50\xa0%)"]
    places = [page.index(words) for words in [*order, "At the table", "Were peers paid?", ">Processes</h2>"]]
    assert places == sorted(places)


def test_the_register_says_how_many_bodies_give_formal_seats_in_few_statements(
    seated: Seated, reader: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        other = make.organisation(f"Council {number}", OrganisationKind.BODY)
        about = {"name": "", "decides": "Streets", "language": "en", "organisation": other}
        terms(processes.open_body(SYSTEM, None, **about))
    with django_assert_max_num_queries(10):  # two for the days of others, which a page reads once an edition
        assert public_formal_seats() == Rate(1, 4)
    assert "1 of 4 (25\xa0%)" in reader.get("/bodies/").content.decode()
