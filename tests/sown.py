"""Worlds with which many tests begin: built through the product's doors once in a worker, then put back as they were.

What a world is made of is its rows, its keys and what its maker returns. Whatever else its making depends on stands in
`_circumstances`: under others it is built anew, as it is wherever something is there already.
"""

import datetime
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.translation import get_language

from withus.core import clock, configuration, sealing
from withus.public_log import anchor, times

T = TypeVar("T")
HEAD = "withus_log_head"  # the one row that migrations leave, and that grows with the log


@dataclass(frozen=True)
class _World:
    until: datetime.datetime
    rows: dict[str, list[Any]]
    head: tuple[Any, ...]
    keys: Path
    returned: bytes


def sown(build: Callable[[], T]) -> Callable[[], T]:
    """A maker of a world that builds it once; where nothing is there yet, it puts the same world back later."""
    kept: dict[Hashable, _World] = {}

    @wraps(build)
    def come_in() -> T:
        if not _is_bare():
            return build()
        world = kept.get(around := _circumstances())
        if world is None or clock.now() < world.until:
            made = build()
            kept[around] = _taken(made)
            return made
        return _put_back(world)

    return come_in


@cache
def _tables() -> list[str]:
    return [table for one in apps.get_models(include_auto_created=True) if (table := one._meta.db_table) != HEAD]


def _told(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _is_bare() -> bool:
    """Whether this is a transaction that ends with its test, no table has a row yet, and a home of its own no key."""
    keys = configuration.folder("WITHUS_KEYS")
    if not connection.in_atomic_block or (keys != settings.WITHUS_KEYS and keys.exists() and any(keys.iterdir())):
        return False
    return not _told("SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in _tables()))[0][0]


def _circumstances() -> Hashable:
    said = {name: os.environ.get(name) for name in configuration.SETTINGS.keys() - {"WITHUS_DATA", "WITHUS_KEYS"}}
    cost = sealing.MEMORY_KIB, sealing.ROUNDS
    return connection.settings_dict["NAME"], clock.today(), get_language(), cost, frozenset(said.items())


def _taken(made: Any) -> _World:
    keys = Path(tempfile.mkdtemp(prefix="sown-", dir=settings.WITHUS_KEYS.parent)) / "keys"
    shutil.copytree(configuration.folder("WITHUS_KEYS"), keys)
    rows = {table: found for table in _tables() if (found := _told(f"SELECT * FROM {table} ORDER BY 1"))}
    head = _told(f"SELECT size, frontier, origin FROM {HEAD}")[0]
    return _World(clock.now(), rows, head, keys, pickle.dumps(made))


def _put_back(world: _World) -> Any:
    with connection.cursor() as cursor:
        for table, rows in world.rows.items():
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
        cursor.execute(f"UPDATE {HEAD} SET size = %s, frontier = %s, origin = %s", world.head)
    times._seen[0] = times._Seen()  # this and the guard may know of the same log what an earlier test has added
    anchor.path_of(world.head[-1]).unlink(missing_ok=True)
    shutil.copytree(world.keys, configuration.folder("WITHUS_KEYS"), dirs_exist_ok=True, copy_function=shutil.copy)
    return pickle.loads(world.returned)
