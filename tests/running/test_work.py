"""What runs by itself: each job on its own, overdue ones seen, nothing of what people wrote in an error."""

import datetime
import signal
import subprocess
import threading
import time

import pytest
from tests.running.conftest import House

from withus.core import clock, locks, schedule
from withus.core.schedule import Scheduled
from withus.deliberation.maps import elsewhere
from withus.people.models import Instance
from withus.public_log import anchor
from withus.running import known, queries, work
from withus.running.models import JobRun


def job(name: str, run: schedule.Job, seconds: int = 60) -> Scheduled:
    """A job of a test."""
    return Scheduled(name, seconds, run, "Does something.")


def fails() -> int:
    """A job that breaks over somebody's words."""
    raise ValueError("my secret words")


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Scheduled]:
    """Only the test's own jobs."""
    own: dict[str, Scheduled] = {}
    monkeypatch.setattr(known, "JOBS", own)
    return own


@pytest.mark.django_db
def test_a_failing_job_harms_no_other_and_says_only_its_kind(
    jobs: dict[str, Scheduled], caplog: pytest.LogCaptureFixture
) -> None:
    jobs["a.fails"], jobs["b.works"] = job("a.fails", fails), job("b.works", lambda: 3)

    assert work.once() == {"a.fails": False, "b.works": True}
    work.once()

    runs = {one.name: (one.did, one.error, one.failures) for one in JobRun.objects.all()}
    assert runs == {"a.fails": (0, "ValueError", 2), "b.works": (3, "", 0)}
    assert "secret" not in caplog.text


@pytest.mark.django_db
def test_a_job_that_fails_every_second_says_it_once_until_it_goes_well(
    jobs: dict[str, Scheduled], caplog: pytest.LogCaptureFixture
) -> None:
    def is_old() -> int:
        raise anchor.RolledBack("this instance has signed 9 entries, and the database holds 5")

    for does in (is_old, is_old, is_old, fails, lambda: 1, is_old):
        jobs["a.job"] = job("a.job", does)
        work.once()

    old = "the job a.job failed: RolledBack: this instance has signed 9 entries, and the database holds 5"
    assert [record.message for record in caplog.records] == [old, "the job a.job failed: ValueError", old]


@pytest.mark.django_db
def test_a_job_that_recovers_starts_counting_anew(jobs: dict[str, Scheduled]) -> None:
    jobs["a.job"] = job("a.job", fails)
    work.once()
    jobs["a.job"] = job("a.job", lambda: 1)
    work.once()

    assert JobRun.objects.get().failures == 0


@pytest.mark.django_db
def test_a_job_that_finds_nothing_to_do_is_written_down_once_a_minute(jobs: dict[str, Scheduled]) -> None:
    jobs["a.job"] = job("a.job", lambda: 0, seconds=1)
    work.once()
    JobRun.objects.update(milliseconds=777)
    work.once()
    assert JobRun.objects.get().milliseconds == 777

    JobRun.objects.update(started_at=clock.now() - datetime.timedelta(seconds=61))
    work.once()
    assert JobRun.objects.get().milliseconds != 777


@pytest.mark.parametrize(("ago", "is_due"), [(0, False), (59, False), (60, True), (3600, True), (-3600, True)])
def test_a_job_is_due_when_its_time_has_passed_or_the_clock_was_wrong(ago: int, is_due: bool) -> None:
    last = JobRun(name="a.job", started_at=clock.now() - datetime.timedelta(seconds=ago), milliseconds=1, did=0)

    assert work.is_due(job("a.job", lambda: 0), last) is is_due
    assert work.is_due(job("a.job", lambda: 0), None)


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "is_overdue"), [(0, False), (400, False), (421, True)])
def test_a_job_is_overdue_after_twice_its_time_and_five_minutes(
    jobs: dict[str, Scheduled], ago: int, is_overdue: bool
) -> None:
    jobs["a.job"] = job("a.job", lambda: 0)
    started = clock.now() - datetime.timedelta(seconds=ago)
    JobRun.objects.create(name="a.job", started_at=started, milliseconds=1, did=0)

    assert [line.is_overdue for line in queries.public_job_lines()] == [is_overdue]


