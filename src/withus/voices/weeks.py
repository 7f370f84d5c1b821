"""The weeks in which voices end, and whether their keys are here. The key of a week that holds voices is made once:
another key of the same name would hide that the first one is lost."""

from collections import Counter
from datetime import date, timedelta

from withus.core import buckets, clock, sealing
from withus.core.errors import CannotSeal
from withus.people.models import Instance
from withus.voices import sealed
from withus.voices.models import Voice

LEAP, WAITS = timedelta(days=28), timedelta(days=2)


def latest(longest: timedelta) -> str:
    """The week so long from today; an earlier one while its key is not here. Raises CannotSeal if there is none."""
    for days in range(longest.days, -1, -7):
        week = buckets.week_of(clock.today() + timedelta(days=days))
        if _is_usable(week):
            return week
    raise CannotSeal


def prepare(longest: timedelta) -> int:
    """Makes the keys of the weeks to come in which nothing ends yet; returns how many."""
    used = set(Voice.objects.order_by("week").values_list("week", flat=True).distinct())
    return buckets.prepare(clock.today(), longest, used)


def may_end(day: date) -> bool:
    """Whether weeks may end on this day. After a leap in time they may two days later: the clock may be wrong, and no
    back-up brings back a key. Then they end however far the day is from the last look, as where that is seldom.
    """
    house = Instance.objects.first()
    if house is None:
        return True
    last, wait, house.weeks_looked_on = house.weeks_looked_on, house.weeks_wait_until, day
    if wait and (day >= wait or day < wait - WAITS):  # it has waited, or the clock was put right
        house.weeks_wait_until = None
    elif not wait and last and day - last > LEAP:
        house.weeks_wait_until = day + WAITS
    house.save(update_fields=["weeks_looked_on", "weeks_wait_until"])
    return house.weeks_wait_until is None


def opens(voice: Voice) -> bool:
    """Whether the key of its week that is here closed it too; if it opens others of that week, this one is damaged."""
    return sealed.is_of(voice.week, voice.code, bytes(voice.own_wrap), is_on_slip=voice.is_on_slip)


def is_here(week: str) -> bool:
    """Whether the key of a week in which voices end is here: it opens one of them at least."""
    return any(opens(one) for one in Voice.objects.filter(week=week).only(*_TRIED).order_by("pk").iterator())


def lost() -> dict[str, int]:
    """The weeks whose key opens nothing that ends in them, because it is not here or is another one, and how many
    voices that are. A damaged one beside others that open asks for no file."""
    living = Voice.objects.filter(week__gte=buckets.week_of(clock.today()))
    numbers = Counter(living.order_by("week").values_list("week", flat=True))
    return {week: number for week, number in numbers.items() if not is_here(week)}


_TRIED = ("week", "code", "own_wrap", "is_on_slip")


def _is_usable(week: str) -> bool:
    """Whether what is closed now in this week opens together with what lies there; an empty week gets its key."""
    if Voice.objects.filter(week=week).exists():
        return is_here(week)
    with sealing.or_nothing():
        buckets.make(week)
    return True
