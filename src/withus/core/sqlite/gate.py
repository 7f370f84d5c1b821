"""The write gate: one writer at a time, in this process and among all on this machine.

Within a process first come, first served; between processes the system hands the file's lock on, measured as fair.
"""

import os
import sys
import threading
from collections import deque
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PATIENCE = 30.0  # seconds in the queue of this process


class GateBusy(Exception):
    """Another writer held the gate for longer than PATIENCE."""


class Gate:
    """Guards one database file; `path` is None for a database in memory, which only this process can see."""

    prepared = False  # whether a connection of this process has opened the file, and so switched it to WAL

    def __init__(self, path: Path | None) -> None:
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()
        self._file = os.open(f"{path}.gate", os.O_RDWR | os.O_CREAT, 0o600) if path else None

    def enter(self) -> None:
        """Waits for the gate; raises GateBusy."""
        self._queue()
        try:
            if self._file is not None:
                _lock(self._file)
        except BaseException:
            self._next()
            raise

    def leave(self) -> None:
        """Opens the gate for the next in line."""
        try:
            if self._file is not None:
                _unlock(self._file)
        finally:
            self._next()

    def forget(self) -> None:
        """Closes the file in a forked child, where it would share the parent's lock."""
        if self._file is not None:
            os.close(self._file)

    def _queue(self) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        called = False
        try:
            called = ticket.acquire(timeout=PATIENCE)
        finally:
            if not called:
                self._give_up(ticket)
        if not called:
            raise GateBusy(f"another writer has held the database for {PATIENCE:.0f} seconds")

    def _give_up(self, ticket: threading.Lock) -> None:
        with self._mutex:
            waiting = ticket in self._waiting
            with suppress(ValueError):
                self._waiting.remove(ticket)
        if not waiting:  # called in this very moment
            self._next()

    def _next(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        while True:
            os.lseek(descriptor, 0, os.SEEK_SET)
            with suppress(OSError):  # it gives up after ten seconds
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_gates: dict[str, Gate] = {}
_opening = threading.Lock()


@lru_cache(maxsize=64)
def _true_path(name: str) -> str:
    return str(Path(name).resolve())  # two names of one file have one gate


def gate_of(name: str, *, in_memory: bool) -> Gate:
    """The one gate of this process for the database `name`; raises OSError where no file can be made beside it."""
    key = name if in_memory else _true_path(name)
    with _opening:
        if key not in _gates:
            _gates[key] = Gate(None if in_memory else Path(key))
        return _gates[key]


def _begin_anew() -> None:
    global _opening
    _opening = threading.Lock()
    for gate in _gates.values():
        gate.forget()
    _gates.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
