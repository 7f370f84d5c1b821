"""One at a time on this machine: locks on files in the data folder, which the system lets go when a process dies."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from withus.core import configuration

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Taken(Exception):
    """Another process holds the lock."""


@contextmanager
def held(name: str, *, wait: float = 0, folder: Path | None = None) -> Iterator[None]:
    """Holds a folder's lock `name` (default: the data folder's), after at most `wait` seconds; raises Taken."""
    if folder is None:
        folder = configuration.folder("WITHUS_DATA")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # what is inside is for this account only
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f".{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + wait
        while not _locked(descriptor):
            if time.monotonic() >= until:
                raise Taken(name)
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
