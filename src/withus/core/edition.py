"""The edition of what everybody may see: new after every commit that wrote to it, and once a minute anyway.

Busy pages and public readings are made once an edition. Its mark is the time of a file in the data folder, so that all
processes of this machine agree and asking costs one look at a file. What only its owner may see (a vote, a session)
makes no new edition: nothing of it is ever kept.
"""

import os
import re
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from withus.core import clock, configuration

# Writing to these changes nothing that a visitor sees. A table that is missing here costs speed, never truth.
PRIVATE = frozenset({
    "withus_account", "withus_recoverycode", "withus_session", "withus_invite", "withus_participant", "withus_vote",
    "withus_heldvote", "withus_log_pending", "withus_jobrun", "withus_backup", "withus_reader", "withus_voice",
    "withus_envelope", "withus_turn", "withus_opening",
})  # fmt: skip
MOST_SECONDS = 60  # a mark that a killed process did not set any more is made up for by then
_WRITE = re.compile(
    r'\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE
)

P = ParamSpec("P")
T = TypeVar("T")


def current() -> Hashable:
    """What names the present edition; None where none can be told, and then nothing is kept."""
    try:
        changed = os.stat(_mark()).st_mtime_ns
    except FileNotFoundError:
        begin()
        return None
    return changed, clock.today(), int(time.monotonic() / MOST_SECONDS)


def begin() -> None:
    """Begins a new edition, for all processes of this machine."""
    mark, now = _mark(), time.time_ns()
    with suppress(OSError):  # a full disk must not undo what is committed; a minute later it is new anyway
        if not os.path.exists(mark):
            os.close(os.open(mark, os.O_WRONLY | os.O_CREAT, 0o600))
        os.utime(mark, ns=(now, now))


def _mark() -> str:
    return f"{configuration.folder('WITHUS_DATA')}/edition"


def notice(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper around every statement: what writes to a public table begins a new edition once it is committed."""
    result = execute(sql, params, many, context)
    written = _WRITE.match(sql)
    if written and written[1] not in PRIVATE:
        waiting = context["connection"].run_on_commit
        if not (waiting and waiting[-1][1] is begin):  # the next write of the same transaction needs no second one
            transaction.on_commit(begin, using=context["connection"].alias)
    return result


class Shelf:
    """What was made in the present edition, by key; `most` bounds how much lies there."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lies: tuple[Hashable, dict[Hashable, Any]] = (None, {})  # one name, so that no thread sees half of it

    def of_now(self) -> dict[Hashable, Any] | None:
        """What lies there; None inside a transaction, which sees what nobody else does."""
        edition = None if connection.in_atomic_block else current()
        if edition is None:
            return None
        if self._lies[0] != edition:
            self._lies = (edition, {})
        named, things = self._lies
        return things if named == edition else {}

    def put(self, things: dict[Hashable, Any], key: Hashable, thing: Any) -> None:
        """Lays a thing there, if there is room."""
        if len(things) < self._most:
            things[key] = thing


def kept(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Makes a reading of what everybody may see remember its answers for an edition. Nobody may change them."""

    def remembering(read: Callable[P, T]) -> Callable[P, T]:
        shelf = Shelf(most)

        @wraps(read)
        def remembered(*words: P.args, **names: P.kwargs) -> T:
            key, things = (words, *names.items()), shelf.of_now()
            if things is None:
                return read(*words, **names)
            if key not in things:
                answer = read(*words, **names)
                if answer is not None:  # or guesses at what there is not would fill the shelf
                    shelf.put(things, key, answer)
                return answer
            found: T = things[key]
            return found

        return remembered

    return remembering
