"""A line of a desk: something that waits for somebody, by a day, with the deed that comes next."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

from django.utils.functional import Promise
from django.utils.translation import gettext

from withus.policy.facts import Actor


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


Waiting = Callable[[Actor], Iterable[Task]]
WAITING: list[Waiting] = []


def waits(read: Waiting) -> Waiting:
    """Registers what else waits for somebody, in a capability above the page that shows desks."""
    WAITING.append(read)
    return read


class Place(NamedTuple):
    """Where a task stands on a desk before it is read: by its days, and by the key that its pile knows it by."""

    due_on: datetime.date | None
    since: datetime.date | None
    key: Any


@dataclass(frozen=True)
class Pile:
    """Tasks that are read only when a page shows them: `read` makes those of some places, in their order."""

    places: Sequence[Place]
    read: Callable[[list[Place]], list[Task]]

    @classmethod
    def of(cls, tasks: Iterable[Task]) -> "Pile":
        """Tasks that are read already."""
        places = [Place(task.due_on, task.since, task) for task in tasks]
        return cls(places, lambda shown: [place.key for place in shown])


class Desk(Sequence[Task]):
    """All tasks of some piles: what ends first comes first, then what waits longest. Those of a slice are read."""

    def __init__(self, *piles: Pile) -> None:
        self._piles = piles
        places = [(place, number) for number, pile in enumerate(piles) for place in pile.places]
        last = datetime.date.max
        self._places = sorted(places, key=lambda one: (one[0].due_on or last, one[0].since or last))

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Task: ...

    @overload
    def __getitem__(self, at: slice) -> list[Task]: ...

    def __getitem__(self, at: int | slice) -> Task | list[Task]:
        if isinstance(at, int):
            return self._read([self._places[at]])[0]
        return self._read(self._places[at])

    def __iter__(self) -> Iterator[Task]:
        return iter(self._read(self._places))

    def _read(self, places: list[tuple[Place, int]]) -> list[Task]:
        """The tasks of these places; each pile is asked once."""
        found = {}
        for number in {number for _, number in places}:
            found[number] = iter(self._piles[number].read([place for place, of in places if of == number]))
        return [next(found[number]) for _, number in places]

    def past(self, day: datetime.date) -> int:
        """How many have ended before the day."""
        return sum(1 for place, _ in self._places if place.due_on and place.due_on < day)


@dataclass(frozen=True)
class Stretch:
    """The tasks of a stretch of days, under its name."""

    title: str
    tasks: list[Task]


def in_stretches(tasks: Sequence[Task], day: datetime.date) -> list[Stretch]:
    """The tasks by when they end, seen on the day, in the order in which they come; empty stretches are left out."""
    week = day + datetime.timedelta(days=7)
    found = [
        Stretch(gettext("Past its day"), [one for one in tasks if one.due_on and one.due_on < day]),
        Stretch(gettext("Today"), [one for one in tasks if one.due_on == day]),
        Stretch(gettext("In the next seven days"), [one for one in tasks if one.due_on and day < one.due_on <= week]),
        Stretch(gettext("Later"), [one for one in tasks if one.due_on and one.due_on > week]),
        Stretch(gettext("Without a day"), [one for one in tasks if one.due_on is None]),
    ]
    return [one for one in found if one.tasks]
