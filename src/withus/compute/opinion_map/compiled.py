"""Loops over votes, compiled once and kept beside the code: a tenth of numpy's time (docs/methods/opinion-map.md)."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import config, njit
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys
from numpy.typing import NDArray

from withus.compute import loops

Array = NDArray[Any]
_compile: Any = njit
_settings: Any = config
_Cache: Any = FunctionCache
_folder = loops.begin()
if _folder:
    _settings.CACHE_DIR = str(_folder)
Loop = TypeVar("Loop", bound=Callable[..., object])


class _Kept(_Cache):  # type: ignore[misc]
    """Loops as they were kept, without first loading all that numba knows: only compiling needs it."""

    def load_overload(self, sig: object, target_context: Any) -> Any:
        """The loop for arguments of these types; None if it is not kept."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def loop(function: Loop) -> Loop:
    """The function, compiled when it is first called. One thread, no reordering of sums: the same bits everywhere."""
    compiled: Any = _compile(nogil=True, error_model="numpy")(function)
    if _folder is not None:
        compiled._cache = _Kept(function)
    made: Loop = compiled
    return made


@loop
def whole_table(rows: int, columns: int) -> Array:
    """A table of whole numbers, all 0: compiled once for all loops, unless a size is written out where it is called."""
    return np.zeros((rows, columns), np.int64)


@loop
def real_table(rows: int, columns: int) -> Array:
    """A table of numbers, all 0; likewise."""
    return np.zeros((rows, columns))
