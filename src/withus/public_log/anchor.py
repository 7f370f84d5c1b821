"""The rollback guard: the last signed checkpoint, in a file that lies with the keys and in no back-up of the data.

An old database that comes back shows less than the anchor, or another history. Then nothing may be appended or signed:
it would be a second log under the same name and key. To repair it, bring back the newer database.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from withus.compute.verifier import Checkpoint, parse_checkpoint
from withus.core import keys
from withus.public_log import files
from withus.public_log.models import LogCheckpoint


class RolledBack(Exception):
    """The database is older than what this instance has already signed; the text says by how much."""


@dataclass
class _Known:
    """The last anchor that this process has found in the database: entries stay, so it needs no second look."""

    stamp: tuple[int, int, int] = (0, 0, 0)
    size: int = 0


_known = _Known()


def path_of(origin: str) -> Path:
    """Each origin has its own file, so that a demo or a test never stands in another log's way."""
    return _path(keys.path_of(""), origin)


def is_guard(name: str) -> bool:
    """Whether a file among the keys is a guard: it goes into no back-up, else an old one would bring an old guard."""
    return name.startswith("anchor-")


@lru_cache(maxsize=16)
def _path(folder: Path, origin: str) -> Path:
    return folder / f"anchor-{hashlib.sha256(origin.encode()).hexdigest()[:16]}"


def read(origin: str) -> Checkpoint | None:
    """The last checkpoint that this instance signed; None before the first."""
    text = _text(origin)
    return parse_checkpoint(text) if text else None


def _text(origin: str) -> str:
    try:
        note = path_of(origin).read_text("utf-8")
    except FileNotFoundError:
        return ""
    return note.partition("\n\n")[0] + "\n"


def write(checkpoint: Checkpoint, note: str) -> None:
    """Moves the anchor on; raises RolledBack rather than moving it back."""
    last = read(checkpoint.origin)
    if last and last.size > checkpoint.size:
        raise RolledBack(f"signed already: {last.size} entries; to be signed now: {checkpoint.size}")
    files.write(path_of(checkpoint.origin), note.encode())


def refuse_rollback(origin: str, size: int) -> None:
    """Raises RolledBack unless the database, with so many entries, holds the checkpoint that was signed last."""
    try:
        found = os.stat(path_of(origin))
    except FileNotFoundError:
        return
    stamp = found.st_dev, found.st_ino, found.st_mtime_ns
    if stamp == _known.stamp and _known.size <= size:
        return
    text = _text(origin)
    signed = parse_checkpoint(text)
    if signed.size > size:
        raise RolledBack(f"this instance has signed {signed.size} entries, and the database holds {size}")
    note = LogCheckpoint.objects.filter(size=signed.size).values_list("note", flat=True).first() or ""
    if note.partition("\n\n")[0] + "\n" != text:
        raise RolledBack(f"the database does not hold the {signed.size} entries that this instance has signed")
    _known.stamp, _known.size = stamp, signed.size
