"""The invented table of the demo's board: its terms, who sits there, what it talked about and what it decided."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from withus.core import clock
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM
from withus.processes.board import actions
from withus.processes.board.models import Seat, Terms
from withus.processes.board.speaking import Side, Speaker
from withus.processes.models import Body

LONG_AGO, YEAR = 300, 365
TERMS = {
    "kind": "advisory",
    "mandate": "It advises the town on drug services, and watches over what becomes of its advice. (invented)",
    "deliverables": "Four sets of minutes and one report a year.",
    "who_decides": "The board decides about services. Where the town council has to agree, it says so.",
    "reporting_line": "To the town council, in public.",
    "legal_basis": "Order 12 of the town council (invented).",
    "members": "Peer organisations name whoever sits in the peer seats. The board names its own.",
    "member_term": "Two years, once more if the organisation wants it.",
    "chair": "The seat of the board's office; at every second meeting a peer seat.",
    "quorum": "Half of all seats, and one peer seat at least.",
    "rhythm": "Every three months.",
    "interests": "At the beginning of each item. Who has a conflict steps out and does not vote.",
    "confidentiality": "Nothing that would show who a person is leaves the room.",
    "pay": "30 an hour for every seat that nobody pays otherwise, and the way there, on the same day (invented).",
    "publication": "On this page, within two weeks.",
    "dissent_rule": "It stands beside the decision, in the words of whoever disagrees.",
    "secretariat": "The office of the board.",
    "ending": "The town council, not before the peers have been heard.",
    "peer_seats": 3,
    "peer_vote": True,
    "agenda_right": True,
    "acknowledge_days": 10,
    "reply_days": 30,
    "question_days": 30,
    "extension_days": 30,
    "counting": "calendar",
    "region": "",
    "cap": None,
    "language": "en",
}
SEATS = (  # code, name, side, organisation, whether somebody sits there
    ("S-LANTERN", "Seat of the national union (invented)", Side.PEERS, "LANTERN", True),
    ("S-OPENHANDS", "Seat of the peer network (invented)", Side.PEERS, "OPENHANDS", True),
    ("S-CHAPTER", "Seat of the harbor chapter's members (invented)", Side.PEERS, "LANTERN", False),
    ("S-OFFICE", "Seat of the board's office (invented)", Side.BODY, "DEMO", True),
    ("S-COUNCIL", "Seat of the town council (invented)", Side.BODY, "DEMO", False),
    ("S-CLINIC", "Seat of the clinic (invented)", Side.OTHER, "CLINIC", True),
)
THERE = ("S-LANTERN", "S-OPENHANDS", "S-OFFICE", "S-CLINIC")


@contextmanager
def _days_ago(days: int) -> Iterator[datetime.date]:
    with clock.at(clock.today() - timedelta(days=days)):
        yield clock.today()


def set_the_table(body: Body, organisations: Mapping[str, Organisation], pseudonym: str) -> None:
    """Terms, seats, two meetings that were, one to come, each on its day; `pseudonym` sits for the national union."""
    with _days_ago(LONG_AGO) as day:
        terms = Terms(**TERMS, in_force_on=day, review_on=day + timedelta(days=2 * YEAR))
        actions.adopt(SYSTEM, body, terms=terms)
        seats = {}
        for code, name, side, of, is_filled in SEATS:
            seats[code] = actions.add_seat(
                SYSTEM, body, name=name, side=side, organisation=organisations[of], has_vote=side != Side.OTHER,
                language="en", code=code,
            )  # fmt: skip
            if is_filled:
                who, until = pseudonym if code == "S-LANTERN" else "", day + timedelta(days=2 * YEAR)
                actions.fill(SYSTEM, seats[code], since=day, until=until, pseudonym=who)
    _first_meeting(body, seats, organisations)
    _second_meeting(body, seats, organisations)
    _coming_meeting(body, seats)


def _first_meeting(body: Body, seats: Mapping[str, Seat], organisations: Mapping[str, Organisation]) -> None:
    with _days_ago(230) as called:
        meeting = actions.call(
            SYSTEM, body, day=called + timedelta(days=30), place="Town hall, ground floor (invented)",
            planned_minutes=90, language="en", code="M-FIRST",
        )  # fmt: skip
        item = actions.bring_up(
            SYSTEM, meeting, speaker=Speaker(Side.PEERS, seat=seats["S-LANTERN"]), wanted="decide", language="en",
            title="Meetings that begin at half past six (invented)",
            summary="Who works by day, or waits for a dose in the morning, cannot come at four.", code="I-HOURS",
        )  # fmt: skip
        money = actions.bring_up(
            SYSTEM, meeting, speaker=Speaker(Side.BODY, organisation=body.organisation), wanted="decide", language="en",
            title="Who runs the drop-in next year (invented)",
            summary="The contract ends in December. The clinic and two others have offered.", code="I-CONTRACT",
        )  # fmt: skip
    with _days_ago(198):
        minutes = actions.write_minutes(
            SYSTEM, meeting, words="All four spoke to both items. The peers asked for the papers a week earlier.",
            duration=110, present=THERE, language="en",
        )  # fmt: skip
        votes = {"S-LANTERN": "in_favor", "S-OPENHANDS": "in_favor", "S-OFFICE": "in_favor"}
        actions.conclude(
            SYSTEM, item, words="From the spring on, meetings begin at half past six.", votes=votes, language="en"
        )
        split = {"S-LANTERN": "in_favor", "S-OPENHANDS": "against", "S-OFFICE": "in_favor"}
        decision = actions.conclude(
            SYSTEM, money, words="The contract is offered for one more year, with peers among those who choose.",
            votes=split, conflicts=["S-CLINIC"], language="en",
            conflict_words="The clinic has offered to run the drop-in itself.",
        )  # fmt: skip
        actions.object_to(
            SYSTEM, decision, speaker=Speaker(Side.PEERS, organisation=organisations["OPENHANDS"]), language="en",
            words="One year is too short for people who have just begun to trust the place.",
        )  # fmt: skip
    with _days_ago(190):
        for code in ("LANTERN", "OPENHANDS"):
            actions.approve_minutes(SYSTEM, minutes, organisation=organisations[code])


def _second_meeting(body: Body, seats: Mapping[str, Seat], organisations: Mapping[str, Organisation]) -> None:
    with _days_ago(130) as called:
        meeting = actions.call(
            SYSTEM, body, day=called + timedelta(days=25), place="Town hall, ground floor (invented)",
            planned_minutes=90, language="en", code="M-SECOND",
        )  # fmt: skip
        report = actions.bring_up(
            SYSTEM, meeting, speaker=Speaker(Side.BODY, organisation=body.organisation), wanted="discuss",
            title="Report of the half year (invented)", summary="What was answered, and what was not.",
            language="en", code="I-REPORT",
        )  # fmt: skip
        actions.bring_up(
            SYSTEM, meeting, speaker=Speaker(Side.PEERS, organisation=organisations["LANTERN"]), wanted="decide",
            title="Pay on the same day (invented)", summary="Peers who sit here wait for months for what was promised.",
            language="en", code="I-PAY",
        )  # fmt: skip
    with _days_ago(100):
        minutes = actions.write_minutes(
            SYSTEM, meeting, words="The report took the whole time. Nobody came to the second item.", duration=95,
            present=("S-LANTERN", "S-OFFICE"), language="en",
        )  # fmt: skip
        actions.conclude(
            SYSTEM, report, words="It is published with a page in plain words.", language="en",
            votes={"S-LANTERN": "abstained", "S-OFFICE": "in_favor"},
        )  # fmt: skip
    with _days_ago(95):
        actions.approve_minutes(SYSTEM, minutes, organisation=organisations["OPENHANDS"])


def _coming_meeting(body: Body, seats: Mapping[str, Seat]) -> None:
    with _days_ago(10) as called:
        meeting = actions.call(
            SYSTEM, body, day=called + timedelta(days=30), place="Drop-in at the Old Pier (invented)",
            planned_minutes=120, language="en", code="M-COMING",
        )  # fmt: skip
        item = actions.bring_up(
            SYSTEM, meeting, speaker=Speaker(Side.PEERS, seat=seats["S-OPENHANDS"]), wanted="decide", language="en",
            title="Pay on the same day, again (invented)",
            summary="The last meeting did not come to it. Three people have stopped coming since.", code="I-PAY-AGAIN",
        )  # fmt: skip
        actions.bring_up(
            SYSTEM, meeting, speaker=Speaker(Side.BODY, organisation=body.organisation), wanted="inform",
            title="Opening hours in winter (invented)", summary="Both sites open an hour earlier from December on.",
            language="en", code="I-WINTER",
        )  # fmt: skip
        actions.add_paper(
            SYSTEM, item, speaker=Speaker(Side.PEERS, seat=seats["S-OPENHANDS"]), language="en", is_plain=True,
            title="What waiting for pay costs, on one page (invented)", where="Printed, at the desk of the drop-in",
        )  # fmt: skip
