"""The clock: days begin where the house is, also when the hour changes, and an act has one moment."""

import datetime
from itertools import pairwise

import pytest

from withus.core import clock

UTC = datetime.UTC
ZONES = ("UTC", "Europe/Lisbon", "America/Sao_Paulo", "Pacific/Kiritimati", "Asia/Kathmandu", "Australia/Lord_Howe")


def it_is(monkeypatch: pytest.MonkeyPatch, *moments: datetime.datetime) -> None:
    """The machine's clock says these moments, one after another, and stays at the last."""
    left = list(moments)
    monkeypatch.setattr(clock, "_system", lambda: left.pop(0) if len(left) > 1 else left[0])


def utc(text: str) -> datetime.datetime:
    """A moment."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T23:59:59", "2026-03-28"),
        ("2026-03-29T00:00:00", "2026-03-29"),  # the day on which 1:00 is followed by 2:00
        ("2026-03-29T22:59:59", "2026-03-29"),
        ("2026-03-29T23:00:00", "2026-03-30"),
        ("2026-10-24T22:59:59", "2026-10-24"),
        ("2026-10-24T23:00:00", "2026-10-25"),  # the day on which 1:30 comes twice
        ("2026-10-25T00:30:00", "2026-10-25"),
        ("2026-10-25T01:30:00", "2026-10-25"),
        ("2026-10-25T23:59:59", "2026-10-25"),
        ("2026-10-26T00:00:00", "2026-10-26"),
    ],
)
def test_a_day_begins_at_the_houses_midnight_also_when_the_hour_changes(
    settings, monkeypatch: pytest.MonkeyPatch, moment: str, day: str
) -> None:
    settings.TIME_ZONE = "Europe/Lisbon"
    it_is(monkeypatch, utc(moment))
    assert clock.today().isoformat() == day


@pytest.mark.parametrize("zone", ZONES)
def test_no_day_of_a_year_is_left_out_or_comes_twice(zone: str) -> None:
    start = utc("2026-01-01T12:00:00")
    quarters = (start + datetime.timedelta(minutes=15 * number) for number in range(4 * 24 * 365))
    days = [clock.day_of(moment, zone) for moment in quarters]
    changes = [later - earlier for earlier, later in pairwise(days) if later != earlier]
    assert set(changes) == {datetime.timedelta(days=1)}
    assert len(changes) == 365


def test_another_zone_has_its_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(monkeypatch, utc("2026-05-03T12:00:00"))
    assert clock.today("Pacific/Kiritimati").isoformat() == "2026-05-04"
    assert clock.today("America/Sao_Paulo").isoformat() == "2026-05-03"


def test_an_act_has_one_moment_even_if_midnight_comes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(monkeypatch, utc("2026-05-03T23:59:59.9"), utc("2026-05-04T00:00:00.1"))
    with clock.standing_still():
        assert clock.now() == clock.now() == utc("2026-05-03T23:59:59")
        with clock.standing_still():
            assert clock.today().isoformat() == "2026-05-03"
        assert clock.today().isoformat() == "2026-05-03"
    assert clock.now() == utc("2026-05-04T00:00:00")


def test_time_goes_on_after_an_act_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(monkeypatch, utc("2026-05-03T10:00:00"), utc("2026-05-03T11:00:00"))
    with pytest.raises(ZeroDivisionError), clock.standing_still():
        raise ZeroDivisionError
    assert clock.now() == utc("2026-05-03T11:00:00")


def test_a_day_that_is_held_is_the_day_everywhere_and_only_its_hours_pass(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WITHUS_TODAY, settings.TIME_ZONE = datetime.date(2026, 5, 3), "Pacific/Kiritimati"
    for moment in ("2026-11-23T00:00:00", "2026-11-23T23:59:59"):
        it_is(monkeypatch, utc(moment))
        assert clock.now() == datetime.datetime.combine(settings.WITHUS_TODAY, utc(moment).timetz())
        assert (clock.today(), clock.today("UTC")) == (settings.WITHUS_TODAY, settings.WITHUS_TODAY)
