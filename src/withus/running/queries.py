"""What the pages of operations show, and what jobs look for."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext

from withus.core import clock, configuration
from withus.core.errors import Denied
from withus.core.schedule import Scheduled
from withus.people.models import Instance
from withus.policy.facts import Actor
from withus.policy.rules import Action, decide
from withus.running import known
from withus.running.models import BackUp, JobRun

GRACE = timedelta(minutes=5)


@dataclass(frozen=True)
class JobLine:
    """A job and its last run, for the jobs page; overdue is computed when read."""

    job: Scheduled
    last: JobRun | None
    is_overdue: bool

    @property
    def stands(self) -> bool:
        """Whether what it does is not done: it is overdue, or failed when it last ran."""
        return self.is_overdue or bool(self.last and self.last.error)


@dataclass(frozen=True)
class Disk:
    """Room on the disk of the data folder, in bytes."""

    free: int
    total: int
    used_by_us: int

    @property
    def is_low(self) -> bool:
        """Less than 5 % or less than 500 MB are free."""
        return self.free < 500_000_000 or self.free < self.total // 20


def house(actor: Actor) -> Instance:
    """This instance, for its steward; raises Denied for everybody else."""
    instance = Instance.objects.get()
    verdict = decide(actor, Action.BACK_UP, instance)
    if not verdict:
        raise Denied(gettext(verdict.reason))
    return instance


def due_back_ups() -> QuerySet[BackUp]:
    """Back-ups that were asked for and not made."""
    return BackUp.objects.filter(made_at=None, error="").order_by("id")


def public_is_new() -> bool:
    """Whether this instance was set up today, or not yet."""
    return not Instance.objects.filter(set_up_on__lt=clock.today()).exists()


def public_job_lines() -> list[JobLine]:
    """Every job with its last run; it tells nothing about anybody."""
    runs = JobRun.objects.in_bulk()
    is_new = public_is_new()
    return [
        JobLine(job, runs.get(name), _is_overdue(job, runs.get(name), is_new))
        for name, job in sorted(known.jobs().items())
    ]


def _is_overdue(job: Scheduled, last: JobRun | None, is_new: bool) -> bool:
    """A house that was set up today has not had the time to run everything."""
    if last is None:
        return not is_new
    return clock.now() - last.started_at > 2 * timedelta(seconds=job.seconds) + GRACE


def public_last_back_up() -> BackUp | None:
    """The newest back-up that was made."""
    return BackUp.objects.exclude(made_at=None).order_by("-made_at").first()


def back_ups(actor: Actor) -> list[BackUp]:
    """The newest back-ups, made or waiting."""
    return list(BackUp.objects.all()[:20])


def public_disk() -> Disk:
    """The room that is left for the data folder."""
    data = configuration.folder("WITHUS_DATA")
    room = shutil.disk_usage(next(folder for folder in (data, *data.parents) if folder.exists()))
    ours = 0
    for folder, _, names in os.walk(data):
        for name in names:
            with suppress(FileNotFoundError):  # replaced while we walk
                ours += os.lstat(os.path.join(folder, name)).st_size
    return Disk(room.free, room.total, ours)
