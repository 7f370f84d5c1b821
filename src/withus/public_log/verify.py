"""The check of this instance's own database: all that an outsider's check sees, and what only the owner can see."""

from pathlib import Path
from time import time
from typing import Any

from django.db import connection

from withus.compute.merkle import split
from withus.compute.verifier import (
    EMPTY_ROOT,
    HASH,
    LONGEST_ENTRY,
    STORED_ROOT,
    TILE,
    Check,
    Checkpoint,
    Folder,
    Kept,
    Key,
    Result,
    Wrong,
    fold,
    leaf_hash,
    open_checkpoint,
    read_entry,
    read_opening,
    tile_path,
    tree_root,
)
from withus.core.moment import one_moment
from withus.public_log import anchor, identity, publish, tree, triggers
from withus.public_log.compared import Compared
from withus.public_log.models import LogCheckpoint, LogEntry, LogHead, LogOpening, LogTile

_MOST = TILE * (LONGEST_ENTRY + 2 + HASH)


def problems() -> list[str]:
    """What can be seen at once, before anything is served: a rollback, missing triggers, a foreign key."""
    found = [f"the trigger {name} is missing" for name in triggers.missing(connection)]
    head = LogHead.objects.get()
    try:
        if head.size:
            anchor.refuse_rollback(head.origin, head.size)
            identity.signing()
    except (anchor.RolledBack, identity.NotOurs, Wrong) as problem:
        found.append(str(problem))
    shown = publish.published()
    if shown and shown.origin == head.origin and shown.size > head.size:
        found.append(f"published are {shown.size} entries, and the database holds {head.size}")
    return found


def own_log(kept: Kept | None = None) -> Result:
    """Checks every entry, hash, tile, stored checkpoint, published file and row beside it; `kept` as for a copy."""
    with one_moment():
        try:
            keys = identity.every_key()
        except (Wrong, LookupError, TypeError) as problem:
            result = Result()
            result.wrong(f"entry 0 does not open a log ({problem})", 0)
            return result
        if keys:
            result = _OwnCheck(keys, kept or Kept()).run()
        else:
            result = Result(root=EMPTY_ROOT)
            Compared(result).finish()
    for name in triggers.missing(connection):
        result.wrong(f"the trigger {name} is missing: the database would let the log be changed")
    return result


class _OwnCheck(Check):
    """The outsider's check over the database in place of files."""

    needs_files = True

    def __init__(self, keys: list[Key], kept: Kept) -> None:
        super().__init__(tree.Stored(), keys[-1], kept, time())
        self.keys = keys
        self.rows: list[tuple[str, bytes]] = []
        self.records: list[tuple[int, dict[str, Any]]] = []
        self.read = 0
        self.compared = Compared(self.result)

    def checkpoint(self) -> Checkpoint:
        """The head, which nobody need have signed yet; and all that must agree with it."""
        head = LogHead.objects.get()
        if head.origin != self.key.name:
            raise Wrong("the head names another log than entry 0, or than the entry by which it went on")
        if LogEntry.objects.filter(seq__gte=head.size).exists():
            self.result.wrong("there are entries beyond the log's head", head.size)
        if signed := anchor.read(head.origin):
            self.must(signed.size, "the anchor", lambda root: root == signed.root)
        for size, note in LogCheckpoint.objects.order_by("size").values_list("size", "note").iterator():
            self._stored(size, note)
        self._published(head)
        for tile in LogTile.objects.order_by("level", "n").iterator():
            if tree_root(split(tree.raw(tile.data))) != tree.raw(tile.root):
                self.result.wrong(f"{tile_path(tile.level, tile.n)}: its stored root is wrong")
        return Checkpoint(head.origin, head.size, fold(split(tree.raw(head.frontier))))

    def _stored(self, size: int, note: str) -> None:
        try:
            stored = open_checkpoint(note.encode(), self.keys)
        except Wrong as problem:
            self.result.wrong(f"the stored checkpoint of {size} entries: {problem}")
            return
        if stored.size != size:
            self.result.wrong(f"the stored checkpoint of {size} entries names {stored.size}")
        self.must(stored.size, STORED_ROOT, lambda root: root == stored.root)

    def _published(self, head: LogHead) -> None:
        folder = Folder(Path(publish.folder()))
        note = folder.read("checkpoint", _MOST)
        if note is None:
            return
        try:
            shown = open_checkpoint(note, self.keys)
        except Wrong as problem:
            self.result.wrong(f"the published checkpoint: {problem}")
            return
        self.must(shown.size, "the published checkpoint", lambda root: root == shown.root)
        for level, n, width in tree.paths(min(shown.size, head.size)):
            name = tile_path(level, n, width)
            if folder.read(name, _MOST) != self.source.read(name, _MOST):
                self.result.wrong(f"the published {name} is not what the database holds")

    def run(self) -> Result:
        """Everything, in one pass; at its end the keys kept at hand must be those that the entries name."""
        result = super().run()
        if result.root is not None and self.chain != self.keys:
            result.wrong("the keys kept beside the log are not those that its entries name")
        self._openings()
        if result.root is not None and self.read == result.size:  # else whatever is missing would be told twice
            self.compared.finish()
        return result

    def entry(self, index: int, entry: bytes) -> None:
        """What stands beside a record: its stored hash and subject, the words behind its commitments."""
        super().entry(index, entry)
        if index % TILE == 0:
            self._openings()
            rows = LogEntry.objects.filter(seq__gte=index, seq__lt=index + TILE).order_by("seq")
            self.rows = [(subject, tree.raw(leaf)) for subject, leaf in rows.values_list("subject", "leaf")]
        subject, leaf = self.rows[index % TILE]
        if leaf != leaf_hash(entry):
            self.result.wrong("the stored hash is not that of the entry", index)
        try:
            record = read_entry(entry)
        except Wrong:
            return
        if subject != record.get("subject", ""):
            self.result.wrong("the row names another subject than the entry", index)
        self.records.append((index, record))
        self.read += 1

    def _openings(self) -> None:
        """The words behind the records read since last, and these records beside their rows."""
        commits = [
            (index, path, commit)
            for index, record in self.records
            for path, commit in commits_of(record.get("facts"), "facts")
        ]
        rows = LogOpening.objects.in_bulk([commit for _, _, commit in commits])
        for index, path, commit in commits:
            opening = rows.get(commit)
            if opening and read_opening(commit, path, (tree.raw(opening.salt), opening.content)) == "wrong":
                self.result.wrong(f"the words kept for {path} are not those that were committed to", index)
        kept = {commit: opening.content for commit, opening in rows.items()}
        for index, record in self.records:
            self.compared.record(index, record, kept)
        self.records = []


def commits_of(value: Any, path: str) -> list[tuple[str, str]]:
    """Every commitment in a record's facts, with the path of its field."""
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("commit"), str) and len(value) == 1:
        return [(path, value["commit"])]
    return [found for key, inner in value.items() for found in commits_of(inner, f"{path}.{key}")]
