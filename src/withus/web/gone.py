"""What is left of words that were taken away: a capability above says here how tombstones are looked up."""

from collections.abc import Callable, Mapping
from typing import Any

Tombstones = Mapping[tuple[str, str], Any]
READERS: list[Callable[[], Tombstones]] = []


def tombstones(read: Callable[[], Tombstones]) -> Callable[[], Tombstones]:
    """Registers what reads all tombstones there are, by the thing's code and its field."""
    READERS.append(read)
    return read


def everything() -> Tombstones:
    """All of them."""
    return {key: one for read in READERS for key, one in read().items()}
