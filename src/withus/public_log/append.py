"""The only writer of the log: assigns the index, hashes, keeps the frontier and the full tiles. Only the door imports it."""

import datetime
import json
import secrets
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Any


from withus.compute import merkle
from withus.core import codes
from withus.policy.facts import ActorKind
from withus.public_log.models import LogEntry, LogHead, LogOpening, LogPending, LogTile

TILE = 256


def commitment(salt: bytes, path: str, text: str) -> str:
    """The commitment to a text that may be erased: HMAC-SHA-256 under its own 32 random bytes, in hex."""
    return hmac_digest(salt, b"withus/commit/v1\0" + path.encode() + b"\0" + text.encode(), sha256).hex()


def append(
    type: str,
    facts: dict[str, Any],
    *,
    actor: ActorKind,
    day: datetime.date,
    at: datetime.datetime | None = None,
    body: str | None = None,
    subject: str | None = None,
    texts: dict[str, str] | None = None,
) -> int | None:
    """Appends a record inside the caller's transaction and returns its index; None if it waits with those of peers.

    `texts` are words that may be erased later: only commitments to them enter, salt and words lie in `LogOpening`.
    Raises merkle.Unfit when a fact must not enter.
    """
    record: dict[str, Any] = {"v": 1, "type": type, "day": day.isoformat(), "actor": actor.value, "facts": dict(facts)}
    if at is not None and actor != ActorKind.PEERS:
        record["at"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if body:
        record["body"] = body
    if subject:
        record["subject"] = subject
    for field, text in (texts or {}).items():
        path, salt = f"facts.{field}", secrets.token_bytes(32)
        commit = commitment(salt, path, text)
        record["facts"][field] = {"commit": commit}
        LogOpening.objects.create(commitment=commit, subject=subject or "", path=path, salt=salt, content=text)
    if actor == ActorKind.PEERS:
        merkle.canonical({**record, "seq": 0})
        LogPending.objects.create(body=json.dumps(record, ensure_ascii=False), day=day)
        return None
    return _enter([record])


def append_waiting(before: datetime.date) -> int:
    """Enters all records of peers from days before `before`, in an order that nobody can foresee; returns how many."""
    waiting = list(LogPending.objects.filter(day__lt=before).select_for_update())
    if waiting:
        _enter([json.loads(one.body) for one in codes.shuffled(waiting)])
        LogPending.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    return len(waiting)


def erase(subject: str, path: str | None = None) -> int:
    """Erases the words behind the commitments of a subject (one field of it, if named); returns how many."""
    openings = LogOpening.objects.filter(subject=subject)
    return (openings.filter(path=path) if path else openings).delete()[0]


def _enter(records: list[dict[str, Any]]) -> int:
    """Numbers and stores the records after one another; returns the first index."""
    head = LogHead.objects.select_for_update().get()  # on SQLite the transaction itself is the lock
    size, frontier = head.size, _split(bytes(head.frontier))
    first, entries = size, []
    for record in records:
        body = merkle.canonical({**record, "seq": size})
        leaf = merkle.leaf_hash(body)
        entries.append(LogEntry(seq=size, body=body, leaf=leaf))
        frontier = merkle.grow(frontier, size, leaf)
        size += 1
    for entry in entries:
        entry.save(force_insert=True)
        if (entry.seq + 1) % TILE == 0:
            _write_tiles(entry.seq + 1)
    LogHead.objects.filter(pk=head.pk).update(size=size, frontier=b"".join(frontier))
    return first


def _split(frontier: bytes) -> list[bytes]:
    return [frontier[start : start + 32] for start in range(0, len(frontier), 32)]


def _write_tiles(size: int) -> None:
    """Stores each tile that became full at this size: 256 leaves, then 256 roots of full tiles, and so on."""
    level, n = 0, size // TILE - 1
    while True:
        if level == 0:
            rows = LogEntry.objects.filter(seq__gte=n * TILE, seq__lt=(n + 1) * TILE).order_by("seq")
            hashes = [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]
        else:
            tiles = LogTile.objects.filter(level=level - 1, n__gte=n * TILE, n__lt=(n + 1) * TILE).order_by("n")
            hashes = [bytes(root) for root in tiles.values_list("root", flat=True)]
        if len(hashes) != TILE:
            return
        frontier: list[bytes] = []
        for number, node in enumerate(hashes):
            frontier = merkle.grow(frontier, number, node)
        LogTile.objects.create(level=level, n=n, root=frontier[0], data=b"".join(hashes))
        if (n + 1) % TILE:
            return
        level, n = level + 1, (n + 1) // TILE - 1


