"""Votes and statements from CSV files in Polis' way, plain or gzip, whole or by stretches."""

import csv
import gzip
import io
import stat
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import BadVotes
from withus.compute.opinion_map.parsing import (
    COLUMNS,
    ID,
    SAYS,
    STATEMENTS,
    TIME,
    VOTE,
    layout_of,
    names_of,
    numbers,
    place_of,
    text_of,
)  # fmt: skip
from withus.compute.opinion_map.votes import Votes

CHUNK = 1 << 22
LONGEST_LINE = 64_000
LONGEST_STRETCH = 1 << 26
LONGEST_ID = 19  # digits
_COMMENTS = ("comment-id", *(name for name in STATEMENTS if name != "comment-id"))
_TEXTS = ("comment-body", "text")
_MODERATED = {"1": False, "0": False, "-1": True, "1.0": False, "0.0": False, "-1.0": True, "": False}  # declined?
_META = {
    "1": True,
    "1.0": True,
    "t": True,
    "true": True,
    "0": False,
    "0.0": False,
    "f": False,
    "false": False,
    "": False,
}
_WANTED = {
    "moderated": "moderated must be 1 (accepted), 0 (not looked at), -1 (declined) or nothing",
    "is-meta": "is-meta must be 1, t or true, or 0, f or false, or nothing",
}


@dataclass(frozen=True)
class Comments:
    """What `comments.csv` says: texts by statement id, and what stays out: declined, or about the talk (meta)."""

    texts: Mapping[int, str]
    moderated: frozenset[int]
    meta: frozenset[int] = frozenset()  # all of them are among the moderated


@dataclass(frozen=True)
class Stretch:
    """The lines of a file that begin from one byte up to another; without a stop, up to the end.

    `size`: the file's, as whoever cut it saw it.
    """

    path: Path
    size: int = -1
    start: int = 0
    stop: int | None = None


def read_votes(*paths: str | Path) -> Votes:
    """The votes of one conversation, from one file or from several parts of it. Raises BadVotes, OSError."""
    if not paths:
        raise BadVotes("there is no file of votes")
    people, statements, values, times = rows_of(*(Stretch(Path(path)) for path in paths))
    try:
        return Votes.of(people, statements, values, times if (times >= 0).any() else None)
    except BadVotes as problem:
        raise BadVotes(f"{paths[0]}: {problem}") from problem


