"""Back-ups: the whole instance in one file, consistent while it serves, without keys; the keys in another.

The published log is copied before the database, so the database is never behind what the world has already read.
"""

import shutil
import sqlite3  # the library that withus.core.sqlite put in its place
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from withus.core import clock, configuration, locks
from withus.public_log import anchor
from withus.running import archive
from withus.running.archive import Progress

DATABASE = "withus.sqlite3"
TABLES = "tables"
FOLDER = "backups"
PAGES = 4096  # copied in one go, between two words about the progress


def folder() -> Path:
    """Where the back-ups of this host lie: beside the data, so move copies to another machine."""
    return configuration.folder("WITHUS_DATA") / FOLDER


def write(target: Path, progress: Progress = lambda percent: None) -> int:
    """Writes a back-up of everything but the keys and returns its bytes; may run while Withus serves.

    Raises Refused when the name is taken, locks.Taken when another back-up runs, OSError when there is no room.
    """
    with locks.held("backup"), _draft(target.parent) as draft:
        data = configuration.folder("WITHUS_DATA")
        members = [*_published(data)]
        members += _snapshot(draft, lambda percent: progress(percent * 2 // 5))
        about = {
            "made_on": clock.today().isoformat(),
            "database": connection.vendor,
            "migrations": sorted(
                name for app, name in MigrationRecorder(connection).applied_migrations() if app == "withus"
            ),
        }
        return archive.pack(target, members, about, lambda percent: progress(40 + percent * 3 // 5))


def write_keys(target: Path) -> int:
    """Writes the keys; whoever holds this file and a back-up can do everything that this host can."""
    keys = configuration.folder("WITHUS_KEYS")
    members = [
        (path.name, path)
        for path in sorted(keys.glob("*"))
        if path.is_file() and not path.name.startswith(".") and not anchor.is_guard(path.name)
    ]
    return archive.pack(target, members, {"keys": True}, lambda percent: None)


@contextmanager
def _draft(parent: Path) -> Iterator[Path]:
    """A folder for the snapshot beside the target, where there is room if anywhere; what a crash left is removed."""
    for old in parent.glob(".withus-snapshot-*"):
        shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".withus-snapshot-", dir=parent) as made:
        yield Path(made)


def _published(data: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the data folder but databases, locks, drafts and back-ups; the log's checkpoint first of all."""
    skipped = (".", FOLDER, Path(str(connection.settings_dict["NAME"])).name, DATABASE)
    files = (
        (str(path.relative_to(data)), path)
        for path in data.rglob("*")
        if path.is_file()
        and not path.relative_to(data).parts[0].startswith(skipped)
        and not path.name.startswith(".")
        and not _is_secret(path)
    )
    yield from sorted(files, key=lambda member: (Path(member[0]).name != "checkpoint", member[0]))


def _is_secret(path: Path) -> bool:
    """Whether the file is a key of ours, wherever the settings or a link have put it."""
    true, tls = path.resolve(), configuration.text("WITHUS_TLS_KEY")
    return true.is_relative_to(configuration.true_folder("WITHUS_KEYS")) or bool(tls and true == Path(tls).resolve())


def _snapshot(draft: Path, progress: Progress) -> list[tuple[str, Path]]:
    if connection.vendor == "sqlite":
        return [(DATABASE, _sqlite(draft / DATABASE, progress))]
    return [(f"{TABLES}/{path.name}", path) for path in _postgresql(draft)]


def _sqlite(target: Path, progress: Progress) -> Path:
    """SQLite's own back-up inside one read transaction: writers go on, and none of them makes it begin anew."""

    def copied(_: int, left: int, pages: int) -> None:
        progress(100 - 100 * left // (pages or 1))

    try:
        with closing(connection.copy()) as own, closing(sqlite3.connect(target)) as copy:
            own.ensure_connection()
            source: Any = own.connection
            source.execute("BEGIN")
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=PAGES, progress=copied, sleep=0)
            source.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as problem:  # the copy's, which Django does not know
        raise OSError(f"the copy cannot be written ({problem})") from problem
    if verdict != "ok":
        raise OSError(f"the copy of the database is damaged: {verdict}")
    return target


def _postgresql(draft: Path) -> Iterator[Path]:
    """One file a table, all of one moment (REPEATABLE READ), by COPY: needs no pg_dump of a fitting version."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in sorted(own.introspection.table_names(cursor)):
            path = draft / f"{table}.copy"
            statement = copy_out(own, cursor, table)
            with path.open("wb") as file, own.wrap_database_errors, cursor.copy(statement) as blocks:
                for block in blocks:
                    file.write(block)
            yield path
        cursor.execute("ROLLBACK")


def columns(on: BaseDatabaseWrapper, cursor: CursorWrapper, table: str) -> str:
    """The table's columns, quoted, in the order of their names, whatever order they were made in."""
    names = sorted(column.name for column in on.introspection.get_table_description(cursor, table))
    return ", ".join(on.ops.quote_name(name) for name in names)


def copy_out(on: BaseDatabaseWrapper, cursor: CursorWrapper, table: str) -> str:
    """The statement that reads a table in the order of its key: the log must be written again in that order."""
    keys = ", ".join(on.ops.quote_name(key) for key in on.introspection.get_primary_key_columns(cursor, table) or ())
    order = f" ORDER BY {keys}" if keys else ""
    return f"COPY (SELECT {columns(on, cursor, table)} FROM {on.ops.quote_name(table)}{order}) TO STDOUT"  # noqa: S608
