"""Two at once: one term in a seat, and one seat for a person."""

import pytest

from tests.board.conftest import come_in
from tests.deliberation.test_races import at_once
from withus.core.errors import Refused
from withus.processes.board import actions
from withus.processes.board.models import Tenure

pytestmark = pytest.mark.usefixtures("own_database")


def test_nobody_gets_two_seats_and_no_seat_two_people_at_once() -> None:
    board = come_in()
    seats, today = [board.seat(name) for name in ("Nights", "Days", "Street")], board.body_today()
    term = {"since": today, "until": today, "pseudonym": board.everybody.ana.pseudonym}
    wrong = at_once(*(lambda seat=seat: actions.fill(board.lu, seat, **term) for seat in seats))  # type: ignore[misc]
    assert [type(one) for one in wrong] == [Refused] * 2
    (held,) = Tenure.objects.all()
    free = next(seat for seat in seats if seat.pk != held.seat_id)
    wrong = at_once(*(lambda: actions.fill(board.lu, free, since=today, until=today) for _ in range(3)))
    assert [type(one) for one in wrong] == [Refused] * 2
    assert Tenure.objects.count() == 2
