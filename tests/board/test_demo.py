"""The demo's table: everything on it is said to be invented, and it has something of each kind."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from withus.core import clock
from withus.demo import seed, story
from withus.people.queries import public_recognised_codes
from withus.processes.board import queries
from withus.processes.board.models import Interest, Meeting, Objection, Paper, Seat, Tenure
from withus.processes.board.speaking import Side
from withus.processes.models import Body
from withus.recommendations.models import Recommendation


@pytest.fixture
def sown(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Body:
    """The demo without its imported conversations."""
    for name in ("WITHUS_DATA", "WITHUS_KEYS"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr(story, "CONVERSATIONS", ())
    monkeypatch.setattr(story, "RECOMMENDATIONS", tuple(replace(one, evidence="") for one in story.RECOMMENDATIONS))
    seed.sow()
    return Body.objects.get(organisation__code="DEMO")


def test_the_demos_table_has_something_of_each_kind_and_says_that_it_is_invented(sown: Body) -> None:
    day, recognised = clock.today(), public_recognised_codes()
    terms = queries.public_terms(sown, day)
    assert terms
    assert queries.public_current(terms, day)
    assert (terms.peer_seats, terms.peer_vote, terms.agenda_right, terms.reply_days) == (3, True, True, 30)
    assert terms.in_force_on < min(Recommendation.objects.values_list("written_on", flat=True))
    peers = [seat for seat in queries.public_seats(sown) if seat.side == Side.PEERS]
    assert [seat.is_filled(day, recognised) for seat in peers] == [True, True, False]
    assert Tenure.objects.filter(account__isnull=False).count() == 1
    items = list(queries.public_items(sown))
    untabled = [one.code for one in items if one.meeting.day < day and not hasattr(one, "decision")]
    assert untabled == ["I-PAY"]
    assert (Objection.objects.count(), Interest.objects.count(), Paper.objects.count()) == (1, 1, 1)
    assert Meeting.objects.filter(day__gt=day).count() == 1
    named = [*Seat.objects.values_list("name", flat=True), *(one.title for one in items), terms.mandate]
    named += [*Paper.objects.values_list("title", flat=True), *Meeting.objects.values_list("place", flat=True)]
    assert [one for one in named if "(invented)" not in one] == []
    for page in ("terms", "seats", "meetings/", "meetings/M-FIRST/", "meetings/M-COMING/"):
        assert "Invented." in Client().get(f"/bodies/DEMO/{page}").content.decode()
