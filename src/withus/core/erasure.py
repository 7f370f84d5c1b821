"""What is erased must leave the disk too: SQLite keeps old pages in its write-ahead file until it folds them in."""

from datetime import timedelta

from django.db import DatabaseError, connection, transaction

COPIES_KEPT = timedelta(days=30)  # erased words live on in back-ups: those in the data folder end after so long
BLOCKED_MS, USUAL_MS = 1000, 10_000  # how long to wait for readers: writers wait as long


def for_good() -> None:
    """Empties the write-ahead file once this transaction is committed, however often it is asked for."""
    asked: list[object] = [hook[1] for hook in connection.run_on_commit]
    if connection.vendor == "sqlite" and fold_in not in asked:
        transaction.on_commit(fold_in)


def fold_in() -> bool:
    """Moves what SQLite's write-ahead file holds into the database and empties it; false if that has to wait.

    A reader (a back-up, for example) or a full disk may hold it up. What was committed stays so: a job tries again.
    """
    if connection.vendor != "sqlite":
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={BLOCKED_MS}")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                (blocked, *_) = cursor.fetchone()
            finally:
                cursor.execute(f"PRAGMA busy_timeout={USUAL_MS}")
    except DatabaseError:
        return False
    return not blocked
