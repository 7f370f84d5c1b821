"""Voices end by themselves: their week's key is deleted, and with it every copy of what it closed; then sources."""

from datetime import date, timedelta

from django.db import transaction

from withus.core import buckets, clock, erasure
from withus.core.schedule import every
from withus.voices import carried, queries, salt, weeks
from withus.voices.assisted.queries import due_slips
from withus.voices.findings import queries as findings
from withus.voices.findings.actions import count_returned as returned
from withus.voices.sending import LIVES

AHEAD = timedelta(days=7)  # made before the first voice needs them


@every(days=1)
def end_weeks() -> int:
    """Deletes the keys of weeks that are over, and what ended with them; makes those of the weeks to come.

    After a leap in time it ends nothing yet, two days long: no back-up brings back what a wrong clock ended.
    """
    day = clock.today()
    salt.note()
    if not weeks.may_end(day):
        return weeks.prepare(LIVES + AHEAD)
    ended = buckets.end(day)
    ended += _end_voices(day)
    ended += queries.due_openings(day).delete()[0]
    if ended:
        erasure.fold_in()
    return ended + weeks.prepare(LIVES + AHEAD)


def _end_voices(day: date) -> int:
    """Holds them before what lies below them is deleted, as every deed on a voice does."""
    with transaction.atomic():
        list(queries.due_voices(day).select_for_update().order_by("pk").values_list("pk", flat=True))
        return queries.due_voices(day).delete()[0]


@every(days=1)
def end_sources() -> int:
    """Deletes the sources of findings for which nothing more is to come, once the voice has ended too."""
    ended = findings.due_sources(clock.today()).delete()[0]
    if ended:
        erasure.fold_in()
    return ended


@every(days=1)
def end_slips() -> int:
    """Deletes slips that stayed blank for 180 days, and the marks of forms that were sent 30 days ago."""
    ended = due_slips(clock.today()).delete()[0] + queries.due_forms(clock.today()).delete()[0]
    if ended:
        erasure.fold_in()
    return ended


@every(days=1)
def count_returned() -> int:
    """Counts once, for I-08, the answers that nobody told those who spoke within thirty days."""
    return sum(returned(one.finding, one.link) for one in findings.due_counting(clock.today()))


@every(hours=1)
def renew_visit_key() -> int:
    """Once a day changes the key of visits and forms, and forgets the one before."""
    return carried.renew_key()
