"""The only writer of the log: assigns the index, hashes, keeps frontier and full tiles. Only the door imports it."""

import datetime
import json
from typing import Any

from django.db import connection, transaction

from withus.compute import merkle
from withus.compute.verifier import LARGEST_NUMBER, TILE, commitment
from withus.core import clock, codes
from withus.policy.facts import ActorKind
from withus.public_log import anchor, identity
from withus.public_log.models import LogEntry, LogOpening, LogPending, LogTile

_CHUNK = 1000
_TIMED = frozenset({ActorKind.BODY, ActorKind.SYSTEM})  # peers speak for organisations: their hours are their own
_HEAD = "SELECT size, frontier, origin FROM withus_log_head"
_ENTRY = "INSERT INTO withus_log_entry (seq, body, leaf, subject) VALUES (%s, %s, %s, %s)"
_GROW = "UPDATE withus_log_head SET size = %s, frontier = %s, origin = %s"


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

    `at` stands only in records of bodies and of the system. `texts` are words that may be erased later: only
    commitments to them enter, salt and words lie in `LogOpening`.
    Raises merkle.Unfit when a fact must not enter, anchor.RolledBack when this database is an old one.
    """
    record: dict[str, Any] = {"v": 1, "type": type, "day": day.isoformat(), "actor": actor.value, "facts": dict(facts)}
    if at is not None and actor in _TIMED:
        record["at"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if body:
        record["body"] = body
    if subject:
        record["subject"] = subject
    for field, text in (texts or {}).items():
        record["facts"][field] = {"commit": _commit(subject or "", f"facts.{field}", text)}
    if actor == ActorKind.PEERS:
        merkle.canonical({**record, "seq": LARGEST_NUMBER})  # what is unfit is refused now, not tomorrow
        LogPending.objects.create(body=json.dumps(record, ensure_ascii=False))
        return None
    return _enter([record])


def _commit(subject: str, path: str, text: str) -> str:
    salt = codes.key()  # fresh for every field of every record: two equal texts must not look equal
    commit = commitment(salt, path, text)
    LogOpening.objects.create(commitment=commit, subject=subject, path=path, salt=salt, content=text)
    return commit


def append_pending() -> int:
    """Enters all waiting records of peers in an order that nobody can foresee; returns how many."""
    with transaction.atomic():
        waiting = list(LogPending.objects.select_for_update())
        if waiting:
            _enter([json.loads(one.body) for one in codes.shuffled(waiting)])
        for start in range(0, len(waiting), _CHUNK):  # a statement takes only so many parameters
            LogPending.objects.filter(pk__in=[one.pk for one in waiting[start : start + _CHUNK]]).delete()
    return len(waiting)


def erase(subject: str, path: str | None = None) -> int:
    """Erases the words behind the commitments of a subject (one field of it, if named); returns how many."""
    openings = LogOpening.objects.filter(subject=subject)
    return (openings.filter(path=path) if path else openings).delete()[0]


def _enter(records: list[dict[str, Any]]) -> int:
    """Numbers and stores the records after one another; returns the first one's index.

    In plain SQL: every formal act waits for this, under the lock that all others wait for.
    """
    with connection.cursor() as cursor:
        # On SQLite the transaction itself is the lock.
        cursor.execute(_HEAD + (" FOR UPDATE" if connection.features.has_select_for_update else ""))
        size, joined, origin = cursor.fetchone()
        if size == 0:
            records = [identity.opening(clock.today()), *records]
            origin = records[0]["facts"]["origin"]
        else:
            anchor.refuse_rollback(origin, size)
        frontier, rows = merkle.split(bytes(joined)), []
        for seq, record in enumerate(records, size):
            body = merkle.canonical({**record, "seq": seq})
            leaf = merkle.leaf_hash(body)
            frontier = merkle.grow(frontier, seq, leaf)
            rows.append((seq, body, leaf, record.get("subject", "")))
            if (seq + 1) % TILE == 0:
                cursor.executemany(_ENTRY, rows)
                rows = []
                _write_tiles(seq + 1)
        if rows:
            cursor.executemany(_ENTRY, rows)
        cursor.execute(_GROW, [size + len(records), b"".join(frontier), origin])
    first: int = size
    return first + (first == 0)


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
        LogTile.objects.create(level=level, n=n, root=merkle.tree_root(hashes), data=b"".join(hashes))
        if (n + 1) % TILE:
            return
        level, n = level + 1, (n + 1) // TILE - 1
