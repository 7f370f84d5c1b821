"""A line of a desk: something that waits for somebody, by a day, with the deed that comes next."""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext


@dataclass(frozen=True)
class Task:
    """What waits (`what`, about `text`), for which organisation, until when; what doing it takes and pays, if known.

    `since` is a day from which it waits where no day ends it.
    """

    what: str | Promise
    text: str
    language: str
    about: str  # the address of the thing
    deed: str  # the address of what comes next
    organisation: str
    due_on: datetime.date | None = None
    since: datetime.date | None = None
    minutes: int | None = None
    pay: str | None = None  # None: it is nobody's paid work; empty: it is, and no pay is agreed


def in_order(tasks: list[Task]) -> list[Task]:
    """What ends first comes first, then what waits longest."""
    last = datetime.date.max
    return sorted(tasks, key=lambda task: (task.due_on or last, task.since or last, task.about, task.deed))


@dataclass(frozen=True)
class Stretch:
    """The tasks of a stretch of days, under its name."""

    title: str
    tasks: list[Task]


def in_stretches(tasks: list[Task], day: datetime.date) -> list[Stretch]:
    """The tasks by when they end, seen on the day; stretches without any are left out."""
    week = day + datetime.timedelta(days=7)
    found = [
        Stretch(gettext("Past its day"), [one for one in tasks if one.due_on and one.due_on < day]),
        Stretch(gettext("Today"), [one for one in tasks if one.due_on == day]),
        Stretch(gettext("In the next seven days"), [one for one in tasks if one.due_on and day < one.due_on <= week]),
        Stretch(gettext("Later"), [one for one in tasks if one.due_on and one.due_on > week]),
        Stretch(gettext("Without a day"), [one for one in tasks if one.due_on is None]),
    ]
    return [Stretch(one.title, in_order(one.tasks)) for one in found if one.tasks]