def stretches(paths: Sequence[str | Path], number: int) -> list[Stretch]:
    """The files in about so many stretches of one length or, if that is too long, in more. Raises OSError."""
    files = [Path(path).absolute() for path in paths]
    sizes = [file.stat().st_size for file in files]
    step = max(1, min(LONGEST_STRETCH, -(-sum(sizes) // number)))
    made = []
    for file, size in zip(files, sizes, strict=True):
        cuts = [] if _is_gzip(file) else list(range(step, size, step))
        made += [Stretch(file, size, start, stop) for start, stop in zip([0, *cuts], [*cuts, None], strict=True)]
    return made


def rows_of(*stretches: Stretch) -> list[Array]:
    """People, statements, votes and times (−1: none) of all lines, in their order. Raises BadVotes, OSError."""
    columns = [np.empty(0, kind) for kind in (np.int32, np.int32, np.int8, np.int8)]
    for stretch in stretches:
        for part in _parts(stretch):
            for number, more in enumerate(part):
                columns[number] = _longer(columns[number], more)
    return columns


def _longer(column: Array, more: Array) -> Array:
    """Grows in its place: memory that nobody has touched costs more than reading what is put there."""
    if more.dtype.itemsize > column.dtype.itemsize:
        column = column.astype(more.dtype)
    end = len(column)
    column.resize(end + len(more), refcheck=False)
    column[end:] = more
    return column


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path) if _is_gzip(path) else path.open("rb")  # type: ignore[return-value]


def _is_gzip(path: Path) -> bool:
    if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():  # read twice, it would lose its beginning
        raise BadVotes(f"{path}: this is a pipe or a device; write it into a file first, and give that")
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _parts(stretch: Stretch) -> Iterator[list[Array]]:
    """The four columns, a piece at a time."""
    path, stop = stretch.path, float("inf") if stretch.stop is None else stretch.stop
    try:
        with _opened(path) as file:
            first = file.readline(LONGEST_LINE)
            layout, at = layout_of(path, first), len(first)
            if stretch.start > at:  # the line that began before belongs to the stretch before
                file.seek(stretch.start - 1)
                at = stretch.start - 1 + len(file.readline())
            while at < stop and (data := file.read(int(min(CHUNK, stop - at)))):
                data += _rest_of_line(path, data, file, at)
                columns, wrong, place = numbers(data, layout)
                if wrong:
                    shown = data[place:].split(b"\n", 1)[0][:60].decode("utf-8", "replace").strip()
                    but = ", not" if wrong in (ID, VOTE, TIME) else ":"
                    raise BadVotes(f"{path}, line {_line(path, at + place)}: {SAYS[wrong]}{but} “{shown}”")
                yield columns
                at += len(data)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise BadVotes(f"{path}: the compressed file is damaged ({problem}); fetch or make it anew") from problem


def _rest_of_line(path: Path, data: bytes, file: BinaryIO, at: int) -> bytes:
    """What is missing of the last line, a line feed at least."""
    if data.endswith(b"\n"):
        return b""
    rest = file.readline(LONGEST_LINE)
    if len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
        line = _line(path, at + data.rfind(b"\n") + 1)
        raise BadVotes(f"{path}, line {line}: the line is too long; is this a CSV file of votes?")
    return rest if rest.endswith(b"\n") else rest + b"\n"


def _line(path: Path, at: int) -> int:
    """The number of the line that begins at this byte: counted only where something is wrong."""
    with _opened(path) as file:
        lines = 1
        while block := file.read(min(CHUNK, at)):
            lines, at = lines + block.count(b"\n"), at - len(block)
        return lines


def read_comments(path: str | Path) -> Comments:
    """Texts and moderation from Polis' `comments.csv`. Raises BadVotes, OSError."""
    try:
        with _opened(Path(path)) as file:
            text = text_of(path, file.read())
        return _comments(path, csv.reader(io.StringIO(text, newline=""), strict=True))
    except (csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise BadVotes(f"{path}: it cannot be read as CSV ({problem})") from problem


def _comments(path: str | Path, rows: Any) -> Comments:
    names = names_of(path, next(rows, []))
    number = place_of(path, names, _COMMENTS)
    text = place_of(path, names, _TEXTS) if {*_TEXTS} & {*names} else None
    found: dict[int, tuple[str, bool, bool]] = {}
    line = rows.line_num + 1
    for row in rows:
        where, line = f"{path}, line {line}", rows.line_num + 1
        if not row:
            continue
        if len(row) != len(names):
            raise BadVotes(f"{where}: {SAYS[COLUMNS]}")
        held, said = row[number].strip(), dict(zip(names, row, strict=True))
        if not (held.isascii() and held.isdigit() and len(held) <= LONGEST_ID and int(held) < 2**63):
            raise BadVotes(f"{where}: {SAYS[ID]}")
        flags = _chosen(where, said, "moderated", _MODERATED), _chosen(where, said, "is-meta", _META)
        one = ("" if text is None else row[text], *flags)
        if found.setdefault(int(held), one) != one:
            raise BadVotes(
                f"{where}: {names[number]} {int(held)} stands twice, and not the same; keep one of its lines"
            )
    meta = frozenset(one for one, (_, _, is_meta) in found.items() if is_meta)
    declined = {one for one, (_, is_declined, _) in found.items() if is_declined}
    return Comments({one: text for one, (text, _, _) in found.items()}, meta | declined, meta)


def _chosen(where: str, said: Mapping[str, str], name: str, choices: Mapping[str, bool]) -> bool:
    value = said.get(name, "").strip()
    if value.lower() not in choices:
        raise BadVotes(f"{where}: {_WANTED[name]}, not “{value[:60]}”")
    return choices[value.lower()]
