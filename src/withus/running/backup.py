"""Back-ups: the whole instance in one file, consistent while it serves, without keys; the keys in another.

The published log is copied before the database, so the database is never behind what the world has already read.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from withus.core import clock, configuration
from withus.running import archive, locks
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
        # Hard links would follow a file that is written on; every file here is only ever replaced whole.
        members += _snapshot(draft, lambda percent: progress(percent * 2 // 5))
        about = {
            "made_on": clock.today().isoformat(),
            "database": connection.vendor,
            "migrations": sorted(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "withus"),
        }
        return archive.pack(target, members, about, lambda percent: progress(40 + percent * 3 // 5))


def write_keys(target: Path) -> int:
    """Writes the keys; whoever holds this file and a back-up can do everything that this host can."""
    keys = configuration.folder("WITHUS_KEYS")
    members = [(path.name, path) for path in sorted(keys.glob("*")) if path.is_file() and not path.name.startswith(".")]
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
        if path.is_file() and not path.relative_to(data).parts[0].startswith(skipped) and not path.name.startswith(".")
    )
    yield from sorted(files, key=lambda member: (Path(member[0]).name != "checkpoint", member[0]))


def _snapshot(draft: Path, progress: Progress) -> list[tuple[str, Path]]:
    if connection.vendor == "sqlite":
        return [(DATABASE, _sqlite(draft / DATABASE, progress))]
    return [(f"{TABLES}/{path.name}", path) for path in _postgresql(draft)]


def _sqlite(target: Path, progress: Progress) -> Path:
    """SQLite's own back-up inside one read transaction: writers go on, and none of them makes it begin anew."""
    connection.ensure_connection()
    library: Any = type(connection.connection).__mro__[-2] if connection.connection else None
    with closing(_plain(str(connection.settings_dict["NAME"]))) as source, closing(_plain(str(target))) as copy:
        source.execute("BEGIN")
        source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=PAGES, progress=lambda _, left, all_: progress(100 - 100 * left // (all_ or 1)), sleep=0)
        copy.execute("PRAGMA journal_mode=DELETE")
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise OSError(f"the copy of the database is damaged: {verdict}")
    return target
