"""The database itself refuses to change, remove or renumber what the log holds."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from tests.public_log.writing import enter

from withus.public_log import publish, triggers, verify
from withus.public_log.models import LogEntry, LogHead

pytestmark = pytest.mark.django_db

IS_POSTGRESQL = connection.vendor == "postgresql"
FORBIDDEN = [
    "UPDATE withus_log_entry SET body = 'x' WHERE seq = 0",
    "UPDATE withus_log_entry SET seq = 9999 WHERE seq = 1",
    "DELETE FROM withus_log_entry",
    "DELETE FROM withus_log_entry WHERE seq = 299",
    "INSERT INTO withus_log_entry (seq, body, leaf, subject) VALUES (400, 'x', 'x', '')",
    "INSERT INTO withus_log_entry (seq, body, leaf, subject) VALUES (5, 'x', 'x', '')",
    "INSERT INTO withus_log_entry (seq, body, leaf, subject) VALUES (-1, 'x', 'x', '')",
    "UPDATE withus_log_tile SET data = 'x'",
    "DELETE FROM withus_log_tile",
    "INSERT INTO withus_log_tile (level, n, root, data) VALUES (0, 0, 'x', 'x')",
    "UPDATE withus_log_checkpoint SET note = 'x'",
    "DELETE FROM withus_log_checkpoint",
    "INSERT INTO withus_log_checkpoint (size, note) VALUES (5, 'x')",
    "UPDATE withus_log_head SET size = 5",
    "UPDATE withus_log_head SET size = 5000",
    "UPDATE withus_log_head SET origin = 'other.example/log'",
    "UPDATE withus_log_head SET id = 2",
    "DELETE FROM withus_log_head",
    "INSERT INTO withus_log_head (id, size, frontier, origin) VALUES (1, 0, '', '')",
    "INSERT INTO withus_log_head (id, size, frontier, origin) VALUES (2, 0, '', '')",
    "UPDATE withus_log_witnessed SET size = 8",
    "UPDATE withus_log_witnessed SET root = 'y'",
    "UPDATE withus_log_witnessed SET origin = 'y'",
    "DELETE FROM withus_log_witnessed",
]
REPLACING = [
    "INSERT OR REPLACE INTO withus_log_entry (seq, body, leaf, subject) VALUES (5, 'x', 'x', '')",
    "REPLACE INTO withus_log_tile (level, n, root, data) VALUES (0, 0, 'x', 'x')",
    "REPLACE INTO withus_log_tile (id, level, n, root, data) VALUES (1, 7, 7, 'x', 'x')",
    "REPLACE INTO withus_log_checkpoint (size, note) VALUES (301, 'x')",
    "REPLACE INTO withus_log_head (id, size, frontier, origin) VALUES (1, 0, '', '')",
    "REPLACE INTO withus_log_witnessed (origin, size, root, note) VALUES ('x', 1, 'x', '')",
    "UPDATE OR REPLACE withus_log_entry SET seq = 3 WHERE seq = 4",
]
EMPTYING = [
    "TRUNCATE withus_log_entry",
    "TRUNCATE withus_log_tile",
    "TRUNCATE withus_log_checkpoint",
    "TRUNCATE withus_log_head",
    "TRUNCATE withus_log_witnessed",
    "TRUNCATE withus_log_entry, withus_log_tile, withus_log_checkpoint, withus_log_head CASCADE",
]


def execute(sql: str) -> None:
    """Runs a statement in a savepoint of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def log() -> None:
    """A log of 301 entries with a tile and a checkpoint."""
    enter(300)
    publish.publish()
    execute("INSERT INTO withus_log_witnessed (origin, size, root, note) VALUES ('x', 9, 'x', '')")


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("sql", FORBIDDEN + (EMPTYING if IS_POSTGRESQL else REPLACING))
def test_the_database_refuses(sql: str) -> None:
    with pytest.raises(DatabaseError):
        execute(sql)
    assert verify.own_log().ok


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("sql", [*FORBIDDEN, *EMPTYING])
def test_postgresql_refuses_also_as_a_replica(sql: str) -> None:
    if not IS_POSTGRESQL:
        pytest.skip("a trick of PostgreSQL's")
    with pytest.raises(DatabaseError):
        execute(f"SET LOCAL session_replication_role = replica; {sql}")


def test_sqlite_refuses_replacing_without_any_of_our_settings(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "log.sqlite3") as bare:
        bare.executescript(
            "CREATE TABLE withus_log_entry (seq INTEGER PRIMARY KEY, body BLOB, leaf BLOB, subject TEXT);"
            "CREATE TABLE withus_log_tile"
            " (id INTEGER PRIMARY KEY, level INT, n INT, root BLOB, data BLOB, UNIQUE (level, n));"
            "CREATE TABLE withus_log_checkpoint (size INTEGER PRIMARY KEY, note TEXT);"
            "CREATE TABLE withus_log_head (id INTEGER PRIMARY KEY, size INT, frontier BLOB, origin TEXT);"
            "CREATE TABLE withus_log_witnessed (origin TEXT PRIMARY KEY, size INT, root BLOB, note TEXT);"
            "INSERT INTO withus_log_head VALUES (1, 0, '', '');" + ";".join(triggers.statements("sqlite").values())
        )
        for seq in range(6):
            bare.execute("INSERT INTO withus_log_entry VALUES (?, 'true', 'x', '')", [seq])
        bare.execute("INSERT INTO withus_log_tile VALUES (1, 0, 0, 'x', 'true')")
        bare.execute("INSERT INTO withus_log_checkpoint VALUES (301, 'true')")
        bare.execute("INSERT INTO withus_log_witnessed VALUES ('x', 9, 'x', 'true')")
        for sql in REPLACING:
            with pytest.raises(sqlite3.IntegrityError):
                bare.execute(sql)
        assert bare.execute("SELECT COUNT(*) FROM withus_log_entry WHERE body = 'true'").fetchone() == (6,)


def test_words_and_waiting_records_can_be_removed() -> None:
    enter(texts={"text": "words"})
    execute("DELETE FROM withus_log_opening")
    execute("DELETE FROM withus_log_pending")


def test_a_missing_trigger_is_noticed_by_check_and_by_verify_log() -> None:
    def found() -> list[str]:
        return [
            error.msg for error in run_checks(tags=["database"], databases=["default"]) if error.id == "withus.E001"
        ]

    enter()
    assert found() == []
    drop: Callable[[str], str] = lambda name: f"DROP TRIGGER {name}{' ON withus_log_entry' if IS_POSTGRESQL else ''}"  # noqa: E731
    execute(drop("withus_log_entry_no_update"))
    assert found() == [
        "The public log is unguarded: the trigger withus_log_entry_no_update is missing. Restore a back-up."
    ]
    assert "the trigger withus_log_entry_no_update is missing" in verify.problems()
    assert not verify.own_log().ok


def test_the_head_stands_after_the_migration_and_is_the_only_one() -> None:
    assert list(LogHead.objects.values_list("id", "size")) == [(1, 0)]
    assert not LogEntry.objects.exists()
