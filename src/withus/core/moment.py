"""One moment of the database for a long reading, however much is written meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at the first reading; writers are not held back. Nothing may be written.

    Inside a transaction that is already open it is that transaction's.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("BEGIN" if is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
