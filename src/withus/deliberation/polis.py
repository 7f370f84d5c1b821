"""Polis' CSV files, read and written without a database: what is wrong is said by file and line.

In these files agree is 1 and disagree −1; a person who changed her mind has several lines, the last one counts.
"""

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from withus.core import clock
from withus.web.forms import in_words, shown

LONGEST_LINE = 64_000  # characters of one line, and columns are fewer; nothing in Polis' files comes near
LONGEST_TEXT = 4_000
MOST_ERRORS = 20
MOST_ROWS = 2_000_000
Choice = TypeVar("Choice", int, bool)
_HIGHEST = 2**63 - 1
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_MODERATED = {"1": 1, "0": 0, "-1": -1}
_VOTES = {"1": 1, "0": 0, "-1": -1}
_YES = {"1": True, "true": True, "t": True, "0": False, "false": False, "f": False, "": False}


@dataclass(frozen=True)
class Trouble:
    """One thing wrong in one line (from 1) of one file."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return gettext("%(file)s, line %(line)s: %(what)s") % {"file": self.file, "line": self.line, "what": self.what}


class BadFiles(Exception):
    """The files cannot be read; `troubles` says where, at most twenty of them."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__("\n".join(str(trouble) for trouble in troubles))
        self.troubles = tuple(troubles)


@dataclass(frozen=True)
class Comment:
    """A line of comments.csv. `moderated`: 1 accepted, 0 not looked at, −1 declined; `day` is None if not said."""

    number: int
    author: int | None
    text: str
    moderated: int
    is_meta: bool
    is_seed: bool
    day: datetime.date | None


@dataclass(frozen=True)
class Conversation:
    """What the files say, votes without re-votes: (voter, comment) → −1, 0, 1."""

    summary: Mapping[str, str]
    comments: tuple[Comment, ...]
    votes: Mapping[tuple[int, int], int]
    cast: int

    def standing(self, comment: Comment) -> int:
        """1 open, 0 waiting, −1 declined. What nobody looked at was open in Polis if it took votes."""
        return comment.moderated or int(comment.number in self._voted)

    @cached_property
    def _voted(self) -> frozenset[int]:
        return frozenset(comment for _, comment in self.votes)

    def report(self, process: str, *, is_dry_run: bool) -> "ImportReport":
        """What importing this into a process brings."""
        standings = [self.standing(comment) for comment in self.comments]
        return ImportReport(
            process=process,
            statements=len(standings),
            accepted=standings.count(1),
            declined=standings.count(-1),
            people=len({voter for voter, _ in self.votes}),
            votes=len(self.votes),
            votes_changed=self.cast - len(self.votes),
            is_dry_run=is_dry_run,
        )


@dataclass(frozen=True)
class ImportReport:
    """What an import brought, or would bring; `votes_changed` counts earlier votes that a later one replaced."""

    process: str
    statements: int
    accepted: int
    declined: int
    people: int
    votes: int
    votes_changed: int
    is_dry_run: bool


