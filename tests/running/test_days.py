"""Midnight, the change of the hour, and clocks that are set back: every day's work once, no act on a wrong day."""

import datetime
import json
import threading
from zoneinfo import ZoneInfo

import pytest
from tests.core.test_clock import it_is, utc
from tests.deliberation import scene
from tests.running.test_work import job

from withus.core import clock
from withus.core.schedule import DAY, Scheduled
from withus.deliberation import actions
from withus.deliberation.models import Statement
from withus.processes import actions as processes
from withus.public_log import append as log
from withus.public_log import verify
from withus.public_log.models import LogPending
from withus.running import check, known, work
from withus.running.models import JobRun

pytestmark = pytest.mark.django_db
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
Moments = list[datetime.datetime]


def steps(start: str, end: str, step: datetime.timedelta) -> Moments:
    """Moments from start to end, both in UTC."""
    first, last = utc(start), utc(end)
    return [first + number * step for number in range(int((last - first) / step) + 1)]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Moments:
    """When the one daily job ran."""
    ran: Moments = []

    def note() -> int:
        ran.append(clock.now())
        return 0

    monkeypatch.setattr(known, "JOBS", {"a.daily": job("a.daily", note, seconds=DAY)})
    return ran


def live_through(monkeypatch: pytest.MonkeyPatch, moments: Moments) -> None:
    """A worker looks at each of these moments what is due; it is started anew each time, as after a crash."""
    for moment in moments:
        it_is(monkeypatch, moment)
        work._round({}, threading.Event())


