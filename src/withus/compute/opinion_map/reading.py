"""Votes and statements from CSV files in Polis' way, plain or gzip. Wrong lines are named, nothing is guessed."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.conversation import BadVotes
from withus.compute.opinion_map.votes import Votes

CHUNK = 1 << 24
LONGEST_LINE = 64_000
PEOPLE = ("participant_id", "voter-id", "voter_id", "participant")
STATEMENTS = ("statement_id", "comment-id", "comment_id", "statement")
_COLUMNS, _ID, _VOTE, _TIME, _QUOTE = range(1, 6)
_SAYS = {
    _COLUMNS: "the number of columns differs from the first line's",
    _ID: "an id must be a whole number from 0 to 9223372036854775807",
    _VOTE: "a vote must be 1 (agree), -1 (disagree) or 0 (pass)",
    _TIME: "a timestamp must be a whole number of seconds or milliseconds since 1970, or nothing",
    _QUOTE: "a quotation mark is not closed in its line",
}


@dataclass(frozen=True)
class Comments:
    """What `comments.csv` says: texts by statement id, and what stays out of the map (declined, or about the talk)."""

    texts: Mapping[int, str]
    moderated: frozenset[int]


@dataclass(frozen=True)
class _Layout:
    """Where the columns stand: person, statement, vote, time (−1: nowhere); and how many columns there are."""

    person: int
    statement: int
    vote: int
    time: int
    columns: int


def read_votes(*paths: str | Path) -> Votes:
    """The votes of one conversation, from one file or from several parts of it. Raises BadVotes, OSError."""
    parts = [part for path in paths for part in _parts(Path(path))]
    if not parts:
        raise BadVotes(f"{paths[0]}: there are no votes in it" if paths else "there is no file of votes")
    columns = []
    for number in range(4):
        pieces = [part[number] for part in parts]
        columns.append(pieces[0] if len(pieces) == 1 else np.concatenate(pieces))
        for part in parts:
            part[number] = np.empty(0, np.int8)
    has_times = (columns[3] >= 0).any()
    try:
        return Votes.of(columns[0], columns[1], columns[2], columns[3] if has_times else None)
    except BadVotes as problem:
        raise BadVotes(f"{paths[0]}: {problem}") from problem


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if is_gzip else path.open("rb")  # type: ignore[return-value]


def _parts(path: Path) -> Iterator[list[Array]]:
    """People, statements, votes and times of each stretch of a file."""
    try:
        with _opened(path) as file:
            first = file.readline(LONGEST_LINE)
            layout, line = _layout(path, first), 2
            held = b""
            while block := file.read(CHUNK):
                end = block.rfind(b"\n") + 1
                if end == 0 and len(held) + len(block) > CHUNK + LONGEST_LINE:
                    raise BadVotes(f"{path}, line {line}: the line is too long; is this a CSV file of votes?")
                data, held = held + block[:end], (block[end:] if end else held + block)
                if end:
                    yield _numbers(path, data, layout, line)
                    line += data.count(b"\n")
            if held.strip():
                yield _numbers(path, held + b"\n", layout, line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise BadVotes(f"{path}: the compressed file is damaged ({problem}); fetch or make it anew") from problem


def _layout(path: Path, first: bytes) -> _Layout:
    try:
        names = next(csv.reader([first.decode("utf-8-sig")]), [])
    except (UnicodeDecodeError, csv.Error):
        names = []
    names = [name.strip().lower() for name in names]
    if not any(names):
        raise BadVotes(f"{path}, line 1: there are no names of columns; is this a CSV file in UTF-8, and not empty?")
    if len(set(names)) != len(names):
        raise BadVotes(f"{path}, line 1: a column's name stands twice")

    def place(*wanted: str) -> int:
        for name in wanted:
            if name in names:
                return names.index(name)
        raise BadVotes(f"{path}, line 1: the column {wanted[0]} is missing")

    time = names.index("timestamp") if "timestamp" in names else -1
    return _Layout(place(*PEOPLE), place(*STATEMENTS), place("vote"), time, len(names))


def _numbers(path: Path, data: bytes, layout: _Layout, first_line: int) -> list[Array]:
    text = np.frombuffer(data, np.uint8)
    most = data.count(b"\n")
    people, statements, times = (np.empty(most, np.int64) for _ in range(3))
    votes = np.empty(most, np.int8)
    places = (layout.person, layout.statement, layout.vote, layout.time)
    count, wrong, at = _parsed(text, *places, layout.columns, people, statements, votes, times)
    if wrong:
        line = data.count(b"\n", 0, at)
        shown = data[data.rfind(b"\n", 0, at) + 1 :].split(b"\n", 1)[0][:60].decode("utf-8", "replace").strip()
        raise BadVotes(f"{path}, line {first_line + line}: {_SAYS[wrong]}, not “{shown}”")
    if layout.time < 0:
        times = np.full(count, -1, np.int8)
    return [_small(people[:count]), _small(statements[:count]), votes[:count], times[:count]]


def _small(ids: Array) -> Array:
    return ids.astype(np.int32) if not len(ids) or ids.max() < 2**31 else ids.copy()


@loop
def _parsed(
    text: Array, person: int, statement: int, vote: int, time: int, width: int,
    people: Array, statements: Array, votes: Array, times: Array,
) -> tuple[int, int, int]:  # fmt: skip
    """Fills the four columns from lines that end in a line feed; how many, what is wrong (0: nothing), and where."""
    at, count, end = 0, 0, len(text)
    while at < end:
        line = at
        if text[at] == 10 or (text[at] == 13 and text[at + 1] == 10):  # an empty line
            at += 1 if text[at] == 10 else 2
            continue
        times[count] = -1
        column, ends = 0, False
        while not ends:
            start, stop, at = _field(text, at)
            if stop < 0:
                return count, _QUOTE, line
            ends = text[at - 1] == 10
            if column in (person, statement):
                number = _whole(text, start, stop)
                if number < 0:
                    return count, _ID, line
                if column == person:
                    people[count] = number
                else:
                    statements[count] = number
            elif column == vote:
                sign = -1 if stop > start and text[start] == 45 else 1
                number = _whole(text, start + (sign < 0), stop)
                if number < 0 or number > 1:
                    return count, _VOTE, line
                votes[count] = sign * number
            elif column == time and stop > start:
                number = _whole(text, start, stop)
                if number < 0 or stop - start > 14:
                    return count, _TIME, line
                times[count] = number * (1000 if stop - start < 12 else 1)
            column += 1
        if column != width:
            return count, _COLUMNS, line
        count += 1
    return count, 0, 0


@loop
def _field(text: Array, at: int) -> tuple[int, int, int]:
    """Where a field begins and stops, spaces left out, and where the next begins; −1 if a quotation is not closed."""
    is_quoted = text[at] == 34
    start = at + 1 if is_quoted else at
    at, stop = start, -1
    if is_quoted:
        while text[at] != 10 and (text[at] != 34 or text[at + 1] == 34):
            at += 2 if text[at] == 34 else 1
        if text[at] == 10:
            return start, -1, at
        stop = at
    while text[at] != 44 and text[at] != 10:
        at += 1
    if not is_quoted:
        stop = at - 1 if text[at] == 10 and at > start and text[at - 1] == 13 else at
    while start < stop and text[start] == 32:
        start += 1
    while stop > start and text[stop - 1] == 32:
        stop -= 1
    return start, stop, at + 1


@loop
def _whole(text: Array, start: int, stop: int) -> int:
    """A whole number that fits 63 bits, or −1."""
    if stop == start or stop - start > 19:
        return -1
    number = 0
    for place in range(start, stop):
        digit = int(text[place]) - 48
        if digit < 0 or digit > 9:
            return -1
        number = number * 10 + digit
    return -1 if number < 0 else number  # nineteen digits are below 2⁶⁴: what passes 2⁶³ has turned negative


def read_comments(path: str | Path) -> Comments:
    """Texts and moderation from Polis' `comments.csv`. Raises BadVotes, OSError."""
    try:
        with _opened(Path(path)) as file:
            text = file.read().decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        names = [name.strip().lower() for name in next(rows, [])]
        return _comments(path, names, [row for row in rows if row])
    except UnicodeDecodeError as problem:
        raise BadVotes(f"{path}: this is not UTF-8; save the file as UTF-8") from problem
    except (csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise BadVotes(f"{path}: it cannot be read as CSV ({problem})") from problem


def _comments(path: str | Path, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Comments:
    number = next((names.index(name) for name in STATEMENTS if name in names), -1)
    if number < 0:
        raise BadVotes(f"{path}, line 1: the column comment-id is missing")
    texts, moderated = {}, set()
    for line, row in enumerate(rows, 2):
        said = dict(zip(names, row, strict=False))
        held = said[names[number]].strip() if len(row) == len(names) else ""
        if not (held.isascii() and held.isdigit() and int(held) < 2**63):
            raise BadVotes(f"{path}, row {line}: {_SAYS[_COLUMNS] if len(row) != len(names) else _SAYS[_ID]}")
        if said.get("moderated", "").strip() == "-1" or said.get("is-meta", "").strip().lower() in {"1", "t", "true"}:
            moderated.add(int(held))
        texts[int(held)] = said.get("comment-body", said.get("text", ""))
    return Comments(texts, frozenset(moderated))
