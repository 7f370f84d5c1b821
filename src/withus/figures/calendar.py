"""Deadlines that run and promises that were made, as a calendar (RFC 5545) of whole days."""

import datetime
from collections.abc import Callable, Iterable

from django.utils.translation import gettext

from withus.figures.telling import one_line
from withus.processes.models import Body
from withus.recommendations.models import Commitment, Recommendation

Whole = Callable[[str], str]


def ics(
    body: Body, day: datetime.date, owed: Iterable[Recommendation], promises: Iterable[Commitment], whole: Whole
) -> bytes:
    """The calendar of a body, seen on the day; each event keeps its UID, so that a moved deadline moves."""
    from icalendar import Calendar, Event  # noqa: PLC0415 only those need it who take the calendar away

    calendar = Calendar()
    calendar.add("prodid", "-//Withus//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(body.organisation.name))
    for mark, due, words, of in _days(owed, promises):
        event, address = Event(), whole(of.get_absolute_url())
        event.add("uid", mark)
        event.add("dtstamp", datetime.datetime.combine(day, datetime.time(), datetime.UTC))
        event.add("dtstart", due)
        event.add("dtend", due + datetime.timedelta(days=1))
        event.add("summary", words)
        event.add("description", f"{one_line(of.text, 400)}\n{address}")
        event.add("url", address)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _days(
    owed: Iterable[Recommendation], promises: Iterable[Commitment]
) -> Iterable[tuple[str, datetime.date, str, Recommendation]]:
    for one in owed:
        if one.owed_on:
            yield f"{one.code}.answer", one.owed_on, gettext("Answer due: %(text)s") % {"text": one_line(one.text)}, one
        elif one.done_by:
            words = gettext("To be done, without a promised day: %(text)s") % {"text": one_line(one.text)}
            yield f"{one.code}.done", one.done_by, words, one
    for promise in promises:
        words = gettext("Promised: %(measure)s") % {"measure": one_line(promise.measure)}
        yield f"{promise.code}.promise", promise.due_on, words, promise.recommendation
