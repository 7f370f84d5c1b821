"""Django's SQLite backend with a gate: whoever wants to write waits in line, in this process and among all processes.

SQLite waits by sleeping and polling, without order; behind the gate nobody starves, nothing is "locked", and a commit
with its checkpoint never meets another writer's.
"""

import os
import threading
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

if os.name == "nt":
    import msvcrt
else:
    import fcntl


class Gate:
    """One writer at a time for one database file: a lock among threads around a lock among processes."""

    def __init__(self, path: Path) -> None:
        self.path, self.lock, self.file = path, threading.Lock(), -1

    def enter(self) -> None:
        """Waits until nobody else writes."""
        self.lock.acquire()
        try:
            self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            if os.name == "nt":
                msvcrt.locking(self.file, msvcrt.LK_LOCK, 1)
            else:
                fcntl.flock(self.file, fcntl.LOCK_EX)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Lets the next one in; closing the file releases the lock, also when a process dies."""
        file, self.file = self.file, -1
        if file >= 0:
            os.close(file)
        self.lock.release()


_gates: dict[str, Gate] = {}
_gates_lock = threading.Lock()


def gate_of(name: str) -> Gate | None:
    """The gate of a database file; none for one in memory."""
    if not name or ":memory:" in name or "mode=memory" in name:
        return None
    with _gates_lock:
        return _gates.setdefault(name, Gate(Path(f"{name}.gate")))


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend; every transaction begins behind the gate and ends by opening it."""

    _held: Gate | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if self._held is None and (gate := gate_of(str(self.settings_dict["NAME"]))):
            gate.enter()
            self._held = gate
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._open_gate()
            raise

    def _open_gate(self) -> None:
        gate, self._held = self._held, None
        if gate:
            gate.leave()

    def _commit(self) -> Any:
        result = super()._commit()
        self._open_gate()
        return result

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self._open_gate()

    def _close(self) -> Any:
        try:
            return super()._close()
        finally:
            self._open_gate()
