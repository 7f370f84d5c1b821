"""Lines of a CSV file of votes as numbers, in one pass over the bytes. What is wrong is named, nothing is guessed."""

import codecs
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from withus.compute.opinion_map.compiled import Array, loop
from withus.compute.opinion_map.conversation import BadVotes
from withus.compute.opinion_map.machine import bare

PEOPLE = ("participant_id", "voter-id", "voter_id", "participant")
STATEMENTS = ("statement_id", "comment-id", "comment_id", "statement")
_LOOSE = {"participant", "statement", "text"}  # read only where no exact name stands: they may hold something else
COLUMNS, ID, VOTE, TIME, QUOTE, RETURN = range(1, 7)
SAYS = {
    COLUMNS: "the number of columns differs from the first line's",
    ID: "an id must be a whole number from 0 to 9223372036854775807",
    VOTE: "a vote must be 1 (agree), -1 (disagree) or 0 (pass)",
    TIME: "a timestamp must be a whole number of seconds or milliseconds since 1970, or nothing",
    QUOTE: "a quotation mark is not closed in its line",
    RETURN: "lines may not end in CR alone, as on old Macs; save the file with line ends LF or CRLF",
}
_OTHER, _PERSON, _STATEMENT, _VOTE, _TIME = range(5)


@dataclass(frozen=True)
class Layout:
    """What each column holds."""

    kinds: Array

    @property
    def has_times(self) -> bool:
        """Whether votes bear times."""
        return bool((self.kinds == _TIME).any())


def layout_of(path: Path, first: bytes) -> Layout:
    """The columns that the first line names. Raises BadVotes."""
    try:
        row = next(csv.reader([text_of(path, first)]), [])
    except csv.Error as problem:
        raise BadVotes(f"{path}, line 1: {SAYS[RETURN]}") from problem
    if not any(name.strip() for name in row):
        raise BadVotes(f"{path}, line 1: there are no names of columns; is this a CSV file, and not empty?")
    names = names_of(path, row)
    kinds = np.full(len(names), _OTHER, np.int8)
    for kind, wanted in ((_PERSON, PEOPLE), (_STATEMENT, STATEMENTS), (_VOTE, ("vote",))):
        kinds[place_of(path, names, wanted)] = kind
    if "timestamp" in names:
        kinds[names.index("timestamp")] = _TIME
    return Layout(kinds)


