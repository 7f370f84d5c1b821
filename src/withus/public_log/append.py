"""The only writer of the log: assigns the index, hashes, keeps frontier and full tiles. Only the door imports it."""

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from itertools import chain, count
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from withus.compute import merkle
from withus.compute.merkle import Node
from withus.compute.verifier import LARGEST_NUMBER, TILE, commitment
from withus.core import clock, codes
from withus.policy.facts import ActorKind
from withus.public_log import anchor, identity, times, tree
from withus.public_log.models import LogOpening, LogPending

CONTINUED = "log.continued"
_CHUNK = 1000
_ROWS = 200  # of four values: a statement takes only so many parameters
_TIMED = frozenset({ActorKind.BODY, ActorKind.SYSTEM})  # peers speak for organisations: their hours are their own
_HEAD = "SELECT size, frontier, origin FROM withus_log_head"
_ENTRY = "INSERT INTO withus_log_entry (seq, body, leaf, subject) VALUES "
_TILE = "INSERT INTO withus_log_tile (level, n, root, data) VALUES (%s, %s, %s, %s)"
_GROW = "UPDATE withus_log_head SET size = %s, frontier = %s, origin = %s"


class NewRecord(NamedTuple):
    """A record before it has its number.

    `at` stands only in records of bodies and of the system. `texts` are words that may be erased later: only
    commitments to them enter, salt and words lie in `LogOpening`.
    """

    type: str
    facts: Mapping[str, Any]
    actor: ActorKind
    day: datetime.date
    at: datetime.datetime | None = None
    body: str | None = None
    subject: str | None = None
    texts: Mapping[str, str] | None = None

    def opened(self) -> tuple[dict[str, Any], list[LogOpening]]:
        """What enters, all but the number, and the words that stay outside."""
        record: dict[str, Any] = {
            "v": 1,
            "type": self.type,
            "day": self.day.isoformat(),
            "actor": self.actor.value,
            "facts": dict(self.facts),
        }
        if self.at is not None and self.actor in _TIMED:
            record["at"] = self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.body:
            record["body"] = self.body
        if self.subject:
            record["subject"] = self.subject
        openings = [_opening(self.subject or "", f"facts.{field}", text) for field, text in (self.texts or {}).items()]
        for opening in openings:
            record["facts"][opening.path.removeprefix("facts.")] = {"commit": opening.commitment}
        return record, openings


def append(type: str, facts: Mapping[str, Any], *, actor: ActorKind, day: datetime.date, **more: Any) -> int | None:
    """Appends one record; `more` is the rest of NewRecord's fields. Else as `append_all`."""
    return append_all([NewRecord(type, facts, actor, day, **more)])[0]


def append_all(records: Iterable[NewRecord]) -> list[int | None]:
    """Appends records inside the caller's transaction; returns each one's index, None if it waits with those of peers.

    Raises merkle.Unfit when a fact must not enter, anchor.RolledBack when this database is an old one.
    """
    entering: list[dict[str, Any]] = []
    waiting: list[LogPending] = []
    openings: list[LogOpening] = []
    places: list[int | None] = []
    for new in records:
        record, words = new.opened()
        openings += words
        if new.actor == ActorKind.PEERS:
            merkle.canonical({**record, "seq": LARGEST_NUMBER})  # what is unfit is refused now, not tomorrow
            waiting.append(LogPending(body=json.dumps(record, ensure_ascii=False)))
            places.append(None)
        else:
            places.append(len(entering))
            entering.append(record)
    if openings:
        LogOpening.objects.bulk_create(openings)
    if waiting:
        LogPending.objects.bulk_create(waiting)
    first = _enter(entering) if entering else 0
    return [None if place is None else first + place for place in places]


def _opening(subject: str, path: str, text: str) -> LogOpening:
    salt = codes.key()  # fresh for every field of every record: two equal texts must not look equal
    return LogOpening(commitment=commitment(salt, path, text), subject=subject, path=path, salt=salt, content=text)


