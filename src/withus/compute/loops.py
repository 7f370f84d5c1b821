"""Where compiled loops are kept, so that only the first run of a version waits for them; asked without loading any."""

import hashlib
import os
import shutil
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

_CODE = Path(__file__).parent / "opinion_map"
_BESIDE = _CODE / "__pycache__"
_DAY = 24 * 3600
_READY = "ready"
SPARE = ".loops"  # in the data folder; back-ups leave out what begins with a dot


def keep_in(spare: Path) -> None:
    """Lets loops be kept in this folder, where the one beside the code cannot be written and none was chosen."""
    if not os.environ.get("NUMBA_CACHE_DIR") and not _can_write(_BESIDE):
        os.environ["NUMBA_CACHE_DIR"] = str(spare)


@cache
def state_of_code() -> str:
    """A hash of the code that makes maps."""
    code = b"".join(path.name.encode() + path.read_bytes() for path in sorted(_CODE.glob("*.py")))
    return hashlib.sha256(code).hexdigest()


def folder() -> Path:
    """The folder of this very code, whether it is there or not.

    A loop holds the loops that it calls, also those of other files, and numba looks at its own file alone: without a
    folder for each state of the code an old loop would live on in a new version.
    """
    return Path(os.environ.get("NUMBA_CACHE_DIR") or _BESIDE) / f"loops-{state_of_code()[:16]}"


def begin() -> Path | None:
    """Makes the folder and tidies those of older code away; None where nothing can be kept."""
    own = folder()
    if not _can_write(own):
        return None
    (own / "kept").touch()
    for other in own.parent.glob("loops-*"):
        if other != own and _age(other) > _DAY:  # younger ones may be another version's that is running beside this
            shutil.rmtree(other, ignore_errors=True)
    return own


def are_ready() -> bool:
    """Whether this code's loops are compiled; also true where they cannot be kept, so that nobody tries for ever."""
    own = folder()
    return (own / _READY).exists() or not _can_write(own)


def say_ready() -> None:
    """Notes that this code's loops are compiled."""
    with suppress(OSError):
        (folder() / _READY).touch()


def _age(other: Path) -> float:
    try:
        return time.time() - (other / "kept").stat().st_mtime
    except OSError:
        return _DAY + 1.0


def _can_write(where: Path) -> bool:
    try:
        where.mkdir(parents=True, exist_ok=True)
        probe = where / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True
