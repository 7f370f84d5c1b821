"""Loops over votes, compiled once and kept beside the code: a tenth of numpy's time (docs/methods/opinion-map.md)."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numba import config, njit
from numpy.typing import NDArray

Array = NDArray[Any]
_compile: Any = njit
_settings: Any = config
_HERE = Path(__file__).parent
Loop = TypeVar("Loop", bound=Callable[..., object])


def _can_keep() -> bool:
    """Whether compiled loops can be kept, in a folder of this very code's own.

    A loop holds the loops that it calls, also those of other files, and numba looks at its own file alone: without this
    an old loop would live on in a new version.
    """
    code = b"".join(path.name.encode() + path.read_bytes() for path in sorted(_HERE.glob("*.py")))
    folder = Path(_settings.CACHE_DIR or _HERE / "__pycache__") / f"loops-{hashlib.sha256(code).hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kept").touch()
    except OSError:
        return False
    _settings.CACHE_DIR = str(folder)
    return True


_IS_KEPT = _can_keep()


def loop(function: Loop) -> Loop:
    """The function, compiled when it is first called. One thread, no reordering of sums: the same bits everywhere."""
    compiled: Loop = _compile(cache=_IS_KEPT, nogil=True, error_model="numpy")(function)
    return compiled


@loop
def whole_table(rows: int, columns: int) -> Array:
    """A table of whole numbers, all 0: compiled once for all loops, unless a size is written out where it is called."""
    return np.zeros((rows, columns), np.int64)


@loop
def real_table(rows: int, columns: int) -> Array:
    """A table of numbers, all 0; likewise."""
    return np.zeros((rows, columns))
