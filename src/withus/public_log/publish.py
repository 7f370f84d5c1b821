"""Signs what the log holds and lays it out as files that anyone may copy: tiles first, the checkpoint last.

If it is killed anywhere, running it again ends right: what is signed is kept before it is shown, files are whole or
absent, and the checkpoint only ever names what lies there already.
"""

import shutil
from pathlib import Path

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
from withus.core import configuration, locks
from withus.public_log import anchor, files, identity, tree
from withus.public_log.models import LogCheckpoint, LogEntry, LogHead


class Damaged(Exception):
    """The database or the published files do not hold what they held; nothing is signed. The text says where."""


def folder() -> Path:
    """Where the published log lies: static files, to be served or copied as they are."""
    return configuration.folder("WITHUS_DATA") / "log"


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
        if shown and shown.origin == head.origin and shown.size > head.size:
            raise anchor.RolledBack(f"published are {shown.size} entries, and the database holds {head.size}")
        if shown and shown.origin == head.origin and shown.size == head.size and anchor.read(head.origin) == shown:
            return 0
        start = shown.size if shown and shown.origin == head.origin else 0
        checkpoint, note = _sign(head, start)
        _lay_out(head.size, start)
        files.write(folder() / "checkpoint", note.encode(), draft=_draft())
        _tidy(head.size, start)
        return checkpoint.size - start


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
    note = merkle.sign(checkpoint, [identity.seed(public)])
    stored, _ = LogCheckpoint.objects.get_or_create(size=head.size, defaults={"note": note})
    if stored.note != note:
        raise Damaged(f"another checkpoint of {head.size} entries is stored")
    anchor.write(checkpoint, note)
    return checkpoint, note


def _hash_again(start: int, size: int) -> None:
    """One flipped bit that gets signed ends a log: the new entries are hashed again from their stored bytes."""
    rows = LogEntry.objects.filter(seq__gte=start, seq__lt=size).order_by("seq").values_list("seq", "body", "leaf")
    for seq, body, leaf in rows.iterator():
        if leaf_hash(tree.raw(body)) != tree.raw(leaf):
            raise Damaged(f"entry {seq} is not what was hashed")


def _lay_out(size: int, start: int) -> None:
    """Writes every tile and bundle that is new; one that lies there already must be the same."""
    stored = tree.Stored()
    for level, n, width in tree.paths(size, start):
        name = tile_path(level, n, width)
        data = stored.read(name, TILE * (LONGEST_ENTRY + 2 + HASH)) or b""
        path = folder() / name
        if not path.exists():
            files.write(path, data, draft=_draft())
        elif path.read_bytes() != data:
            raise Damaged(f"the published {name} is not what the database holds")


def _draft() -> Path:
    """The one name for files under way, so that a crash leaves at most one behind, which the next run overwrites."""
    files.make_folder(folder())
    return folder() / ".draft"


def _tidy(size: int, start: int) -> None:
    """Partial tiles give way to the full ones; who still looks for them takes those and cuts them."""
    for level, n, width in tree.paths(size, start):
        if width == TILE:
            shutil.rmtree(folder() / f"{tile_path(level, n)}.p", ignore_errors=True)
