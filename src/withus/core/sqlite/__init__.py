"""SQLite as Withus runs it: a library without the WAL-reset bug, durable commits, and one gate for every write."""

import sys
from pathlib import Path
from typing import Any

try:
    import pysqlite3
except ImportError:  # no wheel for this machine: the system's library, made safe by the gate
    import sqlite3 as library
else:
    library = pysqlite3
    # One library for the whole process: two of them in one process undo each other's locks on the same file.
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # the public log promises what was answered: with NORMAL a power cut takes commits back
    "cache_size=-16000",
    "mmap_size=134217728",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "secure_delete=ON",  # erased words must not stay in free pages
    "recursive_triggers=ON",  # else INSERT OR REPLACE passes the public log's DELETE triggers
)


def settings(path: Path) -> dict[str, Any]:
    """The entry of DATABASES for the file at `path`, whose folder must exist before the first query."""
    return {
        "ENGINE": "withus.core.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,  # the server's threads are few and fixed
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "; ".join(f"PRAGMA {pragma}" for pragma in PRAGMAS),
        },
    }


def has_wal_reset_bug(version: tuple[int, ...] = library.sqlite_version_info) -> bool:
    """Whether this SQLite can damage a file when writers and checkpoints race; the gate keeps them apart then.

    Source: sqlite.org, release notes of 3.51.3 (fixed there, and in 3.50.7 and 3.44.6).
    """
    return (3, 7, 0) <= version < (3, 51, 3) and version not in {(3, 50, 7), (3, 44, 6)}
