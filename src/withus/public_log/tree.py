"""Hashes of the tree from the database: whole tiles, partial ones, subtrees for proofs."""

from collections.abc import Sequence

from django.db.models import Q

from withus.compute import merkle
from withus.compute.merkle import Node
from withus.compute.verifier import TILE, fold, tile_path, widths
from withus.public_log.models import LogEntry, LogTile


def hashes(level: int, n: int, width: int) -> list[bytes]:
    """The first `width` hashes of a tile: of entries at level 0, else the roots of the full tiles below."""
    first = n * TILE
    if width == TILE:
        return merkle.split(bytes(LogTile.objects.get(level=level, n=n).data))
    if level == 0:
        rows = LogEntry.objects.filter(seq__gte=first, seq__lt=first + width).order_by("seq").values_list("leaf")
    else:
        below = LogTile.objects.filter(level=level - 1, n__gte=first, n__lt=first + width)
        rows = below.order_by("n").values_list("root")
    return [bytes(node) for (node,) in rows]


def bodies(n: int, width: int) -> list[bytes]:
    """The first `width` entries of a bundle."""
    rows = LogEntry.objects.filter(seq__gte=n * TILE, seq__lt=n * TILE + width).order_by("seq")
    return [bytes(body) for body in rows.values_list("body", flat=True)]


def read(nodes: Sequence[Node]) -> list[bytes]:
    """The roots of perfect subtrees: one statement for all full tiles, one for each level's partial tile."""
    places = [merkle.tile_of(node) for node in nodes]
    wanted = {(level, n) for level, n, _, _ in places}
    tiles = {(tile.level, tile.n): merkle.split(bytes(tile.data)) for tile in _full(wanted)}
    for level, n in wanted - tiles.keys():
        tiles[level, n] = hashes(level, n, TILE - 1)
    return [merkle.tree_root(tiles[level, n][first : first + count]) for level, n, first, count in places]


def _full(wanted: set[tuple[int, int]]) -> list[LogTile]:
    chosen = Q()
    for level in {level for level, _ in wanted}:
        chosen |= Q(level=level, n__in=[n for other, n in wanted if other == level])
    return list(LogTile.objects.filter(chosen)) if chosen else []


def root(size: int) -> bytes:
    """The root over the first `size` entries, from tiles and leaves."""
    return fold(read(merkle.frontier_nodes(size)))


class Stored:
    """The database as the log that it should be published as (a verifier's Source, without checkpoint)."""

    def read(self, path: str, most: int) -> bytes | None:
        """The bytes of a tile or bundle, as its rows say."""
        parsed = _parsed(path)
        if parsed is None:
            return None
        level, n, width = parsed
        if level == "entries":
            return merkle.make_bundle(bodies(n, width)) or None
        try:
            return b"".join(hashes(int(level), n, width)) or None
        except LogTile.DoesNotExist:
            return None


def _parsed(path: str) -> tuple[str, int, int] | None:
    """Level, number and width of a tile's path; None for anything else."""
    _, level, *groups = path.split("/")
    width = TILE
    if len(groups) > 1 and groups[-2].endswith(".p"):
        width, groups = int(groups[-1]), [*groups[:-2], groups[-2].removesuffix(".p")]
    n = int("".join(group.removeprefix("x") for group in groups)) if groups else -1
    return (level, n, width) if n >= 0 and path == tile_path(level, n, width) else None


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
