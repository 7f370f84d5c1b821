"""Days on which those spoke for a body who were not it, as this house found: what they entered then does not hold.

The capability that finds such days says here how. They are few, so one reading holds them for all bodies, and every
page, count and clock asks here.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.db.models import Q
from django.utils.translation import gettext

from withus.core.edition import kept
from withus.core.errors import Refused

Days = tuple[datetime.date, datetime.date]  # the first and the last, both with
Finder = Callable[[], Iterable[tuple[int, datetime.date, datetime.date]]]  # a body's row, and its days
FINDERS: list[Finder] = []


def finds_others(find: Finder) -> Finder:
    """Registers what reads such days."""
    FINDERS.append(find)
    return find


@kept(1)
def public_days_of_others() -> Mapping[int, list[Days]]:
    """All such days, by the row of the body; read once an edition."""
    found = defaultdict[int, list[Days]](list)
    for find in FINDERS:
        for body, first, last in find():
            found[body].append((first, last))
    return dict(found)


def days_of_others(body: int) -> list[Days]:
    """Such days of one body, by its row."""
    return public_days_of_others().get(body, [])


def is_within(days: Iterable[Days], day: datetime.date) -> bool:
    """Whether the day is one of them."""
    return any(first <= day <= last for first, last in days)


def by_others(body: int, day: datetime.date) -> bool:
    """Whether those who spoke for the body (its row) on the day were not it."""
    return is_within(days_of_others(body), day)


def not_by_others(body: str = "body", day: str = "said_on") -> Q:
    """What the body itself entered; `body` and `day` are the fields that say for whom and when."""
    found = ~Q(pk__in=[])  # everything: an empty Q beside an "or" would be nothing
    for row, spans in public_days_of_others().items():
        for span in spans:
            found &= ~Q(**{body: row, f"{day}__range": span})
    return found


def only_from_tomorrow(body: int, today: datetime.date) -> None:
    """Raises Refused on the day on which this house found it: days alone say who said what."""
    if by_others(body, today):
        advice = gettext(
            "This house said today that whoever spoke for this body was not it. What is said today counts as theirs. "
            "Say it tomorrow."
        )
        raise Refused(advice)
