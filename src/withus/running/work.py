"""The background, without a queue: state is in rows, every job finds for itself what is due, and may run twice."""

import logging
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from withus.core import clock, locks
from withus.core.errors import is_full
from withus.core.schedule import Scheduled
from withus.deliberation.maps import elsewhere
from withus.public_log import anchor, identity, publish
from withus.running import known
from withus.running.models import JobRun

TICK = 1  # seconds between two looks at what is due
QUIET = timedelta(minutes=1)  # within which a run that did nothing is not written down again
PAUSE = 15  # seconds before the next try when the disk is full or the database is away
PATIENCE = 60  # seconds that `work --once` waits for another worker's round
_QUICK, _SLOW = "work", "slow-work"  # the locks of the two lanes
_OUR_WORDS = (anchor.RolledBack, identity.NotOurs, publish.Damaged)
_logger = logging.getLogger(__name__)
_said: dict[str, str] = {}  # what this process has said last of each job that fails


def is_due(job: Scheduled, last: JobRun | None) -> bool:
    """Whether the job's time has come: never run, long enough ago, or last run in a future that was a wrong clock.

    What runs daily runs once in each day. A clock that is set back by up to a day lets it wait, rather than run twice:
    of what peers did on one day, each batch would be smaller. The demo's day never ends, so there hours count.
    """
    if last is None:
        return True
    if job.is_daily and settings.WITHUS_TODAY is None:
        days = (clock.today() - clock.day_of(last.started_at)).days
        return days > 0 or days < -1
    return not timedelta(0) <= clock.now() - last.started_at < timedelta(seconds=job.seconds)


def run(job: Scheduled) -> bool:
    """Runs one job and notes how it went; a failing job harms no other one. False if it failed."""
    started_at, started = clock.now(), time.perf_counter()
    did, error = 0, ""
    try:
        did = job.run()
    except Exception as problem:  # whatever a job does, the next one runs
        error = type(problem).__name__
        _say(job.name, problem)
    else:
        _said.pop(job.name, None)
    last = JobRun.objects.filter(name=job.name).first()
    if last and not did and not error and not last.error and timedelta(0) <= started_at - last.started_at < QUIET:
        return True  # nothing to tell: a disk that is written to every second wears out
    JobRun.objects.update_or_create(
        name=job.name,
        defaults={
            "started_at": started_at,
            "milliseconds": round(1000 * (time.perf_counter() - started)),
            "did": did,
            "error": error,
            "failures": (last.failures if last else 0) + 1 if error else 0,
        },
    )
    return not error


def _say(name: str, problem: Exception) -> None:
    """Says why a job failed, once until it goes well again or fails in another way: some run every second.

    The kind only, because the words of an error may be somebody's. What the log says of itself is ours, and said whole.
    """
    kind = type(problem).__name__
    says = f"{kind}: {problem}" if isinstance(problem, _OUR_WORDS) else kind
    if _said.get(name) != says:
        _said[name] = says
        _logger.warning("the job %s failed: %s", name, says)


@contextmanager
def at_rest() -> Iterator[None]:
    """No other process works in the background meanwhile. Raises locks.Taken."""
    with locks.held(_QUICK, wait=PATIENCE), locks.held(_SLOW, wait=PATIENCE):
        yield


def once() -> dict[str, bool]:
    """Runs every job now, so all that is due is done; returns which of them went well. Raises locks.Taken."""
    with at_rest():
        return {name: run(job) for name, job in sorted(known.jobs().items())}


def forever(stop: threading.Event) -> None:
    """Runs what is due, again and again, until told to stop: slow jobs beside the others."""
    if any(job.is_slow for job in known.jobs().values()):
        threading.Thread(target=_slowly, args=(stop,), name=_SLOW, daemon=True).start()
    _lane(stop, _QUICK, is_slow=False)


def _slowly(stop: threading.Event) -> None:
    """The lane of slow jobs; before the first of them the loops of maps are compiled, if this version's never were."""
    try:
        elsewhere.prepare()
    except (OSError, subprocess.CalledProcessError) as problem:
        _logger.warning("the maps could not be prepared: %s", type(problem).__name__)
    try:
        _lane(stop, _SLOW, is_slow=True)
    finally:
        connection.close()  # each thread has its own


def _lane(stop: threading.Event, lock: str, *, is_slow: bool) -> None:
    """Runs the jobs of one lane; a database that is away is waited for."""
    next_run: dict[str, float] = {}
    while not stop.wait(TICK):
        try:
            with locks.held(lock):
                _round(next_run, stop, is_slow=is_slow)
        except locks.Taken:
            continue  # another worker's round
        except (DatabaseError, OSError) as problem:
            cause = "the disk is full" if is_full(problem) else "the database does not answer"
            _logger.warning("the background waits: %s (%s)", cause, type(problem).__name__)
            connection.close()
            stop.wait(PAUSE)


def _round(next_run: dict[str, float], stop: threading.Event, *, is_slow: bool = False) -> None:
    """Runs each job that is due by its row, and that this process has not just run without anything to note."""
    runs = JobRun.objects.in_bulk()
    for name, job in known.jobs().items():
        now = time.monotonic()
        if (
            job.is_slow is is_slow
            and now >= next_run.get(name, now)
            and is_due(job, runs.get(name))
            and not stop.is_set()
        ):
            next_run[name] = now + min(job.seconds, QUIET.total_seconds())
            run(job)
