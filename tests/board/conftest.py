"""A ministry with a secretary, a recognised peer organisation with seats at its table, and days to move in."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import cast, make
from tests.sown import sown
from withus.people import actions as people
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM
from withus.processes import actions as processes
from withus.processes.board import actions
from withus.processes.board.models import Item, Meeting, Minutes, Seat, Terms
from withus.processes.board.speaking import Side, Speaker
from withus.processes.models import Body

MONDAY = datetime.date(2026, 11, 23)
STATED = {
    "kind": "advisory", "mandate": "It advises on nights.", "who_decides": "The ministry.", "pay": "30 an hour",
    "peer_seats": 2, "peer_vote": True, "agenda_right": True, "acknowledge_days": 10, "reply_days": 30,
    "question_days": 20, "extension_days": 30, "counting": "calendar", "region": "", "cap": None, "language": "en",
}  # fmt: skip

TALKED = "Everybody spoke about the nights, and about tea."


def day(number: int) -> datetime.date:
    """So many days after the Monday."""
    return MONDAY + datetime.timedelta(days=number)


@dataclass
class Board:
    """Everybody around the table."""

    everybody: cast.Cast
    body: Body
    seats: dict[str, Seat] = field(default_factory=dict)

    @property
    def mina(self) -> Any:
        """The ministry's secretary."""
        return self.everybody.mina.actor

    @property
    def lu(self) -> Any:
        """The steward of the peer organisation."""
        return self.everybody.lu.actor

    @property
    def peers(self) -> Organisation:
        """The peer organisation."""
        return self.everybody.peers

    def adopted(self, **more: Any) -> Terms:
        """Terms, by default from today on for a year."""
        today = self.body_today()
        days = {"in_force_on": today, "review_on": today + datetime.timedelta(days=365)}
        return actions.adopt(self.mina, self.body, terms=Terms(**(STATED | days | more)))

    def body_today(self) -> datetime.date:
        """The day that the tests hold."""
        from withus.core import clock

        return clock.today(self.body.time_zone)

    def seat(self, name: str, side: str = Side.PEERS, of: Organisation | None = None, **more: Any) -> Seat:
        """A seat, by default of the peers."""
        of = of or (self.peers if side == Side.PEERS else None)
        said = {"name": name, "side": side, "language": "en", "organisation": of, "has_vote": True} | more
        self.seats[name] = actions.add_seat(self.mina, self.body, **said)
        return self.seats[name]

    def seated(self, name: str, side: str = Side.PEERS, who: make.Somebody | None = None, **more: Any) -> Seat:
        """A seat that somebody holds from today on for a hundred days."""
        seat, today = self.seat(name, side, **more), self.body_today()
        actions.fill(
            SYSTEM, seat, since=today, until=today + datetime.timedelta(days=100),
            pseudonym=who.pseudonym if who else "",
        )  # fmt: skip
        return seat

    def meeting(self, in_days: int = 10, **more: Any) -> Meeting:
        """A meeting so many days from today."""
        when = self.body_today() + datetime.timedelta(days=in_days)
        said = {"day": when, "place": "The hall", "planned_minutes": 60, "language": "en"} | more
        return actions.call(self.mina, self.body, **said)

    def item(self, of: Meeting, title: str = "Nights", speaker: Speaker | None = None, **more: Any) -> Item:
        """An item, by default of the body itself."""
        said = {"summary": "In short.", "wanted": "decide", "language": "en"} | more
        speaker = speaker or Speaker(Side.BODY, organisation=self.body.organisation)
        return actions.bring_up(SYSTEM, of, speaker=speaker, title=title, **said)

    def minutes(self, of: Meeting, *present: str) -> Minutes:
        """Minutes with these seats present, by their names."""
        codes = [self.seats[name].code for name in present]
        return actions.write_minutes(self.mina, of, words=TALKED, duration=50, present=codes, language="en")


Days = Callable[[int], None]


@pytest.fixture
def on(settings: Any) -> Days:
    """Moves to so many days after a Monday."""

    def move(days: int) -> None:
        settings.WITHUS_TODAY = day(days)

    move(0)
    return move


@pytest.fixture
def board(db: None, home: Path, on: Days) -> Board:
    """Everybody is there, on that Monday."""
    return come_in()


def seat_of(board: Board, name: str) -> Speaker:
    """The seat of this name, as it speaks."""
    return Speaker(board.seats[name].side, seat=board.seats[name])


@pytest.fixture
def held(board: Board, on: Days) -> Meeting:
    """A meeting of ten days ago at which Nights, Days and Office could be; its item is Tea."""
    board.adopted()
    for name, side, who in (
        ("Nights", Side.PEERS, board.everybody.ana), ("Days", Side.PEERS, None), ("Office", Side.BODY, None),
    ):  # fmt: skip
        board.seated(name, side, who)
    board.seated("Guest", Side.OTHER, of=make.organisation("Clinic", "service"), has_vote=False)
    meeting = board.meeting()
    board.item(meeting, "Tea", seat_of(board, "Nights"))
    on(20)
    return meeting


@sown
def come_in() -> Board:
    """Everybody, with a recognised peer organisation and a body."""
    everybody = cast.come_in()
    make.mandate(everybody.peers)
    people.declare(SYSTEM, everybody.peers, share="none")
    people.countersign(SYSTEM, everybody.peers, version=1, outside_name="Abroad", outside_proof="Their site")
    about = {"name": "", "decides": "Hours and money of services", "language": "en", "organisation": everybody.ministry}
    return Board(everybody, processes.open_body(SYSTEM, None, **about))
