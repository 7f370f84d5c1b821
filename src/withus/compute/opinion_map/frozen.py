"""Results that nobody writes into: their tables and dictionaries are to be read alone."""

from types import MappingProxyType
from typing import Any

import numpy as np

from withus.compute.opinion_map.compiled import Array


class Frozen:
    """Votes, or a map: frozen where it is made, and where another process sent it."""

    def __post_init__(self) -> None:
        """Freezes what a data class was given."""
        for name, value in list(vars(self).items()):
            if isinstance(value, np.ndarray):
                vars(self)[name] = frozen(value)
            elif isinstance(value, dict):
                vars(self)[name] = MappingProxyType(value)

    def __getstate__(self) -> dict[str, Any]:
        """What is sent."""
        pairs = vars(self).items()
        return {name: dict(value) if isinstance(value, MappingProxyType) else value for name, value in pairs}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """What came, frozen again: a loop would be compiled anew for tables that may be written into."""
        vars(self).update(state)
        Frozen.__post_init__(self)


def frozen(table: Array) -> Array:
    """The table, to be read alone."""
    seen = table.view()
    seen.setflags(write=False)
    return seen
