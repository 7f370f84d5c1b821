"""Everything that has an end names what brings it about, and a job that stands still is noticed."""

from datetime import timedelta

import pytest
from django.test import Client
from tests import make

from withus.core import buckets, clock, keys
from withus.home import retention
from withus.home.register import FOR_EVER, WITH_THE_HOUSE
from withus.home.retention import OWNER, REPLACED, RETENTION
from withus.home.views import REGISTER
from withus.people.models import Instance
from withus.running import check, known
from withus.running.models import JobRun


def test_every_table_with_an_end_says_what_ends_it_and_no_other_does() -> None:
    ends = [
        name
        for section in REGISTER.values()
        for name, kept in section.tables.items()
        if kept.until not in (FOR_EVER, WITH_THE_HOUSE)
    ]
    assert sorted(table for one in RETENTION for table in one.tables) == sorted(ends)


def test_what_ends_by_itself_names_a_job_that_there_is() -> None:
    named = {one.by for one in RETENTION}
    assert named - {OWNER, REPLACED} == retention.JOBS
    assert retention.JOBS - known.jobs().keys() == set()


@pytest.mark.django_db
def test_a_visitor_reads_it(home: object) -> None:
    make.instance()
    page = Client().get("/privacy/ends").content.decode()
    for one in RETENTION:
        assert str(one.what).replace("'", "&#x27;") in page
    assert "reports.end" in page


@pytest.fixture
def ran(db: None) -> Instance:
    """A house of last week, in which everything ran today."""
    for name in known.jobs():
        JobRun.objects.create(name=name, started_at=clock.now(), milliseconds=1, did=0)
    return make.instance(set_up_on=clock.today() - timedelta(days=7))


def test_check_says_of_each_job_that_ends_something_when_it_last_ran(ran: Instance) -> None:
    part = check._retention()
    assert part.ok
    for name in retention.JOBS:
        assert f"{name} {clock.today()}" in part.says


@pytest.mark.parametrize("name", sorted(retention.JOBS))
def test_a_job_that_stands_still_is_bad(name: str, ran: Instance) -> None:
    JobRun.objects.filter(name=name).update(started_at=clock.now() - timedelta(days=3))
    part = check._retention()
    assert not part.ok
    assert f"longer than promised: {name} did not run" in part.says


def test_a_job_that_failed_or_never_ran_is_bad_and_on_the_first_day_it_is_not_yet(ran: Instance) -> None:
    JobRun.objects.filter(name="reports.end").update(error="OSError")
    assert not check._retention().ok
    JobRun.objects.filter(name="reports.end").delete()
    assert "reports.end not yet" in check._retention().says
    assert not check._retention().ok
    Instance.objects.update(set_up_on=clock.today())
    assert check._retention().ok


def test_check_names_the_oldest_week_that_has_a_key(home: object, ran: Instance) -> None:
    assert "oldest" not in check._weeks().says
    buckets.prepare(clock.today(), timedelta(days=9))
    week = buckets.week_of(clock.today())
    assert f"The oldest key is of {week}, and ends after {buckets.last_day(week)}." in check._weeks().says
    keys.read_or_make("week-2020-W01.key")
    assert not check._weeks().ok


def test_weeks_are_bad_when_nobody_looked_after_them_for_days(home: object, ran: Instance) -> None:
    assert check._weeks().ok
    JobRun.objects.filter(name="voices.end_weeks").update(started_at=clock.now() - timedelta(days=3))
    part = check._weeks()
    assert not part.ok
    assert f"last looked after on {clock.today() - timedelta(days=3)}." in part.says
    JobRun.objects.filter(name="voices.end_weeks").update(started_at=clock.now(), error="OSError")
    assert not check._weeks().ok
