"""When an older back-up is all there is: the missing entries from a copy, or the same log under another name.

The old name has signed entries that this database does not hold. To sign others in their places would be a fork, so
either they come back, or that name signs nothing any more. tlog.md says which comes first.
"""

import base64
import json
from datetime import date
from typing import Any

from django.db import connection, transaction

from withus.compute import merkle
from withus.compute.verifier import (
    EMPTY_ROOT,
    LONGEST_ENTRY,
    TILE,
    Checkpoint,
    Source,
    Wrong,
    fold,
    leaf_hash,
    open_checkpoint,
    read_bundle,
    read_entry,
    read_key,
    tile_path,
    widths,
)
from withus.public_log import anchor, append, identity, tree
from withus.public_log.models import LogCheckpoint, LogHead, LogPending


def lost() -> Checkpoint | None:
    """The checkpoint that this log's name has signed and that the database does not hold; None if it holds all."""
    head = LogHead.objects.get()
    try:
        anchor.refuse_rollback(head.origin, head.size)
    except anchor.RolledBack:
        return anchor.read(head.origin)
    return None


def last_good() -> Checkpoint:
    """The newest stored checkpoint that a key of ours signed and that the entries here still give."""
    size, ours = LogHead.objects.get().size, identity.every_key()
    for note in LogCheckpoint.objects.filter(size__lte=size).order_by("-size").values_list("note", flat=True):
        try:
            signed = open_checkpoint(note.encode(), ours)
        except Wrong:
            continue
        if tree.roots(signed.size) == [signed.root]:
            return signed
    return Checkpoint(identity.keys_now()[-1].name, 0, EMPTY_ROOT)


def named(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint as a record names it."""
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": base64.b64encode(checkpoint.root).decode(),
    }


def bring_back(source: Source) -> int:
    """Enters what was signed and is missing here, byte by byte, from a published copy; returns how many entries.

    Raises Wrong when the copy does not hold them, or they do not lead to what was signed; then nothing was changed.
    """
    signed = lost()
    if signed is None:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        size, frontier, origin = append.hold(cursor)
        bodies = _entries(source, size, signed.size)
        if fold(merkle.extend(frontier, size, [leaf_hash(body) for body in bodies])[0]) != signed.root:
            raise Wrong("the copy and this database together are not what was signed")
        records = [read_entry(body) for body in bodies]
        append.store(cursor, size, frontier, origin, bodies, [record.get("subject", "") for record in records])
        _keep_beside(records)
        LogCheckpoint.objects.create(size=signed.size, note=anchor.path_of(origin).read_text("utf-8"))
    return len(bodies)


def _entries(source: Source, start: int, end: int) -> list[bytes]:
    """The entries from `start` on, before `end`; a copy that grew since has full bundles in place of partial ones."""
    found: list[bytes] = []
    for n, width in widths(end):
        if n * TILE + width <= start:
            continue
        most = TILE * (LONGEST_ENTRY + 2)
        data = source.read(tile_path("entries", n, width), most) or source.read(tile_path("entries", n), most)
        found += read_bundle(data or b"")[max(0, start - n * TILE) : width]
    if len(found) != end - start:
        raise Wrong(f"the copy does not hold all entries from {start} to {end - 1}")
    return found


def _keep_beside(records: list[dict[str, Any]]) -> None:
    """What lies beside the entries: later keys; and what waited here for its day has entered long ago."""
    entered = set()
    for record in records:
        seq, facts = record.pop("seq"), record["facts"]
        entered.add(merkle.canonical(record))
        if record["type"] == "key.rotated":
            identity.note_key(seq, read_key(facts["vkey"]), date.fromisoformat(facts["both_until"]))
    for waiting in LogPending.objects.select_for_update():
        if merkle.canonical(json.loads(waiting.body)) in entered:
            waiting.delete()
