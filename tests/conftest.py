"""What holds for every test."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
import pytest
from django.core.management import call_command
from django.db import connection, connections
from hypothesis import HealthCheck, settings

from withus import migrations
from withus.core import sealing

# A busy machine is no fault of what is tested, and a test's own database is emptied by what fills it.
settings.register_profile(
    "withus", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("withus")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compiles the catalogues once, before any worker reads them: a fresh clone has none, and would speak English."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background: servers could not be stopped
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(session.config, "workerinput"):
        from withus.running.start import compile_catalogues

        compile_catalogues()


TRUE_COST = {name: getattr(sealing, name) for name in ("MEMORY_KIB", "ROUNDS")}


@pytest.fixture(autouse=True, scope="session")
def _light_argon2() -> Iterator[None]:
    """A third of all tests' time was the making of strangers' passphrases; the true cost is tested where it matters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "MEMORY_KIB", 8)
        patch.setattr(sealing, "ROUNDS", 1)
        yield


@pytest.fixture
def true_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost in this test what they cost in a house."""
    for name, cost in TRUE_COST.items():
        monkeypatch.setattr(sealing, name, cost)


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


def _schema(cache: pytest.Cache) -> Path:
    """Where a database as today's migrations leave it is kept from one run to the next."""
    parts = [django.__version__, *(one.read_text() for one in sorted(Path(migrations.__file__).parent.glob("*.py")))]
    return cache.mkdir("withus") / f"{sha256(repr(parts).encode()).hexdigest()}.sqlite3"


@pytest.fixture(scope="session")
def _migrated_before(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite's test database begins with what an earlier run kept: then migrating finds nothing to do."""
    if connection.vendor != "sqlite" or not (kept := _schema(request.config.cache)).exists():
        yield
        return
    memory = connection.creation._get_test_db_name()
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(memory, uri=True)) as begun:
        source.backup(begun)
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    _migrated_before: None, django_db_setup: None, request: pytest.FixtureRequest, django_db_blocker: Any
) -> None:
    """As usual; SQLite's is kept as a file before anybody writes to it, so that nobody migrates a second one."""
    if connection.vendor != "sqlite" or (kept := _schema(request.config.cache)).exists():
        return
    begun = kept.with_suffix(f".{os.getpid()}")  # another worker may be writing too
    with django_db_blocker.unblock(), closing(sqlite3.connect(begun)) as file:
        if not connection.introspection.table_names():  # all tests of this run have databases of their own
            call_command("migrate", verbosity=0)
        connection.ensure_connection()
        connection.connection.backup(file)
    begun.replace(kept)


@pytest.fixture(scope="session")
def empty_database(django_db_setup: None, request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[str]:
    """A migrated database that nobody writes to: the log's triggers let no test clean up after itself."""
    if connection.vendor == "sqlite":
        yield str(_schema(request.config.cache))
        return
    name = f"withus_races_{os.getpid()}"
    with django_db_blocker.unblock():
        _tell_postgresql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        with _database(name):
            call_command("migrate", verbosity=0)
        yield name
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