@pytest.mark.parametrize("zone", ["UTC", "Europe/Lisbon", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize("month", ["03", "10", "11"])
def test_what_is_daily_runs_once_in_each_day_of_the_house(
    runs: Moments, settings, monkeypatch: pytest.MonkeyPatch, zone: str, month: str
) -> None:
    settings.TIME_ZONE = zone
    live_through(monkeypatch, steps(f"2026-{month}-20T15:00:00", f"2026-{month}-30T15:00:00", 23 * MINUTE))
    days = [clock.day_of(moment) for moment in runs]
    assert len(days) == len(set(days)) == 11
    local = [moment.astimezone(ZoneInfo(zone)) for moment in runs[1:]]
    assert all(one.hour == 0 and one.minute < 23 for one in local)  # as it begins, whenever the house was started


def test_one_process_runs_it_each_day_too(runs: Moments, monkeypatch: pytest.MonkeyPatch) -> None:
    passed, next_run = [0.0], {}
    monkeypatch.setattr(work.time, "monotonic", lambda: passed[0])
    for moment in steps("2026-05-01T14:00:00", "2026-05-05T14:00:00", 10 * MINUTE):
        it_is(monkeypatch, moment)
        passed[0] += 600
        work._round(next_run, threading.Event())
    assert [moment.isoformat() for moment in runs] == [
        "2026-05-01T14:00:00+00:00",
        *(f"2026-05-0{day}T00:00:00+00:00" for day in (2, 3, 4, 5)),
    ]


@pytest.mark.parametrize("back", [HOUR, 24 * HOUR])
def test_a_clock_that_is_set_back_by_up_to_a_day_runs_nothing_twice(
    runs: Moments, monkeypatch: pytest.MonkeyPatch, back: datetime.timedelta
) -> None:
    before = steps("2026-05-01T00:00:00", "2026-05-03T00:20:00", 10 * MINUTE)
    live_through(monkeypatch, before)
    assert len(runs) == 3
    live_through(monkeypatch, [before[-1] - back + number * 10 * MINUTE for number in range(int(back / (10 * MINUTE)))])
    assert len(runs) == 3
    live_through(monkeypatch, steps("2026-05-03T00:20:00", "2026-05-05T00:20:00", 10 * MINUTE))
    assert [moment.day for moment in runs] == [1, 2, 3, 4, 5]


def test_a_clock_that_was_far_ahead_does_not_stop_the_daily_work(
    runs: Moments, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(monkeypatch, [utc("2027-05-01T10:00:00"), utc("2026-05-01T10:00:00"), utc("2026-05-01T10:01:00")])
    assert [moment.year for moment in runs] == [2027, 2026]
    live_through(monkeypatch, [utc("2026-05-02T00:00:00")])
    assert len(runs) == 3


def test_while_the_demo_holds_its_day_the_daily_work_goes_on(
    runs: Moments, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WITHUS_TODAY = datetime.date(2026, 5, 3)
    live_through(monkeypatch, steps("2026-11-20T09:00:00", "2026-11-22T09:00:00", 10 * MINUTE))
    assert 2 <= len(runs) <= 3
    assert {moment.date() for moment in runs} == {settings.WITHUS_TODAY}


def test_the_daily_jobs_are_daily() -> None:
    daily = {name for name, one in known.jobs().items() if one.is_daily}
    assert daily == {
        "people.end_terms",
        "public_log.enter_what_peers_did",
        "recommendations.count_judgements",
        "recommendations.end_judgements",
        "recommendations.settle",
        "reports.end",
        "running.drop_old_back_ups",
        "voices.count_returned",
        "voices.end_slips",
        "voices.end_sources",
        "voices.end_weeks",
    }


def test_what_peers_did_on_a_day_enters_together_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "public_log.enter_what_peers_did"
    monkeypatch.setattr(known, "JOBS", {name: known.jobs()[name]})
    it_is(monkeypatch, utc("2026-05-01T09:00:00"))
    talk = scene.process()
    live_through(monkeypatch, [utc("2026-05-01T09:00:01")])
    for number, moment in enumerate(["2026-05-01T10:00:00", "2026-05-01T23:59:59", "2026-05-02T00:00:00"]):
        it_is(monkeypatch, utc(moment))
        actions.propose(scene.ANA, talk, text=f"Words {number}", language="en", tie=scene.tie("ana", talk))
    it_is(monkeypatch, utc("2026-05-02T00:00:01"))
    assert LogPending.objects.count() == 3
    live_through(monkeypatch, steps("2026-05-01T12:00:00", "2026-05-01T23:59:59", HOUR))
    assert LogPending.objects.count() == 3  # its day is not over

    live_through(monkeypatch, steps("2026-05-02T00:00:01", "2026-05-02T23:00:01", HOUR))
    assert LogPending.objects.count() == 0
    days = [record["day"] for record in scene.records() if record["type"] == "statement.proposed"]
    assert sorted(days) == ["2026-05-01", "2026-05-01", "2026-05-02"]


def test_an_act_at_midnight_has_one_day_in_its_row_and_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(monkeypatch, utc("2026-05-03T12:00:00"))
    talk = scene.process()
    late, early = utc("2026-05-03T23:59:59.9"), utc("2026-05-04T00:00:00.1")
    for looks in range(1, 8):  # midnight comes after so many looks at the clock
        it_is(monkeypatch, *([late] * looks), early)
        made = actions.propose(
            scene.ANA, talk, text=f"Words {looks}", language="en", tie=scene.tie(list(scene.KEYS)[looks % 6], talk)
        )
        (body,) = LogPending.objects.filter(body__contains=made.code).values_list("body", flat=True)
        assert json.loads(body)["day"] == made.proposed_on.isoformat()
        assert Statement.objects.get(pk=made.pk).proposed_on == made.proposed_on


def test_the_moment_and_the_day_of_a_bodys_act_are_of_one_day(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TIME_ZONE = "Europe/Lisbon"
    it_is(monkeypatch, utc("2026-05-03T12:00:00"))
    ministry = scene.organisation("BODY", kind="body")
    late, early = utc("2026-05-03T22:59:59.9"), utc("2026-05-03T23:00:00.1")
    for looks in reversed(range(1, 6)):  # the log only goes forward: those before midnight first
        it_is(monkeypatch, *([late] * looks), early)
        processes.open_service(scene.SYSTEM, ministry, name=f"Service {looks}", about="", language="en")
        record = scene.records()[-1]
        moment = datetime.datetime.fromisoformat(record["at"])
        assert record["day"] == clock.day_of(moment).isoformat()


@pytest.mark.parametrize("back", [HOUR, 24 * HOUR, 400 * 24 * HOUR])
def test_a_clock_that_is_set_back_neither_stops_the_log_nor_turns_its_times_around(
    monkeypatch: pytest.MonkeyPatch, back: datetime.timedelta
) -> None:
    it_is(monkeypatch, utc("2026-05-03T12:00:00"))
    talk, ministry = scene.process(), scene.organisation("BODY", kind="body")

    def acts(moment: datetime.datetime) -> None:
        it_is(monkeypatch, moment)
        processes.open_service(scene.SYSTEM, ministry, name=f"Service {moment}", about="", language="en")
        scene.statement(talk)  # an organisation's, with a day only
        actions.propose(scene.ANA, talk, text=f"At {moment}", language="en", tie=scene.tie("ana", talk))
        log.append_pending()

    now = utc("2026-05-03T12:00:00")
    acts(now)
    talk.phases.update(opens_on=(now - back).date())
    acts(now - back)
    acts(now - back + MINUTE)
    acts(now + MINUTE)

    dated = [record for record in scene.records() if record.get("actor", "peers") != "peers"]
    moments = [record["at"] for record in dated if "at" in record]
    assert moments == sorted(moments)
    assert moments[-1] == "2026-05-03T12:01:00Z"
    assert [record["day"] for record in dated] == sorted(record["day"] for record in dated)
    own = {record["day"] for record in scene.records() if record["type"] == "statement.proposed"}
    assert own == {now.date().isoformat(), (now - back).date().isoformat()}
    assert verify.problems() == []


def test_check_says_that_the_clock_ran_back(monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(monkeypatch, utc("2026-05-03T12:00:00"))
    monkeypatch.setattr(
        known, "JOBS", {"a.job": Scheduled("a.job", 60, lambda: 0, "Does."), "b.daily": job("b.daily", lambda: 0, DAY)}
    )
    work._round({}, threading.Event())
    it_is(monkeypatch, utc("2026-05-03T11:00:00"))
    work._round({}, threading.Event())
    assert JobRun.objects.get(name="a.job").started_at == utc("2026-05-03T11:00:00")
    assert check._clock().says == "The clock has run back. Set it, then check again."
