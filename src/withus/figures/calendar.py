"""Deadlines that run and promises that are not kept yet, as a calendar (RFC 5545) of whole days."""

import datetime
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext

from withus.compute.sentences import one_line
from withus.processes.models import Body
from withus.recommendations.models import Commitment, Recommendation
from withus.texts.queries import public_words

Whole = Callable[[str], str]
MOST_BYTES = 75  # of a line
_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Withus//Deadlines//EN")


def ics(
    body: Body, day: datetime.date, owed: Iterable[Recommendation], promises: Iterable[Commitment], whole: Whole
) -> bytes:
    """The calendar of a body, seen on the day; each event keeps its UID, so that a moved deadline moves."""
    lines = [*_HEAD, f"X-WR-CALNAME:{_text(one_line(body.organisation.name))}"]
    place, stamp = whole("/").rstrip("/"), f"DTSTAMP:{_date(day)}T000000Z"
    for mark, due, words, of in _days(owed, promises, whole):
        address = f"{place}{of.get_absolute_url()}"
        text = one_line(public_words(of, "text", whole), 400)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{mark}",
            stamp,
            f"DTSTART;VALUE=DATE:{_date(due)}",
            f"DTEND;VALUE=DATE:{_date(due + datetime.timedelta(days=1))}",
            f"SUMMARY:{_text(words)}",
            f"DESCRIPTION:{_text(text)}\\n{_text(address)}",
            f"URL:{address}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _text(words: str) -> str:
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _date(day: datetime.date) -> str:
    return day.isoformat().replace("-", "")


def _folded(line: str) -> bytes:
    """The line in pieces of as many bytes as the format takes, none of which ends within a letter."""
    rest, pieces, most = line.encode(), list[bytes](), MOST_BYTES
    while len(rest) > most:
        cut = most
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(rest[:cut])
        rest, most = rest[cut:], MOST_BYTES - 1  # behind the space with which a piece goes on
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


def _days(
    owed: Iterable[Recommendation], promises: Iterable[Commitment], whole: Whole
) -> Iterator[tuple[str, datetime.date, str, Recommendation]]:
    for one in owed:
        text = one_line(public_words(one, "text", whole))
        if one.owed_on:
            yield f"{one.code}.answer", one.owed_on, gettext("Answer due: %(text)s") % {"text": text}, one
        elif one.done_by:
            words = gettext("To be done, without a promised day: %(text)s") % {"text": text}
            yield f"{one.code}.done", one.done_by, words, one
    for promise in promises:
        measure = one_line(public_words(promise, "measure", whole))
        words = gettext("Promised: %(measure)s") % {"measure": measure}
        yield f"{promise.code}.promise", promise.due_on, words, promise.recommendation
