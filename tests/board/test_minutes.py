"""Minutes of a meeting, what was decided with the votes by seat, dissent, and who approves."""

import pytest

from tests import cast, make
from tests.board.conftest import TALKED, Board, Days, seat_of
from tests.board.test_meetings import BOUGHT, CONFLICT, NOT_ENOUGH, codes, concluded, records
from withus.core.errors import Denied, Refused
from withus.policy.facts import Role
from withus.processes.board import actions, queries
from withus.processes.board.models import Approval, Decision, Item, Meeting, Minutes, Objection, SeatVote
from withus.processes.board.speaking import Side, Speaker


def test_minutes_are_written_once_and_not_before_the_day(board: Board, held: Meeting, on: Days) -> None:
    on(9)
    with pytest.raises(Refused, match="has not been yet"):
        board.minutes(held)
    on(10)
    board.seat("Empty")
    with pytest.raises(Refused, match="Only a seat that somebody held") as no:
        board.minutes(held, "Empty")
    assert no.value.field == "present"
    with pytest.raises(Denied):
        actions.write_minutes(board.lu, held, words=TALKED, duration=1, present=[], language="en")
    board.minutes(held, "Nights", "Office")
    with pytest.raises(Refused, match="minutes already"):
        board.minutes(held, "Days")
    assert Minutes.objects.get().attendances.count() == 2
    record = next(one for one in records() if one["type"] == "minutes.written")
    assert record["facts"]["present"] == sorted(board.seats[name].code for name in ("Nights", "Office"))


@pytest.mark.parametrize(
    ("votes", "conflicts", "sentence"),
    [
        ({"Days": "in_favor"}, (), "A seat that was not there"),
        ({}, ("Days",), "A seat that was not there"),
        ({"Nights": "against"}, ("Nights",), "declared a conflict of interest does not vote"),
        ({"Guest": "in_favor"}, (), "has no vote"),
        ({}, ("Nights",), "Say which conflict"),
    ],
)
def test_a_vote_that_a_seat_cannot_have_is_refused_with_a_sentence(
    board: Board, held: Meeting, votes: dict[str, str], conflicts: tuple[str, ...], sentence: str
) -> None:
    board.minutes(held, "Nights", "Office", "Guest")
    stepped_out = [board.seats[name].code for name in conflicts]
    with pytest.raises(Refused, match=sentence):
        concluded(board, votes=codes(board, **votes), conflicts=stepped_out)
    assert not Decision.objects.exists()
    assert not SeatVote.objects.exists()


def test_what_was_decided_is_said_once_after_the_minutes_with_votes_by_seat(board: Board, held: Meeting) -> None:
    with pytest.raises(Refused, match="Write the minutes first"):
        concluded(board)
    board.minutes(held, "Nights", "Office", "Guest")
    votes = codes(board, Nights="against", Office="in_favor")
    with pytest.raises(Denied):
        actions.conclude(board.lu, Item.objects.get(), words=BOUGHT, language="en", votes=votes)
    concluded(board, votes=votes, conflicts=[board.seats["Guest"].code], conflict_words=CONFLICT)
    with pytest.raises(Refused, match="said already"):
        concluded(board)
    facts = next(one for one in records() if one["type"] == "item.decided")["facts"]
    said = {name: facts[name] for name in ("in_favor", "against", "abstained", "conflicts")}
    assert said == {
        "in_favor": [board.seats["Office"].code],
        "against": [board.seats["Nights"].code],
        "abstained": [],
        "conflicts": [board.seats["Guest"].code],
    }
    page = cast.browser().get(held.get_absolute_url()).content.decode()
    for words in ("Votes by seat", "against", "Stepped out", CONFLICT, BOUGHT, "50 minutes"):
        assert words in page


def test_what_the_minutes_do_not_decide_was_not_tabled(board: Board, held: Meeting) -> None:
    board.minutes(held, "Nights")
    assert [hasattr(one, "decision") for one in queries.public_items(board.body)] == [False]
    assert "the meeting did not come to it" in cast.browser().get(held.get_absolute_url()).content.decode()


def test_dissent_stands_beside_a_decision_for_good(board: Board, held: Meeting) -> None:
    board.minutes(held, "Nights")
    decision = concluded(board)
    ana, words = board.everybody.ana.actor, {"words": NOT_ENOUGH, "language": "en"}
    actions.object_to(ana, decision, speaker=seat_of(board, "Nights"), **words)
    with pytest.raises(Refused, match="kept the first time"):
        actions.object_to(ana, decision, speaker=seat_of(board, "Nights"), **words)
    actions.object_to(board.lu, decision, speaker=Speaker(Side.PEERS, organisation=board.peers), **words)
    with pytest.raises(Denied):
        actions.object_to(
            board.mina, decision, speaker=Speaker(Side.BODY, organisation=board.body.organisation), **words
        )
    assert Objection.objects.count() == 2
    page = cast.browser().get(held.get_absolute_url()).content.decode()
    assert page.count(NOT_ENOUGH) == 2
    assert board.everybody.ana.pseudonym not in page


def test_a_seated_peer_organisation_approves_minutes_once(board: Board, held: Meeting) -> None:
    minutes = board.minutes(held, "Nights")
    foreign = make.somebody(Role.ORG_STEWARD, make.recognised("Others"))
    for who in (board.everybody.mina, board.everybody.ana, foreign):
        with pytest.raises(Denied, match="approve minutes"):
            actions.approve_minutes(who.actor, minutes, organisation=board.peers)
    with pytest.raises(Refused, match="for which you can speak"):
        actions.approve_minutes(board.lu, minutes, organisation=board.body.organisation)
    page = cast.browser().get(held.get_absolute_url()).content.decode()
    assert "these are the body's words only" in page.replace("&#x27;", "'")
    lu = cast.browser(board.everybody.lu)
    address, said = f"{held.get_absolute_url()}approve", {"organisation": board.peers.code}
    assert lu.post(address, said).status_code == 303
    assert "approved these minutes already" in lu.post(address, said).content.decode()
    assert Approval.objects.get().organisation == board.peers
