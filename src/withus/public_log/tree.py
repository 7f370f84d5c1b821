"""Hashes of the tree from the database: whole tiles, partial ones, subtrees for proofs."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from withus.compute import merkle
from withus.compute.merkle import Node
from withus.compute.verifier import TILE, make_bundle, tile_path, widths
from withus.public_log.models import LogEntry, LogTile

_PATH = re.compile(r"tile/([0-7]|entries)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def raw(value: Any) -> bytes:
    """A column's bytes, whatever the driver gives; SQLite would even let somebody put a text there."""
    return value.encode() if isinstance(value, str) else bytes(value)


def hashes(level: int, n: int, width: int) -> list[bytes]:
    """The first `width` hashes of a tile: of entries at level 0, else the roots of the full tiles below."""
    first = n * TILE
    if width == TILE:
        return merkle.split(raw(LogTile.objects.get(level=level, n=n).data))
    if level == 0:
        leaves = LogEntry.objects.filter(seq__gte=first, seq__lt=first + width).order_by("seq")
        return [raw(leaf) for leaf in leaves.values_list("leaf", flat=True)]
    below = LogTile.objects.filter(level=level - 1, n__gte=first, n__lt=first + width).order_by("n")
    return [raw(root) for root in below.values_list("root", flat=True)]


def bodies(n: int, width: int) -> list[bytes]:
    """The first `width` entries of a bundle."""
    rows = LogEntry.objects.filter(seq__gte=n * TILE, seq__lt=n * TILE + width).order_by("seq")
    return [raw(body) for body in rows.values_list("body", flat=True)]


def read(nodes: Sequence[Node]) -> list[bytes]:
    """The roots of perfect subtrees: one statement for all full tiles, one for each level's partial tile."""
    places = [merkle.tile_of(node) for node in nodes]
    wanted = {(level, n) for level, n, _, _ in places}
    tiles = {(tile.level, tile.n): merkle.split(raw(tile.data)) for tile in _full(wanted)}
    for level, n in wanted - tiles.keys():
        tiles[level, n] = hashes(level, n, TILE - 1)
    return [merkle.tree_root(tiles[level, n][first : first + count]) for level, n, first, count in places]


def _full(wanted: set[tuple[int, int]]) -> list[LogTile]:
    chosen = Q()
    for level in {level for level, _ in wanted}:
        chosen |= Q(level=level, n__in=[n for other, n in wanted if other == level])
    return list(LogTile.objects.filter(chosen)) if chosen else []


def roots(*sizes: int) -> list[bytes]:
    """The roots over the first so many entries, from tiles and leaves, all read at once."""
    return merkle.prove([merkle.frontier_nodes(size) for size in sizes], read)


class Stored:
    """The database as the log that it should be published as (a verifier's Source, without checkpoint)."""

    def read(self, path: str, most: int) -> bytes | None:
        """The bytes of a tile or bundle, as its rows say."""
        found = parsed(path)
        if found is None:
            return None
        level, n, width = found
        if level == "entries":
            return make_bundle(bodies(n, width)) or None
        try:
            return b"".join(hashes(int(level), n, width)) or None
        except LogTile.DoesNotExist:
            return None


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
    while size >> (8 * level):
        old = published >> (8 * level)
        for n, width in widths(size, level):
            if n * TILE + width > old:
                found += [("entries", n, width)] if level == 0 else []
                found.append((level, n, width))
        level += 1
    return found