def text_of(path: str | Path, data: bytes) -> str:
    """The bytes as text. Raises BadVotes if they are no UTF-8."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:2]
    try:
        if not is_wide:
            return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise BadVotes(f"{path}: this is {'UTF-16' if is_wide else 'not UTF-8'}; save the file as UTF-8")


def names_of(path: str | Path, row: Sequence[str]) -> list[str]:
    """The names of the columns, as they are compared. Raises BadVotes if one stands twice."""
    names = [name.strip().lower() for name in row]
    if len(set(names)) != len(names):
        raise BadVotes(f"{path}, line 1: a column's name stands twice")
    return names


def place_of(path: str | Path, names: Sequence[str], wanted: Sequence[str]) -> int:
    """Where the column is that bears one of these names. Raises BadVotes if none does, or several that are as exact."""
    known = [name for name in wanted if name in names]
    found = [name for name in known if name not in _LOOSE] or known
    if not found:
        raise BadVotes(f"{path}, line 1: the column {wanted[0]} is missing")
    if len(found) > 1:
        raise BadVotes(f"{path}, line 1: the columns {' and '.join(found)} mean the same; keep one of them")
    return names.index(found[0])


def numbers(data: bytes, layout: Layout) -> tuple[list[Array], int, int]:
    """People, statements, votes and times of whole lines; what is wrong (0: nothing), and where its line begins."""
    text, most = np.frombuffer(data, np.uint8), len(data) // (len(layout.kinds) + 3) + 1
    people, statements = np.empty(most, np.int64), np.empty(most, np.int64)
    votes, times = np.empty(most, np.int8), np.full(most if layout.has_times else 0, -1, np.int64)
    trouble = np.zeros(2, np.int64)
    count = _parsed(text, layout.kinds, people, statements, votes, times, trouble)
    wrong, at = trouble.tolist()
    if wrong not in (0, QUOTE):
        wrong = _miscounted(data[at:].split(b"\n", 1)[0], len(layout.kinds)) or wrong
    known = times[:count] if layout.has_times else np.full(count, -1, np.int8)
    return [_small(people[:count]), _small(statements[:count]), votes[:count], known], wrong, at


def _miscounted(line: bytes, columns: int) -> int:
    """What to say of a wrong line if it has another number of columns, else 0: what follows a gap is no bad vote."""
    line = line.removesuffix(b"\r")
    try:
        fields = next(csv.reader([line.replace(b"\r", b" ").decode("utf-8", "replace")]), [])
    except csv.Error:  # a field without end
        return 0
    if len(fields) == columns:
        return 0
    return RETURN if b"\r" in line else COLUMNS


def _small(ids: Array) -> Array:
    return ids.astype(np.int32) if not len(ids) or ids.max() < 2**31 else ids.copy()


@bare
def _parsed(
    text: Array, kinds: Array, people: Array, statements: Array, votes: Array, times: Array, trouble: Array
) -> int:  # fmt: skip
    """Fills the columns from lines that end in a line feed; how many. `trouble`: what is wrong (0: nothing), where."""
    at: Any = np.int64(0)  # a plain 0 would let the loops below be compiled twice
    count, end = 0, len(text)
    while at < end:
        line = at
        if text[at] == 10 or (text[at] == 13 and text[at + 1] == 10):  # an empty line
            at += 1 if text[at] == 10 else 2
            continue
        column, ends = 0, False
        while not ends:
            kind, start, number = kinds[min(column, len(kinds) - 1)], at, 0
            is_negative = text[at] == 45
            if is_negative:
                at += 1
            digits = -at
            while 48 <= text[at] <= 57:
                number = number * 10 + int(text[at]) - 48
                at += 1
            digits += at
            if 0 < digits < 19 and (text[at] == 44 or text[at] == 10):  # as nearly all fields
                at += 1
            else:
                number, digits, is_negative, at = _other_field(text, start)
            wrong = _wrong(kind, number, digits, is_negative)
            if wrong:
                trouble[0], trouble[1] = wrong, line
                return count
            if kind == _PERSON:
                people[count] = number
            elif kind == _STATEMENT:
                statements[count] = number
            elif kind == _VOTE:
                votes[count] = -number if is_negative else number
            elif kind == _TIME and digits:
                times[count] = number * (1000 if digits < 12 else 1)
            column, ends = column + 1, text[at - 1] == 10
        if column != len(kinds):
            trouble[0], trouble[1] = COLUMNS, line
            return count
        count += 1
    return count


@loop
def _wrong(kind: int, number: int, digits: int, is_negative: bool) -> int:
    if digits < 0:
        return QUOTE
    if kind in (_PERSON, _STATEMENT):
        return ID if number < 0 or is_negative else 0
    if kind == _VOTE:
        return VOTE if number < 0 or number > 1 else 0
    is_time = kind == _TIME and (digits > 0 or is_negative)
    return TIME if is_time and (number < 0 or is_negative or digits > 14) else 0


@loop
def _other_field(text: Array, at: int) -> tuple[int, int, bool, int]:
    """A field's number (−1: none), its digits (−1: open quotation), whether a minus stands before, and what follows."""
    start, stop, after = _bounds(text, at)
    if stop < 0:
        return -1, -1, False, after
    is_negative = stop > start and text[start] == 45
    if is_negative:
        start += 1
    return _whole(text, start, stop), stop - start, is_negative, after


@loop
def _bounds(text: Array, at: int) -> tuple[int, int, int]:
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
