"""What holds for every test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compiles the catalogues once, before any worker reads them: a fresh clone has none, and would speak English."""
    if not hasattr(session.config, "workerinput"):
        from withus.running.start import compile_catalogues

        compile_catalogues()


@contextmanager
def _database(name: str) -> Iterator[None]:
    """All threads use the database of this name, and afterwards the usual one again."""
    settings, kept = connections.databases["default"], connections["default"]
    usual, settings["NAME"] = settings["NAME"], name
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        settings["NAME"], connections["default"] = usual, kept


def _tell_postgresql(*orders: str) -> None:
    with connection._nodb_cursor() as cursor:
        for order in orders:
            cursor.execute(order)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[str]:
    """A migrated database that nobody writes to: the log's triggers let no test clean up after itself."""
    name = f"withus_races_{os.getpid()}"
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            _tell_postgresql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        else:
            name = str(tmp_path_factory.mktemp("races") / "empty.sqlite3")
        with _database(name):
            call_command("migrate", verbosity=0)
        yield name
        if connection.vendor == "postgresql":
            _tell_postgresql(f'DROP DATABASE "{name}"')


@pytest.fixture
def own_database(empty_database: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """A copy of the empty database for one test, for real threads and real commits."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            copy = f"{empty_database}_copy"
            _tell_postgresql(
                f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)',
                f'CREATE DATABASE "{copy}" TEMPLATE "{empty_database}"',
            )
        else:
            copy = shutil.copy(empty_database, tmp_path / "races.sqlite3")
        with _database(str(copy)):
            yield
        if connection.vendor == "postgresql":
            _tell_postgresql(f'DROP DATABASE "{copy}"')


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data and key folders of a test's own: what one log published must not lie in another one's way."""
    monkeypatch.setenv("WITHUS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))
    return tmp_path
