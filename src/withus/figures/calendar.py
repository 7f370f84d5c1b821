"""Deadlines that run and promises that are not kept yet, as a calendar (RFC 5545) of whole days."""

import datetime
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext

from withus.compute.sentences import one_line
from withus.recommendations.models import Commitment, Delivery, Question, Recommendation
from withus.texts.queries import public_words

Whole = Callable[[str], str]
Happening = tuple[str, datetime.date, str, Recommendation]  # its mark, its day, in words, about what
MOST_BYTES = 75  # of a line
_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Withus//Deadlines//EN")


def ics(name: str, day: datetime.date, happening: Iterable[Happening], whole: Whole) -> bytes:
    """A calendar of this name, seen on the day; each event keeps its UID, so that a moved deadline moves."""
    lines = [*_HEAD, f"X-WR-CALNAME:{_text(one_line(name))}"]
    place, stamp = whole("/").rstrip("/"), f"DTSTAMP:{_date(day)}T000000Z"
    for mark, due, words, of in happening:
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


def of_body(owed: Iterable[Recommendation], promises: Iterable[Commitment], whole: Whole) -> Iterator[Happening]:
    """What a body has to say that it has, to answer and to do."""
    for one in owed:
        text = one_line(public_words(one, "text", whole))
        if one.acknowledge_by and not (one.was_heard or one.outcome):
            words = gettext("To be said that it has arrived: %(text)s") % {"text": text}
            yield f"{one.code}.arrived", one.acknowledge_by, words, one
        if one.owed_on:
            yield f"{one.code}.answer", one.owed_on, gettext("Answer due: %(text)s") % {"text": text}, one
        elif one.done_by:
            words = gettext("To be done, without a promised day: %(text)s") % {"text": text}
            yield f"{one.code}.done", one.done_by, words, one
    for promise in promises:
        measure = one_line(public_words(promise, "measure", whole))
        words = gettext("Promised: %(measure)s") % {"measure": measure}
        yield f"{promise.code}.promise", promise.due_on, words, promise.recommendation


def of_peers(
    owed: Iterable[Recommendation], asked: Iterable[Question], done: Iterable[Delivery], whole: Whole
) -> Iterator[Happening]:
    """Answers owed to a peer organisation, questions that it has to answer, and what waits for its check."""
    for one in owed:
        if one.owed_on:
            text = one_line(public_words(one, "text", whole))
            yield f"{one.code}.answer", one.owed_on, gettext("Answer due: %(text)s") % {"text": text}, one
    for question in asked:
        of, words = question.recommendation, gettext("Question back, to be answered: %(text)s")
        text = one_line(public_words(question if question.text else of, "text", whole))  # two keys may have taken it
        yield f"{of.code}.asked", of.still_until or question.asked_on, words % {"text": text}, of
    for said in done:
        of, words = said.recommendation, gettext("Said to be done, to be checked since this day: %(text)s")
        text = one_line(public_words(said, "words", whole))
        yield f"{said.code}.check", said.said_on, words % {"text": text}, of
