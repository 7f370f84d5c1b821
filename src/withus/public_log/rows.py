"""What the log must hold of each row that a formal act left: the door writes it, and the check compares both.

Triggers keep the log from being changed, and nothing keeps a database's owner from changing the rows beside it. So each
row tells the records that it must have left, word for word; a row that was edited, made or deleted by hand is found.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Told:
    """A record as its row tells it: `words` says which fact commits to which field of the row (words may be erased)."""

    type: str
    subject: str
    facts: Mapping[str, Any]
    row: models.Model
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """The words, by the fact that commits to them."""
        return {fact: str(getattr(self.row, name)) for fact, name in self.words.items()}


Reader = Callable[[], Iterable[Told]]
READERS: list[tuple[frozenset[str], Reader]] = []


def stands_in_rows(types: Collection[str], read: Reader) -> None:
    """Registers types of records of which each has its row, and what reads all those rows."""
    READERS.append((frozenset(types), read))