@pytest.mark.django_db
def test_a_job_that_never_ran_is_overdue_except_on_the_first_day(jobs: dict[str, Scheduled]) -> None:
    jobs["a.job"] = job("a.job", lambda: 0)
    instance = Instance.objects.create(host_name="Here", set_up_on=clock.today())
    assert [line.is_overdue for line in queries.public_job_lines()] == [False]

    instance.set_up_on = clock.today() - datetime.timedelta(days=1)
    instance.save()
    assert [line.is_overdue for line in queries.public_job_lines()] == [True]


@pytest.mark.django_db
def test_one_worker_at_a_time(jobs: dict[str, Scheduled], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PATIENCE", 0.1)
    with locks.held("work"), pytest.raises(locks.Taken):
        work.once()
    assert work.once() == {}


@pytest.mark.django_db
def test_the_loop_runs_what_is_due_and_ends_when_told(jobs: dict[str, Scheduled]) -> None:
    stop, ran = threading.Event(), []

    def counts() -> int:
        ran.append(1)
        stop.set()
        return 1

    jobs["a.job"] = job("a.job", counts)
    work.forever(stop)

    assert ran == [1]


def test_every_capabilitys_jobs_are_known() -> None:
    assert {"running.make_back_ups", "running.drop_old_back_ups", "deliberation.release"} <= set(known.jobs())


def test_work_once_does_all_of_it_and_a_killed_worker_leaves_nothing_locked(house: House) -> None:
    worker = house.start("work")
    time.sleep(2.5)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()

    house.must("work", "--once")

    assert (
        house.python("from withus.running.models import JobRun; print(JobRun.objects.exclude(error='').count())")
        == "0\n"
    )
    assert house.log()["ok"]


def test_the_worker_stops_cleanly(house: House) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        worker = house.start("work")
        time.sleep(6)  # it listens once everything is loaded, which takes a busy machine longer
        worker.send_signal(number)
        out, err = worker.communicate(timeout=20)
        assert (worker.returncode, out, err) == (0, "", "")


@pytest.mark.django_db
def test_a_slow_job_holds_up_no_other_one(
    jobs: dict[str, Scheduled], own_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, quick_ran = threading.Event(), threading.Event()
    monkeypatch.setattr(work.elsewhere, "prepare", lambda: None)

    def waits() -> int:
        assert quick_ran.wait(30), "the quick job waited for the slow one"
        stop.set()
        return 1

    jobs["a.slow"] = Scheduled("a.slow", 60, waits, "Takes long.", is_slow=True)
    jobs["b.quick"] = job("b.quick", lambda: quick_ran.set() or 1)
    work.forever(stop)
    for lane in (one for one in threading.enumerate() if one.name == "slow-work"):
        lane.join(30)

    assert quick_ran.is_set()


@pytest.mark.parametrize(("are_ready", "asked"), [(True, []), (False, [("draw-maps",)])])
def test_a_worker_compiles_once_what_maps_need_before_its_first_slow_job(
    jobs: dict[str, Scheduled], monkeypatch: pytest.MonkeyPatch, are_ready: bool, asked: list[tuple[str, ...]]
) -> None:
    stop, words = threading.Event(), []
    stop.set()
    monkeypatch.setattr(elsewhere.loops, "are_ready", lambda: are_ready)
    monkeypatch.setattr(elsewhere.apart, "run", lambda *said: words.append(said))
    work._slowly(stop)

    assert words == asked


def test_maps_that_cannot_be_prepared_stop_no_slow_job(
    jobs: dict[str, Scheduled], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*words: str) -> None:
        raise subprocess.CalledProcessError(1, "withus")

    stop = threading.Event()
    stop.set()
    monkeypatch.setattr(elsewhere.loops, "are_ready", lambda: False)
    monkeypatch.setattr(elsewhere.apart, "run", fails)
    work._slowly(stop)

    assert "the maps could not be prepared: CalledProcessError" in caplog.text


@pytest.mark.django_db
def test_once_waits_for_slow_jobs_too(jobs: dict[str, Scheduled], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PATIENCE", 0.1)
    with locks.held("slow-work"), pytest.raises(locks.Taken):
        work.once()
