"""Loops over votes, compiled once and kept beside the code: a tenth of numpy's time (docs/methods/opinion-map.md)."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import config, njit
from numpy.typing import NDArray

from withus.compute import loops

Array = NDArray[Any]
_compile: Any = njit
_settings: Any = config
_folder = loops.begin()
if _folder:
    _settings.CACHE_DIR = str(_folder)
Loop = TypeVar("Loop", bound=Callable[..., object])


def loop(function: Loop) -> Loop:
    """The function, compiled when it is first called. One thread, no reordering of sums: the same bits everywhere."""
    compiled: Loop = _compile(cache=_folder is not None, nogil=True, error_model="numpy")(function)
    return compiled


@loop
def whole_table(rows: int, columns: int) -> Array:
    """A table of whole numbers, all 0: compiled once for all loops, unless a size is written out where it is called."""
    return np.zeros((rows, columns), np.int64)


@loop
def real_table(rows: int, columns: int) -> Array:
    """A table of numbers, all 0; likewise."""
    return np.zeros((rows, columns))
