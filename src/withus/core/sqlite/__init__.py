"""SQLite in production: a library without the WAL-reset bug where a wheel has one, and one writer at a time."""

import sys
from pathlib import Path

try:  # must stand before Django imports sqlite3
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
except ImportError:  # no wheel for this machine: the write gate alone keeps the system's library safe
    pass

# FULL: what was answered as accepted, and what a checkpoint was signed over, survives a power cut.
# secure_delete: erased words must not stay in free pages. recursive_triggers: else REPLACE would slip past the log's.
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; "
    "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=ON; "
    "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON;"
)


def settings(path: Path) -> dict[str, object]:
    """Django's entry for a database file at `path`."""
    return {
        "ENGINE": "withus.core.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,  # safe, because the server has a fixed pool of threads
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": PRAGMAS},
    }


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may corrupt a database when two connections reset the log at once (3.7.0 to 3.51.2)."""
    mended = version >= (3, 51, 3) or (
        version[:2] in {(3, 50), (3, 44)} and version >= {50: (3, 50, 7), 44: (3, 44, 6)}[version[1]]
    )
    return not mended