@dataclass
class _Reader:
    """One file's rows as dictionaries; what is wrong is collected, never raised midway."""

    name: str
    troubles: list[Trouble] = field(default_factory=list)
    line: int = 0

    def wrong(self, what: str, line: int | None = None) -> None:
        if len(self.troubles) < MOST_ERRORS:
            self.troubles.append(Trouble(self.name, line or self.line, what))

    def _not(self, column: str, wanted: str, value: str) -> None:
        said = {"column": column, "wanted": wanted, "value": value[:40]}
        self.wrong(gettext("%(column)s must be %(wanted)s, not “%(value)s”") % said)

    def text(self, data: bytes) -> str | None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.wrong(gettext("this is not UTF-8; save the file as UTF-8"), data.count(b"\n", 0, error.start) + 1)
            return None
        for line, part in enumerate(text.split("\n"), 1):
            if len(part) > LONGEST_LINE:
                self.wrong(gettext("the line is longer than %(most)s characters") % {"most": LONGEST_LINE}, line)
                return None
            if "\0" in part:
                self.wrong(gettext("there is a null byte in it"), line)
                return None
        return text

    def lines(self, data: bytes) -> Iterator[list[str]]:
        text = self.text(data)
        if text is None:
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        while True:
            self.line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.wrong(gettext("it cannot be read as CSV (%(error)s)") % {"error": error})
                return
            if row:
                yield row

    def rows(self, data: bytes, needed: Sequence[str]) -> Iterator[dict[str, str]]:
        lines = self.lines(data)
        header = next(lines, None)
        if header is None:
            if not self.troubles:
                self.wrong(gettext("the file is empty"), 1)
            return
        missing = [name for name in needed if name not in header]
        if missing or len(set(header)) != len(header):
            says = gettext("the column %(column)s is missing") if missing else gettext("a column's name stands twice")
            self.wrong(says % {"column": missing[0]} if missing else says, 1)
            return
        for count, row in enumerate(lines, 1):
            if count > MOST_ROWS:
                self.wrong(gettext("there are more than %(most)s lines") % {"most": MOST_ROWS})
                return
            if len(row) == len(header):
                yield dict(zip(header, row, strict=True))
            else:
                self.wrong(
                    gettext("there are %(seen)s columns instead of %(wanted)s")
                    % {"seen": len(row), "wanted": len(header)}
                )

    def number(self, row: Mapping[str, str], column: str) -> int | None:
        value = row[column].strip()
        if value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= _HIGHEST:
            return int(value)
        self._not(column, gettext("a whole number from 0 to %(highest)s") % {"highest": _HIGHEST}, value)
        return None

    def choice(self, row: Mapping[str, str], column: str, choices: Mapping[str, Choice]) -> Choice | None:
        value = row[column].strip().lower()
        if value in choices:
            return choices[value]
        self._not(column, ", ".join(filter(None, choices)), value)
        return None

    def moment(self, row: Mapping[str, str]) -> int | None:
        """Milliseconds since 1970; files hold milliseconds or seconds, some lines nothing."""
        value = row.get("timestamp", "").strip()
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) < 15:
            moment = int(value) if len(value) > 11 else int(value) * 1000
            if moment <= clock.now().timestamp() * 1000:
                return moment
            self.wrong(gettext("timestamp lies in the future: %(value)s") % {"value": value})
            return None
        self._not("timestamp", gettext("seconds or milliseconds since 1970"), value)
        return None


