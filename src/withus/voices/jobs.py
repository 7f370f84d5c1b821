"""Voices end by themselves: their week's key is deleted, and with it every copy of what it closed."""

from datetime import timedelta

from withus.core import buckets, clock, erasure
from withus.core.schedule import every
from withus.voices import carried, queries
from withus.voices.actions import LIVES

AHEAD = timedelta(days=7)  # made before the first voice needs them


@every(days=1)
def end_weeks() -> int:
    """Deletes the keys of weeks that are over, and what ended with them; makes those of the weeks to come."""
    day = clock.today()
    ended = buckets.end(day)
    ended += queries.due_voices(day).delete()[0]
    ended += queries.due_openings(day).delete()[0]
    if ended:
        erasure.fold_in()
    return ended + buckets.prepare(day, LIVES + AHEAD)


@every(hours=1)
def renew_visit_key() -> int:
    """Once a day changes the key of visits and forms, and forgets the one before."""
    return carried.renew_key()
