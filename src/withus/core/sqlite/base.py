"""Django's SQLite backend with the write gate: every outermost atomic block, and every lone write, passes it.

Reads outside a transaction never wait. A process's first connection and every close pass the gate too, because the one
switches the file to WAL and the last close folds the WAL back in.
"""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base

from withus.core.sqlite.gate import Gate, GateBusy, gate_of

_backend: Any = base  # its types leave out what Django's own backends override

if _backend.Database is not sys.modules["sqlite3"].dbapi2:
    raise ImproperlyConfigured("withus.core.sqlite must be imported before django.db.backends.sqlite3")

_WRITE = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|VACUUM|REINDEX|ANALYZE"
    r"|PRAGMA\s+(wal_checkpoint|optimize|incremental_vacuum|journal_mode)"
    r"|WITH\b.*\b(INSERT|UPDATE|DELETE|REPLACE)\b)",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=256)
def _converted(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class GatedCursor(base.SQLiteCursorWrapper):
    """A cursor whose lone writes, those outside a transaction, pass the gate."""

    database: "DatabaseWrapper"
    _inside = False

    def execute(self, query: str, params: Any = None) -> Any:
        """Runs one statement."""
        return self._gated(super().execute, query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Runs one statement for each set of parameters."""
        return self._gated(super().executemany, query, param_list)

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """The query with SQLite's marks for parameters; remembered, as Django searches the whole text for each."""
        converted: str = super().convert_query(query, param_names=param_names) if param_names else _converted(query)
        return converted

    def close(self) -> None:
        """Ends the cursor, and with it a lone write whose rows were still being read."""
        super().close()
        self._leave()

    def _gated(self, run: Callable[[str, Any], Any], query: str, params: Any) -> Any:
        self._leave()
        if self.database.gate_held or not _WRITE.match(query):
            return run(query, params)
        self.database.enter_gate()
        self._inside = True
        try:
            return run(query, params)
        finally:
            if self.description is None:  # with RETURNING the write ends when its rows are read
                self._leave()

    def _leave(self) -> None:
        if self._inside:
            self._inside = False
            self.database.leave_gate()


class DatabaseWrapper(_backend.DatabaseWrapper):  # type: ignore[misc]
    """One connection; knows whether it holds the gate."""

    gate_held = False
    _gate: Gate

    def enter_gate(self) -> None:
        """Waits for the gate; raises OperationalError."""
        try:
            self._find_gate().enter()
        except (GateBusy, OSError) as error:
            raise self._busy(error) from error
        self.gate_held = True

    def leave_gate(self) -> None:
        """Opens the gate, if this connection holds it."""
        if self.gate_held:
            self.gate_held = False
            self._gate.leave()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Opens a connection, with its PRAGMAs."""
        if self._find_gate().prepared:
            return super().get_new_connection(conn_params)
        self.enter_gate()
        try:
            connection = super().get_new_connection(conn_params)
            self._gate.prepared = True
            return connection
        finally:
            self.leave_gate()

    def _find_gate(self) -> Gate:
        try:
            self._gate = gate_of(str(self.settings_dict["NAME"]), in_memory=self.is_in_memory_db())
        except OSError as error:
            raise self._busy(error) from error
        return self._gate

    def _busy(self, error: Exception) -> Exception:
        refusal: Exception = self.Database.OperationalError(f"the database's write gate cannot be had: {error}")
        return refusal

    def create_cursor(self, name: str | None = None) -> GatedCursor:
        """A cursor that knows its database."""
        cursor: GatedCursor = self.connection.cursor(factory=GatedCursor)
        cursor.database = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self.enter_gate()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.leave_gate()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._leave_unless_in_transaction()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_unless_in_transaction()

    def _leave_unless_in_transaction(self) -> None:
        if self.connection is None or not self.connection.in_transaction:  # a refused COMMIT is still open
            self.leave_gate()

    def _close(self) -> None:
        if not self.gate_held:
            with suppress(self.Database.OperationalError):
                self.enter_gate()
        try:
            super()._close()
        finally:
            self.leave_gate()
