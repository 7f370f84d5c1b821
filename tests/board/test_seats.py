"""Seats: peers fill those of peers, the body its own, and nobody is shown who sits there."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.board.conftest import Board, Days, day
from withus.core.errors import Denied, Refused
from withus.people import actions as people
from withus.people.models import Account, Membership
from withus.people.queries import known_about, public_recognised_codes
from withus.policy.facts import Role
from withus.processes.board import actions, desk, queries
from withus.processes.board.models import Seat, Tenure, TenureEnd
from withus.processes.board.speaking import Side, Speaker
from withus.public_log.models import LogEntry

REASON = "The town council has taken this table into its own hands."


def test_lu_fills_the_seat_of_her_organisation_and_nobody_else_does(board: Board) -> None:
    seat, term = board.seat("Nights"), {"since": day(0), "until": day(99)}
    foreign = make.somebody(Role.ORG_STEWARD, make.recognised("Others"))
    for who in (board.everybody.mina, board.everybody.hedy, board.everybody.bo, foreign):
        with pytest.raises(Denied, match="filled by a steward of its own peer organisation"):
            actions.fill(who.actor, seat, **term)
    actions.fill(board.lu, seat, **term)
    held = queries.public_seats(board.body).get()
    assert [held.is_filled(day(n), public_recognised_codes()) for n in (-1, 0, 99, 100)] == [False, True, True, False]
    assert not held.is_filled(day(0), frozenset())


def test_an_organisation_that_is_not_recognised_fills_no_seat(board: Board) -> None:
    new = make.organisation("New here")
    seat, steward = board.seat("Days", of=new), make.somebody(Role.ORG_STEWARD, new)
    with pytest.raises(Denied, match="if that is recognised"):
        actions.fill(steward.actor, seat, since=day(0), until=day(9))


def test_the_body_fills_its_own_seats(board: Board) -> None:
    seat = board.seat("Office", Side.BODY)
    assert seat.organisation == board.body.organisation
    with pytest.raises(Denied):
        actions.fill(board.lu, seat, since=day(0), until=day(9))
    actions.fill(board.mina, seat, since=day(0), until=day(9), pseudonym=board.everybody.mina.pseudonym)


def test_a_seat_of_peers_belongs_to_a_peer_organisation_and_to_no_other(board: Board) -> None:
    clinic = make.organisation("Clinic", "service")
    for side, of in (
        (Side.PEERS, None), (Side.PEERS, clinic), (Side.PEERS, board.body.organisation),
        (Side.OTHER, board.peers), (Side.OTHER, board.body.organisation), (Side.OTHER, None),
    ):  # fmt: skip
        with pytest.raises(Refused) as no:
            actions.add_seat(board.mina, board.body, name="Seat", side=side, language="en", organisation=of)
        assert no.value.field == "organisation"
    assert board.seat("Clinic's", Side.OTHER, of=clinic).organisation == clinic
    with pytest.raises(Refused, match="of this name"):
        board.seat("Clinic's", Side.OTHER, of=clinic)
    with pytest.raises(Denied):
        actions.add_seat(board.lu, board.body, name="S", side=Side.PEERS, language="en", organisation=board.peers)


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"since": day(-1)}, "since", "This day has passed"),
        ({"since": day(10), "until": day(9)}, "until", "ends before it begins"),
        ({"since": day(99)}, "since", "Somebody holds this seat"),
        (
            {"since": day(150), "until": day(160), "pseudonym": "calm-otter-1"},
            "pseudonym",
            "Nobody of this organisation",
        ),
    ],
)
def test_a_term_that_cannot_be_is_refused_with_a_sentence(
    board: Board, said: dict[str, Any], field: str, sentence: str
) -> None:
    seat = board.seated("Nights")
    with pytest.raises(Refused, match=sentence) as no:
        actions.fill(board.lu, seat, **({"since": day(0), "until": day(200)} | said))
    assert no.value.field == field
    assert Tenure.objects.count() == 1


def test_a_member_of_another_organisation_cannot_be_named(board: Board) -> None:
    seat = board.seat("Nights")
    with pytest.raises(Refused, match="Nobody of this organisation"):
        actions.fill(board.lu, seat, since=day(0), until=day(9), pseudonym=board.everybody.cem.pseudonym)


def test_whoever_sits_there_leaves_when_she_likes_and_need_not_say_why(board: Board, on: Days) -> None:
    ana = board.everybody.ana
    seat = board.seated("Nights", who=ana)
    for who in (board.everybody.mina, board.everybody.bo):
        with pytest.raises(Denied):
            actions.vacate(who.actor, seat, ends_on=day(3))
    for wrong in (day(-1), day(100)):
        with pytest.raises(Refused, match="Choose a day"):
            actions.vacate(ana.actor, seat, ends_on=wrong)
    entries = LogEntry.objects.count()
    actions.vacate(ana.actor, seat, ends_on=day(3))
    assert LogEntry.objects.count() == entries  # a peer's act waits for the day's shuffle
    with pytest.raises(Refused, match="said already"):
        actions.vacate(board.lu, seat, ends_on=day(2))
    held = queries.public_seats(board.body).get()
    assert [held.holder_on(day(n)) is not None for n in (3, 4)] == [True, False]
    on(4)
    actions.fill(board.lu, seat, since=day(4), until=day(9))
    assert TenureEnd.objects.count() == 1


def test_a_seat_ends_with_a_reason_and_nobody_is_put_there_after(board: Board, on: Days) -> None:
    seat = board.seated("Nights")
    for wrong, field in (({"ends_on": day(-1)}, "ends_on"), ({"reason": "Money"}, "reason")):
        with pytest.raises(Refused) as no:
            actions.end_seat(board.mina, seat, **({"reason": REASON, "language": "en", "ends_on": day(5)} | wrong))
        assert no.value.field == field
    with pytest.raises(Denied):
        actions.end_seat(board.lu, seat, reason=REASON, language="en", ends_on=day(5))
    actions.end_seat(board.mina, seat, reason=REASON, language="en", ends_on=day(5))
    with pytest.raises(Refused, match="said already"):
        actions.end_seat(board.mina, seat, reason=REASON, language="en", ends_on=day(6))
    assert [Seat.objects.get().holder_on(day(n)) is not None for n in (5, 6)] == [True, False]
    on(6)
    with pytest.raises(Refused, match="not there any more"):
        actions.fill(board.lu, seat, since=day(101), until=day(120))
    assert REASON in cast.browser().get(f"/bodies/{board.body.code}/seats").content.decode()


def test_who_sits_there_is_shown_to_herself_alone_and_forgotten_when_she_leaves(board: Board) -> None:
    ana = board.everybody.ana
    board.seated("Nights", who=ana)
    for who in (None, board.everybody.mina, board.everybody.lu, board.everybody.bo):
        page = cast.browser(who).get(f"/bodies/{board.body.code}/seats").content.decode()
        assert "Nights" in page
        assert ana.pseudonym not in page
        assert str(ana.account.pk) not in page
    assert [row.what for row in known_about(ana.actor)].count("A term in a seat that you hold or held") == 1
    log = b"".join(bytes(one.body) for one in LogEntry.objects.all()).decode()
    assert ana.pseudonym not in log
    people.leave(ana.actor, None, key=ana.key, stays=True)
    assert not Account.objects.filter(pk=ana.account.pk).exists()
    assert Tenure.objects.get().account is None
    assert not queries.public_seats(board.body).get().is_filled(day(0), public_recognised_codes())


def test_a_seat_whose_holder_is_a_member_no_more_is_not_filled_and_she_no_longer_speaks(board: Board) -> None:
    ana, meeting = board.everybody.ana, board.meeting()
    seat = board.seated("Nights", who=ana)
    assert [one.code for one in queries.speakers(ana.actor, board.body)] == [seat.code]
    (standing,) = ana.actor.standings
    people.give_up(ana.actor, None, standing=standing)
    assert queries.speakers(ana.actor, board.body) == []
    item = {"title": "Tea", "summary": "Warm", "wanted": "inform", "language": "en"}
    with pytest.raises(Denied, match="seated today"):
        actions.bring_up(ana.actor, meeting, speaker=Speaker(seat.side, seat=seat), **item)
    assert queries.public_board(board.body).peers_filled == 0
    page = cast.browser().get(f"/bodies/{board.body.code}/seats").content.decode()
    assert "or nobody of it sits there any more" in page
    people.join(ana.actor, None, code=make.card(board.peers))
    assert queries.public_board(board.body).peers_filled == 1


@pytest.mark.parametrize("goes", ["she leaves", "she gives her role up", "her role ends"])
def test_an_organisation_fills_its_seat_anew_when_its_holder_has_gone(board: Board, on: Days, goes: str) -> None:
    bo = board.everybody.bo
    seat = board.seated("Nights", who=bo)
    if goes == "she leaves":
        people.leave(bo.actor, None, key=bo.key, stays=True)
    elif goes == "she gives her role up":
        people.give_up(bo.actor, None, standing=next(iter(bo.actor.standings)))
    else:
        Membership.objects.filter(account=bo.account).update(until=day(-1))
    assert queries.public_board(board.body).peers_filled == 0
    with pytest.raises(Refused, match="Somebody holds this seat"):  # two terms cannot begin on one day
        actions.fill(board.lu, seat, since=day(0), until=day(9))
    on(1)
    actions.fill(board.lu, seat, since=day(1), until=day(9), pseudonym=board.everybody.ana.pseudonym)
    assert queries.public_board(board.body).peers_filled == 1
    assert queries.speakers(board.everybody.ana.actor, board.body)
    with pytest.raises(Refused, match="Somebody holds this seat"):
        actions.fill(board.lu, seat, since=day(5), until=day(20))


def test_a_seat_of_somebody_without_an_account_counts_while_her_organisation_says_so(board: Board) -> None:
    seat = board.seated("Nights")
    assert queries.public_board(board.body).peers_filled == 1
    actions.vacate(board.lu, seat, ends_on=day(0))
    assert queries.public_seats(board.body).get().is_filled(day(0), public_recognised_codes())
    assert not queries.public_seats(board.body).get().is_filled(day(1), public_recognised_codes())


def test_a_seat_whose_holder_has_gone_comes_back_to_the_desk(board: Board) -> None:
    ana = board.everybody.ana
    board.seated("Nights", who=ana)
    assert [str(task.what) for task in desk.for_the_peers(board.lu)] == []
    people.leave(ana.actor, None, key=ana.key, stays=True)
    assert [str(task.what) for task in desk.for_the_peers(board.lu)] == ["Fill your seat"]


def test_one_person_holds_one_seat_on_a_side_of_a_table(board: Board) -> None:
    ana, term = board.everybody.ana, {"since": day(0), "until": day(9)}
    board.seated("Nights", who=ana)
    days, elsewhere = board.seat("Days"), make.recognised("Others")
    theirs = board.seat("Others'", of=elsewhere)
    people.join(ana.actor, None, code=make.card(elsewhere))
    for seat, steward in ((days, board.lu), (theirs, make.somebody(Role.ORG_STEWARD, elsewhere).actor)):
        with pytest.raises(Refused, match="One person holds one seat at a table") as no:
            actions.fill(steward, seat, **term, pseudonym=ana.pseudonym)
        assert no.value.field == "pseudonym"
    assert Tenure.objects.count() == 1
    actions.vacate(board.lu, board.seats["Nights"], ends_on=day(3))
    actions.fill(board.lu, days, since=day(4), until=day(9), pseudonym=ana.pseudonym)
    people.join(ana.actor, None, code=make.card(board.everybody.ministry, Role.READER))
    office = board.seat("Office", Side.BODY)  # to say no would tell the body that she sits on the other side
    actions.fill(board.mina, office, **term, pseudonym=ana.pseudonym)


def test_whoever_fills_a_seat_cannot_find_out_who_is_a_member_elsewhere_or_sits_where(board: Board) -> None:
    board.seated("Nights", who=board.everybody.ana)
    office = board.seat("Office", Side.BODY)
    mina, address = cast.browser(board.everybody.mina), f"/bodies/{board.body.code}/seats/{office.code}/fill"
    said = {"since": day(0).isoformat(), "until": day(9).isoformat()}
    answers = []
    for name in ("calm-otter-1", board.everybody.ana.pseudonym, board.everybody.cem.pseudonym):
        with CaptureQueriesContext(connection) as asked:
            page = mina.post(address, said | {"pseudonym": name}).content.decode()
        answers.append((len(asked), page.replace(name, "?")))
    assert "Nobody of this organisation" in answers[0][1]
    assert answers[1:] == answers[:1] * 2


def test_the_pages_of_seats_and_body_cost_as_much_for_many_as_for_few(board: Board) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert cast.browser().get(address).status_code == 200
        return len(asked)

    pages = [f"/bodies/{board.body.code}/seats", f"/bodies/{board.body.code}/"]
    board.seated("S0")
    few = [cost(page) for page in pages]
    for number in range(1, 6):
        board.seated(f"S{number}")
    assert [cost(page) for page in pages] == few


def test_a_form_that_is_sent_twice_fills_once(board: Board) -> None:
    seat, lu = board.seat("Nights"), cast.browser(board.everybody.lu)
    said = {"since": day(0).isoformat(), "until": day(9).isoformat(), "pseudonym": board.everybody.ana.pseudonym}
    address = f"/bodies/{board.body.code}/seats/{seat.code}/fill"
    assert lu.post(address, said).status_code == 303
    again = lu.post(address, said)
    assert again.status_code == 200
    assert "Somebody holds this seat" in again.content.decode()
    assert Tenure.objects.get().account == board.everybody.ana.account
