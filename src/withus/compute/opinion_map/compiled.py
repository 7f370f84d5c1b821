"""Loops over votes, compiled once and kept beside the code: a tenth of numpy's time (docs/methods/opinion-map.md).

numba is loaded only where a loop is compiled or, if the loop lays out tables, called. A bare loop (`bare`) is called
without: the machine code that was kept of it stands alone.
"""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from importlib import import_module
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., object])


class Loop:
    """A loop that is compiled when it is first called."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = function
        update_wrapper(self, function)

    @cached_property
    def compiled(self) -> Any:
        """The loop as numba holds it."""
        return import_module("withus.compute.opinion_map.compiling").dispatcher(self.function)

    @property
    def _numba_type_(self) -> Any:
        """What numba asks for where one loop calls another."""
        return self.compiled._numba_type_

    def __call__(self, *given: Any) -> Any:
        """What the loop gives."""
        return self.compiled(*given)


def loop(function: Function) -> Function:
    """The function, compiled when it is first called. One thread, no reordering of sums: the same bits everywhere."""
    made: Any = Loop(function)
    return made  # type: ignore[no-any-return]


@loop
def whole_table(rows: int, columns: int) -> Array:
    """A table of whole numbers, all 0: compiled once for all loops, unless a size is written out where it is called."""
    return np.zeros((rows, columns), np.int64)


@loop
def real_table(rows: int, columns: int) -> Array:
    """A table of numbers, all 0; likewise."""
    return np.zeros((rows, columns))
