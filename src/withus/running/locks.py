"""One at a time on this machine: locks on files in the data folder, which the system lets go when a process dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from withus.core import configuration


class Taken(Exception):
    """Another process holds the lock."""


@contextmanager
def held(name: str, *, wait: float = 0) -> Iterator[None]:
    """Holds the lock `name` of this data folder, after waiting at most `wait` seconds; raises Taken."""
    folder = configuration.folder("WITHUS_DATA")
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f".{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, time.monotonic() + wait, name)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, until: float, name: str) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            if time.monotonic() >= until:
                raise Taken(name) from problem
            time.sleep(0.05)
