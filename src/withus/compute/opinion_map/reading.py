"""Votes and statements from CSV files in Polis' way, plain or gzip, whole or by stretches."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import BadVotes
from withus.compute.opinion_map.parsing import COLUMNS, ID, SAYS, STATEMENTS, layout_of, numbers
from withus.compute.opinion_map.votes import Votes

CHUNK = 1 << 22
LONGEST_LINE = 64_000
LONGEST_STRETCH = 1 << 26


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
                    raise BadVotes(f"{path}, line {_line(path, at + place)}: {SAYS[wrong]}, not “{shown}”")
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
    texts, moderated, meta = {}, set(), set()
    for line, row in enumerate(rows, 2):
        said = dict(zip(names, row, strict=False))
        held = said[names[number]].strip() if len(row) == len(names) else ""
        if not (held.isascii() and held.isdigit() and int(held) < 2**63):
            raise BadVotes(f"{path}, row {line}: {SAYS[COLUMNS] if len(row) != len(names) else SAYS[ID]}")
        if said.get("is-meta", "").strip().lower() in {"1", "t", "true"}:
            meta.add(int(held))
        if said.get("moderated", "").strip() == "-1":
            moderated.add(int(held))
        texts[int(held)] = said.get("comment-body", said.get("text", ""))
    return Comments(texts, frozenset(moderated | meta), frozenset(meta))
