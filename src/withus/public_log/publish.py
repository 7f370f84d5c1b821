"""Signs what the log holds and lays it out as files that anyone may copy: tiles first, the checkpoint last.

If it is killed anywhere, running it again ends right: what is signed is kept before it is shown, files are whole or
absent, and the checkpoint only ever names what lies there already.
"""

import hashlib
import re
import shutil
from pathlib import Path

from django.db import connection

from withus.compute import merkle
from withus.compute.verifier import (
    EMPTY_ROOT,
    HASH,
    LONGEST_ENTRY,
    TILE,
    Checkpoint,
    fold,
    leaf_hash,
    parse_checkpoint,
    tile_path,
)
from withus.core import configuration, edition, locks
from withus.public_log import anchor, files, identity, tree
from withus.public_log.models import LogCheckpoint, LogHead

_CHUNK = 10_000


class Damaged(Exception):
    """The database or the published files do not hold what they held; nothing is signed. The text says where."""


def folder() -> Path:
    """Where the published log lies: static files, to be served or copied as they are."""
    return configuration.folder("WITHUS_DATA") / "log"


def is_public(path: Path) -> bool:
    """Whether a path in the data folder is the published log, or what one showed under an earlier name."""
    return path.name == "log" or re.fullmatch("log-[0-9a-f]{16}", path.name) is not None


def published() -> Checkpoint | None:
    """What the published checkpoint says; None before the first."""
    try:
        note = (folder() / "checkpoint").read_text("utf-8")
    except FileNotFoundError:
        return None
    return parse_checkpoint(note.partition("\n\n")[0] + "\n")


def publish() -> int:
    """Signs and shows everything that the log holds now; returns how many entries are new to the world.

    Raises anchor.RolledBack, identity.NotOurs, Damaged (then nothing was signed) and locks.Taken.
    """
    with locks.held("publish"):
        head, shown = LogHead.objects.get(), published()
        if head.size == 0 and shown is None:
            return 0
        if shown and shown.origin != head.origin:
            _set_aside(shown.origin)
            shown = None
        if shown and shown.size > head.size:
            raise anchor.RolledBack(f"published are {shown.size} entries, and the database holds {head.size}")
        if shown and shown.size == head.size and anchor.read(head.origin) == shown:
            return 0
        start = shown.size if shown else 0
        checkpoint, note = _sign(head, start)
        _lay_out(head.size, start)
        _show(head.size, note)
        _tidy(head.size, start)
        return checkpoint.size - start


def _set_aside(origin: str) -> None:
    """What a log showed under an earlier name stays beside it, as evidence: its last entries may have been lost."""
    if origin not in {key.name for key in identity.every_key()}:
        raise Damaged(f"the published log {origin} is another one")
    folder().rename(folder().with_name(f"log-{hashlib.sha256(origin.encode()).hexdigest()[:16]}"))


def show_again() -> None:
    """Shows the published checkpoint with all cosignatures that came in since; raises locks.Taken."""
    with locks.held("publish", wait=5):
        shown = published()
        stored = LogCheckpoint.objects.filter(size=shown.size).first() if shown else None
        if stored:
            _show(stored.size, stored.note)


def _show(size: int, note: str) -> None:
    """Writes the checkpoint that everybody reads: as it was signed, and under it the lines of our witnesses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM withus_log_cosigned WHERE size = %s ORDER BY signer", [size])
        lines = [line for (line,) in cursor.fetchall()]
    # Its name may be lost in a power cut: then the one before it is there, and this is done again.
    whole = "".join([note, *lines]).encode()
    files.write(folder() / "checkpoint", whole, draft=_draft(), public_under=folder(), renamed=set())
    edition.begin()  # every page that is printed carries it


def _sign(head: LogHead, start: int) -> tuple[Checkpoint, str]:
    """The signed checkpoint, stored and anchored before anyone sees it."""
    root = fold(merkle.split(bytes(head.frontier)))
    signed = anchor.read(head.origin) or Checkpoint(head.origin, 0, EMPTY_ROOT)
    before, now = tree.roots(min(signed.size, head.size), head.size)
    if signed.size > head.size or before != signed.root:
        raise anchor.RolledBack(f"the database does not hold the {signed.size} entries that this instance has signed")
    if now != root:
        raise Damaged("the log's head does not fit its entries")
    _hash_again(start, head.size)
    public = identity.key()
    if public is None or public.name != head.origin:
        raise Damaged("entry 0 does not open this log")
    checkpoint = Checkpoint(head.origin, head.size, root)
    note = merkle.sign(checkpoint, identity.signing())
    stored = LogCheckpoint.objects.filter(size=head.size).first()
    stored = stored or LogCheckpoint.objects.create(size=head.size, note=note)
    if stored.note.partition("\n\n")[0] != note.partition("\n\n")[0]:
        raise Damaged(f"another checkpoint of {head.size} entries is stored")
    anchor.write(checkpoint, note)
    return checkpoint, note


def _hash_again(start: int, size: int) -> None:
    """One flipped bit that gets signed ends a log: the new entries are hashed again from their stored bytes."""
    for first in range(start, size, _CHUNK):
        for seq, (body, leaf) in enumerate(tree.entries(first, min(first + _CHUNK, size)), first):
            if leaf_hash(body) != leaf:
                raise Damaged(f"entry {seq} is not what was hashed")


def _lay_out(size: int, start: int) -> None:
    """Writes every tile and bundle that is new; one that lies there already must be the same."""
    stored, renamed = tree.Stored(), set[Path]()
    for level, n, width in tree.paths(size, start):
        name = tile_path(level, n, width)
        data = stored.read(name, TILE * (LONGEST_ENTRY + 2 + HASH)) or b""
        path = folder() / name
        renamed.add(path.parent)  # also of what a killed run left: its name may not be kept yet
        if not path.exists():
            files.write(path, data, draft=_draft(), public_under=folder(), renamed=renamed)
        elif path.read_bytes() != data:
            raise Damaged(f"the published {name} is not what the database holds")
    for parent in renamed:
        files.keep_names(parent)


def _draft() -> Path:
    """The one name for files under way, so that a crash leaves at most one behind, which the next run overwrites."""
    files.make_folder(folder(), folder())
    return folder() / ".draft"


def _tidy(size: int, start: int) -> None:
    """Partial tiles give way to the full ones; who still looks for them takes those and cuts them."""
    for level, n, width in tree.paths(size, start):
        if width == TILE:
            shutil.rmtree(folder() / f"{tile_path(level, n)}.p", ignore_errors=True)
