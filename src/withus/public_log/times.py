"""The log never goes back in time: what enters is dated no earlier than what entered before, whatever the clock says.

A clock that is set back would else make it look as if somebody had put records behind one another by hand. Records of
peers keep their own day: they enter later than they happened, and in an order of their own.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from withus.policy.facts import ActorKind

_CHUNK = 100
_BACK = "SELECT seq, body FROM withus_log_entry WHERE seq >= %s AND seq < %s ORDER BY seq DESC"


@dataclass(frozen=True)
class _Seen:
    """The newest day and moment among the first `size` entries of a log, as this process found them."""

    origin: str = ""
    size: int = 0
    day: str = ""
    at: str = ""


_seen = [_Seen()]  # replaced as a whole: other threads read it


def go_on(cursor: CursorWrapper, origin: str, size: int, records: list[dict[str, Any]]) -> None:
    """Lifts the days and moments of records that enter after the first `size` to those of the entries before."""
    day, at = _newest(cursor, origin, size)
    for record in records:
        if _is_dated(record):
            record["day"] = day = max(record["day"], day)
            if "at" in record:
                record["at"] = at = max(record["at"], at)
    entered = _Seen(origin, size + len(records), day, at)
    transaction.on_commit(lambda: _remember(entered))  # so that nobody reads again what this process wrote itself


def _remember(seen: _Seen) -> None:
    if seen.origin != _seen[0].origin or seen.size > _seen[0].size:
        _seen[0] = seen


def _is_dated(record: dict[str, Any]) -> bool:
    """Whether its day is the day on which it entered; entry 0 has no actor, and needs none before it."""
    return str(record.get("actor", ActorKind.PEERS)) != ActorKind.PEERS


def _newest(cursor: CursorWrapper, origin: str, size: int) -> tuple[str, str]:
    """The newest day and moment in the log; looks only at what is new since it looked last."""
    known = _seen[0] if _seen[0].origin == origin and _seen[0].size <= size else _Seen(origin)
    day, at = "", ""
    for record in _backwards(cursor, known.size, size):
        if not _is_dated(record):
            continue
        if record["day"] < day:
            break  # a moment of an earlier day can't be the newest
        day, at = record["day"], at or record.get("at", "")
        if at:
            break
    _seen[0] = _Seen(origin, size, max(day, known.day), max(at, known.at))
    return _seen[0].day, _seen[0].at


def _backwards(cursor: CursorWrapper, first: int, end: int) -> Iterator[dict[str, Any]]:
    while end > first:
        start = max(first, end - _CHUNK)
        cursor.execute(_BACK, [start, end])
        for _, body in cursor.fetchall():
            yield json.loads(bytes(body))
        end = start