def escaped(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; `unescaped` gives it back exactly."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """The inverse of `escaped`."""
    return text[1:] if _ESCAPED.match(text) else text


def _read_comments(reader: _Reader, data: bytes) -> list[Comment]:
    found: dict[int, Comment] = {}
    for row in reader.rows(data, ("comment-id", "moderated", "comment-body")):
        before = len(reader.troubles)
        number = reader.number(row, "comment-id")
        author = reader.number(row, "author-id") if row.get("author-id", "").strip() else None
        moderated = reader.choice(row, "moderated", _MODERATED)
        flags = [reader.choice(row, name, _YES) if name in row else False for name in ("is-meta", "is-seed")]
        moment = reader.moment(row)
        text = shown(unescaped(row["comment-body"]))
        try:
            in_words(text)
        except ValidationError as error:
            reader.wrong(gettext("comment-body: %(what)s") % {"what": error.messages[0]})
        if len(text) > LONGEST_TEXT:
            reader.wrong(gettext("comment-body is longer than %(most)s characters") % {"most": LONGEST_TEXT})
        if number in found:
            reader.wrong(gettext("comment-id %(number)s stands twice") % {"number": number})
        if len(reader.troubles) == before and number is not None and moderated is not None:
            day = None if moment is None else datetime.datetime.fromtimestamp(moment / 1000, datetime.UTC).date()
            found[number] = Comment(number, author, text, moderated, bool(flags[0]), bool(flags[1]), day)
    return [found[number] for number in sorted(found)]


def _read_votes(reader: _Reader, data: bytes, known: set[int]) -> tuple[dict[tuple[int, int], int], int]:
    last: dict[tuple[int, int], tuple[int, int]] = {}
    cast = 0
    for row in reader.rows(data, ("comment-id", "voter-id", "vote")):
        comment, voter = reader.number(row, "comment-id"), reader.number(row, "voter-id")
        value, moment = reader.choice(row, "vote", _VOTES), reader.moment(row) or 0
        if comment is None or voter is None or value is None:
            continue
        if comment not in known:
            reader.wrong(gettext("comments.csv has no comment-id %(number)s") % {"number": comment})
            continue
        cast += 1
        # Files are not in order of time; among equal moments the later line wins.
        if (voter, comment) not in last or last[voter, comment][0] <= moment:
            last[voter, comment] = (moment, value)
    return {pair: value for pair, (_, value) in last.items()}, cast


def read(comments: bytes, votes: bytes, summary: bytes = b"") -> Conversation:
    """The conversation that the three files hold; raises BadFiles with everything that is wrong, by file and line."""
    of_comments, of_votes, of_summary = _Reader("comments.csv"), _Reader("votes.csv"), _Reader("summary.csv")
    said = _read_comments(of_comments, comments)
    cast_votes, cast = ({}, 0) if of_comments.troubles else _read_votes(of_votes, votes, {one.number for one in said})
    about: dict[str, str] = {}
    for row in of_summary.lines(summary) if summary else ():
        if len(row) == 2:
            about[row[0]] = unescaped(row[1])
        else:
            of_summary.wrong(gettext("a line must hold a key and a value"))
    troubles = of_comments.troubles + of_votes.troubles + of_summary.troubles
    if troubles:
        raise BadFiles(troubles[:MOST_ERRORS])
    return Conversation(about, tuple(said), cast_votes, cast)


def _written(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(
        [escaped(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return out.getvalue()


def write(conversation: Conversation) -> dict[str, str]:
    """Polis' four files, name → text. Votes carry no time at all; comments carry their day (midnight UTC)."""
    votes, comments = conversation.votes, conversation.comments
    agrees = {one.number: [0, 0] for one in comments}
    by_voter: dict[int, dict[int, int]] = {}
    for (voter, comment), value in votes.items():
        by_voter.setdefault(voter, {})[comment] = value
        if value:
            agrees[comment][value < 0] += 1
    comment_rows = []
    for one in comments:
        moment: list[object] = ["", ""]
        if one.day:
            midnight = datetime.datetime.combine(one.day, datetime.time(), datetime.UTC)
            moment = [int(midnight.timestamp() * 1000), one.day.isoformat()]
        ends = [one.moderated, int(one.is_meta), int(one.is_seed), one.text]
        comment_rows.append([*moment, one.number, "" if one.author is None else one.author, *agrees[one.number], *ends])
    numbers = [one.number for one in comments]
    wrote = Counter(one.author for one in comments)
    matrix = [
        [voter, "", wrote[voter], len(own), *[sum(v == x for v in own.values()) for x in (1, -1)]]
        + [own.get(number, "") for number in numbers]
        for voter, own in sorted(by_voter.items())
    ]
    comment_head = ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated"]
    people_head = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"]
    return {
        "summary.csv": _written(conversation.summary.items()),
        "comments.csv": _written([[*comment_head, "is-meta", "is-seed", "comment-body"], *comment_rows]),
        "votes.csv": _written(
            [
                ["timestamp", "datetime", "comment-id", "voter-id", "vote"],
                *(["", "", comment, voter, value] for (voter, comment), value in sorted(votes.items())),
            ]
        ),
        "participants-votes.csv": _written([[*people_head, *numbers], *matrix]),
    }
