"""Hashes of the tree from the database: whole tiles, partial ones, subtrees for proofs."""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connection

from withus.compute import merkle
from withus.compute.merkle import Node
from withus.compute.verifier import HASH, TILE, Folder, make_bundle, tile_path
from withus.core import configuration

_PATH = re.compile(r"tile/([0-7]|entries)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def raw(value: Any) -> bytes:
    """A column's bytes, whatever the driver gives; SQLite would even let somebody put a text there."""
    return value.encode() if isinstance(value, str) else bytes(value)


def _column(sql: str, *values: int) -> list[bytes]:
    """The one column that a statement asks for. In plain SQL: hundreds of hashes make a proof, thousands a tile."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [raw(value) for (value,) in cursor.fetchall()]


_LEAVES = "SELECT leaf FROM withus_log_entry WHERE seq >= %s AND seq < %s ORDER BY seq"
_BODIES = "SELECT body FROM withus_log_entry WHERE seq >= %s AND seq < %s ORDER BY seq"
_ROOTS = "SELECT root FROM withus_log_tile WHERE level = %s AND n >= %s AND n < %s ORDER BY n"
_TILE = "SELECT data FROM withus_log_tile WHERE level = %s AND n = %s"


def hashes(level: int, n: int, width: int) -> list[bytes]:
    """The first `width` hashes of a tile: of entries at level 0, else the roots of the full tiles below.

    None of a full tile that is not there.
    """
    first = n * TILE
    if width == TILE:
        return [one for data in _column(_TILE, level, n) for one in merkle.split(data)]
    if level == 0:
        return _column(_LEAVES, first, first + width)
    return _column(_ROOTS, level - 1, first, first + width)


def entries(start: int, end: int) -> list[tuple[bytes, bytes]]:
    """Each entry from `start` on, before `end`, with its stored hash."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body, leaf FROM withus_log_entry WHERE seq >= %s AND seq < %s ORDER BY seq", [start, end]
        )
        return [(raw(body), raw(leaf)) for body, leaf in cursor.fetchall()]


def bodies(n: int, width: int) -> list[bytes]:
    """The first `width` entries of a bundle."""
    return _column(_BODIES, n * TILE, n * TILE + width)


def read(nodes: Sequence[Node]) -> list[bytes]:
    """The roots of perfect subtrees: one statement for all full tiles, one for each level's partial tile."""
    places = [merkle.tile_of(node) for node in nodes]
    ends: dict[tuple[int, int], int] = {}
    for level, n, first, count in places:
        ends[level, n] = max(first + count, ends.get((level, n), 0))
    tiles = _full(list(ends))
    for (level, n), end in ends.items():
        if (level, n) not in tiles:
            tiles[level, n] = b"".join(hashes(level, n, end)) if end < TILE else b""
    return [
        merkle.tree_root(merkle.split(tiles[level, n][HASH * first : HASH * (first + count)]))
        for level, n, first, count in places
    ]


def _full(wanted: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    if not wanted:
        return {}
    chosen = " OR ".join(["(level = %s AND n = %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT level, n, data FROM withus_log_tile WHERE {chosen}", list(chain(*wanted)))  # noqa: S608
        return {(level, n): raw(data) for level, n, data in cursor.fetchall()}


def roots(*sizes: int) -> list[bytes]:
    """The roots over the first so many entries, from tiles and leaves, all read at once."""
    return merkle.prove([merkle.frontier_nodes(size) for size in sizes], read)


class Stored:
    """The database as the log that it should be published as (a verifier's Source, without checkpoint)."""

    def read(self, path: str, most: int) -> bytes | None:
        """The bytes of a tile or bundle, as its rows say; of a file that an entry names, as it lies there."""
        if path.startswith("file/"):
            return Folder(configuration.folder("WITHUS_DATA") / "log").read(path, most)
        found = parsed(path)
        if found is None:
            return None
        level, n, width = found
        if level == "entries":
            return make_bundle(bodies(n, width)) or None
        return b"".join(hashes(int(level), n, width)) or None


def parsed(path: str) -> tuple[str, int, int] | None:
    """Level, number and width of a tile's path; None for anything else."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level, groups, partial = found.groups()
    n, width = int(re.sub("[x/]", "", groups)), int(partial or TILE)
    return (level, n, width) if path == tile_path(level, n, width) else None


def paths(size: int, published: int = 0) -> list[tuple[int | str, int, int]]:
    """Every tile (level, number, width) that a log of `size` entries has and one of `published` entries had not."""
    found: list[tuple[int | str, int, int]] = []
    level = 0
    while count := size >> (8 * level):
        old = published >> (8 * level)
        for n in range(old // TILE, -(-count // TILE)):
            width = min(TILE, count - n * TILE)
            if n * TILE + width > old:
                found += [("entries", n, width)] if level == 0 else []
                found.append((level, n, width))
        level += 1
    return found