def append_pending() -> int:
    """Enters all waiting records of peers in an order that nobody can foresee; returns how many."""
    with transaction.atomic():
        waiting = list(LogPending.objects.select_for_update())
        if waiting:
            _enter([json.loads(one.body) for one in codes.shuffled(waiting)])
        for start in range(0, len(waiting), _CHUNK):
            LogPending.objects.filter(pk__in=[one.pk for one in waiting[start : start + _CHUNK]]).delete()
    return len(waiting)


def erase(subject: str, path: str | None = None) -> int:
    """Erases the words behind the commitments of a subject (one field of it, if named); returns how many."""
    openings = LogOpening.objects.filter(subject=subject)
    return (openings.filter(path=path) if path else openings).delete()[0]


def erase_these(commitments: Collection[str]) -> int:
    """Erases the words behind these commitments and no others; returns how many."""
    return LogOpening.objects.filter(pk__in=commitments).delete()[0]


def _enter(records: list[dict[str, Any]]) -> int:
    """Numbers and stores the records after one another; returns the first one's index."""
    with connection.cursor() as cursor:
        size, frontier, origin = hold(cursor)
        if size == 0:
            records = [identity.opening(clock.today()), *records]
            origin = records[0]["facts"]["origin"]
        elif records[0]["type"] == CONTINUED:  # the old name has signed more than is here: another one goes on
            origin = records[0]["facts"]["origin"]
        else:
            anchor.refuse_rollback(origin, size)
        times.go_on(cursor, origin, size, records)
        for seq, record in enumerate(records, size):
            record["seq"] = seq
        bodies = [merkle.canonical(record) for record in records]
        store(cursor, size, frontier, origin, bodies, [record.get("subject", "") for record in records])
    return size + (size == 0)


def hold(cursor: CursorWrapper) -> tuple[int, list[bytes], str]:
    """The log's head, held until the end of the transaction: its size, its frontier, its name."""
    # On SQLite the transaction itself is the lock.
    cursor.execute(_HEAD + (" FOR UPDATE" if connection.features.has_select_for_update else ""))
    size, joined, origin = cursor.fetchone()
    return size, merkle.split(bytes(joined)), origin


def store(
    cursor: CursorWrapper, size: int, frontier: list[bytes], origin: str, bodies: list[bytes], subjects: list[str]
) -> None:
    """Writes entries behind the first `size`, the tiles that they fill, and the head that is then true.

    In plain SQL, and with the tree's nodes in memory: every formal act waits for this, under the lock that all others
    wait for.
    """
    leaves = [merkle.leaf_hash(body) for body in bodies]
    grown, filled = merkle.extend(frontier, size, leaves)
    rows = list(zip(count(size), bodies, leaves, subjects, strict=False))
    for start in range(0, len(rows), _ROWS):
        some = rows[start : start + _ROWS]
        cursor.execute(_ENTRY + ", ".join(["(%s, %s, %s, %s)"] * len(some)), list(chain.from_iterable(some)))
    _write_tiles(cursor, filled, size, leaves)
    cursor.execute(_GROW, [size + len(bodies), b"".join(grown), origin])


def _write_tiles(cursor: CursorWrapper, filled: dict[Node, bytes], size: int, leaves: list[bytes]) -> None:
    """Stores each tile that became full: 256 leaves, then 256 roots of full tiles, and so on."""
    for (level, n), root in sorted(filled.items()):
        first = n * TILE
        if level == 0:
            new = leaves[max(0, first - size) : first + TILE - size]
        else:
            new = [filled[level - 1, below] for below in range(first, first + TILE) if (level - 1, below) in filled]
        old = tree.hashes(level, n, TILE - len(new)) if len(new) < TILE else []
        cursor.execute(_TILE, [level, n, root, b"".join([*old, *new])])
